"""Frequent misuse: accounts, notifiers and complainants are warned, suspended with an end, and given back."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from api_calls import person, service, with_own_token
from command_line import done, run
from domain import Domain, make_domain
from misuse_world import (
    REMOVE,
    WEIGHED,
    complain,
    console_of,
    earlier,
    remove_illegal,
    settle,
    suspended_account,
    suspended_complainant,
    time_is_over,
    warned_account,
)
from redress_world import deliver_everything, open_case
from vigie.cases.decisions import DecisionDraft
from vigie.cases.models import Content, Decision
from vigie.cases.service import find_case
from vigie.flows import misuse as flow
from vigie.flows.complaint import complain_about
from vigie.flows.decision import decide, undo
from vigie.flows.notice import notify, object_to_no_action
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden, Invalid
from vigie.foundation.links import link_token
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.matching.archive.authors import contents_of
from vigie.matching.archive.folder import ArchiveFolder
from vigie.matching.archive.journal import Journal
from vigie.matching.archive.records import SeenUpload, micros
from vigie.matching.archive.service import seal_journals
from vigie.misuse.models import MisuseRecord, MisuseStep
from vigie.misuse.service import Assessment
from vigie.misuse.steps import WrongStep
from vigie.notices import service as notices
from vigie.notices.models import Notice
from vigie.notices.service import NoticeDraft
from vigie.platforms.service import add_platform, change_platform, find_platform
from vigie.redress import complaints
from vigie.redress.clocks import outcome_due_at
from vigie.redress.models import Complaint, Restitution, Statement, Submission

pytestmark = pytest.mark.usefixtures("database", "low_limits")
KEEP = DecisionDraft("keep", "harmless", exemption="none")


@pytest.fixture
def low_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are many."""
    for name in ("MISUSE_COUNT_MIN", "MISUSE_COMPLAINTS_COUNT_MIN", "MISUSE_CONTENTS_COUNT_MIN"):
        monkeypatch.setenv(f"VIGIE_{name}", "2")
    current.cache_clear()


@pytest.fixture
def domain(database: str) -> Domain:
    """A database with one confirmed entry."""
    made = make_domain()
    made.bank_confirmed(1)
    return made


def events(prefix: str = "misuse.") -> list[str]:
    """Events of the ledger in their order, without those that only count."""
    rows = LedgerEntry.objects.filter(event__startswith=prefix).order_by("seq")
    return [one.removeprefix("misuse.") for one in rows.values_list("event", flat=True)]


# Accounts


def test_an_account_is_warned_then_suspended_with_its_reasons_and_an_end_and_given_back_then(
    domain: Domain,
) -> None:
    step, _ = suspended_account(domain)
    sent = deliver_everything()
    warning = next(one for one in sent if one.get("letter", {}).get("kind") == "misuse_warning")
    assert warning["event"] == "letter"
    assert "Article 23(1)" in warning["letter"]["text"]
    suspended = sent[-1]
    assert suspended["measures"] == ["suspend_author"]
    assert suspended["author"] == {"id": "u-1"}
    assert step.until is not None
    assert suspended["author_until"] == step.until.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert suspended["decision"] is None
    letter = suspended["letter"]
    assert letter["kind"] == "statement"
    for said in (
        "misused-0",
        "misused-2",
        WEIGHED.gravity,
        WEIGHED.intention,
        "3 ",
        "Article 23(1)",
        "Article 21",
    ):
        assert said in letter["text"]
    statement = Statement.objects.get(suspension=step)
    assert (statement.action, statement.informed_at is not None) == ("suspend_account", True)
    time_is_over(step)
    assert deliver_everything()[-1]["measures"] == ["restore_author"]
    step.refresh_from_db()
    assert (step.end, MisuseRecord.objects.get().stage) == ("over", "warned")
    assert [one for one in events() if one != "found.v1"] == [
        "warned.v1",
        "suspended.v1",
        "suspension_ended.v1",
    ]
    flow.end_due(at=now(), settings=current())
    assert not OutboxMessage.objects.filter(state="pending").exists(), "it ends once"


def test_nothing_but_a_person_finds_warns_and_suspends_and_each_step_has_its_order(domain: Domain) -> None:
    first = remove_illegal(domain, "p1")
    flow.find_manifestly_illegal(first, user=domain.anna)
    record = MisuseRecord.objects.get()
    assert flow.position_of(record, settings=current()).tally.counted == 1, "found twice, it counts once"
    with pytest.raises(WrongStep):
        flow.warn(record.number, Assessment(), user=domain.anna, settings=current())
    remove_illegal(domain, "p2")
    with pytest.raises(WrongStep):
        flow.suspend(record.number, WEIGHED, user=domain.anna, settings=current())
    with pytest.raises(Forbidden):
        flow.warn(record.number, Assessment(), user=person("olga", "auditor"), settings=current())
    flow.warn(record.number, Assessment(), user=domain.anna, settings=current())
    with pytest.raises(WrongStep, match="not open"):
        flow.suspend(record.number, WEIGHED, user=domain.anna, settings=current())
    earlier(record, days=1)
    remove_illegal(domain, "p3")
    for incomplete in (Assessment(), Assessment(gravity="grave"), Assessment(intention="clear")):
        with pytest.raises(Invalid, match="how grave"):
            flow.suspend(record.number, incomplete, user=domain.anna, settings=current())
    with pytest.raises(Invalid, match="stated time"):
        flow.suspend(record.number, WEIGHED, days=400, user=domain.anna, settings=current())
    assert not MisuseStep.objects.filter(kind="suspension").exists()
    assert (
        not LedgerEntry.objects.filter(event__startswith="misuse.")
        .exclude(actor__startswith="person:")
        .exists()
    )


def test_only_what_was_removed_as_terrorist_content_counts_for_an_account_that_is_known(
    domain: Domain,
) -> None:
    hidden, nameless = open_case(domain, "p1"), open_case(domain, "p2", author="")
    with pytest.raises(Conflict):
        flow.find_manifestly_illegal(hidden, user=domain.anna)
    decide(hidden, DecisionDraft("hide", "terms", exemption="none"), user=domain.anna)
    with pytest.raises(Conflict):
        flow.find_manifestly_illegal(hidden, user=domain.anna)
    decide(nameless, REMOVE, user=domain.anna)
    with pytest.raises(Invalid):
        flow.find_manifestly_illegal(nameless, user=domain.anna)
    assert not MisuseRecord.objects.exists()


def test_nobody_is_told_by_a_warning_what_an_authority_forbids_to_tell(domain: Domain) -> None:
    case = open_case(domain, "p1")
    decide(case, replace(REMOVE, withheld_until=now() + timedelta(days=7)), user=domain.anna)
    with pytest.raises(Conflict, match="forbids"):
        flow.find_manifestly_illegal(case, user=domain.anna)
    Decision.objects.update(withheld_until=now() - timedelta(days=1))
    assert flow.find_manifestly_illegal(case, user=domain.anna).about == "forum/p1"


def test_no_suspension_is_stated_that_no_platform_would_carry_out(domain: Domain) -> None:
    record, _ = warned_account(domain)
    change_platform("forum", url="", actor=COMMAND_LINE)
    with pytest.raises(Conflict, match="takes no messages"):
        flow.suspend(record.number, WEIGHED, user=domain.anna, settings=current())
    assert not Statement.objects.exclude(suspension=None).exists()


def test_a_decision_that_is_taken_back_lifts_the_suspension_that_rests_on_it(domain: Domain) -> None:
    step, cases = suspended_account(domain)
    undo(cases[0], reason="second look", user=domain.ben, settings=current())
    step.refresh_from_db()
    assert step.ended_at is None, "two still count, and one of them since the warning"
    undo(cases[2], reason="second look", user=domain.ben, settings=current())
    step.refresh_from_db()
    assert step.end == "reversed"
    assert Statement.objects.get(suspension=step).withdrawn_at is not None
    lifted = next(one for one in deliver_everything() if one.get("measures") == ["restore_author"])
    assert lifted["letter"]["kind"] == "misuse_lifted"
    record = MisuseRecord.objects.get()
    assert flow.position_of(record, settings=current()).tally.counted == 1
    with pytest.raises(WrongStep):
        flow.lift(record.number, user=domain.ben, settings=current())


def test_a_complaint_that_reverses_a_decision_lifts_it_too_and_a_milder_removal_still_counts(
    domain: Domain,
) -> None:
    record, cases = warned_account(domain)
    case = open_case(domain, "p9")
    decide(case, replace(REMOVE, action="remove_and_suspend"), user=domain.anna)
    flow.find_manifestly_illegal(case, user=domain.anna)
    deliver_everything()
    about = complain_again(case)
    settle(about, domain.ben, "partial")
    assert flow.position_of(record, settings=current()).tally.counted == 4, "removed all the same"
    assert "restore_author" in deliver_everything()[-1]["measures"]
    step = flow.suspend(record.number, WEIGHED, user=domain.anna, settings=current())
    settle(complain_again(cases[2]), domain.ben, "reversed")
    step.refresh_from_db()
    assert step.ended_at is None, "what came since the warning still counts by another content"
    kept = record.findings.get(about="forum/p9", withdrawn_at=None)
    assert kept.rests_on == Decision.objects.filter(case=find_case(case)).order_by("-id")[0].number


def complain_again(case: str) -> Complaint:
    """The author objects to what was decided about a case."""
    statement = Statement.objects.filter(case=find_case(case), suspension=None).order_by("-id")[0]
    return complain_about(
        statement,
        "It is mine.",
        came_by=Complaint.CameBy.LINK,
        language="en",
        actor=COMMAND_LINE,
        settings=current(),
    )


def test_the_suspended_user_complains_and_another_person_gives_the_account_back(domain: Domain) -> None:
    step, _ = suspended_account(domain)
    statement = Statement.objects.get(suspension=step)
    browser = console_of(domain.ben)
    link = f"/complaint/{link_token(statement.number, settings=current())}"
    assert WEIGHED.gravity in browser.get(link).content.decode()
    browser.post(link, {"text": "It was a lesson about the column."})
    complaint = Complaint.objects.get()
    assert (complaint.basis, complaint.decision, complaint.state) == ("dsa20", None, "received")
    with pytest.raises(Forbidden):
        complaints.assign(complaint.number, user=domain.anna)
    with pytest.raises(Invalid):
        settle(complaint, domain.ben, "partial")
    assert not complaints.open_complaint_about(complaint.case.number), "it is about no content"
    deliver_everything()
    page = browser.get(f"/complaints/{complaint.number}").content.decode()
    assert step.number in page
    assert "given back" in page
    settle(complaint, domain.ben, "reversed")
    step.refresh_from_db()
    assert step.end == "complaint"
    answer = deliver_everything()[-1]
    assert (answer["measures"], answer["letter"]["kind"]) == (["restore_author"], "complaint_outcome")
    assert [one.kind for one in Restitution.objects.all()] == ["author"]
    complaint.refresh_from_db()
    assert complaint.state == "informed"
    time_is_over(step)
    assert not OutboxMessage.objects.filter(state="pending").exists()


def test_upholding_leaves_the_account_suspended_until_its_end(domain: Domain) -> None:
    step, _ = suspended_account(domain)
    complaint = complain_about(
        Statement.objects.get(suspension=step),
        "No.",
        came_by=Complaint.CameBy.LINK,
        language="en",
        actor=COMMAND_LINE,
        settings=current(),
    )
    settle(complaint, domain.ben, "upheld", unfounded=True)
    step.refresh_from_db()
    assert step.holds_at(now())
    assert "restore_author" not in str([one.get("measures") for one in deliver_everything()])
    assert MisuseRecord.objects.get(kind="complainant").findings.count() == 1


def test_a_decision_that_suspended_the_author_is_not_undone_by_the_end_of_a_suspension(
    domain: Domain,
) -> None:
    step, _ = suspended_account(domain)
    case = open_case(domain, "p9")
    decide(case, replace(REMOVE, action="remove_and_suspend"), user=domain.anna)
    time_is_over(step)
    deliver_everything()
    assert "restore_author" not in _asked()
    undo(case, reason="second look", user=domain.ben, settings=current())
    assert "restore_author" in _asked()


def test_nor_is_a_suspension_undone_by_the_end_of_a_decision(domain: Domain) -> None:
    record, _ = warned_account(domain)
    case = open_case(domain, "p9")
    decide(case, replace(REMOVE, action="remove_and_suspend"), user=domain.anna)
    with pytest.raises(Conflict, match="already"):
        flow.suspend(record.number, WEIGHED, user=domain.anna, settings=current())
    undo(case, reason="second look", user=domain.ben, settings=current())
    step = flow.suspend(record.number, WEIGHED, user=domain.anna, settings=current())
    again = open_case(domain, "p10")
    decide(again, replace(REMOVE, action="remove_and_suspend"), user=domain.anna)
    before = _asked().count("restore_author")
    undo(again, reason="second look", user=domain.ben, settings=current())
    assert _asked().count("restore_author") == before, "suspended until the end that was stated"
    time_is_over(step)
    assert _asked().count("restore_author") == before + 1


def _asked() -> str:
    payloads = OutboxMessage.objects.filter(topic="platforms.enforcement").values_list("payload", flat=True)
    return str([one["measures"] for one in payloads])


def test_the_suspension_goes_to_the_transparency_database_with_its_end(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_TRANSPARENCY_URL", "https://database.example")
    monkeypatch.setenv("VIGIE_TRANSPARENCY_TOKEN", "t")
    current.cache_clear()
    step, _ = suspended_account(domain)
    submission = Submission.objects.get(statement__suspension=step)
    assert submission.state == "pending"
    assert step.until is not None
    assert submission.record["end_date_account_restriction"] == step.until.date().isoformat()
    assert submission.record["decision_account"] == "DECISION_ACCOUNT_SUSPENDED"
    assert "u-1" not in str(submission.record)
    assert WEIGHED.gravity not in str(submission.record)


def test_the_share_counts_what_the_archive_knows_besides_what_opened_cases(domain: Domain) -> None:
    remove_illegal(domain, "p1")
    remove_illegal(domain, "p2")
    key = Content.objects.get(external_id="p1").author_key
    other = "0" * 64
    with_author = [_seen(f"harmless-{place}", key) for place in range(40)]
    journal = Journal(ArchiveFolder.of(current()), clock=now)
    journal.start()
    for one in (*with_author, *with_author[:3], _seen("p1", key), _seen("elsewhere", other)):
        journal.append(one)
    journal.stop()
    seal_journals(current())
    since = now() - timedelta(days=90)
    assert len(contents_of(key, platform="forum", since=since, settings=current())) == 41
    position = flow.position_of(MisuseRecord.objects.get(), settings=current())
    assert (position.tally.counted, position.tally.total) == (2, 42)
    assert position.step == "nothing", "two of forty-two are less than a tenth"


def _seen(content: str, author_key: str) -> SeenUpload:
    return SeenUpload(
        at_us=micros(now()),
        platform="forum",
        content=content,
        kind="post",
        url="",
        language="en",
        author_key=author_key,
        question=sha256(content.encode()).digest(),
        entries_seq=1,
        signals=(),
    )


# Complainants


def test_complaints_are_set_aside_with_the_reason_and_come_back_when_that_is_over(domain: Domain) -> None:
    step = suspended_complainant(domain)
    aside = complain(domain, "c-9")
    assert aside.state == "set_aside"
    assert step.until is not None
    assert aside.due_at == outcome_due_at(step.until), "its two weeks run from the end"
    letters = [one["letter"] for one in deliver_everything() if "letter" in one]
    told = next(one for one in letters if one["number"] == aside.number)
    assert told["kind"] == "complaint_received"
    assert "set aside until" in told["text"]
    with pytest.raises(Conflict):
        complaints.assign(aside.number, user=domain.ben)
    with pytest.raises(Conflict, match="Somebody complains"):
        undo(aside.case.number, reason="second look", user=domain.ben, settings=current())
    page = console_of(domain.ben).get("/complaints/?state=set_aside").content.decode()
    assert aside.number in page
    assert aside.number not in console_of(domain.ben).get("/complaints/").content.decode()
    assert complain(domain, "c-10", author="u-2").state == "received", "others are heard"
    time_is_over(step)
    aside.refresh_from_db()
    assert aside.state == "received"
    assert abs(aside.due_at - outcome_due_at(now())) < timedelta(minutes=5)
    assert settle(aside, domain.ben).outcome == "upheld"


def test_lifting_brings_back_at_once_what_was_set_aside_and_a_person_can_take_up_before(
    domain: Domain,
) -> None:
    step = suspended_complainant(domain)
    first, second = complain(domain, "c-8"), complain(domain, "c-9")
    complaints.take_up(first.number, actor=COMMAND_LINE)
    flow.lift(step.record.number, user=domain.ben, settings=current())
    for one in (first, second):
        one.refresh_from_db()
        assert one.state == "received"
    step.refresh_from_db()
    assert (step.end, step.ended_by) == ("lifted", domain.ben)
    assert deliver_everything()[-1]["letter"]["kind"] == "misuse_lifted"
    assert complain(domain, "c-10").state == "received"


def test_a_complaint_under_article_10_and_one_about_an_account_are_never_set_aside(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspended_complainant(domain)
    flow.find_manifestly_illegal(Statement.objects.all()[0].case.number, user=domain.anna)
    flow.find_manifestly_illegal(Statement.objects.all()[1].case.number, user=domain.anna)
    account = MisuseRecord.objects.get(kind="uploader")
    flow.warn(account.number, Assessment(), user=domain.anna, settings=current())
    earlier(account, days=1)
    remove_illegal(domain, "p9")
    suspension = flow.suspend(account.number, WEIGHED, user=domain.anna, settings=current())
    about_account = complain_about(
        Statement.objects.get(suspension=suspension),
        "Give it back.",
        came_by=Complaint.CameBy.LINK,
        language="en",
        actor=COMMAND_LINE,
        settings=current(),
    )
    assert (about_account.basis, about_account.state) == ("dsa20", "received")
    monkeypatch.setenv("VIGIE_SPECIFIC_MEASURES_SINCE", "2026-01-01")
    current.cache_clear()
    exposed = complain(domain, "c-9")
    assert (exposed.basis, exposed.state) == ("tco10", "received")
    with pytest.raises(Invalid, match="Article 20"):
        settle(exposed, domain.ben, unfounded=True)


def test_only_a_complaint_that_changes_nothing_is_unfounded_and_counts_once(domain: Domain) -> None:
    complaint = complain(domain, "c-1")
    with pytest.raises(Invalid):
        settle(complaint, domain.ben, "reversed", unfounded=True)
    settle(complaint, domain.ben, unfounded=True)
    record = MisuseRecord.objects.get()
    assert (record.kind, record.account, record.findings.get().about) == ("complainant", "u-1", "CP-000001")
    flow.withdraw_finding(record.number, "CP-000001", user=domain.ben, settings=current())
    complaint.refresh_from_db()
    assert not complaint.unfounded
    assert flow.position_of(record, settings=current()).tally.counted == 0


# Notifiers


def report(place: int, *, platform: str = "forum", threat: bool = False) -> Notice:
    """Somebody reports, always the same."""
    draft = NoticeDraft(
        text=f"The poster number {place} calls on readers to join.",
        url=f"https://{platform}.example/p/{place}",
        category="terrorism",
        language="en",
        good_faith=True,
        came_by=Notice.CameBy.FORM,
        threat_to_life=threat,
    )
    return notify(
        draft,
        platform=find_platform(platform),
        content_id="",
        from_address="192.0.2.1",
        actor=COMMAND_LINE,
        settings=current(),
    )


def report_unfounded(domain: Domain, place: int, *, platform: str = "forum") -> Notice:
    """A notice that led to nothing and had manifestly no ground."""
    notice = report(place, platform=platform)
    assert notice.case is not None
    decide(notice.case.number, KEEP, user=domain.anna)
    return notices.find_unfounded(notice.number, user=domain.anna)


def suspended_notifier(domain: Domain) -> MisuseStep:
    """A notifier whose notices are set aside for thirty days."""
    for place in range(2):
        report_unfounded(domain, place)
    record = MisuseRecord.objects.get()
    flow.warn(record.number, Assessment(), user=domain.anna, settings=current())
    earlier(record, days=10)
    report_unfounded(domain, 3)
    return flow.suspend(record.number, Assessment(), days=30, user=domain.anna, settings=current())


def test_notices_come_back_when_their_suspension_ends_and_other_platforms_know_nothing_of_it(
    domain: Domain,
) -> None:
    step = suspended_notifier(domain)
    aside = [report(place) for place in range(10, 13)]
    assert {one.state for one in aside} == {"set_aside"}
    assert report(20, threat=True).state == "queued"
    add_platform(name="lake", title="Lake", url="", actor=COMMAND_LINE, settings=current())
    assert report(1, platform="lake").state == "queued", "nobody is followed to another platform"
    page = console_of(domain.ben).get(f"/notice/{link_token(aside[0].number, settings=current())}")
    assert "your notices are set aside until" in page.content.decode()
    time_is_over(step)
    for one in aside:
        one.refresh_from_db()
        assert one.state == "queued"
        assert one.case is not None
    report_unfounded(domain, 1, platform="lake")
    assert MisuseRecord.objects.count() == 2


def test_a_notice_whose_decision_is_taken_back_counts_no_more(domain: Domain) -> None:
    step = suspended_notifier(domain)
    last = Notice.objects.order_by("-id")[0]
    assert last.case is not None
    undo(last.case.number, reason="second look", user=domain.ben, settings=current())
    step.refresh_from_db()
    last.refresh_from_db()
    assert (step.end, last.unfounded, last.state) == ("reversed", False, "queued")
    assert report(30).state == "queued"


def test_a_notifier_who_complains_without_ground_is_told_under_the_private_link(domain: Domain) -> None:
    for place in range(3):
        notice = report(place)
        assert notice.case is not None
        decide(notice.case.number, KEEP, user=domain.anna)
        notice.refresh_from_db()
        complaint = object_again(notice)
        if place == 2:
            record = MisuseRecord.objects.get()
            flow.warn(record.number, Assessment(), user=domain.ben, settings=current())
            earlier(record, days=2)
        settle(complaint, domain.ben, unfounded=True)
    record = MisuseRecord.objects.get()
    assert (record.kind, record.account) == ("complainant", "")
    flow.suspend(record.number, Assessment(), days=30, user=domain.ben, settings=current())
    last = report(9)
    assert (last.state, last.case is None) == ("queued", False), "their notices are heard all the same"
    decide(last.case.number if last.case else "", KEEP, user=domain.anna)
    last.refresh_from_db()
    aside = object_again(last)
    assert aside.state == "set_aside"
    page = console_of(domain.ben).get(f"/notice/{link_token(last.number, settings=current())}")
    assert "your complaints are set aside until" in page.content.decode()
    assert "It is set aside until" in page.content.decode()
    flow.lift(record.number, user=domain.ben, settings=current())
    aside.refresh_from_db()
    assert aside.state == "received"


def object_again(notice: Notice) -> Complaint:
    """The notifier objects that nothing was done."""
    return object_to_no_action(notice, "Look again.", language="en", actor=COMMAND_LINE, settings=current())


# Three doors


def test_the_api_shows_what_counts_and_takes_every_step(domain: Domain) -> None:
    anna, forum = with_own_token(domain.anna), service("cases:read", platform="forum")
    for place in range(2):
        case = open_case(domain, f"p{place}")
        assert anna.post(f"/cases/{case}/manifestly-illegal").status_code == 409
        decide(case, REMOVE, user=domain.anna)
        anna.post(f"/cases/{case}/manifestly-illegal")
    found = anna.get("/misuse/M-000001").json()
    number = found["number"]
    assert (found["counted"], found["total"], found["step"], found["stage"]) == (2, 2, "warn", "watched")
    assert found["findings"][0]["about"] == "forum/p1"
    assert anna.post(f"/misuse/{number}/suspend", {}).status_code == 409
    assert anna.post(f"/misuse/{number}/warn", {"gravity": "grave"}).json()["stage"] == "warned"
    assert anna.post(f"/misuse/{number}/take-warning-back").json()["stage"] == "watched"
    anna.post(f"/misuse/{number}/warn", {})
    earlier(MisuseRecord.objects.get(), days=1)
    remove_illegal(domain, "p3")
    assert anna.post(f"/misuse/{number}/suspend", {}).status_code == 422
    assert anna.post(f"/misuse/{number}/suspend", {"days": 0}).status_code == 422
    body = {"gravity": "It calls to violence.", "intention": "It went on.", "days": 7}
    suspended = anna.post(f"/misuse/{number}/suspend", body).json()
    assert (suspended["stage"], suspended["step"]) == ("suspended", "nothing")
    statement = anna.get("/statements").json()["items"][0]
    assert (statement["action"], statement["decision"]) == ("suspend_account", None)
    assert (statement["suspension"], statement["ends_at"]) == (
        suspended["steps"][0]["number"],
        suspended["suspended_until"],
    )
    assert [one["number"] for one in anna.get("/misuse", stage="suspended").json()["items"]] == [number]
    assert anna.get("/misuse", kind="notifier").json()["items"] == []
    assert forum.get(f"/misuse/{number}").json()["account"] == "u-1"
    assert service("cases:read", platform="lake").get(f"/misuse/{number}").status_code == 404
    assert anna.post(f"/misuse/{number}/lift").json()["steps"][0]["end"] == "lifted"
    withdrawn = anna.post(f"/misuse/{number}/withdraw", {"about": "forum/p1"}).json()
    assert withdrawn["counted"] == 2
    assert anna.post(f"/misuse/{number}/withdraw", {"about": "forum/p1"}).status_code == 404


def test_the_api_sets_complaints_aside_in_words_and_takes_them_up(domain: Domain) -> None:
    ben = with_own_token(domain.ben)
    first = complain(domain, "d-1", author="u-2")
    ben.post(f"/complaints/{first.number}/assign")
    outcome = {"outcome": "upheld", "reply": "Nothing has changed.", "manifestly_unfounded": True}
    assert ben.post(f"/complaints/{first.number}/outcome", outcome).json()["unfounded"]
    suspended_complainant(domain)
    aside = complain(domain, "c-9")
    shown = ben.get("/complaints", state="set_aside").json()["items"]
    assert [(one["number"], one["state"]) for one in shown] == [(aside.number, "set_aside")]
    assert shown[0]["set_aside_until"]
    assert ben.get("/complaints").json()["items"] == []
    assert ben.post(f"/complaints/{aside.number}/take-up").json()["state"] == "received"
    assert ben.post(f"/complaints/{aside.number}/take-up").status_code == 409


def test_the_console_has_one_place_for_all_three_and_says_when_it_is_empty(domain: Domain) -> None:
    browser = console_of(domain.anna)
    assert "Nothing counts for anybody" in browser.get("/misuse/").content.decode()
    case = open_case(domain, "p1")
    decide(case, REMOVE, user=domain.anna)
    assert "It is manifestly illegal" in browser.get(f"/cases/{case}").content.decode()
    browser.post(f"/cases/{case}/manifestly-illegal")
    assert "found manifestly illegal" in browser.get(f"/cases/{case}").content.decode()
    remove_illegal(domain, "p2")
    page = browser.get("/misuse/M-000001").content.decode()
    assert "forum/p1" in page
    browser.post("/misuse/M-000001/act", {"act": "warn"})
    assert "M-000001" in browser.get("/misuse/?stage=warned").content.decode()
    earlier(MisuseRecord.objects.get(), days=1)
    remove_illegal(domain, "p3")
    refused = browser.post("/misuse/M-000001/act", {"act": "suspend", "gravity": "It is grave.", "days": "9"})
    assert refused.status_code == 422
    assert "It is grave." in refused.content.decode(), "what was typed is kept"
    form = {"act": "suspend", "gravity": "It is grave.", "intention": "It went on.", "days": "9"}
    assert browser.post("/misuse/M-000001/act", {**form, "days": "x"}).status_code == 422
    assert browser.post("/misuse/M-000001/act", form).status_code == 302
    statement = Statement.objects.get(suspension__isnull=False)
    assert "M-000001" in browser.get(f"/statements/{statement.number}").content.decode()
    browser.post("/misuse/M-000001/act", {"act": "lift"})
    browser.post("/misuse/M-000001/act", {"act": "withdraw", "about": "forum/p1"})
    page = browser.get("/misuse/M-000001").content.decode()
    assert "lifted by a person" in page
    assert "counts no more: taken back by a person" in page
    browser.post("/misuse/M-000001/act", {"act": "take_warning_back"})
    assert MisuseRecord.objects.get().stage == "watched"
    assert browser.post("/misuse/M-000001/act", {"act": "nothing"}).status_code == 422
    assert (
        console_of(person("olga", "auditor")).post("/misuse/M-000001/act", {"act": "warn"}).status_code == 403
    )


def test_the_command_line_takes_every_step(domain: Domain) -> None:
    for place in range(2):
        case = open_case(domain, f"p{place}")
        decide(case, REMOVE, user=domain.anna)
        done("misuse", "find", case, "--by", "anna")
    shown = done("misuse", "show", "M-000001")
    assert (shown["number"], shown["step"]) == ("M-000001", "warn")
    assert done("misuse", "warn", "M-000001", "--by", "anna")["stage"] == "warned"
    assert run("misuse", "suspend", "M-000001", "--by", "anna").exit_code == 1
    done("misuse", "take-warning-back", "M-000001", "--by", "anna")
    done("misuse", "warn", "M-000001", "--by", "anna")
    earlier(MisuseRecord.objects.get(), days=1)
    remove_illegal(domain, "p3")
    weighed = ("--gravity", "It is grave.", "--intention", "It went on.", "--days", "5")
    assert done("misuse", "suspend", "M-000001", *weighed, "--by", "anna")["suspended_until"]
    assert [one["number"] for one in done("misuse", "list", "--stage", "suspended")["records"]] == [
        "M-000001"
    ]
    assert done("misuse", "lift", "M-000001", "--by", "anna")["stage"] == "warned"
    assert done("misuse", "withdraw", "M-000001", "forum/p1", "--by", "anna")["counted"] == 2
    told = run("misuse", "show", "M-000001").output
    assert "suspension" in told
    assert "forum/p3" in told
    notice = report(1)
    assert notice.case is not None
    decide(notice.case.number, KEEP, user=domain.anna)
    assert done("misuse", "find", notice.number, "--by", "anna")["kind"] == "notifier"


def test_no_letter_of_misuse_and_no_row_of_the_ledger_names_a_reviewer_or_an_account(domain: Domain) -> None:
    suspended_account(domain, author="u-secret")
    rows = LedgerEntry.objects.filter(event__startswith="misuse.")
    assert "u-secret" not in str(list(rows.values_list("facts", "subject")))
    for message in deliver_everything():
        assert "anna" not in str(message.get("letter", {}).get("text"))
