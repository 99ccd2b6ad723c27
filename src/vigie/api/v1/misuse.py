"""`/v1/misuse`: who reports, complains or publishes what manifestly has no ground, and the steps against that.

Nothing here happens by itself: a person finds, warns, suspends and lifts. Nobody is known beyond one platform.
"""

from typing import Annotated, Any, Literal, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Path, Query, Router

from vigie.api.access import allowed, caller_of, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import CaseNumber, Instant, Sent, Shape
from vigie.flows import misuse as flow
from vigie.foundation.errors import NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.settings import current
from vigie.misuse import records
from vigie.misuse.models import MisuseFinding, MisuseRecord, MisuseStep
from vigie.misuse.service import ASSESSMENT_CHARS_MAX, Assessment
from vigie.misuse.steps import SUSPENSION_DAYS_MAX, Kind, Step
from vigie.people.rights import Right

router = Router(tags=["misuse"])

Number = Annotated[str, Path(max_length=20, description="Public number.", examples=["M-000007"])]
StageName = Literal["watched", "warned", "suspended"]
ROWS_SHOWN_MAX = 200


class MisuseRow(Shape):
    """Somebody for whom something was found."""

    number: str = Field(examples=["M-000007"])
    kind: Kind = Field(description="For notices, for complaints, or for content.")
    platform: str = Field(examples=["forum"])
    account: str = Field(
        description="The platform's own id of an account; empty for notifiers.", examples=["u-55"]
    )
    stage: StageName
    changed_at: Instant


class MisusePage(Shape):
    """Records, newest first."""

    items: list[MisuseRow]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class FindingShown(Shape):
    """One thing that counts."""

    about: str = Field(description="A notice, a complaint, or a content.", examples=["forum/post-8731"])
    rests_on: str = Field(description="The decision because of which it counts.", examples=["D-000045"])
    case: CaseNumber
    provided_at: Instant = Field(description="When it was sent or published.")
    found_at: Instant
    withdrawn_at: Instant | None
    withdrawn_why: Literal["", "reversed", "withdrawn"]


class StepShown(Shape):
    """A warning or a suspension."""

    number: str = Field(examples=["MS-000012"])
    kind: Literal["warning", "suspension"]
    taken_at: Instant
    until: Instant | None
    counted: int
    total: int
    window_days: int
    gravity: str
    intention: str
    ended_at: Instant | None
    end: Literal["", "over", "lifted", "reversed", "complaint", "taken_back"]


class MisuseShown(MisuseRow):
    """A record with everything that the next step stands on."""

    counted: int = Field(description="What counts in the time frame.")
    total: int = Field(description="Of how many: notices or complaints decided, or contents known.")
    since_step: int = Field(description="What counts since the last warning or suspension.")
    count_min: int
    percent_min: int
    window_days: int
    warned_at: Instant | None
    suspended_until: Instant | None
    step: Step = Field(description="What a person may do now.")
    findings: list[FindingShown] = Field(description=f"The newest {ROWS_SHOWN_MAX}.")
    steps: list[StepShown] = Field(description=f"The newest {ROWS_SHOWN_MAX}.")


class AssessmentSent(Sent):
    """What only a person can weigh: Regulation (EU) 2022/2065, Article 23(3)(c) and (d)."""

    gravity: str = Field(
        default="", max_length=ASSESSMENT_CHARS_MAX, description="How grave it is, in words for the person."
    )
    intention: str = Field(
        default="", max_length=ASSESSMENT_CHARS_MAX, description="What can be told of the intention."
    )


class SuspensionSent(AssessmentSent):
    """A suspension; for an account both of the words are needed."""

    days: int | None = Field(
        default=None, ge=1, le=SUSPENSION_DAYS_MAX, description="How long; null: as the setting says."
    )


class FindingNamed(Sent):
    """Which finding."""

    about: str = Field(max_length=300, examples=["N-000021"])


@router.get("/misuse", response=MisusePage, **allowed(Right.CASES_READ, problems=(422,)))
def list_misuse(
    request: HttpRequest,
    kind: Annotated[Literal["", "notifier", "complainant", "uploader"], Query()] = "",
    stage: Annotated[Literal["", "watched", "warned", "suspended"], Query()] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> MisusePage:
    """Records, newest first."""
    rows = _rows(request).order_by("-id")
    if kind:
        rows = rows.filter(kind=kind)
    if stage:
        rows = rows.filter(stage=stage)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return MisusePage(items=[MisuseRow(**_row(one)) for one in found], next=following)


@router.get("/misuse/{number}", response=MisuseShown, **allowed(Right.CASES_READ, problems=(404,)))
def show_misuse(request: HttpRequest, number: Number) -> MisuseShown:
    """One record: what counts and why, what was done, and what is open."""
    return shown(_find(request, number))


@router.post(
    "/cases/{number}/manifestly-illegal",
    response=MisuseShown,
    **allowed(Right.CASES_DECIDE, problems=(404, 409, 422)),
)
def find_manifestly_illegal(
    request: HttpRequest,
    number: Annotated[str, Path(max_length=20, description="Public number.", examples=["C-000123"])],
) -> MisuseShown:
    """Find that what was removed as terrorist content is so manifestly; it counts for its account."""
    return shown(flow.find_manifestly_illegal(number, user=person_of(request)).record)


@router.post(
    "/misuse/{number}/warn", response=MisuseShown, **allowed(Right.CASES_DECIDE, problems=(404, 409, 422))
)
def warn(request: HttpRequest, number: Number, body: AssessmentSent) -> MisuseShown:
    """Warn; they are told through the platform or by mail. 409 when that is not open now."""
    _find(request, number)
    flow.warn(number, _assessment(body), user=person_of(request), settings=current())
    return shown(_find(request, number))


@router.post(
    "/misuse/{number}/suspend", response=MisuseShown, **allowed(Right.CASES_DECIDE, problems=(404, 409, 422))
)
def suspend(request: HttpRequest, number: Number, body: SuspensionSent) -> MisuseShown:
    """Suspend for a time after a warning: an account on its platform, or the processing of notices or complaints."""
    _find(request, number)
    flow.suspend(number, _assessment(body), days=body.days, user=person_of(request), settings=current())
    return shown(_find(request, number))


@router.post(
    "/misuse/{number}/lift", response=MisuseShown, **allowed(Right.CASES_DECIDE, problems=(404, 409))
)
def lift(request: HttpRequest, number: Number) -> MisuseShown:
    """End a suspension before its time; what was set aside comes back."""
    _find(request, number)
    flow.lift(number, user=person_of(request), settings=current())
    return shown(_find(request, number))


@router.post(
    "/misuse/{number}/take-warning-back",
    response=MisuseShown,
    **allowed(Right.CASES_DECIDE, problems=(404, 409)),
)
def take_warning_back(request: HttpRequest, number: Number) -> MisuseShown:
    """Take the last warning back, as if it had not been."""
    _find(request, number)
    flow.take_warning_back(number, user=person_of(request))
    return shown(_find(request, number))


@router.post(
    "/misuse/{number}/withdraw", response=MisuseShown, **allowed(Right.CASES_DECIDE, problems=(404, 422))
)
def withdraw_finding(request: HttpRequest, number: Number, body: FindingNamed) -> MisuseShown:
    """Take back that something counts; a suspension that loses its ground by that ends."""
    _find(request, number)
    flow.withdraw_finding(number, body.about, user=person_of(request), settings=current())
    return shown(_find(request, number))


def shown(record: MisuseRecord) -> MisuseShown:
    """A record with what counts as of now."""
    position = flow.position_of(record, settings=current())
    findings = record.findings.select_related("case").order_by("-id")[:ROWS_SHOWN_MAX]
    return MisuseShown(
        **_row(record),
        counted=position.tally.counted,
        total=position.tally.total,
        since_step=position.tally.since_step,
        count_min=position.limits.count_min,
        percent_min=position.limits.percent_min,
        window_days=position.limits.window_days,
        warned_at=position.standing.warned_at,
        suspended_until=position.standing.suspended_until,
        step=position.step,
        findings=[_finding(one) for one in findings],
        steps=[_step(one) for one in record.steps.order_by("-id")[:ROWS_SHOWN_MAX]],
    )


def _assessment(body: AssessmentSent) -> Assessment:
    return Assessment(gravity=body.gravity, intention=body.intention)


def _rows(request: HttpRequest) -> QuerySet[MisuseRecord]:
    caller = caller_of(request)
    rows = records.records()
    return rows.filter(platform__name=caller.platform) if caller.platform else rows


def _find(request: HttpRequest, number: str) -> MisuseRecord:
    record = _rows(request).filter(pk=parse_public_number("M", number) or 0).first()
    if record is None:
        raise NotFound("There is no such record.")
    return record


def _row(one: MisuseRecord) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "platform": one.platform.name,
        "account": one.account,
        "stage": one.stage,
        "changed_at": one.changed_at,
    }


def _finding(one: MisuseFinding) -> FindingShown:
    return FindingShown(
        about=one.about,
        rests_on=one.rests_on,
        case=one.case.number,
        provided_at=one.provided_at,
        found_at=one.found_at,
        withdrawn_at=one.withdrawn_at,
        withdrawn_why=cast(Literal[""], one.withdrawn_why),
    )


def _step(one: MisuseStep) -> StepShown:
    return StepShown(
        number=one.number,
        kind=cast(Literal["warning"], one.kind),
        taken_at=one.taken_at,
        until=one.until,
        counted=one.counted,
        total=one.total,
        window_days=one.window_days,
        gravity=one.gravity,
        intention=one.intention,
        ended_at=one.ended_at,
        end=cast(Literal[""], one.end),
    )
