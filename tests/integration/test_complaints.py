"""Complaints: another person decides, everything that a removal reached comes back, and all are answered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from api_calls import ApiCaller, person, service, with_own_token
from command_line import done, run
from domain import Domain, make_domain
from loopback import LoopbackServer, answer
from order_world import OrderWorld
from pictures import as_bytes, picture
from redress_world import deliver_everything, open_case
from vigie.banks.service import Provenance, confirm_entry
from vigie.cases.decisions import DecisionDraft
from vigie.cases.models import Case, Decision
from vigie.cases.service import author_is_suspended, find_case, removal_counts
from vigie.flows.banking import Banking, bank_case_medium
from vigie.flows.complaint import Outcome, complain_about, decide_complaint
from vigie.flows.decision import decide, undo
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden, Invalid
from vigie.foundation.links import link_token
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.actors import person as as_actor
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.people.models import PublicTry, User
from vigie.platforms.models import Recheck
from vigie.platforms.service import run_due_rechecks
from vigie.redress import complaints
from vigie.redress.models import Complaint, Restitution, Statement

pytestmark = pytest.mark.usefixtures("database")
REMOVE = DecisionDraft("remove", "a copy of the poster", legal_type="a", exemption="none")
SUSPEND = replace(REMOVE, action="remove_and_suspend")
WHY = "It is a press photograph and I report on the march."
REPLY = "It is a press photograph and reports on the march."


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


def complain(statement: Statement | None = None, text: str = WHY) -> Complaint:
    """The restricted user objects under the private link."""
    return complain_about(
        statement or Statement.objects.order_by("id")[0],
        text,
        came_by=Complaint.CameBy.LINK,
        language="en",
        actor=COMMAND_LINE,
        settings=current(),
    )


def settle(complaint: Complaint, user: User, outcome: str, exemption: str = "none") -> Complaint:
    """Take it and decide it."""
    complaints.assign(complaint.number, user=user)
    return decide_complaint(
        complaint.number, Outcome(outcome, REPLY, exemption), user=user, settings=current()
    )


def link() -> str:
    """The address of the only statement."""
    return f"/complaint/{link_token(Statement.objects.get().number, settings=current())}"


def stranger() -> Client:
    """A browser without an account."""
    return Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=False)


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


def test_the_link_opens_the_statement_takes_a_complaint_and_shows_the_answer(
    domain: Domain, carl: User
) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    browser = stranger()
    page = browser.get(link())
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"].startswith("noindex")
    assert "Statement of reasons S-000001" in page.content.decode()
    assert domain.anna.username not in page.content.decode()
    sent = browser.post(link(), {"text": WHY})
    assert (sent.status_code, sent["Location"]) == (302, link())
    assert "CP-000001" in browser.get(link()).content.decode()
    assert browser.post(link(), {"text": WHY}).status_code == 409
    settle(Complaint.objects.get(), carl, "upheld")
    assert REPLY in browser.get(link()).content.decode()


def test_the_page_speaks_the_language_of_the_statement_and_then_the_readers(domain: Domain) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    Statement.objects.update(language="fr")
    assert "Pourquoi cela a été décidé" in stranger().get(link()).content.decode()
    browser = stranger()
    browser.cookies["django_language"] = "en"
    assert "Why this was decided" in browser.get(link()).content.decode()


def test_wrong_links_look_alike_and_are_counted(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    for wrong in ("a" * 43, "short", "a" * 500):
        assert stranger().get(f"/complaint/{wrong}").status_code == 404
    assert PublicTry.objects.get().count == 3
    assert "127.0.0.1" not in str(PublicTry.objects.values().get())
    monkeypatch.setattr("vigie.console.views.public_complaint.OPENED_PER_HOUR_MAX", 4)
    assert stranger().get(link()).status_code == 200
    assert stranger().get(link()).status_code == 429


def test_a_complaint_needs_words_and_keeps_what_was_typed(domain: Domain) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    assert stranger().post(link(), {"text": "x"}).status_code == 422
    long = stranger().post(link(), {"text": "<b>heron</b>" + "x" * 10_000})
    assert long.status_code == 422
    assert "&lt;b&gt;heron" in long.content.decode()
    assert not Complaint.objects.exists()


def test_a_platform_complains_for_its_user_and_sees_the_answer_but_not_the_words(
    domain: Domain, carl: User
) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    forum: ApiCaller = service("content:write", platform="forum")
    elsewhere = service("content:write", platform="elsewhere")
    body = {"statement": "S-000001", "text": WHY}
    assert elsewhere.post("/complaints", body).status_code == 404
    made = forum.post("/complaints", body)
    assert made.status_code == 201
    assert made.json()["text"] is None
    assert forum.post("/complaints", body).status_code == 409
    number = made.json()["number"]
    assert elsewhere.get(f"/complaints/{number}").status_code == 404
    reviewer = with_own_token(carl)
    assert reviewer.get(f"/complaints/{number}").json()["text"] == WHY
    assert with_own_token(person("olga", "auditor")).get(f"/complaints/{number}").json()["text"] is None
    assert (
        reviewer.post(f"/complaints/{number}/outcome", {"outcome": "upheld", "reply": REPLY}).status_code
        == 409
    )
    assert reviewer.post(f"/complaints/{number}/assign").json()["state"] == "assigned"
    decided = reviewer.post(f"/complaints/{number}/outcome", {"outcome": "reversed", "reply": REPLY}).json()
    assert (decided["state"], decided["revision"]) == ("reversed", "D-000002")
    assert [one["kind"] for one in decided["restitutions"]] == ["content"]
    assert forum.post(f"/complaints/{number}/informed").json()["state"] == "informed"
    assert forum.post(f"/complaints/{number}/informed").json()["state"] == "informed"
    assert forum.get("/complaints").json()["items"] == []
    assert forum.get("/complaints", state="decided").json()["items"][0]["reply"] == REPLY


def test_a_complaint_about_what_is_withheld_finds_nothing(domain: Domain) -> None:
    draft = replace(REMOVE, withheld_until=now() + timedelta(weeks=6))
    decide(open_case(domain), draft, user=domain.anna)
    assert stranger().get(link()).status_code == 404
    forum = service("content:write", platform="forum")
    assert forum.post("/complaints", {"statement": "S-000001", "text": WHY}).status_code == 404


def test_the_console_takes_decides_and_lists(domain: Domain, carl: User) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    number = complain().number
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(carl, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert number in browser.get("/complaints/").content.decode()
    assert WHY in browser.get(f"/complaints/{number}").content.decode()
    browser.post(f"/complaints/{number}/take")
    refused = browser.post(f"/complaints/{number}/decide", {"outcome": "reversed", "reply": "no"})
    assert refused.status_code == 422
    browser.post(f"/complaints/{number}/decide", {"outcome": "reversed", "reply": REPLY})
    assert Complaint.objects.get().outcome == "reversed"
    assert "given back" in browser.get(f"/complaints/{number}").content.decode()
    assert number in browser.get("/complaints/?state=decided").content.decode()
    assert number not in browser.get("/complaints/").content.decode()


def test_the_command_line_takes_and_decides(domain: Domain, carl: User) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    assert done("complaint", "add", "S-000001", "--text", WHY)["state"] == "received"
    assert run("complaint", "decide", "CP-000001", "upheld", "--reply", REPLY, "--by", "anna").exit_code == 1
    decided = done("complaint", "decide", "CP-000001", "reversed", "--reply", REPLY, "--by", "carl")
    assert (decided["outcome"], decided["revision"]) == ("reversed", "D-000002")
    shown = run("complaint", "show", "CP-000001").output
    assert WHY in shown
    assert "forum/p1: asked" in shown
    assert done("complaint", "list")["complaints"] == []
    assert len(done("complaint", "list", "--all")["complaints"]) == 1
