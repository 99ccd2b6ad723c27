"""What an authority does itself over the API with its own orders: handing in, reading the answer, withdrawing.

It shows an authority nothing of any other one, and nothing of what the service knows or thinks of an order.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from vigie.flows.order import withdraw
from vigie.foundation.errors import Forbidden, Invalid, NotFound
from vigie.foundation.identifiers import parse_public_number
from vigie.foundation.settings import Settings
from vigie.ledger.actors import Actor
from vigie.orders import answers
from vigie.orders.forms import read_order
from vigie.orders.intake import take_in
from vigie.orders.models import Order, OrderAnswer, OrderIntake
from vigie.orders.senders import register
from vigie.orders.states import Stage


def file_order(
    values: Mapping[str, Any], *, authority: str, at: datetime, actor: Actor, settings: Settings
) -> OrderIntake:
    """Take in an order of this authority; the same reference again is a repeat, no second order.

    Raises Forbidden for an order of another authority, Invalid for one that could not be found again.
    """
    order = read_order(values).order
    if not order.reference:
        raise Invalid("An order needs a reference, by which it is known again.")
    if register(settings).key_of(order.authority, order.issuing_state) != authority:
        raise Forbidden(
            "This token hands in the orders of another authority than this one names.",
            hint="Authority and Member State in section E have to be those of the token.",
            code="authority_of_other",
        )
    intake = take_in(
        json.dumps(values, ensure_ascii=False).encode(),
        channel=OrderIntake.Channel.API,
        received_at=at,
        at=at,
        actor=actor,
        settings=settings,
        authority=authority,
    )
    if intake.order is None:
        raise Invalid(
            "Too little of this order could be read; it is kept, and a person looks at it.",
            hint="Send the fields of Annex I.",
        )
    return intake


def orders_of(authority: str) -> "QuerySet[Order]":
    """The orders of this authority, newest first, however they came."""
    return Order.objects.filter(authority_key=authority).order_by("-id")


def order_of(number: str, *, authority: str) -> Order:
    """One of them; raises NotFound for any other."""
    pk = parse_public_number("O", number)
    found = None if pk is None else orders_of(authority).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such order of yours.", code="order_not_found")
    return found


def last_form(order: Order) -> OrderAnswer | None:
    """The form that was made last for the authority; None before any."""
    return order.answers.order_by("-id").first()


def answer_taken(number: str, *, authority: str, at: datetime, actor: Actor) -> Order:
    """The authority has the form that was made last: it counts as sent."""
    with transaction.atomic():
        order = order_of(number, authority=authority)
        answers.note_sent(answers.last_answer(order), by="api", at=at, actor=actor)
    return order_of(number, authority=authority)


def withdraw_own(number: str, *, authority: str, reason: str, at: datetime, actor: Actor) -> Order:
    """The authority withdraws its order: the content comes back at once. Asked again, nothing more happens."""
    with transaction.atomic():
        found = order_of(number, authority=authority)
        order = Order.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if order.stage not in (Stage.ANNULLED, Stage.NOT_GENUINE):
            withdraw(order, reason=reason, at=at, actor=actor)
    return order
