"""Where a preserved item stands and what can happen next, as pure functions.

No way leads to deletion while anything holds it, while somebody asks for access, or before its time is over.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from vigie.foundation.errors import Conflict


class EvidenceStepImpossible(Conflict):
    """This cannot happen to a preserved item that stands as it does."""

    code = "evidence_step_impossible"


class Stage(StrEnum):
    """How far the item is. `open`: what it was sealed for has not ended, so no time runs yet."""

    OPEN = "open"
    KEPT = "kept"
    PRESERVED = "preserved"
    EXTENDED = "extended"
    EXPIRED = "expired"
    DELETED = "deleted"


class Access(StrEnum):
    """Whether somebody asks to open or export it, or may at this time."""

    NONE = "none"
    REQUESTED = "requested"
    GRANTED = "granted"


class Happening(StrEnum):
    """Something that happens to a preserved item."""

    REMOVED = "removed"
    ENDED = "ended"
    HELD = "held"
    RELEASED = "released"
    ACCESS_REQUESTED = "access_requested"
    ACCESS_GRANTED = "access_granted"
    ACCESS_REFUSED = "access_refused"
    ACCESS_OVER = "access_over"
    EXTENDED = "extended"
    TIME_OVER = "time_over"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything about an item that decides what can happen next."""

    stage: Stage = Stage.OPEN
    access: Access = Access.NONE
    held: bool = False


RUNNING = frozenset({Stage.KEPT, Stage.PRESERVED, Stage.EXTENDED})
# Only what was removed can be kept longer: (EU) 2021/784 Art. 6(2).
EXTENDABLE = frozenset({Stage.PRESERVED, Stage.EXTENDED, Stage.EXPIRED})


def can(standing: Standing, happening: Happening) -> bool:
    """Whether it can happen now."""
    try:
        after(standing, happening)
    except EvidenceStepImpossible:
        return False
    return True


def after(standing: Standing, happening: Happening) -> Standing:
    """Where the item stands once `happening` happened; raises EvidenceStepImpossible.

    Source: (EU) 2021/784 Art. 6.
    """
    if not _allowed(standing, happening):
        raise EvidenceStepImpossible(
            "This cannot happen to the evidence as it stands.", hint="Look at it again, and what holds it."
        )
    match happening:
        case Happening.REMOVED:
            extended = standing.stage is Stage.EXTENDED
            return replace(standing, stage=Stage.EXTENDED if extended else Stage.PRESERVED)
        case Happening.ENDED:
            return replace(standing, stage=Stage.KEPT)
        case Happening.HELD:
            return replace(standing, held=True)
        case Happening.RELEASED:
            return replace(standing, held=False)
        case Happening.ACCESS_REQUESTED:
            return replace(standing, access=Access.REQUESTED)
        case Happening.ACCESS_GRANTED:
            return replace(standing, access=Access.GRANTED)
        case Happening.ACCESS_REFUSED | Happening.ACCESS_OVER:
            return replace(standing, access=Access.NONE)
        case Happening.EXTENDED:
            return replace(standing, stage=Stage.EXTENDED)
        case Happening.TIME_OVER:
            return replace(standing, stage=Stage.EXPIRED)
        case Happening.DELETED:
            return replace(standing, stage=Stage.DELETED)


def _allowed(one: Standing, happening: Happening) -> bool:
    if one.stage is Stage.DELETED:
        return False
    match happening:
        case Happening.REMOVED | Happening.HELD | Happening.RELEASED | Happening.ACCESS_REQUESTED:
            return True
        case Happening.ENDED:
            return one.stage in (Stage.OPEN, Stage.KEPT, Stage.EXPIRED)
        case Happening.ACCESS_GRANTED | Happening.ACCESS_REFUSED:
            return one.access is Access.REQUESTED
        case Happening.ACCESS_OVER:
            return one.access is Access.GRANTED
        case Happening.EXTENDED:
            return one.stage in EXTENDABLE
        case Happening.TIME_OVER:
            return one.stage in RUNNING
        case Happening.DELETED:
            return one.stage is Stage.EXPIRED and not one.held and one.access is Access.NONE
