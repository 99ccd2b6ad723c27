"""Orders that we issue: prior information, sending, the hour from proven receipt, answers, finality."""

from datetime import timedelta
from pathlib import Path

import pytest

from issuing_world import MORNING, URL, IssuingWorld, again, facts_of, hold, make_issuing_world
from vigie.flows import issuing as flow
from vigie.flows import issuing_watch
from vigie.foundation.errors import Conflict, Forbidden, Invalid, VigieError
from vigie.issuing import holds, providers
from vigie.issuing.models import IssuedOrder
from vigie.issuing.states import StepImpossible
from vigie.issuing.yearly import yearly_figures
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry
from vigie.people.models import User

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world(tmp_path: Path) -> IssuingWorld:
    return make_issuing_world(tmp_path)


def test_a_first_order_waits_twelve_hours_from_the_information(world: IssuingWorld) -> None:
    order = world.approved()
    with pytest.raises(Conflict) as refused:
        world.step(order, "issue")
    assert refused.value.code == "prior_information_missing"
    world.informed(hours_before=11)
    with pytest.raises(Conflict) as refused:
        world.step(order, "issue")
    assert refused.value.code == "prior_information_too_late"
    assert world.step(order, "issue", at=MORNING + timedelta(hours=1)).stage == "issued"
    (facts,) = facts_of("order_issued")
    assert (facts["is_first"], facts["prior"]) == (True, "informed")
    world.issued(urls=[URL + "2"])
    assert facts_of("order_issued")[1]["prior"] == "not_needed"


def test_an_emergency_is_justified_and_kept(world: IssuingWorld) -> None:
    order = world.approved()
    with pytest.raises(Invalid):
        world.step(order, "emergency", by=world.lea, reason=" ")
    world.step(order, "emergency", by=world.lea, reason="An attack is announced for tonight.")
    order = world.step(order, "issue")
    assert order.emergency == "An attack is announced for tonight."
    assert facts_of("order_issued")[0]["prior"] == "emergency"


def test_an_issued_order_is_dated_and_its_copy_goes_at_the_same_moment(world: IssuingWorld) -> None:
    order = world.issued()
    assert order.fields["issued_at"] == "2026-11-25T09:00:00+00:00"
    assert (order.fields["home_state_differs"], order.fields["copy_sent"]) == (True, True)
    made = {one.kind: one for one in order.letters.all()}
    assert made["order"].made_at == made["home_copy"].made_at == MORNING
    assert order.home == "copy_due"


def test_at_home_there_is_no_copy(world: IssuingWorld) -> None:
    providers.change_provider("forum", {"home_state": "FR"}, actor=COMMAND_LINE, settings=world.settings)
    order = world.issued()
    assert [one.kind for one in order.letters.all()] == ["order"]
    assert (order.home, order.fields["copy_sent"]) == ("none", False)
    assert facts_of("order_issued")[0]["cross_border"] is False


def test_the_hour_runs_from_proven_receipt_and_not_from_sending(world: IssuingWorld) -> None:
    order = world.issued()
    assert order.due_at is None
    order = world.step(order, "handed_over", at=MORNING + timedelta(minutes=1))
    assert (order.stage, order.due_at) == ("sent", None)
    receipt = MORNING + timedelta(minutes=7)
    with pytest.raises(Invalid):
        world.step(order, "received", at=receipt, received_at=receipt, proof=" ")
    order = world.step(order, "received", at=receipt, received_at=receipt, proof="Read receipt.")
    assert order.due_at == receipt + timedelta(hours=1)


@pytest.mark.parametrize("minutes", [-30, 30])
def test_receipt_is_neither_before_the_order_nor_in_the_future(world: IssuingWorld, minutes: int) -> None:
    order = world.issued()
    with pytest.raises(Invalid):
        world.step(order, "received", received_at=MORNING + timedelta(minutes=minutes), proof="Read receipt.")


@pytest.mark.parametrize(("minutes", "in_time"), [(59, True), (60, True), (61, False)])
def test_annex_two_tells_whether_the_hour_was_kept(world: IssuingWorld, minutes: int, in_time: bool) -> None:
    order = world.done(minutes=minutes)
    assert (order.stage, order.measure) == ("done", "removed")
    (facts,) = facts_of("order_done")
    assert (facts["in_time"], facts["seconds"]) == (in_time, minutes * 60)


def test_an_answer_proves_receipt(world: IssuingWorld) -> None:
    order = world.issued()
    at = MORNING + timedelta(minutes=30)
    order = world.step(order, "done", at=at, measure="removed", measure_at=at, proof="They rang.")
    assert order.received_at == at
    assert [one["by"] for one in facts_of("receipt_proven")] == ["hand"]


def test_an_hour_that_ends_in_silence_is_noted_once(world: IssuingWorld) -> None:
    order = world.received()
    late = MORNING + timedelta(minutes=63)
    assert issuing_watch.sweep(at=MORNING + timedelta(minutes=61), settings=world.settings) == 0
    assert issuing_watch.sweep(at=late, settings=world.settings) == 1
    assert issuing_watch.sweep(at=late, settings=world.settings) == 0
    assert facts_of("hour_missed") == [{"order": order.number}]


def test_annex_three_and_its_clarification_restart_the_hour(world: IssuingWorld) -> None:
    order = world.received()
    at = MORNING + timedelta(minutes=10)
    order = world.step(
        order, "cannot", at=at, ground="insufficient_information", proof="By mail: which of two posts?"
    )
    assert (order.stage, order.ground) == ("cannot", "insufficient_information")
    flow.propose(order.number, {"locating_information": "The second post."}, user=world.lea)
    with pytest.raises(Forbidden):
        world.step(order, "resend", by=world.lea, at=at)
    order = world.step(order, "resend", by=world.leo, at=at)
    assert (order.stage, order.fields["locating_information"]) == ("replied", "The second post.")
    assert order.letters.last().form["issued_at"] == "2026-11-25T09:00:00+00:00"  # type: ignore[union-attr]
    again_at = MORNING + timedelta(minutes=15)
    order = world.step(order, "received", at=again_at, received_at=again_at, proof="Read receipt.")
    assert order.due_at == again_at + timedelta(hours=1)
    measure_at = MORNING + timedelta(minutes=70)
    world.step(order, "done", at=measure_at, measure="disabled", measure_at=measure_at, proof="Annex II.")
    (facts,) = facts_of("order_done")
    assert (facts["in_time"], facts["seconds"]) == (True, 55 * 60)


def test_authority_and_reference_of_an_order_that_is_out_stay(world: IssuingWorld) -> None:
    order = world.received()
    with pytest.raises(Invalid):
        flow.propose(order.number, {"reference": "another"}, user=world.ana)


def test_a_clarification_does_not_name_what_is_held(world: IssuingWorld) -> None:
    order = world.received()
    hold(world, "url", URL + "9")
    flow.propose(order.number, {"urls": [URL + "9"]}, user=world.ana)
    with pytest.raises(Conflict):
        world.step(order, "resend", by=world.lea)
    assert again(order).fields["urls"] == [URL]


def test_force_majeure_ends_and_the_hour_begins_anew(world: IssuingWorld) -> None:
    order = world.received()
    at = MORNING + timedelta(hours=5)
    order = world.step(order, "cannot", ground="force_majeure", proof="Their data centre burns.", at=at)
    order = world.step(order, "restart", at=at, again_at=at)
    assert (order.stage, order.due_at) == ("received", at + timedelta(hours=1))


def test_a_withdrawal_is_told_to_the_provider_and_to_the_home_authority(world: IssuingWorld) -> None:
    order = world.step(world.done(), "withdraw", by=world.lea, reason="It was a satire.", at=MORNING)
    kinds = [one.kind for one in order.letters.all()]
    assert kinds == ["order", "home_copy", "withdrawal", "home_withdrawal"]
    assert "It was a satire." in order.letters.last().text  # type: ignore[union-attr]
    with pytest.raises(StepImpossible):
        world.step(order, "withdraw", by=world.lea, reason="Once more.")


def test_non_disclosure_is_extended_once_before_it_ends_and_the_provider_is_told(world: IssuingWorld) -> None:
    order = world.received(do_not_inform=True, withheld_weeks=2, withheld_reason="Arrests are planned.")
    ends_at = MORNING + timedelta(weeks=2)
    assert again(order).withheld_until == ends_at
    with pytest.raises(Forbidden):
        world.step(order, "extend_silence", by=world.ana, at=ends_at, reason="They are still free.")
    with pytest.raises(Conflict):
        late = ends_at + timedelta(seconds=1)
        world.step(order, "extend_silence", by=world.lea, at=late, reason="They are still free.")
    extended = world.step(order, "extend_silence", by=world.lea, at=ends_at, reason="They are still free.")
    assert extended.withheld_until == ends_at + timedelta(weeks=6)
    letter = order.letters.get(kind="silence_extended")
    assert "until 2027-01-20 09:00 UTC" in letter.text
    assert "free" not in letter.text
    assert facts_of("silence_extended") == [{"order": order.number, "until": "2027-01-20T09:00:00.000000Z"}]
    with pytest.raises(Conflict):
        world.step(order, "extend_silence", by=world.lea, at=ends_at, reason="And again.")
    told = world.received(urls=["https://forum.example/p/2"])
    with pytest.raises(Conflict):
        world.step(told, "extend_silence", by=world.lea, reason="Nobody has to be silent.")


def test_final_only_after_the_appeal_period_and_the_home_authority_is_told(world: IssuingWorld) -> None:
    order = world.done()
    world.step(order, "handed_over", at=MORNING)
    early, late = MORNING + timedelta(days=30), MORNING + timedelta(days=31)
    with pytest.raises(Conflict) as refused:
        world.step(order, "final", by=world.lea, at=late, final_at=early)
    assert refused.value.code == "appeal_period_runs"
    order = world.step(order, "final", by=world.lea, at=late, final_at=late)
    assert (order.stage, order.home) == ("final", "finality_due")
    assert "2026-12-26" in order.letters.last().text  # type: ignore[union-attr]
    order = world.step(order, "handed_over", at=late)
    assert order.home == "finality_told"
    assert facts_of("home_informed_of_finality")[0]["home_state"] == "DE"


def test_an_upheld_order_is_final_at_once_and_a_challenged_one_is_not(world: IssuingWorld) -> None:
    order = world.done()
    world.step(order, "handed_over")
    at = MORNING + timedelta(days=2)
    world.step(order, "appeal_lodged", at=at)
    with pytest.raises(VigieError):
        world.step(order, "final", by=world.lea, at=at + timedelta(days=60), final_at=at + timedelta(days=60))
    world.step(order, "appeal_upheld", at=at)
    assert world.step(order, "final", by=world.lea, at=at, final_at=at).stage == "final"


def test_an_infringement_or_a_court_ends_the_effect(world: IssuingWorld) -> None:
    order = world.step(world.done(), "infringement", reason="It breaches Article 11 of the Charter.")
    assert (order.stage, order.scrutiny) == ("annulled", "infringement")
    other = world.done(urls=[URL + "2"])
    world.step(other, "appeal_lodged")
    assert world.step(other, "appeal_annulled", reason="The court said so.").stage == "annulled"
    assert [one["because"] for one in facts_of("order_annulled")] == ["scrutiny", "appeal"]


def test_rights_are_asked(world: IssuingWorld) -> None:
    auditor = User.objects.create(username="olga", role="auditor")
    with pytest.raises(Forbidden):
        world.draft(by=auditor)
    order = world.draft()
    with pytest.raises(Forbidden):
        world.step(order, "check", by=auditor)
    with pytest.raises(Forbidden):
        holds.release_hold(hold(world, "url", URL), user=auditor, at=MORNING)


def test_the_yearly_figures_are_those_of_the_ledger(world: IssuingWorld) -> None:
    world.done(minutes=20, urls=[URL + "1"])
    world.done(minutes=61, urls=[URL + "2", URL + "3"], legal_types=["b"])
    missed = world.received(urls=[URL + "4"])
    issuing_watch.sweep(at=MORNING + timedelta(hours=3), settings=world.settings)
    world.step(
        missed, "cannot", ground="manifest_errors", proof="Annex III.", at=MORNING + timedelta(hours=4)
    )
    world.step(world.done(urls=[URL + "5"]), "withdraw", by=world.lea, reason="A mistake.")
    world.draft(urls=[URL + "6"])
    found = yearly_figures(2026)
    values = {one.key: one.value for one in found.figures}
    assert (values["issued"], values["items"], values["under_4_1"]) == (4, 5, 4)
    assert (values["executed"], values["items_executed"], values["not_executed"]) == (3, 4, 1)
    assert (values["within_one_hour"], values["late"]) == (2, 1)
    assert values["share_within_one_hour"] == 0.6667
    assert values["median_seconds"] == 1200
    assert (values["hour_missed"], values["annex_iii"], values["not_executed_manifest_errors"]) == (1, 1, 1)
    assert (values["withdrawn"], values["first_orders"], values["emergencies"]) == (1, 1, 0)
    IssuedOrder.objects.update(measure="", stage="draft", measure_at=None)
    assert yearly_figures(2026).figures == found.figures
    assert {one.value for one in yearly_figures(2025).figures} == {0, None}
    for one in found.figures:
        assert LedgerEntry.objects.filter(seq__in=one.rows).count() == len(one.rows)
