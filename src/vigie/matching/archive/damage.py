"""Setting a damaged part apart, so that everything else goes on; and letting go of what lies apart.

It mends nothing. What it does needs the archive's lock.
"""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from vigie.matching.archive.folder import ArchiveFolder, sync_folder
from vigie.matching.archive.parts import Part, note_of
from vigie.matching.archive.reading import PartDamaged
from vigie.matching.archive.rewriting import Erased, holds


def is_whole(path: Path) -> bool:
    """Whether everything in the folder of a part can be read as it was written."""
    try:
        part = Part(path, note_of(path))
        for file in (part.open_uploads(), part.open_signals()):
            for group in range(file.metadata.num_row_groups):
                file.read_row_group(group)
    except PartDamaged:
        return False
    return True


def uploads_in(path: Path) -> int:
    """How many uploads the part says that it holds; 0 when not even that can be read."""
    try:
        return note_of(path).uploads
    except PartDamaged:
        return 0


def name_of(path: Path) -> str:
    """What the part is called in quarantine: `2026-11-25-000000000017.0`."""
    return f"{path.parent.name}-{path.name}"


def set_apart(archive: ArchiveFolder, path: Path) -> None:
    """Move the folder of a part to quarantine."""
    archive.quarantine.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.rename(archive.quarantine / name_of(path))
    sync_folder(archive.quarantine)
    sync_folder(path.parent)


def drop_older(archive: ArchiveFolder, *, first_day: date) -> None:
    """Let what lies apart go when it is as old as days that are dropped."""
    for torn in archive.quarantine.glob("*.torn"):
        if datetime.fromtimestamp(torn.stat().st_mtime, UTC).date() < first_day:
            torn.unlink()
    for path in _parts_apart(archive):
        if path.name < first_day.isoformat():
            shutil.rmtree(path)


def erase_apart(archive: ArchiveFolder, erased: Erased) -> None:
    """Let go of what lies apart, unless it can be read that nothing in it is to be erased."""
    for torn in archive.quarantine.glob("*.torn"):
        torn.unlink()
    for path in _parts_apart(archive):
        if _may_hold(path, erased):
            shutil.rmtree(path)


def _may_hold(path: Path, erased: Erased) -> bool:
    try:
        return holds(Part(path, note_of(path)), erased)
    except PartDamaged:
        return True


def _parts_apart(archive: ArchiveFolder) -> list[Path]:
    return [one for one in archive.quarantine.glob("*") if one.is_dir()]
