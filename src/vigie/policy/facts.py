"""The facts that a rule may use: their names, types, units and meanings, and the objects that carry them.

It decides nothing, and holds no fact about a person but how often material of the same author was removed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from vigie.foundation.limits import CONTENT_TEXT_CHARS_MAX

TEXT_CHARS_MAX = CONTENT_TEXT_CHARS_MAX
"""Rules see at most this many characters of a text, so that a rule's time is bounded."""

CelValue = bool | int | str | Sequence[str]


class CelType(StrEnum):
    """The types that an expression in a rule can have."""

    BOOL = "bool"
    INT = "int"
    STRING = "string"
    BOOLS = "list(bool)"
    INTS = "list(int)"
    STRINGS = "list(string)"


class Root(StrEnum):
    """The names that facts hang from."""

    CONTENT = "content"
    MATCH = "match"
    MEDIUM = "medium"


@dataclass(frozen=True)
class Fact:
    """One fact of the registry; `values`, when there are any, are all that it can be."""

    root: Root
    name: str
    type: CelType
    meaning: str
    example: str
    unit: str = ""
    values: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """How a rule names it, for example `match.distance_bits`."""
        return f"{self.root}.{self.name}"


class ContentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of the content a platform asks about; counts of media and matches are taken at evaluation."""

    id: str
    kind: str
    platform: str
    language: str
    text: str
    links: tuple[str, ...]
    author_removals: int

    def as_cel(self, *, media_count: int, quarantined_count: int, match_count: int) -> dict[str, CelValue]:
        """Every `content` fact by name."""
        return {
            "id": self.id,
            "kind": self.kind,
            "platform": self.platform,
            "language": self.language,
            "text": self.text[:TEXT_CHARS_MAX],
            "text_length": len(self.text),
            "links": self.links,
            "author_removals": self.author_removals,
            "media_count": media_count,
            "quarantined_count": quarantined_count,
            "match_count": match_count,
        }


class MatchFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of one match: an entry near a signal of the content."""

    signal: str
    distance_bits: int
    edit: str = ""
    bank: str
    bank_may_remove: bool
    entry: str
    entry_confirmed: bool
    legal_type: str
    medium: str
    verified: bool = False
    score_percent: int = 0
    share_of_entry_percent: int = 0
    share_of_upload_percent: int = 0

    def as_cel(self, names: Sequence[str]) -> dict[str, CelValue]:
        """These `match` facts by name."""
        return {name: getattr(self, name) for name in names}


class MediumFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of one medium of the content, also when it could not be processed."""

    id: str
    format: str
    width_px: int
    height_px: int
    pdq_quality: int
    quarantined: bool
    quarantine_code: str

    def as_cel(self, names: Sequence[str]) -> dict[str, CelValue]:
        """These `medium` facts by name."""
        return {name: getattr(self, name) for name in names}


FACTS: tuple[Fact, ...] = (
    Fact(Root.CONTENT, "id", CelType.STRING, "The platform's own name for the content.", '"post-8731"'),
    Fact(Root.CONTENT, "kind", CelType.STRING, "What it is on its platform.", '"post"'),
    Fact(Root.CONTENT, "platform", CelType.STRING, "The platform that asks.", '"forum"'),
    Fact(
        Root.CONTENT, "language", CelType.STRING, "Language code told or found; empty when unknown.", '"ar"'
    ),
    Fact(
        Root.CONTENT,
        "text",
        CelType.STRING,
        f"The text, its first {TEXT_CHARS_MAX:,} characters; may be empty.",
        '"The heron flies."',
    ),
    Fact(
        Root.CONTENT,
        "text_length",
        CelType.INT,
        "Length of the whole text.",
        "16",
        unit="characters",
    ),
    Fact(
        Root.CONTENT,
        "links",
        CelType.STRINGS,
        "The links that the platform sent.",
        '["https://heron.example/a"]',
    ),
    Fact(Root.CONTENT, "media_count", CelType.INT, "How many media came with it.", "1"),
    Fact(Root.CONTENT, "quarantined_count", CelType.INT, "How many of them could not be processed.", "0"),
    Fact(
        Root.CONTENT,
        "author_removals",
        CelType.INT,
        "Earlier removals of material of the same author that a person decided or confirmed.",
        "2",
    ),
    Fact(Root.CONTENT, "match_count", CelType.INT, "How many matches were found.", "1"),
    Fact(
        Root.MATCH,
        "signal",
        CelType.STRING,
        "The signal by which the entry was found.",
        '"pdq"',
        values=("pdq", "pdq_variant", "features", "sha256", "md5", "text_sha256"),
    ),
    Fact(
        Root.MATCH,
        "distance_bits",
        CelType.INT,
        "Bits that differ between the two signals; 0 for a copy, always 0 for sha256, md5 and text_sha256; for features"
        " those of a usual pair of corners.",
        "12",
        unit="bits",
    ),
    Fact(
        Root.MATCH,
        "edit",
        CelType.STRING,
        "For pdq_variant and features: what was done to the entry's picture, in words; else empty.",
        '"mirrored, 12 % cut off below"',
    ),
    Fact(Root.MATCH, "bank", CelType.STRING, "Name of the bank of the entry.", '"grey-heron"'),
    Fact(
        Root.MATCH,
        "bank_may_remove",
        CelType.BOOL,
        "Whether this bank may remove automatically, so that its entries need a second person.",
        "true",
    ),
    Fact(Root.MATCH, "entry", CelType.STRING, "Public number of the entry.", '"E-000017"'),
    Fact(Root.MATCH, "entry_confirmed", CelType.BOOL, "Whether a person confirmed the entry.", "true"),
    Fact(
        Root.MATCH,
        "legal_type",
        CelType.STRING,
        "Type of terrorist content: letter of Art. 2(7) of Regulation (EU) 2021/784; empty when not told.",
        '"a"',
        values=("a", "b", "c", "d", "e", ""),
    ),
    Fact(Root.MATCH, "medium", CelType.STRING, "Id of the medium that matched; empty for text.", '"m1"'),
    Fact(
        Root.MATCH,
        "verified",
        CelType.BOOL,
        "Whether the upload was laid on the entry's picture, with a high score and enough of both shared.",
        "true",
    ),
    Fact(
        Root.MATCH,
        "score_percent",
        CelType.INT,
        "How likely the upload shows the entry's picture, by distance and alignment; 0 where it was not aligned.",
        "99",
        unit="percent",
    ),
    Fact(
        Root.MATCH,
        "share_of_entry_percent",
        CelType.INT,
        "How much of the entry's picture the upload shows; 0 where it was not aligned.",
        "88",
        unit="percent",
    ),
    Fact(
        Root.MATCH,
        "share_of_upload_percent",
        CelType.INT,
        "How much of the upload shows the entry's picture; 0 where it was not aligned.",
        "100",
        unit="percent",
    ),
    Fact(Root.MEDIUM, "id", CelType.STRING, "The platform's own name for the medium.", '"m1"'),
    Fact(
        Root.MEDIUM,
        "format",
        CelType.STRING,
        "File format found; empty when unknown.",
        '"jpeg"',
        values=("jpeg", "png", "webp", "gif", ""),
    ),
    Fact(Root.MEDIUM, "width_px", CelType.INT, "Width; 0 when unknown.", "1280", unit="pixels"),
    Fact(Root.MEDIUM, "height_px", CelType.INT, "Height; 0 when unknown.", "960", unit="pixels"),
    Fact(
        Root.MEDIUM,
        "pdq_quality",
        CelType.INT,
        "Quality of its PDQ hash, 0 to 100; 0 when there is none.",
        "100",
    ),
    Fact(Root.MEDIUM, "quarantined", CelType.BOOL, "Whether it could not be processed.", "false"),
    Fact(
        Root.MEDIUM,
        "quarantine_code",
        CelType.STRING,
        "Why it could not be processed; empty when it could.",
        '"malformed"',
    ),
)

BY_PATH: dict[str, Fact] = {fact.path: fact for fact in FACTS}


def names_under(root: Root) -> list[str]:
    """The names of all facts that hang from `root`, in the order of the registry."""
    return [fact.name for fact in FACTS if fact.root is root]
