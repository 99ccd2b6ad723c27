"""The supervisor with small programs in place of the API and the worker, where the real ones would not misbehave."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from running import clean_environment, health
from vigie.foundation.clock import monotonic_s, sleep_s

_SERVE = """
    import http.server, os, signal, time
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200); self.end_headers()
        def log_message(self, *_): pass
    class Server(http.server.HTTPServer):
        allow_reuse_port = True
    Server((os.environ["VIGIE_HOST"], int(os.environ["VIGIE_PORT"])), Answer).serve_forever()
"""
_WAIT = "import signal; signal.pause()"
_FAIL = "raise SystemExit(3)"
_STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: signal.pause()"
_WITH_CHILD = """
    import signal, subprocess, sys
    subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    signal.pause()
"""
_MAIN = """
    import json, os, sys
    from vigie.foundation.errors import VigieError
    from vigie.foundation.settings import read_settings
    from vigie.up.narrator import ForPrograms
    from vigie.up.plan import Plan
    from vigie.up.supervisor import run
    migrate, api, worker = json.loads(sys.argv[1])
    plan = Plan(*((sys.executable, "-c", one) for one in (migrate, api, worker)))
    try:
        run(read_settings(os.environ), plan=plan, inherited=os.environ, narrator=ForPrograms())
    except VigieError as error:
        print(error.code, error.sentence, error.hint, file=sys.stderr)
        raise SystemExit(1)
"""


@dataclass
class Supervised:
    """A supervisor of small programs."""

    process: "subprocess.Popen[str]"
    data: Path

    def pids(self) -> dict[str, int]:
        pids: dict[str, int] = json.loads((self.data / "run" / "processes.json").read_text())["pids"]
        return pids

    def wait_ready(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        return str(json.loads(line)["url"])

    def end(self) -> tuple[int, str]:
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors


class Starter:
    """Starts supervisors and ends those that a failing test left."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.started: list[Supervised] = []

    def __call__(
        self, *, api: str = _SERVE, worker: str = _WAIT, migrate: str = "", folder: str = "data"
    ) -> Supervised:
        programs = [textwrap.dedent(one) for one in (migrate, api, worker)]
        data = self._folder / folder
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(_MAIN), json.dumps(programs)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean_environment({"VIGIE_DATA": str(data), "VIGIE_PORT": "0"}),
        )
        self.started.append(Supervised(process, data))
        return self.started[-1]


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Starter]:
    starter = Starter(tmp_path)
    yield starter
    for one in starter.started:
        if one.process.poll() is None:
            one.process.kill()
        if one.process.stdout is not None and not one.process.stdout.closed:
            one.process.communicate()


def _gone(processes: list[psutil.Process], *, within_s: float) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=within_s)
    return not [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_a_worker_that_cannot_live_ends_vigie_in_order_and_names_its_log(supervise: Starter) -> None:
    vigie = supervise(worker=_FAIL)
    status, errors = vigie.end()
    assert status == 1
    assert "gave_up" in errors
    assert "worker.log" in errors
    assert sorted(one.name for one in (vigie.data / "run").iterdir()) == ["lock"]
    assert "database system is shut down" in (vigie.data / "logs" / "postgres.log").read_text()


def test_failing_migrations_are_told_and_nothing_else_starts(supervise: Starter) -> None:
    vigie = supervise(migrate="raise SystemExit('table is missing')")
    status, errors = vigie.end()
    assert status == 1
    assert "table is missing" in errors
    assert not (vigie.data / "logs" / "api.log").exists()


def test_a_second_signal_hurries_a_process_that_takes_its_time(supervise: Starter) -> None:
    vigie = supervise(worker=_STUBBORN)
    vigie.wait_ready()
    began_s = monotonic_s()
    vigie.process.send_signal(signal.SIGINT)
    sleep_s(1)
    assert vigie.process.poll() is None
    vigie.process.send_signal(signal.SIGINT)
    assert vigie.end()[0] == 0
    assert monotonic_s() - began_s < 10


def test_what_a_killed_process_leaves_behind_is_ended_before_it_starts_again(supervise: Starter) -> None:
    vigie = supervise(worker=_WITH_CHILD)
    vigie.wait_ready()
    worker = psutil.Process(vigie.pids()["worker"])
    until_s = monotonic_s() + 10
    while not (left := worker.children()):
        assert monotonic_s() < until_s
        sleep_s(0.05)
    worker.kill()
    assert _gone(left, within_s=5)


def test_a_stop_during_the_start_is_obeyed(supervise: Starter) -> None:
    vigie = supervise(migrate="import time; time.sleep(60)")
    log = vigie.data / "logs" / "migrate.log"
    until_s = monotonic_s() + 30
    while not log.exists():
        assert monotonic_s() < until_s
        sleep_s(0.05)
    children = psutil.Process(vigie.process.pid).children(recursive=True)
    vigie.process.send_signal(signal.SIGTERM)
    assert vigie.end()[0] == 0
    assert _gone(children, within_s=1)


def test_it_keeps_the_port_while_the_api_is_down(supervise: Starter) -> None:
    vigie = supervise()
    url = vigie.wait_ready()
    os.kill(vigie.pids()["api"], signal.SIGKILL)
    until_s = monotonic_s() + 15
    while health(url) != 200:
        assert monotonic_s() < until_s
        sleep_s(0.05)
    vigie.process.send_signal(signal.SIGTERM)
    assert vigie.end()[0] == 0
