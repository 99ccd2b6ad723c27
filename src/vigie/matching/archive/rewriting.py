"""Rewriting parts: several small ones into one, and without what was erased.

The new part replaces the old in one step; a process that is killed leaves either. It decides no erasure.
"""

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.matching.archive.folder import ArchiveFolder
from vigie.matching.archive.parts import (
    KEY_BYTES,
    LOW_QUALITY,
    SIGNALS,
    UPLOAD_GROUP_ROWS,
    Part,
    PartNote,
    list_parts,
    runs_of,
    write_tables,
)

PART_SIGNALS_MAX = 8_000_000
MERGED_AT_ONCE = 200
SMALL_PARTS_MAX = 20
SIGNALS_AT_ONCE = 100_000

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
    nothing = np.empty(0, np.int64)
    return _rewrite(archive, [_Source(part, nothing) for part in parts])


def holds(part: Part, erased: Erased) -> bool:
    """Whether something that is to go is in this part."""
    return len(_doomed(part, erased)) > 0


def erase(archive: ArchiveFolder, part: Part, erased: Erased) -> int:
    """Rewrite a part without what is to go, and remove the old one; returns how many uploads went."""
    gone = _doomed(part, erased)
    if len(gone):
        _rewrite(archive, [_Source(part, gone)])
    return len(gone)


def drop_days(archive: ArchiveFolder, *, before: date) -> list[tuple[str, int]]:
    """Remove days that are over their time; returns each with how many uploads it held."""
    dropped: dict[str, int] = {}
    for part in list_parts(archive):
        if part.note.day < before.isoformat():
            dropped[part.note.day] = dropped.get(part.note.day, 0) + part.note.uploads
    for day in dropped:
        shutil.rmtree(archive.days / day)
    return sorted(dropped.items())


@dataclass(frozen=True, slots=True)
class _Source:
    """A part that is rewritten. `gone` are the positions, int64 ascending, of its uploads that do not stay."""

    part: Part
    gone: "np.typing.NDArray[np.int64]"

    def stays(self, positions: "np.typing.NDArray[np.int64]") -> "np.typing.NDArray[np.bool_]":
        """Of each position whether its upload stays."""
        return ~np.isin(positions, self.gone)

    def places(self, positions: "np.typing.NDArray[np.int64]") -> "np.typing.NDArray[np.int64]":
        """Where the uploads at these positions are among those that stay."""
        return positions - np.searchsorted(self.gone, positions)


def _rewrite(archive: ArchiveFolder, sources: Sequence[_Source]) -> Part:
    parts = [source.part for source in sources]
    first = parts[0].note
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
    fresh = write_tables(archive, note, signals=_moved(sources), uploads=_staying(sources))
    for part in parts:
        shutil.rmtree(part.path)
    return fresh


def _staying(sources: Sequence[_Source]) -> Iterator[pa.Table]:
    """The uploads that stay, a piece at a time: those of a day may be more than should be in memory at once."""
    for source in sources:
        at = 0
        for batch in source.part.open_uploads().batches(UPLOAD_GROUP_ROWS):
            stays = source.stays(np.arange(at, at + batch.num_rows))
            yield pa.Table.from_batches([batch.filter(pa.array(stays))])
            at += batch.num_rows


def _moved(sources: Sequence[_Source]) -> Iterator[pa.Table]:
    """The signals that stay, run after run over all parts, pointing to where their uploads are now."""
    offsets = [0, *np.cumsum([source.part.note.uploads - len(source.gone) for source in sources]).tolist()]
    groups = [
        (run, position)
        for position, source in enumerate(sources)
        for run in runs_of(source.part.open_signals())
    ]
    for (group, _, _), position in sorted(
        groups, key=lambda one: (one[0][1], 0 <= one[0][2] < LOW_QUALITY, one[1])
    ):
        source = sources[position]
        # Opened anew for each: an open file keeps the bytes of what was read last.
        file = source.part.open_signals()
        for batch in file.batches(SIGNALS_AT_ONCE, groups=[group]):
            owners = batch["upload"].to_numpy()
            stays = source.stays(owners)
            places = pa.array(source.places(owners) + offsets[position])
            column = SIGNALS.get_field_index("upload")
            table = pa.Table.from_batches([batch]).set_column(column, SIGNALS.field(column), places)
            yield table.filter(pa.array(stays))


def _doomed(part: Part, erased: Erased) -> "np.typing.NDArray[np.int64]":
    """Positions of the uploads that are to go, ascending."""
    keys = pa.array(list(erased), pa.binary(KEY_BYTES))
    until = pa.array(list(erased.values()), pa.int64())
    found = []
    at = 0
    for batch in part.open_uploads().batches(UPLOAD_GROUP_ROWS, columns=["content_key", "at_us"]):
        asked = pc.index_in(batch["content_key"], value_set=keys)
        is_doomed = pc.fill_null(pc.less_equal(batch["at_us"], pc.take(until, asked)), fill_value=False)
        found.append(np.flatnonzero(is_doomed.to_numpy(zero_copy_only=False)) + at)
        at += batch.num_rows
    return np.concatenate([np.empty(0, np.int64), *found])
