"""Sealing: journals that nobody writes any more become parts of their day, each record once.

It removes no journal: the caller does, once what the journals say about losses is recorded.
"""

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path

from vigie.matching.archive.folder import ArchiveFolder, take
from vigie.matching.archive.parts import Gathered, Part, list_parts, write_part
from vigie.matching.archive.records import (
    HEADER_BYTES,
    JournalHeader,
    SeenUpload,
    Torn,
    instant_of,
    read_header,
    read_journal,
)

BYTES_AT_ONCE = 16 * 1024 * 1024
RECORDS_AT_ONCE = 4_000

KeyOf = Callable[[str, str], bytes]
"""The key of a content by platform and id, under which an erasure knows it."""


@dataclass(frozen=True, slots=True)
class FoundJournal:
    """A journal in the folder: whether its process still writes it, and whether anything follows its header.

    `damaged` are the bytes in it that are no record, known once it is through.
    """

    path: Path
    header: JournalHeader | None
    is_written: bool
    is_empty: bool
    damaged: tuple[bytes, ...] = ()

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
    """Make parts of journals that are not written any more; needs the archive's lock.

    One pass takes about `BYTES_AT_ONCE` of them, the oldest first. Records before `first_day` are too old to be kept.
    `number_above` gives numbers for new parts. A pass that was cut off is done again, and what it had sealed already
    is not sealed twice.
    """
    sealed = Sealed()
    gathering = _Gathering(key_of, first_day, _sealed_already(archive))
    bytes_left = BYTES_AT_ONCE
    for journal in find_journals(archive):
        if journal.is_written or bytes_left <= 0:
            sealed.left.append(journal)
            continue
        data = journal.path.read_bytes()
        bytes_left -= len(data)
        sealed.through.append(replace(journal, damaged=gathering.take_in(journal.name, data)))
    for day, gathered in sorted(gathering.by_day.items()):
        highest = max((part.note.number for part in list_parts(archive)), default=0)
        sealed.parts.append(write_part(archive, gathered, number=number_above(highest), day=day))
    return sealed


def find_journals(archive: ArchiveFolder) -> list[FoundJournal]:
    """Journals, oldest first."""
    return [_look_at(path) for path in sorted(archive.journal.glob("*.journal"))]


def quarantine(archive: ArchiveFolder, journal: FoundJournal) -> int:
    """Keep the damaged bytes of a journal apart; returns how many pieces there are."""
    for number, piece in enumerate(journal.damaged):
        archive.quarantine.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = archive.quarantine / f"{journal.path.stem}-{number}.torn"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(piece)
    return len(journal.damaged)


@dataclass(slots=True)
class _Gathering:
    """What goes into the parts of one pass, by day. `done` are the journals and days that have their part."""

    key_of: KeyOf
    first_day: date
    done: Collection[tuple[str, str]]
    by_day: dict[date, Gathered] = field(default_factory=dict)

    def take_in(self, journal: str, data: bytes) -> tuple[bytes, ...]:
        """Take in a journal, a few records at a time; returns the bytes that are none."""
        records = read_journal(data)
        damaged: list[bytes] = []
        while piece := list(islice(records, RECORDS_AT_ONCE)):
            by_day: dict[date, list[SeenUpload]] = {}
            for record in piece:
                if isinstance(record, Torn):
                    damaged.append(record.piece)
                else:
                    by_day.setdefault(instant_of(record.at_us).date(), []).append(record)
            for day, uploads in by_day.items():
                if day >= self.first_day and (journal, day.isoformat()) not in self.done:
                    keys = [self.key_of(one.platform, one.content) for one in uploads]
                    self.by_day.setdefault(day, Gathered()).add(uploads, content_keys=keys, journal=journal)
        return tuple(damaged)


def _look_at(path: Path) -> FoundJournal:
    with path.open("rb") as file:
        # A process lets a journal go once, and never takes it up again.
        is_written = not take(file.fileno())
        header = read_header(file.read(HEADER_BYTES))
        return FoundJournal(path, header, is_written, is_empty=not file.read(1))


def _sealed_already(archive: ArchiveFolder) -> set[tuple[str, str]]:
    return {(name, part.note.day) for part in list_parts(archive) for name in part.note.journals}
