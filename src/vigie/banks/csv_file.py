"""Reading the CSV format of banks: lines to records, records to rows, rows to entries.

Pure. A line that cannot be used costs itself and nothing else, and comes back as `Quarantined`.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from typing import BinaryIO, Final

from vigie.banks.formats import (
    COLUMNS,
    COLUMNS_IGNORED,
    COLUMNS_NEEDED,
    KINDS,
    LEGAL_TYPES,
    REFERENCE_CHARS_MAX,
    SHIELDED,
    SOURCE_CHARS_MAX,
    About,
    FileRefused,
    Line,
    Quarantined,
    ReadEntry,
    ReadSignal,
    Reason,
    lines_of,
)
from vigie.foundation.errors import Invalid
from vigie.foundation.limits import IMPORT_ROWS_MAX, NOTE_CHARS_MAX
from vigie.signals.types import ALL

RECORD_LINES_MAX: Final = 200
ENTRY_SIGNALS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a CSV file: all of them in order, and those that an import does not read."""

    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """An opened CSV file: its header is read, its rows are read as `items` is followed."""

    header: Header
    items: Iterator[ReadEntry | Quarantined]


def open_csv(file: BinaryIO, *, about: About, pdq_quality_min: int) -> CsvFile:
    """Read a CSV file: rows with the same `entry`, one after another, make one entry; otherwise each does.

    Empty cells are filled from `about`. An instant without a zone is UTC. PDQ below `pdq_quality_min` would
    match anything and is quarantined. Raises FileRefused without a usable header.
    """
    records = _records(lines_of(file))
    header = _header(records)
    return CsvFile(header, _entries(_rows(records, header, pdq_quality_min=pdq_quality_min), about))


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    raw: str
    cells: tuple[str, ...]


def _records(lines: Iterator[Line]) -> Iterator[_Record | Quarantined]:
    """CSV records; one ends with the line at which its quotes are even.

    A quote that is never closed costs its own line only: what was read after it is looked at again.
    """
    again: list[Line] = []
    while True:
        first = again.pop(0) if again else next(lines, None)
        if first is None:
            return
        if first.problem is not None:
            yield Quarantined(first.number, first.problem, first.text)
            continue
        if not first.text.strip():
            continue
        taken, quotes = [first], first.text.count('"')
        while (
            quotes % 2
            and len(taken) < RECORD_LINES_MAX
            and (following := (again.pop(0) if again else next(lines, None))) is not None
        ):
            taken.append(following)
            quotes += following.text.count('"')
        text = "".join(one.text + one.end for one in taken)
        if quotes % 2 or any(one.problem for one in taken):
            again[:0] = taken[1:]
            yield Quarantined(first.number, Reason.QUOTE_NOT_CLOSED, first.text)
            continue
        try:
            cells = next(csv.reader(StringIO(text, newline=""), strict=True))
        except (csv.Error, StopIteration):
            yield Quarantined(first.number, Reason.MALFORMED_ROW, text)
            continue
        yield _Record(first.number, text, tuple(cells))


def _header(records: Iterator[_Record | Quarantined]) -> Header:
    first = next(records, None)
    if not isinstance(first, _Record):
        raise FileRefused("The file has no header.", hint="Columns needed: signal_type and signal_value.")
    columns = tuple(cell.strip().lower() for cell in first.cells)
    if not set(columns) >= COLUMNS_NEEDED:
        raise FileRefused(
            "The first line has no column for signals.", hint="Columns needed: signal_type and signal_value."
        )
    if len(set(columns)) < len(columns):
        raise FileRefused("The first line names a column twice.", hint="Each column has its name once.")
    return Header(
        columns=columns,
        unknown=tuple(one for one in columns if one not in COLUMNS),
        ignored=tuple(one for one in columns if one in COLUMNS_IGNORED),
    )


# --- rows and entries


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    raw: str
    cells: dict[str, str]
    signal: ReadSignal

    @property
    def entry(self) -> str:
        return self.cells.get("entry", "")

    def quarantined(self, reason: Reason) -> Quarantined:
        return Quarantined(self.line, reason, self.raw)


class _RowRefusedError(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def _rows(
    records: Iterator[_Record | Quarantined], header: Header, *, pdq_quality_min: int
) -> Iterator[_Row | Quarantined]:
    for count, record in enumerate(records, start=1):
        if isinstance(record, Quarantined):
            yield record
            continue
        try:
            if count > IMPORT_ROWS_MAX:
                raise _RowRefusedError(Reason.TOO_MANY_ROWS)
            if len(record.cells) != len(header.columns):
                raise _RowRefusedError(Reason.MALFORMED_ROW)
            cells = {name: _text(name, cell) for name, cell in zip(header.columns, record.cells, strict=True)}
            yield _Row(record.line, record.raw, cells, _signal(cells, pdq_quality_min=pdq_quality_min))
        except _RowRefusedError as error:
            yield Quarantined(record.line, error.reason, record.raw)


def _entries(rows: Iterator[_Row | Quarantined], about: About) -> Iterator[ReadEntry | Quarantined]:
    """Rows gathered to entries. A quarantined row of an entry leaves the entry to its other rows."""
    current: ReadEntry | None = None
    current_name = ""
    # Digests, not names: an import may have millions of them.
    closed: set[int] = set()
    for row in rows:
        if isinstance(row, Quarantined):
            yield row
            continue
        try:
            if current is not None and row.entry and row.entry == current_name:
                current = _extended(current, row)
                continue
            if row.entry and hash(row.entry) in closed:
                raise _RowRefusedError(Reason.ENTRY_NOT_TOGETHER)
            begun = ReadEntry(row.line, (row.signal,), _about(row.cells, about))
        except _RowRefusedError as error:
            yield row.quarantined(error.reason)
            continue
        if current is not None:
            yield current
        current, current_name = begun, row.entry
        if row.entry:
            closed.add(hash(row.entry))
    if current is not None:
        yield current


def _extended(entry: ReadEntry, row: _Row) -> ReadEntry:
    """The entry with one more signal; an empty cell of a later row says what the first row said."""
    if _about(row.cells, entry.about) != entry.about:
        raise _RowRefusedError(Reason.ENTRY_CONTRADICTORY)
    if len(entry.signals) >= ENTRY_SIGNALS_MAX:
        raise _RowRefusedError(Reason.ENTRY_TOO_LARGE)
    return replace(entry, signals=(*entry.signals, row.signal), rows=entry.rows + 1)


def _signal(cells: dict[str, str], *, pdq_quality_min: int) -> ReadSignal:
    name = cells["signal_type"].lower()
    if not name:
        raise _RowRefusedError(Reason.TYPE_MISSING)
    if name not in ALL:
        raise _RowRefusedError(Reason.TYPE_UNSUPPORTED)
    try:
        value = ALL[name].parse(cells["signal_value"])
    except Invalid as error:
        raise _RowRefusedError(Reason.SIGNAL_MALFORMED) from error
    if name != "pdq" or not cells.get("quality"):
        return ReadSignal(name, value)
    if not re.fullmatch(r"[0-9]{1,3}", cells["quality"], re.ASCII) or int(cells["quality"]) > 100:
        raise _RowRefusedError(Reason.QUALITY_MALFORMED)
    quality = int(cells["quality"])
    if quality < pdq_quality_min:
        raise _RowRefusedError(Reason.QUALITY_TOO_LOW)
    return ReadSignal(name, value, quality)


def _about(cells: dict[str, str], default: About) -> About:
    kind = cells.get("kind", "").lower() or default.kind
    if kind not in KINDS:
        raise _RowRefusedError(Reason.KIND_UNKNOWN)
    legal_type = cells.get("legal_type", "").lower() or default.legal_type
    if legal_type not in ("", *LEGAL_TYPES):
        raise _RowRefusedError(Reason.LEGAL_TYPE_UNKNOWN)
    source = cells.get("source", "") or default.source.strip()
    if not source:
        raise _RowRefusedError(Reason.SOURCE_MISSING)
    reference = cells.get("source_reference", "") or default.source_reference
    note = cells.get("note", "") or default.note
    if len(source) > SOURCE_CHARS_MAX or len(reference) > REFERENCE_CHARS_MAX or len(note) > NOTE_CHARS_MAX:
        raise _RowRefusedError(Reason.TEXT_TOO_LONG)
    return About(
        source=source,
        source_reference=reference,
        kind=kind,
        legal_type=legal_type,
        note=note,
        obtained_at=_instant(cells.get("obtained_at", "")) or default.obtained_at,
        expires_at=_instant(cells.get("expires_at", "")) or default.expires_at,
        disabled_until=_instant(cells.get("disabled_until", "")) or default.disabled_until,
    )


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _RowRefusedError(Reason.INSTANT_MALFORMED) from error


def _text(column: str, cell: str) -> str:
    plain = cell[1:] if SHIELDED.match(cell) else cell
    return plain if column == "note" else plain.strip()
