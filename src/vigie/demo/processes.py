"""Vigie and the example platform as real processes, started for the demonstration and stopped with it.

It keeps nothing running that dies: `vigie up` looks after its own processes.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from vigie.demo.errors import DemoFailed
from vigie.demo.folder import DemoFolder
from vigie.foundation.clock import monotonic_s, sleep_s
from vigie.up.children import Child, Command
from vigie.up.errors import PortTaken
from vigie.up.logs import last_lines
from vigie.up.ports import reserved

HOST = "127.0.0.1"
START_S_MAX = 120.0
STOP_S_MAX = 90.0
PORTS_TRIED_MAX = 50
_POLL_S = 0.05

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


class Processes:
    """What was started, to be stopped in the opposite order."""

    def __init__(self, folder: DemoFolder) -> None:
        self._folder = folder
        self._children: list[Child] = []

    def start_vigie(self, *, port: int, settings: Mapping[str, str]) -> dict[str, Any]:
        """Start `vigie up` and wait until it serves; returns what it says: url, data, seconds, pids."""
        arguments = [sys.executable, "-m", "vigie.cli", "up"]
        arguments += ["--data", os.fspath(self._folder.path), "--host", HOST, "--port", str(port), "--json"]
        return self._start("vigie", arguments, settings)

    def start_forum(self, *, port: int, vigie_url: str, token: str, secret: str) -> dict[str, Any]:
        """Start the example platform and wait until it serves; returns what it says: port, url, webhook.

        Raises DemoFailed where there is no checkout around: the example is no part of the package.
        """
        program = EXAMPLES / "forum" / "forum.py"
        if not program.is_file():
            raise DemoFailed(
                "The example platform is not here.",
                hint="The demonstration runs from a checkout of the project: make demo",
            )
        arguments = [sys.executable, os.fspath(program), "--host", HOST, "--port", str(port), "--test-faults"]
        arguments += ["--data", os.fspath(self._folder.own / "forum"), "--vigie-url", vigie_url]
        # Joined by "=": a secret may begin with a dash.
        arguments += [f"--vigie-token={token}", f"--webhook-secret={secret}"]
        return self._start("forum", arguments, {})

    def check(self) -> None:
        """Raises DemoFailed when one of them ended by itself."""
        for child in self._children:
            if child.exit_status() is not None:
                raise DemoFailed(f"The process {child.role} ended.", hint=f"See {child.command.log}.")

    def stop(self) -> None:
        """Stop everything in order and wait for it."""
        while self._children:
            child = self._children.pop()
            child.stop()
            until_s = monotonic_s() + child.command.stop_s_max
            while child.exit_status() is None:
                if monotonic_s() > until_s:
                    child.kill()
                sleep_s(_POLL_S)

    def _start(self, role: str, arguments: list[str], settings: Mapping[str, str]) -> dict[str, Any]:
        log = self._folder.own / f"{role}.log"
        log.unlink(missing_ok=True)
        child = Child(
            Command(
                role=role,
                arguments=arguments,
                environment={**os.environ, "PYTHONUNBUFFERED": "1", **settings},
                log=log,
                stop_signal=signal.SIGTERM,
                hurry_signal=signal.SIGTERM,
                death_signal=signal.SIGTERM,
                stop_s_max=STOP_S_MAX,
            )
        )
        self._children.append(child)
        until_s = monotonic_s() + START_S_MAX
        while (said := _said(log)) is None:
            if child.exit_status() is not None or monotonic_s() > until_s:
                lines = last_lines(log, count=3)
                raise DemoFailed(
                    f"{role} did not start: {' '.join(lines) or 'it said nothing'}", hint=f"See {log}."
                )
            sleep_s(_POLL_S)
        return said


def free_port(wanted: int, *, besides: frozenset[int] = frozenset()) -> int:
    """`wanted`, or the next port after it that nobody listens on; raises DemoFailed after fifty."""
    for port in range(wanted, min(wanted + PORTS_TRIED_MAX, 65_536)):
        if port in besides:
            continue
        try:
            with reserved(HOST, port):
                return port
        except PortTaken:
            continue
    raise DemoFailed(f"No port from {wanted} on is free.", hint="Choose another with --port.")


def wait_for(condition: Callable[[], bool], *, seconds_max: float) -> float | None:
    """Seconds until `condition` held; None when it did not within `seconds_max`."""
    began_s = monotonic_s()
    while not condition():
        if monotonic_s() - began_s > seconds_max:
            return None
        sleep_s(_POLL_S)
    return monotonic_s() - began_s


def _said(log: Path) -> dict[str, Any] | None:
    """The one line of JSON with which both programs say that they serve."""
    for line in log.read_text("utf-8", "replace").splitlines() if log.exists() else ():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict) and "url" in found:
            return found
    return None
