"""Look-ups: search the index in memory and, only when something is near, read from the database what it is.

It opens no case and writes nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from vigie.banks.models import EntrySignal
from vigie.foundation.limits import MATCHES_PER_SIGNAL_MAX
from vigie.matching.index import MatchIndex
from vigie.matching.matches import LookedUp, Match, Query, QueryBatch, weigh_harmless

Hit = tuple[Query, int, int]


def near(
    index: MatchIndex,
    queries: Sequence[Query],
    *,
    distance_bits_max: int,
    banks: frozenset[str] | None = None,
) -> list[Hit]:
    """(query, id of the banked signal, distance in bits), from memory alone, in the order of the queries.

    At most `MATCHES_PER_SIGNAL_MAX` a query, the nearest. `banks` restricts to banks of these names.
    """
    hits: list[Hit] = []
    by_type: dict[str, list[Query]] = {}
    for query in queries:
        by_type.setdefault(query.type, []).append(query)
    for type_name, group in by_type.items():
        values = b"".join(query.value for query in group)
        found = _search(index, type_name, values, distance_bits_max=distance_bits_max, banks=banks)
        hits.extend((group[at], pk, distance) for at, pk, distance in found)
    return hits


def near_batches(
    index: MatchIndex,
    batches: Sequence[QueryBatch],
    *,
    distance_bits_max: int,
    banks: frozenset[str] | None = None,
) -> list[Hit]:
    """As `near`, for signals that stand side by side; a query becomes an object only when something is near it."""
    hits: list[Hit] = []
    for batch in batches:
        found = _search(index, batch.type, batch.values, distance_bits_max=distance_bits_max, banks=banks)
        queries = {at: batch.query(at) for at, _, _ in found}
        hits.extend((queries[at], pk, distance) for at, pk, distance in found)
    return hits


def _search(
    index: MatchIndex,
    type_name: str,
    values: bytes,
    *,
    distance_bits_max: int,
    banks: frozenset[str] | None,
) -> list[tuple[int, int, int]]:
    return index.search(
        type_name,
        values,
        distance_bits_max=distance_bits_max,
        limit=MATCHES_PER_SIGNAL_MAX,
        banks=banks,
    )


def explain(hits: Sequence[Hit], *, at: datetime, banks: frozenset[str] | None = None) -> LookedUp:
    """What the hits are: one match a query and entry, the nearest signal of each, those that may match at `at`.

    `banks` restricts to banks of these names.
    """
    ids = {pk for _, pk, _ in hits}
    rows = {
        row.pk: row
        for row in EntrySignal.objects.filter(pk__in=ids).select_related("entry__bank")
        if row.entry.matches_at(at) and (banks is None or row.entry.bank.name in banks)
    }
    best: dict[tuple[Query, int], Match] = {}
    for query, pk, distance in hits:
        row = rows.get(pk)
        if row is None:
            continue
        key = (query, row.entry_id)
        if key in best and best[key].distance_bits <= distance:
            continue
        entry = row.entry
        best[key] = Match(
            query=query,
            entry_id=entry.pk,
            entry=entry.number,
            bank=entry.bank.name,
            bank_may_remove=entry.bank.may_remove,
            kind=entry.kind,
            confirmed=entry.confirmed,
            legal_type=entry.legal_type,
            distance_bits=distance,
        )
    return weigh_harmless(sorted(best.values(), key=lambda one: (one.distance_bits, one.entry_id)))
