"""Long work behind a page: its record says how it went, also when its process is gone."""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from vigie.console.background import RUNS_KEPT, SILENT_AFTER, Run, Runs, Tell
from vigie.foundation.clock import monotonic_s, now, sleep_s
from vigie.foundation.errors import Invalid, NotFound
from vigie.foundation.settings import Settings


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(Settings(data=tmp_path), "examples")


def wait(runs: Runs, run: Run, until: Callable[[Run], bool]) -> Run:
    end_s = monotonic_s() + 20
    while not until(found := runs.find(run.id)):
        assert monotonic_s() < end_s, found
        sleep_s(0.02)
    return found


def test_work_tells_how_far_it_is_and_what_came_of_it(runs: Runs) -> None:
    go_on = threading.Event()

    def work(tell: Tell) -> Mapping[str, Any]:
        tell({"rows": 1})
        go_on.wait(20)
        return {"rows": 2}

    run = runs.prepare({"bank": "herons"}, started_by="person:1")
    runs.start(run, work)
    told = wait(runs, run, lambda one: one.facts == {"rows": 1})
    assert (told.state_at(now()), told.order) == ("running", {"bank": "herons"})
    go_on.set()
    done = wait(runs, run, lambda one: one.state == "done")
    assert done.facts == {"rows": 2}


def test_a_failure_is_kept_in_words(runs: Runs) -> None:
    def work(tell: Tell) -> Mapping[str, Any]:
        raise Invalid("The file has no header.", hint="Columns needed: signal_type and signal_value.")

    run = runs.prepare({}, started_by="person:1")
    runs.start(run, work)
    failed = wait(runs, run, lambda one: one.state == "failed")
    assert failed.complaint == "The file has no header. Columns needed: signal_type and signal_value."


def test_a_mistake_of_ours_fails_the_run_and_tells_nothing_of_its_inside(runs: Runs) -> None:
    def work(tell: Tell) -> Mapping[str, Any]:
        raise ZeroDivisionError("secret")

    run = runs.prepare({}, started_by="person:1")
    runs.start(run, work)
    failed = wait(runs, run, lambda one: one.state == "failed")
    assert failed.sentence
    assert "secret" not in failed.complaint


def test_work_that_is_not_heard_of_any_more_was_interrupted(runs: Runs, tmp_path: Path) -> None:
    run = runs.prepare({}, started_by="person:1")
    silent_from = datetime.fromisoformat(run.beat_at) + SILENT_AFTER
    assert run.state_at(silent_from) == "running"
    assert run.state_at(silent_from + timedelta(seconds=1)) == "interrupted"


def test_only_so_many_records_are_kept_and_running_ones_always(runs: Runs, tmp_path: Path) -> None:
    first = runs.prepare({}, started_by="person:1")
    for _ in range(RUNS_KEPT + 5):
        run = runs.prepare({}, started_by="person:1")
        path = tmp_path / "runs" / "examples" / run.id / "run.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"state": "done"}))
    kept = runs.newest()
    assert len(kept) == RUNS_KEPT + 1
    assert first.id in {run.id for run in kept}


@pytest.mark.parametrize("name", ["", "../x", "..", "/etc", "x" * 36])
def test_an_id_names_no_other_folder(runs: Runs, name: str) -> None:
    with pytest.raises(NotFound):
        runs.find(name)
