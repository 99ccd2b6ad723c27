"""Drafts of orders: what they lack, two persons, deconfliction with holds and own orders."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from issuing_world import CONTENT, MORNING, URL, IssuingWorld, again, facts_of, hold, make_issuing_world
from vigie.foundation.errors import Conflict, Forbidden, Invalid
from vigie.issuing import drafting, holds
from vigie.issuing.states import StepImpossible
from vigie.ledger.models import OutboxMessage
from vigie.people.models import User

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world(tmp_path: Path) -> IssuingWorld:
    return make_issuing_world(tmp_path)


def test_a_draft_begins_with_the_authoritys_own_fields_and_says_what_it_lacks(world: IssuingWorld) -> None:
    order = drafting.begin_draft({}, case="", user=world.ana, at=MORNING, settings=world.settings)
    assert order.fields["authority"] == "Example Prefecture of Lutèce"
    assert order.reference == f"2026/{order.number}"
    assert set(drafting.lacking(order)) == {
        "urls",
        "legal_types",
        "additional_reasons",
        "do_not_inform",
        "provider",
        "addressee",
        "contact_point",
        "home_state",
    }
    order = drafting.change_draft(order.number, CONTENT, user=world.ana, at=MORNING)
    # The provider is known by the host of the address.
    assert order.provider is not None
    assert order.provider.name == "forum"
    assert drafting.lacking(order) == {}


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"urls": ["https://forum.example/"]}, "urls", "whole_site"),
        ({"additional_reasons": "Bad."}, "additional_reasons", "too_short"),
        ({"do_not_inform": True}, "withheld_weeks", "weeks"),
        ({"do_not_inform": True, "withheld_weeks": 6}, "withheld_reason", "missing"),
    ],
)
def test_what_is_not_enough_is_named(
    world: IssuingWorld, changes: dict[str, Any], field: str, why: str
) -> None:
    order = world.draft(**changes)
    assert drafting.lacking(order)[field] == why
    world.step(order, "check")
    with pytest.raises(Invalid, match=field):
        world.step(order, "approve", by=world.lea)


@pytest.mark.parametrize(
    "values", [{"no_such": "x"}, {"issued_at": "2026-01-01T00:00:00Z"}, {"legal_types": ["z"]}]
)
def test_what_cannot_be_taken_is_refused_and_changes_nothing(
    world: IssuingWorld, values: dict[str, Any]
) -> None:
    order = world.draft()
    with pytest.raises(Invalid):
        drafting.change_draft(order.number, values, user=world.ana, at=MORNING)
    assert again(order).fields == order.fields


def test_a_second_person_approves_and_never_who_wrote_a_part(world: IssuingWorld) -> None:
    order = world.draft()
    drafting.change_draft(order.number, {"file_number": "2026/9"}, user=world.lea, at=MORNING)
    world.step(order, "check")
    with pytest.raises(Forbidden):
        world.step(order, "approve", by=world.lea)
    with pytest.raises(Forbidden):
        world.step(order, "approve", by=world.ana)
    assert world.step(order, "approve", by=world.leo).stage == "approved"


def test_a_change_after_the_comparison_asks_for_another_one(world: IssuingWorld) -> None:
    order = world.draft()
    world.step(order, "check")
    drafting.change_draft(order.number, {"urls": [URL + "2"]}, user=world.ana, at=MORNING)
    with pytest.raises(StepImpossible):
        world.step(order, "approve", by=world.lea)
    with pytest.raises(Conflict):
        drafting.change_draft(world.approved(urls=[URL + "3"]).number, {}, user=world.ana, at=MORNING)


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("url", "http://WWW.Forum.example:80/p/./heron%2D1/#top"),
        ("account", "https://forum.example/p"),
        ("host", "forum.example"),
    ],
)
def test_a_hold_stops_a_draft_and_says_whom_to_ask_and_nothing_else(
    world: IssuingWorld, kind: str, pattern: str
) -> None:
    number = hold(world, kind, pattern)
    order = world.step(world.draft(), "check")
    assert order.stage == "held"
    (against,) = order.conflicts
    assert (against["key"], against["ask"]) == (f"hold:{number}", "Unit 4: +33 1 22 22 22 22")
    assert "investigation" not in str(order.conflicts) + str(facts_of("hold_entered"))
    assert facts_of("order_deconflicted")[-1]["outcome"] == "hold"
    holds.release_hold(number, user=world.ana, at=MORNING)
    assert world.step(order, "check").stage == "clear"


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("url", "https://forum.example/p/heron-10"),
        ("account", "https://forum.example/p/heron"),
        ("host", "rum.example"),
        ("host", "sub.forum.example"),
    ],
)
def test_a_hold_of_something_else_stops_nothing(world: IssuingWorld, kind: str, pattern: str) -> None:
    hold(world, kind, pattern)
    assert world.step(world.draft(), "check").stage == "clear"


def test_only_who_entered_a_hold_or_a_person_who_may_approve_releases_it(world: IssuingWorld) -> None:
    first, second = hold(world, "url", URL), hold(world, "host", "forum.example")
    other = User.objects.create(username="abel", role="analyst")
    with pytest.raises(Forbidden, match="Whoever entered this hold"):
        holds.release_hold(first, user=other, at=MORNING)
    with pytest.raises(Forbidden):
        holds.release_hold(
            first, user=User.objects.create(username="rita", role="reviewer"), at=MORNING, reason="Because."
        )
    with pytest.raises(Invalid):
        holds.release_hold(first, user=world.lea, at=MORNING)
    holds.release_hold(first, user=world.lea, at=MORNING, reason="The unit was dissolved.")
    assert (facts_of("hold_lifted"), facts_of("hold_released")) == ([{"hold": first}], [])
    holds.release_hold(second, user=world.ana, at=MORNING)
    assert facts_of("hold_released") == [{"hold": second}]


def test_a_hold_ends_by_itself(world: IssuingWorld) -> None:
    holds.enter_hold(
        kind="url",
        pattern=URL,
        unit="Unit 4",
        contact="x@unit.example",
        until=MORNING - timedelta(hours=1),
        reason="",
        user=world.ana,
        at=MORNING - timedelta(days=3),
    )
    assert world.step(world.draft(), "check").stage == "clear"


def test_a_second_person_lets_pass_what_stands_against_a_draft_but_nothing_that_comes_later(
    world: IssuingWorld,
) -> None:
    first = hold(world, "url", URL)
    order = world.step(world.draft(by=world.lea), "check")
    with pytest.raises(Forbidden):
        world.step(order, "override", by=world.lea, reason="It cannot wait.")
    order = world.step(order, "override", by=world.leo, reason="The unit agreed by telephone.")
    assert (order.stage, order.overridden) == ("clear", [f"hold:{first}"])
    second = hold(world, "host", "forum.example")
    with pytest.raises(Conflict, match="stands against"):
        world.step(order, "approve", by=world.leo)
    held = again(order)
    assert (held.stage, [one["key"] for one in held.conflicts]) == ("held", [f"hold:{second}"])


def test_the_same_address_is_not_ordered_twice(world: IssuingWorld) -> None:
    first = world.issued()
    order = world.step(world.draft(urls=["http://forum.example/p/heron-1/"]), "check")
    assert (order.stage, order.conflicts[0]["key"]) == ("held", f"order:{first.number}")
    assert facts_of("order_deconflicted")[-1]["outcome"] == "already_ordered"
    world.step(first, "withdraw", by=world.lea, reason="Sent to the wrong service.")
    assert world.step(order, "check").stage == "clear"


def test_what_is_held_between_approval_and_sending_is_not_sent(world: IssuingWorld) -> None:
    world.informed()
    order = world.approved()
    hold(world, "url", URL)
    with pytest.raises(Conflict):
        world.step(order, "issue")
    assert again(order).stage == "held"
    assert not OutboxMessage.objects.filter(topic="issuing.letter").exists()
