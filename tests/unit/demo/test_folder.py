"""The demonstration deletes only what a demonstration made."""

import json
import os
import stat
from pathlib import Path

import pytest

from vigie.demo.errors import DemoFailed
from vigie.demo.folder import Notes, SignIn, fresh, kept

NOTES = Notes(8900, "token", "secret", (SignIn("coot", "reviewer", "password"),))


def test_a_folder_that_holds_something_else_is_refused_and_stays_whole(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years")
    with pytest.raises(DemoFailed, match="no demonstration made"):
        fresh(tmp_path)
    with pytest.raises(DemoFailed, match="no demonstration made"):
        kept(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "three years"


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert fresh(tmp_path).own.is_dir()


def test_an_earlier_demonstration_is_deleted(tmp_path: Path) -> None:
    first = fresh(tmp_path / "demo")
    (first.path / "postgres").mkdir()
    first.write_notes(NOTES)
    again = fresh(tmp_path / "demo")
    assert sorted(one.name for one in again.path.iterdir()) == ["demo"]
    assert again.read_notes() is None


def test_one_that_still_runs_is_refused(tmp_path: Path) -> None:
    first = fresh(tmp_path / "demo")
    (first.path / "run").mkdir()
    (first.path / "run" / "processes.json").write_text(json.dumps({"pids": {"supervisor": os.getpid()}}))
    with pytest.raises(DemoFailed, match="still runs"):
        fresh(tmp_path / "demo")


def test_kept_goes_on_with_notes_and_starts_anew_without(tmp_path: Path) -> None:
    first = kept(tmp_path / "demo")
    assert first.read_notes() is None
    first.write_notes(NOTES)
    assert kept(tmp_path / "demo").read_notes() == NOTES


def test_only_the_owner_can_read_the_notes(tmp_path: Path) -> None:
    folder = fresh(tmp_path / "demo")
    folder.write_notes(NOTES)
    assert stat.S_IMODE((folder.own / "notes.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_damaged_notes_are_no_notes(tmp_path: Path) -> None:
    folder = fresh(tmp_path / "demo")
    (folder.own / "notes.json").write_text('{"forum_port": 1}')
    assert folder.read_notes() is None
