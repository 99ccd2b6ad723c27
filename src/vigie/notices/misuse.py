"""When a notifier may be warned, and after that suspended, for notices that are manifestly unfounded. Pure.

It suspends nobody: a person does, and only after a warning. Absolute numbers and their share count together; gravity
and intent are for the person. Source: (EU) 2022/2065 Art. 23(2) to (4).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Step = Literal["nothing", "warn", "suspend"]


@dataclass(frozen=True, slots=True)
class MisuseLimits:
    """From how many manifestly unfounded notices on, and from which share of all that were decided."""

    count_min: int
    percent_min: int


@dataclass(frozen=True, slots=True)
class Record:
    """What a notifier did. `since_warning` counts the unfounded ones after the warning."""

    decided: int
    unfounded: int
    since_warning: int
    warned_at: datetime | None
    suspended_until: datetime | None


def step_open(record: Record, *, limits: MisuseLimits, at: datetime) -> Step:
    """What a person may do now: a warning first, a suspension only for what came after it."""
    if record.suspended_until is not None and record.suspended_until > at:
        return "nothing"
    often = record.unfounded >= limits.count_min
    mostly = record.decided > 0 and record.unfounded * 100 >= record.decided * limits.percent_min
    if not (often and mostly):
        return "nothing"
    if record.warned_at is None:
        return "warn"
    return "suspend" if record.since_warning > 0 else "nothing"
