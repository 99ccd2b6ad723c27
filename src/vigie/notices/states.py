"""The life of a notice: which act leads from which state to which. Pure.

Every notice is confirmed when it is received and ends with its notifier being told; one that is set aside because its
notifier was suspended for misuse is taken up by a person, or when the suspension is over.
"""

from enum import StrEnum

from vigie.foundation.errors import Conflict


class NoticeState(StrEnum):
    """Where a notice stands."""

    QUEUED = "queued"
    SET_ASIDE = "set_aside"
    NO_ACTION = "no_action"
    ACTED_LAW = "acted_law"
    ACTED_TERMS = "acted_terms"
    TOLD = "told"


class NoticeAct(StrEnum):
    """What can happen to it."""

    TAKE_UP = "take_up"
    REFUSE = "refuse"
    ACT_BY_LAW = "act_by_law"
    ACT_BY_TERMS = "act_by_terms"
    TELL = "tell"
    REOPEN = "reopen"


_S, _A = NoticeState, NoticeAct
DECIDED = (_S.NO_ACTION, _S.ACTED_LAW, _S.ACTED_TERMS)

TRANSITIONS: dict[tuple[NoticeState, NoticeAct], NoticeState] = {
    (_S.SET_ASIDE, _A.TAKE_UP): _S.QUEUED,
    (_S.QUEUED, _A.REFUSE): _S.NO_ACTION,
    (_S.QUEUED, _A.ACT_BY_LAW): _S.ACTED_LAW,
    (_S.QUEUED, _A.ACT_BY_TERMS): _S.ACTED_TERMS,
    **{(one, _A.TELL): _S.TOLD for one in DECIDED},
    # The decision was taken back: the notice waits for another one, and is told again.
    **{(one, _A.REOPEN): _S.QUEUED for one in (*DECIDED, _S.TOLD)},
}


class WrongState(Conflict):
    """A notice is in a state in which this cannot happen to it."""

    code = "notice_state"


def after(state: NoticeState, act: NoticeAct) -> NoticeState:
    """The state after `act`; raises WrongState when it cannot happen now."""
    try:
        return TRANSITIONS[state, act]
    except KeyError as error:
        raise WrongState("The notice is in a state in which this cannot be done.") from error


def act_of_decision(*, action: str, legal_type: str) -> NoticeAct:
    """What a decision about the content means for a notice of it."""
    if action in ("keep", "undo"):
        return NoticeAct.REFUSE
    return NoticeAct.ACT_BY_LAW if legal_type else NoticeAct.ACT_BY_TERMS
