"""The index of one process: it follows the ledger, so that a change anywhere is found here within a second.

It holds values and numbers, and of entries the standing of those met lately; the database holds the rest.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F, QuerySet, Value
from vigie_kernel import CornerWords, HammingIndex

from vigie.banks.events import BANK_EVENTS, ENTRY_EVENTS, STANDING_EVENTS
from vigie.banks.models import Bank, EntryFeatures, EntrySignal, EntryVariant
from vigie.foundation.settings import current
from vigie.ledger import service as ledger
from vigie.matching import snapshots
from vigie.matching.standing import Standings
from vigie.signals.types import ALL as SIGNAL_TYPES
from vigie.signals.types import PDQ
from vigie.signals.variants import VARIANT_SIGNAL

if TYPE_CHECKING:
    from vigie.matching.feature_index import FeatureIndex, Proposed

_log = logging.getLogger(__name__)

_ROWS_AT_ONCE = 50_000
_MERGE_THREADS = 2
_CHANGES_A_SNAPSHOT = 64
"""A snapshot is due when one in so many signals has changed: reading the rest from the ledger takes a moment only."""

_KINDS = {**SIGNAL_TYPES, VARIANT_SIGNAL: PDQ}
"""The kind of the values in each index: variants are PDQ hashes too."""

_FOLLOWED = (*ENTRY_EVENTS, *BANK_EVENTS, *STANDING_EVENTS)

_RADII = {name: kind.distance_bits_max for name, kind in _KINDS.items()}
_Indexes = dict[str, HammingIndex]
_Table = QuerySet[EntrySignal] | QuerySet[EntryVariant]


@dataclass(frozen=True, slots=True)
class _Stored:
    """A banked signal or variant as the index needs it. `type` is the name of the index that holds it."""

    pk: int
    type: str
    value: bytes
    bank: int


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far the index has read, how much it holds, and how it came up.

    `pending` are signals that came since the last merge; `mapped` says that all others are shared with the other
    processes.
    """

    cursor: int
    sizes: dict[str, int]
    origin: str
    bytes: int
    pending: int
    mapped: bool


class MatchIndex:
    """Signals of all entries that were not removed, one kernel index a kind of signal, and one of variants."""

    def __init__(self) -> None:
        self.standings = Standings()
        self._indexes = _empty()
        self._banks: dict[str, int] = {}
        self._robust_banks: frozenset[str] = frozenset()
        self._verified_banks: frozenset[str] = frozenset()
        self._features: FeatureIndex | None = None
        self._folder: Path | None = None
        self._cursor = 0
        self._snapshot_cursor = -1
        self._changes = 0
        self._origin = "empty"
        self._lock = threading.Lock()
        self._tending = threading.Lock()

    @property
    def state(self) -> IndexState:
        """A description of the index as it is now."""
        indexes = self._indexes
        return IndexState(
            cursor=self._cursor,
            sizes={name: len(one) for name, one in indexes.items()},
            origin=self._origin,
            bytes=sum(one.bytes_held for one in indexes.values()),
            pending=sum(one.pending for one in indexes.values()),
            mapped=all(one.is_mapped for one in indexes.values()),
        )

    @property
    def is_robust(self) -> bool:
        """Whether any bank asks for edited copies to be looked for."""
        return bool(self._robust_banks)

    @property
    def robust_banks(self) -> frozenset[str]:
        """The names of those that ask for it, at level robust or verified."""
        return self._robust_banks

    @property
    def is_verified(self) -> bool:
        """Whether any bank asks for edited copies to be verified."""
        return bool(self._verified_banks)

    @property
    def has_features(self) -> bool:
        """Whether any entry can be found by features."""
        return self._features is not None and len(self._features) > 0

    def propose(self, corners: CornerWords) -> "list[Proposed]":
        """At most three entries that have most corners in common with a picture."""
        index = self._features
        return [] if index is None else index.propose(corners)

    @property
    def is_snapshot_due(self) -> bool:
        """Whether so much changed since the last snapshot that coming up from it would take long."""
        size = sum(len(one) for one in self._indexes.values())
        return self._snapshot_cursor < 0 or 0 < self._changes >= size // _CHANGES_A_SNAPSHOT

    @property
    def is_mostly_new(self) -> bool:
        """Whether at least half of it is in no snapshot."""
        size = sum(len(one) for one in self._indexes.values())
        return self._snapshot_cursor < 0 or self._changes >= size / 2

    def search(
        self,
        type_name: str,
        values: bytes,
        *,
        distance_bits_max: int,
        limit: int,
        banks: frozenset[str] | None,
    ) -> list[tuple[int, int, int]]:
        """(position of the value, id of the entry's signal or variant, distance in bits) for what is within the radius.

        `values` stand side by side. By position, then nearest first; the nearest `limit` of each. `banks` restricts
        to banks of these names.
        """
        kind = _KINDS[type_name]
        numbers = None
        if banks is not None:
            known = self._banks
            numbers = [known[name] for name in banks if name in known]
        return self._indexes[type_name].search_flat(
            kind.codes(values),
            distance_bits_max=min(distance_bits_max, kind.distance_bits_max),
            limit=limit,
            banks=numbers,
        )

    def start(self, folder: Path) -> None:
        """Come up from the newest good snapshot in `folder`, else from the database; then catch up."""
        with self._lock:
            self._folder = folder
            self._read_banks()
            found = snapshots.newest(folder, _RADII)
            if found.loaded is None:
                self._rebuild("rebuilt: " + found.refused if found.refused else "rebuilt")
            else:
                self._indexes, self._cursor = found.loaded.indexes, found.loaded.cursor
                self._snapshot_cursor = found.loaded.cursor
                self._origin = "snapshot"
                self._change_features(EntryFeatures.objects.filter(entry__removed_at=None))
        self.catch_up()

    def catch_up(self) -> int:
        """Apply every change since the last call; returns how many ledger entries were read."""
        with self._lock:
            through = ledger.head_seq()
            if through < self._cursor:
                # The database was put back to an earlier state: what was learnt since is not there any more.
                self._rebuild(self._origin)
                self._read_banks()
                return 0
            read = self._follow(self._indexes, self._cursor, through)
            self._cursor = through
        if any(one.is_merge_due for one in self._indexes.values()):
            self._tend_in_background()
        return read

    def tend(self) -> None:
        """Put new signals where they are found fastest: by mapping a newer snapshot, and by merging what is not in it.

        Searches and changes go on meanwhile; a second call at the same time does nothing.
        """
        if not self._tending.acquire(blocking=False):
            return
        try:
            self._adopt_newer()
            for one in self._indexes.values():
                while one.is_merge_due and one.merge(threads=_MERGE_THREADS):
                    pass
        finally:
            self._tending.release()

    def write_snapshot(self, folder: Path) -> None:
        """Write the index to `folder`, whole or not at all, drop older snapshots, and use the one that was written."""
        with self._lock:
            for one in self._indexes.values():
                one.merge(threads=_MERGE_THREADS)
            target = snapshots.write(folder, self._indexes, cursor=self._cursor)
            if target is None:
                return
            found = snapshots.newest(folder, _RADII, after=self._cursor - 1)
            if found.loaded is not None and found.loaded.cursor == self._cursor:
                self._indexes = found.loaded.indexes
            self._snapshot_cursor = self._cursor
            self._changes = 0

    def _tend_in_background(self) -> None:
        def work() -> None:
            try:
                self.tend()
            except Exception:  # noqa: BLE001 - searching goes on, only slower; the next change tries again
                _log.exception("cannot merge the index", extra={"action": "merge_index"})
            finally:
                connection.close()

        if not self._tending.locked():
            threading.Thread(target=work, name="merge-index", daemon=True).start()

    def _adopt_newer(self) -> None:
        """Use a newer snapshot, if another process wrote one, with what came since."""
        if self._folder is None:
            return
        loaded = snapshots.newest(self._folder, _RADII, after=self._snapshot_cursor).loaded
        if loaded is None:
            return
        with self._lock:
            if loaded.cursor > self._cursor:
                return  # this process will get there, and then look again
            self._changes = 0
            self._follow(loaded.indexes, loaded.cursor, self._cursor)
            self._indexes, self._snapshot_cursor = loaded.indexes, loaded.cursor

    def _follow(self, indexes: _Indexes, after: int, through: int) -> int:
        """Apply to `indexes` what the ledger says from `after` to `through`."""
        changed: set[int] = set()
        standing: set[int] = set()
        batches: list[tuple[int, int]] = []
        read = banks_read = 0
        for row in ledger.rows_after(after, through=through, events=_FOLLOWED):
            if row.event in STANDING_EVENTS:
                standing.add(row.facts["entry"])
                continue
            read += 1
            if row.event in BANK_EVENTS:
                banks_read += 1
            elif "first" in row.facts:
                batches.append((row.facts["first"], row.facts["last"]))
            else:
                changed.add(row.facts["entry"])
        if read:
            self._read_banks()
        if banks_read:
            self.standings.forget_all()
        elif changed or standing:
            self.standings.forget(changed | standing)
        if changed:
            self._change_features(EntryFeatures.objects.filter(entry_id__in=sorted(changed)))
            self._apply(indexes, _fit_for_matching().filter(entry_id__in=sorted(changed)))
            self._apply(indexes, EntryVariant.objects.filter(entry_id__in=sorted(changed)))
        for first, last in batches:
            self._apply(indexes, _fit_for_matching().filter(entry_id__gte=first, entry_id__lte=last))
        return read

    def _rebuild(self, origin: str) -> None:
        fresh = _empty()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            head = ledger.head_seq()
            for table in (_fit_for_matching(), EntryVariant.objects.all()):
                rows = _rows(table.filter(entry__removed_at=None)).iterator(chunk_size=_ROWS_AT_ONCE)
                stored = (_Stored(pk, name, bytes(value), bank) for pk, name, value, bank, _ in rows)
                for piece in _pieces(stored):
                    _insert(fresh, piece)
        for one in fresh.values():
            if one.is_merge_due:
                one.merge(into_one=True, threads=_MERGE_THREADS)
        self._features = None
        self._change_features(EntryFeatures.objects.filter(entry__removed_at=None))
        self._indexes, self._cursor, self._origin = fresh, head, origin
        self.standings.forget_all()
        self._snapshot_cursor, self._changes = -1, 0

    def _read_banks(self) -> None:
        self._banks = dict(Bank.objects.values_list("name", "pk"))
        levels = dict(Bank.objects.filter(matching=True).values_list("name", "level"))
        at_robust = (Bank.Level.ROBUST, Bank.Level.VERIFIED)
        self._robust_banks = frozenset(name for name, level in levels.items() if level in at_robust)
        self._verified_banks = frozenset(
            name for name, level in levels.items() if level == Bank.Level.VERIFIED
        )

    def _change_features(self, table: "QuerySet[EntryFeatures]") -> None:
        """Let entries be found by features, the first so many that have words."""
        rows = (
            table.exclude(words=b"")
            .order_by("entry_id")
            .values_list("entry_id", "words", "entry__removed_at")
        )
        present: dict[int, bytes] = {}
        gone: list[int] = []
        for entry_id, words, removed_at in rows[: current().feature_search_entries_max]:
            if removed_at is None:
                present[entry_id] = bytes(words)
            else:
                gone.append(entry_id)
        if self._features is None and present:
            from vigie.matching.feature_index import FeatureIndex

            self._features = FeatureIndex(entries_max=current().feature_search_entries_max)
        if self._features is not None:
            self._features.change(present, gone=gone)

    def _apply(self, indexes: _Indexes, table: _Table) -> None:
        present: list[_Stored] = []
        for pk, type_name, value, bank, removed_at in _rows(table).iterator(chunk_size=_ROWS_AT_ONCE):
            self._changes += 1
            if removed_at is None:
                present.append(_Stored(pk, type_name, bytes(value), bank))
            elif type_name in indexes:
                indexes[type_name].remove(pk)
            if len(present) >= _ROWS_AT_ONCE:
                _insert(indexes, present)
                present = []
        _insert(indexes, present)


def _empty() -> _Indexes:
    return {name: HammingIndex(distance_bits_max=radius) for name, radius in _RADII.items()}


def _rows(table: _Table) -> "QuerySet[Any, Any]":
    """Rows of (id, name of the index, value, id of the bank, when the entry was removed)."""
    name = Value(VARIANT_SIGNAL) if table.model is EntryVariant else F("type")
    return table.annotate(index_name=name).values_list(
        "id", "index_name", "value", "entry__bank_id", "entry__removed_at"
    )


def _fit_for_matching() -> QuerySet[EntrySignal]:
    """All banked signals but PDQ hashes whose quality is known to be too low: they would match anything."""
    return EntrySignal.objects.exclude(type="pdq", quality__lt=current().pdq_quality_min)


def _insert(indexes: _Indexes, rows: list[_Stored]) -> None:
    by_type: dict[str, list[_Stored]] = {}
    for row in rows:
        if row.type in indexes:
            by_type.setdefault(row.type, []).append(row)
    for type_name, found in by_type.items():
        kind = _KINDS[type_name]
        codes = b"".join([kind.code(row.value) for row in found])
        indexes[type_name].insert_many(codes, [row.pk for row in found], banks=[row.bank for row in found])


def _pieces(rows: Iterable[_Stored]) -> Iterable[list[_Stored]]:
    piece: list[_Stored] = []
    for row in rows:
        piece.append(row)
        if len(piece) >= _ROWS_AT_ONCE:
            yield piece
            piece = []
    yield piece
