"""Records of misuse go when their time is over, and not while something still counts, suspends or is objected to."""

from datetime import timedelta

import pytest

from domain import Domain
from misuse_world import (
    complain,
    console_of,
    domain,
    remove_illegal,
    settle,
    suspended_account,
    suspended_complainant,
    time_is_over,
    warned_account,
)
from redress_world import deliver_everything
from vigie import worker
from vigie.flows import misuse as flow
from vigie.flows.complaint import complain_about
from vigie.flows.misuse_purge import purge
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.checkpoints import Verified, verify
from vigie.ledger.models import LedgerEntry
from vigie.misuse.models import MisuseFinding, MisuseRecord, MisuseStep
from vigie.redress.models import Complaint, Statement

__all__ = ["domain"]  # fixtures

pytestmark = pytest.mark.usefixtures("database", "low_limits")


@pytest.fixture
def low_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are many, and a record is kept for a month."""
    for name, value in {
        "CONTENTS_COUNT_MIN": "2",
        "COMPLAINTS_COUNT_MIN": "2",
        "WINDOW_DAYS": "30",
        "RETENTION_DAYS": "31",
    }.items():
        monkeypatch.setenv(f"VIGIE_MISUSE_{name}", value)
    current.cache_clear()


def purged_in(*, days: float) -> int:
    """How many records the worker deletes when so many days have passed."""
    return purge(at=now() + timedelta(days=days), settings=current())


def test_a_record_is_deleted_when_its_time_is_over_and_the_ledger_stays(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, _ = suspended_account(domain)
    statement = Statement.objects.get(suspension=step)
    deliver_everything()
    time_is_over(step)
    deliver_everything()
    before = LedgerEntry.objects.filter(event__startswith="misuse.").count()
    assert purged_in(days=180) == 0, "its account may still object"
    later = now() + timedelta(days=190)
    monkeypatch.setattr(worker, "now", lambda: later)
    worker.Worker(current())._purge_misuse()

    for rows in (MisuseRecord, MisuseStep, MisuseFinding):
        assert not rows.objects.exists()
    told = LedgerEntry.objects.filter(event__startswith="misuse.").order_by("-seq")
    assert told.count() == before + 1
    assert (told[0].event, told[0].actor) == ("misuse.record_deleted.v1", "system:vigie")
    assert told[0].facts == {"record": "M-000001", "kind": "uploader", "platform": "forum"}
    assert isinstance(verify(current()), Verified)
    statement.refresh_from_db()
    assert (statement.action, statement.suspension, statement.by_rule) == ("suspend_account", None, False)
    page = console_of(domain.anna).get(f"/statements/{statement.number}").content.decode()
    assert "account suspended for a time" in page
    assert "by a rule" not in page


def test_what_still_suspends_is_objected_to_or_may_be_keeps_its_record(domain: Domain) -> None:
    step, _ = suspended_account(domain)
    assert purged_in(days=2_000) == 0, "a suspension runs until somebody or the worker ends it"
    time_is_over(step)
    assert purged_in(days=2_000) == 0, "the account was not told yet, and its six months have not begun"
    deliver_everything()
    complaint = complain_about(
        Statement.objects.get(suspension=step),
        "Give the account back.",
        came_by=Complaint.CameBy.LINK,
        language="en",
        actor=COMMAND_LINE,
        settings=current(),
    )
    assert purged_in(days=2_000) == 0, "the complaint is open"
    settle(complaint, domain.ben)
    assert purged_in(days=2_000) == 0, "the answer has not arrived"
    deliver_everything()
    assert purged_in(days=2_000) == 1
    assert Complaint.objects.filter(pk=complaint.pk, state="informed").exists()


def test_an_open_complaint_about_what_counts_keeps_the_record(domain: Domain) -> None:
    warned_account(domain)
    deliver_everything()
    complaint = complain_about(
        Statement.objects.order_by("id")[0],
        "Give it back.",
        came_by=Complaint.CameBy.LINK,
        language="en",
        actor=COMMAND_LINE,
        settings=current(),
    )
    assert purged_in(days=32) == 0
    settle(complaint, domain.ben)
    deliver_everything()
    assert purged_in(days=32) == 1


def test_what_a_suspension_set_aside_keeps_its_record_until_it_is_answered(domain: Domain) -> None:
    step = suspended_complainant(domain)
    set_aside = complain(domain, "c-9")
    assert set_aside.set_aside_by == step
    time_is_over(step)
    deliver_everything()
    assert purged_in(days=400) == 0
    settle(set_aside, domain.ben)
    deliver_everything()
    assert purged_in(days=400) == 1
    assert Complaint.objects.filter(pk=set_aside.pk, state="informed", set_aside_by=None).exists()


def test_nothing_goes_before_the_time_frame_is_over_and_each_finding_begins_it_anew(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_MISUSE_WINDOW_DAYS", "100")
    current.cache_clear()
    remove_illegal(domain, "p1")
    MisuseRecord.objects.update(changed_at=now() - timedelta(days=99))
    assert purged_in(days=0) == 0, "it counts for a hundred days, however short records are kept"
    remove_illegal(domain, "p2")
    assert purged_in(days=99) == 0
    assert purged_in(days=100.1) == 1
    flow.find_manifestly_illegal("C-000001", user=domain.anna)
    assert MisuseRecord.objects.get().number == "M-000002", "who misuses anew has a new record"
