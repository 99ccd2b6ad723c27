"""Complaints: another person decides, everything that a removal reached comes back, and all are answered."""

from datetime import timedelta

import pytest

from api_calls import person, service
from command_line import done, run
from complaint_world import REMOVE, REPLY, SUSPEND, WHY, complain, settle
from domain import Domain, make_domain
from loopback import LoopbackServer, answer
from order_world import OrderWorld
from pictures import as_bytes, picture
from redress_world import deliver_everything, open_case
from vigie.banks.confirmation import confirm_entry
from vigie.banks.service import Provenance
from vigie.cases.decisions import DecisionDraft
from vigie.cases.models import Case, Decision
from vigie.cases.service import author_is_suspended, find_case, removal_counts
from vigie.flows.banking import Banking, bank_case_medium
from vigie.flows.complaint import Outcome, decide_complaint
from vigie.flows.decision import decide, undo
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden, Invalid
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import current
from vigie.ledger.actors import person as as_actor
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.people.models import User
from vigie.platforms.models import Recheck
from vigie.platforms.service import run_due_rechecks
from vigie.redress import complaints
from vigie.redress.models import Complaint, Restitution, Statement

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def domain(database: str) -> Domain:
    """A database with one confirmed entry."""
    made = make_domain()
    made.bank_confirmed(1)
    return made


@pytest.fixture
def carl(domain: Domain) -> User:
    """A third person, who took no decision."""
    return person("carl", "reviewer")


def test_what_they_wrote_is_locked_and_nowhere_else(domain: Domain) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    complaint = complain()
    stored = str(Complaint.objects.values().get()) + str(list(LedgerEntry.objects.values_list("facts")))
    assert "press photograph" not in stored + str(list(OutboxMessage.objects.values_list("payload")))
    assert complaints.complaint_text(complaint, settings=current()) == WHY


def test_a_reversal_gives_the_content_and_the_account_back_and_answers_with_reasons(
    domain: Domain, carl: User
) -> None:
    case = open_case(domain)
    decide(case, SUSPEND, user=domain.anna)
    settle(complain(), carl, "reversed", exemption="journalism")
    removed, received, reversed_ = deliver_everything()
    assert removed["measures"] == ["remove_content", "suspend_author"]
    assert received["letter"]["kind"] == "complaint_received"
    assert reversed_["measures"] == ["restore_content", "restore_author"]
    assert reversed_["complaint"] == "CP-000001"
    letter = reversed_["letter"]
    assert letter["kind"] == "complaint_outcome"
    assert REPLY in letter["text"]
    assert "Article 21 of Regulation (EU) 2022/2065" in letter["text"]
    complaint = Complaint.objects.get()
    assert complaint.state == "informed"
    assert complaint.revision is not None
    assert complaint.revision.action == "keep"
    assert complaint.revision.exemption == "journalism"
    assert complaint.revision.undoes == Decision.objects.order_by("id")[0]
    assert removal_counts() == {}
    assert not author_is_suspended(find_case(case).content)
    assert {one.kind for one in Restitution.objects.all()} == {"content", "author"}


def test_a_reversal_leaves_down_what_a_removal_order_keeps_down(domain: Domain, carl: User) -> None:
    case = open_case(domain)
    decide(case, SUSPEND, user=domain.anna)
    content = find_case(case).content
    order = OrderWorld(domain.anna, carl).order(urls=[content.url])
    OrderWorld(domain.anna, carl).step(order, "execute", measure="removed")
    deliver_everything()
    settle(complain(), carl, "reversed")
    assert deliver_everything()[-1]["measures"] == ["restore_author"]
    assert {one.kind for one in Restitution.objects.all()} == {"author"}
    assert not LedgerEntry.objects.filter(event="redress.content_reinstated.v1").exists()


def test_it_is_looked_whether_the_content_is_really_back(domain: Domain, carl: User) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    settle(complain(), carl, "reversed")
    deliver_everything()
    look = Recheck.objects.get(expects="back")
    door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}))
    page = LoopbackServer(answer(404))
    Recheck.objects.filter(pk=look.pk).update(content_url=f"{page.url}/p/1", due_at=now())
    for _ in range(3):
        run_due_rechecks(door=door, settings=current(), at=now())
        Recheck.objects.filter(pk=look.pk).update(due_at=now())
    look.refresh_from_db()
    assert look.alarm_at is not None
    assert LedgerEntry.objects.filter(event="platforms.content_not_back.v1").count() == 1
    page.script = answer(200)
    run_due_rechecks(door=door, settings=current(), at=now())
    page.close()
    look.refresh_from_db()
    assert look.state == "back"
    assert LedgerEntry.objects.filter(event="platforms.content_back.v1").count() == 1


def test_whoever_decided_first_cannot_decide_again(domain: Domain, carl: User) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    complaint = complain()
    with pytest.raises(Forbidden):
        complaints.assign(complaint.number, user=domain.anna)
    complaints.assign(complaint.number, user=carl)
    with pytest.raises(Forbidden):
        decide_complaint(complaint.number, Outcome("upheld", REPLY), user=domain.anna, settings=current())
    with pytest.raises(Conflict):
        decide_complaint(complaint.number, Outcome("upheld", REPLY), user=domain.ben, settings=current())
    with pytest.raises(Forbidden):
        complaints.assign(complaint.number, user=person("olga", "auditor"))
    assert Complaint.objects.get().state == "assigned"


def test_no_service_decides(domain: Domain) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    number = complain().number
    token = service("content:write", "cases:read", platform="forum")
    assert token.post(f"/complaints/{number}/assign").status_code == 403
    body = {"outcome": "upheld", "reply": REPLY}
    assert token.post(f"/complaints/{number}/outcome", body).status_code == 403


def test_an_answer_without_reasons_is_no_answer(domain: Domain, carl: User) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    complaint = complain()
    complaints.assign(complaint.number, user=carl)
    with pytest.raises(Invalid):
        decide_complaint(complaint.number, Outcome("reversed", "  no  "), user=carl, settings=current())
    assert Decision.objects.count() == 1
    assert Complaint.objects.get().state == "assigned"


def test_upholding_changes_nothing_and_says_why(domain: Domain, carl: User) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    settle(complain(), carl, "upheld")
    last = deliver_everything()[-1]
    assert (last["event"], last["letter"]["kind"]) == ("letter", "complaint_outcome")
    assert "The decision stands." in last["letter"]["text"]
    assert Complaint.objects.get().state == "informed"
    assert Decision.objects.count() == 1
    assert not Restitution.objects.exists()


def test_right_in_part_lifts_the_suspension_and_leaves_the_removal(domain: Domain, carl: User) -> None:
    decide(open_case(domain), SUSPEND, user=domain.anna)
    settle(complain(), carl, "partial")
    assert deliver_everything()[-1]["measures"] == ["restore_author"]
    assert Decision.objects.order_by("-id")[0].action == "remove"
    assert list(removal_counts().values()) == [1]


def test_right_in_part_hides_what_was_removed(domain: Domain, carl: User) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    settle(complain(), carl, "partial")
    assert deliver_everything()[-1]["measures"] == ["hide_content"]
    decide(open_case(domain, "p2"), DecisionDraft("hide", "unsure", exemption="none"), user=domain.anna)
    second = complain(Statement.objects.order_by("-id")[0])
    complaints.assign(second.number, user=carl)
    with pytest.raises(Invalid):
        decide_complaint(second.number, Outcome("partial", REPLY), user=carl, settings=current())


def test_a_suspension_that_another_decision_holds_up_is_not_lifted(domain: Domain, carl: User) -> None:
    decide(open_case(domain, "p1"), SUSPEND, user=domain.anna)
    decide(open_case(domain, "p2"), SUSPEND, user=domain.anna)
    settle(complain(), carl, "reversed")
    assert deliver_everything()[-1]["measures"] == ["restore_content"]


def test_copies_that_rules_removed_because_of_it_come_back_too(domain: Domain, carl: User) -> None:
    """The picture of a removed post is banked and confirmed; a copy of it is removed by the rule alone."""
    first = domain.ask("p1", as_bytes(picture(7)), text="")
    assert first["verdict"] == "allow"
    domain.bank(7)
    case = str(domain.ask("p1", as_bytes(picture(7)))["case"])
    decide(case, REMOVE, user=domain.anna)
    review = Banking("grey-heron", Provenance("review", case), legal_type="a")
    data = find_case(case).media.get().external_id
    entry = bank_case_medium(
        find_case(case), data, review, actor=as_actor(domain.anna.pk), settings=current()
    ).entry
    # The same signals were banked before from elsewhere: that entry is not this removal's.
    assert entry.source_reference != case
    banked = bank_of_case(domain, case, seed=8)
    copy = domain.ask("p2", as_bytes(picture(8)))
    assert copy["verdict"] == "remove"
    statement = Statement.objects.get(case=find_case(case))
    settle(complain(statement), carl, "reversed")
    messages = deliver_everything()
    given_back = [one for one in messages if one.get("complaint")]
    assert sorted(one["content"]["id"] for one in given_back) == ["p1", "p2"]
    assert all("restore_content" in one["measures"] for one in given_back)
    kinds = {(one.kind, one.state, one.reference) for one in Restitution.objects.all()}
    assert ("copy", "asked", "forum/p2") in kinds
    assert ("entry", "proposed", banked) in kinds
    assert find_case(str(copy["case"])).state == Case.State.DECIDED
    assert Statement.objects.get(case=find_case(str(copy["case"]))).state == "withdrawn"


def bank_of_case(domain: Domain, case: str, *, seed: int) -> str:
    """An entry banked from a case and confirmed by a second person, so that a rule may remove its copies."""
    from vigie.flows.banking import bank_file

    banking = Banking("grey-heron", Provenance("review", case), legal_type="a")
    entry = bank_file(as_bytes(picture(seed)), banking, actor=domain.adder, settings=current()).entry
    return confirm_entry(entry.number, actor=domain.confirmer).number


def test_an_entry_from_a_reversed_removal_is_proposed_and_a_person_takes_it_out(
    domain: Domain, carl: User
) -> None:
    case = open_case(domain)
    decide(case, REMOVE, user=domain.anna)
    entry = bank_of_case(domain, case, seed=9)
    settle(complain(), carl, "reversed")
    assert domain.ask("p9", as_bytes(picture(9)))["verdict"] == "remove"
    settled = done("complaint", "settle", "CP-000001", entry, "remove", "--by", "carl")
    assert settled["state"] == "removed"
    assert domain.ask("p10", as_bytes(picture(9)))["verdict"] == "allow"
    assert run("complaint", "settle", "CP-000001", entry, "keep", "--by", "carl").exit_code == 1
    assert run("complaint", "settle", "CP-000001", "E-000999", "keep", "--by", "carl").exit_code == 1


def test_a_rule_that_removed_alone_is_reversed_by_a_person(domain: Domain, carl: User) -> None:
    answered = domain.ask("p1", as_bytes(picture(1)))
    assert answered["verdict"] == "remove"
    settle(complain(), carl, "reversed")
    assert deliver_everything()[-1]["measures"] == ["restore_content"]
    assert find_case(str(answered["case"])).state == Case.State.DECIDED


def test_a_person_who_decided_after_the_rule_is_the_first_decider(domain: Domain, carl: User) -> None:
    answered = domain.ask("p1", as_bytes(picture(1)))
    complaint = complain()
    decide(str(answered["case"]), REMOVE, user=carl)
    complaints.assign(complaint.number, user=carl)
    with pytest.raises(Forbidden):
        decide_complaint(complaint.number, Outcome("reversed", REPLY), user=carl, settings=current())
    complaints.hand_back(complaint.number, user=carl)
    settle(complaint, domain.ben, "reversed")
    assert deliver_everything()[-1]["measures"] == ["restore_content"]


def test_a_decision_that_somebody_complains_about_is_not_undone_past_them(domain: Domain) -> None:
    case = open_case(domain)
    decide(case, REMOVE, user=domain.anna)
    complain()
    with pytest.raises(Conflict):
        undo(case, reason="wrong", user=domain.anna, settings=current())


def test_one_complaint_for_each_statement_and_six_months_from_the_day_informed(domain: Domain) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    complain()
    with pytest.raises(Conflict):
        complain()
    decide(open_case(domain, "p2"), REMOVE, user=domain.anna)
    late = Statement.objects.order_by("-id")[0]
    Statement.objects.filter(pk=late.pk).update(informed_at=now() - timedelta(days=188))
    late.refresh_from_db()
    with pytest.raises(Conflict):
        complain(late)
    Statement.objects.filter(pk=late.pk).update(informed_at=now() - timedelta(days=180))
    late.refresh_from_db()
    assert complain(late).due_at - now() <= timedelta(days=14)
    with pytest.raises(Invalid):
        complain(late, text=" ")


def test_an_exposed_provider_answers_under_article_10_and_others_under_article_20(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    assert complain().basis == "dsa20"
    monkeypatch.setenv("VIGIE_SPECIFIC_MEASURES_SINCE", "2026-01-01")
    current.cache_clear()
    decide(open_case(domain, "p2"), REMOVE, user=domain.anna)
    assert complain(Statement.objects.order_by("-id")[0]).basis == "tco10"
