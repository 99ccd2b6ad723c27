"""Look-ups: search the index in memory and, only when something is near, find out what it is.

It opens no case and writes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from vigie.banks.models import Bank
from vigie.foundation.limits import MATCHES_PER_SIGNAL_MAX
from vigie.foundation.settings import Settings
from vigie.matching.index import MatchIndex
from vigie.matching.matches import CountsFor, LookedUp, Match, Query, QueryBatch, weigh_harmless
from vigie.matching.standing import Banked, EntryStanding, Place, read_banked
from vigie.signals.alignment import FEATURES_SIGNAL
from vigie.signals.variants import MIRRORED, VARIANT_SIGNAL, WHOLE, Variant

if TYPE_CHECKING:
    from vigie.signals.aligning import Alignable

_LEVELS = {
    VARIANT_SIGNAL: (Bank.Level.ROBUST, Bank.Level.VERIFIED),
    FEATURES_SIGNAL: (Bank.Level.VERIFIED,),
}
"""The levels at which an entry's bank lets such a match count."""

_UNALIGNED_BITS = 64
"""The distance of what corners propose, until it is aligned: any harmless entry near the whole outweighs it."""


class Radii(NamedTuple):
    """How far apart two values may be to match, in bits: hashes of whole pictures, and variants."""

    distance_bits_max: int
    variant_distance_bits_max: int

    @classmethod
    def from_settings(cls, settings: Settings) -> "Radii":
        """The operator's radii."""
        return cls(settings.match_distance_bits_max, settings.variant_distance_bits_max)

    def asked(self, distance_bits_max: int | None) -> "Radii":
        """With another radius, which narrows that of variants and never widens it."""
        if distance_bits_max is None:
            return self
        return Radii(distance_bits_max, min(distance_bits_max, self.variant_distance_bits_max))

    def of(self, type_name: str) -> int:
        """The radius of look-ups of this kind, in bits."""
        return self.variant_distance_bits_max if type_name == VARIANT_SIGNAL else self.distance_bits_max


class Hit(NamedTuple):
    """What the index found: the number of a banked signal, or of a variant if `index_name` is that of variants.

    If it is that of features, `pk` is the number of an entry that has corners in common with the medium, and the
    distance says nothing before they are aligned.
    """

    query: Query
    index_name: str
    pk: int
    distance_bits: int

    @property
    def place(self) -> Place:
        """Where it lies."""
        return self.index_name, self.pk


def near(
    index: MatchIndex, queries: Sequence[Query], *, radii: Radii, banks: frozenset[str] | None = None
) -> list[Hit]:
    """What is near, from memory alone, by kind and in the order of the queries.

    At most `MATCHES_PER_SIGNAL_MAX` a query and index, the nearest that count. A variant of an upload is looked up
    among variants of entries and among their hashes. `banks` restricts to banks of these names.
    """
    hits: list[Hit] = []
    groups: dict[tuple[str, CountsFor], list[Query]] = {}
    for query in queries:
        groups.setdefault((query.type, query.counts_for), []).append(query)
    for (type_name, counts_for), group in groups.items():
        values = b"".join([query.value for query in group])
        among = _among(index, counts_for, banks)
        for index_name, found in _search(index, type_name, values, radii=radii, banks=among):
            hits.extend(Hit(group[at], index_name, pk, distance) for at, pk, distance in found)
    return hits


def near_batches(
    index: MatchIndex, batches: Sequence[QueryBatch], *, radii: Radii, banks: frozenset[str] | None = None
) -> list[Hit]:
    """As `near`, for signals that stand side by side; a query becomes an object only when something is near it."""
    hits: list[Hit] = []
    for batch in batches:
        among = _among(index, batch.counts_for, banks)
        for index_name, found in _search(index, batch.type, batch.values, radii=radii, banks=among):
            queries = {at: batch.query(at) for at, _, _ in found}
            hits.extend(Hit(queries[at], index_name, pk, distance) for at, pk, distance in found)
    return hits


def _among(index: MatchIndex, counts_for: CountsFor, banks: frozenset[str] | None) -> frozenset[str] | None:
    """The banks to search: those that do not count would take the places of those that do."""
    if counts_for == "all banks":
        return banks
    return index.robust_banks if banks is None else index.robust_banks & banks


def _search(
    index: MatchIndex, type_name: str, values: bytes, *, radii: Radii, banks: frozenset[str] | None
) -> list[tuple[str, list[tuple[int, int, int]]]]:
    """(name of the index, what it found) for each index that values of this kind are looked up in."""
    distance = radii.of(type_name)
    return [
        (
            name,
            index.search(name, values, distance_bits_max=distance, limit=MATCHES_PER_SIGNAL_MAX, banks=banks),
        )
        for name in ((VARIANT_SIGNAL, "pdq") if type_name == VARIANT_SIGNAL else (type_name,))
    ]


def propose(index: MatchIndex, upload: "Alignable", *, medium: str, counts_for: CountsFor) -> list[Hit]:
    """Entries that have corners in common with a medium, from memory alone: to be aligned before they count."""
    return [
        Hit(
            Query(FEATURES_SIGNAL, b"", medium, MIRRORED if one.is_mirrored else WHOLE, counts_for),
            FEATURES_SIGNAL,
            one.entry_id,
            _UNALIGNED_BITS,
        )
        for one in index.propose(upload.corners)
    ]


def explain(
    hits: Sequence[Hit],
    *,
    at: datetime,
    banks: frozenset[str] | None = None,
    banked: Mapping[Place, Banked] | None = None,
) -> LookedUp:
    """What the hits are: one match a query and entry, the nearest signal of each, those that may match at `at`.

    Of an entry's variants only the nearest counts for a medium, and only where the entry's bank is at such a level
    or the query counts for all; where the whole pictures match, variants add nothing. `banks` restricts to banks of
    these names; `banked` is what lies where the hits are, None to read it from the database.
    """
    if banked is None:
        banked = read_banked({hit.place for hit in hits})
    best: dict[tuple[str, str, Query | None, int], Match] = {}
    for hit in hits:
        found = banked.get(hit.place)
        if found is None or not _counts(hit, found.entry, at=at, banks=banks):
            continue
        # Signals of an answer are told apart by query, the variants of a medium are one question.
        query = None if hit.query.type == VARIANT_SIGNAL else hit.query
        key = (hit.query.type, hit.query.medium, query, found.entry.id)
        if key in best and best[key].distance_bits <= hit.distance_bits:
            continue
        best[key] = _match(hit, found.entry, found.variant)
    whole = {(one.query.medium, one.entry_id) for one in best.values() if one.query.type == "pdq"}
    matches = [
        one
        for one in best.values()
        if one.query.type != VARIANT_SIGNAL or (one.query.medium, one.entry_id) not in whole
    ]
    return weigh_harmless(sorted(matches, key=lambda one: (one.distance_bits, one.entry_id)))


def _counts(hit: Hit, entry: EntryStanding, *, at: datetime, banks: frozenset[str] | None) -> bool:
    if not entry.matches_at(at) or (banks is not None and entry.bank not in banks):
        return False
    return hit.query.counts_for == "all banks" or entry.bank_level in _LEVELS[hit.query.type]


def _match(hit: Hit, entry: EntryStanding, variant: Variant) -> Match:
    return Match(
        query=hit.query,
        entry_id=entry.id,
        entry=entry.number,
        bank=entry.bank,
        bank_may_remove=entry.bank_may_remove,
        bank_level=entry.bank_level,
        kind=entry.kind,
        confirmed=entry.confirmed,
        legal_type=entry.legal_type,
        distance_bits=hit.distance_bits,
        variant=variant,
    )
