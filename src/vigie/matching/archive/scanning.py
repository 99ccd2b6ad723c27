"""Scanning one part of the archive for values near some others: plain and pure, one file and queries in, hits out.

It is exact: every value within the radius is found, whatever the number of threads. It opens no case.
"""

import mmap
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from vigie_kernel import KernelError, scan_codes

from vigie.matching.archive.parts import CODE_BYTES, SIGNALS, Part, runs_of
from vigie.matching.archive.reading import PartFile
from vigie.matching.archive.records import SeenSignal, SeenUpload
from vigie.signals.types import ALL as SIGNAL_TYPES

HITS_AT_ONCE = 100_000
# With more values of an exact kind than this it is quicker to look each kept value up in a table of them than to
# compare each with each. See docs/decisions/0007-archive-and-lookback.md.
COMPARED_EXACT_MAX = 100
_ROWS_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Sought:
    """Values to look for, by type, as concatenated 32-byte codes; and how near is near."""

    codes: Mapping[str, bytes]
    distance_bits_max: int
    quality_min: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A value near a query. `upload` is its position in the part, `query` that among the queries of its type."""

    upload: int
    type: str
    query: int
    distance_bits: int
    medium: str


@dataclass(frozen=True, slots=True)
class Codes:
    """The values of one row group where they lie in the file."""

    group: int
    type: str
    offset: int
    rows: int


class Scanner:
    """Looks for the same values in part after part."""

    def __init__(self, sought: Sought, *, threads: int, limit: int = HITS_AT_ONCE) -> None:
        self._sought = sought
        self._threads = threads
        self._limit = limit
        self._tables: dict[str, _Table] = {}

    def scan(self, part: Part) -> Iterator[list[Hit]]:
        """Hits in batches of about `limit` at most, by row group, then by position and query. Raises PartDamaged."""
        if part.note.signals == 0:
            return
        file = part.open_signals()
        with (
            part.signals_file.open("rb") as raw,
            mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
            memoryview(mapped) as whole,
        ):
            for codes in codes_of(file):
                if not self._sought.codes.get(codes.type) or _is_too_poor(file, codes, self._sought):
                    continue
                with whole[codes.offset : codes.offset + codes.rows * CODE_BYTES] as view:
                    for found in self._near(view, codes.type):
                        hits = _hits(file, codes, found, self._sought)
                        if hits:
                            yield hits

    def _near(self, view: memoryview, type_name: str) -> Iterator[list[tuple[int, int, int]]]:
        """(query, row, distance) within the radius, in batches."""
        queries = self._sought.codes[type_name]
        radius = min(self._sought.distance_bits_max, SIGNAL_TYPES[type_name].distance_bits_max)
        if radius == 0 and len(queries) // CODE_BYTES > COMPARED_EXACT_MAX:
            if type_name not in self._tables:
                self._tables[type_name] = _Table(queries)
            yield from self._tables[type_name].equal(view)
            return
        ranges = [(0, len(view) // CODE_BYTES)]
        while ranges:
            start, end = ranges.pop()
            found = self._pairs(view[start * CODE_BYTES : end * CODE_BYTES], queries, radius)
            if found is None:
                middle = (start + end) // 2  # too many at once: by halves
                ranges += [(middle, end), (start, middle)]
            else:
                yield [(query, start + place, distance) for query, place, distance in found]

    def _pairs(self, piece: memoryview, queries: bytes, radius: int) -> list[tuple[int, int, int]] | None:
        """None when there are more than fit at once."""
        with piece:
            # One value can be near every query, so that is the least that has to fit.
            limit = max(self._limit, len(queries) // CODE_BYTES)
            try:
                return scan_codes(
                    piece, queries, distance_bits_max=radius, threads=self._threads, limit=limit
                )
            except KernelError as error:
                if error.code != "too_many_pairs":
                    raise
                return None


class _Table:
    """Values of an exact kind, each with the queries that ask for it."""

    def __init__(self, queries: bytes) -> None:
        self._asked_by: dict[bytes, list[int]] = {}
        for query in range(len(queries) // CODE_BYTES):
            value = queries[query * CODE_BYTES : (query + 1) * CODE_BYTES]
            self._asked_by.setdefault(value, []).append(query)
        self._values = pa.array(list(self._asked_by), pa.binary(CODE_BYTES))

    def equal(self, view: memoryview) -> Iterator[list[tuple[int, int, int]]]:
        """(query, row, 0) of each row whose value is asked for."""
        for start in range(0, len(view) // CODE_BYTES, _ROWS_AT_ONCE):
            with view[start * CODE_BYTES : (start + _ROWS_AT_ONCE) * CODE_BYTES] as piece:
                rows = len(piece) // CODE_BYTES
                # Copied: a value that outlived the map of the file would be read where nothing is any more.
                held = pa.py_buffer(bytes(piece))
            codes = pa.FixedSizeBinaryArray.from_buffers(pa.binary(CODE_BYTES), rows, [None, held])
            places = pc.indices_nonzero(pc.is_in(codes, value_set=self._values))
            yield [
                (query, start + place, 0)
                for place in places.to_pylist()
                for query in self._asked_by[codes[place].as_py()]
            ]


def codes_of(file: PartFile) -> Iterator[Codes]:
    """Where the values of each row group lie. They are one plain page: what is before them is its header."""
    column = SIGNALS.get_field_index("code")
    for group, type_name, _ in runs_of(file):
        chunk = file.metadata.row_group(group).column(column)
        header_bytes = chunk.total_compressed_size - chunk.num_values * CODE_BYTES
        yield Codes(group, type_name, chunk.data_page_offset + header_bytes, chunk.num_values)


def read_uploads(part: Part, wanted: Iterable[int]) -> dict[int, tuple[SeenUpload, bytes]]:
    """Uploads of a part by position, each with all its signals and the key of its content."""
    positions = pa.array(sorted(set(wanted)), pa.int64())
    signals: dict[int, list[SeenSignal]] = {one: [] for one in positions.to_pylist()}
    file = part.open_signals()
    for group in range(file.metadata.num_row_groups):
        owners = file.read_row_group(group, columns=["upload"])["upload"]
        mask = pc.is_in(owners, value_set=positions)
        if pc.any(mask).as_py():
            for row in file.read_row_group(group).filter(mask).to_pylist():
                value = row["code"][: SIGNAL_TYPES[row["type"]].value_bytes]
                signals[row["upload"]].append(SeenSignal(row["type"], value, row["medium"], row["quality"]))
    return {
        position: (_upload(row, signals[position]), row["content_key"])
        for position, row in _rows_at(part.open_uploads(), list(signals))
    }


def _rows_at(file: PartFile, positions: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(position, row) of each position, which are ascending; only row groups that hold any are read."""
    end = 0
    for group in range(file.metadata.num_row_groups):
        start, end = end, end + file.metadata.row_group(group).num_rows
        here = positions[bisect_left(positions, start) : bisect_left(positions, end)]
        if here:
            rows = file.read_row_group(group).take(pa.array([one - start for one in here], pa.int64()))
            yield from zip(here, rows.to_pylist(), strict=True)


def _hits(file: PartFile, codes: Codes, found: list[tuple[int, int, int]], sought: Sought) -> list[Hit]:
    if not found:
        return []
    found = sorted(found, key=lambda one: (one[1], one[0]))
    rows = file.read_row_group(codes.group, columns=["quality", "upload", "medium"])
    taken = rows.take(pa.array([place for _, place, _ in found], pa.int64())).to_pydict()
    poor = range(sought.quality_min) if codes.type == "pdq" else range(0)
    return [
        Hit(upload, codes.type, query, distance, medium)
        for (query, _, distance), upload, medium, quality in zip(
            found, taken["upload"], taken["medium"], taken["quality"], strict=True
        )
        if quality not in poor
    ]


def _is_too_poor(file: PartFile, codes: Codes, sought: Sought) -> bool:
    """Whether no hash of the group has the quality to be matched."""
    best = file.metadata.row_group(codes.group).column(SIGNALS.get_field_index("quality")).statistics.max
    return codes.type == "pdq" and 0 <= best < sought.quality_min


def _upload(row: dict[str, object], signals: list[SeenSignal]) -> SeenUpload:
    fields = {name: row[name] for name in SeenUpload.__struct_fields__ if name != "signals"}
    return SeenUpload(**fields, signals=tuple(signals))  # type: ignore[arg-type]
