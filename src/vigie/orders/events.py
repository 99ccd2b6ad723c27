"""What happens to removal orders, as ledger facts. No address of content and no name of a person is among them."""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class IntakeStored(Event):
    """Something came in and was kept whole, before anybody tried to read it."""

    name: ClassVar[str] = "orders.intake_stored.v1"
    intake: str
    channel: str
    received_at: str
    offset_minutes: int


@dataclass(frozen=True, slots=True)
class IntakeQuarantined(Event):
    """What came in could not be read as an order; a person looks at it."""

    name: ClassVar[str] = "orders.intake_quarantined.v1"
    intake: str
    problem: str


@dataclass(frozen=True, slots=True)
class IntakeSetAside(Event):
    """A person said that what came in is no order. The reason in words stays with it."""

    name: ClassVar[str] = "orders.intake_set_aside.v1"
    intake: str


@dataclass(frozen=True, slots=True)
class OrderReceived(Event):
    """A removal order was received; the hour runs since `received_at`."""

    name: ClassVar[str] = "orders.order_received.v1"
    order: str
    intake: str
    authority: str
    issuing_state: str
    items: int
    unread: tuple[str, ...]
    received_at: str
    withheld: bool


@dataclass(frozen=True, slots=True)
class SenderChecked(Event):
    """Vigie checked the DKIM signature of the mail itself. `dkim`: pass, fail, none, or temporary.

    `reason` is empty for a pass; `key_sha256` is the digest of the key that DNS had, empty without one.
    """

    name: ClassVar[str] = "orders.sender_checked.v1"
    order: str
    verdict: str
    dkim: str
    domain: str
    selector: str
    reason: str
    key_sha256: str


@dataclass(frozen=True, slots=True)
class OrderRepeated(Event):
    """The same authority sent an order of the same reference again. It is no second order."""

    name: ClassVar[str] = "orders.order_repeated.v1"
    order: str
    intake: str
    differs: bool


@dataclass(frozen=True, slots=True)
class OrderCorrected(Event):
    """A person filled in or mended fields that could not be read.

    `issuing_state` and `items` are as they are now; empty and 0 in rows from before they were kept here.
    """

    name: ClassVar[str] = "orders.order_corrected.v1"
    order: str
    fields: tuple[str, ...]
    issuing_state: str = ""
    items: int = 0


@dataclass(frozen=True, slots=True)
class OrderEscalated(Event):
    """Nobody had decided at this minute of the hour, and somebody was called."""

    name: ClassVar[str] = "orders.order_escalated.v1"
    order: str
    minute: int


@dataclass(frozen=True, slots=True)
class OrderDisabled(Event):
    """Undecided at minute 50: access was disabled for the time being, as the settings say."""

    name: ClassVar[str] = "orders.order_disabled.v1"
    order: str
    items: int


@dataclass(frozen=True, slots=True)
class OrderAccepted(Event):
    """A person took the order for genuine. `check` is what the machine had found out about its sender."""

    name: ClassVar[str] = "orders.order_accepted.v1"
    order: str
    check: str


@dataclass(frozen=True, slots=True)
class OrderRefused(Event):
    """A person refused the order as not genuine. The reason in words stays with the order."""

    name: ClassVar[str] = "orders.order_refused.v1"
    order: str
    check: str


@dataclass(frozen=True, slots=True)
class ExecutionOrdered(Event):
    """A person had the order executed."""

    name: ClassVar[str] = "orders.execution_ordered.v1"
    order: str
    measure: str
    items: int


@dataclass(frozen=True, slots=True)
class OrderExecuted(Event):
    """Every address of the order is taken down. `in_time` says whether within the hour.

    `items` counts what was taken down because of this order, `gone_before` what was down already. `contents` are the
    references of the first, so that content that two orders name is known as one; empty in rows from before that.
    """

    name: ClassVar[str] = "orders.order_executed.v1"
    order: str
    measure: str
    measure_at: str
    in_time: bool
    items: int
    gone_before: int
    contents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HourMissed(Event):
    """The hour ended and the order was neither executed nor answered by Annex III."""

    name: ClassVar[str] = "orders.hour_missed.v1"
    order: str


@dataclass(frozen=True, slots=True)
class CannotBeExecuted(Event):
    """A person declared that the order cannot be executed for now: Annex III. `ground` is its box."""

    name: ClassVar[str] = "orders.cannot_be_executed.v1"
    order: str
    ground: str


@dataclass(frozen=True, slots=True)
class HourRestarted(Event):
    """The ground ceased, or the clarification was received: the hour began anew."""

    name: ClassVar[str] = "orders.hour_restarted.v1"
    order: str
    began_at: str


@dataclass(frozen=True, slots=True)
class AnswerSent(Event):
    """The authority was sent its form. `by`: mail, api when the authority took it, or hand."""

    name: ClassVar[str] = "orders.answer_sent.v1"
    order: str
    form: str
    by: str


@dataclass(frozen=True, slots=True)
class ScrutinyChanged(Event):
    """Scrutiny was asked for, or decided. `asked_by`: provider, content_provider or authority."""

    name: ClassVar[str] = "orders.scrutiny_changed.v1"
    order: str
    scrutiny: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class OrderBecameFinal(Event):
    """The appeal period lapsed, or the order was upheld."""

    name: ClassVar[str] = "orders.order_became_final.v1"
    order: str
    final_at: str


@dataclass(frozen=True, slots=True)
class OrderAnnulled(Event):
    """The order lost its effect: withdrawn, annulled, or found to infringe."""

    name: ClassVar[str] = "orders.order_annulled.v1"
    order: str


@dataclass(frozen=True, slots=True)
class ContentReinstated(Event):
    """Content that the order had taken away was given back to the platform, unless something else keeps it down."""

    name: ClassVar[str] = "orders.content_reinstated.v1"
    order: str
    items: int
    kept_down: int


@dataclass(frozen=True, slots=True)
class DisclosureChanged(Event):
    """Whether the author may be told changed. `until` is empty when nothing is withheld."""

    name: ClassVar[str] = "orders.disclosure_changed.v1"
    order: str
    disclosure: str
    until: str


@dataclass(frozen=True, slots=True)
class ItemSeen(Event):
    """Vigie looked at an address of the order and sealed what it saw. `seen` is the status or a stable code."""

    name: ClassVar[str] = "orders.item_seen.v1"
    order: str
    seen: str
