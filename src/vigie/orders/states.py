"""Where a removal order stands and what can happen next, as pure functions.

No way through it ends without an answer, tells an author what is withheld, or takes content away for good.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from vigie.foundation.errors import Conflict


class StepImpossible(Conflict):
    """This cannot happen to an order that stands as it does."""

    code = "step_impossible"


class Stage(StrEnum):
    """How far the order is."""

    RECEIVED = "received"
    VALID = "valid"
    EXECUTING = "executing"
    EXECUTED = "executed"
    IMPOSSIBLE = "impossible"
    CLARIFICATION = "clarification"
    NOT_GENUINE = "not_genuine"
    FINAL = "final"
    ANNULLED = "annulled"


class Access(StrEnum):
    """What became of the content because of this order. `disabled`: for the time being, nobody decided yet."""

    UP = "up"
    DISABLED = "disabled"
    TAKEN = "taken"
    RESTORED = "restored"


class Answer(StrEnum):
    """The form that the issuing authority is owed, or got last."""

    NONE = "none"
    ANNEX_II_DUE = "annex_ii_due"
    ANNEX_II_SENT = "annex_ii_sent"
    ANNEX_III_DUE = "annex_iii_due"
    ANNEX_III_SENT = "annex_iii_sent"


class Scrutiny(StrEnum):
    """Whether the home authority looks at the order. Source: (EU) 2021/784 Art. 4."""

    NONE = "none"
    REQUESTED = "requested"
    NO_INFRINGEMENT = "no_infringement"
    INFRINGEMENT = "infringement"


class Disclosure(StrEnum):
    """Whether the author may be told. Source: (EU) 2021/784 Art. 11."""

    OPEN = "open"
    WITHHELD = "withheld"
    EXTENDED = "extended"
    DUE = "due"
    INFORMED = "informed"


class Happening(StrEnum):
    """Something that happens to an order."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DISABLED = "disabled"
    EXECUTION_ORDERED = "execution_ordered"
    MEASURE_TAKEN = "measure_taken"
    DECLARED_IMPOSSIBLE = "declared_impossible"
    CLARIFICATION_ASKED = "clarification_asked"
    RESTARTED = "restarted"
    ANSWER_SENT = "answer_sent"
    SCRUTINY_ASKED = "scrutiny_asked"
    SCRUTINY_PASSED = "scrutiny_passed"
    INFRINGEMENT_FOUND = "infringement_found"
    BECAME_FINAL = "became_final"
    ANNULLED = "annulled"
    NON_DISCLOSURE_ORDERED = "non_disclosure_ordered"
    NON_DISCLOSURE_EXTENDED = "non_disclosure_extended"
    NON_DISCLOSURE_LAPSED = "non_disclosure_lapsed"
    AUTHOR_INFORMED = "author_informed"


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything about an order that decides what can happen next."""

    stage: Stage = Stage.RECEIVED
    access: Access = Access.UP
    answer: Answer = Answer.NONE
    scrutiny: Scrutiny = Scrutiny.NONE
    disclosure: Disclosure = Disclosure.OPEN

    @property
    def is_undecided(self) -> bool:
        """Whether the hour runs and nobody said yet what to do."""
        return self.stage in (Stage.RECEIVED, Stage.VALID)

    @property
    def hour_runs(self) -> bool:
        """Whether the hour is neither kept nor stopped by Annex III."""
        return self.stage in (Stage.RECEIVED, Stage.VALID, Stage.EXECUTING)

    @property
    def answer_is_due(self) -> bool:
        """Whether the authority waits for a form."""
        return self.answer in (Answer.ANNEX_II_DUE, Answer.ANNEX_III_DUE)

    @property
    def has_ended(self) -> bool:
        """Whether nothing is owed to anybody any more."""
        return self.stage in ENDS and not self.answer_is_due

    @property
    def author_may_be_told(self) -> bool:
        """Whether anything about the order may reach the author, or a page that the author can see."""
        return self.disclosure not in (Disclosure.WITHHELD, Disclosure.EXTENDED)


ENDS = frozenset({Stage.NOT_GENUINE, Stage.FINAL, Stage.ANNULLED})
_OPEN = frozenset({Stage.RECEIVED, Stage.VALID})
_ANSWERED_III = frozenset({Stage.IMPOSSIBLE, Stage.CLARIFICATION})
_TAKEN_AWAY = frozenset({Access.DISABLED, Access.TAKEN})


def can(standing: Standing, happening: Happening) -> bool:
    """Whether it can happen now."""
    try:
        after(standing, happening)
    except StepImpossible:
        return False
    return True


def after(standing: Standing, happening: Happening) -> Standing:
    """Where the order stands once `happening` happened; raises StepImpossible.

    Source: (EU) 2021/784 Art. 3(3) to 3(9), 4, 11.
    """
    if not _allowed(standing, happening):
        raise StepImpossible(
            f"This order is {standing.stage.replace('_', ' ')}: that cannot happen now.",
            hint="Look at the order again; somebody may have gone on with it.",
        )
    match happening:
        case Happening.ACCEPTED:
            return replace(standing, stage=Stage.VALID)
        case Happening.REFUSED:
            return replace(_given_back(standing), stage=Stage.NOT_GENUINE, answer=_never_due(standing.answer))
        case Happening.DISABLED:
            return replace(standing, access=Access.DISABLED)
        case Happening.EXECUTION_ORDERED:
            return replace(standing, stage=Stage.EXECUTING)
        case Happening.MEASURE_TAKEN:
            return replace(standing, stage=Stage.EXECUTED, access=Access.TAKEN, answer=Answer.ANNEX_II_DUE)
        case Happening.DECLARED_IMPOSSIBLE:
            return replace(standing, stage=Stage.IMPOSSIBLE, answer=Answer.ANNEX_III_DUE)
        case Happening.CLARIFICATION_ASKED:
            return replace(_given_back(standing), stage=Stage.CLARIFICATION, answer=Answer.ANNEX_III_DUE)
        case Happening.RESTARTED:
            return replace(standing, stage=Stage.VALID, answer=Answer.NONE)
        case Happening.ANSWER_SENT:
            sent = Answer.ANNEX_II_SENT if standing.answer is Answer.ANNEX_II_DUE else Answer.ANNEX_III_SENT
            return replace(standing, answer=sent)
        case Happening.SCRUTINY_ASKED:
            return replace(standing, scrutiny=Scrutiny.REQUESTED)
        case Happening.SCRUTINY_PASSED:
            return replace(standing, scrutiny=Scrutiny.NO_INFRINGEMENT)
        case Happening.INFRINGEMENT_FOUND:
            return replace(_given_back(standing), stage=Stage.ANNULLED, scrutiny=Scrutiny.INFRINGEMENT)
        case Happening.BECAME_FINAL:
            return replace(standing, stage=Stage.FINAL)
        case Happening.ANNULLED:
            return replace(_given_back(standing), stage=Stage.ANNULLED)
        case Happening.NON_DISCLOSURE_ORDERED:
            return replace(standing, disclosure=Disclosure.WITHHELD)
        case Happening.NON_DISCLOSURE_EXTENDED:
            return replace(standing, disclosure=Disclosure.EXTENDED)
        case Happening.NON_DISCLOSURE_LAPSED:
            return replace(standing, disclosure=Disclosure.DUE)
        case Happening.AUTHOR_INFORMED:
            return replace(standing, disclosure=Disclosure.INFORMED)


def _allowed(one: Standing, happening: Happening) -> bool:
    match happening:
        case Happening.ACCEPTED:
            return one.stage is Stage.RECEIVED
        case Happening.REFUSED:
            return one.stage not in ENDS
        case Happening.DISABLED:
            return one.stage in _OPEN and one.access not in _TAKEN_AWAY
        case Happening.EXECUTION_ORDERED | Happening.CLARIFICATION_ASKED:
            return one.stage is Stage.VALID
        case Happening.DECLARED_IMPOSSIBLE:
            # Whoever could disable it can remove it.
            return one.stage in (Stage.VALID, Stage.EXECUTING) and one.access is not Access.DISABLED
        case Happening.MEASURE_TAKEN:
            return one.stage is Stage.EXECUTING
        case Happening.RESTARTED:
            return one.stage in _ANSWERED_III
        case Happening.ANSWER_SENT:
            return one.answer_is_due
        case Happening.SCRUTINY_ASKED:
            return one.scrutiny is Scrutiny.NONE and one.stage not in ENDS
        case Happening.SCRUTINY_PASSED:
            return one.scrutiny in (Scrutiny.NONE, Scrutiny.REQUESTED) and one.stage not in ENDS
        case Happening.INFRINGEMENT_FOUND:
            return one.scrutiny in (Scrutiny.NONE, Scrutiny.REQUESTED) and one.stage not in ENDS
        case Happening.BECAME_FINAL:
            return (
                one.stage is Stage.EXECUTED
                and one.answer is Answer.ANNEX_II_SENT
                and one.scrutiny is not Scrutiny.REQUESTED
            )
        case Happening.ANNULLED:
            return one.stage not in (Stage.NOT_GENUINE, Stage.ANNULLED)
        case Happening.NON_DISCLOSURE_ORDERED:
            return one.disclosure is Disclosure.OPEN and one.stage is not Stage.NOT_GENUINE
        case Happening.NON_DISCLOSURE_EXTENDED:
            return one.disclosure is Disclosure.WITHHELD
        case Happening.NON_DISCLOSURE_LAPSED:
            return not one.author_may_be_told
        case Happening.AUTHOR_INFORMED:
            return one.disclosure in (Disclosure.OPEN, Disclosure.DUE) and one.access is Access.TAKEN


def _given_back(one: Standing) -> Standing:
    """Content that this order took away comes back at once."""
    return replace(one, access=Access.RESTORED) if one.access in _TAKEN_AWAY else one


def _never_due(answer: Answer) -> Answer:
    """Nobody genuine waits for a form that was not sent yet."""
    return Answer.NONE if answer in (Answer.ANNEX_II_DUE, Answer.ANNEX_III_DUE) else answer
