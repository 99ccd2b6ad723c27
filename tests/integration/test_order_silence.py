"""While an authority forbids to tell that content was taken down, nobody is told of it by another way either."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from api_calls import service, with_own_token
from command_line import done
from order_world import NIGHT, URL, OrderWorld, fields, make_order_world
from vigie.cases.decisions import DecisionDraft
from vigie.flows import order_clock
from vigie.flows.complaint import Outcome, decide_complaint
from vigie.flows.decision import decide
from vigie.flows.first_start import activate_first_policy
from vigie.flows.informing import release_withheld
from vigie.flows.notice import notify, object_to_no_action
from vigie.flows.order import correct
from vigie.foundation.clock import now
from vigie.foundation.links import link_token
from vigie.foundation.settings import current
from vigie.ledger.actors import SYSTEM
from vigie.ledger.models import OutboxMessage
from vigie.notices.models import Notice
from vigie.notices.service import NoticeDraft
from vigie.orders.models import Order
from vigie.platforms.models import Platform
from vigie.redress import complaints
from vigie.redress.models import Complaint, Statement

REPLY = "You were right: it calls on readers to join."
KEEP = DecisionDraft("keep", "It reports on the column.", exemption="none")
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


def reported(world: OrderWorld, url: str = URL, *, decided: DecisionDraft | None = REMOVE) -> Notice:
    """Somebody else reports the same content, and a person removes it, or decides otherwise."""
    draft = NoticeDraft(
        text="It calls on readers to join the Grey Heron Column.",
        url=url,
        category="terrorism",
        language="en",
        good_faith=True,
        came_by=Notice.CameBy.FORM,
        email="somebody@heron.example",
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
    if decided is not None:
        decide(notice.case.number, decided, user=world.anna)
    return notice


def told(notice: Notice) -> str:
    """What the notifier reads under the private address."""
    link = f"/notice/{link_token(notice.number, settings=current())}"
    page = Client(SERVER_NAME="127.0.0.1").get(link).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def letters() -> list[str]:
    """Statements that are on their way to platforms."""
    payloads = OutboxMessage.objects.values_list("payload", flat=True)
    return [one["letter"]["number"] for one in payloads if one.get("letter")]


def mails() -> list[str]:
    """Mails that are on their way to notifiers."""
    payloads = OutboxMessage.objects.filter(topic="notices.mail").order_by("id")
    return [one.payload["kind"] for one in payloads]


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


def objected(world: OrderWorld) -> tuple[Notice, Complaint]:
    """Before the order came, a person kept what was reported; its notifier objects to that."""
    notice = reported(world, decided=KEEP)
    notice.refresh_from_db()
    complaint = object_to_no_action(
        notice, "Look again, please.", language="en", actor=SYSTEM, settings=current()
    )
    return notice, complaint


def reversed_for(complaint: Complaint, world: OrderWorld) -> None:
    """Another person finds that the notifier is right."""
    complaints.assign(complaint.number, user=world.legal)
    decide_complaint(
        complaint.number, Outcome("reversed", REPLY, new=REMOVE), user=world.legal, settings=current()
    )
    complaint.refresh_from_db()


def as_sender_sees(notice: Notice) -> dict[str, Any]:
    """A notice over the API, as whoever sent it reads it."""
    found = service("notices:write", platform="forum").get(f"/notices/{notice.number}").json()
    return {key: found[key] for key in ("state", "outcome", "told_at")}


def test_a_notifier_who_was_right_sees_no_sign_of_it_before_the_silence_is_over(
    world: OrderWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_SMTP_URL", "smtp://127.0.0.1:1")
    current.cache_clear()
    notice, complaint = objected(world)
    before, seen_before = told(notice), as_sender_sees(notice)
    silent_order(world)
    reversed_for(complaint, world)

    assert (complaint.state, complaint.informed_at) == ("reversed", None)
    assert told(notice) == before
    assert as_sender_sees(notice) == seen_before
    assert mails() == ["received", "decided", "complaint_received"]
    statement = Statement.objects.get()
    assert statement.state == "withheld"

    assert statement.withheld_until is not None
    assert release(statement.withheld_until - timedelta(seconds=1)) == 0
    # The author gets the statement, the notifier the decision and the answer to the objection.
    assert release(statement.withheld_until) == 3
    complaint.refresh_from_db()
    assert complaint.state == "informed"
    assert REPLY in told(notice)
    assert "restricted" in told(notice)
    assert mails()[3:] == ["decided", "complaint_outcome"]
    assert release(statement.withheld_until) == 0


def test_who_reported_the_same_sees_no_sign_of_it_either_and_can_object(world: OrderWorld) -> None:
    other = reported(world, decided=None)
    notice, complaint = objected(world)
    before = told(other)
    silent_order(world)
    reversed_for(complaint, world)

    assert told(other) == before
    assert "object here" in before
    other.refresh_from_db()
    late = object_to_no_action(other, "Look again.", language="en", actor=SYSTEM, settings=current())
    assert late.number in told(other)
    assert other.case == notice.case


def test_a_notifier_who_was_right_is_answered_at_once_where_nobody_is_silent(world: OrderWorld) -> None:
    notice, complaint = objected(world)
    reversed_for(complaint, world)
    assert complaint.state == "informed"
    assert REPLY in told(notice)


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


@pytest.mark.parametrize("door", ["api", "cli", "console"])
def test_when_the_order_is_corrected_to_say_no_they_are_told(world: OrderWorld, door: str) -> None:
    order = silent_order(world)
    reported(world)
    assert release(now()) == 0
    if door == "api":
        caller = with_own_token(world.anna)
        assert caller.patch(f"/orders/{order.number}", {"do_not_inform": False}).status_code == 200
    elif door == "cli":
        done("order", "correct", order.number, "do_not_inform=no", "--by", world.anna.username)
    else:
        browser = Client(SERVER_NAME="127.0.0.1")
        browser.force_login(world.anna, backend="allauth.account.auth_backends.AuthenticationBackend")
        browser.post(f"/orders/{order.number}/fields", {"do_not_inform": "no"})
    assert release(now()) == 2
    assert Statement.objects.get().number in letters()


def test_an_address_that_was_never_in_the_order_silences_nobody_once_it_is_corrected(
    world: OrderWorld,
) -> None:
    order = silent_order(world)
    reported(world)
    correct(
        order.number,
        {"urls": ["http://forum.example/p/heron-2"]},
        user=world.anna,
        at=order.received_at + timedelta(minutes=5),
        settings=current(),
    )
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
