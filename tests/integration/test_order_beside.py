"""What an order has to do with the rest: cases, evidence, looks at addresses, processes that die."""

from datetime import timedelta

import pytest

from domain import Domain, make_domain
from loopback import LoopbackServer, answer, closed_port
from order_world import NIGHT, OrderWorld, again, fields, mail, make_order_world, measures
from pictures import as_bytes, picture
from vigie.cases.decisions import DecisionDraft
from vigie.evidence.service import read_item
from vigie.flows import order as order_flow
from vigie.flows.decision import decide, undo
from vigie.flows.order_view import look_at_items
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.ledger.outbox import Refused, Taken, deliver
from vigie.orders import intake
from vigie.orders.models import OrderIntake, OrderItem
from vigie.platforms.models import Recheck
from vigie.platforms.service import change_platform

pytestmark = pytest.mark.usefixtures("database")
REMOVE = DecisionDraft("remove", "a copy of the poster", legal_type="a", exemption="none")
KEEP = DecisionDraft("keep", "a press photograph", exemption="journalism", true_purpose="news")


def held(domain: Domain) -> str:
    """A held case about the post that an order names."""
    domain.bank_confirmed(1)
    data = as_bytes(picture(1).resize((400, 300)), "JPEG", quality=70)
    return str(domain.ask("p1", data)["case"])


def obeyed() -> None:
    """The platform took everything that is on its way."""
    OutboxMessage.objects.filter(state="pending").update(state="delivered", delivered_at=NIGHT)


@pytest.fixture
def domain() -> Domain:
    return make_domain()


@pytest.fixture
def world(domain: Domain) -> OrderWorld:
    return OrderWorld(anna=domain.anna, legal=domain.ben)


def test_what_a_decision_took_down_before_has_its_true_time_and_is_not_given_back(
    domain: Domain, world: OrderWorld
) -> None:
    case = held(domain)
    decide(case, REMOVE, user=domain.anna)
    obeyed()
    order = world.order(urls=["http://forum.example/p/p1"], received_at=NIGHT + timedelta(hours=3))
    order = world.step(order, "execute")
    assert (order.stage, order.measure_at) == ("executed", NIGHT)
    assert order.items.get().was_gone
    world.step(order, "annul", reason="Withdrawn by its authority.")
    assert measures() == [["remove_content"]]


def test_a_case_cannot_give_back_what_an_order_keeps_down(domain: Domain, world: OrderWorld) -> None:
    case = held(domain)
    order = world.order(urls=["http://forum.example/p/p1"])
    world.step(order, "execute")
    obeyed()
    with pytest.raises(Conflict) as refused:
        decide(case, KEEP, user=domain.anna)
    assert refused.value.code == "kept_down_by_order"
    decide(case, REMOVE, user=domain.anna)
    before = OutboxMessage.objects.count()
    undo(case, reason="wrong", user=domain.anna, settings=current())
    assert not any("restore_content" in one for one in measures())
    assert OutboxMessage.objects.count() == before + 1  # hidden again, as the rules had left it


def test_what_is_seen_at_an_address_is_sealed_before_it_is_taken_down(world: OrderWorld) -> None:
    server = LoopbackServer(answer(200, b"The heron flies.", "Content-Type: text/plain"))
    order = world.order(urls=[f"{server.url}/p/1", f"http://127.0.0.1:{closed_port()}/p/2"])
    door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}))
    assert look_at_items(door=door, settings=current()) == 2
    assert look_at_items(door=door, settings=current()) == 0
    server.close()
    first, second = OrderItem.objects.filter(order=order).order_by("id")
    assert (first.seen, second.seen) == ("http_200", "unreachable")
    _, data = read_item(first.evidence, purpose="a test", actor=COMMAND_LINE, settings=current())
    assert data == b"The heron flies."
    assert not second.evidence


def test_a_platform_that_was_away_is_asked_again_within_a_minute_and_its_obedience_is_the_time(
    world: OrderWorld,
) -> None:
    server = LoopbackServer(answer(503))
    change_platform("forum", url=f"{server.url}/hook", actor=COMMAND_LINE)
    order = world.order(urls=[f"{server.url}/p/1"], received_at=now() - timedelta(minutes=20))
    world.step(order, "execute")
    door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}))
    message = OutboxMessage.objects.get()
    OutboxMessage.objects.update(attempts=11, first_attempt_at=now())  # by now the gap would be an hour

    def deliverer(stored: OutboxMessage) -> Taken | Refused:
        return order_flow.deliver(stored, door=door, settings=current())

    message.refresh_from_db()
    refused = deliver(message, deliverer=deliverer, clock=now)
    assert isinstance(refused, Refused)
    assert refused.retry_at is not None
    assert refused.retry_at <= now() + timedelta(seconds=60)
    server.script = answer(200)
    message.refresh_from_db()
    assert isinstance(deliver(message, deliverer=deliverer, clock=now), Taken)
    server.close()
    order, message = again(order), OutboxMessage.objects.get()
    assert (order.stage, order.measure_at) == ("executed", message.delivered_at)
    # The look whether it holds is the order's: it belongs to no case.
    assert Recheck.objects.get().case == order.number


def test_what_a_dead_process_kept_is_read_by_another(
    world: OrderWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(intake, "read_in", _die)
        world.receive(mail(fields()))
    kept = OrderIntake.objects.get()
    assert (kept.order, kept.problem) == (None, intake.UNREAD)
    assert intake.read_waiting(at=NIGHT + timedelta(seconds=30), settings=current()) == 0
    assert intake.read_waiting(at=NIGHT + timedelta(minutes=3), settings=current()) == 1
    kept.refresh_from_db()
    assert kept.order is not None
    # The hour runs since receipt, not since somebody read it.
    assert kept.order.received_at == NIGHT
    assert LedgerEntry.objects.filter(event="evidence.read.v1").count() == 1


def _die(*_arguments: object, **_named: object) -> None:
    raise KeyboardInterrupt


def test_an_order_on_an_empty_world_makes_no_platform(database: str) -> None:
    world = make_order_world()
    order = world.order(urls=["http://elsewhere.example/p/1"])
    # The only platform that is connected: it is asked; with two, a person has to say.
    assert world.step(order, "execute").stage == "executing"
