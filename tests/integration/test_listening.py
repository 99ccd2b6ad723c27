"""New ledger entries are heard of at once, and a stop ends the wait."""

import threading

import psycopg
import pytest
from django.db import transaction

from vigie.foundation.clock import monotonic_s
from vigie.ledger.actors import COMMAND_LINE
from vigie.ledger.events import CheckpointSigned
from vigie.ledger.listening import Listener
from vigie.ledger.service import append

LONG_S = 60.0
SOON_S_MAX = 20.0  # milliseconds where nothing else runs


def test_an_entry_ends_the_wait_once_it_is_committed(database: str) -> None:
    with Listener().connected() as wait:
        with transaction.atomic():
            append(CheckpointSigned(through=1), actor=COMMAND_LINE, subject="ledger")
        began_s = monotonic_s()
        wait(LONG_S)
        assert monotonic_s() - began_s < SOON_S_MAX
        wait(0.2)  # it was heard, and is not heard again
        assert monotonic_s() - began_s >= 0.2


def test_a_stop_from_another_thread_ends_the_wait_and_those_after_it(database: str) -> None:
    listener = Listener()
    with listener.connected() as wait:
        threading.Timer(0.2, listener.stop).start()
        began_s = monotonic_s()
        wait(LONG_S)
        wait(LONG_S)
    with listener.connected() as wait:
        wait(LONG_S)
    assert monotonic_s() - began_s < SOON_S_MAX


def test_a_database_that_goes_away_is_noticed_while_waiting(database: str) -> None:
    with Listener().connected() as wait:
        with psycopg.connect(database) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        began_s = monotonic_s()
        with pytest.raises(psycopg.OperationalError):
            for _ in range(2):  # what it said last, and that it is gone
                wait(LONG_S)
        assert monotonic_s() - began_s < SOON_S_MAX
