"""The embedded PostgreSQL, started, killed and started again."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from vigie.foundation.clock import monotonic_s, sleep_s
from vigie.up import embedded
from vigie.up.children import Child, processes_in
from vigie.up.embedded import EmbeddedDatabase
from vigie.up.errors import DatabaseUnusable


def _wait_until_answering(database: EmbeddedDatabase, child: Child) -> None:
    until_s = monotonic_s() + 30
    while not database.answers():
        assert child.exit_status() is None, database.log.read_text()
        assert monotonic_s() < until_s
        sleep_s(0.02)


def _wait_for_end(child: Child) -> int:
    until_s = monotonic_s() + 30
    while (status := child.exit_status()) is None:
        assert monotonic_s() < until_s
        sleep_s(0.02)
    return status


def _prepare(data: Path) -> EmbeddedDatabase:
    run = data / "run"
    run.mkdir(parents=True, exist_ok=True)
    return embedded.prepare(data, run=run, log=data / "postgres.log")


@contextlib.contextmanager
def _running(data: Path) -> Iterator[tuple[EmbeddedDatabase, Child]]:
    database = _prepare(data)
    with embedded.running(database) as child:
        yield database, child


def test_vigie_owns_its_database_and_is_no_superuser(tmp_path: Path) -> None:
    with _running(tmp_path) as (database, _), psycopg.connect(database.url) as connection:
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        assert row == (False,)
        connection.execute("CREATE TABLE kept (id int)")


def test_it_listens_on_no_network_and_keeps_what_was_committed_safe(tmp_path: Path) -> None:
    with _running(tmp_path) as (database, child), psycopg.connect(database.url) as connection:
        assert psutil.Process(child.pid).net_connections("inet") == []
        for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert connection.execute(f"SHOW {name}".encode()).fetchone() == ("on",)


def test_only_its_own_account_enters_the_socket_folder(tmp_path: Path) -> None:
    with _running(tmp_path) as (database, child):
        state = database.socket_folder.stat()
        assert state.st_mode & 0o077 == 0
        assert state.st_uid == psutil.Process(child.pid).uids().effective != 0 or os.geteuid() != 0


def test_data_survives_a_clean_stop(tmp_path: Path) -> None:
    with _running(tmp_path) as (database, _), psycopg.connect(database.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS value")
    with _running(tmp_path) as (database, _), psycopg.connect(database.url) as connection:
        assert connection.execute("SELECT value FROM kept").fetchone() == (1,)


def test_after_the_server_is_killed_its_orphans_are_cleared_and_what_was_committed_is_there(
    tmp_path: Path,
) -> None:
    with _running(tmp_path) as (database, child):
        with psycopg.connect(database.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS value")
        busy = psycopg.connect(database.url)
        # A backend that computes does not notice its server's death, and keeps the shared memory.
        busy.pgconn.send_query(b"SELECT count(*) FROM (SELECT generate_series(1, 1000000000000)) AS endless")
        sleep_s(0.2)
        os.kill(child.pid, signal.SIGKILL)
        assert _wait_for_end(child) == -signal.SIGKILL
        assert processes_in(database.folder)
        began_s = monotonic_s()
        tmp_path.chmod(0o700)  # whoever tidies up meanwhile takes the account's passage away
        database.make_way()
        assert processes_in(database.folder) == []
        again = Child(database.command())
        _wait_until_answering(database, again)
        assert monotonic_s() - began_s < 15
        busy.close()
        with psycopg.connect(database.url) as connection:
            assert connection.execute("SELECT value FROM kept").fetchone() == (1,)
        again.stop()
        assert _wait_for_end(again) == 0


def test_a_folder_whose_making_was_interrupted_is_made_anew(tmp_path: Path) -> None:
    unfinished = tmp_path / "postgres.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    with _running(tmp_path) as (database, _):
        assert database.answers()


def test_a_path_too_long_for_a_socket_gets_one_elsewhere(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 20) / ("longer" * 10)
    data.mkdir(parents=True)
    with _running(data) as (database, _):
        assert not database.socket_folder.is_relative_to(data)
        assert database.socket_folder.stat().st_mode & 0o077 == 0
        assert database.answers()
    assert not database.socket_folder.exists()


def test_another_version_is_refused_with_a_way_out(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("15\n")
    with pytest.raises(DatabaseUnusable, match="15") as refused:
        _prepare(tmp_path)
    assert refused.value.hint


def test_a_folder_that_holds_something_else_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    with pytest.raises(DatabaseUnusable):
        _prepare(tmp_path)
    assert (folder / "thesis.txt").read_text() == "years of work"
