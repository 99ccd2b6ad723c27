"""The journal of one API process: each upload appended before it is answered, at the cost of one write.

It refuses nothing to a platform: what cannot be written is counted, and the upload still gets its verdict.
"""

import errno
import logging
import os
import struct
import threading
from datetime import datetime
from pathlib import Path

from vigie.foundation.clock import Clock, monotonic_s
from vigie.foundation.identifiers import new_bytes
from vigie.matching.archive.folder import ArchiveFolder, take
from vigie.matching.archive.records import (
    ENTRIES_OFFSET,
    HEADER_BYTES,
    LOST_OFFSET,
    JournalHeader,
    SeenUpload,
    frame,
    micros,
    write_header,
)

_log = logging.getLogger(__name__)

SYNC_S = 1.0
ROTATE_S = 60.0
ROTATE_BYTES = 8 * 1024 * 1024
SAID_EVERY_S = 10.0


class Journal:
    """Append-only, for this process alone.

    A record survives the end of the process once `append` returns, and a power cut after at most `SYNC_S`.
    """

    def __init__(self, archive: ArchiveFolder, *, clock: Clock) -> None:
        self._folder = archive.journal
        self._clock = clock
        self._lock = threading.Lock()
        self._file: _OpenJournal | None = None
        self._retired: list[_OpenJournal] = []
        self._closing = threading.Lock()
        self._entries_seq = 0
        self._lost = 0
        self._unreported = 0
        self._said_s = -SAID_EVERY_S
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._tend, name="tend-journal", daemon=True)

    @property
    def entries_seq(self) -> int:
        """The newest change of entries that this process compares uploads with."""
        return self._entries_seq

    @property
    def lost(self) -> int:
        """How many uploads could not be written since the start of this process."""
        return self._lost

    def start(self) -> None:
        """Open the journal; a disk that is full does not keep the process from answering."""
        with self._lock:
            self._renew()
        self._thread.start()

    def stop(self) -> None:
        """Close the journal, so that it can be sealed at once."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        with self._lock:
            if self._file is not None:
                self._retired.append(self._file)
                self._file = None
        self._sync()

    def follow(self, entries_seq: int) -> None:
        """Note that uploads are now compared with entries as of this ledger number.

        What was compared with fewer is given free for sealing, so that a lookback for the newer ones finds it.
        """
        with self._lock:
            self._entries_seq = entries_seq
            if self._file is not None and not self._file.records:
                self._file.note_entries(entries_seq)
            else:
                self._renew()
        self._sync()

    def append(self, upload: SeenUpload) -> None:
        """Write one upload; never raises for a disk that takes nothing."""
        body = frame(upload)
        with self._lock:
            if self._file is None or self._file.bytes + len(body) > ROTATE_BYTES:
                self._renew()
            try:
                if self._file is None:
                    raise OSError(errno.ENOSPC, "no journal could be opened")
                self._file.append(body)
            except OSError as error:
                self._count_loss(error)

    def _renew(self) -> None:
        """Go on in a new file; in the old one when the disk takes no new one. Called with the lock."""
        header = JournalHeader(self._entries_seq, self._unreported, micros(self._clock()))
        try:
            fresh = _OpenJournal(self._folder, header)
        except OSError as error:
            self._say(error)
            return
        if self._file is not None:
            self._retired.append(self._file)
        self._file, self._unreported = fresh, 0

    def _count_loss(self, error: OSError) -> None:
        self._lost += 1
        if self._file is None:
            self._unreported += 1
        else:
            self._file.note_loss()
        self._say(error)

    def _say(self, error: OSError) -> None:
        if monotonic_s() - self._said_s >= SAID_EVERY_S:
            self._said_s = monotonic_s()
            _log.error(
                "the archive takes nothing; uploads are judged, and not kept for lookback",
                extra={"action": "archive", "errno": error.errno, "lost": self._lost},
            )

    def _tend(self) -> None:
        while not self._stopping.wait(SYNC_S):
            with self._lock:
                now = self._clock()
                if self._file is None or (self._file.records and self._file.age_s(now) > ROTATE_S):
                    self._renew()
            self._sync()

    def _sync(self) -> None:
        """Sync the file in use and close those before it; outside the lock, so that no upload waits for the disk."""
        with self._closing:
            with self._lock:
                retired, self._retired = self._retired, []
                current = self._file
            for one in retired:
                one.close()
            if current is not None:
                current.sync()


class _OpenJournal:
    """A file that this process holds locked: whoever gets the lock may seal it."""

    def __init__(self, folder: Path, header: JournalHeader) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.records = 0
        self.bytes = HEADER_BYTES
        self._header = header
        self._lost = header.lost
        self._dirty = True
        path = folder / f"{header.opened_at_us}-{new_bytes(8).hex()}.journal"
        draft = path.with_suffix(".new")
        self._handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            # It gets its name once it is locked and has a header: nobody seals what is only just begun.
            if not take(self._handle) or os.write(self._handle, write_header(header)) != HEADER_BYTES:
                raise OSError(errno.ENOSPC, "the journal was not begun")
            draft.rename(path)
        except OSError:
            draft.unlink(missing_ok=True)
            os.close(self._handle)
            raise

    def append(self, body: bytes) -> None:
        """Write a record whole, or leave the file as it was."""
        try:
            written = os.pwrite(self._handle, body, self.bytes)
        except OSError:
            os.ftruncate(self._handle, self.bytes)
            raise
        if written != len(body):
            os.ftruncate(self._handle, self.bytes)
            raise OSError(errno.ENOSPC, "the disk took a part of a record")
        self.bytes += written
        self.records += 1
        self._dirty = True

    def note_entries(self, entries_seq: int) -> None:
        """Write over the number in the header: its block is on the disk already, however full that is."""
        self._write_over(entries_seq, ENTRIES_OFFSET)

    def note_loss(self) -> None:
        """Count one upload that could not be written, in the header."""
        self._lost += 1
        self._write_over(self._lost, LOST_OFFSET)

    def age_s(self, now: datetime) -> float:
        """Seconds since it was opened."""
        return (micros(now) - self._header.opened_at_us) / 1_000_000

    def sync(self) -> None:
        """Bring what was written to the disk; only the thread that closes files syncs them."""
        if not self._dirty:
            return
        self._dirty = False
        try:
            os.fdatasync(self._handle)
        except OSError as error:
            self._dirty = True
            _log.warning("the journal is not synced", extra={"action": "archive", "errno": error.errno})

    def close(self) -> None:
        """Sync and let go."""
        self.sync()
        os.close(self._handle)

    def _write_over(self, number: int, offset: int) -> None:
        try:
            os.pwrite(self._handle, struct.pack("<Q", number), offset)
        except OSError as error:
            _log.warning("the journal takes no note", extra={"action": "archive", "errno": error.errno})
