"""Removal orders that we issue, and the yearly figures about them, as they go over the wire.

Shapes hold no rule.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field

from vigie.api.shapes import GivenInstant, Instant, Sent, Shape
from vigie.api.v1.order_shapes import AnnexI
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.issuing import clocks, incoming, sending
from vigie.issuing.drafting import lacking
from vigie.issuing.models import Alarm, CameIn, IssuedOrder, Letter
from vigie.issuing.yearly import YearlyFigures

IssuedNumber = Annotated[
    str, Field(description="Public number of an order that we issue.", examples=["RO-000012"])
]
StepName = Literal[
    "check",
    "override",
    "emergency",
    "approve",
    "take_back",
    "discard",
    "issue",
    "handed_over",
    "received",
    "done",
    "cannot",
    "restart",
    "looked",
    "resend",
    "extend_silence",
    "withdraw",
    "scrutiny_asked",
    "scrutiny_passed",
    "infringement",
    "appeal_lodged",
    "appeal_upheld",
    "appeal_annulled",
    "final",
]


class Draft(AnnexI):
    """Fields of a draft; an empty text takes one away. `issued_at`, `signed_at` and section D are filled in for you."""

    provider: str | None = Field(default=None, examples=["example-forum"])
    withheld_weeks: int | None = Field(default=None, ge=0, le=6, description="Weeks of non-disclosure.")
    withheld_reason: str | None = Field(default=None, max_length=REASON_CHARS_MAX)
    appeal_days: int | None = Field(default=None, ge=1, le=366)

    def given(self) -> dict[str, Any]:
        """What was sent, without what was left out."""
        return {key: value for key, value in AnnexI.given(self).items() if key != "form"}


class NewDraft(Draft):
    """A draft to begin."""

    case: str = Field(default="", max_length=20, examples=["C-000123"])


class StepToTake(Sent):
    """One step and what it needs: `reason`, `proof`, an instant, the measure, the ground, or what was found."""

    step: StepName
    reason: str | None = Field(default=None, max_length=REASON_CHARS_MAX)
    proof: str | None = Field(default=None, max_length=REASON_CHARS_MAX)
    needed: str | None = Field(default=None, max_length=REASON_CHARS_MAX)
    measure: Literal["removed", "disabled"] | None = None
    ground: Literal["force_majeure", "manifest_errors", "insufficient_information"] | None = None
    found: Literal["gone", "there"] | None = None
    received_at: GivenInstant | None = None
    measure_at: GivenInstant | None = None
    again_at: GivenInstant | None = None
    final_at: GivenInstant | None = None

    def values(self) -> dict[str, Any]:
        """What the step was given."""
        return self.model_dump(exclude={"step"}, exclude_none=True)


class ConflictShown(Shape):
    """What stands against a draft."""

    key: str = Field(examples=["hold:H-000003"])
    ask: str = Field(description="Whom to ask about a hold.", examples=["Unit 4: +33 1 00 00 00 00"])
    stage: str = Field(description="How far an order of ours is.")
    until: str = Field(description="When a hold ends.")


class LetterShown(Shape):
    """Something that went out, or is on its way."""

    kind: str = Field(examples=["order"])
    channel: Literal["api", "mail", "hand"]
    to: str
    text: str
    made_at: Instant
    sent_at: Instant | None
    sent_by: str
    bounced_at: Instant | None = Field(description="When a mail server gave it back.")

    @classmethod
    def of(cls, letter: Letter) -> "LetterShown":
        """The letter as it is shown."""
        return cls(
            kind=letter.kind,
            channel=letter.channel,  # type: ignore[arg-type]
            to=letter.to,
            text=letter.text,
            made_at=letter.made_at,
            sent_at=letter.sent_at,
            sent_by=letter.sent_by,
            bounced_at=letter.bounced_at,
        )


class CameInShown(Shape):
    """An Annex II or III that came in."""

    kind: Literal["annex_ii", "annex_iii"]
    channel: Literal["api", "mail", "hand"]
    came_at: Instant
    evidence: str
    form: dict[str, Any]

    @classmethod
    def of(cls, came: CameIn) -> "CameInShown":
        """The answer as it is shown."""
        return cls(
            kind=came.kind,  # type: ignore[arg-type]
            channel=came.channel,  # type: ignore[arg-type]
            came_at=came.came_at,
            evidence=came.evidence,
            form=came.form,
        )


class AlarmShown(Shape):
    """Somebody is needed about the order; whoever is on call was told."""

    kind: Literal["hour_missed", "undelivered", "receipt_unproven"]
    raised_at: Instant
    again_at: Instant | None = Field(description="When it was raised again, a day later.")
    settled_at: Instant | None = Field(description="Since when it is over.")

    @classmethod
    def of(cls, alarm: Alarm) -> "AlarmShown":
        """The alarm as it is shown."""
        return cls(**{name: getattr(alarm, name) for name in cls.model_fields})


class SeenItem(Shape):
    """An address that the order names, and what was seen there afterwards."""

    url: str
    seen: str = Field(examples=["http_404"])
    seen_at: Instant | None


class IssuedRow(Shape):
    """An order of ours in a list."""

    number: IssuedNumber
    provider: str
    reference: str
    stage: str = Field(examples=["received"])
    home: str = Field(examples=["copy_sent"])
    scrutiny: str
    appeal: str
    issued_at: Instant | None
    received_at: Instant | None = Field(description="Proven receipt.")
    due_at: Instant | None = Field(description="The end of the hour.")
    overdue: bool
    measure: str
    measure_at: Instant | None
    trouble: str = Field(description="Why it could not be sent or asked about last; empty for none.")


class IssuedShown(IssuedRow):
    """An order of ours with everything that is known of it."""

    fields: dict[str, Any]
    lacking: dict[str, str] = Field(description="What stops it from being approved: field to reason.")
    case: str
    withheld_weeks: int
    withheld_reason: str
    withheld_until: Instant | None = Field(description="Until when the provider may not tell its user.")
    appeal_days: int
    appeal_ends_at: Instant | None
    conflicts: list[ConflictShown]
    overridden: list[str]
    override_reason: str
    prior_information: Literal["not_needed", "informed", "emergency", "missing"]
    may_be_issued_from: Instant | None
    emergency: str
    proposed: dict[str, Any]
    clock_started_at: Instant | None
    remote_number: str = Field(description="The provider's number of the order.")
    received_proof: str
    ground: str
    reason: str
    items: list[SeenItem]
    letters: list[LetterShown]
    answers: list[CameInShown]
    alarms: list[AlarmShown]
    replies: list[str] = Field(description="Numbers of mails that came about it.", examples=[["RE-000004"]])

    @classmethod
    def of(cls, order: IssuedOrder, *, at: datetime) -> "IssuedShown":
        """The order as it is shown."""
        prior, since = sending.prior_information(order)
        received = order.received_at
        return cls(
            **issued_row(order, at=at),
            fields=order.fields,
            lacking=lacking(order) if order.standing.is_draft else {},
            case=order.case,
            withheld_weeks=order.withheld_weeks,
            withheld_reason=order.withheld_reason,
            withheld_until=order.withheld_until,
            appeal_days=order.appeal_days,
            appeal_ends_at=clocks.appeal_ends_at(received, days=order.appeal_days) if received else None,
            conflicts=[ConflictShown(**one) for one in order.conflicts],
            overridden=order.overridden,
            override_reason=order.override_reason,
            prior_information=prior,  # type: ignore[arg-type]
            may_be_issued_from=since,
            emergency=order.emergency,
            proposed=order.proposed,
            clock_started_at=order.clock_started_at,
            remote_number=order.remote_number,
            received_proof=order.received_proof,
            ground=order.ground,
            reason=order.reason,
            items=[
                SeenItem(url=one.url, seen=one.seen, seen_at=one.seen_at)
                for one in order.items.order_by("id")
            ],
            letters=[LetterShown.of(one) for one in order.letters.all()],
            answers=[CameInShown.of(one) for one in order.answers.all()],
            alarms=[AlarmShown.of(one) for one in order.alarms.all()],
            replies=[one.number for one in order.replies.order_by("id")],
        )


class IssuedPage(Shape):
    """Orders of ours, newest first."""

    items: list[IssuedRow]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class IssuingFigureShown(Shape):
    """One figure and the query behind it."""

    key: str = Field(examples=["share_within_one_hour"])
    value: float | None = Field(description="Null where there is nothing to divide.")
    unit: Literal["count", "share", "seconds"]
    source: str
    query: str
    rows: list[int] = Field(description="Numbers of the ledger entries that it was computed from.")


class Figures(Shape):
    """The yearly figures of this authority."""

    year: int
    through: int = Field(description="Number of the last ledger entry that was read.")
    figures: list[IssuingFigureShown]

    @classmethod
    def of(cls, found: YearlyFigures) -> "Figures":
        """The figures as they are shown."""
        return cls(
            year=found.year,
            through=found.through,
            figures=[IssuingFigureShown(**one.to_json()) for one in found.figures],
        )


def issued_row(order: IssuedOrder, *, at: datetime) -> dict[str, Any]:
    """The members of `IssuedRow`."""
    return {
        "number": order.number,
        "provider": order.provider.name if order.provider else "",
        "reference": order.reference,
        "stage": order.stage,
        "home": order.home,
        "scrutiny": order.scrutiny,
        "appeal": order.appeal,
        "issued_at": order.issued_at,
        "received_at": order.received_at,
        "due_at": order.due_at,
        "overdue": incoming.overdue(order, at=at),
        "measure": order.measure,
        "measure_at": order.measure_at,
        "trouble": order.trouble,
    }
