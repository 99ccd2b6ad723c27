"""Databases for tests: one server for the whole run, one migrated template, and a copy of it for each test.

It uses the embedded PostgreSQL, or the server of VIGIE_DATABASE_URL, where it makes databases of its own and drops
them again.
"""

import contextlib
import itertools
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from django.core.management import call_command
from django.db import connections

from database_reset import Original, original, reset
from vigie.foundation.clock import sleep_s
from vigie.foundation.identifiers import new_uuid
from vigie.up import embedded

_DROPS_MAX = 100
_UNSAFE_BUT_QUICK = tuple(
    f"--{name}=off" for name in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
)


@dataclass
class Server:
    """A PostgreSQL in which this run may make databases; `url` is the database to make them from."""

    url: str
    superuser_url: str = ""
    _prefix: str = field(default_factory=lambda: f"vigie_test_{new_uuid()[:8]}")
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def make_empty(self) -> str:
        """The address of a new database without tables."""
        return self._make("")

    def copy_of(self, template_url: str) -> str:
        """The address of a new database like the one at `template_url`, which nobody may be connected to."""
        # Copied as files: page by page through the server it dirties its memory, which every drop then writes out.
        return self._make(f" TEMPLATE {database_name(template_url)} STRATEGY FILE_COPY")

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        for _ in range(_DROPS_MAX):
            # The server's own vacuum may be at work there for a moment, and only a superuser may end that.
            with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
                self._execute(f"DROP DATABASE IF EXISTS {database_name(url)} WITH (FORCE)")
                return
            sleep_s(0.2)
        raise AssertionError("a test's database cannot be dropped")

    def _make(self, how: str) -> str:
        name = f"{self._prefix}_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name}{how}")
        return _with_name(self.url, name)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())


class Copies:
    """Copies of one database, each made ready while a test runs on another one.

    Where this run may do everything (`superuser_url`), what a test leaves is made as it was; else it is dropped.
    """

    def __init__(self, server: Server, template_url: str) -> None:
        self._server = server
        self._template_url = template_url
        self._original: Original | None = None
        if server.superuser_url:
            with psycopg.connect(self._as_superuser(template_url), autocommit=True) as connection:
                self._original = original(connection)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="copy-database")
        self._ready = deque([self._thread.submit(self._make)])

    def take(self) -> str:
        """The address of one that nobody has used; raises what went wrong with those before."""
        url = self._ready.popleft().result()
        if not self._ready:
            self._ready.append(self._thread.submit(self._make))
        return url

    def give_back(self, url: str) -> None:
        """The test is through with it."""
        self._ready.append(self._thread.submit(self._renew, url))

    def close(self) -> None:
        """Drop what is left."""
        for one in self._ready:
            self._server.drop(one.result())
        self._thread.shutdown(wait=True)

    def _make(self) -> str:
        return self._server.copy_of(self._template_url)

    def _renew(self, url: str) -> str:
        if self._original is not None:
            with psycopg.connect(self._as_superuser(url), autocommit=True) as connection:
                if reset(connection, self._original):
                    return url
        self._server.drop(url)
        return self._make()

    def _as_superuser(self, url: str) -> str:
        return _with_name(self._server.superuser_url, database_name(url))


@contextlib.contextmanager
def embedded_server(folder: Path) -> Iterator[Server]:
    """The embedded PostgreSQL on `folder`; it need not survive the machine, so it does not wait for the disk."""
    run = folder / "run"
    run.mkdir(parents=True)
    database = embedded.prepare(folder, run=run, log=folder / "postgres.log")
    with embedded.running(database, options=_UNSAFE_BUT_QUICK):
        url = _with_name(database.url, "postgres")
        yield Server(url, superuser_url=url.replace(f"//{embedded.ROLE}@", f"//{embedded.SUPERUSER}@"))


def migrated(server: Server) -> str:
    """The address of the database that an embedded server comes with."""
    return _with_name(server.url, embedded.DATABASE)


def migrated_template(server: Server) -> str:
    """The address of a database with every table, trigger and first row."""
    url = server.make_empty()
    point_django_at(url)
    call_command("migrate", interactive=False, verbosity=0)
    connections.close_all()
    return url


def point_django_at(url: str) -> None:
    """Let every connection that Django opens from now on, in any thread, go to `url`."""
    connections.close_all()
    parts = urlsplit(url)
    given = psycopg.conninfo.conninfo_to_dict(url)
    connections.settings["default"].update(
        NAME=given["dbname"],
        USER=given.get("user", ""),
        PASSWORD=given.get("password", ""),
        HOST=given.get("host", ""),
        PORT=str(parts.port or ""),
        CONN_MAX_AGE=0,
    )


def database_name(url: str) -> str:
    """The name in an address."""
    return urlsplit(url).path.lstrip("/")


def _with_name(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(name)}"))
