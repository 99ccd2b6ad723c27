"""Versions of the policy in a real database: one is active, none is lost, the ledger knows."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import InternalError, close_old_connections, connections, transaction
from django.db.utils import DatabaseError

from vigie.ledger.actors import SYSTEM, person
from vigie.ledger.models import LedgerEntry
from vigie.policy import PolicyInvalid, default_policy_text, service
from vigie.policy.models import PolicyActivation, PolicyVersion

pytestmark = pytest.mark.usefixtures("database")

DEFAULT = default_policy_text()
STRICTER = DEFAULT.replace("name: default", "name: stricter")
REVIEWER = person(7)


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests in this process have had active policies of their own."""
    monkeypatch.setattr(service, "_held", service._Held())


def entries() -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(event="policy.version_activated.v1").order_by("seq"))


def test_without_any_activation_there_is_no_policy() -> None:
    with pytest.raises(service.NoActivePolicy):
        service.active_policy()


def test_at_first_start_the_default_policy_becomes_active_and_stays_so() -> None:
    first, again = service.ensure_default(), service.ensure_default()
    assert (first.number, first.pk) == (1, again.pk)
    assert service.active_policy().digest == first.digest
    assert [(entry.actor, entry.subject) for entry in entries()] == [(str(SYSTEM), "policy:1")]


def test_the_newest_activation_rules_and_an_earlier_version_can_come_back() -> None:
    service.ensure_default()
    stricter = service.activate(STRICTER, actor=REVIEWER)
    assert service.active_policy().version_label == stricter.label
    back = service.activate(DEFAULT, actor=REVIEWER)
    assert (stricter.number, back.number) == (2, 1)
    assert service.active_policy().name == "default"
    assert service.ensure_default().pk == back.pk
    facts = [entry.facts for entry in entries()]
    assert [fact["number"] for fact in facts] == [1, 2, 1]
    assert [fact["replaces"] for fact in facts] == ["", back.digest, stricter.digest]
    assert facts[0]["rules_in_shadow"] == ["returning-author"]


def test_the_active_text_again_changes_nothing() -> None:
    service.activate(DEFAULT, actor=REVIEWER)
    service.activate(DEFAULT.replace("\n", "\r\n"), actor=REVIEWER)
    assert (PolicyVersion.objects.count(), PolicyActivation.objects.count(), len(entries())) == (1, 1, 1)


def test_a_policy_with_errors_leaves_the_active_one_in_force() -> None:
    before = service.ensure_default()
    with pytest.raises(PolicyInvalid):
        service.activate(DEFAULT.replace("match.signal", "match.signla"), actor=REVIEWER)
    assert service.reload_if_changed().digest == before.digest
    assert (PolicyVersion.objects.count(), len(entries())) == (1, 1)


def test_an_activation_that_is_rolled_back_never_ruled() -> None:
    service.ensure_default()
    with pytest.raises(RuntimeError), transaction.atomic():
        service.activate(STRICTER, actor=REVIEWER)
        raise RuntimeError
    assert service.active_policy().name == "default"
    assert service.reload_if_changed().name == "default"
    assert len(entries()) == 1


def test_what_another_process_activates_is_known_after_a_reload() -> None:
    service.ensure_default()
    assert service.active_policy().name == "default"
    script = (
        "import sys, django; django.setup();"
        "from vigie.policy import service; from vigie.ledger.actors import COMMAND_LINE;"
        "service.activate(sys.stdin.read(), actor=COMMAND_LINE)"
    )
    subprocess.run([sys.executable, "-c", script], input=STRICTER, text=True, check=True, timeout=60)
    assert service.active_policy().name == "default"
    assert service.reload_if_changed().name == "stricter"
    assert service.active_policy().name == "stricter"


def test_many_activations_at_once_leave_no_gap_and_one_active_policy() -> None:
    texts = [DEFAULT.replace("name: default", f"name: policy-{number}") for number in range(12)]

    def activate(text: str) -> None:
        try:
            service.activate(text, actor=REVIEWER)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(activate, texts))
    close_old_connections()
    assert sorted(PolicyVersion.objects.values_list("number", flat=True)) == list(range(1, 13))
    newest = PolicyActivation.objects.order_by("-id")[0].version
    assert service.reload_if_changed().digest == newest.digest
    assert entries()[-1].facts["digest"] == newest.digest


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policy_version SET text = ''",
        "DELETE FROM policy_activation",
        "UPDATE policy_activation SET activated_by = 'nobody'",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_version(statement: str) -> None:
    service.ensure_default()
    with (
        pytest.raises((InternalError, DatabaseError)),
        transaction.atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(statement)
    assert PolicyVersion.objects.get().text == DEFAULT


def test_a_file_is_activated_and_one_that_cannot_be_read_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "forum.yaml"
    path.write_text(STRICTER, encoding="utf-8")
    assert service.activate_file(path, actor=REVIEWER).name == "stricter"
    path.write_bytes(b"\xff\xfe")
    for unreadable in (path, tmp_path / "absent.yaml"):
        with pytest.raises(service.PolicyFileUnreadable) as refused:
            service.activate_file(unreadable, actor=REVIEWER)
        assert unreadable.name in refused.value.sentence
        assert str(tmp_path) not in refused.value.sentence
