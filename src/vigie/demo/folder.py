"""The demonstration's own data folder: made anew for each run, or gone on with.

It deletes only a folder that an earlier demonstration made and marked, never one that holds something else.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from vigie.demo.errors import DemoFailed
from vigie.up.folder import running_processes


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who can sign in to the console. Invented for the demonstration, and so is the password."""

    username: str
    role: str
    password: str


@dataclass(frozen=True, slots=True)
class Notes:
    """What a later run needs to go on: the example platform's address and secrets, and who can sign in."""

    forum_port: int
    forum_token: str
    webhook_secret: str
    people: tuple[SignIn, ...]


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """Where everything of one demonstration is kept."""

    path: Path

    @property
    def own(self) -> Path:
        """What is the demonstration's and not Vigie's: its notes, logs and the example platform's store."""
        return self.path / "demo"

    def write_notes(self, notes: Notes) -> None:
        """Keep the notes, readable by their owner only: they hold passwords."""
        handle = os.open(self._notes, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(asdict(notes), file)

    def read_notes(self) -> Notes | None:
        """The notes of the run before; None when it did not get so far."""
        try:
            found = json.loads(self._notes.read_text())
            people = tuple(SignIn(**one) for one in found.pop("people"))
            return Notes(**found, people=people)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @property
    def _notes(self) -> Path:
        return self.own / "notes.json"


def fresh(path: Path) -> DemoFolder:
    """An empty data folder; one of an earlier demonstration is deleted. Raises DemoFailed for any other."""
    folder = DemoFolder(path.expanduser().absolute())
    if folder.path.exists() and any(folder.path.iterdir()):
        if not folder.own.is_dir():
            raise DemoFailed(
                f"The folder {folder.path} holds something that no demonstration made.",
                hint="Choose another with --data, or empty it yourself.",
            )
        _refuse_running(folder)
        shutil.rmtree(folder.path)
    folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.own.mkdir(mode=0o700)
    return folder


def kept(path: Path) -> DemoFolder:
    """The data folder of an earlier demonstration, or a fresh one where there is none."""
    folder = DemoFolder(path.expanduser().absolute())
    if folder.read_notes() is None:
        return fresh(path)
    _refuse_running(folder)
    return folder


def _refuse_running(folder: DemoFolder) -> None:
    pid = running_processes(folder.path).get("pids", {}).get("supervisor")
    if isinstance(pid, int) and Path(f"/proc/{pid}").exists():
        raise DemoFailed(
            f"A demonstration still runs on {folder.path}.",
            hint="Stop it with Ctrl-C first, or choose another folder with --data.",
        )
