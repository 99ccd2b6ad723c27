"""`/v1/complaints`: taking a user's complaint from a platform, deciding it, and what it gives back.

A person decides, never the one who took the decision; what a complainant wrote is shown only to those who may.
"""

from typing import Annotated, Literal, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Path, Query, Router
from ninja.responses import Status

from vigie.api.access import Caller, actor_of, allowed, caller_of, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import CaseNumber, DecisionNumber, EntryNumber, Instant, Sent, Shape
from vigie.api.v1.case_shapes import DecisionToTake, draft_of
from vigie.flows import complaint as flow
from vigie.foundation.clock import now
from vigie.foundation.errors import NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.settings import current
from vigie.ledger.actors import person
from vigie.people.rights import Right
from vigie.redress import complaints as service
from vigie.redress.complaints import REPLY_CHARS_MAX, REPLY_CHARS_MIN, TEXT_CHARS_MAX, TEXT_CHARS_MIN
from vigie.redress.models import Complaint, Restitution
from vigie.redress.service import find_statement
from vigie.redress.statements import language_for
from vigie.redress.states import UNDECIDED, WAITING

router = Router(tags=["complaints"])

Number = Annotated[str, Path(max_length=20, description="Public number.", examples=["CP-000003"])]
ComplaintStateName = Literal[
    "received", "set_aside", "assigned", "upheld", "partial", "reversed", "carried_out", "informed"
]


class ComplaintSent(Sent):
    """A user's complaint, passed on by the platform."""

    statement: str = Field(max_length=20, description="Number of the statement.", examples=["S-000012"])
    text: str = Field(
        min_length=TEXT_CHARS_MIN, max_length=TEXT_CHARS_MAX, examples=["It is my own photograph."]
    )
    language: str = Field(default="", max_length=20, description="Of the answer; empty: as the statement.")


class OutcomeSent(Sent):
    """What a person decides about a complaint."""

    outcome: Literal["upheld", "partial", "reversed"] = Field(
        description="`upheld`: the decision stands; `partial`: a milder one takes its place; `reversed`."
    )
    reply: str = Field(
        min_length=REPLY_CHARS_MIN,
        max_length=REPLY_CHARS_MAX,
        description="The reasons, for the complainant, in their language.",
        examples=["It is a press photograph and reports on the march."],
    )
    exemption: Literal[
        "none", "education", "journalism", "art", "research", "counter_speech", "public_debate"
    ] = Field(default="none", description="Why the content may stay, when it is reversed.")
    manifestly_unfounded: bool = Field(
        default=False, description="It had manifestly no ground: only with `upheld`, under Article 20."
    )
    new: DecisionToTake | None = Field(
        default=None, description="For a notifier who was right: what happens to the content instead."
    )


class ProposalSettled(Sent):
    """What shall happen to an entry that was banked from content which was given back."""

    action: Literal["remove", "keep"]


class RestitutionShown(Shape):
    """One thing that the removal had reached."""

    kind: Literal["content", "author", "copy", "copy_decided", "entry"]
    state: Literal["asked", "proposed", "removed", "kept"]
    reference: str = Field(examples=["forum/post-8731"])
    case: CaseNumber | None
    entry: EntryNumber | None


class ComplaintShown(Shape):
    """A complaint and its answer."""

    number: str = Field(examples=["CP-000003"])
    about: str = Field(description="Number of the statement, or of the notice.", examples=["S-000012"])
    case: CaseNumber
    decision: DecisionNumber | None
    platform: str = Field(examples=["forum"])
    complainant: Literal["user", "notifier"]
    basis: Literal["tco10", "dsa20"] = Field(
        description="(EU) 2021/784 Article 10, or (EU) 2022/2065 Article 20."
    )
    state: ComplaintStateName
    received_at: Instant
    due_at: Instant = Field(
        description="Two weeks after it was received, or after it came back from being set aside."
    )
    set_aside_until: Instant | None = Field(description="While its complainant is suspended for misuse.")
    unfounded: bool = Field(description="Whether a person found it manifestly unfounded.")
    text: str | None = Field(description="What they wrote; for people who may decide, null for all others.")
    assigned_to: str = Field(description="User name; empty for nobody, and for platforms.")
    outcome: Literal["", "upheld", "partial", "reversed"]
    reply: str
    decided_at: Instant | None
    informed_at: Instant | None
    revision: DecisionNumber | None = Field(description="The decision that took the place of the first.")
    restitutions: list[RestitutionShown]


class ComplaintPage(Shape):
    """Complaints, the most urgent first."""

    items: list[ComplaintShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


@router.post(
    "/complaints", response={201: ComplaintShown}, **allowed(Right.CONTENT_WRITE, problems=(404, 409, 422))
)
def add_complaint(request: HttpRequest, body: ComplaintSent) -> Status[ComplaintShown]:
    """Pass a user's complaint on; one for each statement, within six months."""
    caller = caller_of(request)
    statement = find_statement(body.statement)
    platform = statement.case.content.platform.name
    if statement.withheld_at(now()) or (caller.platform and caller.platform != platform):
        raise NotFound("There is no such statement.")
    complaint = flow.complain_about(
        statement,
        body.text,
        came_by=Complaint.CameBy.PLATFORM,
        language=language_for(body.language, otherwise=statement.language),
        actor=caller.actor,
        settings=current(),
    )
    return Status(201, _shown(_find(request, complaint.number), caller))


@router.get(
    "/complaints",
    response=ComplaintPage,
    **allowed(Right.CASES_READ, Right.CONTENT_WRITE, problems=(422,)),
)
def list_complaints(
    request: HttpRequest,
    state: Annotated[Literal["open", "set_aside", "decided", "all"], Query()] = "open",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> ComplaintPage:
    """Complaints: those to decide by when they are due, others newest first."""
    caller = caller_of(request)
    rows = _rows(caller)
    if state == "open":
        # The order of numbers is that of due times, but for those that had been set aside.
        rows = rows.filter(state__in=WAITING).order_by("id")
        rows = rows.filter(pk__gt=position_of(cursor, int)[0]) if cursor else rows
    else:
        rows = rows.order_by("-id")
        rows = rows.exclude(state__in=UNDECIDED) if state == "decided" else rows
        rows = rows.filter(state="set_aside") if state == "set_aside" else rows
        rows = rows.filter(pk__lt=position_of(cursor, int)[0]) if cursor else rows
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return ComplaintPage(items=[_shown(one, caller) for one in found], next=following)


@router.get(
    "/complaints/{number}",
    response=ComplaintShown,
    **allowed(Right.CASES_READ, Right.CONTENT_WRITE, problems=(404,)),
)
def show_complaint(request: HttpRequest, number: Number) -> ComplaintShown:
    """One complaint."""
    return _shown(_find(request, number), caller_of(request))


@router.post(
    "/complaints/{number}/assign",
    response=ComplaintShown,
    **allowed(Right.CASES_DECIDE, problems=(404, 409)),
)
def assign_complaint(request: HttpRequest, number: Number) -> ComplaintShown:
    """Take a complaint to look at it; not for whoever took the decision it is about."""
    _find(request, number)
    service.assign(number, user=person_of(request))
    return _shown(_find(request, number), caller_of(request))


@router.post(
    "/complaints/{number}/take-up",
    response=ComplaintShown,
    **allowed(Right.CASES_DECIDE, problems=(404, 409)),
)
def take_up_complaint(request: HttpRequest, number: Number) -> ComplaintShown:
    """Look at a complaint after all that is set aside because its complainant is suspended for misuse."""
    _find(request, number)
    service.take_up(number, actor=person(person_of(request).pk))
    return _shown(_find(request, number), caller_of(request))


@router.post(
    "/complaints/{number}/hand-back",
    response=ComplaintShown,
    **allowed(Right.CASES_DECIDE, problems=(404, 409)),
)
def hand_back_complaint(request: HttpRequest, number: Number) -> ComplaintShown:
    """Leave a complaint to somebody else."""
    _find(request, number)
    service.hand_back(number, user=person_of(request))
    return _shown(_find(request, number), caller_of(request))


@router.post(
    "/complaints/{number}/outcome",
    response=ComplaintShown,
    **allowed(Right.CASES_DECIDE, problems=(404, 409, 422)),
)
def decide_complaint(request: HttpRequest, number: Number, body: OutcomeSent) -> ComplaintShown:
    """Decide a complaint; the answer, and everything that it gives back, is on its way when this answers."""
    _find(request, number)
    new = None if body.new is None else draft_of(body.new)
    outcome = flow.Outcome(
        body.outcome,
        body.reply,
        exemption=body.exemption,
        new=new,
        unfounded=body.manifestly_unfounded,
    )
    flow.decide_complaint(number, outcome, user=person_of(request), settings=current())
    return _shown(_find(request, number), caller_of(request))


@router.post(
    "/complaints/{number}/informed",
    response=ComplaintShown,
    **allowed(Right.CONTENT_WRITE, problems=(404, 409)),
)
def note_complainant_informed(request: HttpRequest, number: Number) -> ComplaintShown:
    """Say that the content is given back, where it is, and that the user has the answer."""
    _find(request, number)
    service.note_answered(number, actor=actor_of(request))
    return _shown(_find(request, number), caller_of(request))


@router.post(
    "/complaints/{number}/entries/{entry}",
    response=ComplaintShown,
    **allowed(Right.BANKS_WRITE, problems=(404, 409, 422)),
)
def settle_entry(
    request: HttpRequest,
    number: Number,
    entry: Annotated[str, Path(max_length=20, examples=["E-000017"])],
    body: ProposalSettled,
) -> ComplaintShown:
    """Decide about an entry that was banked from what was given back: while it stays, it finds it again."""
    _find(request, number)
    flow.settle_entry(number, entry, remove=body.action == "remove", user=person_of(request))
    return _shown(_find(request, number), caller_of(request))


def _rows(caller: Caller) -> QuerySet[Complaint]:
    rows = service.complaints().prefetch_related("restitutions__case", "restitutions__entry")
    if Right.CASES_READ not in caller.rights and Right.BANKS_WRITE not in caller.rights:
        rows = rows.filter(complainant=Complaint.Complainant.USER)
    return rows.filter(case__content__platform__name=caller.platform) if caller.platform else rows


def _find(request: HttpRequest, number: str) -> Complaint:
    rows = _rows(caller_of(request))
    complaint = rows.filter(pk=parse_public_number("CP", number) or 0).first()
    if complaint is None:
        raise NotFound("There is no such complaint.")
    return complaint


def _shown(one: Complaint, caller: Caller) -> ComplaintShown:
    may_read = caller.user is not None and Right.CASES_DECIDE in caller.rights
    is_staff = Right.CASES_READ in caller.rights
    return ComplaintShown(
        number=one.number,
        about=one.statement.number if one.statement else one.notice,
        case=one.case.number,
        decision=one.decision.number if one.decision else None,
        platform=one.case.content.platform.name,
        complainant=cast(Literal["user"], one.complainant),
        basis=cast(Literal["dsa20"], one.basis),
        state=cast(ComplaintStateName, one.state),
        received_at=one.received_at,
        due_at=one.due_at,
        set_aside_until=one.set_aside_by.until if one.set_aside_by and one.state == "set_aside" else None,
        unfounded=one.unfounded,
        text=service.complaint_text(one, settings=current()) if may_read else None,
        assigned_to=one.assigned_to.username if one.assigned_to and is_staff else "",
        outcome=cast(Literal["upheld"], one.outcome),
        reply=one.reply,
        decided_at=one.decided_at,
        informed_at=one.informed_at,
        revision=one.revision.number if one.revision else None,
        restitutions=[_restitution(item) for item in one.restitutions.all()],
    )


def _restitution(one: Restitution) -> RestitutionShown:
    return RestitutionShown(
        kind=cast(Literal["copy"], one.kind),
        state=cast(Literal["asked"], one.state),
        reference=one.reference,
        case=one.case.number if one.case else None,
        entry=one.entry.number if one.entry else None,
    )
