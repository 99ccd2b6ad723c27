"""`vigie up` as operators run it: quick to start, clean to stop, hard to kill."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from running import RunningVigie, StartVigie, clean_environment, health, up_command
from vigie.foundation.clock import monotonic_s, sleep_s

FIRST_START_S_MAX = 20.0
RECOVERY_S_MAX = 15.0


@pytest.fixture(scope="session")
def lay_database() -> Callable[[Path], None]:
    """Nothing: what is tested here is the first start."""
    return lambda data: None


def _roles(vigie: RunningVigie) -> list[str]:
    return [role for role in ("database", "api", "api_workers", "worker") if role in vigie.pids()]


def _gone(processes: list[psutil.Process], *, within_s: float) -> list[psutil.Process]:
    _, alive = psutil.wait_procs(processes, timeout=within_s)
    return [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def _crowding() -> float:
    """How many programs share a processor just now: time limits are for a machine that is not crowded."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _refused(data: Path, *, port: int) -> str:
    done = subprocess.run(
        up_command(data, port=port),
        check=False,
        capture_output=True,
        text=True,
        env=clean_environment({}),
        timeout=60,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_in_twenty_seconds_stops_with_status_0_and_leaves_no_process(
    vigie_starter: StartVigie, number: signal.Signals
) -> None:
    vigie = vigie_starter()
    assert vigie.seconds < FIRST_START_S_MAX * _crowding()
    assert vigie.serves()
    family = vigie.family()
    assert vigie.stop(number) == 0
    assert _gone(family, within_s=1) == []
    assert health(vigie.url) is None
    assert sorted(one.name for one in (vigie.data / "run").iterdir()) == ["lock"]


def test_whichever_process_is_killed_it_serves_again_within_fifteen_seconds(
    vigie_starter: StartVigie,
) -> None:
    vigie = vigie_starter()
    for role in _roles(vigie):
        before = vigie.pids()[role]
        vigie.kill(role)
        until_s = monotonic_s() + RECOVERY_S_MAX * _crowding()
        while vigie.pids().get(role) in (before, None, []):
            assert monotonic_s() < until_s, f"{role} was not started again; {vigie.last_log_lines()}"
            sleep_s(0.1)
        vigie.wait_until_serving(seconds_max=RECOVERY_S_MAX * _crowding())
    assert vigie.stop() == 0


def test_when_the_supervisor_is_killed_nothing_lingers_and_the_next_start_works(
    vigie_starter: StartVigie,
) -> None:
    vigie = vigie_starter()
    family = vigie.family()
    vigie.process.kill()
    vigie.process.wait()
    assert _gone(family, within_s=10) == []
    assert vigie_starter().serves()


def test_the_next_start_need_not_wait_until_what_was_killed_is_gone(vigie_starter: StartVigie) -> None:
    vigie = vigie_starter()
    vigie.process.kill()
    again = vigie_starter()
    assert again.serves()
    for process in again.family():
        process.kill()
    once_more = vigie_starter()
    assert once_more.serves()
    assert once_more.stop() == 0


def test_a_second_vigie_on_the_same_folder_is_refused_with_a_sentence(running_vigie: RunningVigie) -> None:
    words = _refused(running_vigie.data, port=0)
    assert "already runs" in words
    assert running_vigie.url in words
    assert running_vigie.serves()


def test_a_taken_port_is_refused_with_a_sentence_before_anything_starts(
    running_vigie: RunningVigie, tmp_path: Path
) -> None:
    words = _refused(tmp_path, port=int(running_vigie.url.rsplit(":", 1)[1]))
    assert "is taken" in words
    assert "--port" in words
    assert not (tmp_path / "postgres").exists()


def test_commands_find_the_database_of_the_running_vigie(running_vigie: RunningVigie) -> None:
    assert running_vigie.command("migrate") == {"applied": []}
    findings = running_vigie.command("doctor")
    assert findings["well"], json.dumps(findings, indent=1)


def test_commands_say_so_when_no_vigie_runs(tmp_path: Path) -> None:
    done = subprocess.run(
        [*up_command(tmp_path, port=0)[:3], "migrate", "--data", str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        env=clean_environment({}),
        timeout=60,
    )
    assert done.returncode == 1
    assert "vigie up" in done.stderr
    assert "Traceback" not in done.stderr


def test_nobody_else_can_read_what_vigie_keeps(vigie_starter: StartVigie) -> None:
    vigie = vigie_starter()
    loose = []
    for folder, _, files in os.walk(vigie.data):
        if Path(folder).stat().st_mode & 0o007:
            loose.append(folder)
        loose += [name for name in files if (Path(folder) / name).lstat().st_mode & 0o007]
    assert loose == []
