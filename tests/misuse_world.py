"""What tests of misuse share: somebody who goes on and on, and instants moved so that nothing has to be waited for."""

from datetime import timedelta

import pytest
from django.test import Client

from domain import Domain, make_domain
from redress_world import open_case
from vigie.cases.decisions import DecisionDraft
from vigie.cases.service import find_case
from vigie.flows import misuse as flow
from vigie.flows.complaint import Outcome, complain_about, decide_complaint
from vigie.flows.decision import decide
from vigie.flows.notice import notify, object_to_no_action
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.misuse.models import MisuseRecord, MisuseStep
from vigie.misuse.service import Assessment
from vigie.notices import service as notices
from vigie.notices.models import Notice
from vigie.notices.service import NoticeDraft
from vigie.people.models import User
from vigie.platforms.service import find_platform
from vigie.redress import complaints
from vigie.redress.models import Complaint, Statement

KEEP = DecisionDraft("keep", "harmless", exemption="none")
REMOVE = DecisionDraft("remove", "a copy of the poster", legal_type="a", exemption="none")
WEIGHED = Assessment("It calls to join the column.", "The author went on when warned.")
REPLY = "We looked at it anew and nothing has changed."


def remove_illegal(domain: Domain, external_id: str, *, author: str = "u-1") -> str:
    """A case about one more copy, removed and found manifestly illegal; its number."""
    case = open_case(domain, external_id, author=author)
    decide(case, REMOVE, user=domain.anna)
    flow.find_manifestly_illegal(case, user=domain.anna)
    return case


def warned_account(
    domain: Domain, *, author: str = "u-1", days_ago: int = 10
) -> tuple[MisuseRecord, list[str]]:
    """An account that was warned some days ago after two contents, and published a third since; and the cases."""
    cases = [remove_illegal(domain, f"misused-{place}", author=author) for place in range(2)]
    record = MisuseRecord.objects.get(kind="uploader", account=author)
    flow.warn(record.number, Assessment(), user=domain.anna, settings=current())
    earlier(record, days=days_ago)
    cases.append(remove_illegal(domain, "misused-2", author=author))
    return record, cases


def earlier(record: MisuseRecord, *, days: int) -> None:
    """Let everything of a record have happened so many days before."""
    ago = timedelta(days=days)
    for step in record.steps.all():
        step.taken_at -= ago
        step.until = step.until and step.until - ago
        step.save()
    for finding in record.findings.all():
        finding.provided_at -= ago
        finding.found_at -= ago
        finding.save()


def suspended_account(domain: Domain, *, author: str = "u-1") -> tuple[MisuseStep, list[str]]:
    """The same account, suspended now for thirty days; and the cases that count."""
    record, cases = warned_account(domain, author=author)
    step = flow.suspend(record.number, WEIGHED, days=30, user=domain.anna, settings=current())
    return step, cases


def complain(domain: Domain, external_id: str, *, author: str = "u-1") -> Complaint:
    """The author of one more removed content objects."""
    decide(open_case(domain, external_id, author=author), REMOVE, user=domain.anna)
    statement = Statement.objects.get(case__content__external_id=external_id)
    return complain_about(
        statement,
        "Give it back.",
        came_by=Complaint.CameBy.LINK,
        language="en",
        actor=COMMAND_LINE,
        settings=current(),
    )


def settle(
    complaint: Complaint, user: User, outcome: str = "upheld", *, unfounded: bool = False
) -> Complaint:
    """Take a complaint and decide it."""
    complaints.assign(complaint.number, user=user)
    said = Outcome(outcome, REPLY, unfounded=unfounded)
    return decide_complaint(complaint.number, said, user=user, settings=current())


def suspended_complainant(domain: Domain, *, author: str = "u-1") -> MisuseStep:
    """An author whose complaints are suspended for thirty days."""
    for place in range(2):
        settle(complain(domain, f"c-{place}", author=author), domain.ben, unfounded=True)
    record = MisuseRecord.objects.get(kind="complainant", account=author)
    flow.warn(record.number, Assessment(), user=domain.ben, settings=current())
    earlier(record, days=10)
    settle(complain(domain, "c-2", author=author), domain.ben, unfounded=True)
    return flow.suspend(record.number, Assessment(), days=30, user=domain.ben, settings=current())


def time_is_over(step: MisuseStep) -> None:
    """Let a suspension have come to its end a moment ago, and the worker look."""
    MisuseStep.objects.filter(pk=step.pk).update(until=now() - timedelta(seconds=1))
    flow.end_due(at=now(), settings=current())


def console_of(user: User) -> Client:
    """A browser in which somebody is signed in."""
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


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


def object_again(notice: Notice) -> Complaint:
    """The notifier objects that nothing was done."""
    return object_to_no_action(notice, "Look again.", language="en", actor=COMMAND_LINE, settings=current())
