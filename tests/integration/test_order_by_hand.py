"""What a person removed by hand is not asked of its platform any more."""

from datetime import timedelta

import pytest

from order_world import NIGHT, OrderWorld, again, make_order_world
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Invalid
from vigie.ledger import outbox
from vigie.ledger import service as ledger
from vigie.ledger.actors import person
from vigie.ledger.models import LedgerEntry, OutboxMessage

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


def _refuse(_: OutboxMessage) -> outbox.Refused:
    return outbox.Refused("http_503", now() + timedelta(minutes=1))


def _platform_away() -> OutboxMessage:
    """The message of an order, which its platform did not take once."""
    (claimed,) = outbox.claim_due(at=now(), limit=1)
    outbox.deliver(claimed, deliverer=_refuse, clock=now)
    return OutboxMessage.objects.get(topic="platforms.enforcement")


def test_what_was_removed_by_hand_is_not_asked_of_the_platform_any_more(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute")
    message = _platform_away()
    assert message.state == "pending"
    order = world.step(order, "executed_by_hand", minutes=20, done_at=NIGHT + timedelta(minutes=15))
    message.refresh_from_db()
    assert (order.stage, message.state) == ("executed", "overtaken")
    row = LedgerEntry.objects.get(event="ledger.delivery_overtaken.v1")
    assert (row.facts, row.actor) == ({"key": message.key, "attempts": 1}, f"person:{world.anna.pk}")
    assert outbox.claim_due(at=now() + timedelta(days=1), limit=9) == []
    with pytest.raises(Conflict):
        ledger.replay(message.pk, actor=person(world.anna.pk))
    assert again(order).disclosure != "informed", "a message that did not arrive told nobody"


def test_what_was_given_up_and_then_removed_by_hand_is_no_dead_letter_any_more(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute")
    OutboxMessage.objects.update(state="dead")
    world.step(order, "executed_by_hand", minutes=20, done_at=NIGHT + timedelta(minutes=15))
    assert OutboxMessage.objects.get(topic="platforms.enforcement").state == "overtaken"


def test_what_is_given_back_after_a_removal_by_hand_goes_out_and_nothing_removes_it_again(
    world: OrderWorld,
) -> None:
    order = world.order()
    world.step(order, "execute")
    _platform_away()
    order = world.step(order, "executed_by_hand", minutes=20, done_at=NIGHT + timedelta(minutes=15))
    world.step(order, "annul", minutes=60, reason="The court annulled it.")
    due = outbox.claim_due(at=now() + timedelta(days=1), limit=9)
    sent = [one.payload["measures"] for one in due if one.topic == "platforms.enforcement"]
    assert sent == [["restore_content"]]


def test_its_author_is_told_by_a_letter_that_asks_for_no_measure(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute")
    order = world.step(order, "executed_by_hand", minutes=20, done_at=NIGHT + timedelta(minutes=15))
    world.step(order, "inform_author", minutes=30)
    (due,) = [one for one in outbox.claim_due(at=now(), limit=9) if one.receiver == "forum"]
    assert (due.topic, due.payload["letter"]["kind"]) == ("platforms.letter", "order_removal")
    assert "measures" not in due.payload or due.payload["measures"] == []


def test_a_step_by_hand_that_is_refused_overtakes_nothing(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute")
    with pytest.raises(Invalid):
        world.step(order, "executed_by_hand", minutes=20, done_at=NIGHT + timedelta(hours=2))
    assert OutboxMessage.objects.get(topic="platforms.enforcement").state == "pending"


def test_what_the_platform_takes_while_it_is_overtaken_counts_as_delivered(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute")
    message = OutboxMessage.objects.get(topic="platforms.enforcement")

    def taken_late(_: OutboxMessage) -> outbox.Taken:
        world.step(order, "executed_by_hand", minutes=20, done_at=NIGHT + timedelta(minutes=15))
        return outbox.Taken()

    outbox.deliver(message, deliverer=taken_late, clock=now)
    message.refresh_from_db()
    assert message.state == "delivered"
