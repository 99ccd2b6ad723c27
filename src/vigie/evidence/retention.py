"""Until when evidence is kept, as pure functions from instants to instants, each with its article.

Nothing here reads the time or shortens a period: what is removed again is kept from then on, and an extension only
adds.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from vigie.foundation.clock import months_after, months_over_at
from vigie.foundation.errors import Invalid

PRESERVATION_MONTHS = 6
EXTENSION_MONTHS_MAX = 120


class ExtensionUnusable(Invalid):
    """Evidence cannot be kept longer in this way."""

    code = "extension_unusable"


class Ground(StrEnum):
    """Why evidence is kept. `unremoved`: what it was sealed for ended without a removal."""

    NONE = ""
    RULE = "rule"
    DECISION = "decision"
    ORDER = "order"
    UNREMOVED = "unremoved"


REMOVALS = frozenset({Ground.RULE, Ground.DECISION, Ground.ORDER})


@dataclass(frozen=True, slots=True)
class Hold:
    """Something that still needs the evidence. `kind` is stable (`complaint_open`), `reference` names it."""

    kind: str
    reference: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the other domains say about a subject: its last removal, or its end without one, and who needs it."""

    removed_at: datetime | None = None
    ground: Ground = Ground.NONE
    ended_at: datetime | None = None
    holds: tuple[Hold, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """The period that runs: why, since when, until when."""

    ground: Ground = Ground.NONE
    began_at: datetime | None = None
    until: datetime | None = None


def preserved_until(removed_at: datetime) -> datetime:
    """Six calendar months after the day of the removal, to the end of the last day.

    Source: (EU) 2021/784 Art. 6(2); (EEC, Euratom) 1182/71 Art. 3(2)(c).
    """
    return months_over_at(removed_at, PRESERVATION_MONTHS).astimezone(UTC)


def kept_until(ended_at: datetime, *, days: int) -> datetime:
    """For what ended without a removal: the days of the setting. Source: (EU) 2016/679 Art. 5(1)(e)."""
    return ended_at.astimezone(UTC) + timedelta(days=days)


def clock_after(clock: Clock, facts: Facts, *, days: int, extended_until: datetime | None) -> Clock:
    """The period that runs once `facts` are known; the same clock when they add nothing.

    A removal outweighs an end without one, and the newest removal counts. Source: (EU) 2021/784 Art. 6(2).
    """
    if facts.removed_at is not None:
        until = preserved_until(facts.removed_at)
        if clock.ground in REMOVALS and clock.until is not None and until <= clock.until:
            return clock
        known = [one for one in (until, extended_until) if one is not None]
        return Clock(facts.ground, facts.removed_at, max(known))
    if facts.ended_at is None or clock.ground in REMOVALS:
        return clock
    if clock.began_at is not None and facts.ended_at <= clock.began_at:
        return clock
    return Clock(Ground.UNREMOVED, facts.ended_at, kept_until(facts.ended_at, days=days))


def check_extension(until: datetime, *, standing_until: datetime | None, at: datetime) -> datetime:
    """The end of an extension in UTC, for the period that an authority or court specified.

    Raises ExtensionUnusable for one that is past, that ends no later than the period that runs, or that lasts longer
    than ten years. Source: (EU) 2021/784 Art. 6(2), second sentence.
    """
    if until.tzinfo is None:
        raise ExtensionUnusable("The end of an extension needs a time zone.")
    if until <= at:
        raise ExtensionUnusable("This day is over: an extension ends in the future.")
    if standing_until is not None and until <= standing_until:
        raise ExtensionUnusable(
            "It is kept as long as that without an extension.", hint="Give the day that the authority named."
        )
    if until.astimezone(UTC).date() > months_after(at.astimezone(UTC).date(), EXTENSION_MONTHS_MAX):
        raise ExtensionUnusable("An extension lasts at most ten years.", hint="Look at the year again.")
    return until.astimezone(UTC)
