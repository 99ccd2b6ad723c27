"""`/v1/exposure`: decisions of authorities that we are exposed, our specific measures, and the reports that we owe.

Recording is a person's: a service reads at most.
"""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Path, Router
from ninja.responses import Status

from vigie.api.access import allowed, person_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import GivenInstant, Instant, Sent, Shape
from vigie.exposure import service
from vigie.exposure.models import Decision
from vigie.foundation.clock import now
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.people.rights import Right

router = Router(tags=["exposure"])

Number = Annotated[str, Path(max_length=30, description="Number of the decision.", examples=["EX-000001"])]


class ReportedShown(Shape):
    """A report on specific measures that went to the authority."""

    due_at: Instant
    sent_at: Instant
    proof: str


class ExposureShown(Shape):
    """A decision that we are exposed, and what followed from it."""

    number: str = Field(examples=["EX-000001"])
    authority: str
    member_state: str = Field(examples=["FR"])
    reference: str
    received_at: Instant
    proof: str
    measures: list[str] = Field(description="Kinds of specific measures.", examples=[["means", "flagging"]])
    measures_text: str
    measures_since: date | None
    required_text: str = Field(description="What the authority required: Article 5(6).")
    review_asked_at: Instant | None
    review_due_at: Instant | None = Field(description="Until when the authority decides on our request.")
    next_report_due_at: Instant | None = Field(description="Until when the next report is due.")
    overdue: bool
    reports: list[ReportedShown]
    ended_at: Instant | None
    ended_reason: str

    @classmethod
    def of(cls, one: Decision) -> "ExposureShown":
        """The decision as it is shown."""
        beside = {"reports", "overdue"}
        due_at = one.next_report_due_at
        return cls(
            reports=[
                ReportedShown(due_at=r.due_at, sent_at=r.sent_at, proof=r.proof) for r in one.reports.all()
            ],
            overdue=due_at is not None and due_at < now(),
            **{name: getattr(one, name) for name in set(cls.model_fields) - beside},
        )


class ExposurePage(Shape):
    """Decisions, newest first."""

    items: list[ExposureShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class NewExposure(Sent):
    """A decision that reached us."""

    authority: str = Field(min_length=1, max_length=500)
    member_state: str = Field(min_length=2, max_length=2, examples=["FR"])
    reference: str = Field(min_length=1, max_length=500)
    received_at: GivenInstant
    proof: str = Field(min_length=3, max_length=REASON_CHARS_MAX)


class ExposureStep(Sent):
    """What followed, and what it needs: `kinds`, `reason`, `proof`, or an instant."""

    step: Literal["measures", "report", "required", "ask_review", "review_refused", "ended", "annulled"]
    kinds: str | None = Field(
        default=None, max_length=100, description="Of: means, flagging, awareness, other."
    )
    reason: str | None = Field(default=None, max_length=REASON_CHARS_MAX)
    proof: str | None = Field(default=None, max_length=REASON_CHARS_MAX)
    since: GivenInstant | None = None
    sent_at: GivenInstant | None = None
    received_at: GivenInstant | None = None
    asked_at: GivenInstant | None = None
    ended_at: GivenInstant | None = None

    def values(self) -> dict[str, Any]:
        """What the step was given."""
        return self.model_dump(exclude={"step"}, exclude_none=True)


@router.get("/exposure", response=ExposurePage, **allowed(Right.ORDERS_READ, problems=(422,)))
def list_exposure(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> ExposurePage:
    """Decisions that we are exposed, those that ended too."""
    rows = Decision.objects.order_by("-id")
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return ExposurePage(items=[ExposureShown.of(one) for one in found], next=following)


@router.post(
    "/exposure",
    response={201: ExposureShown},
    **allowed(Right.REPORTS_WRITE, problems=(400, 409, 422)),
)
def record_exposure(request: HttpRequest, body: NewExposure) -> Status[ExposureShown]:
    """Record a decision that reached us."""
    made = service.record_decision(**body.model_dump(), user=person_of(request), at=now())
    return Status(201, ExposureShown.of(made))


@router.get("/exposure/{number}", response=ExposureShown, **allowed(Right.ORDERS_READ, problems=(404,)))
def show_exposure_decision(request: HttpRequest, number: Number) -> ExposureShown:
    """One decision."""
    return ExposureShown.of(service.find_decision(number))


@router.post(
    "/exposure/{number}/steps",
    response=ExposureShown,
    **allowed(Right.REPORTS_WRITE, problems=(400, 404, 409, 422)),
)
def take_exposure_step(request: HttpRequest, number: Number, body: ExposureStep) -> ExposureShown:
    """Note what followed from a decision."""
    step = service.step_from(body.step, body.values())
    return ExposureShown.of(service.take_step(number, step, user=person_of(request), at=now()))
