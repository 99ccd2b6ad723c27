"""The shapes of entries on the wire.

They hold no rule; `entries` calls the services.
"""

from typing import Annotated, Any, Literal, cast

from ninja import Field
from pydantic import StringConstraints, model_validator

from vigie.api.shapes import ActorText, EntryNumber, GivenInstant, Instant, Sent, Shape
from vigie.banks.models import Entry
from vigie.flows.missed import Missed
from vigie.foundation.clock import now
from vigie.foundation.limits import CONTENT_TEXT_CHARS_MAX, NOTE_CHARS_MAX, URL_CHARS_MAX
from vigie.signals.types import ALL as SIGNAL_TYPES

Kind = Literal["known", "harmless"]
LegalType = Literal["", "a", "b", "c", "d", "e"]
State = Literal["matching", "disabled", "expired", "removed", "bank_off"]

_LEGAL_TYPE = "Letter of Article 2(7) of Regulation (EU) 2021/784; empty when not told."


class SignalShown(Shape):
    """One signal of an entry."""

    type: str = Field(examples=["pdq"])
    value: str = Field(
        description="Lower-case hexadecimal.",
        examples=["f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"],
    )
    quality: int | None = Field(description="0 to 100, for PDQ where it is known.", examples=[100])


class EntryShown(Shape):
    """Something known."""

    number: EntryNumber
    bank: str = Field(examples=["grey-heron"])
    kind: Kind = Field(description="`harmless`: what is near it does not match.")
    state: State = Field(description="Whether it matches now, and if not, why.")
    legal_type: str = Field(description=_LEGAL_TYPE, examples=["a"])
    note: str
    source: str = Field(description="Who gave it, or where it was found.", examples=["own moderators"])
    source_reference: str
    obtained_at: Instant | None
    added_at: Instant
    added_by: ActorText
    confirmed: bool = Field(description="Whether a person confirmed it as this bank asks.")
    confirmed_at: Instant | None
    confirmed_by: str = Field(examples=["person:12"])
    disabled_until: Instant | None
    expires_at: Instant | None
    removed_at: Instant | None
    has_preview: bool
    picture: str = Field(description="Reference of the sealed picture; empty without one.")
    text: str = Field(description="Reference of the sealed text; empty without one.")
    signals: list[SignalShown]

    @classmethod
    def of(cls, entry: Entry) -> "EntryShown":
        """The entry as it is shown."""
        return cls(
            number=entry.number,
            bank=entry.bank.name,
            kind="harmless" if entry.kind == Entry.Kind.HARMLESS else "known",
            state=_state(entry),
            legal_type=entry.legal_type,
            note=entry.note,
            source=entry.source,
            source_reference=entry.source_reference,
            obtained_at=entry.obtained_at,
            added_at=entry.added_at,
            added_by=entry.added_by,
            confirmed=entry.confirmed,
            confirmed_at=entry.confirmed_at,
            confirmed_by=entry.confirmed_by,
            disabled_until=entry.disabled_until,
            expires_at=entry.expires_at,
            removed_at=entry.removed_at,
            has_preview=bool(entry.preview),
            picture=entry.picture,
            text=entry.text,
            signals=[
                SignalShown(
                    type=one.type, value=SIGNAL_TYPES[one.type].write(bytes(one.value)), quality=one.quality
                )
                for one in sorted(entry.signals.all(), key=lambda one: one.pk)
            ],
        )


class NearnessShown(Shape):
    """The nearest that a picture comes to an entry."""

    distance_bits: int | None = Field(
        description="Null where one side has nothing good enough to compare.", examples=[12]
    )
    edit: str = Field(
        description="What the nearest pair says was done to the entry's picture.", examples=["mirrored"]
    )


class AlignmentFound(Shape):
    """What laying the picture on the entry's says."""

    score: float = Field(description="How likely it shows the entry's picture, 0 to 1.", examples=[0.998])
    inliers: int = Field(description="Corners of both pictures under one map.", examples=[214])
    share_of_entry: float = Field(description="How much of the entry it shows.", examples=[0.81])
    share_of_upload: float = Field(description="How much of it shows the entry.", examples=[1.0])
    placement: list[float] = Field(
        description="Nine numbers, row by row: the map from the entry's picture to this one, in shares of both."
    )
    edit: str = Field(examples=["mirrored, 19 % of the entry's picture cut off"])

    @classmethod
    def of(cls, missed: Missed) -> "AlignmentFound":
        """The alignment as it is shown."""
        alignment = missed.alignment
        assert alignment is not None, "is only shown where there is one"
        return cls(
            score=round(missed.score or 0.0, 4),
            inliers=alignment.inliers,
            share_of_entry=round(alignment.share_of_entry, 4),
            share_of_upload=round(alignment.share_of_upload, 4),
            placement=alignment.placement.write(),
            edit=alignment.edit,
        )


class MissedShown(Shape):
    """How near a picture comes to an entry, and at which level it is found."""

    entry: EntryNumber
    bank_level: Literal["plain", "robust", "verified"]
    whole: NearnessShown = Field(description="Of the whole pictures.")
    variant: NearnessShown = Field(description="Of parts and turns too.")
    alignment: AlignmentFound | None = Field(
        description="Null where the entry has no features, or too few corners agree."
    )
    found_by: Literal["plain", "robust", "verified", "none"]
    advice: str = Field(examples=["This bank is at level plain. Set it to level robust."])

    @classmethod
    def of(cls, missed: Missed) -> "MissedShown":
        """The comparison as it is shown."""
        return cls(
            entry=missed.entry,
            bank_level=cast(Any, missed.bank_level),
            whole=NearnessShown(distance_bits=missed.whole.distance_bits, edit=""),
            variant=NearnessShown(distance_bits=missed.variant.distance_bits, edit=missed.variant.edit),
            alignment=None if missed.alignment is None else AlignmentFound.of(missed),
            found_by=missed.found_by,
            advice=str(missed.advice),
        )


class EntryPage(Shape):
    """Entries, newest first."""

    items: list[EntryShown]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class EntryAdded(Shape):
    """An entry that was added, or was there already (status 200)."""

    entry: EntryShown
    pdq_quality: int | None = Field(
        description="Quality of the picture's PDQ hash, 0 to 100.", examples=[100]
    )
    pdq_banked: bool = Field(description="False when the quality is too low for the hash to mean anything.")


class EntryAbout(Sent):
    """What is said of a new entry beside its signals."""

    source: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(
        min_length=1,
        max_length=200,
        description="Who gave it, or where it was found.",
        examples=["own moderators"],
    )
    source_reference: str = Field(default="", max_length=500, examples=["ticket 4711"])
    obtained_at: GivenInstant | None = None
    kind: Kind = "known"
    legal_type: LegalType = Field(default="", description=_LEGAL_TYPE, examples=["a"])
    note: str = Field(default="", max_length=NOTE_CHARS_MAX)
    expires_at: GivenInstant | None = None


class GivenSignal(Sent):
    """A signal to bank."""

    type: str = Field(max_length=20, description="pdq, sha256, md5 or text_sha256.", examples=["pdq"])
    value: str = Field(
        max_length=64,
        description="Hexadecimal.",
        examples=["f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"],
    )
    quality: int | None = Field(default=None, ge=0, le=100, description="For PDQ, where it is known.")


class EntryToAdd(EntryAbout):
    """A new entry: from signals that somebody computed, from the picture at an address, or from a text."""

    signals: list[GivenSignal] | None = Field(default=None, min_length=1, max_length=100)
    url: str | None = Field(
        default=None, min_length=1, max_length=URL_CHARS_MAX, examples=["https://forum.example/media/1.jpeg"]
    )
    text: str | None = Field(default=None, min_length=1, max_length=CONTENT_TEXT_CHARS_MAX)

    @model_validator(mode="after")
    def _is_one_of(self) -> "EntryToAdd":
        if sum(one is not None for one in (self.signals, self.url, self.text)) != 1:
            raise ValueError("give exactly one of signals, url and text")
        return self


class EntryChanges(Sent):
    """What to change; what is left out stays, null ends a pause or an expiry."""

    note: str | None = Field(default=None, max_length=NOTE_CHARS_MAX)
    legal_type: LegalType | None = Field(default=None, description=_LEGAL_TYPE)
    disabled_until: GivenInstant | None = Field(default=None, description="It does not match before.")
    expires_at: GivenInstant | None = Field(default=None, description="It does not match from then on.")


class EntryRemoval(Sent):
    """Why an entry is removed."""

    reason: str = Field(min_length=3, max_length=NOTE_CHARS_MAX, examples=["banked by mistake"])


def _state(entry: Entry) -> State:
    at = now()
    if entry.removed_at is not None:
        return "removed"
    if entry.expires_at is not None and entry.expires_at <= at:
        return "expired"
    if entry.disabled_until is not None and entry.disabled_until > at:
        return "disabled"
    return "matching" if entry.bank.matching else "bank_off"
