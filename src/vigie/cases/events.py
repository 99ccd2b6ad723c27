"""What happens to cases, as ledger facts."""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class CaseOpened(Event):
    """A rule asked for a person. `entries` are the numbers of the entries that matched."""

    name: ClassVar[str] = "cases.case_opened.v1"
    case: str
    platform: str
    content: str
    verdict: str
    rules: tuple[str, ...]
    entries: tuple[str, ...]
    policy: str
    quarantined: int


@dataclass(frozen=True, slots=True)
class MatchesAdded(Event):
    """A lookback found that the content of an open case is near further entries."""

    name: ClassVar[str] = "cases.matches_added.v1"
    case: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseLocked(Event):
    """A reviewer took a case to work on."""

    name: ClassVar[str] = "cases.case_locked.v1"
    case: str


@dataclass(frozen=True, slots=True)
class CaseReleased(Event):
    """A reviewer handed a case back to the queue."""

    name: ClassVar[str] = "cases.case_released.v1"
    case: str


@dataclass(frozen=True, slots=True)
class DecisionTaken(Event):
    """A person decided. The reason in words stays with the case.

    `cause`: own_initiative, notice (Article 16 of Regulation (EU) 2022/2065), referral (reported otherwise) or order.
    """

    name: ClassVar[str] = "cases.decision_taken.v1"
    case: str
    decision: str
    platform: str
    content: str
    action: str
    legal_type: str
    exemption: str
    policy: str
    cause: str = "own_initiative"


@dataclass(frozen=True, slots=True)
class DecisionUndone(Event):
    """A person took a decision back; the case is open again."""

    name: ClassVar[str] = "cases.decision_undone.v1"
    case: str
    decision: str
    undoes: str


@dataclass(frozen=True, slots=True)
class DecisionRevised(Event):
    """Another person put a new decision in the place of one, or of a rule's act, `because` of a complaint."""

    name: ClassVar[str] = "cases.decision_revised.v1"
    case: str
    decision: str
    undoes: str
    platform: str
    content: str
    action: str
    legal_type: str
    exemption: str
    cause: str
    because: str
