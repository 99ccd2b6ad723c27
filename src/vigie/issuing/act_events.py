"""What we decide about providers beside orders, and what they report, as ledger facts for the yearly figures.

`at` is the instant that an act counts from. No reason and no name of a person is among them.
"""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class ExposureDecided(Event):
    """We decided that a provider is exposed: Article 5(4). `orders`: its final orders of the last twelve months."""

    name: ClassVar[str] = "issuing.exposure_decided.v1"
    provider: str
    act: str
    at: str
    orders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExposureNotified(Event):
    """The provider received the decision; its exposure begins."""

    name: ClassVar[str] = "issuing.exposure_notified.v1"
    provider: str
    act: str
    at: str


@dataclass(frozen=True, slots=True)
class MeasuresRequired(Event):
    """We decided that the provider's measures do not suffice: Article 5(6)."""

    name: ClassVar[str] = "issuing.measures_required.v1"
    provider: str
    act: str
    at: str


@dataclass(frozen=True, slots=True)
class MeasuresReported(Event):
    """The provider reported: Article 5(5). Counts are those that it gave; `seconds` is -1 when it gave none."""

    name: ClassVar[str] = "issuing.measures_reported.v1"
    provider: str
    act: str
    at: str
    items: int
    seconds: int
    complaints: int
    reinstated: int
    in_time: bool


@dataclass(frozen=True, slots=True)
class ExposureReviewAsked(Event):
    """The provider asked for a review: Article 5(7)."""

    name: ClassVar[str] = "issuing.exposure_review_asked.v1"
    provider: str
    act: str
    at: str


@dataclass(frozen=True, slots=True)
class ExposureReviewDecided(Event):
    """We decided on a review. `outcome`: kept, amended, or revoked."""

    name: ClassVar[str] = "issuing.exposure_review_decided.v1"
    provider: str
    act: str
    at: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ExposureChallenged(Event):
    """The provider challenged a decision about its exposure."""

    name: ClassVar[str] = "issuing.exposure_challenged.v1"
    provider: str
    act: str
    at: str


@dataclass(frozen=True, slots=True)
class ExposureCourtDecided(Event):
    """What came of a challenge. `outcome`: upheld, or annulled."""

    name: ClassVar[str] = "issuing.exposure_court_decided.v1"
    provider: str
    act: str
    at: str
    outcome: str


@dataclass(frozen=True, slots=True)
class PenaltyImposed(Event):
    """A penalty was imposed: Article 18. `penalty`: warning, order, periodic, fine, other; `amount_eur` 0 for none."""

    name: ClassVar[str] = "issuing.penalty_imposed.v1"
    provider: str
    act: str
    at: str
    infringed: str
    penalty: str
    amount_eur: int


@dataclass(frozen=True, slots=True)
class AccessRequested(Event):
    """We asked a provider for access to what it preserves: Article 21(1)(c). `order` is empty without one."""

    name: ClassVar[str] = "issuing.access_requested.v1"
    provider: str
    act: str
    at: str
    order: str
