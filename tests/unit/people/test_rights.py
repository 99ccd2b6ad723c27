"""The table of rights holds the promises that the documentation makes."""

from vigie.people.rights import (
    PERSON_ONLY,
    RIGHTS_OF_ROLE,
    SCOPES,
    Right,
    Role,
    rights_of_role,
    rights_of_scopes,
)


def test_every_role_has_rights() -> None:
    assert set(RIGHTS_OF_ROLE) == set(Role)


def test_an_auditor_reads_all_and_changes_nothing() -> None:
    auditor = rights_of_role("auditor")
    assert {Right.LEDGER_READ, Right.EVIDENCE_READ, Right.CASES_READ} <= auditor
    assert not [right for right in auditor if not right.value.endswith(":read")]


def test_no_service_token_can_decide_confirm_or_read_evidence() -> None:
    assert not PERSON_ONLY & set(SCOPES)
    assert rights_of_scopes([right.value for right in Right]) == frozenset(SCOPES)


def test_an_administrator_does_not_decide_cases() -> None:
    assert Right.CASES_DECIDE not in rights_of_role("administrator")


def test_a_reviewer_does_not_confirm_alone() -> None:
    assert Right.BANKS_CONFIRM not in rights_of_role("reviewer")


def test_an_unknown_role_has_no_rights() -> None:
    assert rights_of_role("emperor") == frozenset()
