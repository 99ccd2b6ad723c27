"""Look-ups: search the index in memory and, only when something is near, read from the database what it is.

It opens no case and writes nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from vigie.banks.models import Bank, Entry, EntrySignal, EntryVariant
from vigie.foundation.limits import MATCHES_PER_SIGNAL_MAX
from vigie.foundation.settings import Settings
from vigie.matching.index import MatchIndex
from vigie.matching.matches import LookedUp, Match, Query, weigh_harmless
from vigie.signals.variants import VARIANT_SIGNAL, WHOLE, Variant


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


class Hit(NamedTuple):
    """What the index found: the number of a banked signal, or of a variant if `index_name` is that of variants."""

    query: Query
    index_name: str
    pk: int
    distance_bits: int


def near(index: MatchIndex, queries: Sequence[Query], *, radii: Radii) -> list[Hit]:
    """What is near, from memory alone, in the order of the queries.

    At most `MATCHES_PER_SIGNAL_MAX` a query and index, the nearest. A variant of an upload is looked up among
    variants of entries and among their hashes.
    """
    hits: list[Hit] = []
    by_type: dict[str, list[Query]] = {}
    for query in queries:
        by_type.setdefault(query.type, []).append(query)
    for type_name, group in by_type.items():
        is_variant = type_name == VARIANT_SIGNAL
        radius = radii.variant_distance_bits_max if is_variant else radii.distance_bits_max
        for index_name in (VARIANT_SIGNAL, "pdq") if is_variant else (type_name,):
            results = index.search_many(
                index_name, [query.value for query in group], distance_bits_max=radius
            )
            for query, found in zip(group, results, strict=True):
                nearest = found[:MATCHES_PER_SIGNAL_MAX]
                hits.extend(Hit(query, index_name, pk, distance) for pk, distance in nearest)
    return hits


def explain(hits: Sequence[Hit], *, at: datetime, banks: frozenset[str] | None = None) -> LookedUp:
    """What the hits are: one match a query and entry, the nearest signal of each, those that may match at `at`.

    Of an entry's variants only the nearest counts for a medium, and only where the entry's bank is at level robust
    or the query counts for all; where the whole pictures match, variants add nothing. `banks` restricts to banks of
    these names.
    """
    known = _Known(hits, at=at, banks=banks)
    best: dict[tuple[str, str, Query | None, int], Match] = {}
    for hit in hits:
        found = known.of(hit)
        if found is None:
            continue
        entry, variant = found
        # Signals of an answer are told apart by query, the variants of a medium are one question.
        query = None if hit.query.type == VARIANT_SIGNAL else hit.query
        key = (hit.query.type, hit.query.medium, query, entry.pk)
        if key in best and best[key].distance_bits <= hit.distance_bits:
            continue
        best[key] = _match(hit, entry, variant)
    whole = {(one.query.medium, one.entry_id) for one in best.values() if one.query.type == "pdq"}
    matches = [
        one
        for one in best.values()
        if one.query.type != VARIANT_SIGNAL or (one.query.medium, one.entry_id) not in whole
    ]
    return weigh_harmless(sorted(matches, key=lambda one: (one.distance_bits, one.entry_id)))


class _Known:
    """The banked signals and variants of some hits, read once, those that may match."""

    def __init__(self, hits: Sequence[Hit], *, at: datetime, banks: frozenset[str] | None) -> None:
        self._at = at
        self._banks = banks
        of_signals = {hit.pk for hit in hits if hit.index_name != VARIANT_SIGNAL}
        of_variants = {hit.pk for hit in hits if hit.index_name == VARIANT_SIGNAL}
        self._signals = {
            row.pk: row.entry
            for row in EntrySignal.objects.filter(pk__in=of_signals).select_related("entry__bank")
            if self._may_match(row.entry)
        }
        self._variants = {
            row.pk: row
            for row in EntryVariant.objects.filter(pk__in=of_variants).select_related("entry__bank")
            if self._may_match(row.entry)
        }

    def of(self, hit: Hit) -> tuple[Entry, Variant] | None:
        """The entry, and the part of its picture; None where the hit does not count."""
        if hit.index_name == VARIANT_SIGNAL:
            row = self._variants.get(hit.pk)
            found = None if row is None else (row.entry, Variant.parse(row.variant))
        else:
            entry = self._signals.get(hit.pk)
            found = None if entry is None else (entry, WHOLE)
        if found is None or hit.query.counts_for == "all banks":
            return found
        return found if found[0].bank.level == Bank.Level.ROBUST else None

    def _may_match(self, entry: Entry) -> bool:
        return entry.matches_at(self._at) and (self._banks is None or entry.bank.name in self._banks)


def _match(hit: Hit, entry: Entry, variant: Variant) -> Match:
    return Match(
        query=hit.query,
        entry_id=entry.pk,
        entry=entry.number,
        bank=entry.bank.name,
        bank_may_remove=entry.bank.may_remove,
        kind=entry.kind,
        confirmed=entry.confirmed,
        legal_type=entry.legal_type,
        distance_bits=hit.distance_bits,
        variant=variant,
    )
