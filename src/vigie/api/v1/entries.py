"""`/v1/entries`: what is known: adding, finding, confirming, pausing and removing entries.

Pictures are shown here only as grey previews in which nothing can be recognised.
"""

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Path, Query, Router, UploadedFile
from ninja.responses import Status

from vigie.api.access import actor_of, allowed
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.v1.banks import BankName
from vigie.api.v1.entry_shapes import (
    EntryAbout,
    EntryAdded,
    EntryChanges,
    EntryPage,
    EntryRemoval,
    EntryShown,
    EntryToAdd,
    GivenSignal,
    Kind,
    MissedShown,
)
from vigie.banks import confirmation, service
from vigie.banks.models import Entry, EntrySignal
from vigie.banks.service import EntryChange, EntryDraft, Provenance, SignalValue
from vigie.evidence.service import read_preview
from vigie.flows.banking import Banked, Banking, bank_address, bank_file, bank_text
from vigie.flows.missed import how_missed
from vigie.foundation.clock import now
from vigie.foundation.errors import Invalid, NotFound, TooLarge
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import Settings, current
from vigie.ledger.actors import Actor
from vigie.people.rights import Right
from vigie.signals.types import ALL as SIGNAL_TYPES

router = Router(tags=["entries"])

Number = Annotated[str, Path(max_length=20, description="Public number.", examples=["E-000017"])]
_SAME_PERSON = Q(confirmed_by=F("added_by"))
WantedState = Literal["all", "present", "matching", "removed"]


@router.get("/entries", response=EntryPage, **allowed(Right.BANKS_READ, problems=(404, 422)))
def list_entries(
    request: HttpRequest,
    bank: Annotated[str, Query(max_length=60, description="Only of this bank.")] = "",
    kind: Annotated[Kind | None, Query(description="Only of this kind.")] = None,
    state: Annotated[WantedState, Query(description="`present`: not removed.")] = "present",
    confirmed: Annotated[bool | None, Query(description="Only those confirmed, or not.")] = None,
    source: Annotated[str, Query(max_length=200, description="Only of this source.")] = "",
    signal_type: Annotated[
        str, Query(max_length=20, description="With `signal_value`: the type of a signal.")
    ] = "",
    signal_value: Annotated[str, Query(max_length=64, description="Only with exactly this signal.")] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> EntryPage:
    """Entries, newest first."""
    rows = Entry.objects.select_related("bank").prefetch_related("signals").order_by("-id")
    if bank:
        rows = rows.filter(bank=service.find_bank(bank))
    if kind:
        rows = rows.filter(kind=kind)
    if source:
        rows = rows.filter(source=source)
    if signal_value:
        rows = rows.filter(pk__in=_with_signal(signal_type, signal_value))
    if confirmed is not None:
        # As `Entry.confirmed`: in a bank that may remove, by another person than the one who added it.
        by_the_book = Q(confirmed_at__isnull=False) & (Q(bank__may_remove=False) | ~_SAME_PERSON)
        rows = rows.filter(by_the_book if confirmed else ~by_the_book)
    rows = _in_state(rows, state, now())
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return EntryPage(items=[EntryShown.of(one) for one in found], next=following)


@router.get("/entries/{number}", response=EntryShown, **allowed(Right.BANKS_READ, problems=(404,)))
def show_entry(request: HttpRequest, number: Number) -> EntryShown:
    """One entry."""
    return EntryShown.of(service.find_entry(number))


@router.get("/entries/{number}/preview", **allowed(Right.BANKS_READ, problems=(404,), files=("image/png",)))
def preview_entry(request: HttpRequest, number: Number) -> HttpResponse:
    """A grey blur of the entry's picture."""
    entry = service.find_entry(number)
    if not entry.preview:
        raise NotFound("This entry has no picture.")
    response = HttpResponse(read_preview(entry.preview, settings=current()), content_type="image/png")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@router.post(
    "/banks/{name}/entries",
    response={201: EntryAdded, 200: EntryAdded},
    **allowed(Right.BANKS_WRITE, problems=(400, 404, 422, 502)),
)
def add_entry(request: HttpRequest, name: BankName, body: EntryToAdd) -> Status[EntryAdded]:
    """Add an entry, unconfirmed, from exactly one of signals, url and text. The same again gives the same entry."""
    began_at, actor, settings = now(), actor_of(request), current()
    service.find_bank(name)
    if body.url is not None:
        door = OutboundDoor(allowed_hosts=frozenset(settings.allowed_fetch_hosts))
        banked = bank_address(body.url, _banking(name, body), door=door, actor=actor, settings=settings)
        return _banked(banked, body, began_at=began_at, actor=actor)
    if body.text is not None:
        entry = bank_text(body.text, _banking(name, body), actor=actor, settings=settings)
        return _added(entry, body, began_at=began_at, actor=actor)
    signals = tuple(_signal(one, settings) for one in body.signals or [])
    entry = service.add_entry(name, _draft(body, signals), actor=actor)
    return _added(entry, body, began_at=began_at, actor=actor, pdq=_pdq_of(signals))


@router.post(
    "/banks/{name}/entries/file",
    response={201: EntryAdded, 200: EntryAdded},
    **allowed(Right.BANKS_WRITE, problems=(400, 404, 413, 422)),
)
def add_entry_from_file(
    request: HttpRequest, name: BankName, file: File[UploadedFile], form: Form[EntryAbout]
) -> Status[EntryAdded]:
    """Add an entry from a picture; unconfirmed. The same file again gives the same entry."""
    began_at, actor, settings = now(), actor_of(request), current()
    data = _bytes_of(file, settings)
    service.find_bank(name)
    banked = bank_file(data, _banking(name, form), actor=actor, settings=settings)
    return _banked(banked, form, began_at=began_at, actor=actor)


@router.post(
    "/entries/{number}/missed",
    response=MissedShown,
    **allowed(Right.BANKS_READ, problems=(400, 404, 413, 422)),
)
def explain_missed(request: HttpRequest, number: Number, file: File[UploadedFile]) -> MissedShown:
    """How near a picture comes to an entry, and which level finds it. Nothing is kept."""
    settings = current()
    entry = service.find_entry(number)
    return MissedShown.of(how_missed(_bytes_of(file, settings), entry, settings=settings))


@router.patch(
    "/entries/{number}", response=EntryShown, **allowed(Right.BANKS_WRITE, problems=(400, 404, 422))
)
def change_entry(request: HttpRequest, number: Number, body: EntryChanges) -> EntryShown:
    """Change note or legal type; pause an entry until an instant; let it expire."""
    named = frozenset(body.model_fields_set)
    if not named:
        raise Invalid("Name at least one field to change.")
    change = EntryChange(
        fields=named,
        note=body.note or "",
        legal_type=body.legal_type or "",
        disabled_until=body.disabled_until,
        expires_at=body.expires_at,
    )
    return EntryShown.of(service.change_entry(number, change, actor=actor_of(request)))


@router.post(
    "/entries/{number}/confirm", response=EntryShown, **allowed(Right.BANKS_CONFIRM, problems=(404, 409))
)
def confirm_entry(request: HttpRequest, number: Number) -> EntryShown:
    """Say that an entry is what it is said to be; a second person's act in a bank that may remove."""
    return EntryShown.of(confirmation.confirm_entry(number, actor=actor_of(request)))


@router.post(
    "/entries/{number}/withdraw", response=EntryShown, **allowed(Right.BANKS_CONFIRM, problems=(404,))
)
def withdraw_confirmation(request: HttpRequest, number: Number) -> EntryShown:
    """Take a confirmation back: the entry removes nothing alone any more."""
    return EntryShown.of(confirmation.withdraw_confirmation(number, actor=actor_of(request)))


@router.post(
    "/entries/{number}/remove", response=EntryShown, **allowed(Right.BANKS_WRITE, problems=(400, 404, 422))
)
def remove_entry(request: HttpRequest, number: Number, body: EntryRemoval) -> EntryShown:
    """Take an entry out of its bank; it can be restored."""
    return EntryShown.of(service.remove_entry(number, reason=body.reason, actor=actor_of(request)))


@router.post("/entries/{number}/restore", response=EntryShown, **allowed(Right.BANKS_WRITE, problems=(404,)))
def restore_entry(request: HttpRequest, number: Number) -> EntryShown:
    """Put a removed entry back, unconfirmed."""
    return EntryShown.of(service.restore_entry(number, actor=actor_of(request)))


def _with_signal(signal_type: str, signal_value: str) -> QuerySet[EntrySignal, int]:
    kind = SIGNAL_TYPES.get(signal_type)
    if kind is None:
        raise Invalid("Say which type of signal.", hint="One of: " + ", ".join(SIGNAL_TYPES) + ".")
    return EntrySignal.objects.filter(type=signal_type, value=kind.parse(signal_value)).values_list(
        "entry_id", flat=True
    )


def _in_state(rows: QuerySet[Entry], state: WantedState, at: datetime) -> QuerySet[Entry]:
    if state == "all":
        return rows
    if state == "removed":
        return rows.filter(removed_at__isnull=False)
    rows = rows.filter(removed_at=None)
    if state == "present":
        return rows
    paused, expired = Q(disabled_until__gt=at), Q(expires_at__lte=at)
    return rows.filter(bank__matching=True).exclude(paused).exclude(expired)


def _draft(body: EntryToAdd, signals: tuple[SignalValue, ...]) -> EntryDraft:
    return EntryDraft(
        signals=signals,
        provenance=_provenance(body),
        kind=Entry.Kind(body.kind),
        legal_type=body.legal_type,
        note=body.note,
        expires_at=body.expires_at,
    )


def _signal(given: GivenSignal, settings: Settings) -> SignalValue:
    kind = SIGNAL_TYPES.get(given.type)
    if kind is None:
        raise Invalid("There is no signal of this type.", hint="One of: " + ", ".join(SIGNAL_TYPES) + ".")
    if given.type == "pdq" and given.quality is not None and given.quality < settings.pdq_quality_min:
        raise Invalid(
            f"A PDQ hash of a quality below {settings.pdq_quality_min} would match anything.",
            hint="Bank its sha256 instead.",
            code="pdq_quality_low",
        )
    return SignalValue(given.type, kind.parse(given.value), given.quality)


def _banking(name: str, about: EntryAbout) -> Banking:
    return Banking(
        bank=name,
        provenance=_provenance(about),
        kind=Entry.Kind(about.kind),
        legal_type=about.legal_type,
        note=about.note,
    )


def _provenance(about: EntryAbout) -> Provenance:
    return Provenance(about.source, about.source_reference, about.obtained_at)


def _pdq_of(signals: tuple[SignalValue, ...]) -> SignalValue | None:
    return next((one for one in signals if one.type == "pdq"), None)


def _banked(banked: Banked, about: EntryAbout, *, began_at: datetime, actor: Actor) -> Status[EntryAdded]:
    pdq = SignalValue("pdq", b"", banked.pdq_quality)
    added = _added(banked.entry, about, began_at=began_at, actor=actor, pdq=pdq)
    added.value.pdq_banked = banked.pdq_banked
    return added


def _added(
    entry: Entry, about: EntryAbout, *, began_at: datetime, actor: Actor, pdq: SignalValue | None = None
) -> Status[EntryAdded]:
    is_new = entry.added_at >= began_at
    if is_new and about.expires_at != entry.expires_at:
        change = EntryChange(fields=frozenset({"expires_at"}), expires_at=about.expires_at)
        entry = service.change_entry(entry.number, change, actor=actor)
    shown = EntryAdded(
        entry=EntryShown.of(entry), pdq_quality=pdq.quality if pdq else None, pdq_banked=pdq is not None
    )
    return Status(201 if is_new else 200, shown)


def _bytes_of(file: UploadedFile, settings: Settings) -> bytes:
    if file.size is not None and file.size > settings.medium_bytes_max:
        raise TooLarge(
            f"The medium has more than {settings.medium_bytes_max} bytes.",
            hint="The limit is the setting VIGIE_MEDIUM_BYTES_MAX.",
            code="medium_too_many_bytes",
        )
    data: bytes = file.read()
    return data
