"""Notices from arrival to answer: anybody, platforms, trusted flaggers; waves, misuse, threats to life, objections."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from api_calls import ApiCaller, person, service, with_own_token, with_token
from command_line import done, run
from domain import Domain, make_domain
from loopback import LoopbackServer, answer
from redress_world import deliver_everything
from vigie.cases.decisions import DecisionDraft
from vigie.cases.models import Case
from vigie.cases.queue import QueueFilter, queue
from vigie.flows.complaint import Outcome, decide_complaint
from vigie.flows.decision import decide, undo
from vigie.flows.notice import deliver_call, notify, take_up
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Invalid
from vigie.foundation.links import link_token
from vigie.foundation.outbound import OutboundDoor
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.actors import person as as_actor
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.ledger.outbox import Taken
from vigie.notices import service as notices
from vigie.notices.models import Notice, Notifier, Threat
from vigie.notices.service import NoticeDraft
from vigie.orders.contents import content_at
from vigie.platforms.service import find_platform
from vigie.redress import complaints
from vigie.redress.models import Complaint, Statement

pytestmark = pytest.mark.usefixtures("database")
URL = "https://forum.example/p/8731"
KEEP = DecisionDraft("keep", "harmless", exemption="none")
REMOVE = DecisionDraft("remove", "it is so", legal_type="c", exemption="none")
DRAFT = NoticeDraft(
    text="The poster calls on readers to join the column.",
    url=URL,
    category="terrorism",
    language="en",
    good_faith=True,
    came_by=Notice.CameBy.FORM,
    email="somebody@heron.example",
)


@pytest.fixture
def domain(database: str) -> Domain:
    return make_domain()


def send(draft: NoticeDraft = DRAFT, *, content_id: str = "", address: str = "192.0.2.1") -> Notice:
    """Somebody reports."""
    return notify(
        draft,
        platform=find_platform("forum"),
        content_id=content_id,
        from_address=address,
        actor=COMMAND_LINE,
        settings=current(),
    )


def stranger() -> Client:
    """A browser without an account."""
    return Client(SERVER_NAME="127.0.0.1")


def page_of(notice: Notice) -> str:
    """A notice's private address."""
    return f"/notice/{link_token(notice.number, settings=current())}"


FORM = {"url": URL, "category": "terrorism", "text": DRAFT.text, "good_faith": "yes"}


def test_anybody_reports_without_an_account_and_follows_it_under_a_private_address(domain: Domain) -> None:
    browser = stranger()
    assert "Report illegal content" in browser.get("/report").content.decode()
    sent = browser.post("/report", FORM)
    notice = Notice.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, page_of(notice))
    page = browser.get(sent["Location"]).content.decode()
    assert "N-000001" in page
    assert "A person looks at it" in page
    assert notice.case is not None
    assert notice.case.cause == "notice"
    decide(notice.case.number, REMOVE, user=domain.anna)
    told = browser.get(sent["Location"]).content.decode()
    assert "because it is illegal" in told
    assert "Article 21" in told
    assert "object here" not in told  # there is no form for it: what they reported was restricted
    assert domain.anna.username not in told


def test_the_form_is_refused_in_words_and_keeps_what_was_typed(domain: Domain) -> None:
    for wrong in (
        {"text": "short"},
        {"url": "forum.example"},
        {"good_faith": ""},
        {"category": "x"},
        {"email": "nobody"},
        {"website": "https://spam.example"},
    ):
        refused = stranger().post("/report", {**FORM, **wrong})
        assert refused.status_code == 422, wrong
        assert 'role="alert"' in refused.content.decode()
        assert URL in refused.content.decode() or "url" in wrong
    assert not Notice.objects.exists()


def test_an_order_and_notices_about_one_address_are_about_one_content(domain: Domain) -> None:
    unknown = "http://forum.example/p/nobody-asked-about"
    ordered = content_at(unknown)
    assert ordered is not None
    for written in (unknown, f"{unknown}/", f"{unknown}#reply-3"):
        assert send(replace(DRAFT, url=written), address=written[-9:]).content == ordered
        assert content_at(written) == ordered
    assert send(replace(DRAFT, url=f"{unknown}-2")).content != ordered


def test_one_address_cannot_flood_the_form(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vigie.console.views.public_notice.SENT_PER_HOUR_MAX", 2)
    assert [stranger().post("/report", FORM).status_code for _ in range(3)] == [302, 302, 429]


def test_words_name_and_address_of_a_notifier_are_locked(domain: Domain) -> None:
    send(replace(DRAFT, name="Somebody Heron"))
    stored = str(list(Notice.objects.values())) + str(list(Notifier.objects.values()))
    stored += str(list(LedgerEntry.objects.values_list("facts")))
    for personal in ("heron.example", "Somebody", "join the column", "192.0.2.1"):
        assert personal not in stored.replace(URL, "")


def test_a_notice_of_known_content_is_about_that_content(domain: Domain) -> None:
    first = send(content_id="post-1")
    assert send(replace(DRAFT, url=URL)).content == first.content
    assert send(replace(DRAFT, url="https://forum.example/p/2")).content != first.content


def test_the_decision_answers_every_notice_of_its_case_and_states_its_cause(domain: Domain) -> None:
    one, other = send(), send(replace(DRAFT, email="other@heron.example"))
    assert one.case == other.case
    assert one.case is not None
    decision = decide(one.case.number, REMOVE, user=domain.anna)
    assert decision.cause == "notice"
    for notice in Notice.objects.all():
        assert (notice.state, notice.outcome, notice.decision) == ("told", "acted_law", decision)
    text = Statement.objects.get().text
    assert "reported to us in a notice" in text
    # Nobody knows the content by an id: its author is told its address, and none of ours.
    assert f"What you published, {DRAFT.url}, was removed." in text
    hidden = send(replace(DRAFT, url="https://forum.example/p/9"))
    assert hidden.case is not None
    decide(hidden.case.number, DecisionDraft("hide", "terms", exemption="none"), user=domain.anna)
    hidden.refresh_from_db()
    assert hidden.outcome == "acted_terms"


def test_a_decision_taken_back_lets_its_notices_wait_again(domain: Domain) -> None:
    notice = send()
    assert notice.case is not None
    decide(notice.case.number, KEEP, user=domain.anna)
    undo(notice.case.number, reason="second look", user=domain.anna, settings=current())
    notice.refresh_from_db()
    assert (notice.state, notice.outcome, notice.told_at) == ("queued", "", None)
    who = notices.who_sent(notice)
    assert who is not None
    assert notices.decided_of(who, since=now() - timedelta(days=1)) == 0
    decide(notice.case.number, REMOVE, user=domain.anna)
    notice.refresh_from_db()
    assert notice.outcome == "acted_law"


def test_how_many_report_changes_neither_priority_nor_the_number_of_cases(domain: Domain) -> None:
    first = send()
    for at in range(30):
        send(replace(DRAFT, email=f"crowd-{at}@heron.example"), address=f"192.0.2.{at}")
    case = Case.objects.get()
    assert case.priority == 20
    assert notices.wave_size(first) == 31
    other = send(replace(DRAFT, url="https://forum.example/p/2", email="x@heron.example"))
    assert other.wave == first, "the same words"
    far = send(
        replace(
            DRAFT,
            url="https://forum.example/p/3",
            text="Quite another thing to say here.",
            email="y@h.example",
        )
    )
    assert far.wave is None


def test_a_trusted_flagger_comes_first_within_its_expertise_alone(domain: Domain) -> None:
    admin = with_own_token(person("ada", "administrator"))
    body = {"name": "flag-watch", "title": "Flag Watch", "designated_by": "Arcom", "expertise": ["terrorism"]}
    added = admin.post("/flaggers", body)
    assert added.status_code == 201
    assert admin.post("/flaggers", body).status_code == 409
    flagger: ApiCaller = with_token(added.json()["token"])
    sent = {"platform": "forum", "url": URL, "text": DRAFT.text, "good_faith": True}
    ordinary = send(replace(DRAFT, url="https://forum.example/p/1"))
    first = flagger.post("/notices", sent).json()
    other = flagger.post("/notices", {**sent, "url": "https://forum.example/p/7", "category": "hate"}).json()
    priorities = dict(Notice.objects.values_list("pk", "case__priority"))
    assert list(priorities.values()) == [20, 40, 20]
    waiting = queue(QueueFilter(), user_id=None, at=now())
    assert waiting[0].notices.get().number == first["number"]
    decide(waiting[0].number, REMOVE, user=domain.anna)
    assert "trusted flagger" in Statement.objects.get().text
    mine = flagger.get("/notices").json()["items"]
    assert [one["number"] for one in mine] == [other["number"], first["number"]]
    assert (mine[1]["outcome"], mine[1]["case"], mine[1]["text"]) == ("acted_law", None, None)
    assert flagger.get(f"/notices/{ordinary.number}").status_code == 404
    assert admin.post("/flaggers/flag-watch/off").json()["active"] is False
    lost = flagger.post("/notices", {**sent, "url": "https://forum.example/p/8"}).json()
    assert lost["flagger"] == ""


def test_a_platform_passes_notices_on_and_gets_the_private_address(domain: Domain) -> None:
    forum = service("notices:write", platform="forum")
    sent = forum.post("/notices", {"url": URL, "content": "post-1", "text": DRAFT.text, "good_faith": True})
    assert sent.status_code == 201
    path = sent.json()["link"].removeprefix(current().base_url)
    assert stranger().get(path).status_code == 200
    assert forum.post("/notices", {"url": URL, "text": DRAFT.text, "good_faith": False}).status_code == 422
    nowhere = service("notices:write")
    assert nowhere.post("/notices", {"url": URL, "text": DRAFT.text, "good_faith": True}).status_code == 422


def test_misuse_is_warned_then_set_aside_by_a_person_and_can_be_taken_up(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_MISUSE_COUNT_MIN", "2")
    current.cache_clear()
    anna = with_own_token(domain.anna)
    numbers = []
    for at in range(2):
        notice = send(replace(DRAFT, url=f"https://forum.example/p/{at}"))
        assert notice.case is not None
        assert anna.post(f"/notices/{notice.number}/unfounded").status_code == 409
        decide(notice.case.number, KEEP, user=domain.anna)
        anna.post(f"/notices/{notice.number}/unfounded")
        numbers.append(notice.number)
    assert anna.post(f"/notices/{numbers[0]}/notifier/suspend").status_code == 409, "a warning comes first"
    assert anna.post(f"/notices/{numbers[0]}/notifier/warn").json()["warned_at"]
    assert "Warning" in stranger().get(page_of(Notice.objects.order_by("id")[0])).content.decode()
    assert anna.post(f"/notices/{numbers[0]}/notifier/suspend").status_code == 409, "nothing since"
    again = send(replace(DRAFT, url="https://forum.example/p/5"))
    assert again.case is not None
    decide(again.case.number, KEEP, user=domain.anna)
    anna.post(f"/notices/{again.number}/unfounded")
    assert anna.post(f"/notices/{again.number}/notifier/suspend").json()["suspended_until"]
    aside = send(replace(DRAFT, url="https://forum.example/p/6"))
    assert (aside.state, aside.case) == ("set_aside", None)
    urgent = send(replace(DRAFT, url="https://forum.example/p/7", threat_to_life=True))
    assert urgent.state == "queued", "a threat to life is never set aside"
    assert take_up(aside.number, actor=as_actor(domain.anna.pk)).case is not None
    with pytest.raises(Conflict):
        take_up(aside.number, actor=as_actor(domain.anna.pk))


def test_a_notifier_objects_and_another_person_restricts_the_content(domain: Domain) -> None:
    notice = send()
    assert notice.case is not None
    assert stranger().post(page_of(notice), {"text": "Look again, please."}).status_code == 409
    decide(notice.case.number, KEEP, user=domain.anna)
    assert stranger().post(page_of(notice), {"text": "Look again, please."}).status_code == 302
    assert stranger().post(page_of(notice), {"text": "And again."}).status_code == 409
    complaint = Complaint.objects.get()
    assert (complaint.complainant, complaint.notice, complaint.basis) == ("notifier", "N-000001", "dsa20")
    complaints.assign(complaint.number, user=domain.ben)
    reply = "You were right: it calls on readers to join."
    with pytest.raises(Invalid):
        decide_complaint(complaint.number, Outcome("reversed", reply), user=domain.ben, settings=current())
    outcome = Outcome("reversed", reply, new=REMOVE)
    decide_complaint(complaint.number, outcome, user=domain.ben, settings=current())
    complaint.refresh_from_db()
    assert complaint.state == "informed"
    page = stranger().get(page_of(notice)).content.decode()
    assert reply in page
    assert "because it is illegal" in page
    assert Statement.objects.get().cause == "notice"
    assert deliver_everything()[-1]["measures"] == ["remove_content"]


def test_the_author_objects_to_what_a_notice_led_to_and_the_notifier_reads_the_new_answer(
    domain: Domain,
) -> None:
    notice = send()
    assert notice.case is not None
    decide(notice.case.number, REMOVE, user=domain.anna)
    link = f"/complaint/{link_token('S-000001', settings=current())}"
    assert stranger().post(link, {"text": "It is a quotation."}).status_code == 302
    complaint = Complaint.objects.get()
    complaints.assign(complaint.number, user=domain.ben)
    outcome = Outcome("reversed", "It is a quotation against it.")
    decide_complaint(complaint.number, outcome, user=domain.ben, settings=current())
    notice.refresh_from_db()
    assert notice.outcome == "no_action"


def test_a_threat_to_life_goes_before_everything_and_calls_somebody(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    pager = LoopbackServer(answer(204))
    monkeypatch.setenv("VIGIE_ONCALL_URL", f"{pager.url}/page")
    current.cache_clear()
    notice = send(
        replace(DRAFT, threat_to_life=True, text="He writes that he will do it tonight at the bridge.")
    )
    assert notice.case is not None
    assert notice.case.priority == 100
    threat = Threat.objects.get()
    message = OutboxMessage.objects.get(topic="notices.threat_call")
    door = OutboundDoor(allowed_hosts=frozenset({"127.0.0.1"}))
    assert isinstance(deliver_call(message, door=door, settings=current()), Taken)
    pager.close()
    [called] = pager.requests
    said = json.loads(called.partition(b"\r\n\r\n")[2])
    assert (said["event"], said["threat"]) == ("threat_to_life", threat.number)
    assert b"bridge" not in called
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(domain.anna, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "1 threat to life waits for somebody." in browser.get("/").content.decode()
    assert "tonight at the bridge" in browser.get("/threats/").content.decode()
    browser.post(f"/threats/{threat.number}/settle", {"outcome": "reported", "to": "Europol"})
    threat.refresh_from_db()
    assert (threat.state, threat.reported_to, threat.settled_by) == ("reported", "Europol", domain.anna)
    assert "threat to life waits" not in browser.get("/").content.decode()
    assert LedgerEntry.objects.get(event="notices.threat_settled.v1").facts["to"] == "Europol"


def test_a_threat_is_settled_with_words_and_once(domain: Domain) -> None:
    notice = send()
    assert notice.case is not None
    anna = with_own_token(domain.anna)
    body = {"case": notice.case.number, "told": "He says that he will do it tonight."}
    number = anna.post("/threats", body).json()["number"]
    assert "tonight" in anna.get("/threats").json()["items"][0]["draft"]
    assert with_own_token(person("olga", "auditor")).get("/threats").json()["items"][0]["draft"] is None
    assert anna.post(f"/threats/{number}/settle", {"outcome": "reported"}).status_code == 422
    assert anna.post(f"/threats/{number}/settle", {"outcome": "dismissed", "reason": "no"}).status_code == 422
    done_ = anna.post(f"/threats/{number}/settle", {"outcome": "dismissed", "reason": "He quotes a song."})
    assert done_.json()["state"] == "dismissed"
    again = {"outcome": "reported", "to": "Europol"}
    assert anna.post(f"/threats/{number}/settle", again).status_code == 409


def test_the_console_shows_notices_and_their_words_at_the_case(domain: Domain) -> None:
    notice = send()
    assert notice.case is not None
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(domain.ben, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in ("/notices/", f"/notices/{notice.number}", f"/cases/{notice.case.number}"):
        assert notice.number in browser.get(path).content.decode(), path
    case = browser.get(f"/cases/{notice.case.number}").content.decode()
    assert "join the column" in case
    assert "Somebody reported it." in case
    assert "lookback" not in case
    assert "url-" not in case
    decide(notice.case.number, KEEP, user=domain.ben)
    browser.post(f"/notices/{notice.number}/act", {"act": "unfounded"})
    notice.refresh_from_db()
    assert notice.unfounded
    assert "M-000001" in browser.get(f"/notices/{notice.number}").content.decode()
    admin = Client(SERVER_NAME="127.0.0.1")
    admin.force_login(
        person("ada", "administrator"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    form = {"name": "flag-watch", "title": "Flag Watch", "designated_by": "Arcom", "expertise": "terrorism"}
    assert "vgt_" in admin.post("/notices/flaggers", form).content.decode()
    assert "vgt_" not in admin.get("/notices/flaggers").content.decode()


def test_a_late_objection_is_told_where_else_to_go(domain: Domain) -> None:
    notice = send()
    assert notice.case is not None
    decide(notice.case.number, KEEP, user=domain.anna)
    Notice.objects.update(told_at=now() - timedelta(days=190))
    late = stranger().post(page_of(notice), {"text": "Look again, please."})
    assert late.status_code == 409
    assert "dispute settlement body" in late.content.decode()


def test_the_command_line_takes_and_shows_notices(domain: Domain) -> None:
    made = done("notice", "add", URL, "--platform", "forum", "--text", DRAFT.text, "--by", "anna")
    assert made["link"].startswith(current().base_url)
    assert done("notice", "list")["notices"][0]["number"] == "N-000001"
    assert DRAFT.text in run("notice", "show", "N-000001").output
    assert run("notice", "add", "forum", "--platform", "forum", "--text", DRAFT.text).exit_code == 1
    assert run("notice", "show", "N-000009").exit_code == 1
    assert run("threat", "show", "T-000001").exit_code == 1
