"""Long work that a page starts: a thread, and a record in the data folder that every process can show.

It keeps nothing that cannot be done again: work that was cut off with its process is shown as interrupted, and its
page offers to start it anew.
"""

import json
import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.utils.translation import gettext, gettext_noop

from vigie.foundation.clock import now, utc_text
from vigie.foundation.errors import NotFound, VigieError
from vigie.foundation.identifiers import new_uuid
from vigie.foundation.settings import Settings

_log = logging.getLogger("vigie.console")

RUNS_KEPT = 50
BEAT_S = 2.0
SILENT_AFTER = timedelta(seconds=15)

Tell = Callable[[Mapping[str, Any]], None]
Work = Callable[[Tell], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Run:
    """One piece of work. `facts` is what it said last, JSON-ready; `sentence` and `hint` why it failed."""

    id: str
    kind: str
    state: str
    started_at: str
    started_by: str
    beat_at: str
    facts: dict[str, Any]
    order: dict[str, Any]
    sentence: str = ""
    hint: str = ""

    def state_at(self, at: datetime) -> str:
        """`running`, `done`, `failed`, or `interrupted` when its process is gone."""
        if self.state == "running" and at - datetime.fromisoformat(self.beat_at) > SILENT_AFTER:
            return "interrupted"
        return self.state

    @property
    def complaint(self) -> str:
        """Why it failed, in the language of the request; empty when it did not."""
        return " ".join(gettext(one) for one in (self.sentence, self.hint) if one)

    @property
    def began_at(self) -> datetime:
        """When it was started."""
        return datetime.fromisoformat(self.started_at)

    @property
    def ended_at(self) -> datetime:
        """When it was last heard of."""
        return datetime.fromisoformat(self.beat_at)


class Runs:
    """The records of one kind of work; `kind` is a word that can be a folder's name."""

    def __init__(self, settings: Settings, kind: str) -> None:
        self._folder = settings.data / "runs" / kind
        self._kind = kind

    def prepare(self, order: Mapping[str, Any], *, started_by: str) -> Run:
        """A record for work that is about to start; drops the oldest beyond `RUNS_KEPT`."""
        at = utc_text(now())
        run = Run(new_uuid(), self._kind, "running", at, started_by, at, {}, dict(order))
        self.folder(run.id).mkdir(parents=True, mode=0o700)
        self._write(run)
        for old in self.newest()[RUNS_KEPT:]:
            if old.state_at(now()) != "running":
                self._remove(old.id)
        return run

    def start(self, run: Run, work: Work) -> None:
        """Do `work` in a thread of this process. What it tells, and what it returns, become the facts of the record."""
        at = utc_text(now())
        run = replace(run, state="running", beat_at=at, sentence="", hint="")
        self._write(run)
        threading.Thread(
            target=self._do, args=(run, work), name=f"{self._kind}-{run.id[:8]}", daemon=True
        ).start()

    def find(self, run_id: str) -> Run:
        """The record; raises NotFound."""
        try:
            return Run(**json.loads((self.folder(run_id) / "run.json").read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            raise NotFound(gettext_noop("There is no such run.")) from error

    def newest(self) -> list[Run]:
        """All records, the newest first."""
        found = []
        for path in self._folder.glob("*/run.json"):
            try:
                found.append(self.find(path.parent.name))
            except NotFound:
                continue
        return sorted(found, key=lambda run: run.started_at, reverse=True)

    def folder(self, run_id: str) -> Path:
        """The folder of one record, for files that belong to it; raises NotFound for what is no id."""
        if not run_id or not set(run_id) <= set("0123456789abcdef-"):
            raise NotFound(gettext_noop("There is no such run."))
        return self._folder / run_id

    def _do(self, run: Run, work: Work) -> None:
        beating = _Beat(self, run)
        try:
            facts = work(beating.tell)
            beating.end(replace(beating.run, state="done", facts=dict(facts)))
        except VigieError as error:
            beating.end(replace(beating.run, state="failed", sentence=error.sentence, hint=error.hint))
        except DatabaseError as error:
            _log.warning("the database is away", extra={"action": self._kind, "kind": type(error).__name__})
            sentence = gettext_noop("The database went away.")
            beating.end(replace(beating.run, state="failed", sentence=sentence))
        except Exception:  # noqa: BLE001 - it is logged, and the page shows it
            _log.exception("background work failed", extra={"action": self._kind})
            sentence = gettext_noop("Vigie made a mistake here. It is in the log of the API process.")
            beating.end(replace(beating.run, state="failed", sentence=sentence))
        finally:
            connection.close()

    def _write(self, run: Run) -> None:
        path = self.folder(run.id) / "run.json"
        temporary = path.with_name(f"run.{threading.get_ident()}.new")
        temporary.write_text(json.dumps(asdict(run)))
        temporary.replace(path)

    def _remove(self, run_id: str) -> None:
        folder = self.folder(run_id)
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        os.rmdir(folder)  # noqa: PTH106 - an empty folder, nothing below it


class _Beat:
    """Writes the record again every two seconds, so that others see the work alive even when it says nothing."""

    def __init__(self, runs: Runs, run: Run) -> None:
        self.run = run
        self._runs = runs
        self._lock = threading.Lock()
        self._over = threading.Event()
        threading.Thread(target=self._beat, daemon=True).start()

    def tell(self, facts: Mapping[str, Any]) -> None:
        with self._lock:
            self.run = replace(self.run, facts=dict(facts))

    def end(self, run: Run) -> None:
        with self._lock:
            self._over.set()
            self._runs._write(replace(run, beat_at=utc_text(now())))  # noqa: SLF001 - the same module

    def _beat(self) -> None:
        while not self._over.wait(BEAT_S / 2):
            with self._lock:
                if not self._over.is_set():
                    self._runs._write(replace(self.run, beat_at=utc_text(now())))  # noqa: SLF001
