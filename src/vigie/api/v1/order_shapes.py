"""Removal orders as they go over the wire.

Shapes hold no rule; the fields are those of Annex I.
"""

from typing import Annotated, Any, Literal

from ninja import Field
from pydantic import Discriminator

from vigie.api.shapes import GivenInstant, Instant, Sent, Shape
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.orders import clocks, deadlines
from vigie.orders.forms import URLS_MAX
from vigie.orders.models import Order, OrderAnswer, OrderIntake, OrderItem

OrderNumber = Annotated[str, Field(description="Public number of a removal order.", examples=["O-000012"])]
Reason = Annotated[str, Field(min_length=3, max_length=REASON_CHARS_MAX)]
Stage = Literal[
    "received",
    "valid",
    "executing",
    "executed",
    "impossible",
    "clarification",
    "not_genuine",
    "final",
    "annulled",
]


class AnnexI(Sent):
    """The fields of Annex I. A field that is left out or cannot be read is marked for a person; none is guessed."""

    form: Literal["annex_i"] = "annex_i"
    issuing_state: str | None = Field(default=None, examples=["FR"])
    addressee: str | None = None
    contact_point: str | None = None
    home_state: str | None = Field(default=None, examples=["DE"])
    issued_at: str | None = Field(
        default=None, description="RFC 3339 with a zone.", examples=["2026-11-25T03:00:00+01:00"]
    )
    reference: str | None = Field(default=None, examples=["2026/4711"])
    urls: list[str] | None = Field(default=None, max_length=URLS_MAX)
    locating_information: str | None = None
    legal_types: list[str] | None = Field(default=None, examples=[["a"]])
    additional_reasons: str | None = None
    do_not_inform: bool | str | None = Field(
        default=None, description="Section C. Left out, nobody is told until a person read it."
    )
    home_state_differs: bool | str | None = None
    copy_sent: bool | str | None = None
    authority_kind: str | None = Field(default=None, examples=["law_enforcement"])
    authority: str | None = None
    representative: str | None = None
    file_number: str | None = None
    address: str | None = None
    telephone: str | None = None
    fax: str | None = None
    email: str | None = None
    signed_at: str | None = None
    follow_up_contact: str | None = None
    home_authority_contact: str | None = None
    redress_body: str | None = None
    redress_deadline: str | None = None
    redress_provisions: str | None = None

    def given(self) -> dict[str, Any]:
        """What was sent, without what was left out."""
        return self.model_dump(exclude_none=True)


class OrderToTake(AnnexI):
    """An order as its authority sends it."""


class ItemShown(Shape):
    """One address that an order names."""

    url: str
    content: str = Field(
        description="`platform/id`; empty while nobody knows whose it is.", examples=["forum/post-1"]
    )
    seen: str = Field(description="What Vigie saw there before it was taken down.", examples=["http_200"])
    evidence: str = Field(description="Reference of the sealed page; empty for none.")
    measure_at: Instant | None = Field(description="When the platform took the measure.")
    was_gone: bool = Field(description="Down before this order; its true, earlier time counts.")
    restored: bool

    @classmethod
    def of(cls, item: OrderItem) -> "ItemShown":
        """The item as it is shown."""
        return cls(
            url=item.url,
            content=item.content.reference if item.content else "",
            seen=item.seen,
            evidence=item.evidence,
            measure_at=item.measure_at,
            was_gone=item.was_gone,
            restored=item.restored,
        )


class AnswerShown(Shape):
    """An Annex II or III that was made."""

    kind: Literal["annex_ii", "annex_iii"]
    made_at: Instant
    sent_at: Instant | None
    sent_by: str = Field(description="`mail`, `api`, or `hand`; empty: not sent yet.")
    form: dict[str, Any]

    @classmethod
    def of(cls, answer: OrderAnswer) -> "AnswerShown":
        """The answer as it is shown."""
        return cls(
            kind=answer.kind,  # type: ignore[arg-type]
            made_at=answer.made_at,
            sent_at=answer.sent_at,
            sent_by=answer.sent_by,
            form=answer.form,
        )


class OrderRow(Shape):
    """A removal order in a list."""

    number: OrderNumber
    authority: str
    reference: str
    received_at: Instant
    received_offset_minutes: int = Field(description="Offset from UTC that receipt was written with.")
    clock_started_at: Instant = Field(description="Receipt, or when the hour began anew.")
    due_at: Instant = Field(description="The end of the hour.")
    stage: Stage
    access: Literal["up", "disabled", "taken", "restored"]
    answer: Literal["none", "annex_ii_due", "annex_ii_sent", "annex_iii_due", "annex_iii_sent"]
    scrutiny: Literal["none", "requested", "no_infringement", "infringement"]
    disclosure: Literal["open", "withheld", "extended", "due", "informed"]
    measure: str = Field(description="`removed` or `disabled`; empty before.")
    measure_at: Instant | None
    unread: dict[str, str] = Field(
        description="Fields a person has to read: missing, unreadable, contradictory."
    )
    sender: str = Field(description="What was found about the sender.", examples=["verified"])


class OrderShown(OrderRow):
    """A removal order with everything that is known of it."""

    fields: dict[str, Any] = Field(description="Annex I, as far as it was read.")
    sender_check: dict[str, Any]
    withheld_until: Instant | None = Field(
        description="Until when the author must not be told; null: may be."
    )
    reason: str = Field(description="Why it was refused, annulled or cannot be executed.")
    items: list[ItemShown]
    answers: list[AnswerShown]
    intakes: list[str] = Field(description="What came in about it; repeats too.", examples=[["I-000034"]])

    @classmethod
    def of(cls, order: Order) -> "OrderShown":
        """The order as it is shown."""
        return cls(
            **row_of(order),
            fields=order.fields,
            sender_check=order.sender_check,
            withheld_until=deadlines.withheld_until(order),
            reason=order.reason,
            items=[
                ItemShown.of(one) for one in order.items.select_related("content__platform").order_by("id")
            ],
            answers=[AnswerShown.of(one) for one in order.answers.all()],
            intakes=[one.number for one in order.intakes.order_by("id")],
        )


class OrderPage(Shape):
    """Removal orders, newest first."""

    items: list[OrderRow]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class IntakeShown(Shape):
    """Something that came in."""

    number: str = Field(examples=["I-000034"])
    order: str = Field(description="Empty while it is none.", examples=["O-000012"])
    channel: Literal["api", "file", "form", "mail"]
    state: Literal["taken", "repeat", "quarantined", "set_aside"]
    problem: str = Field(description="Why it could not be read.", examples=["pdf_unreadable"])
    sender: str
    differs: bool = Field(description="A repeat that says something else than the order.")
    received_at: Instant
    evidence: str = Field(description="Reference of the sealed bytes.")
    sha256: str

    @classmethod
    def of(cls, intake: OrderIntake) -> "IntakeShown":
        """The intake as it is shown."""
        return cls(
            number=intake.number,
            order=intake.order.number if intake.order else "",
            channel=intake.channel,  # type: ignore[arg-type]
            state=intake.state,  # type: ignore[arg-type]
            problem=intake.problem,
            sender=intake.sender,
            differs=intake.differs,
            received_at=intake.received_at,
            evidence=intake.evidence,
            sha256=bytes(intake.sha256).hex(),
        )


class IntakePage(Shape):
    """What came in, newest first."""

    items: list[IntakeShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class Taken(Shape):
    """What came in and, when it could be read, the order that it is."""

    intake: IntakeShown
    order: OrderShown | None


class Exposure(Shape):
    """Final orders of the last twelve months."""

    final_orders: int
    orders: list[str]
    may_be_exposed: bool = Field(
        description="Two or more. Exposure begins only with a notified decision of the authority."
    )


class SetAside(Sent):
    """Why what came in is no order."""

    reason: Reason


class Accept(Sent):
    """The sender is genuine."""

    step: Literal["accept"]


class Refuse(Sent):
    """Not genuine."""

    step: Literal["refuse"]
    reason: Reason


class Execute(Sent):
    """Take it down; says that the order is genuine, too."""

    step: Literal["execute"]
    measure: Literal["removed", "disabled"] = "removed"


class ExecutedByHand(Sent):
    """Somebody took it down at the platform itself."""

    step: Literal["executed_by_hand"]
    measure: Literal["removed", "disabled"] = "removed"
    done_at: GivenInstant


class CannotExecute(Sent):
    """Annex III."""

    step: Literal["cannot_execute"]
    ground: Literal["force_majeure", "manifest_errors", "insufficient_information"]
    reason: Reason
    needed: str = Field(default="", max_length=REASON_CHARS_MAX)


class Restart(Sent):
    """The ground ceased, or the clarification was received."""

    step: Literal["restart"]
    again_at: GivenInstant


class AnswerSent(Sent):
    """The form went out another way than by mail of Vigie."""

    step: Literal["answer_sent"]


class AskScrutiny(Sent):
    """Scrutiny was asked for."""

    step: Literal["ask_scrutiny"]
    asked_by: Literal["provider", "content_provider", "authority"] = "provider"


class ScrutinyPassed(Sent):
    """The home authority found no infringement."""

    step: Literal["scrutiny_passed"]


class WithReason(Sent):
    """An infringement was found, the order was annulled, or non-disclosure was lifted."""

    step: Literal["infringement", "annul", "lift_withholding"]
    reason: Reason


class BecameFinal(Sent):
    """No appeal came in time, or the order was upheld."""

    step: Literal["became_final"]
    final_at: GivenInstant


class Withhold(Sent):
    """The authority forbids telling the author."""

    step: Literal["withhold"]
    decided_at: GivenInstant


class Disclose(Sent):
    """Non-disclosure is extended by six weeks, or the author may now be told by the platform."""

    step: Literal["extend_withholding", "inform_author"]


AnyStep = Annotated[
    Accept
    | Refuse
    | Execute
    | ExecutedByHand
    | CannotExecute
    | Restart
    | AnswerSent
    | AskScrutiny
    | ScrutinyPassed
    | WithReason
    | BecameFinal
    | Withhold
    | Disclose,
    Discriminator("step"),
]


def row_of(order: Order) -> dict[str, Any]:
    """The members of `OrderRow`."""
    return {
        "number": order.number,
        "authority": str(order.fields.get("authority") or ""),
        "reference": order.reference,
        "received_at": order.received_at,
        "received_offset_minutes": order.received_offset_minutes,
        "clock_started_at": order.clock_started_at,
        "due_at": clocks.removal_due_at(order.clock_started_at),
        "stage": order.stage,
        "access": order.access,
        "answer": order.answer,
        "scrutiny": order.scrutiny,
        "disclosure": order.disclosure,
        "measure": order.measure,
        "measure_at": order.measure_at,
        "unread": order.unread,
        "sender": str(order.sender_check.get("verdict", "unknown")),
    }
