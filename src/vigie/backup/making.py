"""Making a backup while Vigie runs: what is in it fits together as of one instant, that of the database.

It changes nothing but the ledger, which says beforehand that a copy is made.
"""

import os
import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import BinaryIO

import msgspec
import psutil
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from vigie import __version__
from vigie.backup.container import FORMAT, Head, Writer, pieces_of, read_whole
from vigie.backup.dump import dump
from vigie.backup.errors import BackupFailed
from vigie.backup.names import BLOBS, DATABASE, SETTINGS
from vigie.foundation.blobs import BlobMissing, open_blobs
from vigie.foundation.clock import monotonic_s, now, sleep_s, utc_text
from vigie.foundation.files import whole_file
from vigie.foundation.identifiers import new_uuid
from vigie.foundation.settings import Settings
from vigie.ledger.actors import Actor
from vigie.ledger.checkpoints import checkpoints_folder
from vigie.ledger.events import BackupBegun
from vigie.ledger.models import LedgerHead
from vigie.ledger.service import append
from vigie.matching.archive.folder import ArchiveFolder
from vigie.matching.archive.records import without_torn_end
from vigie.up.folder import running_processes

ARCHIVE_WAIT_S_MAX = 900.0
PLACES = frozenset({"data", "database_url", "blobs_url"})
"""Settings that say where a Vigie keeps things: those of another place are not part of a backup."""

Progress = Callable[[int], None]
"""Told how many bytes are written."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is there. `blobs_gone` were deleted by retention between the database's copy and theirs."""

    head: Head
    bytes: int
    blobs: int
    blobs_gone: int
    outside: tuple[str, ...]


def make_backup(
    path: Path, *, keys_path: Path | None, settings: Settings, actor: Actor, progress: Progress
) -> Made:
    """Write a backup to `path`, and its keys and settings to `keys_path` where one is given.

    Both appear whole or not at all. Raises Conflict when there is a file already, BackupFailed.
    """
    identifier = new_uuid()
    try:
        with ExitStack() as stack:
            file = stack.enter_context(whole_file(path))
            apart = stack.enter_context(whole_file(keys_path)) if keys_path else None
            with transaction.atomic():
                begun = BackupBegun(backup=identifier, keys="apart" if apart else "inside")
                append(begun, actor=actor, subject="ledger")
            made = _Copying(identifier, settings, progress).copy(file, apart)
            for one in (file, apart):
                if one is not None:
                    _read_through(one)
            return made
    except OSError as error:
        raise BackupFailed(
            f"The backup cannot be written: {error.strerror}.",
            hint="Is the disk full, or the folder not yours? Nothing of it is left.",
        ) from error


class _Copying:
    """One backup on its way: archive and checkpoints before the database, blobs and keys after it.

    So no checkpoint and no journal knows of ledger rows that the database has not, and every blob and key that it
    names is there.
    """

    def __init__(self, identifier: str, settings: Settings, progress: Progress) -> None:
        self._id = identifier
        self._settings = settings
        self._progress = progress
        self._blobs = self._blobs_gone = 0

    def copy(self, file: BinaryIO, apart: BinaryIO | None) -> Made:
        """Write the backup, and what is to be kept apart."""
        with _archive_at_rest(self._settings) as archive, transaction.atomic(), connection.cursor() as cursor:
            early = [*_files_in(archive.root, "archive")]
            early += _files_in(checkpoints_folder(self._settings), "ledger/checkpoints")
            # What is appended from here on is newer than the database's copy.
            sized = [(name, path, path.stat().st_size) for name, path in early]
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            head = _head(self._id, kind="without_keys" if apart else "whole")
            writer = Writer(file, head)
            for name, path, size_bytes in sized:
                self._add_file(writer, name, path, size_bytes)
            for number, part in enumerate(dump(self._settings.database_url, snapshot=snapshot), 1):
                self._add(writer, f"{DATABASE}{number:06}", part)
        self._add_blobs(writer)
        keys = writer if apart is None else Writer(apart, msgspec.structs.replace(head, kind="keys"))
        for name, path in _files_in(self._settings.keys_folder, "keys"):
            self._add(keys, name, path.read_bytes())
        self._add(keys, SETTINGS, _settings_text(self._settings).encode())
        for one in dict.fromkeys((writer, keys)):
            one.close()
        return Made(head, writer.bytes, self._blobs, self._blobs_gone, _outside(self._settings))

    def _add(self, writer: Writer, name: str, data: bytes) -> None:
        writer.add_bytes(name, data)
        self._progress(writer.bytes)

    def _add_file(self, writer: Writer, name: str, path: Path, size_bytes: int) -> None:
        if path.suffix == ".journal":
            with path.open("rb") as file:
                self._add(writer, name, without_torn_end(file.read(size_bytes)))
            return
        with path.open("rb") as file:
            writer.add(name, pieces_of(file), size_bytes=size_bytes)
        self._progress(writer.bytes)

    def _add_blobs(self, writer: Writer) -> None:
        blobs = open_blobs(self._settings)
        for key in blobs.all_keys():
            try:
                data = blobs.get(key)
            except BlobMissing:
                self._blobs_gone += 1
                continue
            self._add(writer, f"{BLOBS}{key}", data)
            self._blobs += 1


def _head(identifier: str, *, kind: str) -> Head:
    """What the snapshot of this transaction holds."""
    ledger = LedgerHead.objects.filter(pk=1).first()
    loader = MigrationLoader(connection)
    applied = [one for one in loader.applied_migrations if one in loader.disk_migrations]
    return Head(
        format=FORMAT,
        kind=kind,
        id=identifier,
        vigie=__version__,
        taken_at=utc_text(now()),
        ledger_rows=ledger.seq if ledger else 0,
        ledger_hash=bytes(ledger.hash).hex() if ledger else "",
        migrations=tuple(sorted(type(loader.disk_migrations[one]).__module__ for one in applied)),
    )


@contextmanager
def _archive_at_rest(settings: Settings) -> Iterator[ArchiveFolder]:
    """Nothing is sealed, merged or erased while the block runs; uploads still go to the journals.

    Lookbacks count parts in the database, so that files and database must be of one time. Raises BackupFailed.
    """
    archive = ArchiveFolder.of(settings)
    until_s = monotonic_s() + ARCHIVE_WAIT_S_MAX
    while True:
        with archive.locked() as is_ours:
            if is_ours:
                yield archive
                return
        if monotonic_s() > until_s:
            raise BackupFailed(
                "The archive is being worked on and does not come to rest.", hint="Try again later."
            )
        sleep_s(0.1)


def _files_in(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    """Files below a folder with their names in the backup, without drafts and locks."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        is_draft = path.suffix == ".new" or any(part.startswith("draft-") for part in inside.parts)
        if path.is_file() and not is_draft and inside.name != "lock":
            yield f"{prefix}/{inside}", path


def _settings_text(settings: Settings) -> str:
    """Lines NAME=VALUE as the Vigie that runs here was given them, else as this command was."""
    pid = running_processes(settings.data).get("pids", {}).get("supervisor")
    try:
        given = psutil.Process(pid).environ() if pid else os.environ
    except psutil.Error:
        given = os.environ
    names = [f"VIGIE_{one.name.upper()}" for one in fields(Settings) if one.name not in PLACES]
    return "".join(f"{name}={shlex.quote(given[name])}\n" for name in names if name in given)


def _outside(settings: Settings) -> tuple[str, ...]:
    """Files that settings name and no backup holds."""
    return tuple(
        str(getattr(settings, one.name))
        for one in fields(Settings)
        if one.name.endswith("_file") and getattr(settings, one.name)
    )


def _read_through(file: BinaryIO) -> None:
    """Raise BackupDamaged when the disk does not give back what was written."""
    file.flush()
    for member in read_whole(file):
        for _ in member.pieces:
            pass
