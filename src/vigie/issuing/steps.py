"""What a person can do with an order of ours, as commands; read from a form, a body or a command line the same way.

Whether a step can be taken now is `states` to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from vigie.foundation.commands import command_from
from vigie.orders.steps import Ground, MeasureWord

Found = Literal["gone", "there"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Compare the draft with own orders and holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A second person lets the draft pass although something stands against it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """A first order cannot wait twelve hours: the justification, which is kept."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """A second person approves the order as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """The approved order becomes a draft again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discard:
    """The draft is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """The approved order goes out, and its copy to the home authority."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """A person handed over what no machine sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The provider received it, then; and how that is known."""

    received_at: datetime
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Annex II came another way: what it says, and where it is kept."""

    measure: MeasureWord = "removed"
    measure_at: datetime
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cannot:
    """Annex III came another way: its box, and what it says."""

    ground: Ground
    proof: str
    needed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """The ground ceased, or the provider has what it asked for, since then."""

    again_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A person looked at the addresses."""

    found: Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Resend:
    """A second person sends the order as it was proposed to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendSilence:
    """The provider may not tell its user for six weeks more, for this reason, which is kept and not sent."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """We withdraw the order; the provider and the home authority are told why."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrutinyAsked:
    """The home authority scrutinises the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrutinyPassed:
    """The home authority found no infringement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Infringement:
    """The home authority found an infringement: the order has no effect any more."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealLodged:
    """The order was challenged before a court."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealUpheld:
    """The court upheld the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealAnnulled:
    """The court annulled the order."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Final:
    """The appeal period lapsed, or the order was upheld, then; the home authority is told."""

    final_at: datetime


Step = (
    Check
    | Override
    | Emergency
    | Approve
    | TakeBack
    | Discard
    | Issue
    | HandedOver
    | Received
    | Done
    | Cannot
    | Restart
    | Looked
    | Resend
    | ExtendSilence
    | Withdraw
    | ScrutinyAsked
    | ScrutinyPassed
    | Infringement
    | AppealLodged
    | AppealUpheld
    | AppealAnnulled
    | Final
)
STEPS: dict[str, type[Step]] = {
    "check": Check,
    "override": Override,
    "emergency": Emergency,
    "approve": Approve,
    "take_back": TakeBack,
    "discard": Discard,
    "issue": Issue,
    "handed_over": HandedOver,
    "received": Received,
    "done": Done,
    "cannot": Cannot,
    "restart": Restart,
    "looked": Looked,
    "resend": Resend,
    "extend_silence": ExtendSilence,
    "withdraw": Withdraw,
    "scrutiny_asked": ScrutinyAsked,
    "scrutiny_passed": ScrutinyPassed,
    "infringement": Infringement,
    "appeal_lodged": AppealLodged,
    "appeal_upheld": AppealUpheld,
    "appeal_annulled": AppealAnnulled,
    "final": Final,
}
# Steps that only a person who may approve takes.
APPROVING = ("override", "emergency", "approve", "resend", "extend_silence", "withdraw", "final")


def step_from(name: str, values: Mapping[str, Any]) -> Step:
    """The step of this name from values; raises StepIncomplete naming what is missing or wrong."""
    return command_from(name, values, STEPS)
