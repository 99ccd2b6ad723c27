"""Rewriting parts: several small ones into one, and without what was erased.

The new part replaces the old in one step; a process that is killed leaves either. It decides no erasure.
"""

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from vigie.matching.archive.folder import ArchiveFolder
from vigie.matching.archive.parts import (
    KEY_BYTES,
    LOW_QUALITY,
    Part,
    PartNote,
    list_parts,
    runs_of,
    write_tables,
)

PART_SIGNALS_MAX = 8_000_000
MERGED_AT_ONCE = 200
SMALL_PARTS_MAX = 20
UPLOADS_AT_ONCE = 50_000

Erased = Mapping[bytes, int]
"""By key of a content: what was uploaded up to this instant (µs since 1970) is to go."""


def merge_due(archive: ArchiveFolder, *, today: date, cuts: Collection[int]) -> list[Part]:
    """Parts of one day to be merged, none when there is nothing to gain; the day that runs only when it has many.

    `cuts` are numbers up to which a lookback under way has looked: none may lie between the parts.
    """
    by_day: dict[str, list[Part]] = {}
    for part in list_parts(archive):
        if part.note.signals < PART_SIGNALS_MAX // 2:
            by_day.setdefault(part.note.day, []).append(part)
    for day, parts in sorted(by_day.items()):
        chosen: list[Part] = []
        signals = 0
        for part in parts[:MERGED_AT_ONCE]:
            is_cut = bool(chosen) and any(chosen[-1].note.number <= cut < part.note.number for cut in cuts)
            if is_cut or signals + part.note.signals > PART_SIGNALS_MAX:
                if len(chosen) > 1:
                    break
                chosen, signals = [], 0
            chosen.append(part)
            signals += part.note.signals
        if len(chosen) > (SMALL_PARTS_MAX if day >= today.isoformat() else 1):
            return chosen
    return []


def merge(archive: ArchiveFolder, parts: Sequence[Part]) -> Part:
    """One part in place of several of one day; needs the archive's lock."""
    return _rewrite(archive, parts, erased={})


def holds(part: Part, erased: Erased) -> bool:
    """Whether something that is to go is in this part."""
    rows = part.open_uploads().read(columns=["content_key", "at_us"])
    return bool(pc.any(_doomed(rows, erased)).as_py())


def erase(archive: ArchiveFolder, part: Part, erased: Erased) -> int:
    """Rewrite a part without what is to go, and remove the old one; returns how many uploads went."""
    if not holds(part, erased):
        return 0
    fresh = _rewrite(archive, [part], erased=erased)
    return part.note.uploads - fresh.note.uploads


def drop_days(archive: ArchiveFolder, *, before: date) -> list[tuple[str, int]]:
    """Remove days that are over their time; returns each with how many uploads it held."""
    dropped: dict[str, int] = {}
    for part in list_parts(archive):
        if part.note.day < before.isoformat():
            dropped[part.note.day] = dropped.get(part.note.day, 0) + part.note.uploads
    for day in dropped:
        shutil.rmtree(archive.days / day)
    return sorted(dropped.items())


def _rewrite(archive: ArchiveFolder, parts: Sequence[Part], *, erased: Erased) -> Part:
    first = parts[0].note
    keep, places = [], []
    offset = 0
    for part in parts:
        table = part.open_uploads().read(columns=["content_key", "at_us"])
        kept = pc.invert(_doomed(table, erased))
        keep.append(kept)
        places.append(pc.add(pc.cumulative_sum(pc.cast(kept, pa.int64())), offset - 1))
        offset += pc.sum(kept).as_py() or 0
    unsealed = {path.name for path in archive.journal.glob("*.journal")}
    note = PartNote(
        number=first.number,
        generation=first.generation + 1,
        day=first.day,
        signals=0,
        uploads=0,
        entries_seq_min=min(part.note.entries_seq_min for part in parts),
        journals=tuple(name for part in parts for name in part.note.journals if name in unsealed),
        replaces=tuple(part.note.number for part in parts[1:]),
    )
    fresh = write_tables(archive, note, signals=_moved(parts, keep, places), uploads=_staying(parts, keep))
    for part in parts:
        shutil.rmtree(part.path)
    return fresh


def _staying(parts: Sequence[Part], keep: Sequence[pa.ChunkedArray]) -> Iterator[pa.Table]:
    """The uploads that stay, a piece at a time: those of a day may be more than should be in memory at once."""
    for part, kept in zip(parts, keep, strict=True):
        at = 0
        for batch in part.open_uploads().pieces(UPLOADS_AT_ONCE):
            yield pa.Table.from_batches([batch]).filter(kept.slice(at, batch.num_rows))
            at += batch.num_rows


def _moved(
    parts: Sequence[Part], keep: Sequence[pa.ChunkedArray], places: Sequence[pa.ChunkedArray]
) -> Iterator[pa.Table]:
    """The signals that stay, run after run over all parts, pointing to where their uploads are now."""
    files = [part.open_signals() for part in parts]
    groups = [(run, position) for position, file in enumerate(files) for run in runs_of(file)]
    for (group, _, _), position in sorted(
        groups, key=lambda one: (one[0][1], 0 <= one[0][2] < LOW_QUALITY, one[1])
    ):
        table = files[position].read_row_group(group)
        table = table.filter(pc.take(keep[position], table["upload"]))
        owners = pc.take(places[position], table["upload"])
        yield table.set_column(table.schema.get_field_index("upload"), table.schema.field("upload"), owners)


def _doomed(uploads: pa.Table, erased: Erased) -> pa.ChunkedArray:
    """Which uploads are to go."""
    keys = pa.array(list(erased), pa.binary(KEY_BYTES))
    until = pa.array(list(erased.values()), pa.int64())
    found = pc.index_in(uploads["content_key"], value_set=keys)
    return pc.fill_null(pc.less_equal(uploads["at_us"], pc.take(until, found)), fill_value=False)
