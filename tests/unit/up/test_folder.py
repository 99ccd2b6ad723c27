"""One supervisor for a data folder, and notes that only a running one makes true."""

import os
import stat
from pathlib import Path

import pytest

from vigie.up.errors import AlreadyRunning, FolderUnusable, NotRunning
from vigie.up.folder import locked, running_database_url, running_processes


def test_a_second_vigie_on_the_same_folder_is_refused_and_told_where_the_first_one_is(tmp_path: Path) -> None:
    with locked(tmp_path / "data") as folder:
        folder.note_processes({"url": "http://127.0.0.1:1234"})
        with pytest.raises(AlreadyRunning, match="1234"), locked(tmp_path / "data"):
            pass


def test_the_folder_is_free_again_when_the_first_one_has_ended(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path / "data"):
            pass


def test_the_folder_is_private(tmp_path: Path) -> None:
    with locked(tmp_path / "deep" / "data") as folder:
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_the_database_address_is_private_and_found_while_vigie_runs(tmp_path: Path) -> None:
    with locked(tmp_path) as folder:
        folder.note_database("postgresql://vigie@/vigie")
        assert stat.S_IMODE((folder.run / "database-url").stat().st_mode) == 0o600
        assert running_database_url(tmp_path) == "postgresql://vigie@/vigie"


def test_an_address_left_by_a_killed_vigie_is_not_believed(tmp_path: Path) -> None:
    with locked(tmp_path) as folder:
        folder.note_database("postgresql://vigie@/vigie")
    with pytest.raises(NotRunning) as refused:
        running_database_url(tmp_path)
    assert "vigie up" in refused.value.hint


def test_a_folder_without_vigie_says_that_nothing_runs(tmp_path: Path) -> None:
    with pytest.raises(NotRunning):
        running_database_url(tmp_path / "nothing")
    assert running_processes(tmp_path / "nothing") == {}


def test_a_file_in_the_place_of_the_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(FolderUnusable), locked(tmp_path / "data"):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused_with_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FolderUnusable), locked(tmp_path / "data"):
        pass


def test_a_folder_that_another_command_made_becomes_private(tmp_path: Path) -> None:
    (tmp_path / "data" / "keys").mkdir(parents=True)
    (tmp_path / "data").chmod(0o755)
    with locked(tmp_path / "data") as folder:
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_a_folder_that_holds_other_things_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "home" / "letters").mkdir(parents=True)
    (tmp_path / "home").chmod(0o755)
    with locked(tmp_path / "home") as folder:
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o755
