"""What time does to orders: escalation, disabling at minute 50, the end of non-disclosure; and who is told nothing."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pypdf
import pytest

from loopback import LoopbackServer, answer
from order_world import NIGHT, OrderWorld, again, mail, make_order_world, measures, sent
from vigie.flows import order_clock, order_post
from vigie.flows.order_clock import call_about_unread, sweep
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import Settings, current
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.ledger.outbox import Refused, Taken
from vigie.orders.models import Order
from vigie.orders.states import StepImpossible

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


def settings(**changes: Any) -> Settings:
    """Settings with somebody on call."""
    return replace(
        current(),
        oncall_url="http://oncall.example/hook",
        oncall_mails=("night@forum.example",),
        smtp_url="smtp://127.0.0.1:1",
        **changes,
    )


def minute(number: float, **changes: Any) -> int:
    """The sweeper runs at this minute."""
    return sweep(at=NIGHT + timedelta(minutes=number), settings=settings(**changes))


def called() -> list[int]:
    """The minutes at which the on-call service was called."""
    found = OutboxMessage.objects.filter(topic="orders.alert", payload__way="webhook").order_by("id")
    return [one.payload["minute"] for one in found]


def test_somebody_is_called_at_receipt_and_at_30_45_50_and_55_minutes(world: OrderWorld) -> None:
    order = world.order()
    for number in (0, 10, 29, 30, 31, 45, 50, 54, 55, 59):
        minute(number)
    assert called() == [0, 30, 45, 50, 55]
    told = OutboxMessage.objects.filter(topic="orders.alert").first()
    assert told is not None
    # Whoever is on call learns the order's number and where to look: no content, no authority.
    assert set(told.payload) == {"way", "to", "order", "minute", "due_at", "address"}
    assert again(order).standing.hour_runs


def test_nobody_is_called_about_an_order_that_is_answered(world: OrderWorld) -> None:
    order = world.order()
    minute(0)
    world.step(order, "execute")
    world.platform_obeys(order)
    for number in (30, 45, 50, 55, 61):
        minute(number)
    assert called() == [0]
    assert not LedgerEntry.objects.filter(event="orders.hour_missed.v1").exists()


def test_an_order_on_its_way_to_a_platform_that_is_away_still_calls(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute")
    minute(45)
    minute(61)
    assert called() == [45, 55, 60]
    assert again(order).stage == "executing"


def test_a_worker_that_was_away_calls_once_for_what_it_missed(world: OrderWorld) -> None:
    world.order()
    minute(56)
    assert called() == [55]


def test_sweeping_twice_acts_once(world: OrderWorld) -> None:
    world.order()
    assert minute(50) > 0
    before = OutboxMessage.objects.count()
    assert minute(50) == 0
    assert OutboxMessage.objects.count() == before


def test_a_defect_with_one_order_stops_no_other_clock(
    world: OrderWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = world.order(), world.order("REF-2", urls=["http://forum.example/p/2"])
    whole = order_clock._alert

    def alert(order: Order, minute: int, **named: Any) -> None:
        if order.pk == broken.pk:
            raise ZeroDivisionError
        whole(order, minute, **named)

    with monkeypatch.context() as patched:
        patched.setattr(order_clock, "_alert", alert)
        assert minute(30) > 0
    assert {one.payload["order"] for one in OutboxMessage.objects.all()} == {sound.number}
    minute(31)
    assert {one.payload["order"] for one in OutboxMessage.objects.all()} == {sound.number, broken.number}


def test_the_on_call_service_gets_the_call_and_is_asked_again_when_it_refuses(world: OrderWorld) -> None:
    order = world.order()
    server = LoopbackServer(answer(503))
    door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}))
    configured = replace(current(), oncall_url=f"{server.url}/call")
    sweep(at=NIGHT + timedelta(minutes=45), settings=configured)
    message = OutboxMessage.objects.get(topic="orders.alert")
    message.attempts = 1
    refused = order_post.deliver(message, door=door, settings=configured)
    assert isinstance(refused, Refused)
    assert refused.reason == "http_503"
    server.script = answer(202)
    assert isinstance(order_post.deliver(message, door=door, settings=configured), Taken)
    server.close()
    body = json.loads(server.requests[-1].partition(b"\r\n\r\n")[2])
    assert (body["order"], body["minute"], body["id"]) == (order.number, 45, message.key)


def picture() -> bytes:
    """A mail of an unknown sender with a PDF that holds no text, as a scanner makes it."""
    scan = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(scan)
    attached = ("scan.pdf", "application/pdf", scan.getvalue())
    return mail(sender="a@elsewhere.example", attachments=(attached,))


def called_about() -> list[str]:
    """What the on-call service was called about, that nobody could read."""
    rows = OutboxMessage.objects.filter(topic="orders.alert", payload__way="webhook").order_by("id")
    return [one.payload["intake"] for one in rows]


def test_somebody_is_called_about_what_only_a_person_can_read(world: OrderWorld) -> None:
    intake = world.receive(picture())
    assert (intake.state, intake.problem) == ("quarantined", "pdf_without_text")
    assert call_about_unread(at=NIGHT, settings=settings())
    assert called_about() == [intake.number]
    # Once is enough for all that is there, and what comes soon after waits for the next time.
    assert not call_about_unread(at=NIGHT + timedelta(minutes=20), settings=settings())
    more = world.receive(picture(), received_at=NIGHT + timedelta(minutes=21))
    third = world.receive(picture(), received_at=NIGHT + timedelta(minutes=22))
    assert call_about_unread(at=NIGHT + timedelta(minutes=23), settings=settings())
    assert not call_about_unread(at=NIGHT + timedelta(minutes=24), settings=settings())
    assert called_about() == [intake.number, third.number]
    assert more.number != third.number


def test_nobody_is_called_about_a_letter_that_is_no_order_nor_after_its_hour(world: OrderWorld) -> None:
    world.receive(mail(sender="a@elsewhere.example", text="Our newsletter."))
    world.receive(picture())
    assert not call_about_unread(at=NIGHT + timedelta(minutes=61), settings=settings())
    assert called_about() == []


def test_the_on_call_service_learns_what_came_in_and_where_to_look(world: OrderWorld) -> None:
    intake = world.receive(picture())
    server = LoopbackServer(answer(202))
    configured = replace(current(), oncall_url=f"{server.url}/call")
    call_about_unread(at=NIGHT, settings=configured)
    message = OutboxMessage.objects.get(topic="orders.alert")
    door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}))
    assert isinstance(order_post.deliver(message, door=door, settings=configured), Taken)
    server.close()
    body = json.loads(server.requests[-1].partition(b"\r\n\r\n")[2])
    assert (body["event"], body["intake"]) == ("intake_needs_somebody", intake.number)
    assert body["address"].endswith(f"/orders/intakes/{intake.number}")


def test_at_minute_50_it_is_disabled_reversibly_only_if_settings_say_so(world: OrderWorld) -> None:
    order = world.order()
    minute(50)
    assert measures() == []
    other = world.order("REF-2", urls=["http://forum.example/p/2"], received_at=NIGHT + timedelta(minutes=1))
    minute(51, orders_disable_at_50=True)
    assert measures() == [["hide_content"]]
    assert again(other).access == "disabled"
    assert again(order).access == "up"
    assert again(other).standing.is_undecided


def disabled(world: OrderWorld) -> Order:
    """An order whose content is disabled for now."""
    order = world.order()
    minute(50, orders_disable_at_50=True)
    return world.platform_obeys(order, minutes=51)


def test_what_was_disabled_for_now_comes_back_when_the_order_is_refused(world: OrderWorld) -> None:
    order = world.step(
        disabled(world), "refuse", minutes=55, reason="Forged: the authority knows nothing of it."
    )
    assert measures() == [["hide_content"], ["restore_content"]]
    assert order.access == "restored"


def test_what_was_disabled_for_now_can_be_left_disabled_and_its_true_time_counts(world: OrderWorld) -> None:
    order = world.step(disabled(world), "execute", minutes=58, measure="disabled")
    assert measures() == [["hide_content"]]
    assert (order.stage, order.measure_at) == ("executed", NIGHT + timedelta(minutes=51))
    assert order.answers.get().form["measure"] == "disabled"


def test_what_was_disabled_for_now_can_be_removed(world: OrderWorld) -> None:
    order = world.step(disabled(world), "execute", minutes=58)
    assert measures() == [["hide_content"], ["remove_content"]]
    order = world.platform_obeys(order, minutes=59)
    assert order.measure_at == NIGHT + timedelta(minutes=59)


def test_asking_for_clarification_gives_back_what_was_disabled_for_now(world: OrderWorld) -> None:
    order = disabled(world)
    world.step(order, "cannot_execute", minutes=55, ground="manifest_errors", reason="Names no offence.")
    assert measures()[-1] == ["restore_content"]


def test_a_missed_hour_is_in_the_ledger(world: OrderWorld) -> None:
    world.order()
    minute(61)
    assert LedgerEntry.objects.filter(event="orders.hour_missed.v1").count() == 1


def withheld(world: OrderWorld, **changes: Any) -> Order:
    """An executed order that its author may not learn of."""
    order = world.order(do_not_inform=True, **changes)
    world.step(order, "execute")
    return world.platform_obeys(order)


def test_a_withheld_order_reaches_nobody_outside(world: OrderWorld) -> None:
    order = withheld(world)
    (message,) = sent()
    assert message["disclosure"] == "withheld"
    # Nothing in it says that there is an order: a platform cannot show what it does not know.
    assert order.number not in str(message)
    assert "REF-1" not in str(message)
    assert message["case"] is message["decision"] is message["rule"] is None
    assert order.disclosure == "withheld"
    with pytest.raises(StepImpossible):
        world.step(order, "inform_author")


def test_without_non_disclosure_the_message_says_that_the_author_may_be_told(world: OrderWorld) -> None:
    order = world.order()
    world.step(order, "execute")
    order = world.platform_obeys(order)
    assert sent()[0]["disclosure"] == "open"
    assert order.disclosure == "informed"


def test_six_weeks_count_from_the_issuers_decision(world: OrderWorld) -> None:
    order = withheld(world, issued_at="2026-11-20T10:00:00+01:00")
    due = order.deadlines.get(kind="non_disclosure")
    assert due.due_at.isoformat() == "2027-01-01T09:00:00+00:00"
    sweep(at=due.due_at - timedelta(seconds=1), settings=settings())
    assert again(order).disclosure == "withheld"
    sweep(at=due.due_at, settings=settings())
    order = again(order)
    assert order.disclosure == "due"
    order = world.step(order, "inform_author", minutes=60 * 24 * 60)
    assert [one["disclosure"] for one in sent()] == ["withheld", "open"]
    assert measures() == [["remove_content"], ["remove_content"]]


def test_non_disclosure_is_extended_once_by_six_weeks(world: OrderWorld) -> None:
    order = withheld(world, issued_at="2026-11-20T10:00:00+01:00")
    order = world.step(order, "extend_withholding")
    due = order.deadlines.get(kind="non_disclosure", state="open")
    assert due.due_at.isoformat() == "2027-02-12T09:00:00+00:00"
    with pytest.raises(StepImpossible):
        world.step(order, "extend_withholding")


def test_nobody_is_told_while_nobody_could_read_whether_they_may(world: OrderWorld) -> None:
    order = world.order(do_not_inform="perhaps")
    assert order.unread["do_not_inform"] == "unreadable"
    assert order.disclosure == "withheld"
    world.step(order, "execute")
    assert sent()[0]["disclosure"] == "withheld"


def test_giving_back_a_withheld_order_stays_withheld(world: OrderWorld) -> None:
    order = withheld(world)
    world.step(order, "annul", reason="Annulled by a court.", minutes=30)
    assert [one["disclosure"] for one in sent()] == ["withheld", "withheld"]
