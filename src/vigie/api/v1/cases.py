"""`/v1/cases`: the queue, one case, working on it, deciding it and taking a decision back.

Deciding is a person's act: no service can. Text and pictures are evidence and not shown here.
"""

from typing import Annotated, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Query, Router
from ninja.responses import Status

from vigie.api.access import Caller, allowed, caller_of, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.v1.case_shapes import CasePage, CaseShown, DecisionShown, DecisionToTake, Undoing, draft_of
from vigie.cases import service
from vigie.cases.decisions import DecisionDraft
from vigie.cases.models import Case, Decision
from vigie.cases.queue import QueueFilter, queue
from vigie.evidence.service import read_preview
from vigie.flows import decision as flow
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.limits import IDEMPOTENCY_KEY_CHARS_MAX
from vigie.foundation.settings import current
from vigie.people.rights import Right

router = Router(tags=["cases"])

Number = Annotated[str, Path(max_length=20, description="Public number.", examples=["C-000123"])]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=IDEMPOTENCY_KEY_CHARS_MAX,
        description="The same key from the same person takes one decision, however often it is sent.",
    ),
]


@router.get("/cases", response=CasePage, **allowed(Right.CASES_READ, problems=(422,)))
def list_cases(
    request: HttpRequest,
    state: Annotated[Literal["open", "decided", "all"], Query()] = "open",
    verdict: Annotated[Literal["", "review", "hold", "remove"], Query()] = "",
    bank: Annotated[str, Query(max_length=60, description="Only with a match in this bank.")] = "",
    platform: Annotated[str, Query(max_length=60)] = "",
    signal: Annotated[
        str, Query(max_length=20, description="Only with a match by this type of signal.")
    ] = "",
    language: Annotated[str, Query(max_length=20)] = "",
    locked: Annotated[Literal["", "mine", "free"], Query()] = "",
    search: Annotated[
        str, Query(max_length=2_048, description="A number, or an id, author or URL, in full.")
    ] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> CasePage:
    """The queue: by priority, then the oldest first; `decided` and `all`: newest first."""
    caller = caller_of(request)
    wanted = QueueFilter(
        state=state,
        verdict=verdict,
        bank=bank,
        platform=platform,
        signal=signal,
        language=language,
        locked=locked,
        search=search,
    )
    rows = queue(wanted, user_id=caller.user.pk if caller.user else None, at=now())
    rows = _of_platform(rows, caller)
    if state == "open":
        found, following = _open_page(rows, limit=limit, cursor=cursor)
    else:
        if cursor:
            rows = rows.filter(pk__lt=position_of(cursor, int)[0])
        found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return CasePage(items=[CaseShown.of(one) for one in found], next=following)


@router.get("/cases/{number}", response=CaseShown, **allowed(Right.CASES_READ, problems=(404,)))
def show_case(request: HttpRequest, number: Number) -> CaseShown:
    """One case."""
    return _shown(request, number)


@router.get(
    "/cases/{number}/media/{medium}/preview",
    **allowed(Right.CASES_READ, problems=(404,), files=("image/png",)),
)
def preview_medium(
    request: HttpRequest, number: Number, medium: Annotated[str, Path(max_length=200)]
) -> HttpResponse:
    """A grey blur of a medium, in which nothing can be recognised."""
    case = _find(request, number)
    row = case.media.filter(external_id=medium).exclude(preview="").first()
    if row is None:
        raise NotFound("This case has no such picture.")
    return HttpResponse(read_preview(row.preview, settings=current()), content_type="image/png")


@router.post("/cases/{number}/lock", response=CaseShown, **allowed(Right.CASES_DECIDE, problems=(404, 409)))
def lock_case(request: HttpRequest, number: Number) -> CaseShown:
    """Take a case to work on it, or keep it longer; 409 while somebody else does."""
    _find(request, number)
    service.lock_case(number, user=person_of(request), settings=current())
    return _shown(request, number)


@router.post("/cases/{number}/release", response=CaseShown, **allowed(Right.CASES_DECIDE, problems=(404,)))
def release_case(request: HttpRequest, number: Number) -> CaseShown:
    """Hand a case back to the queue."""
    _find(request, number)
    service.release_case(number, user=person_of(request))
    return _shown(request, number)


@router.post(
    "/cases/{number}/decisions",
    response={201: DecisionShown},
    **allowed(Right.CASES_DECIDE, problems=(400, 404, 409, 422)),
)
def decide_case(
    request: HttpRequest, number: Number, body: DecisionToTake, idempotency_key: IdempotencyKey = None
) -> Status[DecisionShown]:
    """Decide a case; the effect is on its way to the platform when this answers."""
    _find(request, number)
    draft = draft_of(body)
    decision = flow.decide(number, draft, user=person_of(request), idempotency_key=idempotency_key or None)
    _refuse_another_question(decision, number, draft)
    return Status(201, DecisionShown.of(decision))


@router.post(
    "/cases/{number}/undo",
    response={201: DecisionShown},
    **allowed(Right.CASES_DECIDE, problems=(400, 404, 409, 422)),
)
def undo_decision(request: HttpRequest, number: Number, body: Undoing) -> Status[DecisionShown]:
    """Take the last decision of a case back; the platform is brought back to where the rules had left it."""
    _find(request, number)
    undoing = flow.undo(number, reason=body.reason, user=person_of(request), settings=current())
    return Status(201, DecisionShown.of(undoing))


def _find(request: HttpRequest, number: str) -> Case:
    case = service.find_case(number)
    caller = caller_of(request)
    if caller.platform and case.content.platform.name != caller.platform:
        raise NotFound("There is no such case.")
    return case


def _shown(request: HttpRequest, number: str) -> CaseShown:
    pk = parse_public_number("C", number)
    rows = _of_platform(queue(QueueFilter(state="all"), user_id=None, at=now()), caller_of(request))
    case = None if pk is None else rows.filter(pk=pk).first()
    if case is None:
        raise NotFound("There is no such case.")
    return CaseShown.of(case)


def _of_platform(rows: QuerySet[Case], caller: Caller) -> QuerySet[Case]:
    """A token of one platform sees the cases of that platform alone."""
    return rows.filter(content__platform__name=caller.platform) if caller.platform else rows


def _open_page(rows: QuerySet[Case], *, limit: int, cursor: str) -> tuple[list[Case], str | None]:
    if cursor:
        priority, pk = position_of(cursor, int, int)
        opened_at = Case.objects.filter(pk=pk).values_list("opened_at", flat=True).first()
        if opened_at is None:
            return [], None
        later = Q(opened_at__gt=opened_at) | Q(opened_at=opened_at, pk__gt=pk)
        rows = rows.filter(Q(priority__lt=priority) | (Q(priority=priority) & later))
    return page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.priority, one.pk))


def _refuse_another_question(decision: Decision, number: str, draft: DecisionDraft) -> None:
    """An earlier decision answered the key: it must be what was asked now, else the caller mixed its keys up."""
    same = (
        parse_public_number("C", number) == decision.case.pk
        and decision.action == draft.action
        and decision.reason == draft.reason.strip()
        and decision.legal_type == draft.legal_type
        and decision.exemption == draft.exemption
    )
    if not same:
        raise Conflict(
            "This idempotency key was used for another decision.",
            hint="Use a new key for each new decision.",
            code="idempotency_key_reused",
        )
