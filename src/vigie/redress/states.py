"""The life of a complaint: which act leads from which state to which. Pure.

No state but the last is an end: a complaint that was received can always still be answered, and none is answered before
a person decided it and what the decision gives back was given back. One that begins set aside, because its complainant
is suspended for misuse, comes back when that is over, or is taken up before.
"""

from enum import StrEnum

from vigie.foundation.errors import Conflict


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    SET_ASIDE = "set_aside"
    ASSIGNED = "assigned"
    UPHELD = "upheld"
    PARTIAL = "partial"
    REVERSED = "reversed"
    CARRIED_OUT = "carried_out"
    INFORMED = "informed"


class ComplaintAct(StrEnum):
    """What can happen to it."""

    TAKE_UP = "take_up"
    ASSIGN = "assign"
    HAND_BACK = "hand_back"
    UPHOLD = "uphold"
    CHANGE_IN_PART = "change_in_part"
    REVERSE = "reverse"
    CARRY_OUT = "carry_out"
    INFORM = "inform"


_S, _A = ComplaintState, ComplaintAct

TRANSITIONS: dict[tuple[ComplaintState, ComplaintAct], ComplaintState] = {
    (_S.SET_ASIDE, _A.TAKE_UP): _S.RECEIVED,
    (_S.RECEIVED, _A.ASSIGN): _S.ASSIGNED,
    (_S.ASSIGNED, _A.HAND_BACK): _S.RECEIVED,
    (_S.ASSIGNED, _A.UPHOLD): _S.UPHELD,
    (_S.ASSIGNED, _A.CHANGE_IN_PART): _S.PARTIAL,
    (_S.ASSIGNED, _A.REVERSE): _S.REVERSED,
    (_S.PARTIAL, _A.CARRY_OUT): _S.CARRIED_OUT,
    (_S.REVERSED, _A.CARRY_OUT): _S.CARRIED_OUT,
    (_S.UPHELD, _A.INFORM): _S.INFORMED,
    (_S.CARRIED_OUT, _A.INFORM): _S.INFORMED,
}

UNDECIDED = frozenset({_S.RECEIVED, _S.SET_ASIDE, _S.ASSIGNED})
# Those that a person can work on now.
WAITING = frozenset({_S.RECEIVED, _S.ASSIGNED})
DECIDED = frozenset(_S) - UNDECIDED
ANSWERED = frozenset({_S.INFORMED})

ACT_OF_OUTCOME = {"upheld": _A.UPHOLD, "partial": _A.CHANGE_IN_PART, "reversed": _A.REVERSE}
OUTCOMES = tuple(ACT_OF_OUTCOME)


class WrongState(Conflict):
    """A complaint is in a state in which this cannot happen to it."""

    code = "complaint_state"


def after(state: ComplaintState, act: ComplaintAct) -> ComplaintState:
    """The state after `act`; raises WrongState when it cannot happen now."""
    try:
        return TRANSITIONS[state, act]
    except KeyError as error:
        raise WrongState("The complaint is in a state in which this cannot be done.") from error
