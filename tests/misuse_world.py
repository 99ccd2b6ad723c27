"""What tests of misuse share: somebody who goes on and on, and instants moved so that nothing has to be waited for."""

from datetime import timedelta

from django.test import Client

from domain import Domain
from redress_world import open_case
from vigie.cases.decisions import DecisionDraft
from vigie.flows import misuse as flow
from vigie.flows.complaint import Outcome, complain_about, decide_complaint
from vigie.flows.decision import decide
from vigie.foundation.clock import now
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.misuse.models import MisuseRecord, MisuseStep
from vigie.misuse.service import Assessment
from vigie.people.models import User
from vigie.redress import complaints
from vigie.redress.models import Complaint, Statement

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
