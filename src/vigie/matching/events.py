"""What happens to the archive and its lookbacks, as ledger facts.

No fact names a content: an erasure would otherwise leave behind what it takes away.
"""

from dataclasses import dataclass
from typing import ClassVar

from vigie.ledger.events import Event


@dataclass(frozen=True, slots=True)
class LookbackBegun(Event):
    """Earlier uploads are looked through for entries; `bank` is empty when they are of several."""

    name: ClassVar[str] = "matching.lookback_begun.v1"
    lookback: str
    bank: str
    entries: int


@dataclass(frozen=True, slots=True)
class LookbackStopped(Event):
    """A lookback opened as many cases as it may; a person has to say whether it goes on."""

    name: ClassVar[str] = "matching.lookback_stopped.v1"
    lookback: str
    cases: int


@dataclass(frozen=True, slots=True)
class LookbackGoesOn(Event):
    """A person let a stopped lookback open more cases."""

    name: ClassVar[str] = "matching.lookback_goes_on.v1"
    lookback: str


@dataclass(frozen=True, slots=True)
class LookbackCancelled(Event):
    """A person ended a lookback before it had looked at everything; the cases that it `opened` stay."""

    name: ClassVar[str] = "matching.lookback_cancelled.v1"
    lookback: str
    signals: int
    opened: int


@dataclass(frozen=True, slots=True)
class LookbackEnded(Event):
    """Every earlier upload was looked at. `joined` cases were open already, `decided` ones decided already."""

    name: ClassVar[str] = "matching.lookback_ended.v1"
    lookback: str
    signals: int
    opened: int
    joined: int
    decided: int


@dataclass(frozen=True, slots=True)
class ErasureAsked(Event):
    """A content is to go from the archive; from now on no lookback finds it. Which one is not written here."""

    name: ClassVar[str] = "matching.erasure_asked.v1"
    erasure: str
    platform: str


@dataclass(frozen=True, slots=True)
class ErasureDone(Event):
    """A content went from the archive's files; `uploads` of it had been kept."""

    name: ClassVar[str] = "matching.erasure_done.v1"
    erasure: str
    uploads: int


@dataclass(frozen=True, slots=True)
class ArchiveDayDropped(Event):
    """A day of the archive reached the end of its time."""

    name: ClassVar[str] = "matching.archive_day_dropped.v1"
    day: str
    uploads: int


@dataclass(frozen=True, slots=True)
class ArchiveUploadsLost(Event):
    """Uploads got their verdicts and could not be kept for lookback, for example because the disk is full."""

    name: ClassVar[str] = "matching.archive_uploads_lost.v1"
    uploads: int


@dataclass(frozen=True, slots=True)
class ArchiveJournalTorn(Event):
    """A journal had `pieces` that are no whole records; they are in quarantine, the rest is in the archive."""

    name: ClassVar[str] = "matching.archive_journal_torn.v1"
    pieces: int


@dataclass(frozen=True, slots=True)
class ArchivePartDamaged(Event):
    """A part of the archive could not be read and is in quarantine: no lookback finds the `uploads` in it."""

    name: ClassVar[str] = "matching.archive_part_damaged.v1"
    part: str
    uploads: int


@dataclass(frozen=True, slots=True)
class ArchiveLossSeen(Event):
    """A person took note of what the archive lost."""

    name: ClassVar[str] = "matching.archive_loss_seen.v1"
    loss: int
