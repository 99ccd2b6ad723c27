"""Damaged and hostile mails and PDFs go through the whole intake: none crashes anything, none is lost."""

import json

import pytest

from hostile_mails import PLAIN, hostile, mails
from order_world import OrderWorld, make_order_world
from vigie.evidence.service import read_item
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry
from vigie.orders.models import Order, OrderIntake

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


def test_none_crashes_and_none_is_lost(world: OrderWorld) -> None:
    # What readers do with the others stands in `unit/orders/test_hostile_mails.py`.
    sample = hostile()[:: len(hostile()) // 30]
    for name, raw in sample:
        intake = world.receive(raw)
        # Kept whole, and either an order or in quarantine with a reason that a person can see.
        assert intake.evidence, name
        if intake.order_id is None:
            assert (intake.state, bool(intake.problem)) == ("quarantined", True), name
            assert intake.problem != "reader_failed", name
    assert OrderIntake.objects.count() == len(sample)
    _, kept = read_item(
        OrderIntake.objects.earliest("id").evidence, purpose="a test", actor=COMMAND_LINE, settings=current()
    )
    assert kept == sample[0][1]
    assert LedgerEntry.objects.filter(event="orders.intake_stored.v1").count() == len(sample)


def test_what_comes_after_hostile_mails_is_read_as_before(world: OrderWorld) -> None:
    for _, raw in list(mails())[:10]:
        world.receive(raw)
    order = world.receive(PLAIN).order
    assert order is not None
    assert Order.objects.get(reference="REF-1").unread == {}
    assert json.loads(json.dumps(order.fields)) == order.fields
