"""Hearing of new ledger entries at once, on a database connection of its own, in any process.

It reads no entry, and what is heard may be missed while the database is away: whoever listens also looks by itself.
"""

import selectors
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from vigie.ledger.service import CHANNEL


class Listener:
    """Waits for new entries until it is stopped, from another thread too."""

    def __init__(self) -> None:
        self._is_stopped = False
        self._rope: socket.socket | None = None

    def stop(self) -> None:
        """End every wait, now and later."""
        self._is_stopped = True
        if self._rope is not None:
            self._rope.close()

    @contextmanager
    def connected(self) -> Iterator[Callable[[float], None]]:
        """A function that returns when an entry was added, or after so many seconds.

        Raises psycopg.Error when the database is away; when it went away, the function does at its next call.
        """
        parameters = connection.get_connection_params()
        parameters.pop("cursor_factory", None)
        parameters.pop("context", None)
        bell, self._rope = socket.socketpair()
        with (
            bell,
            self._rope,
            psycopg.connect(**{**parameters, "autocommit": True}) as listening,
            selectors.DefaultSelector() as either,
        ):
            listening.execute(f"LISTEN {CHANNEL}")
            either.register(listening, selectors.EVENT_READ)
            either.register(bell, selectors.EVENT_READ)
            if self._is_stopped:
                self._rope.close()

            def wait(duration_s: float) -> None:
                either.select(duration_s)
                for _ in listening.notifies(timeout=0):
                    pass

            yield wait
