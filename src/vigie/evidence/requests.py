"""Asking for access, export or an extension, and the second person's word: each one transaction with its ledger entry.

Nobody decides about an own request, and nothing opens without a purpose, a legal basis and a grant that still holds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from vigie.evidence import events
from vigie.evidence.models import EvidenceItem, EvidenceRequest, PreservedItem
from vigie.evidence.preservation import access_of
from vigie.evidence.retention import check_extension
from vigie.evidence.service import open_item
from vigie.evidence.states import Happening, Stage, Standing, after, can
from vigie.foundation.clock import utc_text
from vigie.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.settings import Settings
from vigie.ledger import service as ledger
from vigie.ledger.actors import person
from vigie.ledger.events import Event
from vigie.people.models import User
from vigie.people.rights import Right

PURPOSE_CHARS_MIN, PURPOSE_CHARS_MAX = 10, 1_000
BASIS_CHARS_MIN, BASIS_CHARS_MAX = 4, 300
NAME_CHARS_MAX = 200
REASON_CHARS_MIN, REASON_CHARS_MAX = 4, 1_000
OPEN_REQUESTS_MAX = 50


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """What somebody asks for and why. An authority's request names the authority and its reference.

    `purpose` of an extension is the review that is ongoing; `until` is the extension's end.
    """

    kind: EvidenceRequest.Kind
    purpose: str
    legal_basis: str = ""
    authority: str = ""
    reference: str = ""
    until: datetime | None = None


class SecondPersonNeeded(Forbidden):
    """Whoever asks does not decide."""

    code = "second_person_needed"


def evidence_requests() -> QuerySet[EvidenceRequest]:
    """All of them with their items and people, newest first."""
    return EvidenceRequest.objects.select_related("item", "requested_by", "decided_by").order_by("-id")


def find_request(number: str) -> EvidenceRequest:
    """The request with this public number (`ER-000003`); raises NotFound."""
    pk = parse_public_number("ER", number)
    found = None if pk is None else evidence_requests().filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such request.")
    return found


def ask(number: str, draft: RequestDraft, *, user: User, at: datetime) -> EvidenceRequest:
    """Ask for something about a preserved item; a second person decides.

    Raises Invalid for what is missing, ExtensionUnusable, Forbidden, NotFound, Conflict for a deleted item.
    """
    if Right.EVIDENCE_READ not in user.rights:
        raise Forbidden("You may not ask for evidence.")
    draft = _checked(draft)
    with transaction.atomic():
        item = _locked_item(number)
        _check_possible(item, draft, at)
        if item.requests.filter(state=EvidenceRequest.State.REQUESTED).count() >= OPEN_REQUESTS_MAX:
            raise Conflict("So many requests wait already.", hint="Decide about them first.")
        made = EvidenceRequest.objects.create(
            item=item,
            kind=draft.kind,
            purpose=draft.purpose,
            legal_basis=draft.legal_basis,
            authority=draft.authority,
            reference=draft.reference,
            until=draft.until,
            requested_by=user,
            requested_at=at,
        )
        ledger.append(_asked(made), actor=person(user.pk), subject=item.subject)
    return made


def grant(number: str, *, reason: str, user: User, at: datetime, settings: Settings) -> EvidenceRequest:
    """The second person says yes: access and export can be used for the hours of the setting; an extension holds.

    Raises SecondPersonNeeded for the requester, Conflict when it is decided, ExtensionUnusable for a day that is past.
    """
    with transaction.atomic():
        request, item = _locked_request(number, user)
        if request.kind == EvidenceRequest.Kind.EXTENSION:
            _extend(request, item, at)
        else:
            after(Standing(Stage(item.stage), access_of(item, at=at)), Happening.ACCESS_GRANTED)
            request.expires_at = at + timedelta(hours=settings.evidence_access_h)
        _decide(request, EvidenceRequest.State.GRANTED, reason=reason, required=False, user=user, at=at)
        ledger.append(_granted(request), actor=person(user.pk), subject=item.subject)
    return request


def refuse(number: str, *, reason: str, user: User, at: datetime) -> EvidenceRequest:
    """The second person says no, and why. Raises SecondPersonNeeded, Conflict, Invalid without a reason."""
    with transaction.atomic():
        request, item = _locked_request(number, user)
        _decide(request, EvidenceRequest.State.REFUSED, reason=reason, required=True, user=user, at=at)
        ledger.append(_refused(request), actor=person(user.pk), subject=item.subject)
    return request


def open_granted(
    number: str, reference: str, *, user: User, at: datetime, settings: Settings
) -> tuple[EvidenceItem, bytes]:
    """One sealed thing in clear, for the requester of a granted access; the ledger has it before this returns.

    Raises Forbidden for anybody else, Conflict when the access is not granted or over, NotFound, SealBroken.
    """
    request = usable_request(number, EvidenceRequest.Kind.ACCESS, user=user, at=at)
    sealed = request.item.items.filter(reference=reference).first()
    if sealed is None:
        raise NotFound("There is no such evidence in this item.")
    data = open_item(sealed, settings)
    with transaction.atomic():
        opened = events.EvidenceOpened(
            item=request.item.number,
            request=request.number,
            reference=sealed.reference,
            purpose=request.purpose,
            legal_basis=request.legal_basis,
            authority=request.authority,
        )
        ledger.append(opened, actor=person(user.pk), subject=request.item.subject)
    return sealed, data


def usable_request(number: str, kind: EvidenceRequest.Kind, *, user: User, at: datetime) -> EvidenceRequest:
    """A granted request of this kind that its requester can use now; raises Forbidden, Conflict, NotFound."""
    request = find_request(number)
    if request.kind != kind:
        raise Conflict("This request asks for something else.", code="request_of_another_kind")
    if request.requested_by_id != user.pk or Right.EVIDENCE_READ not in user.rights:
        raise Forbidden("Only whoever asked can use what was granted.", code="not_the_requester")
    if request.state != EvidenceRequest.State.GRANTED:
        raise Conflict(
            "Nobody has granted this request.",
            hint="A second person has to grant it first.",
            code="not_granted",
        )
    if not request.usable_at(at):
        raise Conflict("The time of this grant is over.", hint="Ask anew.", code="grant_over")
    return request


def _checked(draft: RequestDraft) -> RequestDraft:
    purpose, basis = " ".join(draft.purpose.split()), " ".join(draft.legal_basis.split())
    authority, reference = " ".join(draft.authority.split()), " ".join(draft.reference.split())
    if not PURPOSE_CHARS_MIN <= len(purpose) <= PURPOSE_CHARS_MAX:
        raise Invalid("Say in a sentence what for.", code="purpose_missing")
    if draft.kind == EvidenceRequest.Kind.EXTENSION:
        if not authority or not reference or draft.until is None:
            raise Invalid(
                "An extension names the authority or court, its reference, and the day until which it asks.",
                code="extension_incomplete",
            )
    elif not BASIS_CHARS_MIN <= len(basis) <= BASIS_CHARS_MAX:
        raise Invalid("Name the legal basis.", hint="For example: (EU) 2021/784 Article 6(1)(b).")
    if bool(authority) != bool(reference):
        raise Invalid("The request of an authority names the authority and its reference.")
    if len(authority) > NAME_CHARS_MAX or len(reference) > NAME_CHARS_MAX or len(basis) > BASIS_CHARS_MAX:
        raise Invalid("An authority, a reference or a legal basis is too long.")
    until = draft.until if draft.kind == EvidenceRequest.Kind.EXTENSION else None
    return RequestDraft(draft.kind, purpose, basis, authority, reference, until)


def _check_possible(item: PreservedItem, draft: RequestDraft, at: datetime) -> None:
    standing = Standing(Stage(item.stage), access_of(item, at=at))
    if standing.stage is Stage.DELETED:
        raise Conflict("This evidence is deleted.", hint="Its certificate says when and why.")
    if draft.kind != EvidenceRequest.Kind.EXTENSION:
        after(standing, Happening.ACCESS_REQUESTED)
        return
    if not item.was_removed or not can(standing, Happening.EXTENDED):
        raise Conflict(
            "Only what was removed can be kept longer.",
            hint="(EU) 2021/784 Article 6(2).",
            code="not_removed",
        )
    assert draft.until is not None  # checked in `_checked`
    check_extension(draft.until, standing_until=item.until, at=at)


def _extend(request: EvidenceRequest, item: PreservedItem, at: datetime) -> None:
    assert request.until is not None  # an extension was asked for with its end
    until = check_extension(request.until, standing_until=item.until, at=at)
    item.stage = after(Standing(Stage(item.stage)), Happening.EXTENDED).stage
    item.until, item.extended_until, item.look_at = until, until, until
    item.save(update_fields=["stage", "until", "extended_until", "look_at"])


def _decide(
    request: EvidenceRequest,
    state: EvidenceRequest.State,
    *,
    reason: str,
    required: bool,
    user: User,
    at: datetime,
) -> None:
    said = " ".join(reason.split())
    if (required and len(said) < REASON_CHARS_MIN) or len(said) > REASON_CHARS_MAX:
        raise Invalid("A refusal needs a reason.", code="reason_missing")
    request.state, request.reason, request.decided_by, request.decided_at = state, said, user, at
    request.save()


def _locked_item(number: str) -> PreservedItem:
    ledger.take_turn()
    pk = parse_public_number("P", number)
    item = None if pk is None else PreservedItem.objects.select_for_update().filter(pk=pk).first()
    if item is None:
        raise NotFound("There is no such preserved item.")
    return item


def _locked_request(number: str, user: User) -> tuple[EvidenceRequest, PreservedItem]:
    """The request and its item, locked, for somebody who may decide about it."""
    if Right.EVIDENCE_DECIDE not in user.rights:
        raise Forbidden("You may not decide about evidence.")
    ledger.take_turn()
    item = PreservedItem.objects.select_for_update().get(pk=find_request(number).item_id)
    request = find_request(number)
    if request.state != EvidenceRequest.State.REQUESTED:
        raise Conflict("Somebody decided about this request already.", code="request_decided")
    if request.requested_by_id == user.pk:
        raise SecondPersonNeeded("Somebody else than whoever asks has to decide.")
    return request, item


def _asked(one: EvidenceRequest) -> Event:
    if one.kind == EvidenceRequest.Kind.EXTENSION:
        return events.ExtensionRequested(
            item=one.item.number,
            request=one.number,
            authority=one.authority,
            reference=one.reference,
            until=utc_text(one.until) if one.until else "",
        )
    event = events.AccessRequested if one.kind == EvidenceRequest.Kind.ACCESS else events.ExportRequested
    return event(
        item=one.item.number,
        request=one.number,
        purpose=one.purpose,
        legal_basis=one.legal_basis,
        authority=one.authority,
        reference=one.reference,
    )


def _granted(one: EvidenceRequest) -> Event:
    if one.kind == EvidenceRequest.Kind.EXTENSION:
        return events.EvidenceExtended(
            item=one.item.number,
            request=one.number,
            authority=one.authority,
            reference=one.reference,
            until=utc_text(one.until) if one.until else "",
        )
    event = events.AccessGranted if one.kind == EvidenceRequest.Kind.ACCESS else events.ExportGranted
    until = utc_text(one.expires_at) if one.expires_at else ""
    return event(item=one.item.number, request=one.number, authority=one.authority, until=until)


def _refused(one: EvidenceRequest) -> Event:
    names = {
        EvidenceRequest.Kind.ACCESS: events.AccessRefused,
        EvidenceRequest.Kind.EXPORT: events.ExportRefused,
        EvidenceRequest.Kind.EXTENSION: events.ExtensionRefused,
    }
    return names[EvidenceRequest.Kind(one.kind)](
        item=one.item.number, request=one.number, authority=one.authority
    )
