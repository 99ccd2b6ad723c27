"""Whoever knows a reference, or guesses it, takes it from no genuine order and speaks for no authority."""

from pathlib import Path

import pytest

from order_world import OrderWorld, again, fields, mail, make_order_world
from vigie.foundation.errors import Conflict
from vigie.foundation.settings import current
from vigie.ledger.actors import SYSTEM
from vigie.orders.intake import take_in
from vigie.orders.models import Order, OrderIntake
from vigie.orders.states import Stage

FORGER = "duty@evil.example"
PASSED = (("Authentication-Results", "mx.forum.example; dkim=pass header.d=real.example"),)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OrderWorld:
    """A register that knows one authority, and a mail server that is believed."""
    path = tmp_path / "authorities.yaml"
    path.write_text(
        "provenance: {source: a test, checked_on: 2026-11-25}\nauthorities:\n"
        "- {key: real, name: Real Authority, member_state: FR, competences: [issue], domains: [real.example]}\n"
    )
    monkeypatch.setenv("VIGIE_ORDERS_AUTHORITIES_FILE", str(path))
    monkeypatch.setenv("VIGIE_ORDERS_MAIL_SERVER_ID", "mx.forum.example")
    current.cache_clear()
    return make_order_world()


def genuine(reference: str = "REF-1", **changes: object) -> bytes:
    """A mail of the authority itself."""
    form = fields(reference, authority="Real Authority", email="duty@real.example", **changes)
    return mail(form, sender="duty@real.example", headers=PASSED)


def forged(reference: str = "REF-1", *, text: str = "Now.", **changes: object) -> bytes:
    """A mail of somebody else in its name."""
    form = fields(reference, authority="Real Authority", email=FORGER, **changes)
    return mail(form, sender=FORGER, text=text)


def order_of(intake: OrderIntake) -> Order:
    """The order that came in, or that was repeated."""
    assert intake.order is not None
    return again(intake.order)


def test_a_refused_forgery_does_not_make_the_genuine_order_a_repeat(world: OrderWorld) -> None:
    refused = order_of(world.receive(forged()))
    world.step(refused, "refuse", reason="The authority knows nothing of it.")

    intake = world.receive(genuine())

    order = order_of(intake)
    assert intake.state == OrderIntake.State.TAKEN
    assert order.pk != refused.pk
    assert order.standing.hour_runs
    assert "reference_of_other" in order.sender_check["notes"]


def test_a_forgery_that_waits_does_not_either_and_cannot_be_executed_beside_the_genuine_one(
    world: OrderWorld,
) -> None:
    waiting = order_of(world.receive(forged()))
    order = order_of(world.receive(genuine()))

    assert order.pk != waiting.pk
    with pytest.raises(Conflict, match="more is proven"):
        world.step(waiting, "execute")
    assert world.step(order, "execute").stage == Stage.EXECUTING
    assert world.step(waiting, "refuse", reason="Forged.").stage == Stage.NOT_GENUINE


def test_what_only_seems_forged_is_executed_and_what_comes_then_is_its_repeat(world: OrderWorld) -> None:
    order = order_of(world.receive(forged()))
    world.step(order, "accept")

    intake = world.receive(genuine())

    assert intake.state == OrderIntake.State.REPEAT
    assert order_of(intake).pk == order.pk


def test_a_forgery_that_comes_again_is_one_order(world: OrderWorld) -> None:
    raw = forged()
    first = world.receive(raw)
    assert world.receive(forged(text="Again.")).order == first.order
    world.step(order_of(first), "refuse", reason="Forged.")

    same_bytes = world.receive(raw)
    assert (same_bytes.state, same_bytes.order) == (OrderIntake.State.REPEAT, first.order)
    assert Order.objects.count() == 1


def test_a_forgery_after_the_genuine_order_is_a_repeat_that_says_something_else(world: OrderWorld) -> None:
    order = order_of(world.receive(genuine()))
    intake = world.receive(forged(urls=["http://forum.example/p/innocent"]))

    assert (intake.order, intake.differs) == (order, True)
    assert [one.url for one in order.items.all()] == fields()["urls"]


def test_nobody_but_the_authority_clarifies_its_order(world: OrderWorld) -> None:
    order = order_of(world.receive(genuine(urls=[])))
    world.step(order, "cannot_execute", ground="insufficient_information", reason="No address.")

    for raw in (
        forged(urls=["http://forum.example/p/innocent"]),
        mail(fields(), sender="a@elsewhere.example"),
    ):
        world.receive(raw)
    by_forger = again(order)
    # The hour runs, because it might be the clarification after all; a person reads what it says.
    assert by_forger.standing.hour_runs
    assert not by_forger.items.exists()
    assert by_forger.fields["email"] == "duty@real.example"
    assert "clarification_unproven" in by_forger.sender_check["notes"]


def test_the_authority_clarifies_it(world: OrderWorld) -> None:
    order = order_of(world.receive(genuine(urls=[])))
    world.step(order, "cannot_execute", ground="insufficient_information", reason="No address.")
    world.receive(genuine())

    assert [one.url for one in again(order).items.all()] == fields()["urls"]


def test_what_is_handed_in_with_the_authoritys_token_is_never_a_repeat_of_a_refused_one(
    world: OrderWorld,
) -> None:
    form = fields(authority="Real Authority")
    refused = order_of(world.receive(form))
    world.step(refused, "refuse", reason="Nobody knew of it.")
    at = refused.received_at
    intake = take_in(
        b'{"form": "annex_i", "authority": "Real Authority", "issuing_state": "FR", "reference": "REF-1"}',
        channel=OrderIntake.Channel.API,
        received_at=at,
        at=at,
        actor=SYSTEM,
        settings=current(),
        authority="real",
    )
    assert order_of(intake).pk != refused.pk
