"""What time does to removal orders: calls for a person, disabling at minute 50, the end of non-disclosure.

It reads the table of deadlines, so that no queue can lose a clock; each deadline is one transaction.
"""

import logging
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from vigie.flows.oncall import put_calls
from vigie.flows.order_measures import disable_for_now
from vigie.foundation.clock import utc_text
from vigie.foundation.settings import Settings
from vigie.ledger.actors import SYSTEM
from vigie.ledger.models import OutboxMessage
from vigie.orders import clocks, deadlines, events, service
from vigie.orders.intake import WITHOUT_READER
from vigie.orders.models import Order, OrderDeadline, OrderIntake
from vigie.orders.states import Happening, can

_log = logging.getLogger(__name__)

DEADLINES_AT_ONCE = 200
ALERT_TOPIC = "orders.alert"
UNREAD_CALL_EVERY = timedelta(minutes=15)


def sweep(*, at: datetime, settings: Settings) -> int:
    """Act on everything that is due; returns how many deadlines were. Any number of workers may sweep at once.

    One that cannot be acted on is logged, passed over until the next time, and stops no other clock.
    """
    failed: list[int] = []
    done = 0
    for _ in range(DEADLINES_AT_ONCE):
        pk = 0
        try:
            with transaction.atomic():
                deadline = deadlines.due(at=at).exclude(pk__in=failed).first()
                if deadline is None:
                    break
                pk = deadline.pk
                order = Order.objects.select_for_update(of=("self",)).get(pk=deadline.order_id)
                _act(order, deadline, at=at, settings=settings)
                deadlines.note_past(deadline, at=at)
            done += 1
        except (OperationalError, InterfaceError):
            raise  # the database is away: nothing can be minded
        except Exception as error:  # a defect with one order: the hours of the others run on
            if not pk:
                raise
            failed.append(pk)
            _log.error(
                "a deadline could not be acted on",
                extra={"action": "sweep", "deadline": pk, "kind": type(error).__name__},
            )
    return done


def call_about_unread(*, at: datetime, settings: Settings) -> bool:
    """Call somebody about what came in and only a person can read: its hour runs too, if it is an order.

    One call for all of it, and none again within `UNREAD_CALL_EVERY`: whoever sends much rubbish wakes nobody twice.
    """
    waiting = OrderIntake.objects.filter(
        state=OrderIntake.State.QUARANTINED, problem__in=WITHOUT_READER, received_at__gt=at - clocks.HOUR
    )
    newest = waiting.order_by("-stored_at").first()
    if newest is None:
        return False
    calls = OutboxMessage.objects.filter(topic=ALERT_TOPIC, ordering_key__startswith="intake:")
    last = calls.order_by("-id").values_list("created_at", flat=True).first()
    if last is not None and (newest.stored_at <= last or last > at - UNREAD_CALL_EVERY):
        return False
    with transaction.atomic():
        put_calls(
            ALERT_TOPIC,
            about=f"intake:{newest.number}/alert/0",
            facts={
                "intake": newest.number,
                "due_at": utc_text(clocks.removal_due_at(newest.received_at)),
                "address": f"{settings.base_url}/orders/intakes/{newest.number}",
            },
            at=at,
            settings=settings,
        )
    return True


def _act(order: Order, deadline: OrderDeadline, *, at: datetime, settings: Settings) -> None:
    match OrderDeadline.Kind(deadline.kind):
        case OrderDeadline.Kind.ESCALATION:
            _escalate(order, deadline.minute, at=at, settings=settings)
        case OrderDeadline.Kind.REMOVAL:
            _alert(order, 60, at=at, settings=settings)
        case OrderDeadline.Kind.NON_DISCLOSURE:
            if not order.standing.author_may_be_told:
                service.happen(order, Happening.NON_DISCLOSURE_LAPSED, at=at)
                service.note(order, deadlines.disclosure_event(order), actor=SYSTEM)
        case OrderDeadline.Kind.SCRUTINY_REQUEST | OrderDeadline.Kind.SCRUTINY_DECISION:
            pass  # the window is over; the order's page says so


def _escalate(order: Order, minute: int, *, at: datetime, settings: Settings) -> None:
    if not order.standing.hour_runs:
        return
    is_time = minute >= clocks.DISABLE_AT_MINUTE and settings.orders_disable_at_50
    if is_time and can(order.standing, Happening.DISABLED):
        disable_for_now(order, at=at)
    # After a worker was away, one call for the latest minute is enough.
    later = order.deadlines.filter(
        kind=OrderDeadline.Kind.ESCALATION, state=OrderDeadline.State.OPEN, due_at__lte=at, minute__gt=minute
    )
    if later.exists():
        return
    _alert(order, minute, at=at, settings=settings)
    service.note(order, events.OrderEscalated(order=order.number, minute=minute), actor=SYSTEM)


def _alert(order: Order, minute: int, *, at: datetime, settings: Settings) -> None:
    """Call for a person. It names no content and no author."""
    put_calls(
        ALERT_TOPIC,
        about=f"order:{order.number}/alert/{minute}",
        facts={
            "order": order.number,
            "minute": minute,
            "due_at": utc_text(clocks.removal_due_at(order.clock_started_at)),
            "address": f"{settings.base_url}/orders/{order.number}",
        },
        settings=settings,
        at=at,
    )
