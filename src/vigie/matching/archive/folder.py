"""Where the archive is, and the lock of whoever works on it.

It reads no signal: journals and parts have modules of their own.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vigie.foundation.settings import Settings


@dataclass(frozen=True, slots=True)
class ArchiveFolder:
    """The folder `archive` of a data folder.

    `journal/` is written by the API processes, `days/` by whoever holds the lock, `quarantine/` keeps damaged bytes.
    """

    root: Path

    @classmethod
    def of(cls, settings: Settings) -> "ArchiveFolder":
        """The archive of these settings."""
        return cls(settings.data / "archive")

    @property
    def journal(self) -> Path:
        """Journals, one or more a process."""
        return self.root / "journal"

    @property
    def days(self) -> Path:
        """A folder a day (UTC), with the day's parts."""
        return self.root / "days"

    @property
    def quarantine(self) -> Path:
        """Bytes of journals that are no whole record."""
        return self.root / "quarantine"

    @contextlib.contextmanager
    def locked(self) -> Iterator[bool]:
        """Whether this process may change `days` while the block runs; a killed process leaves no lock behind."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield take(handle)
        finally:
            os.close(handle)


def take(handle: int) -> bool:
    """Lock an open file, unless another process has it locked."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Make names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
