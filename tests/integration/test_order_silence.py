"""While an authority forbids to tell that content was taken down, nobody is told of it by another way either."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from order_world import NIGHT, URL, OrderWorld, fields, make_order_world
from vigie.cases.decisions import DecisionDraft
from vigie.flows import order_clock
from vigie.flows.decision import decide
from vigie.flows.first_start import activate_first_policy
from vigie.flows.informing import release_withheld
from vigie.flows.notice import notify
from vigie.foundation.clock import now
from vigie.foundation.links import link_token
from vigie.foundation.settings import current
from vigie.ledger.actors import SYSTEM
from vigie.ledger.models import OutboxMessage
from vigie.notices.models import Notice
from vigie.notices.service import NoticeDraft
from vigie.orders.models import Order
from vigie.platforms.models import Platform
from vigie.redress.models import Statement

REMOVE = DecisionDraft("remove", "It glorifies the column.", legal_type="a", exemption="none")

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world() -> OrderWorld:
    made = make_order_world()
    activate_first_policy(current())
    return made


def silent_order(world: OrderWorld, **changes: Any) -> Order:
    """An order received just now, whose author may not be told."""
    at = now()
    return world.order(received_at=at, do_not_inform=True, issued_at=at.isoformat(), **changes)


def reported(world: OrderWorld, url: str = URL) -> Notice:
    """Somebody else reports the same content, and a person removes it."""
    draft = NoticeDraft(
        text="It calls on readers to join the Grey Heron Column.",
        url=url,
        category="terrorism",
        language="en",
        good_faith=True,
        came_by=Notice.CameBy.FORM,
    )
    notice = notify(
        draft,
        platform=Platform.objects.get(),
        content_id="",
        from_address="192.0.2.1",
        actor=SYSTEM,
        settings=current(),
    )
    assert notice.case is not None
    decide(notice.case.number, REMOVE, user=world.anna)
    return notice


def told(notice: Notice) -> str:
    """What the notifier reads under the private address."""
    link = f"/notice/{link_token(notice.number, settings=current())}"
    return Client(SERVER_NAME="127.0.0.1").get(link).content.decode()


def letters() -> list[str]:
    """Statements that are on their way to platforms."""
    payloads = OutboxMessage.objects.values_list("payload", flat=True)
    return [one["letter"]["number"] for one in payloads if one.get("letter")]


def release(at: datetime) -> int:
    """What a worker does."""
    return release_withheld(at=at, settings=current())


def test_a_decision_about_the_same_content_is_told_to_neither_author_nor_notifier(world: OrderWorld) -> None:
    order = silent_order(world)
    world.step(order, "execute")
    notice = reported(world)

    assert Statement.objects.get().state == "withheld"
    assert letters() == []
    payloads = list(
        OutboxMessage.objects.filter(topic="platforms.enforcement").values_list("payload", flat=True)
    )
    assert [one["disclosure"] for one in payloads] == ["withheld", "withheld"]
    assert "restricted" not in told(notice)
    assert not OutboxMessage.objects.filter(topic__startswith="transparency").exists()


def test_nor_while_the_order_waits_for_a_person(world: OrderWorld) -> None:
    silent_order(world)
    notice = reported(world, f"{URL}/#picture")
    assert Statement.objects.get().state == "withheld"
    assert "restricted" not in told(notice)


def test_they_are_told_when_the_six_weeks_are_over(world: OrderWorld) -> None:
    silent_order(world)
    notice = reported(world)
    until = Statement.objects.get().withheld_until
    assert until is not None
    assert release(until - timedelta(seconds=1)) == 0
    assert release(until) == 2
    assert Statement.objects.get().released_at == until
    notice.refresh_from_db()
    assert notice.outcome == "acted_law"


def test_an_extension_holds_for_them_too(world: OrderWorld) -> None:
    order = silent_order(world)
    reported(world)
    first = Statement.objects.get().withheld_until
    assert first is not None
    world.step(order, "extend_withholding")
    assert release(first) == 0
    assert release(first + timedelta(weeks=6)) == 2


def test_when_it_is_lifted_they_are_told(world: OrderWorld) -> None:
    order = silent_order(world)
    reported(world)
    world.step(order, "lift_withholding", reason="The authority says so.", minutes=5)
    assert release(order.received_at + timedelta(minutes=5)) == 2


def test_a_forged_order_silences_nobody_once_it_is_refused(world: OrderWorld) -> None:
    order = silent_order(world)
    reported(world)
    world.step(order, "refuse", reason="Forged.", minutes=5)
    assert release(order.received_at + timedelta(minutes=5)) == 2


def test_of_two_orders_the_longer_silence_holds(world: OrderWorld) -> None:
    first = silent_order(world)
    silent_order(world, reference="REF-2", authority="Another Authority")
    reported(world)
    world.step(first, "lift_withholding", reason="The authority says so.", minutes=5)
    assert release(first.received_at + timedelta(minutes=5)) == 0


def test_what_no_order_names_is_told_at_once(world: OrderWorld) -> None:
    silent_order(world)
    notice = reported(world, "http://forum.example/p/heron-2")
    assert Statement.objects.get().number in letters()
    assert "restricted" in told(notice)


def test_an_order_whose_silence_is_over_silences_nobody(world: OrderWorld) -> None:
    order = world.receive(fields(do_not_inform=True, issued_at=NIGHT.isoformat())).order
    assert order is not None
    due = order.deadlines.get(kind="non_disclosure").due_at
    order_clock.sweep(at=due, settings=current())
    reported(world)
    assert letters() != []
