"""The shapes of cases and decisions on the wire.

They hold no rule; `cases` and `decisions` call the services.
"""

from typing import Any, Literal, cast

from ninja import Field

from vigie.api.shapes import CaseNumber, DecisionNumber, EntryNumber, Instant, Sent, Shape
from vigie.cases.decisions import WORDS_FOR_AUTHOR_CHARS_MAX, DecisionDraft
from vigie.cases.models import Case, CaseMatch, CaseMedium, Decision
from vigie.foundation.clock import now
from vigie.foundation.limits import REASON_CHARS_MAX
from vigie.signals.placement import Outline, Placement

Action = Literal["keep", "hide", "remove", "remove_and_suspend"]
Taken = Literal["keep", "hide", "remove", "remove_and_suspend", "undo"]


class CaseContent(Shape):
    """What a case is about, without text and pictures: those are sealed."""

    platform: str = Field(examples=["forum"])
    id: str = Field(description="The platform's own id.", examples=["post-8731"])
    kind: str = Field(examples=["post"])
    url: str = Field(examples=["https://forum.example/p/8731"])
    language: str = Field(examples=["ar"])
    author: str = Field(description="The platform's own id of the author.", examples=["u-55"])
    published_at: Instant | None


class CaseMediumShown(Shape):
    """A medium of a case."""

    id: str = Field(examples=["m1"])
    format: str = Field(description="Empty when it could not be processed.", examples=["jpeg"])
    width_px: int
    height_px: int
    pdq_quality: int | None
    quarantine_code: str = Field(description="Why it could not be processed.", examples=["malformed"])
    evidence: str = Field(description="Reference of the sealed medium; empty when only signals came.")
    has_preview: bool


class AlignmentShown(Shape):
    """How well the upload, laid on the entry's picture, agrees with it."""

    inliers: int = Field(description="Corners of both pictures under one map.", examples=[214])
    coverage: float = Field(description="Share of the shared area where corners agree.", examples=[0.97])
    agreement: float = Field(description="Share of the shared structure that looks alike.", examples=[0.98])
    share_of_entry: float = Field(description="How much of the entry the upload shows.", examples=[0.81])
    share_of_upload: float = Field(description="How much of the upload shows the entry.", examples=[1.0])
    edit: str = Field(examples=["mirrored, 19 % of the entry's picture cut off"])


Corners = list[tuple[float, float]]


class OutlinesShown(Shape):
    """Where both pictures lie on each other: corners in shares of width and height, as people see them."""

    entry_in_upload: Corners = Field(
        description="The four corners of the entry's picture, from its left upper one clockwise; what lies outside of"
        " 0 to 1 was cut off.",
        examples=[[(0, 0), (1, 0), (1, 1.08), (0, 1.08)]],
    )
    upload_in_entry: Corners = Field(
        description="The four corners of the upload; what lies outside of 0 to 1 was added.",
        examples=[[(0, 0), (1, 0), (1, 0.9259), (0, 0.9259)]],
    )
    shared_in_upload: Corners = Field(
        description="The part of the upload that shows the entry: three to eight corners, or none."
    )
    shared_in_entry: Corners = Field(
        description="The part of the entry that the upload shows: three to eight corners, or none."
    )
    share_of_upload: float = Field(description="How much of the upload shows the entry.", examples=[1.0])
    share_of_entry: float = Field(description="How much of the entry the upload shows.", examples=[0.9259])


class CaseMatchShown(Shape):
    """Why a case was opened: an entry near one of its signals."""

    entry: EntryNumber
    bank: str = Field(examples=["grey-heron"])
    medium: str = Field(description="Empty for text.", examples=["m1"])
    signal: str = Field(examples=["pdq"])
    distance_bits: int = Field(examples=[12])
    edit: str = Field(
        description="For pdq_variant and features: what was done to the entry's picture.",
        examples=["mirrored, 12 % cut off below"],
    )
    confirmed: bool
    placement: list[float] | None = Field(
        description="Nine numbers, row by row: the map from the entry's picture to the upload, both in shares of width"
        " and height of the pictures as people see them. Null where whole matches whole.",
        examples=[[1, 0, 0, 0, 1.08, 0, 0, 0, 1]],
    )
    outlines: OutlinesShown | None = Field(
        description="The same, as it is drawn. Null where whole matches whole."
    )
    alignment: AlignmentShown | None = Field(
        description="Null where the two were not, or could not be aligned."
    )
    score: float | None = Field(
        description="How likely the upload shows the entry's picture, 0 to 1; null where it was not to be aligned.",
        examples=[0.998],
    )


class DecisionShown(Shape):
    """What a person decided, and why. An undoing is a decision of its own."""

    number: DecisionNumber
    case: CaseNumber
    action: Taken
    legal_type: str = Field(examples=["a"])
    exemption: str = Field(examples=["none"])
    true_purpose: str
    reason: str
    cause: Literal["own_initiative", "notice", "referral", "order"]
    words_for_author: str = Field(description="Stand in the statement of reasons as they are.")
    statement: str | None = Field(
        description="Number of the statement of reasons; null when none is owed.", examples=["S-000012"]
    )
    policy: str = Field(description="Digest of the policy version.")
    taken_by: str = Field(description="User name.")
    taken_at: Instant
    undoes: DecisionNumber | None

    @classmethod
    def of(cls, decision: Decision) -> "DecisionShown":
        """The decision as it is shown."""
        return cls(
            number=decision.number,
            case=decision.case.number,
            action=cast(Taken, decision.action),
            legal_type=decision.legal_type,
            exemption=decision.exemption,
            true_purpose=decision.true_purpose,
            reason=decision.reason,
            cause=cast(Any, decision.cause),
            words_for_author=decision.words_for_author,
            statement=decision.statement.number if hasattr(decision, "statement") else None,
            policy=decision.policy_digest,
            taken_by=decision.taken_by.username,
            taken_at=decision.taken_at,
            undoes=decision.undoes.number if decision.undoes else None,
        )


class DecisionPage(Shape):
    """Decisions, newest first."""

    items: list[DecisionShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class CaseShown(Shape):
    """What a person has to decide, or decided."""

    number: CaseNumber
    state: Literal["open", "decided"]
    verdict: str = Field(description="review, hold or remove: what the rules said.", examples=["hold"])
    priority: int = Field(description="Higher comes first.", examples=[30])
    content: CaseContent
    reasons: list[dict[str, Any]] = Field(description="As in the answer to `POST /v1/content`.")
    shadow_reasons: list[dict[str, Any]] = Field(description="What rules in shadow would have said.")
    policy: str = Field(description="Version of the policy.", examples=["default@0123456789ab"])
    media: list[CaseMediumShown]
    matches: list[CaseMatchShown]
    decisions: list[DecisionShown] = Field(description="Newest first.")
    text: str = Field(description="Reference of the sealed text; empty without one.")
    record: str = Field(description="Reference of the sealed record: what else came with the content.")
    opened_at: Instant
    decided_at: Instant | None
    locked_by: str = Field(description="User name of who works on it now; empty when nobody does.")
    locked_until: Instant | None

    @classmethod
    def of(cls, case: Case) -> "CaseShown":
        """The case as it is shown. Made for rows of `cases.queue`, which bring everything along."""
        at = now()
        locked = case.locked_by if case.locked_until is not None and case.locked_until > at else None
        return cls(
            number=case.number,
            state="decided" if case.state == Case.State.DECIDED else "open",
            verdict=case.verdict,
            priority=case.priority,
            content=_content(case),
            reasons=case.reasons,
            shadow_reasons=case.shadow_reasons,
            policy=case.policy_label,
            media=[_medium(one) for one in case.media.all()],
            matches=[_match(one) for one in case.matches.all()],
            decisions=[DecisionShown.of(one) for one in case.decisions.all()],
            text=case.text,
            record=case.record,
            opened_at=case.opened_at,
            decided_at=case.decided_at,
            locked_by=locked.username if locked else "",
            locked_until=case.locked_until if locked else None,
        )


class CasePage(Shape):
    """Cases in the order in which they should be worked on."""

    items: list[CaseShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class DecisionToTake(Sent):
    """What a person says when deciding."""

    action: Action
    reason: str = Field(
        min_length=3, max_length=REASON_CHARS_MAX, examples=["A copy of a known recruiting poster."]
    )
    legal_type: Literal["", "a", "b", "c", "d", "e"] = Field(
        default="", description="Needed for a removal: (EU) 2021/784 Article 2(7).", examples=["a"]
    )
    exemption: Literal[
        "none", "education", "journalism", "art", "research", "counter_speech", "public_debate"
    ] = Field(
        description="Article 1(3): `none` says that it was looked for and none applies.", examples=["none"]
    )
    true_purpose: str = Field(
        default="",
        max_length=REASON_CHARS_MAX,
        description="Needed under an exemption: what it is really for.",
    )
    words_for_author: str = Field(
        default="",
        max_length=WORDS_FOR_AUTHOR_CHARS_MAX,
        description="Goes into the statement of reasons as it stands.",
    )


def draft_of(body: DecisionToTake) -> DecisionDraft:
    """What was sent, as the domain takes it."""
    return DecisionDraft(
        action=body.action,
        reason=body.reason,
        legal_type=body.legal_type,
        exemption=body.exemption,
        true_purpose=body.true_purpose,
        words_for_author=body.words_for_author,
    )


class Undoing(Sent):
    """Why a decision is taken back."""

    reason: str = Field(min_length=3, max_length=REASON_CHARS_MAX, examples=["The wrong case."])


def _content(case: Case) -> CaseContent:
    content = case.content
    return CaseContent(
        platform=content.platform.name,
        id=content.external_id,
        kind=content.kind,
        url=content.url,
        language=content.language,
        author=content.author_id,
        published_at=content.published_at,
    )


def _medium(medium: CaseMedium) -> CaseMediumShown:
    return CaseMediumShown(
        id=medium.external_id,
        format=medium.format,
        width_px=medium.width_px,
        height_px=medium.height_px,
        pdq_quality=medium.pdq_quality,
        quarantine_code=medium.quarantine_code,
        evidence=medium.original,
        has_preview=bool(medium.preview),
    )


def _match(match: CaseMatch) -> CaseMatchShown:
    return CaseMatchShown(
        entry=match.entry.number,
        bank=match.entry.bank.name,
        medium=match.medium,
        signal=match.signal,
        distance_bits=match.distance_bits,
        edit=match.edit,
        confirmed=match.entry.confirmed,
        placement=match.placement,
        outlines=None if (placed := match.placed) is None else _outlines(placed),
        alignment=None
        if (aligned := match.aligned) is None
        else AlignmentShown(
            inliers=aligned.inliers,
            coverage=aligned.coverage,
            agreement=aligned.agreement,
            share_of_entry=round(aligned.share_of_entry, 4),
            share_of_upload=round(aligned.share_of_upload, 4),
            edit=aligned.edit,
        ),
        score=match.score,
    )


def _outlines(placement: Placement) -> OutlinesShown:
    def corners(outline: Outline) -> Corners:
        return [(round(x, 4), round(y, 4)) for x, y in outline]

    return OutlinesShown(
        entry_in_upload=corners(placement.entry_in_upload),
        upload_in_entry=corners(placement.upload_in_entry),
        shared_in_upload=corners(placement.shared_in_upload),
        shared_in_entry=corners(placement.shared_in_entry),
        share_of_upload=round(placement.share_of_upload, 4),
        share_of_entry=round(placement.share_of_entry, 4),
    )
