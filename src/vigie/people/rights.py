"""The table of who may do what, as pure data: roles and scopes to rights.

It checks nothing by itself: the console, the API and the command line ask it.
"""

from enum import StrEnum


class Right(StrEnum):
    """One thing that can be allowed. The values are also the scopes of tokens."""

    CONTENT_WRITE = "content:write"
    CONTENT_ERASE = "content:erase"
    MATCH_READ = "match:read"
    BANKS_READ = "banks:read"
    BANKS_WRITE = "banks:write"
    BANKS_CONFIRM = "banks:confirm"
    CASES_READ = "cases:read"
    CASES_DECIDE = "cases:decide"
    EVIDENCE_READ = "evidence:read"
    EVIDENCE_DECIDE = "evidence:decide"
    LEDGER_READ = "ledger:read"
    LEDGER_SIGN = "ledger:sign"
    POLICY_READ = "policy:read"
    POLICY_WRITE = "policy:write"
    PLATFORMS_READ = "platforms:read"
    PLATFORMS_WRITE = "platforms:write"
    DELIVERIES_REPLAY = "deliveries:replay"
    PEOPLE_WRITE = "people:write"
    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    ORDERS_DECIDE = "orders:decide"
    NOTICES_WRITE = "notices:write"
    REPORTS_WRITE = "reports:write"
    # An authority hands in its own orders and reads what became of them, and nothing else.
    ORDERS_FILE = "orders:file"
    # Orders that we issue, as an authority.
    ISSUING_READ = "issuing:read"
    ISSUING_DRAFT = "issuing:draft"
    ISSUING_APPROVE = "issuing:approve"
    PROVIDERS_WRITE = "providers:write"
    HOLDS_READ = "holds:read"
    HOLDS_WRITE = "holds:write"


class Role(StrEnum):
    """What a person is here for."""

    REVIEWER = "reviewer"
    SENIOR_REVIEWER = "senior_reviewer"
    LEGAL_OFFICER = "legal_officer"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


# Confirming an entry, deciding, publishing a report and issuing an order are a person's acts: no token can have them.
PERSON_ONLY = frozenset(
    {
        Right.BANKS_CONFIRM,
        Right.CASES_DECIDE,
        Right.EVIDENCE_READ,
        Right.EVIDENCE_DECIDE,
        Right.PEOPLE_WRITE,
        Right.ORDERS_DECIDE,
        Right.REPORTS_WRITE,
        Right.ISSUING_DRAFT,
        Right.ISSUING_APPROVE,
        Right.HOLDS_READ,
        Right.HOLDS_WRITE,
    }
)
SCOPES = tuple(right for right in Right if right not in PERSON_ONLY)

_READING = frozenset({Right.BANKS_READ, Right.CASES_READ, Right.POLICY_READ, Right.PLATFORMS_READ})
# An order can come at three in the morning: whoever reviews may also execute it.
_ORDERS = frozenset({Right.ORDERS_READ, Right.ORDERS_WRITE, Right.ORDERS_DECIDE})
_ISSUING = frozenset({Right.ISSUING_READ, Right.ISSUING_DRAFT})
_REVIEWING = (
    _READING
    | _ORDERS
    | {
        Right.MATCH_READ,
        Right.CASES_DECIDE,
        Right.EVIDENCE_READ,
        Right.BANKS_WRITE,
        Right.NOTICES_WRITE,
    }
)

RIGHTS_OF_ROLE: dict[Role, frozenset[Right]] = {
    Role.REVIEWER: frozenset(_REVIEWING),
    Role.SENIOR_REVIEWER: frozenset(
        _REVIEWING | {Right.BANKS_CONFIRM, Right.EVIDENCE_DECIDE, Right.DELIVERIES_REPLAY, Right.LEDGER_READ}
    ),
    Role.LEGAL_OFFICER: frozenset(
        _REVIEWING
        | _ISSUING
        | {
            Right.BANKS_CONFIRM,
            Right.EVIDENCE_DECIDE,
            Right.LEDGER_READ,
            Right.LEDGER_SIGN,
            Right.REPORTS_WRITE,
            Right.ISSUING_APPROVE,
            Right.PROVIDERS_WRITE,
        }
    ),
    # An analyst investigates: whoever does may ask that nothing be done without asking them.
    Role.ANALYST: frozenset(
        _READING | _ISSUING | {Right.MATCH_READ, Right.BANKS_WRITE, Right.HOLDS_READ, Right.HOLDS_WRITE}
    ),
    Role.AUDITOR: frozenset(
        _READING
        | {
            Right.LEDGER_READ,
            Right.EVIDENCE_READ,
            Right.ORDERS_READ,
            Right.ISSUING_READ,
            Right.HOLDS_READ,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        _READING
        | {
            Right.CONTENT_ERASE,
            Right.MATCH_READ,
            Right.BANKS_WRITE,
            Right.LEDGER_READ,
            Right.LEDGER_SIGN,
            Right.POLICY_WRITE,
            Right.PLATFORMS_WRITE,
            Right.DELIVERIES_REPLAY,
            Right.PEOPLE_WRITE,
            Right.ORDERS_READ,
            Right.ORDERS_WRITE,
            Right.REPORTS_WRITE,
            Right.ISSUING_READ,
            Right.PROVIDERS_WRITE,
        }
    ),
}


def rights_of_role(role: str) -> frozenset[Right]:
    """The rights of a role; none for an unknown one."""
    try:
        return RIGHTS_OF_ROLE[Role(role)]
    except ValueError:
        return frozenset()


def rights_of_scopes(scopes: list[str]) -> frozenset[Right]:
    """The rights that a token's scopes give; person-only rights are never among them."""
    return frozenset(right for right in SCOPES if right.value in scopes)
