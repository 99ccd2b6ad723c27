"""What a decision has to say, and what it means for the platform: pure functions.

They check form and completeness; whether a decision is right is the person's to say.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vigie.foundation.errors import Invalid
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.platforms.messages import Measure

Action = Literal["keep", "hide", "remove", "remove_and_suspend"]

ACTIONS: tuple[Action, ...] = ("keep", "hide", "remove", "remove_and_suspend")

# Regulation (EU) 2021/784, Article 2(7).
LEGAL_TYPES: dict[str, str] = {
    "a": "incites to an offence, also by glorifying or advocating it",
    "b": "solicits committing or contributing to an offence",
    "c": "solicits taking part in a terrorist group",
    "d": "instructs in making or using weapons, substances or other methods",
    "e": "threatens to commit an offence",
}

# Regulation (EU) 2021/784, Article 1(3). `none`: looked for, and none applies.
EXEMPTIONS: tuple[str, ...] = (
    "none",
    "education",
    "journalism",
    "art",
    "research",
    "counter_speech",
    "public_debate",
)

# Why a case was opened and a decision taken; counted apart in every report.
Cause = Literal["own_initiative", "notice", "referral", "order"]

CAUSES: tuple[Cause, ...] = ("own_initiative", "notice", "referral", "order")

REASON_CHARS_MIN = 3
WORDS_FOR_AUTHOR_CHARS_MAX = 1_000


class DecisionIncomplete(Invalid):
    """A decision lacks something that has to be recorded."""

    code = "decision_incomplete"


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """What a person says when deciding.

    `words_for_author` go into the statement of reasons as they stand. `cause`: None takes that of the case.
    Until `withheld_until` nobody outside may learn of the decision: (EU) 2021/784 Art. 11(3).
    """

    action: Action
    reason: str
    legal_type: str = ""
    exemption: str = ""
    true_purpose: str = ""
    words_for_author: str = ""
    cause: Cause | None = None
    withheld_until: datetime | None = None


def check_draft(draft: DecisionDraft) -> None:
    """Raise DecisionIncomplete unless everything that must be recorded is there and fits together.

    Source: (EU) 2021/784 Art. 1(3), 2(7): a removal needs its type and the exemption check; content under an
    exemption is no terrorist content, so it cannot be removed as such.
    """
    if draft.action not in ACTIONS:
        raise DecisionIncomplete("A decision is keep, hide, remove, or remove and suspend.")
    if draft.exemption not in EXEMPTIONS:
        raise DecisionIncomplete(
            "Say whether an exemption applies.", hint="One of: " + ", ".join(EXEMPTIONS) + "."
        )
    if draft.legal_type not in ("", *LEGAL_TYPES):
        raise DecisionIncomplete("A legal type is one of a, b, c, d, e.", hint="(EU) 2021/784, Article 2(7).")
    if not REASON_CHARS_MIN <= len(draft.reason.strip()) <= REASON_CHARS_MAX:
        raise DecisionIncomplete("A decision needs a reason in words.")
    if len(draft.true_purpose) > REASON_CHARS_MAX:
        raise DecisionIncomplete(f"The purpose has more than {REASON_CHARS_MAX} characters.")
    if len(draft.words_for_author) > WORDS_FOR_AUTHOR_CHARS_MAX:
        raise DecisionIncomplete(
            f"The words for the author have more than {WORDS_FOR_AUTHOR_CHARS_MAX} characters."
        )
    if draft.cause not in (None, *CAUSES):
        raise DecisionIncomplete(
            "A cause is own initiative, notice, referral or order.", hint="One of: " + ", ".join(CAUSES) + "."
        )
    if draft.exemption != "none" and not draft.true_purpose.strip():
        raise DecisionIncomplete(
            "Say in words what the content is really for.", hint="Article 1(3) asks for its true purpose."
        )
    if draft.action in ("remove", "remove_and_suspend"):
        if not draft.legal_type:
            raise DecisionIncomplete(
                "A removal needs a legal type.", hint="(EU) 2021/784, Article 2(7)(a) to (e)."
            )
        if draft.exemption != "none":
            raise DecisionIncomplete(
                "Content under an exemption cannot be removed as terrorist content.",
                hint="Keep it, or say that no exemption applies.",
            )


def measures_of(action: Action) -> tuple[Measure, ...]:
    """What the platform is asked to do."""
    table: dict[Action, tuple[Measure, ...]] = {
        "keep": (Measure.RESTORE_CONTENT,),
        "hide": (Measure.HIDE_CONTENT,),
        "remove": (Measure.REMOVE_CONTENT,),
        "remove_and_suspend": (Measure.REMOVE_CONTENT, Measure.SUSPEND_AUTHOR),
    }
    return table[action]


def measures_to_undo(action: Action, *, verdict: str) -> tuple[Measure, ...]:
    """What brings the platform back to where the rules had left it before `action`."""
    before: dict[str, Measure] = {
        "review": Measure.RESTORE_CONTENT,
        "hold": Measure.HIDE_CONTENT,
        "remove": Measure.REMOVE_CONTENT,
    }
    measures: tuple[Measure, ...] = (before[verdict],)
    if action == "remove_and_suspend":
        measures = (*measures, Measure.RESTORE_AUTHOR)
    return measures
