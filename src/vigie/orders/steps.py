"""What a person can do with an order, as commands; read from a form, a body or a command line the same way.

Whether a step can be taken now is `states` to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from vigie.foundation.commands import command_from

MeasureWord = Literal["removed", "disabled"]
Ground = Literal["force_majeure", "manifest_errors", "insufficient_information"]
AskedBy = Literal["provider", "content_provider", "authority"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """The sender is who it says it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Not genuine: with the reason, which is kept with the evidence."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Execute:
    """Take down what the order names; says that it is genuine, too."""

    measure: MeasureWord = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutedByHand:
    """Somebody took it down at the platform itself, then."""

    measure: MeasureWord = "removed"
    done_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotExecute:
    """Annex III: the box, the reasons, and what is wrong or needed."""

    ground: Ground
    reason: str
    needed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """The ground ceased, or the clarification was received, then."""

    again_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSentByHand:
    """The form went to the authority another way than by mail of Vigie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskScrutiny:
    """Scrutiny by the home authority was asked for."""

    asked_by: AskedBy = "provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrutinyPassed:
    """The home authority found no infringement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Infringement:
    """The home authority found an infringement: the order has no effect, the content comes back."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BecameFinal:
    """No appeal came in time, or the order was upheld; since then."""

    final_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Annul:
    """Withdrawn by its authority or annulled by a court: the content comes back."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withhold:
    """The authority forbids telling the author; its decision is of this instant."""

    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendWithholding:
    """The authority extended it by six weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftWithholding:
    """The author may be told: the authority lifted it, or the order says so to whoever can read it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InformAuthor:
    """The platform is told that its author may learn of the order."""


Step = (
    Accept
    | Refuse
    | Execute
    | ExecutedByHand
    | CannotExecute
    | Restart
    | AnswerSentByHand
    | AskScrutiny
    | ScrutinyPassed
    | Infringement
    | BecameFinal
    | Annul
    | Withhold
    | ExtendWithholding
    | LiftWithholding
    | InformAuthor
)
STEPS: dict[str, type[Step]] = {
    "accept": Accept,
    "refuse": Refuse,
    "execute": Execute,
    "executed_by_hand": ExecutedByHand,
    "cannot_execute": CannotExecute,
    "restart": Restart,
    "answer_sent": AnswerSentByHand,
    "ask_scrutiny": AskScrutiny,
    "scrutiny_passed": ScrutinyPassed,
    "infringement": Infringement,
    "became_final": BecameFinal,
    "annul": Annul,
    "withhold": Withhold,
    "extend_withholding": ExtendWithholding,
    "lift_withholding": LiftWithholding,
    "inform_author": InformAuthor,
}


def step_from(name: str, values: Mapping[str, Any]) -> Step:
    """The step of this name from values; raises StepIncomplete naming what is missing or wrong."""
    return command_from(name, values, STEPS)
