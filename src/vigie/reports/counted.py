"""What one pass through the ledger keeps of it for a report: orders, measures, notices, complaints, and few sums.

It holds no row and no text of the ledger, only what figures need: memory grows with decisions and not with rows.
"""

from array import array
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vigie.reports.periods import Period


def numbers() -> "array[int]":
    """An empty list of ledger numbers, eight bytes each."""
    return array("q")


@dataclass(slots=True)
class OrderSeen:
    """A removal order. Each `*_seq` is the number of the row that said so, 0 while none did."""

    number: str
    seq: int
    received_at: datetime
    issuing_state: str
    items: int
    refused_seq: int = 0
    ground: str = ""
    ground_seq: int = 0
    ground_at: datetime | None = None
    executed_seq: int = 0
    measure_at: datetime | None = None
    in_time: bool = True
    taken: int = 0
    contents: tuple[str, ...] = ()
    answered_at: datetime | None = None
    scrutiny_by: str = ""
    annulled_seq: int = 0
    infringes: bool = False

    @property
    def is_genuine(self) -> bool:
        """Whether nobody found that it is no order."""
        return self.refused_seq == 0


@dataclass(frozen=True, slots=True)
class MeasureSeen:
    """A restriction that the service itself decided, by its statement of reasons; of an account, too."""

    seq: int
    content: str
    action: str
    cause: str
    is_illegal: bool
    is_specific: bool
    by_rule: bool
    by_machine: bool
    language: str


@dataclass(slots=True)
class NoticeSeen:
    """A notice, and the first decision that acted because of it."""

    number: str
    seq: int
    received_at: datetime
    content: str
    category: str
    is_trusted: bool
    acted_seq: int = 0
    acted_at: datetime | None = None
    decided_seq: int = 0
    decided_at: datetime | None = None


@dataclass(slots=True)
class ComplaintSeen:
    """A complaint. `action` is what it is about: hide, remove, remove_and_suspend, or empty for a notifier's."""

    number: str
    seq: int
    received_at: datetime
    basis: str
    complainant: str
    action: str
    is_trusted: bool
    decided_seq: int = 0
    decided_at: datetime | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A decision that acted because of notices, and the rows that said so."""

    seq: int
    decision: str
    outcome: str
    category: str
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class Reinstated:
    """Content that was given back: after a complaint, or because an order lost its effect."""

    seq: int
    content: str
    why: str


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A version of the rules that was activated."""

    seq: int
    number: int
    label: str
    at: datetime


@dataclass(slots=True)
class Counted:
    """Everything that figures are computed from; sums count rows of the period alone."""

    period: Period
    orders: dict[str, OrderSeen] = field(default_factory=dict)
    measures: list[MeasureSeen] = field(default_factory=list)
    notices: dict[str, NoticeSeen] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    complaints: dict[str, ComplaintSeen] = field(default_factory=dict)
    reinstated: list[Reinstated] = field(default_factory=list)
    scrutinies: dict[str, "array[int]"] = field(default_factory=dict)
    reappeared: "array[int]" = field(default_factory=numbers)
    taken_back: "array[int]" = field(default_factory=numbers)
    proposed: dict[str, tuple[int, bool]] = field(default_factory=dict)
    suspended: dict[str, "array[int]"] = field(default_factory=dict)
    newly_restricted: "array[int]" = field(default_factory=numbers)
    policies: list[PolicyVersion] = field(default_factory=list)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    published: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 0


@dataclass(frozen=True, slots=True)
class LedgerPoint:
    """Up to which row of which ledger a report was computed; hashes in lower-case hexadecimal.

    `signed_through` is the last row that a checkpoint signed by then, 0 when none did.
    """

    through: int
    hash: str
    signed_through: int
    signed_hash: str
