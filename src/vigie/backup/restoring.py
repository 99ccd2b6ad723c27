"""Putting a backup back: into an empty data folder and an empty database, once every byte of it was checked.

Until it is through, a mark in the folder keeps Vigie from starting on it. It replaces nothing.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, BinaryIO

import django
import psycopg

from vigie import __version__
from vigie.backup.container import Head, Member, read_head, read_whole
from vigie.backup.dump import Loading, loading
from vigie.backup.errors import BackupDamaged, RestoreFailed, RestoreRefused
from vigie.backup.names import BLOBS, DATABASE
from vigie.foundation.blobs import open_blobs
from vigie.foundation.settings import Settings, current
from vigie.up import embedded
from vigie.up.folder import DataFolder, locked, restoring_mark
from vigie.up.supervisor import check_database

if TYPE_CHECKING:
    from vigie.ledger.checkpoints import Damaged, Verified

Progress = Callable[[int], None]
"""Told how many bytes are read."""

_MAY_BE_THERE = frozenset({"run", "logs", "lost+found"})


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that is whole. `bytes` is its size, with that of its keys."""

    head: Head
    bytes: int


@dataclass(frozen=True, slots=True)
class Restored:
    """A data folder that `vigie up` may start on. `migrations` were applied since the backup's time."""

    head: Head
    migrations: int
    ledger: "Verified | Damaged"


def check_backup(path: Path, *, keys_path: Path | None, progress: Progress) -> Checked:
    """Read every byte, and change nothing. Raises BackupDamaged, and RestoreRefused where the keys are missing."""
    with _opened(path) as file, _maybe_opened(keys_path) as apart:
        head = read_head(file)
        if head.kind == "keys":
            raise RestoreRefused(
                "These are the keys of a backup.", hint="Give the backup, and them with --keys."
            )
        if head.kind == "without_keys" and apart is None:
            raise RestoreRefused(
                "The keys of this backup are in a file of their own.", hint="Give it with --keys."
            )
        if apart is not None and (read_head(apart).id != head.id or head.kind == "whole"):
            raise RestoreRefused(
                "These keys belong to another backup.", hint="Give those that were made with it."
            )
        size_bytes = 0
        for one in (file, apart):
            for member in read_whole(one) if one else ():
                size_bytes += sum(len(piece) for piece in member.pieces)
                progress(size_bytes)
        return Checked(head, size_bytes)


def restore(path: Path, *, keys_path: Path | None, settings: Settings, progress: Progress) -> Restored:
    """Put a backup into the data folder and the database of these settings, and check its ledger.

    Raises RestoreRefused or BackupDamaged before anything is touched, RestoreFailed after everything is removed again.
    """
    _check_empty(settings)
    checked = check_backup(path, keys_path=keys_path, progress=progress)
    unknown = [one for one in checked.head.migrations if not _exists(one)]
    if unknown:
        raise RestoreRefused(
            f"The backup is of Vigie {checked.head.vigie}, which is newer than this one ({__version__}).",
            hint=f"Install that version. Migrations that are not known here: {len(unknown)}.",
        )
    with locked(settings.data) as folder:
        # Reading takes minutes: what was empty may have been taken meanwhile.
        _check_empty(settings)
        try:
            return _fill(folder, path, keys_path, checked.head, settings, progress)
        except BaseException as error:
            _clear(settings.data)
            if isinstance(error, OSError):
                raise RestoreFailed(
                    f"The backup could not be written to {settings.data}: {error.strerror}.",
                    hint="Is the disk full? Nothing of it is left there.",
                ) from error
            raise


def _fill(
    folder: DataFolder, path: Path, keys_path: Path | None, head: Head, settings: Settings, progress: Progress
) -> Restored:
    mark = restoring_mark(folder.path)
    mark.touch(mode=0o600)
    with _database(settings, folder) as url:
        settings = replace(settings, data=folder.path, database_url=url)
        with loading(url) as database:
            filling = _Filling(settings, database, progress)
            for one in (path, keys_path):
                if one is not None:
                    with _opened(one) as file:
                        filling.take(file)
            database.commit()
        restored = _finish(settings, head)
        os.sync()
        mark.unlink()
    return restored


class _Filling:
    def __init__(self, settings: Settings, database: Loading, progress: Progress) -> None:
        self._settings = settings
        self._database = database
        self._progress = progress
        self._bytes = 0

    def take(self, file: BinaryIO) -> None:
        """Every member to its place."""
        for member in read_whole(file):
            self._put(member)
            self._bytes += member.size_bytes
            self._progress(self._bytes)

    def _put(self, member: Member) -> None:
        if member.name.startswith(DATABASE):
            for piece in member.pieces:
                self._database.feed(piece)
        elif member.name.startswith(BLOBS):
            open_blobs(self._settings).put(member.name.removeprefix(BLOBS), b"".join(member.pieces))
        else:
            path = self._settings.data / member.name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.writelines(member.pieces)


def _finish(settings: Settings, head: Head) -> Restored:
    """Bring the schema up to date, look whether the keys fit, verify the ledger, and write the restore to it."""
    os.environ |= {"VIGIE_DATA": str(settings.data), "VIGIE_DATABASE_URL": settings.database_url}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vigie.settings")
    current.cache_clear()
    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.db.migrations.recorder import MigrationRecorder

    from vigie.flows.keyring import check_keys
    from vigie.ledger.actors import COMMAND_LINE
    from vigie.ledger.checkpoints import verify
    from vigie.ledger.events import BackupRestored
    from vigie.ledger.models import LedgerHead
    from vigie.ledger.service import append

    before = len(MigrationRecorder(connection).applied_migrations())
    call_command("migrate", interactive=False, verbosity=0)
    migrations = len(MigrationRecorder(connection).applied_migrations()) - before
    check_keys(settings)
    ledger = LedgerHead.objects.filter(pk=1).first()
    if (ledger.seq if ledger else 0) != head.ledger_rows or (
        ledger and bytes(ledger.hash).hex() != head.ledger_hash
    ):
        raise RestoreFailed("The ledger in the database does not end as the backup says.")
    found = verify(settings)
    with transaction.atomic():
        append(BackupRestored(backup=head.id, through=head.ledger_rows), actor=COMMAND_LINE, subject="ledger")
    connection.close()
    return Restored(head, migrations, found)


@contextlib.contextmanager
def _database(settings: Settings, folder: DataFolder) -> Iterator[str]:
    """The address of the database to fill: that of the settings, else a new embedded one while the block runs."""
    if settings.database_url:
        yield settings.database_url
        return
    server = embedded.prepare(folder.path, run=folder.run, log=folder.logs / "postgres.log")
    with embedded.running(server):
        yield server.url


def _check_empty(settings: Settings) -> None:
    """Raise RestoreRefused when the data folder, or the database of the settings, holds anything."""
    data = settings.data
    if data.exists() and {one.name for one in data.iterdir()} - _MAY_BE_THERE:
        raise RestoreRefused(
            f"The data folder {data} is not empty.",
            hint="Nothing is replaced: choose another with --data, or move what is there away.",
        )
    if not settings.database_url:
        return
    check_database(settings.database_url)
    with psycopg.connect(settings.database_url, connect_timeout=5) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row and row[0]:
        raise RestoreRefused(
            "The database of VIGIE_DATABASE_URL is not empty.",
            hint="Nothing is replaced: make a new database.",
        )


def _exists(module: str) -> bool:
    """Whether this installation has a migration. Its package is imported, and the migration is not."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _clear(data: Path) -> None:
    """Leave the folder as it was found: empty."""
    for one in data.iterdir() if data.exists() else ():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        if not S_ISREG(path.stat().st_mode):
            raise BackupDamaged(f"{path} is no file and is not read.")
        file = path.open("rb")
    except OSError as error:
        raise BackupDamaged(f"{path} cannot be read: {error.strerror}.") from error
    with file:
        yield file


@contextlib.contextmanager
def _maybe_opened(path: Path | None) -> Iterator[BinaryIO | None]:
    if path is None:
        yield None
        return
    with _opened(path) as file:
        yield file
