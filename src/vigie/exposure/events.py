"""What happens to our exposure, as ledger facts: enough to say from them alone when we were exposed and reported.

No name of a person is among them.
"""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class DecisionReceived(Event):
    """An authority decided that we are exposed to terrorist content, and we received it then."""

    name: ClassVar[str] = "exposure.decision_received.v1"
    decision: str
    member_state: str
    received_at: str


@dataclass(frozen=True, slots=True)
class MeasuresTaken(Event):
    """Which specific measures we take, since which day. `kinds`: means, flagging, awareness, other."""

    name: ClassVar[str] = "exposure.measures_taken.v1"
    decision: str
    kinds: tuple[str, ...]
    since: str


@dataclass(frozen=True, slots=True)
class ReportSent(Event):
    """We reported on our specific measures to the authority. `in_time`: not after `due_at`."""

    name: ClassVar[str] = "exposure.report_sent.v1"
    decision: str
    due_at: str
    sent_at: str
    in_time: bool


@dataclass(frozen=True, slots=True)
class MeasuresRequired(Event):
    """The authority decided that our measures do not suffice, and says what is needed: Article 5(6)."""

    name: ClassVar[str] = "exposure.measures_required.v1"
    decision: str
    received_at: str


@dataclass(frozen=True, slots=True)
class ReviewAsked(Event):
    """We asked the authority to review its decision: Article 5(7)."""

    name: ClassVar[str] = "exposure.review_asked.v1"
    decision: str
    asked_at: str


@dataclass(frozen=True, slots=True)
class ReviewRefused(Event):
    """The authority decided on our request that its decision stands."""

    name: ClassVar[str] = "exposure.review_refused.v1"
    decision: str


@dataclass(frozen=True, slots=True)
class ExposureEnded(Event):
    """The authority, or a court, decided that we are exposed no more. `because`: review, or court."""

    name: ClassVar[str] = "exposure.exposure_ended.v1"
    decision: str
    ended_at: str
    because: str
