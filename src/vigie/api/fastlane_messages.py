"""The shapes of the three hot endpoints, parsed and checked by msgspec at the edge.

Nothing is computed here.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from vigie.foundation import limits

# What is stored as it came; PostgreSQL keeps no U+0000, and nobody's id needs one.
_STORABLE = "^[^\\x00]*$"
Identifier = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=limits.CONTENT_ID_CHARS_MAX,
        pattern=_STORABLE,
        description="The platform's own id.",
    ),
]
Address = Annotated[
    str, Meta(max_length=limits.URL_CHARS_MAX, pattern=_STORABLE, description="An http or https address.")
]


Level = Annotated[
    Literal["plain", "robust", "verified"] | None,
    Meta(description="How edited copies are looked for, in all banks; null: as each bank is set."),
]


class Author(msgspec.Struct, frozen=True):
    """Who published the content, as the platform names them."""

    id: Identifier
    handle: Annotated[str, Meta(max_length=200, description="Kept only in sealed evidence.")] = ""


class Medium(msgspec.Struct, frozen=True):
    """A still picture: its bytes in base64, or an address to fetch it from, or signals computed elsewhere.

    In a multipart call a medium with neither stands for the part that has its id as name.
    """

    id: Identifier
    content: bytes | UnsetType = UNSET
    url: Address | UnsetType = UNSET
    signals: dict[str, str] | UnsetType = UNSET
    pdq_quality: Annotated[int, Meta(ge=0, le=100)] | UnsetType = UNSET


class ContentQuestion(msgspec.Struct, frozen=True):
    """What a platform asks before publishing. The same `id` with the same content gets the same answer."""

    id: Identifier
    kind: Annotated[
        str, Meta(min_length=1, max_length=40, pattern=_STORABLE, description="post, comment, profile, ...")
    ] = "post"
    url: Address = ""
    platform: Annotated[
        str, Meta(max_length=60, description="Only for tokens that are not one platform's.")
    ] = ""
    author: Author | None = None
    created_at: Annotated[datetime, Meta(tz=True)] | None = None
    language: Annotated[str, Meta(max_length=20, pattern=_STORABLE, description="BCP 47, if known.")] = ""
    text: Annotated[str, Meta(max_length=limits.CONTENT_TEXT_CHARS_MAX)] = ""
    links: Annotated[list[Address], Meta(max_length=limits.CONTENT_LINKS_MAX)] = []
    media: Annotated[list[Medium], Meta(max_length=limits.CONTENT_MEDIA_MAX)] = []
    level: Level = None


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """One reason for a verdict."""

    rule: str
    verdict: str
    because: str
    capped: str = ""
    bank: str = ""
    entry: str = ""
    signal: str = ""
    distance_bits: int | None = None
    type: str = ""
    media: str = ""
    edit: Annotated[
        str, Meta(description="For pdq_variant and features: what was done to the entry's picture.")
    ] = ""
    verified: Annotated[
        bool | None, Meta(description="Whether an alignment bears the match out; only where there is one.")
    ] = None
    score_percent: Annotated[
        int | None, Meta(description="How likely the medium shows the entry's picture; only where aligned.")
    ] = None


class Quarantined(msgspec.Struct, frozen=True):
    """A medium that could not be processed; it is kept sealed with the case."""

    media: str
    code: str


class Verdict(msgspec.Struct, frozen=True):
    """The answer about a content: allow, review (publish, a person looks), hold (keep hidden) or remove."""

    content: str
    verdict: str
    case: str | None
    ledger: int | None
    reasons: list[Reason]
    quarantined: list[Quarantined]
    notes: list[dict[str, Any]]


class SignalQuestion(msgspec.Struct, frozen=True, gc=False):
    """A signal to look up: its kind and its value in hexadecimal digits."""

    type: str
    value: str


class MatchQuestion(msgspec.Struct, frozen=True):
    """Signals to look up, in all banks or in those named."""

    signals: Annotated[list[SignalQuestion], Meta(min_length=1, max_length=limits.MATCH_SIGNALS_MAX)]
    banks: list[str] | None = None
    distance_bits_max: Annotated[int, Meta(ge=0, le=64)] | None = None
    level: Level = None


class FoundMatch(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry near a signal. `signal` is the position of the signal in the question, from 0.

    `edit` is there when the value is near a variant of the entry: what was done to the entry's picture.
    """

    signal: int
    bank: str
    entry: str
    distance_bits: int
    confirmed: bool
    type: str
    edit: str = ""


class MatchAnswer(msgspec.Struct, frozen=True):
    """Matches, nearest first for each signal; `outweighed` were near a harmless entry that is at least as near."""

    matches: list[FoundMatch]
    outweighed: list[FoundMatch]


class HashQuestion(msgspec.Struct, frozen=True):
    """A picture to hash, by address."""

    url: Address


class ComputedSignal(msgspec.Struct, frozen=True, omit_defaults=True):
    """A signal of a picture. `matched` is false for a PDQ hash whose quality is too low to be looked up."""

    type: str
    value: str
    quality: int | None = None
    matched: bool = True
    why: str = ""


class HashAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a picture looks like. `pdq_dihedral` only when asked for: the eight turned and mirrored hashes."""

    format: str
    width_px: int
    height_px: int
    signals: list[ComputedSignal]
    pdq_dihedral: list[str] = []
