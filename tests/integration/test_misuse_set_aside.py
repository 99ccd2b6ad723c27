"""Notifiers and complainants that misuse: what they send is set aside for a time, and comes back."""

from datetime import timedelta

import pytest

from domain import Domain
from misuse_world import (
    KEEP,
    WEIGHED,
    complain,
    console_of,
    domain,
    earlier,
    low_limits,
    object_again,
    remove_illegal,
    report,
    report_unfounded,
    settle,
    suspended_complainant,
    suspended_notifier,
    time_is_over,
)
from redress_world import deliver_everything
from vigie.flows import misuse as flow
from vigie.flows.complaint import complain_about
from vigie.flows.decision import decide, undo
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Invalid
from vigie.foundation.links import link_token
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.misuse.models import MisuseRecord
from vigie.misuse.service import Assessment
from vigie.notices.models import Notice
from vigie.platforms.service import add_platform
from vigie.redress import complaints
from vigie.redress.clocks import outcome_due_at
from vigie.redress.models import Complaint, Statement

__all__ = ["domain", "low_limits"]  # fixtures

pytestmark = pytest.mark.usefixtures("database", "low_limits")


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
