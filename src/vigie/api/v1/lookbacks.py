"""`/v1/lookbacks`: looking for entries among earlier uploads; `/v1/archive` and `DELETE /v1/content/{id}`: what is
kept for that, and letting a content go from it.

It looks back nowhere itself: the worker does.
"""

from typing import Annotated, Literal, cast

from django.http import HttpRequest
from ninja import Field, Path, Query, Router
from ninja.responses import Status

from vigie.api.access import actor_of, allowed, caller_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import ActorText, CaseNumber, EntryNumber, Instant, Sent, Shape
from vigie.cases.models import Case
from vigie.foundation.errors import Forbidden, Invalid
from vigie.foundation.identifiers import public_number
from vigie.foundation.limits import CONTENT_ID_CHARS_MAX
from vigie.foundation.settings import current
from vigie.matching import lookbacks
from vigie.matching.archive import service as archives
from vigie.matching.models import ArchiveLoss, Lookback
from vigie.people.rights import Right
from vigie.platforms.service import find_platform

router = Router(tags=["lookbacks"])

Number = Annotated[str, Path(max_length=20, description="Public number.", examples=["L-000012"])]
LookbackState = Literal["running", "stopped", "done", "cancelled"]
Outcome = Literal["opened", "joined", "decided"]
LossKind = Literal["uploads", "torn", "damaged"]


class LookbackShown(Shape):
    """A look for entries among earlier uploads."""

    number: str = Field(examples=["L-000012"])
    state: LookbackState = Field(
        description="`stopped`: it opened as many cases as it may; a person has to say. `cancelled`: by a person."
    )
    bank: str = Field(description="Empty when its entries are of several banks.", examples=["grey-heron"])
    entries: int = Field(description="How many entries it looks for.", examples=[1])
    percent: int = Field(description="How much of the archive it has looked at.", examples=[100])
    signals: int = Field(description="How many signals it has looked at.", examples=[20000000])
    cases_opened: int
    cases_joined: int = Field(description="Cases that were open already and got the match.")
    cases_decided: int = Field(description="Cases about the same version of the content, decided already.")
    asked_by: ActorText
    asked_at: Instant
    ended_at: Instant | None

    @classmethod
    def of(cls, one: Lookback) -> "LookbackShown":
        """The lookback as shown."""
        return cls(
            number=one.number,
            state=cast(LookbackState, one.state),
            bank=one.bank,
            entries=one.entry_count,
            percent=one.percent,
            signals=one.signals_looked_at,
            cases_opened=one.cases_opened,
            cases_joined=one.cases_joined,
            cases_decided=one.cases_decided,
            asked_by=one.asked_by,
            asked_at=one.asked_at,
            ended_at=one.ended_at,
        )


class LookbackPage(Shape):
    """Lookbacks, newest first."""

    items: list[LookbackShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class LookbackFindShown(Shape):
    """An earlier upload near an entry, by its case."""

    case: CaseNumber
    entry: EntryNumber
    distance_bits: int = Field(description="Of its nearest signal; 0 for exact kinds.", examples=[12])
    outcome: Outcome


class LookbackFindPage(Shape):
    """What a lookback found, in the order in which it did."""

    items: list[LookbackFindShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class LookbackToBegin(Sent):
    """What to look for: entries, or all of a bank."""

    entries: list[str] = Field(default=[], max_length=1_000, examples=[["E-000017"]])
    bank: str = Field(default="", max_length=60, examples=["grey-heron"])


class ErasureShown(Shape):
    """A content that goes from the archive: at once for every lookback, within minutes from the files."""

    number: str = Field(examples=["X-000003"])
    platform: str = Field(examples=["forum"])
    cases: int = Field(description="Cases about it, which stay with their sealed evidence.", examples=[0])
    asked_at: Instant


class LossShown(Shape):
    """What did not get into the archive, or is in it no more."""

    id: int
    kind: LossKind = Field(
        description="`uploads` that a full disk kept out, `torn` bytes of a journal, or a `damaged` part."
    )
    count: int = Field(description="Uploads, but of `torn` bytes pieces. 0 of a part that does not tell.")
    at: Instant
    seen_by: str = Field(description="Who took note of it; empty for nobody.", examples=["person:12"])

    @classmethod
    def of(cls, one: ArchiveLoss) -> "LossShown":
        """The loss as shown."""
        return cls(id=one.pk, kind=cast(LossKind, one.kind), count=one.count, at=one.at, seen_by=one.seen_by)


class ArchiveDay(Shape):
    """A day (UTC) of the archive."""

    day: str = Field(examples=["2026-11-25"])
    uploads: int
    signals: int
    size_bytes: int


class ArchiveShown(Shape):
    """What is kept for lookback."""

    days_max: int = Field(description="The setting `VIGIE_ARCHIVE_DAYS`.", examples=[90])
    days: list[ArchiveDay]
    journals: int = Field(description="Journals that are not in a day's files yet.")
    erasures_waiting: int
    losses: list[LossShown] = Field(description="The newest hundred.")


@router.get("/lookbacks", response=LookbackPage, **allowed(Right.BANKS_READ, problems=(422,)))
def list_lookbacks(
    request: HttpRequest,
    bank: Annotated[str, Query(max_length=60, description="Only for entries of this bank.")] = "",
    state: Annotated[LookbackState | None, Query(description="Only in this state.")] = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> LookbackPage:
    """Lookbacks, newest first."""
    rows = Lookback.objects.order_by("-id")
    if bank:
        rows = rows.filter(bank=bank)
    if state:
        rows = rows.filter(state=state)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return LookbackPage(items=[LookbackShown.of(one) for one in found], next=following)


@router.post(
    "/lookbacks", response={201: LookbackShown}, **allowed(Right.BANKS_WRITE, problems=(400, 404, 409, 422))
)
def begin_lookback(request: HttpRequest, body: LookbackToBegin) -> Status[LookbackShown]:
    """Look for entries among all earlier uploads. New entries are looked for without asking."""
    if bool(body.entries) == bool(body.bank):
        raise Invalid("Name either entries or a bank.")
    actor, settings = actor_of(request), current()
    if body.bank:
        lookback = lookbacks.ask_for_bank(body.bank, actor=actor, settings=settings)
    else:
        lookback = lookbacks.ask_for_entries(body.entries, actor=actor, settings=settings)
    return Status(201, LookbackShown.of(lookback))


@router.get("/lookbacks/{number}", response=LookbackShown, **allowed(Right.BANKS_READ, problems=(404,)))
def show_lookback(request: HttpRequest, number: Number) -> LookbackShown:
    """One lookback, and how far it is."""
    return LookbackShown.of(lookbacks.find_lookback(number))


@router.get(
    "/lookbacks/{number}/finds", response=LookbackFindPage, **allowed(Right.CASES_READ, problems=(404, 422))
)
def list_finds(
    request: HttpRequest, number: Number, limit: Limit = 50, cursor: Cursor = ""
) -> LookbackFindPage:
    """The cases of the uploads that it found."""
    rows = lookbacks.find_lookback(number).finds.order_by("id")
    if cursor:
        rows = rows.filter(pk__gt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    items = [
        LookbackFindShown(
            case=public_number("C", one.case),
            entry=public_number("E", one.entry),
            distance_bits=one.nearest,
            outcome=cast(Outcome, one.outcome),
        )
        for one in found
    ]
    return LookbackFindPage(items=items, next=following)


@router.post(
    "/lookbacks/{number}/go-on",
    response=LookbackShown,
    **allowed(Right.BANKS_WRITE, problems=(404, 409)),
)
def go_on_with_lookback(request: HttpRequest, number: Number) -> LookbackShown:
    """Let a stopped lookback open as many cases again."""
    return LookbackShown.of(lookbacks.go_on(number, actor=actor_of(request), settings=current()))


@router.post(
    "/lookbacks/{number}/cancel",
    response=LookbackShown,
    **allowed(Right.BANKS_WRITE, problems=(404, 409)),
)
def cancel_lookback(request: HttpRequest, number: Number) -> LookbackShown:
    """End a lookback that runs or is stopped. Cases that it opened stay."""
    return LookbackShown.of(lookbacks.cancel(number, actor=actor_of(request)))


@router.get("/archive", response=ArchiveShown, **allowed(Right.BANKS_READ))
def show_archive(request: HttpRequest) -> ArchiveShown:
    """What is kept for lookback, by day, and what was lost."""
    settings = current()
    summary = archives.summary(settings)
    return ArchiveShown(
        days_max=settings.archive_days,
        days=[
            ArchiveDay(day=one.day, uploads=one.uploads, signals=one.signals, size_bytes=one.size_bytes)
            for one in summary.days
        ],
        journals=summary.journals,
        erasures_waiting=summary.erasures_waiting,
        losses=[LossShown.of(one) for one in ArchiveLoss.objects.order_by("-at")[:100]],
    )


@router.post(
    "/archive/losses/{loss_id}/seen",
    response=LossShown,
    **allowed(Right.CASES_DECIDE, Right.PLATFORMS_WRITE, problems=(404, 422)),
)
def see_loss(request: HttpRequest, loss_id: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> LossShown:
    """Take note of a loss."""
    return LossShown.of(archives.note_loss_seen(loss_id, actor=actor_of(request)))


@router.delete(
    "/content/{path:content}",
    response={202: ErasureShown},
    tags=["content"],
    **allowed(Right.CONTENT_ERASE, problems=(404, 422)),
)
def erase_content(
    request: HttpRequest,
    content: Annotated[str, Path(min_length=1, max_length=CONTENT_ID_CHARS_MAX, description="Its id.")],
    platform: Annotated[
        str, Query(max_length=60, description="Only for callers that are not one platform's.")
    ] = "",
) -> Status[ErasureShown]:
    """Let a content go from the archive of signals, at its author's wish. Sealed evidence of cases stays."""
    caller = caller_of(request)
    if caller.platform and platform not in ("", caller.platform):
        raise Forbidden("This token belongs to another platform.")
    if not (platform or caller.platform):
        raise Invalid("Say which platform.", hint="Give the token a platform, or send 'platform'.")
    named = find_platform(platform or caller.platform)
    erasure = archives.ask_erasure(named.name, content, actor=caller.actor, settings=current())
    about = Case.objects.filter(content__platform=named, content__external_id=content)
    return Status(
        202,
        ErasureShown(
            number=erasure.number, platform=named.name, cases=about.count(), asked_at=erasure.asked_at
        ),
    )
