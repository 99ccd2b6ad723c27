"""`vigie up`: starts the database, the migrations, the API and the worker, and keeps them running until told to stop.

It never kills in order to restart: a process that hangs is an operator's to judge, a process that died is started
again. Everything accepted is in the database, so any process may be killed at any time.
"""

import contextlib
import dataclasses
import http.client
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import psutil
import psycopg

from vigie import __version__
from vigie.foundation.clock import monotonic_s
from vigie.foundation.settings import Settings
from vigie.up import embedded
from vigie.up.children import Child, adopt_orphans, reap_orphans
from vigie.up.embedded import EmbeddedDatabase
from vigie.up.errors import CannotStart, DatabaseUnusable
from vigie.up.folder import DataFolder, locked
from vigie.up.logs import last_lines
from vigie.up.narrator import Narrator
from vigie.up.plan import Plan, Programs, programs
from vigie.up.ports import reserved
from vigie.up.watched import Watched

POSTGRES_VERSION_MIN = 15

_STOP_SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
_WAKING_SIGNALS = _STOP_SIGNALS | {signal.SIGCHLD}
_TICK_S = 0.1
_START_TICK_S = 0.02
_LOOK_EVERY_S = 1.0
_DATABASE_START_S_MAX = 300.0  # replaying the log after a crash takes as long as it takes
_SERVING_S_MAX = 90.0


class _StopAsked(Exception):
    """Ctrl-C or SIGTERM."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where the database is, and the embedded one if it is ours to run."""

    url: str
    server: EmbeddedDatabase | None


def run(settings: Settings, *, plan: Plan, inherited: Mapping[str, str], narrator: Narrator) -> None:
    """Start Vigie and serve until SIGINT, SIGTERM or SIGHUP; returns after everything has stopped in order.

    Raises CannotStart before anything serves, GaveUp when a process cannot be kept running.
    """
    began_s = monotonic_s()
    os.umask(0o077)  # what Vigie keeps is for its own account, in every process of the tree
    with locked(settings.data) as folder, reserved(settings.host, settings.port) as port, _signals_waiting():
        adopt_orphans()
        narrator.step(f"Vigie {__version__} starts on the data folder {folder.path}")
        database = _prepare_database(settings, folder)
        settings = dataclasses.replace(settings, data=folder.path, port=port, database_url=database.url)
        parts = programs(plan, settings, inherited=inherited, logs=folder.logs)
        _Supervisor(settings, folder, database, parts, narrator, began_s).run()


class _Supervisor:
    def __init__(
        self,
        settings: Settings,
        folder: DataFolder,
        database: Database,
        parts: Programs,
        narrator: Narrator,
        began_s: float,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._database = database
        self._migrate = parts.migrate
        self._narrator = narrator
        self._began_s = began_s
        self._server: Watched | None = None
        if database.server is not None:
            self._server = Watched(database.server.command(), before_start=database.server.make_way)
        self._api = Watched(parts.api)
        self._worker = Watched(parts.worker)
        self._database_answers = False
        self._noted_pids: dict[str, int | None] = {}
        self._noted: object = None
        self._looked_s = 0.0

    def run(self) -> None:
        try:
            self._start()
            while True:
                self._turn()
        except _StopAsked:
            self._narrator.step(
                "Stopping: the API finishes its requests, the worker its batch, then the database."
            )
        finally:
            self._stop()

    # --- start ---

    def _start(self) -> None:
        self._start_database()
        self._folder.note_database(self._database.url)
        self._narrator.step("Bringing the database schema up to date")
        self._run_migrations()
        self._narrator.step("Starting the API, the console and the worker")
        self._api.start()
        self._worker.start()
        self._wait_until(self._serves, "The API does not answer", log=self._api, patience_s=_SERVING_S_MAX)
        self._note_processes()
        self._narrator.ready({**self._facts(), "people": _people_in(self._database.url)})

    def _start_database(self) -> None:
        server = self._database.server
        if self._server is None or server is None:
            self._narrator.step("Using the PostgreSQL of VIGIE_DATABASE_URL")
            check_database(self._database.url)
            self._database_answers = True
            return
        self._narrator.step(f"Starting the embedded PostgreSQL {embedded.VERSION}")
        self._server.start()
        self._wait_until(
            self._see_database,
            "The database does not answer",
            log=self._server,
            patience_s=_DATABASE_START_S_MAX,
        )
        server.ensure_database()

    def _run_migrations(self) -> None:
        child = Child(self._migrate)
        try:
            while (status := child.exit_status()) is None:
                self._turn(besides=child)
        finally:
            child.kill()
        if status != 0:
            reason = " ".join(last_lines(self._migrate.log, count=2)) or "No reason was given."
            raise CannotStart(
                f"The database could not be made ready. {reason}",
                hint=f"The whole reason stands at the end of {self._migrate.log}.",
            )

    def _wait_until(
        self, condition: Callable[[], bool], complaint: str, *, log: Watched, patience_s: float
    ) -> None:
        until_s = monotonic_s() + patience_s
        while not condition():
            if monotonic_s() > until_s:
                raise CannotStart(
                    f"{complaint} after {patience_s:.0f} s.",
                    hint=f"The reason should stand at the end of {log.command.log}.",
                )
            self._turn(tick_s=_START_TICK_S)

    def _serves(self) -> bool:
        return self._api.pid is not None and answers(self._settings)

    def _see_database(self) -> bool:
        server = self._database.server
        self._database_answers = server is None or server.answers()
        return self._database_answers

    # --- keep running ---

    def _turn(self, *, besides: Child | None = None, tick_s: float = _TICK_S) -> None:
        """One round: wait a little, see who died, start who is due, show warnings."""
        got = signal.sigtimedwait(_WAKING_SIGNALS, tick_s)
        if got is not None and got.si_signo in _STOP_SIGNALS:
            raise _StopAsked
        for one in self._watched():
            death = one.notice_death()
            if death is not None:
                self._narrator.warn(one.role, death)
                self._database_answers &= one is not self._server
        if got is not None:
            known = {pid for one in self._watched() if (pid := one.pid) is not None}
            reap_orphans(known=known | ({besides.pid} if besides else set()))
        self._start_due()
        for one in self._watched():
            self._show_warnings(one)
        self._note_processes()

    def _start_due(self) -> None:
        if self._server is not None and self._server.is_due():
            self._server.start()
        if not self._database_answers and not self._see_database():
            return  # a process that dies for want of the database would be counted as failing
        for one in (self._api, self._worker):
            if one.is_due():
                one.start()

    def _show_warnings(self, one: Watched) -> None:
        for warning in one.tail.new_warnings(now_s=monotonic_s()):
            self._narrator.warn(one.role, warning)
        one.tail.rotate()

    def _note_processes(self) -> None:
        """Write the process numbers down whenever one changed; granian's own are looked at once a second."""
        pids = {one.role: one.pid for one in self._watched()}
        if pids == self._noted_pids and monotonic_s() - self._looked_s < _LOOK_EVERY_S:
            return
        self._looked_s, self._noted_pids = monotonic_s(), pids
        facts = self._facts()
        if facts["pids"] != self._noted:
            self._noted = facts["pids"]
            self._folder.note_processes(facts)

    def _facts(self) -> dict[str, object]:
        return {
            "url": shown_url(self._settings),
            "data": str(self._folder.path),
            "database": "embedded" if self._server is not None else "external",
            "seconds": round(monotonic_s() - self._began_s, 3),
            "pids": {
                "supervisor": os.getpid(),
                **{one.role: one.pid for one in self._watched()},
                "api_workers": _children_of(self._api.pid),
            },
        }

    def _watched(self) -> list[Watched]:
        return [one for one in (self._server, self._api, self._worker) if one is not None]

    # --- stop ---

    def _stop(self) -> None:
        """The database last: the others need it, and not each other. A second signal hurries."""
        hurried = False
        for group in ((self._api, self._worker), (self._server,)):
            watched = [one for one in group if one is not None]
            hurried = _stop_together([one.child for one in watched if one.child], hurried=hurried)
            for one in watched:
                one.child = None
        if self._database.server is not None:
            self._database.server.clear_leftovers()
            self._database.server.discard_socket_folder()
        self._folder.forget()


def answers(settings: Settings) -> bool:
    """Whether the API says that it is well."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=2)
    try:
        connection.request("GET", "/health", headers={"Host": f"localhost:{settings.port}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def shown_url(settings: Settings) -> str:
    """The address to give to people: an address that listens everywhere is reached by the machine's own name."""
    if settings.public_url or settings.host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return settings.base_url
    return f"http://localhost:{settings.port}"


def _people_in(url: str) -> int | None:
    """How many may sign in, at first nobody; None where the database does not say: Vigie serves all the same."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute("SELECT count(*) FROM people_user WHERE is_active").fetchone()
    except psycopg.Error:
        return None
    return int(row[0]) if row else None


def check_database(url: str) -> None:
    """Raises DatabaseUnusable when the PostgreSQL at `url` does not answer or is too old."""
    _check_address(url)
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        raise DatabaseUnusable(
            "The PostgreSQL of VIGIE_DATABASE_URL does not answer.",
            hint="Check that it runs, and the host, port, user, password and database name in the address.",
        ) from error
    if version < POSTGRES_VERSION_MIN:
        raise DatabaseUnusable(
            f"The PostgreSQL of VIGIE_DATABASE_URL is version {version}; Vigie needs {POSTGRES_VERSION_MIN} or later.",
            hint="Upgrade it, or leave VIGIE_DATABASE_URL empty to use the embedded one.",
        )


def _check_address(url: str) -> None:
    hint = "Write it as postgresql://user:password@host:port/name."
    try:
        parts = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise DatabaseUnusable("VIGIE_DATABASE_URL is no address of a PostgreSQL.", hint=hint) from error
    if not parts.get("dbname"):
        raise DatabaseUnusable("VIGIE_DATABASE_URL names no database.", hint=hint)


def _prepare_database(settings: Settings, folder: DataFolder) -> Database:
    if settings.database_url:
        return Database(url=settings.database_url, server=None)
    server = embedded.prepare(folder.path, run=folder.run, log=folder.logs / "postgres.log")
    return Database(url=server.url, server=server)


@contextlib.contextmanager
def _signals_waiting() -> Iterator[None]:
    """Hold the signals back until the supervisor asks for them, so that none comes between two steps."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _WAKING_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _stop_together(children: list[Child], *, hurried: bool) -> bool:
    """Stop processes and wait for all of them; whether somebody is in a hurry by now."""
    for child in children:
        if hurried:
            child.hurry()
        else:
            child.stop()
    until_s = {child: monotonic_s() + child.command.stop_s_max for child in children}
    while left := [child for child in children if child.exit_status() is None]:
        got = signal.sigtimedwait(_WAKING_SIGNALS, _TICK_S)
        hurried_now = got is not None and got.si_signo in _STOP_SIGNALS
        hurried |= hurried_now
        for child in left:
            if hurried_now or monotonic_s() > until_s[child]:
                child.hurry()
                until_s[child] = monotonic_s() + child.command.stop_s_max
    return hurried


def _children_of(pid: int | None) -> list[int]:
    if pid is None:
        return []
    try:
        return [one.pid for one in psutil.Process(pid).children()]
    except psutil.Error:
        return []
