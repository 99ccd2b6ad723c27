"""What we decide about a provider beside orders, and what it tells or owes us: commands and situations, pure.

Exposure begins with a decision that was notified, and ends only with another one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from vigie.foundation.commands import command_from

ReviewOutcome = Literal["kept", "amended", "revoked"]
CourtOutcome = Literal["upheld", "annulled"]
PenaltyKind = Literal["warning", "order", "periodic", "fine", "other"]
# What Member States have penalties for. Source: (EU) 2021/784 Art. 18(1).
INFRINGED = (
    *("3(3)", "3(6)", "4(2)", "4(7)", "5(1)", "5(2)", "5(3)", "5(5)", "5(6)"),
    *("6", "7", "10", "11", "14(5)", "15(1)", "17"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """We decide that the provider is exposed, for these reasons: Article 5(4)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """The provider received the decision, then; and how that is known."""

    at: datetime
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """We decide that its measures do not suffice, and what is needed: Article 5(6)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """It reported on its measures: Article 5(5). Counts are those that it gives."""

    at: datetime
    reason: str
    items: str = "0"
    seconds: str = ""
    complaints: str = "0"
    reinstated: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAsked:
    """It asked us to review the decision: Article 5(7)."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDecided:
    """We decide on its request, with reasons."""

    outcome: ReviewOutcome
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenged:
    """It challenged a decision about its exposure before a court or an authority."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtDecided:
    """What came of that."""

    outcome: CourtOutcome
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """A penalty was imposed: Article 18. `infringed` is the article; an amount is in whole euros."""

    at: datetime
    infringed: str
    penalty: PenaltyKind
    reason: str
    amount_eur: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequested:
    """We asked for access to what it preserves, with the legal basis: Articles 6, 21(1)(c)."""

    at: datetime
    reason: str
    order: str = ""


Act = (
    Exposed
    | Notified
    | Required
    | Reported
    | ReviewAsked
    | ReviewDecided
    | Challenged
    | CourtDecided
    | Penalty
    | AccessRequested
)
ACTS: dict[str, type[Act]] = {
    "exposed": Exposed,
    "notified": Notified,
    "required": Required,
    "reported": Reported,
    "review_asked": ReviewAsked,
    "review_decided": ReviewDecided,
    "challenged": Challenged,
    "court_decided": CourtDecided,
    "penalty": Penalty,
    "access_requested": AccessRequested,
}
# Decisions of the authority: only a person who may approve takes them.
DECIDING = ("exposed", "required", "review_decided", "penalty")


class Exposure(StrEnum):
    """Whether a provider is exposed. It is from the notification on."""

    NONE = "none"
    DECIDED = "decided"
    NOTIFIED = "notified"


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a provider stands: its exposure, since when, what it reported, and what is undecided."""

    exposure: Exposure = Exposure.NONE
    notified_at: datetime | None = None
    reported: int = 0
    review_asked_at: datetime | None = None
    challenged: bool = False


def act_from(name: str, values: Mapping[str, Any]) -> Act:
    """The act of this name from values; raises StepIncomplete naming what is missing or wrong."""
    return command_from(name, values, ACTS)


def situation_of(told: Iterable[tuple[str, datetime, str]]) -> Situation:
    """Where a provider stands after these acts, in order: kind, instant, and outcome where there is one."""
    situation = Situation()
    for kind, at, outcome in told:
        situation = _after(situation, kind, at, outcome)
    return situation


def can(situation: Situation, kind: str) -> bool:
    """Whether an act of this kind can follow."""
    is_decided = situation.exposure is not Exposure.NONE
    match kind:
        case "exposed":
            return not is_decided
        case "notified":
            return situation.exposure is Exposure.DECIDED
        case "required" | "reported":
            return situation.exposure is Exposure.NOTIFIED
        case "review_asked":
            return is_decided and situation.review_asked_at is None
        case "review_decided":
            return is_decided and situation.review_asked_at is not None
        case "challenged":
            return is_decided and not situation.challenged
        case "court_decided":
            return is_decided and situation.challenged
        case _:
            return kind in ("penalty", "access_requested")


def _after(one: Situation, kind: str, at: datetime, outcome: str) -> Situation:
    match kind, outcome:
        case "exposed", _:
            return Situation(Exposure.DECIDED)
        case "notified", _:
            return replace(one, exposure=Exposure.NOTIFIED, notified_at=at)
        case "reported", _:
            return replace(one, reported=one.reported + 1)
        case "review_asked", _:
            return replace(one, review_asked_at=at)
        case ("review_decided", "revoked") | ("court_decided", "annulled"):
            return Situation()
        case "review_decided", _:
            return replace(one, review_asked_at=None)
        case "challenged", _:
            return replace(one, challenged=True)
        case "court_decided", _:
            return replace(one, challenged=False)
        case _:
            return one
