"""`/v1/deliveries`: decisions on their way to platforms, and sending dead letters again; `/v1/alarms`: content that
its platform said was gone and that is still there.

It sends nothing itself: the worker does.
"""

from typing import Annotated, Any, Literal, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Path, Query, Router

from vigie.api.access import Caller, actor_of, allowed, caller_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import Instant, Shape
from vigie.foundation.errors import NotFound
from vigie.ledger import service as ledger
from vigie.ledger.models import OutboxMessage
from vigie.people.rights import Right
from vigie.platforms.letters import without_locked
from vigie.platforms.models import Recheck
from vigie.platforms.service import note_alarm_seen

router = Router()

DeliveryState = Literal["pending", "delivered", "dead", "overtaken"]
LookState = Literal["due", "gone", "still_there", "back", "missing", "outdated"]

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


class Delivery(Shape):
    """A message to a platform."""

    id: int = Field(examples=[45])
    key: str = Field(description="Its idempotency key, the same in every attempt.")
    platform: str = Field(examples=["forum"])
    state: DeliveryState
    attempts: int = Field(examples=[1])
    message: dict[str, Any] = Field(description="What is sent, signed.")
    ledger: int = Field(description="The row of the ledger that caused it.", examples=[4711])
    created_at: Instant
    first_attempt_at: Instant | None
    next_attempt_at: Instant | None = Field(description="Null unless it is pending.")
    delivered_at: Instant | None
    last_error: str = Field(examples=["HTTP 503"])


class DeliveryPage(Shape):
    """Deliveries, newest first."""

    items: list[Delivery]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class Alarm(Shape):
    """Content that its platform said was gone and is still there; or was given back and cannot be seen."""

    id: int = Field(examples=[3])
    platform: str = Field(examples=["forum"])
    content: str = Field(examples=["forum/post-8731"])
    url: str
    case: str = Field(description="The case, or the removal order.", examples=["C-000123"])
    expects: Literal["gone", "back"] = Field(description="What the looks hope to find.")
    state: LookState = Field(description="What the last look found.")
    looks: int
    last_seen: str = Field(examples=["HTTP 200"])
    alarm_at: Instant | None = Field(description="When it became an alarm.")
    seen_by: str = Field(description="Who took note of it; empty for nobody.", examples=["person:12"])


class AlarmPage(Shape):
    """Alarms, newest first."""

    items: list[Alarm]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


@router.get(
    "/deliveries",
    response=DeliveryPage,
    tags=["deliveries"],
    **allowed(Right.PLATFORMS_READ, problems=(422,)),
)
def list_deliveries(
    request: HttpRequest,
    state: Annotated[Literal["", "pending", "delivered", "dead", "overtaken"], Query()] = "",
    platform: Annotated[str, Query(max_length=60)] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> DeliveryPage:
    """Deliveries, newest first; `dead` ones were given up after 72 hours, `overtaken` ones done by hand."""
    rows = _deliveries(caller_of(request)).order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if platform:
        rows = rows.filter(receiver=platform)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return DeliveryPage(items=[_delivery(one) for one in found], next=following)


@router.get(
    "/deliveries/{delivery_id}",
    response=Delivery,
    tags=["deliveries"],
    **allowed(Right.PLATFORMS_READ, problems=(404, 422)),
)
def show_delivery(request: HttpRequest, delivery_id: Id) -> Delivery:
    """One delivery."""
    return _delivery(_find(request, delivery_id))


@router.post(
    "/deliveries/{delivery_id}/replay",
    response=Delivery,
    tags=["deliveries"],
    **allowed(Right.DELIVERIES_REPLAY, problems=(404, 409, 422)),
)
def replay_delivery(request: HttpRequest, delivery_id: Id) -> Delivery:
    """Put a dead letter back on its way, with a fresh 72 hours; 409 when it is not dead."""
    _find(request, delivery_id)
    return _delivery(ledger.replay(delivery_id, actor=actor_of(request)))


@router.get("/alarms", response=AlarmPage, tags=["alarms"], **allowed(Right.PLATFORMS_READ, problems=(422,)))
def list_alarms(
    request: HttpRequest,
    seen: Annotated[
        bool | None, Query(description="Only those somebody took note of, or nobody did.")
    ] = None,
    platform: Annotated[str, Query(max_length=60)] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> AlarmPage:
    """Alarms, newest first."""
    rows = _alarms(caller_of(request)).order_by("-id")
    if seen is not None:
        rows = rows.exclude(alarm_seen_by="") if seen else rows.filter(alarm_seen_by="")
    if platform:
        rows = rows.filter(platform__name=platform)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return AlarmPage(items=[_alarm(one, caller_of(request)) for one in found], next=following)


@router.post(
    "/alarms/{alarm_id}/seen",
    response=Alarm,
    tags=["alarms"],
    **allowed(Right.CASES_DECIDE, Right.PLATFORMS_WRITE, problems=(404, 422)),
)
def see_alarm(request: HttpRequest, alarm_id: Id) -> Alarm:
    """Take note of an alarm; the looks go on."""
    if not _alarms(caller_of(request)).filter(pk=alarm_id).exists():
        raise NotFound("There is no such alarm.")
    note_alarm_seen(alarm_id, actor=actor_of(request))
    return _alarm(_alarms(caller_of(request)).get(pk=alarm_id), caller_of(request))


def _deliveries(caller: Caller) -> QuerySet[OutboxMessage]:
    rows = OutboxMessage.objects.all()
    return rows.filter(receiver=caller.platform) if caller.platform else rows


def _find(request: HttpRequest, delivery_id: int) -> OutboxMessage:
    message = _deliveries(caller_of(request)).filter(pk=delivery_id).first()
    if message is None:
        raise NotFound("There is no such delivery.")
    return message


def _alarms(caller: Caller) -> QuerySet[Recheck]:
    rows = Recheck.objects.select_related("platform").filter(alarm_at__isnull=False)
    return rows.filter(platform__name=caller.platform) if caller.platform else rows


def _delivery(message: OutboxMessage) -> Delivery:
    pending = message.state == OutboxMessage.State.PENDING
    return Delivery(
        id=message.pk,
        key=message.key,
        platform=message.receiver,
        state=cast(DeliveryState, message.state),
        attempts=message.attempts,
        message=without_locked(message.payload),
        ledger=message.ledger_seq,
        created_at=message.created_at,
        first_attempt_at=message.first_attempt_at,
        next_attempt_at=message.next_attempt_at if pending else None,
        delivered_at=message.delivered_at,
        last_error=message.last_error,
    )


def _alarm(recheck: Recheck, caller: Caller) -> Alarm:
    # That there is an order may have to stay unknown to a platform.
    is_hidden = bool(caller.platform) and recheck.case.startswith("O-")
    return Alarm(
        id=recheck.pk,
        platform=recheck.platform.name,
        content=recheck.content,
        url=recheck.content_url,
        case="" if is_hidden else recheck.case,
        expects=cast(Literal["gone", "back"], recheck.expects),
        state=cast(LookState, recheck.state),
        looks=recheck.looks,
        last_seen=recheck.last_seen,
        alarm_at=recheck.alarm_at,
        seen_by=recheck.alarm_seen_by,
    )
