"""The data folder as processes share it: made once, locked by one supervisor, with a note of what runs.

It keeps no keys and no content; those who do make their own folders in it.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from vigie.up.errors import AlreadyRunning, FolderUnusable, NotRunning

_OWN_NAMES = frozenset(
    {"archive", "blobs", "index", "keys", "ledger", "logs", "postgres", "run", "runs", "settings.env"}
)


@dataclass(frozen=True, slots=True)
class DataFolder:
    """A data folder that this process holds the lock of."""

    path: Path

    @property
    def run(self) -> Path:
        """What is true only while Vigie runs."""
        return self.path / "run"

    @property
    def logs(self) -> Path:
        """One log for each process."""
        return self.path / "logs"

    def note_database(self, url: str) -> None:
        """Write down where the database is, for commands started beside this Vigie."""
        _write_private(_database_note(self.path), url + "\n")

    def note_processes(self, facts: Mapping[str, Any]) -> None:
        """Write down the address and process numbers."""
        _write_private(_processes_note(self.path), json.dumps(facts) + "\n")

    def forget(self) -> None:
        """Remove the notes, because nothing runs any more."""
        _database_note(self.path).unlink(missing_ok=True)
        _processes_note(self.path).unlink(missing_ok=True)


@contextlib.contextmanager
def locked(data: Path) -> Iterator[DataFolder]:
    """The data folder, made at first use, for this process alone.

    Raises AlreadyRunning when another process holds it, FolderUnusable when it cannot be made or written, or holds a
    part of a backup.
    """
    folder = DataFolder(data.expanduser().resolve())
    try:
        folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _close_to_others(folder.path)
        folder.run.mkdir(mode=0o700, exist_ok=True)
        folder.logs.mkdir(mode=0o700, exist_ok=True)
        lock = _lock_path(folder.path).open("a")
    except OSError as error:
        raise FolderUnusable(
            f"The data folder {folder.path} cannot be used: {error.strerror}.",
            hint="Choose another with --data or VIGIE_DATA, or make it writable for this user.",
        ) from error
    with lock:
        if not _take(lock):
            raise AlreadyRunning(
                f"Vigie already runs on {folder.path}{_where(folder.path)}.",
                hint="Stop it first, or give this one a data folder of its own with --data.",
            )
        if restoring_mark(folder.path).exists():
            raise FolderUnusable(
                f"A restore into {folder.path} was cut off: what is there is not whole.",
                hint="Empty the folder and restore again.",
            )
        yield folder


def restoring_mark(data: Path) -> Path:
    """The file that lies in a data folder while a backup is put into it."""
    return data / "restoring"


def running_database_url(data: Path) -> str:
    """Where the database of the Vigie that runs on `data` is.

    Raises NotRunning when none runs there, whatever an earlier one left behind.
    """
    path = data.expanduser().resolve()
    hint = (
        "Start it first with `vigie up`, or say where it runs with --data, VIGIE_DATA or VIGIE_DATABASE_URL."
    )
    try:
        with _lock_path(path).open("r") as lock:
            if _take(lock):
                raise NotRunning(f"Vigie does not run on {path}.", hint=hint)
        return _database_note(path).read_text().strip()
    except FileNotFoundError as error:
        raise NotRunning(f"Vigie does not run on {path}.", hint=hint) from error
    except PermissionError as error:
        raise NotRunning(
            f"The data folder {path} belongs to another user.", hint="Use the account that started Vigie."
        ) from error


def running_processes(data: Path) -> dict[str, Any]:
    """What the Vigie on `data` wrote down about itself; empty when it did not get so far."""
    try:
        noted = json.loads(_processes_note(data.expanduser().resolve()).read_text())
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _close_to_others(path: Path) -> None:
    """Make a folder private that another command of Vigie made first; one that holds other things stays as it is."""
    names = {one.name for one in path.iterdir()}
    if path.stat().st_mode & 0o007 and names <= _OWN_NAMES:
        path.chmod(0o700)


def _take(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _where(path: Path) -> str:
    url = running_processes(path).get("url")
    return f" and answers at {url}" if url else ""


def _lock_path(path: Path) -> Path:
    return path / "run" / "lock"


def _database_note(path: Path) -> Path:
    return path / "run" / "database-url"


def _processes_note(path: Path) -> Path:
    return path / "run" / "processes.json"


def _write_private(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".new")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    unfinished.replace(path)
