"""Fixtures that many tests share: a database of one's own, and a running Vigie.

Nothing here replaces a part of Vigie.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import django
import hypothesis
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import translation

import whereabouts

# Before Django reads its settings: a data folder for this run alone, and no database until a test asks for one.
# Processes that share the tests (`-n 2`) inherit the environment of the one that started them.
_OPERATORS_DATABASE_URL = os.environ.setdefault(
    "OPERATORS_DATABASE_URL", os.environ.get("VIGIE_DATABASE_URL", "")
)
_RUN_FOLDER = tempfile.TemporaryDirectory(prefix="vigie-tests-", ignore_cleanup_errors=True)
os.environ["VIGIE_DATA"] = _RUN_FOLDER.name
# A run that starts beside this one narrows the folder that all runs of an account share, and the embedded database,
# which runs under another account, could not pass any more. So its folders are its own.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _RUN_FOLDER.name)
os.environ["VIGIE_DATABASE_URL"] = "postgresql://nobody@/ask-for-the-database-fixture?host=/nowhere"
os.environ["DJANGO_SETTINGS_MODULE"] = "vigie.settings"
django.setup()

from databases import (  # noqa: E402 - after Django
    Copies,
    Server,
    embedded_server,
    migrated,
    migrated_template,
    point_django_at,
)
from ready_cluster import copy_cluster  # noqa: E402
from running import RunningVigie, StartVigie, start_vigie  # noqa: E402
from smtp_server import Mailbox, smtp_server  # noqa: E402
from vigie.evidence import package_seal  # noqa: E402
from vigie.foundation import settings as vigie_settings  # noqa: E402

# A crowded machine is no counter-example.
hypothesis.settings.register_profile("vigie", deadline=None)
hypothesis.settings.load_profile("vigie")
# A third of a second for each password, wrong ones too; a Vigie in processes of its own hashes as operators' do.
PBKDF2PasswordHasher.iterations = 1_000
package_seal.LOG2_N = 14  # as quick as a package may be
whereabouts.note_stacks_when_ended()


def pytest_runtest_logstart(nodeid: str) -> None:
    """For a run that hangs."""
    whereabouts.note_test(nodeid)


def pytest_runtest_logfinish() -> None:
    """For a run that hangs between tests."""
    whereabouts.note_test("")


@pytest.fixture(scope="session")
def database_server() -> Iterator[Server]:
    """One PostgreSQL for the whole run: that of VIGIE_DATABASE_URL, else the embedded one."""
    if _OPERATORS_DATABASE_URL:
        yield Server(_OPERATORS_DATABASE_URL)
        return
    with tempfile.TemporaryDirectory(prefix="vigie-pg-") as folder:
        copy_cluster(Path(folder))
        with embedded_server(Path(folder)) as server:
            yield server


@pytest.fixture(scope="session")
def migrated_database(database_server: Server) -> Iterator[str]:
    """A database with every migration applied, from which tests get copies."""
    if not _OPERATORS_DATABASE_URL:
        yield migrated(database_server)
        return
    url = migrated_template(database_server)
    yield url
    database_server.drop(url)


@pytest.fixture(scope="session")
def database_copies(database_server: Server, migrated_database: str) -> Iterator[Copies]:
    """Databases with every migration applied, one a test."""
    copies = Copies(database_server, migrated_database)
    yield copies
    copies.close()


@pytest.fixture
def database(database_copies: Copies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a migrated database for this test alone, with a data folder of its own.

    Commits, triggers, NOTIFY and threads are real. Django's connections in every thread, and the settings, lead here.
    """
    url = database_copies.take()
    monkeypatch.setenv("VIGIE_DATABASE_URL", url)
    monkeypatch.setenv("VIGIE_DATA", str(tmp_path / "data"))
    vigie_settings.current.cache_clear()
    point_django_at(url)
    yield url
    monkeypatch.undo()
    vigie_settings.current.cache_clear()
    point_django_at(os.environ["VIGIE_DATABASE_URL"])
    database_copies.give_back(url)


@pytest.fixture(autouse=True)
def nobody_chose_a_language() -> Iterator[None]:
    """A request in one test leaves its language to the thread; the next test finds none chosen."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def lay_database() -> Callable[[Path], None]:
    """What a new data folder begins with: the migrated database, so that a start need not make it.

    Tests of the first start replace it.
    """
    return copy_cluster if not _OPERATORS_DATABASE_URL else lambda data: None


@pytest.fixture
def vigie_starter(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StartVigie]:
    """Starts `vigie up` on data folders under `tmp_path`; whatever still runs after the test is stopped."""
    yield from _starter(request, tmp_path)


@pytest.fixture(scope="module")
def vigie_starter_of_module(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartVigie]:
    """The same for all tests of a module together."""
    yield from _starter(request, tmp_path_factory.mktemp("vigies"))


def _starter(request: pytest.FixtureRequest, folder: Path) -> Iterator[StartVigie]:
    """Each name has a data folder and, on an external server, a database of its own."""
    lay_database = request.getfixturevalue("lay_database")
    started: list[RunningVigie] = []
    made: dict[str, str] = {}

    def start(name: str = "data", **settings: str) -> RunningVigie:
        extra = dict(settings)
        if _OPERATORS_DATABASE_URL and "VIGIE_DATABASE_URL" not in extra:
            if name not in made:
                made[name] = request.getfixturevalue("database_server").make_empty()
            extra["VIGIE_DATABASE_URL"] = made[name]
        if not (folder / name).exists():
            lay_database(folder / name)
        started.append(start_vigie(folder / name, settings=extra))
        return started[-1]

    yield start
    for one in started:
        _end(one)
    for url in made.values():
        request.getfixturevalue("database_server").drop(url)


@pytest.fixture
def smtp() -> Iterator[tuple[Mailbox, str]]:
    """A real SMTP server and its address."""
    with smtp_server() as found:
        yield found


@pytest.fixture(scope="session")
def running_vigie(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    lay_database: Callable[[Path], None],
) -> Iterator[RunningVigie]:
    """One Vigie for all tests that only use it from outside; they must not stop it or depend on an empty one."""
    settings: dict[str, str] = {}
    if _OPERATORS_DATABASE_URL:
        settings["VIGIE_DATABASE_URL"] = request.getfixturevalue("database_server").make_empty()
    data = tmp_path_factory.mktemp("vigie") / "data"
    lay_database(data)
    vigie = start_vigie(data, settings=settings)
    yield vigie
    _end(vigie)
    if settings:
        request.getfixturevalue("database_server").drop(settings["VIGIE_DATABASE_URL"])


def _end(vigie: RunningVigie) -> None:
    try:
        vigie.stop()
    finally:
        if vigie.process.poll() is None:
            vigie.process.kill()
            vigie.process.wait()
