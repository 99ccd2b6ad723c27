"""Exposure on both sides: what an authority decides about a provider, and what a provider records of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain import Domain, make_domain
from issuing_world import MORNING, IssuingWorld, make_issuing_world
from redress_world import open_case
from vigie.cases.decisions import DecisionDraft
from vigie.exposure import service
from vigie.exposure.models import Decision
from vigie.flows.decision import decide
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden, Invalid
from vigie.foundation.settings import current
from vigie.issuing import dossier
from vigie.issuing.acts import act_from
from vigie.issuing.models import Provider
from vigie.issuing.yearly import yearly_figures
from vigie.ledger.models import LedgerEntry
from vigie.people.models import User

pytestmark = pytest.mark.usefixtures("database")

LATER = MORNING + timedelta(days=40)


@pytest.fixture
def world(tmp_path: Path) -> IssuingWorld:
    return make_issuing_world(tmp_path)


def final_order(world: IssuingWorld, number: int) -> None:
    """An order of ours that became final."""
    order = world.done(urls=[f"https://forum.example/p/{number}"])
    world.step(order, "handed_over", at=LATER)
    world.step(order, "final", by=world.lea, at=LATER, final_at=LATER)


def act(
    world: IssuingWorld, kind: str, *, by: User | None = None, at: datetime = LATER, **values: Any
) -> str:
    """A person notes an act about the forum."""
    return dossier.take("forum", act_from(kind, values), user=by or world.lea, at=at).number


def test_exposure_takes_two_final_orders_and_a_right_to_decide(world: IssuingWorld) -> None:
    final_order(world, 1)
    with pytest.raises(Conflict, match="Fewer than two"):
        act(world, "exposed", reason="Two orders in a month.")
    final_order(world, 2)
    with pytest.raises(Forbidden):
        act(world, "exposed", by=world.ana, reason="Two orders in a month.")
    with pytest.raises(Conflict, match="cannot follow"):
        noted(world, "notified", LATER, proof="Registered letter.")
    assert act(world, "exposed", reason="Two orders in a month.") == "PA-000001"
    facts = LedgerEntry.objects.get(event="issuing.exposure_decided.v1").facts
    assert facts["orders"] == ["RO-000001", "RO-000002"]
    # Article 5(4) counts twelve months: two years later it could not be decided on these.
    found = dossier.dossier_of(Provider.objects.get(), at=LATER + timedelta(days=730))
    assert found.final_orders == ()


def exposed(world: IssuingWorld) -> None:
    """The forum is exposed since `LATER`."""
    final_order(world, 1)
    final_order(world, 2)
    act(world, "exposed", reason="Two orders in a month.")
    noted(world, "notified", LATER, proof="Registered letter.")


def noted(world: IssuingWorld, kind: str, at: datetime, **values: Any) -> str:
    """An act that counts from this instant."""
    made = dossier.take("forum", act_from(kind, {"at": at, **values}), user=world.lea, at=at)
    return made.number


def test_reports_reviews_courts_and_penalties_are_followed_and_counted(world: IssuingWorld) -> None:
    exposed(world)
    forum = Provider.objects.get()
    first_due_at = datetime(2027, 4, 4, 9, 0, tzinfo=UTC)
    assert dossier.dossier_of(forum, at=LATER).report_due_at == first_due_at
    year = datetime(2027, 5, 1, tzinfo=UTC)
    assert dossier.dossier_of(forum, at=year).is_late(year)
    noted(
        world,
        "reported",
        year,
        reason="Six pages.",
        items="40",
        seconds="120",
        complaints="3",
        reinstated="1",
    )
    assert dossier.dossier_of(forum, at=year).report_due_at == datetime(2028, 4, 4, 9, 0, tzinfo=UTC)
    act(world, "required", at=year, reason="Nobody looks at night.")
    noted(world, "review_asked", year)
    assert dossier.dossier_of(forum, at=year).review_due_at == datetime(2027, 8, 1, tzinfo=UTC)
    act(world, "review_decided", at=year, outcome="kept", reason="Nothing changed.")
    noted(world, "challenged", year, reason="Before the administrative court.")
    noted(world, "penalty", year, infringed="5(5)", penalty="fine", amount_eur="20000", reason="Late.")
    noted(world, "access_requested", year, order="RO-000001", reason="Article 6(1)(b).")
    act(world, "court_decided", at=year, outcome="annulled", reason="No reasons were given.")
    assert dossier.dossier_of(forum, at=year).situation.exposure == "none"
    found = {one.key: one.value for one in yearly_figures(2027).figures}
    assert {key: found[key] for key in ("exposure_decisions", "measures_required", "reviews_asked")} == {
        "exposure_decisions": 1,
        "measures_required": 1,
        "reviews_asked": 1,
    }
    assert (found["reviews_kept"], found["reviews_revoked"], found["exposure_annulled"]) == (1, 0, 1)
    assert (found["measures_items"], found["measures_seconds"], found["complaints"]) == (40, 120, 3)
    assert (found["complaints_reinstated"], found["access_requests"]) == (1, 1)
    assert (found["penalties"], found["penalties_fine"], found["penalties_eur"]) == (1, 1, 20_000)
    assert {one.value for one in yearly_figures(2031).figures if one.key.startswith("penalties")} == {0}
    late = LedgerEntry.objects.get(event="issuing.measures_reported.v1").facts
    assert late["in_time"] is False


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("penalty", {"at": LATER, "infringed": "2", "penalty": "fine", "reason": "xxx"}),
        ("penalty", {"at": LATER, "infringed": "6", "penalty": "fine", "amount_eur": "-1", "reason": "xxx"}),
        ("penalty", {"at": LATER + timedelta(days=1), "infringed": "6", "penalty": "fine", "reason": "xxx"}),
        ("access_requested", {"at": LATER, "reason": " "}),
    ],
)
def test_what_cannot_be_is_refused_and_noted_nowhere(
    world: IssuingWorld, kind: str, values: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        dossier.take("forum", act_from(kind, values), user=world.lea, at=LATER)
    assert Provider.objects.get().acts.count() == 0


REMOVE = DecisionDraft("remove", "a copy of the poster", legal_type="a", exemption="none")


@pytest.fixture
def domain(database: str) -> Domain:
    made = make_domain()
    made.bank_confirmed(1)
    return made


def received(user: User, **changes: Any) -> Decision:
    """A decision of an invented authority reached us four months ago."""
    at = now()
    values = {
        "authority": "Example Office",
        "member_state": "fr",
        "reference": "2026/5",
        "received_at": at - timedelta(days=120),
        "proof": "Registered letter.",
        **changes,
    }
    return service.record_decision(**values, user=user, at=at)


def step(decision: Decision, name: str, user: User, **values: Any) -> Decision:
    """What followed."""
    return service.take_step(decision.number, service.step_from(name, values), user=user, at=now())


def test_what_we_remove_while_exposed_and_under_measures_is_a_specific_measure(domain: Domain) -> None:
    legal = User.objects.create(username="legal", role="legal_officer")

    def measure(content: str) -> bool:
        decide(open_case(domain, content), REMOVE, user=domain.anna)
        made = LedgerEntry.objects.filter(event="redress.statement_made.v1").order_by("-seq")[0]
        return bool(made.facts["specific_measure"])

    assert not measure("p1")
    decision = received(legal)
    # Exposed, and no specific measure taken yet: what is done is done on own initiative.
    assert not measure("p2")
    step(decision, "measures", legal, kinds="means, flagging", reason="Two more people.", since=now())
    assert measure("p3")
    step(decision, "ended", legal, ended_at=now(), reason="The authority revoked it.")
    assert not measure("p4")


def test_reports_are_due_after_three_months_and_each_year(domain: Domain) -> None:
    legal = User.objects.create(username="legal", role="legal_officer")
    decision = received(legal)
    due_at = decision.next_report_due_at
    assert due_at is not None
    assert timedelta(days=89) <= due_at - decision.received_at <= timedelta(days=92)
    assert service.next_report_due_at() == due_at
    step(decision, "report", legal, sent_at=now(), proof="By registered mail.")
    again = service.find_decision(decision.number)
    assert again.next_report_due_at is not None
    assert 365 <= (again.next_report_due_at - due_at).days <= 366
    facts = LedgerEntry.objects.get(event="exposure.report_sent.v1").facts
    assert facts["in_time"] is False
    step(decision, "ended", legal, ended_at=now(), reason="The authority revoked it.")
    assert service.next_report_due_at() is None
    with pytest.raises(Conflict):
        step(decision, "report", legal, sent_at=now(), proof="Too late.")


def test_what_is_recorded_of_a_decision_is_looked_at(domain: Domain) -> None:
    legal = User.objects.create(username="legal", role="legal_officer")
    with pytest.raises(Forbidden):
        received(domain.anna)
    decision = received(legal)
    with pytest.raises(Conflict):
        received(legal)
    for changes in ({"member_state": "F"}, {"reference": " "}, {"received_at": now() + timedelta(hours=1)}):
        with pytest.raises(Invalid):
            received(legal, **changes)
    with pytest.raises(Invalid):
        step(decision, "measures", legal, kinds="magic", reason="xxx", since=now())
    with pytest.raises(Invalid):
        step(decision, "report", legal, sent_at=decision.received_at - timedelta(days=1), proof="xxx")
    with pytest.raises(Conflict):
        step(decision, "review_refused", legal, reason="Nobody asked.")
    step(decision, "ask_review", legal, asked_at=now())
    assert service.find_decision(decision.number).review_due_at is not None
    step(decision, "review_refused", legal, reason="Two more final orders.")
    step(decision, "required", legal, received_at=now(), reason="A night shift.")
    assert not service.is_exposed(at=now(), settings=current())
