"""`/v1/submissions`: statements on their way to the Commission's Transparency Database, and sending dead ones again.

It sends nothing itself: the worker does, once an operator has switched it on.
"""

from typing import Annotated, Any, Literal, cast

from django.http import HttpRequest
from ninja import Field, Path, Query, Router

from vigie.api.access import actor_of, allowed, caller_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import Instant, Shape
from vigie.foundation.settings import current
from vigie.people.rights import Right
from vigie.redress.models import Submission
from vigie.redress.transparency import service

router = Router(tags=["submissions"])


class SubmissionShown(Shape):
    """A statement of reasons as the Transparency Database takes it, and where it stands."""

    statement: str = Field(examples=["S-000012"])
    puid: str = Field(description="Its id in the database, given by Vigie; says nothing of the case.")
    state: Literal["pending", "accepted", "dead"]
    attempts: int
    last_error: str = Field(examples=["rate_limited"])
    queued_at: Instant
    next_attempt_at: Instant | None = Field(description="Null unless it is pending.")
    accepted_at: Instant | None
    database_uuid: str = Field(description="The database's own id, where its answer gave one.")
    record: dict[str, Any] = Field(description="What is sent: no personal data.")


class SubmissionPage(Shape):
    """Submissions, newest first."""

    on: bool = Field(description="Whether an operator has switched it on.")
    items: list[SubmissionShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


@router.get("/submissions", response=SubmissionPage, **allowed(Right.CASES_READ, problems=(422,)))
def list_submissions(
    request: HttpRequest,
    state: Annotated[Literal["", "pending", "accepted", "dead"], Query()] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> SubmissionPage:
    """Submissions, newest first; `dead` ones were refused, or not answered for 72 hours."""
    rows = Submission.objects.select_related("statement").order_by("-id")
    caller = caller_of(request)
    if caller.platform:
        rows = rows.filter(statement__case__content__platform__name=caller.platform)
    if state:
        rows = rows.filter(state=state)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return SubmissionPage(on=service.is_on(current()), items=[_shown(one) for one in found], next=following)


@router.post(
    "/submissions/{number}/replay",
    response=SubmissionShown,
    **allowed(Right.DELIVERIES_REPLAY, problems=(404, 409)),
)
def replay_submission(
    request: HttpRequest,
    number: Annotated[
        str, Path(max_length=20, description="Number of the statement.", examples=["S-000012"])
    ],
) -> SubmissionShown:
    """Send a dead one again, with a fresh 72 hours."""
    return _shown(service.replay(number, actor=actor_of(request)))


def _shown(one: Submission) -> SubmissionShown:
    return SubmissionShown(
        statement=one.statement.number,
        puid=one.puid,
        state=cast(Literal["dead"], one.state),
        attempts=one.attempts,
        last_error=one.last_error,
        queued_at=one.queued_at,
        next_attempt_at=one.next_attempt_at if one.state == Submission.State.PENDING else None,
        accepted_at=one.accepted_at,
        database_uuid=one.database_uuid,
        record=one.record,
    )
