"""What happens to removal orders that we issue, as ledger facts: enough to count every yearly figure from them alone.

No address of content, no pattern of a hold and no name of a person is among them.
"""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class ProviderAdded(Event):
    """A hosting service was entered into the register. `channel`: api, mail, or hand."""

    name: ClassVar[str] = "issuing.provider_added.v1"
    provider: str
    home_state: str
    channel: str


@dataclass(frozen=True, slots=True)
class ProviderChanged(Event):
    """An entry of the register of hosting services was changed."""

    name: ClassVar[str] = "issuing.provider_changed.v1"
    provider: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProviderInformed(Event):
    """A hosting service was sent the information on procedures and deadlines. `by`: mail, or hand."""

    name: ClassVar[str] = "issuing.provider_informed.v1"
    provider: str
    informed_at: str
    by: str


@dataclass(frozen=True, slots=True)
class HoldEntered(Event):
    """A unit asked that nothing be done about an address, account or host without asking it. `kind` is which."""

    name: ClassVar[str] = "issuing.hold_entered.v1"
    hold: str
    kind: str
    until: str


@dataclass(frozen=True, slots=True)
class HoldReleased(Event):
    """A unit needs its hold no more."""

    name: ClassVar[str] = "issuing.hold_released.v1"
    hold: str


@dataclass(frozen=True, slots=True)
class HoldLifted(Event):
    """A hold was released by a person who may approve orders, not by whoever entered it. The reason stays with it."""

    name: ClassVar[str] = "issuing.hold_lifted.v1"
    hold: str


@dataclass(frozen=True, slots=True)
class OrderDrafted(Event):
    """A draft was begun. `case` is empty when it began from nothing."""

    name: ClassVar[str] = "issuing.order_drafted.v1"
    order: str
    case: str


@dataclass(frozen=True, slots=True)
class DraftChanged(Event):
    """Fields of a draft were changed; what was found out about it before counts no more."""

    name: ClassVar[str] = "issuing.draft_changed.v1"
    order: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftDiscarded(Event):
    """A draft was given up before it was sent."""

    name: ClassVar[str] = "issuing.draft_discarded.v1"
    order: str


@dataclass(frozen=True, slots=True)
class OrderDeconflicted(Event):
    """A draft was compared with own orders and with holds. `outcome`: clear, hold, or already_ordered."""

    name: ClassVar[str] = "issuing.order_deconflicted.v1"
    order: str
    outcome: str
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConflictOverridden(Event):
    """A second person let a draft pass although these stand against it. The reason in words stays with the order."""

    name: ClassVar[str] = "issuing.conflict_overridden.v1"
    order: str
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EmergencyDeclared(Event):
    """A first order goes out without twelve hours of information before; the justification stays with the order."""

    name: ClassVar[str] = "issuing.emergency_declared.v1"
    order: str


@dataclass(frozen=True, slots=True)
class OrderApproved(Event):
    """A second person approved the order as it stands."""

    name: ClassVar[str] = "issuing.order_approved.v1"
    order: str


@dataclass(frozen=True, slots=True)
class ApprovalTakenBack(Event):
    """An approved order became a draft again before it was sent."""

    name: ClassVar[str] = "issuing.approval_taken_back.v1"
    order: str


@dataclass(frozen=True, slots=True)
class OrderIssued(Event):
    """The order was issued and is on its way. `is_first` to this provider; `prior`: not_needed, informed, emergency.

    `cross_border`: the provider's home Member State is another one, and its authority gets a copy (Article 4(1)).
    """

    name: ClassVar[str] = "issuing.order_issued.v1"
    order: str
    provider: str
    issuing_state: str
    home_state: str
    cross_border: bool
    items: int
    legal_types: tuple[str, ...]
    withheld: bool
    is_first: bool
    prior: str
    issued_at: str


@dataclass(frozen=True, slots=True)
class OrderSent(Event):
    """The provider's server took the order, or a person handed it over. `by`: api, mail, or hand."""

    name: ClassVar[str] = "issuing.order_sent.v1"
    order: str
    by: str


@dataclass(frozen=True, slots=True)
class HomeCopySent(Event):
    """The home authority was sent its copy. `by`: mail, or hand."""

    name: ClassVar[str] = "issuing.home_copy_sent.v1"
    order: str
    home_state: str
    by: str


@dataclass(frozen=True, slots=True)
class ReceiptProven(Event):
    """Receipt by the provider is proven; the hour runs since `received_at`. `by`: api, mail, or hand."""

    name: ClassVar[str] = "issuing.receipt_proven.v1"
    order: str
    received_at: str
    by: str


@dataclass(frozen=True, slots=True)
class OrderDone(Event):
    """Annex II came in: executed. `seconds` from the beginning of the hour to the measure."""

    name: ClassVar[str] = "issuing.order_done.v1"
    order: str
    measure: str
    measure_at: str
    seconds: int
    in_time: bool
    items: int
    by: str


@dataclass(frozen=True, slots=True)
class CannotBeExecuted(Event):
    """Annex III came in. `ground` is its box."""

    name: ClassVar[str] = "issuing.cannot_be_executed.v1"
    order: str
    ground: str
    by: str


@dataclass(frozen=True, slots=True)
class ClarificationSent(Event):
    """The order went out again with what the provider had asked for; the hour begins anew with its receipt."""

    name: ClassVar[str] = "issuing.clarification_sent.v1"
    order: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderCorrected(Event):
    """The order went out again, corrected, before anybody asked; the hour that runs runs on."""

    name: ClassVar[str] = "issuing.order_corrected.v1"
    order: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HourRestarted(Event):
    """The clarification was received, or the ground ceased: the hour began anew."""

    name: ClassVar[str] = "issuing.hour_restarted.v1"
    order: str
    began_at: str


@dataclass(frozen=True, slots=True)
class HourMissed(Event):
    """The hour ended and neither Annex II nor Annex III had come."""

    name: ClassVar[str] = "issuing.hour_missed.v1"
    order: str


@dataclass(frozen=True, slots=True)
class AddressesLookedAt(Event):
    """Vigie or a person looked at what the order names: how many addresses are gone, and how many are still there."""

    name: ClassVar[str] = "issuing.addresses_looked_at.v1"
    order: str
    gone: int
    there: int


@dataclass(frozen=True, slots=True)
class SilenceExtended(Event):
    """Non-disclosure was extended, once: Article 11(3). The reason stays with the order."""

    name: ClassVar[str] = "issuing.silence_extended.v1"
    order: str
    until: str


@dataclass(frozen=True, slots=True)
class OrderWithdrawn(Event):
    """We withdrew the order after it had been issued; the provider is told. The reason stays with the order."""

    name: ClassVar[str] = "issuing.order_withdrawn.v1"
    order: str


@dataclass(frozen=True, slots=True)
class ScrutinyNoted(Event):
    """The home authority scrutinises the order, or decided. `scrutiny`: requested, no_infringement, infringement."""

    name: ClassVar[str] = "issuing.scrutiny_noted.v1"
    order: str
    scrutiny: str


@dataclass(frozen=True, slots=True)
class AppealNoted(Event):
    """The order was challenged before a court, or the court decided. `appeal`: lodged, upheld, annulled."""

    name: ClassVar[str] = "issuing.appeal_noted.v1"
    order: str
    appeal: str


@dataclass(frozen=True, slots=True)
class OrderAnnulled(Event):
    """The order lost its effect. `because`: scrutiny, or appeal."""

    name: ClassVar[str] = "issuing.order_annulled.v1"
    order: str
    because: str


@dataclass(frozen=True, slots=True)
class OrderBecameFinal(Event):
    """The appeal period lapsed without an appeal, or the order was upheld."""

    name: ClassVar[str] = "issuing.order_became_final.v1"
    order: str
    final_at: str


@dataclass(frozen=True, slots=True)
class HomeInformedOfFinality(Event):
    """The home authority was told that the order is final. `by`: mail, or hand."""

    name: ClassVar[str] = "issuing.home_informed_of_finality.v1"
    order: str
    home_state: str
    by: str


@dataclass(frozen=True, slots=True)
class ReplyKept(Event):
    """A mail came to the mailbox for answers and was sealed, before anybody read it."""

    name: ClassVar[str] = "issuing.reply_kept.v1"
    reply: str
    received_at: str


@dataclass(frozen=True, slots=True)
class ReplyWaits(Event):
    """A reply waits for a person. `order` is empty when nobody knows to which it belongs; `problem` says why."""

    name: ClassVar[str] = "issuing.reply_waits.v1"
    reply: str
    order: str
    problem: str


@dataclass(frozen=True, slots=True)
class ReplyPlaced(Event):
    """A reply was found to be the answer to an order, proof of its receipt, or was noted. `meaning` is which."""

    name: ClassVar[str] = "issuing.reply_placed.v1"
    reply: str
    order: str
    meaning: str


@dataclass(frozen=True, slots=True)
class LetterBounced(Event):
    """A mail server gave back what we sent. `kind` is the letter's."""

    name: ClassVar[str] = "issuing.letter_bounced.v1"
    order: str
    kind: str


@dataclass(frozen=True, slots=True)
class AlarmRaised(Event):
    """Somebody is needed, and whoever is on call is told. `kind`: hour_missed, undelivered, or receipt_unproven."""

    name: ClassVar[str] = "issuing.alarm_raised.v1"
    order: str
    kind: str


@dataclass(frozen=True, slots=True)
class AlarmRepeated(Event):
    """A day later nothing had changed, and whoever is on call is told again."""

    name: ClassVar[str] = "issuing.alarm_repeated.v1"
    order: str
    kind: str


@dataclass(frozen=True, slots=True)
class AlarmSettled(Event):
    """What an alarm was about is over."""

    name: ClassVar[str] = "issuing.alarm_settled.v1"
    order: str
    kind: str
