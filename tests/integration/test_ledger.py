"""The ledger in a real database: append-only, without gaps, and telling of every tampering."""

import threading

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from vigie.foundation.settings import current
from vigie.ledger import service as ledger
from vigie.ledger.actors import SYSTEM
from vigie.ledger.chain import row_hash
from vigie.ledger.checkpoints import Damaged, Verified, checkpoints_folder, sign_checkpoint, verify
from vigie.ledger.events import CheckpointSigned
from vigie.ledger.models import Checkpoint, LedgerEntry, LedgerHead

pytestmark = pytest.mark.usefixtures("database")


def write(count: int) -> None:
    """Append rows."""
    for number in range(count):
        with transaction.atomic():
            ledger.append(CheckpointSigned(through=number), actor=SYSTEM, subject="test")


def tamper(database: str, *statements: str) -> None:
    """What somebody with the database owner's rights can do: switch the triggers off and write."""
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        for one in statements:
            owner.execute(one)
        owner.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")


def damage() -> Damaged:
    """The verdict, which must be damage."""
    found = verify(current())
    assert isinstance(found, Damaged)
    return found


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET actor = 'person:1' WHERE seq = 1",
        "DELETE FROM ledger_entry WHERE seq = 1",
        "TRUNCATE ledger_entry",
    ],
)
def test_the_database_refuses_to_change_what_was_written(statement: str) -> None:
    write(2)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement)
    assert LedgerEntry.objects.count() == 2


def test_nothing_is_recorded_outside_a_transaction() -> None:
    with pytest.raises(ledger.OutsideTransaction):
        ledger.append(CheckpointSigned(through=1), actor=SYSTEM, subject="test")


def test_an_entry_goes_with_its_transaction() -> None:
    write(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ledger.append(CheckpointSigned(through=9), actor=SYSTEM, subject="test")
        raise ZeroDivisionError
    write(1)
    assert list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]
    assert isinstance(verify(current()), Verified)


def test_many_writers_at_once_leave_no_gap() -> None:
    def work() -> None:
        write(25)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 151))
    assert verify(current()) == Verified(rows=150, checkpoints=0, signed_through=0)


def test_a_changed_row_is_named(database: str) -> None:
    write(6)
    tamper(database, """UPDATE ledger_entry SET facts = '{"through": 77}' WHERE seq = 3""")
    found = damage()
    assert (found.seq, found.kind) == (3, "changed")


def test_a_removed_row_is_named(database: str) -> None:
    write(6)
    tamper(database, "DELETE FROM ledger_entry WHERE seq = 4")
    found = damage()
    assert (found.seq, found.kind) == (4, "removed")


def test_a_row_removed_from_the_end_is_named(database: str) -> None:
    write(6)
    tamper(database, "DELETE FROM ledger_entry WHERE seq >= 5")
    found = damage()
    assert (found.seq, found.kind) == (5, "removed")


def test_an_end_cut_off_together_with_the_head_is_found_by_the_checkpoint(database: str) -> None:
    write(6)
    sign_checkpoint(current(), actor=SYSTEM)
    keep = LedgerEntry.objects.get(pk=4)
    tamper(database, "DELETE FROM ledger_entry WHERE seq >= 5", "DELETE FROM ledger_checkpoint")
    LedgerHead.objects.filter(pk=1).update(seq=4, hash=keep.hash)
    found = damage()
    assert (found.seq, found.kind) == (5, "removed")


def test_an_added_row_is_named(database: str) -> None:
    write(6)
    before = LedgerEntry.objects.get(pk=3)
    forged = row_hash(
        previous_hash=bytes(before.hash),
        seq=4,
        at=before.at,
        event="x.y.v1",
        actor="system:vigie",
        subject="s",
        facts={},
    ).hex()
    tamper(
        database,
        "UPDATE ledger_entry SET seq = seq + 1000 WHERE seq >= 4",
        "UPDATE ledger_entry SET seq = seq - 999 WHERE seq >= 1000",
        "INSERT INTO ledger_entry SELECT 4, at, 'x.y.v1', 'system:vigie', 's', '{}', hash,"
        f" decode('{forged}', 'hex') FROM ledger_entry WHERE seq = 3",
    )
    found = damage()
    assert (found.seq, found.kind) == (4, "added")


def test_rows_that_changed_places_are_named(database: str) -> None:
    write(6)
    tamper(
        database,
        "UPDATE ledger_entry SET seq = 1000 WHERE seq = 2",
        "UPDATE ledger_entry SET seq = 2 WHERE seq = 5",
        "UPDATE ledger_entry SET seq = 5 WHERE seq = 1000",
    )
    found = damage()
    assert (found.seq, found.kind) == (2, "reordered")


def test_a_history_written_anew_is_found_by_its_checkpoint(database: str) -> None:
    write(3)
    sign_checkpoint(current(), actor=SYSTEM)
    rows = list(LedgerEntry.objects.order_by("seq"))
    previous, statements = bytes(32), []
    for row in rows:
        digest = row_hash(
            previous_hash=previous,
            seq=row.seq,
            at=row.at,
            event=row.event,
            actor="person:666",
            subject=row.subject,
            facts=row.facts,
        )
        statements.append(
            f"UPDATE ledger_entry SET actor = 'person:666', previous_hash = decode('{previous.hex()}', 'hex'),"
            f" hash = decode('{digest.hex()}', 'hex') WHERE seq = {row.seq}"
        )
        previous = digest
    tamper(database, *statements)
    found = damage()
    assert found.kind == "changed"
    assert found.seq <= 3


def test_a_forged_checkpoint_is_found() -> None:
    write(3)
    sign_checkpoint(current(), actor=SYSTEM)
    Checkpoint.objects.update(signature=bytes(64))
    assert damage().sentence.startswith("The signature")


def test_a_damaged_checkpoint_file_is_found() -> None:
    write(3)
    sign_checkpoint(current(), actor=SYSTEM)
    path = next(checkpoints_folder(current()).glob("*.json"))
    path.write_bytes(path.read_bytes()[:40])
    assert damage().kind == "changed"


def test_a_checkpoint_signs_everything_once() -> None:
    write(3)
    first = sign_checkpoint(current(), actor=SYSTEM)
    assert first is not None
    assert first.through == 3
    assert sign_checkpoint(current(), actor=SYSTEM) is None
    write(1)
    assert sign_checkpoint(current(), actor=SYSTEM) is not None
    assert verify(current()) == Verified(rows=6, checkpoints=2, signed_through=5)


@pytest.mark.parametrize("number", [7, 100_000])
def test_rows_added_behind_the_end_are_named(database: str, number: int) -> None:
    write(6)
    tamper(
        database,
        "INSERT INTO ledger_entry (seq, at, event, actor, subject, facts, previous_hash, hash)"
        f" SELECT {number}, at, event, actor, subject, facts, previous_hash, hash FROM ledger_entry WHERE seq = 3",
    )
    found = damage()
    assert (found.seq, found.kind) == (number, "added")


def test_verifying_while_others_write_finds_nothing_wrong() -> None:
    write(200)
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            write(1)
            sign_checkpoint(current(), actor=SYSTEM)
        connection.close()

    writer = threading.Thread(target=work)
    writer.start()
    try:
        found = [verify(current()) for _ in range(15)]
    finally:
        stop.set()
        writer.join()
    assert all(isinstance(one, Verified) for one in found), found
