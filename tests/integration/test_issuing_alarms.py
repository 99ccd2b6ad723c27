"""Alarms about orders of ours: on time, again after a day, to everybody on call, and over when they are over."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from issuing_world import MORNING, IssuingWorld, again, make_issuing_world
from loopback import LoopbackServer, answer
from smtp_server import Mailbox
from vigie.flows import issuing_calls, issuing_watch
from vigie.foundation.clock import now
from vigie.foundation.outbound import OutboundDoor
from vigie.issuing.models import Alarm, IssuedOrder
from vigie.ledger.models import LedgerEntry
from vigie.ledger.outbox import Taken, claim_due, deliver

pytestmark = pytest.mark.usefixtures("database")

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def world(tmp_path: Path, smtp: tuple[Mailbox, str]) -> IssuingWorld:
    return make_issuing_world(
        tmp_path, smtp_url=smtp[1], oncall_mails=("duty@prefecture.example",), public_url="https://v.example"
    )


def sweep(world: IssuingWorld, after: timedelta) -> int:
    """The worker looks, so long after the order was issued."""
    return issuing_watch.sweep(at=MORNING + after, settings=world.settings)


def told(order: IssuedOrder, name: str) -> list[dict[str, Any]]:
    """The facts of these ledger entries about an order."""
    rows = LedgerEntry.objects.filter(event=f"issuing.{name}.v1", subject=f"issued:{order.number}")
    return [one.facts for one in rows.order_by("seq")]


def calls(world: IssuingWorld) -> int:
    """Deliver every call that is on its way; returns how many were taken."""
    door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}))
    due = [one for one in claim_due(at=now() + DAY, limit=50) if one.topic == issuing_calls.TOPIC]
    done = [
        deliver(
            one,
            deliverer=lambda stored: issuing_calls.deliver(stored, door=door, settings=world.settings),
            clock=now,
        )
        for one in due
    ]
    return sum(isinstance(one, Taken) for one in done)


def test_a_missed_hour_calls_somebody_and_again_after_a_day(
    world: IssuingWorld, smtp: tuple[Mailbox, str]
) -> None:
    server = LoopbackServer(answer(200))
    world.settings = replace(world.settings, oncall_url=server.url)
    order = world.received(minutes=2)
    assert sweep(world, HOUR + 2 * MINUTE) == 0
    assert sweep(world, HOUR + 3 * MINUTE) == 1
    assert sweep(world, HOUR + 4 * MINUTE) == 0
    assert told(order, "hour_missed") == [{"order": order.number}]
    assert calls(world) == 2
    facts = json.loads(server.requests[0].partition(b"\r\n\r\n")[2])
    assert {key: facts[key] for key in ("event", "order", "kind", "again", "address")} == {
        "event": "issued_order_needs_somebody",
        "order": order.number,
        "kind": "hour_missed",
        "again": False,
        "address": f"https://v.example/issuing/{order.number}",
    }
    assert b"the hour ended without an answer" in smtp[0].taken[-1]
    # No address of content leaves the house with a call.
    assert b"forum.example/p/heron-1" not in smtp[0].taken[-1] + server.requests[0]
    assert sweep(world, HOUR + 3 * MINUTE + DAY - MINUTE) == 0
    assert sweep(world, HOUR + 3 * MINUTE + DAY) == 1
    assert sweep(world, 10 * DAY) == 0
    assert calls(world) == 2
    server.close()
    assert b"(a day later)" in smtp[0].taken[-1]
    assert [one["kind"] for one in told(order, "alarm_repeated")] == ["hour_missed"]
    # The order is executed after all: the alarm is over, and stays with the order.
    world.step(
        order,
        "done",
        at=MORNING + 11 * DAY,
        measure="removed",
        measure_at=MORNING + 10 * DAY,
        proof="Annex II by fax.",
    )
    assert sweep(world, 11 * DAY) == 1
    assert sweep(world, 12 * DAY) == 0
    assert [one["kind"] for one in told(order, "alarm_settled")] == ["hour_missed"]
    assert Alarm.objects.get().again_at is not None


def test_an_order_that_no_server_takes_calls_somebody_within_a_quarter_of_an_hour(
    world: IssuingWorld, smtp: tuple[Mailbox, str]
) -> None:
    smtp[0].answer = "451 later"
    order = world.issued()
    world.post()
    assert sweep(world, 14 * MINUTE) == 0
    assert sweep(world, 15 * MINUTE) == 1
    assert [one["kind"] for one in told(order, "alarm_raised")] == ["undelivered"]


def test_an_order_that_comes_back_calls_somebody_at_once(world: IssuingWorld) -> None:
    order = world.issued()
    world.post()
    order.letters.filter(kind="home_copy").update(bounced_at=MORNING)
    assert sweep(world, 5 * MINUTE) == 0
    order.letters.filter(kind="order").update(bounced_at=MORNING)
    assert sweep(world, 5 * MINUTE) == 1
    assert [one["kind"] for one in told(order, "alarm_raised")] == ["undelivered"]


def test_receipt_that_nobody_proves_calls_somebody_after_an_hour(world: IssuingWorld) -> None:
    order = world.issued(at=now() - 3 * HOUR)
    world.post()
    sent_at = again(order).sent_at
    assert sent_at is not None
    assert issuing_watch.sweep(at=sent_at + 59 * MINUTE, settings=world.settings) == 0
    assert issuing_watch.sweep(at=sent_at + HOUR, settings=world.settings) == 1
    assert [one["kind"] for one in told(order, "alarm_raised")] == ["receipt_unproven"]
    # Receipt is proven: this alarm is over, and that of the hour comes in its own time.
    world.step(
        order, "received", at=sent_at + HOUR, received_at=sent_at + 30 * MINUTE, proof="They rang back."
    )
    assert issuing_watch.sweep(at=sent_at + HOUR, settings=world.settings) == 1
    assert issuing_watch.sweep(at=sent_at + 2 * HOUR, settings=world.settings) == 1
    assert [one["kind"] for one in told(order, "alarm_raised")] == ["receipt_unproven", "hour_missed"]
