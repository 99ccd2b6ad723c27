"""A decision, its message to the platform and its undoing are one transaction each."""

from datetime import timedelta

import pytest
from django.db import transaction

from domain import Domain, make_domain
from pictures import as_bytes, picture
from vigie.cases import service as cases
from vigie.cases.decisions import DecisionDraft
from vigie.cases.models import Case, Decision
from vigie.flows.decision import decide, undo
from vigie.foundation.clock import now
from vigie.foundation.errors import Conflict, Forbidden, Invalid
from vigie.foundation.settings import current
from vigie.ledger.models import LedgerEntry, OutboxMessage
from vigie.people.models import User

pytestmark = pytest.mark.usefixtures("database")
REMOVE = DecisionDraft("remove", "a copy of the poster", legal_type="a", exemption="none")
SUSPEND = DecisionDraft("remove_and_suspend", "again", legal_type="a", exemption="none")
KEEP = DecisionDraft("keep", "a press photograph", exemption="journalism", true_purpose="news about a march")


@pytest.fixture
def domain(database: str) -> Domain:
    """A database with one confirmed entry."""
    made = make_domain()
    made.bank_confirmed(1)
    return made


def open_case(domain: Domain, external_id: str = "p1", author: str = "u-1") -> str:
    """A held case."""
    data = as_bytes(picture(1).resize((400, 300)), "JPEG", quality=70)
    return str(domain.ask(external_id, data, author=author)["case"])


def measures() -> list[list[str]]:
    """What the platform is asked, oldest first."""
    return [one.payload["measures"] for one in OutboxMessage.objects.order_by("id")]


def test_a_decision_puts_its_effect_in_the_outbox(domain: Domain) -> None:
    case = open_case(domain)
    decision = decide(case, REMOVE, user=domain.anna)
    message = OutboxMessage.objects.get()
    assert message.payload["measures"] == ["remove_content"]
    assert message.payload["decision"] == decision.number
    assert message.payload["sequence"] == message.ledger_seq
    assert "poster" not in str(message.payload)
    assert Case.objects.get().state == "decided"


def test_a_decision_that_fails_leaves_nothing(domain: Domain) -> None:
    case = open_case(domain)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        decide(case, REMOVE, user=domain.anna)
        raise ZeroDivisionError
    assert not Decision.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert Case.objects.get().state == "open"


def test_the_same_key_decides_once(domain: Domain) -> None:
    case = open_case(domain)
    first = decide(case, REMOVE, user=domain.anna, idempotency_key="k")
    assert decide(case, REMOVE, user=domain.anna, idempotency_key="k") == first
    assert OutboxMessage.objects.count() == 1


def test_a_decided_case_is_not_decided_again(domain: Domain) -> None:
    case = open_case(domain)
    decide(case, REMOVE, user=domain.anna)
    with pytest.raises(Conflict):
        decide(case, KEEP, user=domain.ben)


def test_only_who_may_decides(domain: Domain) -> None:
    case = open_case(domain)
    auditor = User.objects.create(username="olga", role="auditor")
    with pytest.raises(Forbidden):
        decide(case, REMOVE, user=auditor)


def test_a_case_that_somebody_works_on_is_theirs(domain: Domain) -> None:
    case = open_case(domain)
    cases.lock_case(case, user=domain.ben, settings=current())
    with pytest.raises(cases.CaseLocked):
        decide(case, REMOVE, user=domain.anna)
    with pytest.raises(cases.CaseLocked):
        cases.lock_case(case, user=domain.anna, settings=current())
    Case.objects.update(locked_until=now() - timedelta(seconds=1))
    decide(case, REMOVE, user=domain.anna)


def test_a_case_handed_back_is_free(domain: Domain) -> None:
    case = open_case(domain)
    cases.lock_case(case, user=domain.ben, settings=current())
    cases.release_case(case, user=domain.ben)
    decide(case, KEEP, user=domain.anna)
    assert measures() == [["restore_content"]]


def test_undoing_brings_the_content_back_to_where_the_rules_left_it(domain: Domain) -> None:
    case = open_case(domain)
    decide(case, SUSPEND, user=domain.anna)
    undo(case, reason="wrong picture", user=domain.anna, settings=current())
    assert measures() == [["remove_content", "suspend_author"], ["hide_content", "restore_author"]]
    assert Case.objects.get().state == "open"
    decide(case, KEEP, user=domain.anna)
    assert measures()[-1] == ["restore_content"]


def test_an_author_stays_suspended_while_another_decision_stands(domain: Domain) -> None:
    first, second = open_case(domain, "p1"), open_case(domain, "p2")
    decide(first, SUSPEND, user=domain.anna)
    decide(second, SUSPEND, user=domain.anna)
    undo(second, reason="wrong", user=domain.anna, settings=current())
    assert measures()[-1] == ["hide_content"]
    undo(first, reason="wrong", user=domain.anna, settings=current())
    assert measures()[-1] == ["hide_content", "restore_author"]


def test_a_stranger_cannot_undo_and_a_senior_can(domain: Domain) -> None:
    case = open_case(domain)
    decide(case, REMOVE, user=domain.anna)
    carl = User.objects.create(username="carl", role="reviewer")
    with pytest.raises(Forbidden):
        undo(case, reason="no", user=carl, settings=current())
    undo(case, reason="second look", user=domain.ben, settings=current())


def test_an_unknown_author_cannot_be_suspended(domain: Domain) -> None:
    case = open_case(domain, author="")
    with pytest.raises(Invalid):
        decide(case, SUSPEND, user=domain.anna)


def test_earlier_removals_of_an_author_are_counted_and_uncounted(domain: Domain) -> None:
    case = open_case(domain)
    assert cases.removal_counts() == {}
    decide(case, REMOVE, user=domain.anna)
    assert list(cases.removal_counts().values()) == [1]
    undo(case, reason="wrong", user=domain.anna, settings=current())
    assert cases.removal_counts() == {}


def test_the_reason_in_words_is_not_in_the_ledger(domain: Domain) -> None:
    decide(open_case(domain), REMOVE, user=domain.anna)
    entry = LedgerEntry.objects.get(event="cases.decision_taken.v1")
    assert "poster" not in str(entry.facts)
    assert entry.facts["legal_type"] == "a"
    assert entry.actor == f"person:{domain.anna.pk}"
