"""What the `database` fixture promises to every other test."""

import threading
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from databases import Copies, Server, database_name
from ready_cluster import cluster_digest, made_of
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.events import CheckpointSigned
from vigie.ledger.models import LedgerEntry
from vigie.ledger.service import append
from vigie.people.models import User


def _tables() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


# Databases are used again: what the first test leaves, the third would find.
@pytest.mark.parametrize("turn", [1, 2, 3, 4])
def test_what_a_test_commits_is_gone_in_the_next_one(database: str, turn: int) -> None:
    assert "left_behind" not in _tables()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_behind (id int)")
    assert "left_behind" in _tables()


@pytest.mark.parametrize("turn", [1, 2, 3, 4])
def test_rows_and_numbers_begin_anew_although_the_ledger_lets_nobody_remove_its_own(
    database: str, turn: int
) -> None:
    before = User.objects.count(), ContentType.objects.count(), LedgerEntry.objects.count()
    assert before == (0, len(apps.get_models()), 0)
    ContentType.objects.all().delete()
    with transaction.atomic():
        append(CheckpointSigned(through=turn), actor=COMMAND_LINE, subject="ledger")
    assert User.objects.create(username="anna", role="reviewer").pk == 1
    assert LedgerEntry.objects.get().seq == 1


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        "ALTER TABLE people_user ADD COLUMN more int",
        "CREATE INDEX another ON people_user (role)",
        "ALTER TABLE ledger_head DROP CONSTRAINT ledger_head_pkey CASCADE",
        "ALTER TABLE people_user ALTER COLUMN role SET DEFAULT 'reviewer'",
    ],
)
def test_a_database_that_is_no_longer_the_same_is_not_used_again(
    database_server: Server, migrated_database: str, change: str
) -> None:
    if not database_server.superuser_url:
        pytest.skip("there every database is dropped")
    copies = Copies(database_server, migrated_database)
    url = copies.take()
    with psycopg.connect(url) as plain:
        plain.execute(change.encode())
    assert copies._renew(url) != url
    copies.give_back(copies.take())
    copies.close()


def test_django_in_every_thread_and_the_settings_lead_to_the_same_database(database: str) -> None:
    names: list[str] = []

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            names.append(cursor.fetchone()[0])
        connections.close_all()

    other = threading.Thread(target=ask)
    other.start()
    other.join()
    ask()
    with psycopg.connect(current().database_url) as plain:
        row = plain.execute("SELECT current_database()").fetchone()
        assert row is not None
        names.append(row[0])
    assert set(names) == {database_name(database)}


def test_the_copy_has_the_triggers_of_the_migrations(database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'pgtrigger_%'")
        assert cursor.fetchone()[0] > 0


def test_the_copy_is_of_this_code(database: str) -> None:
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_whatever_decides_what_the_copy_holds_is_among_what_it_is_named_after() -> None:
    files = {path.as_posix().rpartition("/src/")[2] for path in made_of()}
    assert {
        "vigie/settings.py",
        "vigie/orders/models.py",
        "vigie/orders/states.py",  # a migration imports it
        "vigie/ledger/migrations/0002_head.py",
    } <= files


def test_a_changed_file_gives_another_cluster(tmp_path: Path) -> None:
    file = tmp_path / "0001_initial.py"
    file.write_text("operations = []")
    before = cluster_digest([file])
    assert cluster_digest([file]) == before
    file.write_text("operations = [1]")
    assert cluster_digest([file]) != before


def test_a_test_that_did_not_ask_for_a_database_reaches_none() -> None:
    with pytest.raises(DatabaseError):
        connection.ensure_connection()
