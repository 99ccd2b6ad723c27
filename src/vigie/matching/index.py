"""The index of one process: it follows the ledger, so that a change anywhere is found here within a second.

It holds values and numbers only; what an entry is, is read from the database when something matched.
"""

import os
import shutil
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet, Value
from vigie_kernel import HammingIndex, SnapshotDamaged

from vigie.banks.events import BANK_EVENTS, ENTRY_EVENTS
from vigie.banks.models import Bank, EntrySignal, EntryVariant
from vigie.foundation.settings import current
from vigie.ledger import service as ledger
from vigie.ledger.models import LedgerEntry
from vigie.signals.types import ALL as SIGNAL_TYPES
from vigie.signals.types import PDQ, SignalType
from vigie.signals.variants import VARIANT_SIGNAL

_ROWS_AT_ONCE = 50_000
_Stored = tuple[int, str, bytes | memoryview]


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far the index has read, how much it holds, and how it came up."""

    cursor: int
    sizes: dict[str, int]
    origin: str


class MatchIndex:
    """Signals of all entries that were not removed, one kernel index a kind of signal, and one of variants."""

    def __init__(self) -> None:
        self._indexes = _empty()
        self._is_robust = False
        self._cursor = 0
        self._origin = "empty"
        self._lock = threading.Lock()

    @property
    def state(self) -> IndexState:
        """A description of the index as it is now."""
        return IndexState(self._cursor, {name: len(one) for name, one in self._indexes.items()}, self._origin)

    @property
    def is_robust(self) -> bool:
        """Whether any bank asks for edited copies to be looked for."""
        return self._is_robust

    def search(self, type_name: str, value: bytes, *, distance_bits_max: int) -> list[tuple[int, int]]:
        """(id of the entry's signal, distance in bits) for everything within the radius, nearest first."""
        kind = _kind(type_name)
        radius = min(distance_bits_max, kind.distance_bits_max)
        return self._indexes[type_name].search(kind.code(value), distance_bits_max=radius)

    def search_many(
        self, type_name: str, values: list[bytes], *, distance_bits_max: int
    ) -> list[list[tuple[int, int]]]:
        """As `search`, for many values of one kind, in their order."""
        kind = _kind(type_name)
        radius = min(distance_bits_max, kind.distance_bits_max)
        codes = b"".join(kind.code(value) for value in values)
        return self._indexes[type_name].search_many(codes, distance_bits_max=radius)

    def start(self, folder: Path) -> None:
        """Come up from the newest good snapshot in `folder`, else from the database; then catch up."""
        with self._lock:
            if not self._load_snapshot(folder):
                self._rebuild()
            self._read_levels()
        self.catch_up()

    def catch_up(self) -> int:
        """Apply every change since the last call; returns how many ledger entries were read."""
        with self._lock:
            changed: set[int] = set()
            batches: list[tuple[int, int]] = []
            read = 0
            through = ledger.head_seq()
            if through < self._cursor:
                # The database was put back to an earlier state: what was learnt since is not there any more.
                self._rebuild()
                self._read_levels()
                return 0
            levels_changed = False
            for row in ledger.rows_after(self._cursor, through=through, events=(*ENTRY_EVENTS, *BANK_EVENTS)):
                read += 1
                if row.event in BANK_EVENTS:
                    levels_changed = True
                elif "first" in row.facts:
                    batches.append((row.facts["first"], row.facts["last"]))
                else:
                    changed.add(row.facts["entry"])
            if changed:
                self._apply(_fit_for_matching().filter(entry_id__in=sorted(changed)))
                self._apply(EntryVariant.objects.filter(entry_id__in=sorted(changed)))
            for first, last in batches:
                self._apply(_fit_for_matching().filter(entry_id__gte=first, entry_id__lte=last))
            if levels_changed:
                self._read_levels()
            self._cursor = through
            return read

    def write_snapshot(self, folder: Path) -> None:
        """Write the index to `folder`, whole or not at all, and drop older snapshots."""
        with self._lock:
            folder.mkdir(parents=True, exist_ok=True)
            mark = _ledger_mark(self._cursor)
            if mark is None:
                return
            target = folder / f"{self._cursor:012d}-{mark}"
            # Others read this folder meanwhile: a snapshot appears whole, under its name, or not at all.
            draft = folder / f"draft-{os.getpid()}"
            _remove_folder(draft)
            draft.mkdir()
            for name, one in self._indexes.items():
                one.write_snapshot(str(draft / f"{name}.index"), cursor=self._cursor)
            try:
                draft.rename(target)
            except OSError:  # it is there already, written by another process
                _remove_folder(draft)
            for older in _snapshots(folder):
                if older != target:
                    _remove_folder(older)

    def _load_snapshot(self, folder: Path) -> bool:
        for target in reversed(_snapshots(folder)):
            number, _, mark = target.name.partition("-")
            cursor = int(number)
            if _ledger_mark(cursor) != mark:
                _remove_folder(target)  # of another database, or of a state that was rolled back
                continue
            try:
                loaded = {
                    name: HammingIndex.read_snapshot(str(target / f"{name}.index")) for name in self._indexes
                }
            except SnapshotDamaged:
                _remove_folder(target)
                self._origin = "rebuilt: the snapshot was damaged"
                continue
            if any(found != cursor for _, found in loaded.values()):
                _remove_folder(target)
                continue
            self._indexes = {name: index for name, (index, _) in loaded.items()}
            self._cursor = cursor
            self._origin = "snapshot"
            return True
        return False

    def _rebuild(self) -> None:
        fresh = _empty()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            head = ledger.head_seq()
            for table in (_fit_for_matching(), EntryVariant.objects.all()):
                rows = _stored(table.filter(entry__removed_at=None)).iterator(chunk_size=_ROWS_AT_ONCE)
                for piece in _pieces((pk, type_name, value) for pk, type_name, value, _ in rows):
                    _insert(fresh, piece)
        self._indexes, self._cursor = fresh, head
        if self._origin in ("empty", "snapshot"):
            self._origin = "rebuilt"

    def _read_levels(self) -> None:
        self._is_robust = Bank.objects.filter(level=Bank.Level.ROBUST, matching=True).exists()

    def _apply(self, table: "QuerySet[EntrySignal] | QuerySet[EntryVariant]") -> None:
        present: list[_Stored] = []
        for pk, type_name, value, removed_at in _stored(table).iterator(chunk_size=_ROWS_AT_ONCE):
            if removed_at is None:
                present.append((pk, type_name, value))
            elif type_name in self._indexes:
                self._indexes[type_name].remove(pk)
            if len(present) >= _ROWS_AT_ONCE:
                _insert(self._indexes, present)
                present = []
        _insert(self._indexes, present)


def _empty() -> dict[str, HammingIndex]:
    return {name: HammingIndex() for name in (*SIGNAL_TYPES, VARIANT_SIGNAL)}


def _kind(type_name: str) -> SignalType:
    """The kind of signal in an index: variants are PDQ hashes too."""
    return PDQ if type_name == VARIANT_SIGNAL else SIGNAL_TYPES[type_name]


def _stored(table: "QuerySet[EntrySignal] | QuerySet[EntryVariant]") -> "QuerySet[Any, Any]":
    """Rows of (id, name of the index, value, when the entry was removed)."""
    name = Value(VARIANT_SIGNAL) if table.model is EntryVariant else F("type")
    return table.annotate(index_name=name).values_list("id", "index_name", "value", "entry__removed_at")


def _fit_for_matching() -> QuerySet[EntrySignal]:
    """All banked signals but PDQ hashes whose quality is known to be too low: they would match anything."""
    return EntrySignal.objects.exclude(type="pdq", quality__lt=current().pdq_quality_min)


def _insert(indexes: dict[str, HammingIndex], rows: list[_Stored]) -> None:
    by_type: dict[str, list[tuple[int, bytes]]] = {}
    for pk, type_name, value in rows:
        if type_name in indexes:
            by_type.setdefault(type_name, []).append((pk, _kind(type_name).code(bytes(value))))
    for type_name, found in by_type.items():
        indexes[type_name].insert_many(b"".join(code for _, code in found), [pk for pk, _ in found])


def _pieces(rows: Iterable[_Stored]) -> Iterable[list[_Stored]]:
    piece: list[_Stored] = []
    for row in rows:
        piece.append(row)
        if len(piece) >= _ROWS_AT_ONCE:
            yield piece
            piece = []
    yield piece


def _ledger_mark(seq: int) -> str | None:
    """The start of the ledger's hash at `seq`, which ties a snapshot to one history."""
    entry = LedgerEntry.objects.filter(pk=seq).only("hash").first()
    return None if entry is None else bytes(entry.hash).hex()[:16]


def _snapshots(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(one for one in folder.iterdir() if one.is_dir() and one.name.partition("-")[0].isdigit())


def _remove_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)  # another process may be removing it too
