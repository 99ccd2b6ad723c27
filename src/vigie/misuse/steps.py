"""When somebody may be warned, and after that suspended, for frequent misuse; and the life of such a record. Pure.

It suspends nobody: a person does, and only after a warning. Absolute numbers and their share count together, within a
time frame; gravity and intention are for the person. Source: (EU) 2022/2065 Art. 23(1) to (4).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from vigie.foundation.errors import Conflict, Invalid

# Who: for notices, for complaints, or for content that is manifestly unfounded or illegal.
Kind = Literal["notifier", "complainant", "uploader"]
Step = Literal["nothing", "warn", "suspend"]

KINDS: tuple[Kind, ...] = ("notifier", "complainant", "uploader")
SUSPENSION_DAYS_MAX = 365


class Stage(StrEnum):
    """Where a record stands."""

    WATCHED = "watched"
    WARNED = "warned"
    SUSPENDED = "suspended"


class Act(StrEnum):
    """What can happen to it."""

    WARN = "warn"
    TAKE_WARNING_BACK = "take_warning_back"
    SUSPEND = "suspend"
    END = "end"
    LIFT = "lift"


_S, _A = Stage, Act

TRANSITIONS: dict[tuple[Stage, Act], Stage] = {
    (_S.WATCHED, _A.WARN): _S.WARNED,
    # A warning that is older than the time frame is no warning any more: another one comes first.
    (_S.WARNED, _A.WARN): _S.WARNED,
    (_S.WARNED, _A.TAKE_WARNING_BACK): _S.WATCHED,
    (_S.WARNED, _A.SUSPEND): _S.SUSPENDED,
    (_S.SUSPENDED, _A.END): _S.WARNED,
    (_S.SUSPENDED, _A.LIFT): _S.WARNED,
}


class WrongStep(Conflict):
    """A warning, a suspension or its end is not open now."""

    code = "misuse_step"


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many on, and from which share of all in the time frame; how long a suspension is unless said."""

    count_min: int
    percent_min: int
    window_days: int
    suspension_days: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What counts in the time frame: `counted` of `total`; `since_step` came after the last warning or suspension."""

    counted: int
    total: int
    since_step: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The last warning that was not taken back, and until when somebody is suspended."""

    warned_at: datetime | None = None
    suspended_until: datetime | None = None


def after(stage: Stage, act: Act) -> Stage:
    """The stage after `act`; raises WrongStep when it cannot happen now."""
    try:
        return TRANSITIONS[stage, act]
    except KeyError as error:
        raise WrongStep("This cannot be done to the record as it stands.") from error


def is_frequent(tally: Tally, limits: Limits) -> bool:
    """Whether it is often, and much of what they do. Source: (EU) 2022/2065 Art. 23(3)(a) and (b)."""
    mostly = tally.total > 0 and tally.counted * 100 >= tally.total * limits.percent_min
    return tally.counted >= limits.count_min and mostly


def step_open(tally: Tally, standing: Standing, *, limits: Limits, at: datetime) -> Step:
    """What a person may do now: a warning first, a suspension only for what came after it.

    Source: (EU) 2022/2065 Art. 23(1) and (2), "after having issued a prior warning".
    """
    if standing.suspended_until is not None and standing.suspended_until > at:
        return "nothing"
    if not is_frequent(tally, limits):
        return "nothing"
    if standing.warned_at is None or standing.warned_at <= window_begins_at(at, limits=limits):
        return "warn"
    return "suspend" if tally.since_step > 0 else "nothing"


def window_begins_at(at: datetime, *, limits: Limits) -> datetime:
    """Since when things count. Source: (EU) 2022/2065 Art. 23(3)(a), "within a given time frame"."""
    return at - timedelta(days=limits.window_days)


def suspension_ends_at(at: datetime, *, days: int) -> datetime:
    """When a suspension of so many days is over, to the second; raises Invalid for no or an unreasonable period.

    Source: (EU) 2022/2065 Art. 23(1) and (2), "for a reasonable period of time".
    """
    if not 1 <= days <= SUSPENSION_DAYS_MAX:
        raise Invalid(
            "A suspension lasts a stated time.",
            hint=f"From 1 to {SUSPENSION_DAYS_MAX} days.",
            code="misuse_days",
        )
    return at + timedelta(days=days)


def still_stands(tally: Tally, limits: Limits) -> bool:
    """Whether a suspension still has what it rests on, after something that it counted was taken back."""
    return is_frequent(tally, limits) and tally.since_step > 0
