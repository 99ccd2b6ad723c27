"""Removal orders for tests: invented authorities, a platform that obeys, and a clock that is moved by hand."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from django.db import transaction

from vigie.flows.order import note_measure_taken, take_step
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import OutboxMessage
from vigie.orders.intake import take_in
from vigie.orders.models import Order, OrderIntake
from vigie.orders.steps import step_from
from vigie.people.models import User
from vigie.platforms.service import add_platform

NIGHT = datetime(2026, 11, 25, 2, 10, tzinfo=UTC)
URL = "http://forum.example/p/heron-1"


def fields(reference: str = "REF-1", **changes: Any) -> dict[str, Any]:
    """A complete Annex I of an invented authority about a post of an invented organisation."""
    return {
        "form": "annex_i",
        "issuing_state": "FR",
        "addressee": "Example forum",
        "home_state": "DE",
        "issued_at": "2026-11-25T03:00:00+01:00",
        "reference": reference,
        "urls": [URL],
        "legal_types": ["a"],
        "additional_reasons": "Glorifies the Grey Heron Column.",
        "do_not_inform": False,
        "home_state_differs": True,
        "copy_sent": True,
        "authority_kind": "law_enforcement",
        "authority": "Example Prefecture of Lutèce",
        "representative": "Duty officer",
        "file_number": "2026/1",
        "email": "duty@prefecture.example",
        "redress_body": "Example court",
    } | changes


def mail(
    form: dict[str, Any] | None = None,
    *,
    sender: str = "duty@prefecture.example",
    text: str = "Removal order attached.",
    attachments: tuple[tuple[str, str, bytes], ...] = (),
    headers: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """A mail as an authority sends it; with `form` as attached JSON."""
    message = EmailMessage()
    message["From"] = f"Duty officer <{sender}>"
    message["To"] = "orders@forum.example"
    message["Subject"] = "Removal order"
    for name, value in headers:
        message[name] = value
    message.set_content(text)
    if form is not None:
        message.add_attachment(
            json.dumps(form).encode(), maintype="application", subtype="json", filename="order.json"
        )
    for name, media_type, data in attachments:
        main, _, sub = media_type.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


@dataclass
class OrderWorld:
    """A platform, people, and orders that come in."""

    anna: User
    legal: User

    def receive(
        self,
        raw: bytes | dict[str, Any] | None = None,
        *,
        received_at: datetime = NIGHT,
        at: datetime | None = None,
    ) -> OrderIntake:
        """Something comes in."""
        data = raw if isinstance(raw, bytes) else json.dumps(raw if raw is not None else fields()).encode()
        return take_in(
            data,
            channel=OrderIntake.Channel.FILE,
            received_at=received_at,
            at=at or received_at,
            actor=COMMAND_LINE,
            settings=current(),
        )

    def order(self, reference: str = "REF-1", *, received_at: datetime = NIGHT, **changes: Any) -> Order:
        """A new order."""
        found = self.receive(fields(reference, **changes), received_at=received_at).order
        assert found is not None
        return found

    def step(
        self, order: Order, name: str, *, minutes: float = 10, by: User | None = None, **values: Any
    ) -> Order:
        """A person does something, so many minutes after receipt."""
        at = order.received_at + timedelta(minutes=minutes)
        return take_step(
            order.number, step_from(name, values), user=by or self.anna, at=at, settings=current()
        )

    def platform_obeys(self, order: Order, *, minutes: float = 11) -> Order:
        """The platform takes every message that is on its way, so many minutes after receipt."""
        at = order.received_at + timedelta(minutes=minutes)
        for message in OutboxMessage.objects.filter(state="pending", topic="platforms.enforcement"):
            with transaction.atomic():
                message.state, message.delivered_at = "delivered", at
                message.save()
                note_measure_taken(message.key, at=at, settings=current())
        return again(order)


def again(order: Order) -> Order:
    """The order as it is stored now."""
    return Order.objects.get(pk=order.pk)


def sent() -> list[dict[str, Any]]:
    """What platforms were asked, oldest first."""
    return [one.payload for one in OutboxMessage.objects.filter(topic="platforms.enforcement").order_by("id")]


def measures() -> list[list[str]]:
    """The measures of those messages."""
    return [one["measures"] for one in sent()]


def make_order_world() -> OrderWorld:
    """Fill an empty database."""
    add_platform(
        name="forum",
        title="Forum",
        url="http://forum.example/hook",
        actor=COMMAND_LINE,
        settings=current(),
    )
    return OrderWorld(
        anna=User.objects.create(username="anna", role="reviewer", first_name="Anna"),
        legal=User.objects.create(username="lea", role="legal_officer"),
    )
