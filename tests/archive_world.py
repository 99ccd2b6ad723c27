"""An archive for tests: journals written by the real writer, sealed by the real sealer, on a folder of the test."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from vigie.matching.archive.folder import ArchiveFolder
from vigie.matching.archive.journal import Journal
from vigie.matching.archive.records import SeenSignal, SeenUpload, micros
from vigie.matching.archive.sealing import Sealed, seal

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def content_key(platform: str, content: str) -> bytes:
    """A key of a content; the real one is keyed with a secret."""
    return sha256(f"{platform}/{content}".encode()).digest()


def seen(
    content: str,
    *signals: SeenSignal,
    at: datetime = NOON,
    entries_seq: int = 5,
    platform: str = "forum",
    question: str = "",
) -> SeenUpload:
    """An upload with these signals."""
    return SeenUpload(
        at_us=micros(at),
        platform=platform,
        content=content,
        kind="post",
        url=f"https://forum.example/p/{content}",
        language="en",
        author_key="",
        question=sha256(f"{content} {question}".encode()).digest(),
        entries_seq=entries_seq,
        signals=signals,
    )


def pdq(value: bytes, *, medium: str = "m1", quality: int = 100) -> SeenSignal:
    """A PDQ hash of a medium."""
    return SeenSignal("pdq", value, medium, quality)


def flipped(value: bytes, bits: int, generator: random.Random) -> bytes:
    """The value with exactly so many bits changed."""
    number = int.from_bytes(value)
    for bit in generator.sample(range(len(value) * 8), bits):
        number ^= 1 << bit
    return number.to_bytes(len(value))


@dataclass
class ArchiveWorld:
    """A folder, and numbers for parts."""

    folder: ArchiveFolder
    numbers: list[int] = field(default_factory=list)

    @classmethod
    def at(cls, path: Path) -> "ArchiveWorld":
        """An empty archive."""
        return cls(ArchiveFolder(path / "archive"))

    def journal(self) -> Journal:
        """A journal that was started."""
        journal = Journal(self.folder, clock=lambda: NOON)
        journal.start()
        return journal

    def write(self, uploads: Sequence[SeenUpload]) -> None:
        """Uploads in a journal of their own that is closed."""
        journal = self.journal()
        for one in uploads:
            journal.append(one)
        journal.stop()

    def seal(self, *, first_day: date = date(2026, 1, 1)) -> Sealed:
        """One pass; the journals stay where they are."""
        return seal(self.folder, key_of=content_key, first_day=first_day, number_above=self.next_number)

    def seal_and_clear(self) -> Sealed:
        """One pass, and away with the journals that are through."""
        sealed = self.seal()
        for one in sealed.through:
            one.path.unlink()
        return sealed

    def next_number(self, highest: int) -> int:
        """A number that no part had."""
        self.numbers.append(max([highest, *self.numbers]) + 1)
        return self.numbers[-1]
