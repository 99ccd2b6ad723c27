"""`/v1/orders/filed`: an authority's own orders, with a token that is good for nothing else.

It shows when an order was received, when its hour ends and the form that answers it, and nothing that the service
found out about the order or its sender.
"""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Router
from ninja.responses import Status

from vigie.api.access import actor_of, allowed, caller_of
from vigie.api.paging import Cursor, Limit, page_of, position_of
from vigie.api.shapes import Instant, Sent, Shape
from vigie.api.v1.order_shapes import OrderNumber, OrderToTake, Reason
from vigie.flows import order_filed
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.orders import clocks, deadlines
from vigie.orders.models import Order, OrderIntake
from vigie.orders.states import ENDS
from vigie.people.rights import Right

router = Router(tags=["orders"])

Number = Annotated[str, Path(max_length=30, description="Number of the order.", examples=["O-000012"])]


class FormShown(Shape):
    """Annex II or III."""

    made_at: Instant
    taken: bool = Field(description="Whether it counts as sent: by mail, by hand, or taken here.")
    form: dict[str, Any]


class FiledOrder(Shape):
    """An order of the authority whose token asks."""

    number: OrderNumber
    reference: str
    received_at: Instant
    clock_started_at: Instant = Field(description="Receipt, or when the hour began anew.")
    due_at: Instant = Field(description="The end of the hour.")
    withheld_until: Instant | None = Field(
        description="Until when the author is not told; null: may be told."
    )
    ended: bool = Field(description="Final, without effect, or refused as not genuine.")
    repeat: bool = Field(description="It was known already, when it was handed in.")
    answer: FormShown | None = Field(description="The form that was made last.")

    @classmethod
    def of(cls, order: Order, *, repeat: bool = False) -> "FiledOrder":
        """The order as its authority sees it."""
        form = order_filed.last_form(order)
        return cls(
            number=order.number,
            reference=order.reference,
            received_at=order.received_at,
            clock_started_at=order.clock_started_at,
            due_at=clocks.removal_due_at(order.clock_started_at),
            withheld_until=deadlines.withheld_until(order),
            ended=order.stage in ENDS,
            repeat=repeat,
            answer=None
            if form is None
            else FormShown(made_at=form.made_at, taken=form.sent_at is not None, form=form.form),
        )


class FiledPage(Shape):
    """An authority's own orders, newest first."""

    items: list[FiledOrder]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class Withdrawal(Sent):
    """Why the authority withdraws its order."""

    reason: Reason


@router.post(
    "/orders/filed", response={201: FiledOrder}, **allowed(Right.ORDERS_FILE, problems=(400, 413, 422))
)
def file_order(request: HttpRequest, body: OrderToTake) -> Status[FiledOrder]:
    """Hand in an order of one's own; its hour begins now. The same reference again is a repeat, no second order.

    While the service waits for clarification, the repeat is the clarification: the hour begins anew.
    """
    authority = caller_of(request).authority
    intake = order_filed.file_order(
        body.given(),
        authority=authority,
        at=now(),
        actor=actor_of(request),
        settings=current(),
    )
    order = order_filed.order_of(intake.order.number if intake.order else "", authority=authority)
    return Status(201, FiledOrder.of(order, repeat=intake.state == OrderIntake.State.REPEAT))


@router.get("/orders/filed", response=FiledPage, **allowed(Right.ORDERS_FILE, problems=(422,)))
def list_filed_orders(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> FiledPage:
    """One's own orders, however they reached the service."""
    rows = order_filed.orders_of(caller_of(request).authority)
    if cursor:
        rows = rows.filter(pk__lt=position_of(cursor, int)[0])
    found, following = page_of(list(rows[: limit + 1]), limit=limit, position=lambda one: (one.pk,))
    return FiledPage(items=[FiledOrder.of(one) for one in found], next=following)


@router.get("/orders/filed/{number}", response=FiledOrder, **allowed(Right.ORDERS_FILE, problems=(404,)))
def show_filed_order(request: HttpRequest, number: Number) -> FiledOrder:
    """One of one's own orders, with the form that answers it."""
    return FiledOrder.of(order_filed.order_of(number, authority=caller_of(request).authority))


@router.post(
    "/orders/filed/{number}/answer-taken", response=FiledOrder, **allowed(Right.ORDERS_FILE, problems=(404,))
)
def take_filed_answer(request: HttpRequest, number: Number) -> FiledOrder:
    """Say that the form that was made last arrived: the service's duty to send it is done."""
    authority = caller_of(request).authority
    return FiledOrder.of(
        order_filed.answer_taken(number, authority=authority, at=now(), actor=actor_of(request))
    )


@router.post(
    "/orders/filed/{number}/withdrawal",
    response=FiledOrder,
    **allowed(Right.ORDERS_FILE, problems=(404, 409, 422)),
)
def withdraw_filed_order(request: HttpRequest, number: Number, body: Withdrawal) -> FiledOrder:
    """Withdraw one's own order: it has no effect any more, and the content comes back, once."""
    order = order_filed.withdraw_own(
        number,
        authority=caller_of(request).authority,
        reason=body.reason,
        at=now(),
        actor=actor_of(request),
    )
    return FiledOrder.of(order)
