"""A removal order from its receipt to its answer and beyond, over the real database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from order_world import NIGHT, URL, OrderWorld, again, fields, make_order_world, measures, sent
from vigie.cases.models import Content
from vigie.flows.order_measures import disable_for_now
from vigie.foundation.errors import Conflict, Forbidden, Invalid
from vigie.foundation.settings import current
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.orders import service
from vigie.orders.models import Order, OrderAnswer, OrderIntake
from vigie.orders.states import StepImpossible
from vigie.people.models import User
from vigie.platforms.models import Platform

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


def events(order: Order) -> list[str]:
    """What the ledger says of an order, oldest first."""
    rows = LedgerEntry.objects.filter(subject=f"order:{order.number}").order_by("seq")
    return [one.event.removeprefix("orders.").removesuffix(".v1") for one in rows]


def facts(order: Order, event: str) -> dict[str, Any]:
    """The facts of the last such event."""
    found = LedgerEntry.objects.filter(subject=f"order:{order.number}", event=f"orders.{event}.v1")
    return dict(found.latest("seq").facts)


def test_an_order_is_executed_verified_and_answered(world: OrderWorld) -> None:
    order = world.order()
    assert (order.stage, order.unread) == ("received", {})

    order = world.step(order, "execute", minutes=10)
    assert order.stage == "executing"
    assert measures() == [["remove_content"]]
    order = world.platform_obeys(order, minutes=12)

    assert (order.stage, order.access, order.answer) == ("executed", "taken", "annex_ii_due")
    (answer,) = OrderAnswer.objects.all()
    assert answer.kind == "annex_ii"
    assert answer.form["measure"] == "removed"
    assert answer.form["measure_at"] == "2026-11-25T02:22:00.000000Z"
    assert answer.form["received_at"] == "2026-11-25T02:10:00.000000Z"
    assert answer.form["authority_reference"] == "REF-1"
    assert facts(order, "order_executed")["in_time"] is True
    order = world.step(order, "answer_sent", minutes=15)
    assert order.answer == "annex_ii_sent"
    assert not order.deadlines.filter(kind__in=("escalation", "removal"), state="open").exists()


def test_the_hour_starts_at_receipt_and_never_changes(world: OrderWorld) -> None:
    intake = world.receive(received_at=NIGHT, at=NIGHT + timedelta(minutes=20))
    order = intake.order
    assert order is not None
    assert order.received_at == NIGHT
    due = order.deadlines.get(kind="removal")
    assert due.due_at == NIGHT + timedelta(hours=1)
    order.received_at = NIGHT + timedelta(hours=5)
    with pytest.raises(DatabaseError), transaction.atomic():
        order.save()


def test_the_offset_of_receipt_is_kept(world: OrderWorld) -> None:
    from zoneinfo import ZoneInfo

    local = datetime(2026, 11, 25, 3, 10, tzinfo=ZoneInfo("Europe/Paris"))
    order = world.receive(received_at=local, at=NIGHT + timedelta(minutes=1)).order
    assert order is not None
    order = again(order)
    assert order.received_at == NIGHT
    assert order.received_offset_minutes == 60


def test_receipt_is_never_in_the_future(world: OrderWorld) -> None:
    intake = world.receive(received_at=NIGHT + timedelta(days=3), at=NIGHT)
    assert intake.received_at == NIGHT


def test_the_same_authority_and_reference_is_one_order(world: OrderWorld) -> None:
    first = world.receive()
    second = world.receive(received_at=NIGHT + timedelta(minutes=5))
    third = world.receive(fields(authority="EXAMPLE  prefecture of Lutece"))
    assert first.order is not None
    assert [second.order, third.order] == [first.order, first.order]
    assert [second.state, third.state] == ["repeat", "repeat"]
    assert again(first.order).received_at == NIGHT
    assert Order.objects.count() == 1
    assert OrderIntake.objects.count() == 3
    assert world.receive(fields("REF-2")).order != first.order


def test_two_authorities_and_one_address_are_two_orders_one_content_and_two_answers(
    world: OrderWorld,
) -> None:
    first = world.order()
    world.step(first, "execute")
    world.platform_obeys(first, minutes=12)
    second = world.order(
        "X-9",
        received_at=NIGHT + timedelta(minutes=30),
        issuing_state="DE",
        authority="Beispielamt für Internetdelikte",
        email="dienst@beispielamt.example",
    )
    second = world.step(second, "execute", minutes=1)

    # Down already, by the first order: the true earlier time, and nothing is sent again.
    assert second.stage == "executed"
    assert second.measure_at == NIGHT + timedelta(minutes=12)
    assert measures() == [["remove_content"]]
    assert Content.objects.count() == 1
    assert [one.kind for one in OrderAnswer.objects.all()] == ["annex_ii", "annex_ii"]
    assert facts(second, "order_executed")["items"] == 0
    assert facts(second, "order_executed")["gone_before"] == 1


def test_what_another_order_keeps_down_stays_down(world: OrderWorld) -> None:
    first = world.order()
    world.step(first, "execute")
    world.platform_obeys(first)
    second = world.order("X-9", authority="Procura d'Esempio", issuing_state="IT")
    world.step(second, "execute", minutes=20)
    world.step(first, "infringement", minutes=30, reason="No terrorist content.")
    assert measures() == [["remove_content"]]
    world.step(second, "annul", minutes=40, reason="Withdrawn by its authority.")
    assert measures() == [["remove_content"], ["restore_content"]]


def test_infringement_gives_back_at_once(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute")
    world.platform_obeys(order)
    world.step(order, "answer_sent")
    world.step(order, "ask_scrutiny", minutes=60, asked_by="content_provider")
    due = order.deadlines.get(kind="scrutiny_decision")
    assert due.due_at == NIGHT + timedelta(hours=73)
    order = world.step(order, "infringement", minutes=3_000, reason="A news report.")
    assert (order.stage, order.access, order.scrutiny) == ("annulled", "restored", "infringement")
    assert measures() == [["remove_content"], ["restore_content"]]
    assert "content_reinstated" in events(order)


def test_an_order_that_loses_effect_on_its_way_is_taken_back_too(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute")
    world.step(order, "annul", minutes=11, reason="Withdrawn by its authority.")
    assert measures() == [["remove_content"], ["restore_content"]]
    order = world.platform_obeys(order, minutes=12)
    assert order.stage == "annulled"


def test_what_a_platform_takes_down_after_all_comes_back_when_the_order_loses_effect(
    world: OrderWorld,
) -> None:
    order = world.order()
    world.step(order, "execute")
    # The platform seems to be away, so Annex III goes out; then it obeys all the same.
    world.step(order, "cannot_execute", minutes=50, ground="force_majeure", reason="The platform is away.")
    order = world.platform_obeys(order, minutes=70)
    assert order.stage == "impossible"
    world.step(order, "annul", minutes=80, reason="Withdrawn by its authority.")
    assert measures() == [["remove_content"], ["restore_content"]]


def test_what_was_given_back_is_asked_for_anew_after_clarification(world: OrderWorld) -> None:
    order = world.order()
    with transaction.atomic():
        disable_for_now(locked(order), at=NIGHT + timedelta(minutes=50))
    world.platform_obeys(order, minutes=51)
    world.step(order, "cannot_execute", minutes=55, ground="manifest_errors", reason="Another post?")
    world.platform_obeys(order, minutes=56)
    world.step(order, "restart", minutes=100, again_at=NIGHT + timedelta(minutes=99))
    world.step(order, "execute", minutes=110, measure="disabled")
    assert measures() == [["hide_content"], ["restore_content"], ["hide_content"]]
    order = world.platform_obeys(order, minutes=111)
    assert (order.stage, order.measure_at) == ("executed", NIGHT + timedelta(minutes=111))
    assert not order.items.get().restored


def locked(order: Order) -> Order:
    """The order as the sweeper has it."""
    return Order.objects.get(pk=order.pk)


def test_scrutiny_is_asked_for_within_48_hours(world: OrderWorld) -> None:
    order = world.order()
    with pytest.raises(Conflict):
        world.step(order, "ask_scrutiny", minutes=48 * 60 + 1)
    world.step(order, "ask_scrutiny", minutes=48 * 60)


def test_a_forged_order_is_refused_by_a_person_with_its_evidence(world: OrderWorld) -> None:
    order = world.order()
    with pytest.raises(Invalid):
        world.step(order, "refuse", reason=" ")
    order = world.step(order, "refuse", reason="The authority says it sent nothing.")
    assert order.stage == "not_genuine"
    assert not OutboxMessage.objects.exists()
    intake = order.intakes.get()
    assert intake.evidence
    with pytest.raises(StepImpossible):
        world.step(order, "execute")


def test_clarification_restarts_the_hour_when_it_is_received(world: OrderWorld) -> None:
    order = world.order(urls=["http://forum.example/p/?"])
    order = world.step(
        order, "cannot_execute", ground="insufficient_information", reason="Which post?", needed="The URL"
    )
    (answer,) = OrderAnswer.objects.all()
    assert (order.stage, answer.kind, answer.form["needed"]) == ("clarification", "annex_iii", "The URL")
    later = NIGHT + timedelta(hours=5)
    world.receive(fields(), received_at=later, at=later + timedelta(minutes=30))
    order = again(order)
    assert (order.stage, order.clock_started_at) == ("valid", later)
    assert order.deadlines.get(kind="removal", state="open").due_at == later + timedelta(hours=1)
    assert URL in order.items.values_list("url", flat=True)
    assert order.received_at == NIGHT


def test_force_majeure_restarts_when_it_ceases(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "cannot_execute", ground="force_majeure", reason="The data centre has no power.")
    ceased = NIGHT + timedelta(hours=3)
    order = world.step(order, "restart", minutes=200, again_at=ceased)
    assert order.clock_started_at == ceased
    world.step(order, "execute", minutes=210)
    order = world.platform_obeys(order, minutes=211)
    assert facts(order, "order_executed")["in_time"] is True


def test_content_that_is_known_is_found_by_its_address(world: OrderWorld) -> None:
    platform = Platform.objects.get()
    content = Content.objects.create(
        platform=platform, external_id="p1", kind="post", url=URL, author_id="u-1", first_seen_at=NIGHT
    )
    order = world.order()
    world.step(order, "execute")
    assert sent()[0]["content"]["id"] == content.external_id
    assert sent()[0]["author"] == {"id": "u-1"}


def test_no_address_no_execution(world: OrderWorld) -> None:
    order = world.order(urls=["not an address"])
    assert order.unread["urls"] == "unreadable"
    with pytest.raises(Invalid):
        world.step(order, "execute")
    service.correct_fields(
        order.number, {"urls": [URL]}, user=world.anna, at=NIGHT + timedelta(minutes=5), settings=current()
    )
    order = world.step(order, "execute")
    assert order.unread == {}
    assert measures() == [["remove_content"]]


def test_an_unknown_platform_is_done_by_hand_at_the_time_a_person_says(world: OrderWorld) -> None:
    Platform.objects.all().update(active=False)
    order = world.order()
    assert world.step(order, "execute").stage == "executing"
    with pytest.raises(Invalid):
        world.step(order, "executed_by_hand", minutes=20, done_at=NIGHT + timedelta(hours=2))
    done_at = NIGHT + timedelta(minutes=15)
    order = world.step(order, "executed_by_hand", minutes=20, done_at=done_at)
    assert (order.stage, order.measure_at) == ("executed", done_at)


def test_only_who_may_decides(world: OrderWorld) -> None:
    order = world.order()
    auditor = User.objects.create(username="olga", role="auditor")
    with pytest.raises(Forbidden):
        world.step(order, "execute", by=auditor)


def test_late_is_said_to_be_late(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute", minutes=59)
    order = world.platform_obeys(order, minutes=61)
    assert facts(order, "order_executed")["in_time"] is False


def test_final_orders_of_twelve_months_count(world: OrderWorld) -> None:
    for place in range(3):
        order = world.order(f"R-{place}", urls=[f"http://forum.example/p/{place}"])
        world.step(order, "execute")
        world.platform_obeys(order)
        world.step(order, "answer_sent")
        final_at = NIGHT + timedelta(days=30 * (place + 1))
        world.step(order, "became_final", minutes=60 * 24 * 200, final_at=final_at)
    at = NIGHT + timedelta(days=200)
    assert service.exposure(at=at) == {
        "final_orders": 3,
        "orders": ["O-000001", "O-000002", "O-000003"],
        "may_be_exposed": True,
    }
    # 25 December counts to 25 December of the next year.
    assert service.exposure(at=datetime(2027, 12, 25, 2, 10, tzinfo=UTC))["final_orders"] == 3
    assert service.exposure(at=datetime(2027, 12, 25, 2, 11, tzinfo=UTC))["final_orders"] == 2
