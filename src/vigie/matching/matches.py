"""What a match is, and which matches count when harmless entries are near: pure functions over values.

Nothing here reads an index or the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from vigie.signals.alignment import FEATURES_SIGNAL, Alignment
from vigie.signals.placement import Placement, placement_of
from vigie.signals.variants import VARIANT_SIGNAL, WHOLE, Variant, in_words

CountsFor = Literal["robust banks", "all banks"]
_OF_PARTS = frozenset({VARIANT_SIGNAL, FEATURES_SIGNAL})
FOUND_BY_LOOKBACK = "An upload from before the entry was banked is near it. The content itself was not kept."


class Query(msgspec.Struct, frozen=True):
    """A signal to look up. `medium` is the id of the medium it comes from, empty for text.

    `variant` says which part of the medium was hashed, where `type` is that of variants; `counts_for` which banks
    what it finds counts for.
    """

    type: str
    value: bytes
    medium: str = ""
    variant: Variant = WHOLE
    counts_for: CountsFor = "all banks"


@dataclass(frozen=True, slots=True)
class QueryBatch:
    """Signals of one kind to look up, side by side: a thousand of them are no thousand objects.

    `values` holds as many bytes for each as the kind has; `places` says where each stands among all that were asked;
    `counts_for` is that of each query.
    """

    type: str
    values: bytes
    places: Sequence[int]
    counts_for: CountsFor = "all banks"

    def query(self, at: int) -> Query:
        """The signal number `at` of this batch, from 0; its place among all stands in `medium`."""
        size = len(self.values) // len(self.places)
        value = self.values[at * size : (at + 1) * size]
        return Query(self.type, value, str(self.places[at]), counts_for=self.counts_for)


@dataclass(frozen=True, slots=True)
class Match:
    """An entry near a signal. `distance_bits` is 0 for exact kinds.

    `variant` is the part of the entry's picture that matched; it says more only where the query's type is that of
    variants. `alignment` and `score` are there where the pictures could be aligned.
    """

    query: Query
    entry_id: int
    entry: str
    bank: str
    bank_may_remove: bool
    bank_level: str
    kind: str
    confirmed: bool
    legal_type: str
    distance_bits: int
    variant: Variant = WHOLE
    alignment: Alignment | None = None
    score: float | None = None

    @property
    def edit(self) -> str:
        """What was done to the entry's picture, in words; empty for a match of whole with whole."""
        if self.query.type == FEATURES_SIGNAL:
            return "" if self.alignment is None else self.alignment.edit
        return in_words(self.query.variant, self.variant) if self.query.type == VARIANT_SIGNAL else ""

    @property
    def score_percent(self) -> int:
        """The score from 0 to 99, rounded down; nothing is certain."""
        return min(99, int(100 * (self.score or 0.0)))

    def has_score_of(self, percent_min: int) -> bool:
        """Whether the pictures were aligned, and the score is so high."""
        return self.alignment is not None and self.score_percent >= percent_min

    def is_verified(self, *, score_percent_min: int, share_percent_min: int) -> bool:
        """Whether an alignment bears the match out: a high score, and enough of both pictures shared."""
        if self.alignment is None or not self.has_score_of(score_percent_min):
            return False
        least = min(self.alignment.share_of_entry, self.alignment.share_of_upload)
        return 100 * least >= share_percent_min

    def placement(self, *, aspect: float) -> Placement | None:
        """By the variant, where the entry lies in the stored pixels of an upload of this width over height.

        None where whole matches whole, and where features alone say it.
        """
        if self.query.type != VARIANT_SIGNAL:
            return None
        return placement_of(self.query.variant, self.variant, aspect=aspect)


@dataclass(frozen=True, slots=True)
class LookedUp:
    """`found` counts; `suppressed` was near a harmless entry that is at least as near."""

    found: tuple[Match, ...]
    suppressed: tuple[Match, ...]


def weigh_harmless(matches: Sequence[Match]) -> LookedUp:
    """Set aside each known match for which a harmless entry is as near or nearer to the same medium (or text).

    A harmless entry that is identical by file outweighs everything about that medium. One that no second person
    confirmed sets nothing aside, but what it outweighs counts as unconfirmed: nothing is removed without a person,
    and nothing is let through on one person's word. A variant is outweighed by what is like the whole medium, and
    outweighs nothing: a harmless picture may show a known one.
    """
    matches = [one for one in matches if one.kind != "harmless" or one.query.type not in _OF_PARTS]
    confirmed = _Harmless([one for one in matches if one.kind == "harmless" and one.confirmed])
    anyone = _Harmless([one for one in matches if one.kind == "harmless"])
    found, suppressed = [], []
    for one in matches:
        if one.kind == "harmless":
            continue
        if confirmed.outweighs(one):
            suppressed.append(one)
        elif anyone.outweighs(one):
            found.append(replace(one, confirmed=False))
        else:
            found.append(one)
    return LookedUp(tuple(found), tuple(suppressed))


class _Harmless:
    """The nearest harmless entry of each signal, and the media that are identical to one."""

    def __init__(self, matches: Sequence[Match]) -> None:
        self._nearest: dict[tuple[str, str], int] = {}
        self._identical = {one.query.medium for one in matches if one.query.type in ("sha256", "md5")}
        for one in matches:
            key = (one.query.medium, one.query.type)
            self._nearest[key] = min(one.distance_bits, self._nearest.get(key, one.distance_bits))

    def outweighs(self, one: Match) -> bool:
        """Whether a harmless entry is at least as near as this match."""
        if one.query.type != "text_sha256" and one.query.medium in self._identical:
            return True
        kind = "pdq" if one.query.type in _OF_PARTS else one.query.type
        nearest = self._nearest.get((one.query.medium, kind))
        return nearest is not None and nearest <= one.distance_bits
