"""The table of what is due: opened with an order, closed by what happens to it, read by the sweeper.

It computes no instant itself; `clocks` does.
"""

from datetime import datetime

from django.db.models import QuerySet

from vigie.foundation.clock import utc_text
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM
from vigie.orders import clocks, events
from vigie.orders.models import Order, OrderDeadline
from vigie.orders.states import Disclosure, Standing

_HOUR = (OrderDeadline.Kind.ESCALATION, OrderDeadline.Kind.REMOVAL)


def open_for(order: Order, *, informed_at: datetime) -> None:
    """Everything that is due because an order was received."""
    _open_hour(order)
    _open(order, OrderDeadline.Kind.SCRUTINY_REQUEST, clocks.scrutiny_request_due_at(informed_at))
    if order.withheld_from is not None:
        open_non_disclosure(order, periods=1)


def restart(order: Order) -> None:
    """A new hour from `clock_started_at`."""
    close(order, *_HOUR, state=OrderDeadline.State.CANCELLED, at=order.clock_started_at)
    _open_hour(order)


def open_scrutiny(order: Order, *, started_at: datetime) -> None:
    """The 72 hours of the home authority."""
    close(order, OrderDeadline.Kind.SCRUTINY_REQUEST, state=OrderDeadline.State.MET, at=started_at)
    _open(order, OrderDeadline.Kind.SCRUTINY_DECISION, clocks.scrutiny_decision_due_at(started_at))


def open_non_disclosure(order: Order, *, periods: int) -> datetime:
    """The end of the period in which the author is not told."""
    start = order.withheld_from or order.received_at
    until = clocks.withheld_until(start, periods=periods)
    close(order, OrderDeadline.Kind.NON_DISCLOSURE, state=OrderDeadline.State.CANCELLED, at=start)
    _open(order, OrderDeadline.Kind.NON_DISCLOSURE, until)
    return until


def close(order: Order, *kinds: OrderDeadline.Kind, state: OrderDeadline.State, at: datetime) -> None:
    """Close what is open of these kinds."""
    OrderDeadline.objects.filter(order=order, kind__in=kinds, state=OrderDeadline.State.OPEN).update(
        state=state, done_at=at
    )


def close_hour(order: Order, *, standing: Standing, at: datetime) -> None:
    """The hour is kept or stopped; one that is over already stays missed."""
    if not standing.hour_runs:
        close(order, *_HOUR, state=OrderDeadline.State.MET, at=at)


def due(*, at: datetime) -> "QuerySet[OrderDeadline]":
    """What is due at this instant, oldest first, locked to the caller; others' rows are passed over."""
    return (
        OrderDeadline.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state=OrderDeadline.State.OPEN, due_at__lte=at)
        .order_by("due_at", "id")
    )


def note_past(deadline: OrderDeadline, *, at: datetime) -> None:
    """A deadline came due and was acted on, inside the caller's transaction."""
    deadline.state, deadline.done_at = OrderDeadline.State.PAST, at
    deadline.save(update_fields=["state", "done_at"])
    if deadline.kind == OrderDeadline.Kind.REMOVAL:
        ledger.append(
            events.HourMissed(order=deadline.order.number),
            actor=SYSTEM,
            subject=f"order:{deadline.order.number}",
        )


def withheld_until(order: Order) -> datetime | None:
    """Until when the author is not told; None when they may be."""
    if order.disclosure not in (Disclosure.WITHHELD, Disclosure.EXTENDED):
        return None
    periods = 2 if order.disclosure == Disclosure.EXTENDED else 1
    return clocks.withheld_until(order.withheld_from or order.received_at, periods=periods)


def disclosure_event(order: Order) -> events.DisclosureChanged:
    """What the ledger says of the order's disclosure now."""
    until = withheld_until(order)
    return events.DisclosureChanged(
        order=order.number, disclosure=order.disclosure, until=utc_text(until) if until else ""
    )


def _open_hour(order: Order) -> None:
    for minute, due_at in clocks.escalations(order.clock_started_at):
        _open(order, OrderDeadline.Kind.ESCALATION, due_at, minute=minute)
    _open(order, OrderDeadline.Kind.REMOVAL, clocks.removal_due_at(order.clock_started_at))


def _open(order: Order, kind: OrderDeadline.Kind, due_at: datetime, *, minute: int = 0) -> None:
    OrderDeadline.objects.create(order=order, kind=kind, minute=minute, due_at=due_at)
