"""A real Vigie for tests: `vigie up` in processes of its own, on a data folder of its own.

It is the program that operators run; nothing in it is replaced.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any

import psutil
import pytest

from databases import point_django_at
from vigie.foundation import settings as vigie_settings
from vigie.foundation.clock import monotonic_s, sleep_s
from vigie.foundation.identifiers import new_uuid
from vigie.ledger.actors import COMMAND_LINE
from vigie.people.models import User
from vigie.people.service import add_token
from vigie.up.folder import running_database_url, running_processes
from vigie.up.logs import last_lines

START_S_MAX = 60.0
STOP_S_MAX = 60.0
COMMAND_S_MAX = 60.0


@dataclass
class RunningVigie:
    """A started `vigie up`."""

    process: "subprocess.Popen[str]"
    data: Path
    url: str
    seconds: float
    environment: Mapping[str, str]

    def pids(self) -> dict[str, Any]:
        """Process numbers by role, as they are now; the database is missing when it is not the embedded one."""
        pids: dict[str, Any] = running_processes(self.data).get("pids", {})
        return pids

    def kill(self, role: str) -> None:
        """Kill -9 one process: `database`, `api`, `worker`, or the first of `api_workers`."""
        found = self.pids()[role]
        os.kill(found[0] if isinstance(found, list) else found, signal.SIGKILL)

    def serves(self) -> bool:
        """Whether the API says that it is well."""
        return health(self.url) == 200

    def wait_until_serving(self, *, seconds_max: float) -> float:
        """Seconds until the API is well and every process runs; fails the test after `seconds_max`."""
        began_s = monotonic_s()
        while not (self.serves() and self._all_run()):
            waited_s = monotonic_s() - began_s
            assert waited_s < seconds_max, f"not serving after {waited_s:.1f} s; {self.last_log_lines()}"
            sleep_s(0.1)
        return monotonic_s() - began_s

    def command(self, *arguments: str, expect: int = 0, input_text: str | None = None) -> Any:
        """Run `vigie ... --data <this> --json` and return what it printed; fails on another exit status."""
        done = subprocess.run(
            [sys.executable, "-m", "vigie.cli", *arguments, "--data", str(self.data), "--json"],
            check=False,
            capture_output=True,
            text=True,
            input=input_text,
            env=dict(self.environment),
            timeout=COMMAND_S_MAX,
        )
        assert done.returncode == expect, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        lines = done.stdout.strip().splitlines()
        return json.loads(lines[-1]) if lines else None

    @contextmanager
    def domain(self) -> Iterator[None]:
        """Let this test's own Django work on its database and data folder: quicker than a command for each step."""
        with pytest.MonkeyPatch.context() as patch:
            url = self.environment.get("VIGIE_DATABASE_URL") or running_database_url(self.data)
            patch.setenv("VIGIE_DATABASE_URL", url)
            patch.setenv("VIGIE_DATA", str(self.data))
            vigie_settings.current.cache_clear()
            point_django_at(url)
            umask = os.umask(0o077)
            try:
                yield
            finally:
                os.umask(umask)
                patch.undo()
                vigie_settings.current.cache_clear()
                point_django_at(os.environ["VIGIE_DATABASE_URL"])

    def token(self, *scopes: str, platform: str = "", role: str = "") -> str:
        """A token that every process knows; with a `role`, that of a new person of this role."""
        with self.domain():
            user = None
            if role:
                user = User.objects.create(username=f"{role}-{new_uuid()[:8]}", role=role)
            _, text = add_token(
                name="test", scopes=list(scopes), actor=COMMAND_LINE, platform=platform, user=user
            )
        sleep_s(1.0)
        return text

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=STOP_S_MAX)

    def family(self) -> list[psutil.Process]:
        """Every process under it, itself included."""
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]

    def last_log_lines(self) -> str:
        """The ends of all logs, for a failing test."""
        logs = sorted((self.data / "logs").glob("*.log"))
        return "\n".join(f"--- {log.name}\n" + "\n".join(last_lines(log, count=15)) for log in logs)

    def _all_run(self) -> bool:
        roles = self.pids()
        workers = roles.get("api_workers") or [None]
        pids = [*workers, *(pid for role, pid in roles.items() if role != "api_workers")]
        return all(pid is not None and _lives(pid) for pid in pids)


StartVigie = Callable[..., RunningVigie]
"""Starts one on a fresh data folder: `start(name, VIGIE_...=...)`."""


def start_vigie(data: Path, *, settings: Mapping[str, str], port: int = 0) -> RunningVigie:
    """Start `vigie up` and wait until it serves; fails with its own words when it does not start."""
    environment = clean_environment(settings)
    began_s = monotonic_s()
    process = subprocess.Popen(
        up_command(data, port=port),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    line = _first_line(process, began_s + START_S_MAX)
    if not line:
        process.kill()
        _, errors = process.communicate()
        raise AssertionError(f"vigie up did not start: {errors}")
    facts = json.loads(line)
    _keep_draining(process)
    return RunningVigie(
        process=process, data=data, url=facts["url"], seconds=monotonic_s() - began_s, environment=environment
    )


def up_command(data: Path, *, port: int) -> list[str]:
    """The command line of `vigie up` for a program."""
    return [sys.executable, "-m", "vigie.cli", "up", "--data", str(data), "--port", str(port), "--json"]


def clean_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This environment without what the tests themselves set for Vigie, and with `settings`."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("VIGIE_", "DJANGO_"))
    }
    return {**inherited, **settings}


def health(url: str) -> int | None:
    """The HTTP status of /health; None when nobody answers."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _first_line(process: "subprocess.Popen[str]", until_s: float) -> str:
    assert process.stdout is not None
    lines: Queue[str] = Queue()
    threading.Thread(target=lambda: lines.put(process.stdout.readline()), daemon=True).start()  # type: ignore[union-attr]
    try:
        return lines.get(timeout=max(0.0, until_s - monotonic_s()))
    except Empty:
        return ""


def _keep_draining(process: "subprocess.Popen[str]") -> None:
    """Read what it goes on to say, so that it never waits for a reader."""
    for stream in (process.stdout, process.stderr):
        assert stream is not None
        threading.Thread(target=_read_to_the_end, args=(stream,), daemon=True).start()


def _read_to_the_end(stream: IO[str]) -> None:
    with stream:
        for _ in stream:
            pass
