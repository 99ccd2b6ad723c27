"""Snapshots of the index on disk: one folder a state of the ledger, one file a kind of signal, mapped when read.

It refuses what is damaged, of another format or of another history, and takes it away; the caller rebuilds.
"""

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vigie_kernel import HammingIndex, SnapshotDamaged

from vigie.ledger.models import LedgerEntry

FORMAT = 3
"""Counts up when the files change, or what their numbers mean. Folders of other formats are refused."""

_NAME = re.compile(r"(?P<cursor>\d{12,})-(?P<mark>[0-9a-f]{16})\.v(?P<format>\d+)")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Indexes as they were at `cursor`."""

    indexes: dict[str, HammingIndex]
    cursor: int


@dataclass(frozen=True, slots=True)
class Found:
    """The newest good snapshot, if there is one; `refused` says that one was damaged or of another format."""

    loaded: Loaded | None
    refused: str


def write(folder: Path, indexes: Mapping[str, HammingIndex], *, cursor: int) -> Path | None:
    """Write the indexes, whole or not at all, and drop older snapshots; None when the ledger has no such entry."""
    mark = _ledger_mark(cursor)
    if mark is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{cursor:012d}-{mark}.v{FORMAT}"
    # Others read this folder meanwhile: a snapshot appears whole, under its name, or not at all.
    draft = folder / f"draft-{os.getpid()}"
    remove_folder(draft)
    draft.mkdir()
    for name, one in indexes.items():
        one.write_snapshot(draft / f"{name}.index", cursor=cursor)
    try:
        draft.rename(target)
    except OSError:  # it is there already, written by another process
        remove_folder(draft)
    for older in _folders(folder):
        if older != target:
            remove_folder(older)
    return target


def newest(folder: Path, names: Mapping[str, int], *, after: int = -1) -> Found:
    """The newest snapshot in `folder` with a cursor over `after`, for these kinds and their largest radii."""
    refused = ""
    for target in reversed(_folders(folder)):
        name = _NAME.fullmatch(target.name)
        if name is None or int(name["format"]) != FORMAT:
            remove_folder(target)
            refused = "the snapshot was of another format"
            continue
        cursor = int(name["cursor"])
        if cursor <= after:
            break
        if _ledger_mark(cursor) != name["mark"]:
            remove_folder(target)  # of another database, or of a state that was rolled back
            continue
        try:
            return Found(_load(target, names, cursor=cursor), refused)
        except _Foreign:
            remove_folder(target)
        except SnapshotDamaged:
            # Unless another process just dropped it for a newer one.
            if target.exists():
                remove_folder(target)
                refused = "the snapshot was damaged"
    return Found(None, refused)


class _Foreign(Exception):
    """A file of another state or kind lies under this name."""


def _load(target: Path, names: Mapping[str, int], *, cursor: int) -> Loaded:
    loaded = {}
    for name, distance_bits_max in names.items():
        index, found = HammingIndex.read_snapshot(target / f"{name}.index")
        if found != cursor or index.distance_bits_max != distance_bits_max:
            raise _Foreign
        loaded[name] = index
    return Loaded(loaded, cursor)


def _ledger_mark(seq: int) -> str | None:
    """The start of the ledger's hash at `seq`, which ties a snapshot to one history."""
    entry = LedgerEntry.objects.filter(pk=seq).only("hash").first()
    return None if entry is None else bytes(entry.hash).hex()[:16]


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(one for one in folder.iterdir() if one.is_dir() and one.name.partition("-")[0].isdigit())


def remove_folder(folder: Path) -> None:
    """Take a folder away, with everything in it, as far as it is there."""
    shutil.rmtree(folder, ignore_errors=True)  # another process may be removing it too
