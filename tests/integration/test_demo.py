"""`vigie demo` as people run it: everything that must happen happens, and it leaves nothing running."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any

import httpx
import psutil
import pytest

from running import clean_environment
from vigie.demo.processes import free_port

DEMO_S_MAX = 240.0
STOP_S_MAX = 60.0


@pytest.fixture
def demos() -> Iterator["list[subprocess.Popen[str]]"]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for one in started:
        if one.poll() is None:
            one.kill()  # its children get SIGTERM from the kernel
        one.wait()
        for stream in (one.stdout, one.stderr):
            if stream is not None:
                stream.close()


def _start(data: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "vigie.cli",
            "demo",
            "--data",
            str(data),
            "--port",
            str(free_port(18_080)),
            *arguments,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment({"VIGIE_DATABASE_URL": "postgresql://nobody@nowhere.invalid/not-for-demos"}),
    )


def _lines(stream: IO[str]) -> "Queue[str]":
    lines: Queue[str] = Queue()

    def read() -> None:
        for line in stream:
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    return lines


def _next(lines: "Queue[str]") -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(lines.get(timeout=DEMO_S_MAX))
    except (Empty, ValueError) as error:
        raise AssertionError("the demonstration said nothing") from error
    return found


def _running_under(data: Path) -> list[str]:
    """Names of processes that have to do with a data folder."""
    return [
        process.info["name"]
        for process in psutil.process_iter(["cmdline", "name", "status"])
        if str(data) in " ".join(process.info["cmdline"] or ())
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


@pytest.mark.slow
def test_everything_that_must_happen_happens_and_it_ends_with_status_0(
    tmp_path: Path, demos: "list[subprocess.Popen[str]]"
) -> None:
    data = tmp_path / "demo"
    demos.append(_start(data, "--exit", "--json"))
    said, complaints = demos[0].communicate(timeout=DEMO_S_MAX)
    assert demos[0].returncode == 0, said + complaints
    told = json.loads(said)
    assert [one["claim"] for one in told["expectations"] if not one["holds"]] == []
    assert told["ok"] is True
    assert told["counts"]["false_matches"] == 0
    assert told["counts"]["photographs"] >= 12
    assert told["counts"]["found"] >= 12
    assert {one["verdict"] for one in told["posts"]} == {"allow", "review", "hold", "remove"}
    assert _running_under(data) == []
    logs = "\n".join(log.read_text() for log in (data / "logs").glob("*.log"))
    assert "Traceback" not in logs


@pytest.mark.slow
def test_it_stays_until_ctrl_c_and_goes_on_later_with_what_it_kept(
    tmp_path: Path, demos: "list[subprocess.Popen[str]]"
) -> None:
    data = tmp_path / "demo"
    demos.append(_start(data, "--json"))
    assert demos[0].stdout is not None
    lines = _lines(demos[0].stdout)
    told, invited = _next(lines), _next(lines)
    assert httpx.get(f"{invited['url']}/accounts/login/").status_code == 200
    published = _published(invited["forum"], told)
    assert len(published) >= 12
    demos[0].send_signal(signal.SIGINT)
    assert demos[0].wait(timeout=STOP_S_MAX) == 0
    assert _running_under(data) == []

    demos.append(_start(data, "--keep", "--json"))
    assert demos[1].stdout is not None
    again = _next(_lines(demos[1].stdout))
    assert again["people"] == invited["people"]
    assert _published(again["forum"], told) == published
    demos[1].send_signal(signal.SIGTERM)
    assert demos[1].wait(timeout=STOP_S_MAX) == 0
    assert _running_under(data) == []


def test_a_folder_that_is_not_its_own_is_refused_in_a_sentence(
    tmp_path: Path, demos: "list[subprocess.Popen[str]]"
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    demos.append(_start(tmp_path, "--exit"))
    _, complaint = demos[0].communicate(timeout=DEMO_S_MAX)
    assert demos[0].returncode == 1
    assert "no demonstration made" in complaint
    assert "Traceback" not in complaint
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def _published(forum: str, told: dict[str, Any]) -> list[int]:
    """Numbers of posts that a stranger can read."""
    numbers = [one["number"] for one in told["posts"]]
    with httpx.Client(base_url=forum) as http:
        return [number for number in numbers if http.get(f"/p/{number}").status_code == 200]
