"""Sealing: journals that nobody writes any more become parts of their day, each record once.

It removes no journal: the caller does, once what the journals say about losses is recorded.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from vigie.matching.archive.folder import ArchiveFolder, take
from vigie.matching.archive.parts import Part, list_parts, write_part
from vigie.matching.archive.records import (
    HEADER_BYTES,
    JournalHeader,
    JournalRead,
    SeenUpload,
    instant_of,
    read_header,
    read_journal,
)

BYTES_AT_ONCE = 64 * 1024 * 1024

KeyOf = Callable[[str, str], bytes]
"""The key of a content by platform and id, under which an erasure knows it."""


@dataclass(frozen=True, slots=True)
class FoundJournal:
    """A journal in the folder. `read` is None while its process writes it, or until its turn comes."""

    path: Path
    header: JournalHeader | None
    read: JournalRead | None
    is_empty: bool

    @property
    def name(self) -> str:
        """Its name, unique for ever."""
        return self.path.name


@dataclass(slots=True)
class Sealed:
    """What one pass did: new parts, journals that are through, and those left for a later pass."""

    parts: list[Part] = field(default_factory=list)
    through: list[FoundJournal] = field(default_factory=list)
    left: list[FoundJournal] = field(default_factory=list)


def seal(
    archive: ArchiveFolder, *, key_of: KeyOf, first_day: date, number_above: Callable[[int], int]
) -> Sealed:
    """Make parts of every journal that is not written any more; needs the archive's lock.

    Records before `first_day` are too old to be kept. `number_above` gives numbers for new parts. A pass that was
    cut off is done again, and what it had sealed already is not sealed twice.
    """
    sealed = Sealed()
    done = _sealed_already(archive)
    by_day: dict[date, tuple[list[SeenUpload], list[str]]] = {}
    for journal in find_journals(archive):
        if journal.read is None:
            sealed.left.append(journal)
            continue
        sealed.through.append(journal)
        for upload in journal.read.uploads:
            day = instant_of(upload.at_us).date()
            if day >= first_day and (journal.name, day.isoformat()) not in done:
                uploads, journals = by_day.setdefault(day, ([], []))
                uploads.append(upload)
                if journal.name not in journals:
                    journals.append(journal.name)
    for day, (uploads, journals) in sorted(by_day.items()):
        highest = max((part.note.number for part in list_parts(archive)), default=0)
        part = write_part(
            archive,
            uploads,
            content_keys=[key_of(one.platform, one.content) for one in uploads],
            number=number_above(highest),
            day=day,
            journals=journals,
        )
        sealed.parts.append(part)
    return sealed


def find_journals(archive: ArchiveFolder) -> list[FoundJournal]:
    """Journals, oldest first: those that nobody writes are read, at most `BYTES_AT_ONCE` of them in one pass."""
    found = []
    bytes_left = BYTES_AT_ONCE
    for path in sorted(archive.journal.glob("*.journal")):
        journal = _look_at(path) if bytes_left > 0 else _look_at_header(path)
        bytes_left -= path.stat().st_size if journal.read is not None else 0
        found.append(journal)
    return found


def quarantine(archive: ArchiveFolder, journal: FoundJournal) -> int:
    """Keep the damaged bytes of a journal apart; returns how many pieces there are."""
    damaged: Sequence[bytes] = () if journal.read is None else journal.read.damaged
    for number, piece in enumerate(damaged):
        archive.quarantine.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = archive.quarantine / f"{journal.path.stem}-{number}.torn"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(piece)
    return len(damaged)


def _look_at(path: Path) -> FoundJournal:
    with path.open("rb") as file:
        if take(file.fileno()):
            read = read_journal(file.read())
            return FoundJournal(path, read.header, read, not read.uploads and not read.damaged)
    return _look_at_header(path)


def _look_at_header(path: Path) -> FoundJournal:
    with path.open("rb") as file:
        header = read_header(file.read(HEADER_BYTES))
        return FoundJournal(path, header, None, not file.read(1))


def _sealed_already(archive: ArchiveFolder) -> set[tuple[str, str]]:
    return {(name, part.note.day) for part in list_parts(archive) for name in part.note.journals}
