"""Accounts that misuse: warned, suspended with reasons and an end, and given back."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from api_calls import person
from domain import Domain
from misuse_world import (
    REMOVE,
    WEIGHED,
    complain_again,
    console_of,
    domain,
    earlier,
    low_limits,
    remove_illegal,
    settle,
    suspended_account,
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
from vigie.platforms.service import change_platform
from vigie.redress import complaints
from vigie.redress.models import Complaint, Restitution, Statement, Submission

__all__ = ["domain", "low_limits"]  # fixtures

pytestmark = pytest.mark.usefixtures("database", "low_limits")


def events(prefix: str = "misuse.") -> list[str]:
    """Events of the ledger in their order, without those that only count."""
    rows = LedgerEntry.objects.filter(event__startswith=prefix).order_by("seq")
    return [one.removeprefix("misuse.") for one in rows.values_list("event", flat=True)]


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


def _asked() -> str:
    payloads = OutboxMessage.objects.filter(topic="platforms.enforcement").values_list("payload", flat=True)
    return str([one["measures"] for one in payloads])


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
