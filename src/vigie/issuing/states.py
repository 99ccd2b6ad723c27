"""Where an order that we issue stands and what can happen next, as pure functions.

No way through it sends what only one person wanted, and none ends while the home authority is owed something.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from vigie.foundation.errors import Conflict


class StepImpossible(Conflict):
    """This cannot happen to an order that stands as it does."""

    code = "step_impossible"


class Stage(StrEnum):
    """How far the order is."""

    DRAFT = "draft"
    HELD = "held"
    CLEAR = "clear"
    APPROVED = "approved"
    ISSUED = "issued"
    SENT = "sent"
    RECEIVED = "received"
    DONE = "done"
    CANNOT = "cannot"
    REPLIED = "replied"
    FINAL = "final"
    ANNULLED = "annulled"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class Home(StrEnum):
    """What the home authority is owed or got last. Source: (EU) 2021/784 Art. 3(9), 4(1)."""

    NONE = "none"
    COPY_DUE = "copy_due"
    COPY_SENT = "copy_sent"
    FINALITY_DUE = "finality_due"
    FINALITY_TOLD = "finality_told"


class Scrutiny(StrEnum):
    """Whether the home authority looks at the order. Source: (EU) 2021/784 Art. 4."""

    NONE = "none"
    REQUESTED = "requested"
    NO_INFRINGEMENT = "no_infringement"
    INFRINGEMENT = "infringement"


class Appeal(StrEnum):
    """Whether the order was challenged before a court. Source: (EU) 2021/784 Art. 9."""

    NONE = "none"
    LODGED = "lodged"
    UPHELD = "upheld"
    ANNULLED = "annulled"


class Happening(StrEnum):
    """Something that happens to an order that we issue."""

    CHANGED = "changed"
    FOUND_CLEAR = "found_clear"
    FOUND_CONFLICT = "found_conflict"
    OVERRIDDEN = "overridden"
    APPROVED = "approved"
    APPROVAL_TAKEN_BACK = "approval_taken_back"
    DISCARDED = "discarded"
    ISSUED = "issued"
    SENT = "sent"
    HOME_COPY_SENT = "home_copy_sent"
    RECEIPT_PROVEN = "receipt_proven"
    FEEDBACK_CAME = "feedback_came"
    IMPOSSIBILITY_CAME = "impossibility_came"
    CLARIFIED = "clarified"
    CORRECTED = "corrected"
    RESTARTED = "restarted"
    SCRUTINY_ASKED = "scrutiny_asked"
    SCRUTINY_PASSED = "scrutiny_passed"
    INFRINGEMENT_FOUND = "infringement_found"
    APPEAL_LODGED = "appeal_lodged"
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_ANNULLED = "appeal_annulled"
    WITHDRAWN = "withdrawn"
    BECAME_FINAL = "became_final"
    HOME_TOLD_FINAL = "home_told_final"


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything about an order that decides what can happen next."""

    stage: Stage = Stage.DRAFT
    home: Home = Home.NONE
    scrutiny: Scrutiny = Scrutiny.NONE
    appeal: Appeal = Appeal.NONE

    @property
    def is_draft(self) -> bool:
        """Whether nothing left the house yet."""
        return self.stage in DRAFTS

    @property
    def hour_runs(self) -> bool:
        """Whether receipt is proven and neither Annex II nor III came."""
        return self.stage is Stage.RECEIVED

    @property
    def waits_for_provider(self) -> bool:
        """Whether an answer of the provider may still come."""
        return self.stage in (Stage.ISSUED, Stage.SENT, Stage.RECEIVED, Stage.CANNOT, Stage.REPLIED)

    @property
    def has_ended(self) -> bool:
        """Whether nobody owes or is owed anything any more."""
        return self.stage in ENDS and self.home not in (Home.COPY_DUE, Home.FINALITY_DUE)


DRAFTS = frozenset({Stage.DRAFT, Stage.HELD, Stage.CLEAR, Stage.APPROVED})
ENDS = frozenset({Stage.FINAL, Stage.ANNULLED, Stage.WITHDRAWN, Stage.DISCARDED})
# Issued, and still of effect.
STANDS = frozenset(
    {Stage.ISSUED, Stage.SENT, Stage.RECEIVED, Stage.DONE, Stage.CANNOT, Stage.REPLIED, Stage.FINAL}
)
_STANDS_NOT_FINAL = STANDS - {Stage.FINAL}

_WHERE: dict[Happening, frozenset[Stage]] = {
    Happening.CHANGED: frozenset({Stage.DRAFT, Stage.HELD, Stage.CLEAR}),
    Happening.FOUND_CLEAR: frozenset({Stage.DRAFT, Stage.HELD, Stage.CLEAR}),
    # What is found between approval and sending stops it too.
    Happening.FOUND_CONFLICT: DRAFTS,
    Happening.OVERRIDDEN: frozenset({Stage.HELD}),
    Happening.APPROVED: frozenset({Stage.CLEAR}),
    Happening.APPROVAL_TAKEN_BACK: frozenset({Stage.APPROVED}),
    Happening.DISCARDED: DRAFTS,
    Happening.ISSUED: frozenset({Stage.APPROVED}),
    Happening.SENT: frozenset({Stage.ISSUED}),
    Happening.RECEIPT_PROVEN: frozenset({Stage.ISSUED, Stage.SENT}),
    # An answer is proof of receipt too, and may come before anything else proved it.
    Happening.FEEDBACK_CAME: frozenset({Stage.RECEIVED, Stage.CANNOT, Stage.REPLIED}),
    Happening.IMPOSSIBILITY_CAME: frozenset({Stage.RECEIVED, Stage.REPLIED}),
    Happening.CLARIFIED: frozenset({Stage.CANNOT}),
    Happening.CORRECTED: frozenset({Stage.SENT, Stage.RECEIVED}),
    Happening.RESTARTED: frozenset({Stage.CANNOT, Stage.REPLIED}),
    Happening.WITHDRAWN: _STANDS_NOT_FINAL,
    Happening.BECAME_FINAL: frozenset({Stage.DONE}),
}


def can(standing: Standing, happening: Happening) -> bool:
    """Whether it can happen now."""
    try:
        after(standing, happening)
    except StepImpossible:
        return False
    return True


def after(standing: Standing, happening: Happening, *, cross_border: bool = True) -> Standing:
    """Where the order stands once `happening` happened; raises StepImpossible.

    `cross_border` matters when it is issued: only then a home authority of another Member State is owed a copy.
    Source: (EU) 2021/784 Art. 3, 4, 9 and 14.
    """
    if not _allowed(standing, happening):
        raise StepImpossible(
            "This cannot happen to the order as it stands now.",
            hint="Look at the order again; somebody may have gone on with it.",
        )
    match happening:
        case Happening.CHANGED | Happening.APPROVAL_TAKEN_BACK:
            return replace(standing, stage=Stage.DRAFT)
        case Happening.FOUND_CLEAR | Happening.OVERRIDDEN:
            return replace(standing, stage=Stage.CLEAR)
        case Happening.FOUND_CONFLICT:
            return replace(standing, stage=Stage.HELD)
        case Happening.APPROVED:
            return replace(standing, stage=Stage.APPROVED)
        case Happening.DISCARDED:
            return replace(standing, stage=Stage.DISCARDED)
        case Happening.ISSUED:
            return replace(standing, stage=Stage.ISSUED, home=Home.COPY_DUE if cross_border else Home.NONE)
        case Happening.SENT:
            return replace(standing, stage=Stage.SENT)
        case Happening.HOME_COPY_SENT:
            return replace(standing, home=Home.COPY_SENT)
        case Happening.RECEIPT_PROVEN | Happening.RESTARTED:
            return replace(standing, stage=Stage.RECEIVED)
        case Happening.FEEDBACK_CAME:
            return replace(standing, stage=Stage.DONE)
        case Happening.IMPOSSIBILITY_CAME:
            return replace(standing, stage=Stage.CANNOT)
        case Happening.CLARIFIED:
            return replace(standing, stage=Stage.REPLIED)
        case Happening.CORRECTED:
            return standing
        case Happening.SCRUTINY_ASKED:
            return replace(standing, scrutiny=Scrutiny.REQUESTED)
        case Happening.SCRUTINY_PASSED:
            return replace(standing, scrutiny=Scrutiny.NO_INFRINGEMENT)
        case Happening.INFRINGEMENT_FOUND:
            return replace(standing, stage=Stage.ANNULLED, scrutiny=Scrutiny.INFRINGEMENT)
        case Happening.APPEAL_LODGED:
            return replace(standing, appeal=Appeal.LODGED)
        case Happening.APPEAL_UPHELD:
            return replace(standing, appeal=Appeal.UPHELD)
        case Happening.APPEAL_ANNULLED:
            return replace(standing, stage=Stage.ANNULLED, appeal=Appeal.ANNULLED)
        case Happening.WITHDRAWN:
            return replace(standing, stage=Stage.WITHDRAWN)
        case Happening.BECAME_FINAL:
            is_abroad = standing.home is not Home.NONE
            return replace(standing, stage=Stage.FINAL, home=Home.FINALITY_DUE if is_abroad else Home.NONE)
        case Happening.HOME_TOLD_FINAL:
            return replace(standing, home=Home.FINALITY_TOLD)


def _allowed(one: Standing, happening: Happening) -> bool:
    where = _WHERE.get(happening)
    if where is not None and one.stage not in where:
        return False
    match happening:
        case Happening.HOME_COPY_SENT:
            return one.home is Home.COPY_DUE
        case Happening.HOME_TOLD_FINAL:
            return one.home is Home.FINALITY_DUE
        case Happening.SCRUTINY_ASKED:
            return (
                one.stage in _STANDS_NOT_FINAL and one.home is not Home.NONE and one.scrutiny is Scrutiny.NONE
            )
        case Happening.SCRUTINY_PASSED | Happening.INFRINGEMENT_FOUND:
            is_open = one.scrutiny in (Scrutiny.NONE, Scrutiny.REQUESTED)
            return one.stage in _STANDS_NOT_FINAL and one.home is not Home.NONE and is_open
        case Happening.APPEAL_LODGED:
            return one.stage in _STANDS_NOT_FINAL and one.appeal is Appeal.NONE
        case Happening.APPEAL_UPHELD | Happening.APPEAL_ANNULLED:
            return one.stage in _STANDS_NOT_FINAL and one.appeal is Appeal.LODGED
        case Happening.BECAME_FINAL:
            # The home authority gets its copy first, and nothing is final while somebody may still undo it.
            undecided = one.scrutiny is Scrutiny.REQUESTED or one.appeal is Appeal.LODGED
            return not undecided and one.home is not Home.COPY_DUE
        case _:
            return True
