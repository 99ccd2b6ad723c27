"""What the API says about preserved evidence: items, what holds them, requests, what a purge would do.

It reads no evidence.
"""

from collections.abc import Iterable
from typing import Literal, cast

from ninja import Field

from vigie.api.shapes import Instant, Sent, Shape
from vigie.evidence.models import EvidenceItem, EvidenceRequest, PreservedItem
from vigie.evidence.package_seal import PASSPHRASE_CHARS_MAX, PASSPHRASE_CHARS_MIN
from vigie.evidence.requests import (
    BASIS_CHARS_MAX,
    NAME_CHARS_MAX,
    PURPOSE_CHARS_MAX,
    PURPOSE_CHARS_MIN,
    REASON_CHARS_MAX,
    RequestDraft,
)
from vigie.evidence.retention import Hold

Kind = Literal["medium", "text", "record", "picture", "preview", "quarantine"]
StageName = Literal["open", "kept", "preserved", "extended", "expired", "deleted"]
RequestKind = Literal["access", "export", "extension"]
RequestState = Literal["requested", "granted", "refused"]


class EvidenceShown(Shape):
    """One sealed byte string, unread."""

    reference: str = Field(examples=["5f0c2c9e-8a51-4f0e-9a3e-0d6f6a7f7c11"])
    subject: str = Field(description="What it belongs to.", examples=["case:C-000123"])
    kind: Kind
    media_type: str = Field(examples=["image/jpeg"])
    byte_count: int
    sha256: str = Field(description="Of the sealed bytes in clear, lower-case hexadecimal.")
    sealed_at: Instant
    destroyed_at: Instant | None = Field(description="When its key was destroyed; null while it can be read.")

    @classmethod
    def of(cls, item: EvidenceItem) -> "EvidenceShown":
        """From its row."""
        return cls(
            reference=item.reference,
            subject=item.subject,
            kind=cast(Kind, item.kind),
            media_type=item.media_type,
            byte_count=item.byte_count,
            sha256=bytes(item.sha256).hex(),
            sealed_at=item.sealed_at,
            destroyed_at=item.destroyed_at,
        )


class PreservationHoldShown(Shape):
    """Something that needs the item still."""

    kind: str = Field(examples=["complaint_open"])
    reference: str = Field(examples=["CP-000003"])
    until: Instant | None

    @classmethod
    def of(cls, hold: Hold) -> "PreservationHoldShown":
        """From the value."""
        return cls(kind=hold.kind, reference=hold.reference, until=hold.until)


class PreservedShown(Shape):
    """Everything sealed of one subject, and until when it is kept."""

    number: str = Field(examples=["P-000012"])
    subject: str = Field(examples=["case:C-000123"])
    stage: StageName
    ground: Literal["", "rule", "decision", "order", "unremoved"] = Field(
        description="Why it is kept; `unremoved`: what it was sealed for ended without a removal."
    )
    began_at: Instant | None = Field(description="The removal, or the end without one.")
    until: Instant | None = Field(description="When the time to keep it is over; null while none runs.")
    extended_until: Instant | None
    deleted_at: Instant | None
    blobs_gone_at: Instant | None = Field(description="When the unreadable bytes left the store too.")
    holds: list[PreservationHoldShown] = Field(
        description="What needs it: while there is anything, it is not deleted."
    )

    @classmethod
    def of(cls, item: PreservedItem, holds: Iterable[Hold]) -> "PreservedShown":
        """From its row and what holds it."""
        return cls(
            number=item.number,
            subject=item.subject,
            stage=cast(StageName, item.stage),
            ground=cast(Literal["rule"], item.ground),
            began_at=item.began_at,
            until=item.until,
            extended_until=item.extended_until,
            deleted_at=item.deleted_at,
            blobs_gone_at=item.blobs_gone_at,
            holds=[PreservationHoldShown.of(one) for one in holds],
        )


class PreservedPage(Shape):
    """Preserved items, newest first."""

    items: list[PreservedShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class PreservedWhole(PreservedShown):
    """One preserved item with what is sealed of it."""

    sealed: list[EvidenceShown] = Field(description="At most 1,000; the list of evidence has all.")


class PurgePreview(Shape):
    """Items whose time is over: those without a hold go with the next round of the worker."""

    items: list[PreservedShown]


class RequestSent(Sent):
    """What somebody asks for. A second person decides."""

    kind: RequestKind
    purpose: str = Field(
        min_length=PURPOSE_CHARS_MIN,
        max_length=PURPOSE_CHARS_MAX,
        description="What for; of an extension: the review that is ongoing.",
        examples=["court case 12/26, evidence for the appeal"],
    )
    legal_basis: str = Field(
        default="", max_length=BASIS_CHARS_MAX, examples=["(EU) 2021/784 Article 6(1)(b)"]
    )
    authority: str = Field(default="", max_length=NAME_CHARS_MAX, description="Empty for your own purpose.")
    reference: str = Field(default="", max_length=NAME_CHARS_MAX, description="The authority's.")
    until: Instant | None = Field(default=None, description="Of an extension: the day that was named.")

    def draft(self) -> RequestDraft:
        """For the service."""
        return RequestDraft(
            EvidenceRequest.Kind(self.kind),
            self.purpose,
            self.legal_basis,
            self.authority,
            self.reference,
            self.until,
        )


class WordSent(Sent):
    """What the second person says."""

    reason: str = Field(default="", max_length=REASON_CHARS_MAX, description="Needed to refuse.")


class Opening(Sent):
    """Which sealed thing is opened."""

    reference: str = Field(max_length=36, examples=["5f0c2c9e-8a51-4f0e-9a3e-0d6f6a7f7c11"])


class Packing(Sent):
    """What the package is locked to. Give it to the receiver in another way than the file."""

    passphrase: str = Field(min_length=PASSPHRASE_CHARS_MIN, max_length=PASSPHRASE_CHARS_MAX)


class RequestShown(Shape):
    """A request and what became of it."""

    number: str = Field(examples=["ER-000003"])
    item: str = Field(examples=["P-000012"])
    kind: RequestKind
    state: RequestState
    purpose: str
    legal_basis: str
    authority: str
    reference: str
    until: Instant | None
    requested_by: str = Field(description="User name.")
    requested_at: Instant
    decided_by: str = Field(description="User name; empty while nobody decided.")
    decided_at: Instant | None
    reason: str
    expires_at: Instant | None = Field(description="Until when a granted access or export can be used.")

    @classmethod
    def of(cls, one: EvidenceRequest) -> "RequestShown":
        """From its row."""
        return cls(
            number=one.number,
            item=one.item.number,
            kind=cast(RequestKind, one.kind),
            state=cast(RequestState, one.state),
            purpose=one.purpose,
            legal_basis=one.legal_basis,
            authority=one.authority,
            reference=one.reference,
            until=one.until,
            requested_by=one.requested_by.username,
            requested_at=one.requested_at,
            decided_by=one.decided_by.username if one.decided_by else "",
            decided_at=one.decided_at,
            reason=one.reason,
            expires_at=one.expires_at,
        )


class RequestPage(Shape):
    """Requests, newest first."""

    items: list[RequestShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")
