"""A backup of a Vigie that runs, restored elsewhere: everything is there, and what is not whole is refused."""

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg
import pytest

from databases import Server
from pictures import as_bytes, picture
from running import RunningVigie, StartVigie, clean_environment
from vigie.backup.container import FORMAT, Head, Writer
from vigie.backup.errors import RestoreRefused
from vigie.backup.restoring import restore
from vigie.banks import service as banks
from vigie.cases.models import Case
from vigie.evidence.models import EvidenceItem
from vigie.evidence.service import read_item
from vigie.flows.banking import Banking, bank_file
from vigie.foundation.clock import monotonic_s, sleep_s
from vigie.foundation.settings import current
from vigie.ledger.actors import COMMAND_LINE
from vigie.platforms.service import add_platform

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("OPERATORS_DATABASE_URL")), reason="these are about the embedded database"
)

PATIENCE_S = 60.0
COPY = as_bytes(picture(1).resize((160, 120)), "JPEG", quality=60)
OTHER = as_bytes(picture(7))
OF_NOTHING = Head(
    format=FORMAT,
    kind="whole",
    id="x",
    vigie="0",
    taken_at="",
    ledger_rows=0,
    ledger_hash="",
    migrations=(),
)


@dataclass
class World:
    """A Vigie with a bank, a platform and cases, and a backup of it."""

    vigie: RunningVigie
    token: str
    folder: Path
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def backup(self) -> Path:
        """Where it is."""
        return self.folder / "whole.backup"

    def ask(self, client: httpx.Client, name: str, data: bytes) -> dict[str, object]:
        """One upload."""
        body = {"id": name, "url": f"https://forum.example/p/{name}", "media": [{"id": "m"}]}
        answer = client.post("/v1/content", files={"content": (None, json.dumps(body)), "m": ("m", data)})
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.json()
        return found

    def client(self) -> httpx.Client:
        """The platform's."""
        return httpx.Client(
            base_url=self.vigie.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=30
        )

    @contextmanager
    def uploads(self) -> Iterator[list[str]]:
        """Copies and harmless pictures come in, one after the other, while the block runs; those answered."""
        stop, answered = threading.Event(), [""]
        answered.clear()

        def go_on() -> None:
            with self.client() as client:
                while not stop.is_set():
                    name = f"during-{len(answered)}"
                    self.ask(client, name, COPY if len(answered) % 2 else OTHER)
                    answered.append(name)

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            yield answered
        finally:
            stop.set()
            thread.join()
            assert answered, "no upload came in"


@pytest.fixture(scope="module")
def world(vigie_starter_of_module: StartVigie, tmp_path_factory: pytest.TempPathFactory) -> World:
    vigie = vigie_starter_of_module(VIGIE_CHECKPOINT_EVERY_S="10", VIGIE_PROVIDER_NAME="Heron Forum")
    with vigie.domain():
        add_platform(
            name="forum",
            title="Forum",
            url="https://forum.example/hook",
            actor=COMMAND_LINE,
            settings=current(),
        )
        banks.create_bank(name="grey-heron", title="Grey Heron", actor=COMMAND_LINE)
        banking = Banking("grey-heron", banks.Provenance("unit A"))
        bank_file(as_bytes(picture(1)), banking, actor=COMMAND_LINE, settings=current())
    made = World(vigie, vigie.token("content:write", platform="forum"), tmp_path_factory.mktemp("backups"))
    with made.client() as client:
        for number in range(10):
            made.ask(client, f"before-{number}", COPY if number % 2 else OTHER)
    with made.uploads() as answered:
        _wait_for(lambda: len(answered) > 5)
        made.facts = vigie.command("backup", str(made.backup))
    return made


def _wait_for(condition: Callable[[], bool]) -> None:
    until_s = monotonic_s() + PATIENCE_S
    while not condition():
        assert monotonic_s() < until_s, "it did not happen"
        sleep_s(0.05)


def vigie(*arguments: str | Path, expect: int = 0, **settings: str) -> str:
    """Run a command beside every Vigie; what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "vigie.cli", *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        env=clean_environment(settings),
        timeout=PATIENCE_S,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_backup_made_while_uploads_come_in_is_restored_and_its_ledger_verifies(
    world: World, vigie_starter_of_module: StartVigie, tmp_path: Path
) -> None:
    assert world.backup.stat().st_mode & 0o777 == 0o600
    data = world.vigie.data.with_name("restored")
    said = json.loads(vigie("restore", world.backup, "--data", data, "--json").splitlines()[0])
    assert said["ledger_whole"]
    assert said["ledger_rows"] == world.facts["ledger_rows"]
    restored = vigie_starter_of_module("restored")
    assert restored.command("ledger", "verify")["whole"]
    assert "ledger.backup_restored.v1" in _events(restored)
    with restored.domain():
        cases = {one.number for one in Case.objects.all()}
    with World(restored, world.token, tmp_path).client() as client:
        again = world.ask(client, "before-1", COPY)
        assert again["case"] in cases, "the platform's token and the earlier answer hold"
        world.ask(client, "after", COPY)
    with restored.domain():
        item = EvidenceItem.objects.filter(kind=EvidenceItem.Kind.MEDIUM).order_by("sealed_at").first()
        assert item is not None
        opened = read_item(
            item.reference, purpose="test of the backup", actor=COMMAND_LINE, settings=current()
        )
        assert opened[1] in (COPY, as_bytes(picture(1)))
        for one in EvidenceItem.objects.all():
            read_item(one.reference, purpose="test of the backup", actor=COMMAND_LINE, settings=current())
    _wait_for(lambda: _archived(restored) >= 10)
    found = restored.command("doctor")
    assert found["well"], found


def _events(running: RunningVigie) -> set[str]:
    with psycopg.connect((running.data / "run" / "database-url").read_text().strip()) as connection:
        return {row[0] for row in connection.execute("SELECT DISTINCT event FROM ledger_entry")}


def _archived(running: RunningVigie) -> int:
    return sum(day["uploads"] for day in running.command("archive", "status")["days"])


def test_the_settings_of_the_vigie_that_runs_are_in_it(world: World) -> None:
    with tarfile.open(world.backup) as tar:
        text = tar.extractfile("settings.env").read().decode()  # type: ignore[union-attr]
        names = tar.getnames()
    assert "VIGIE_PROVIDER_NAME='Heron Forum'" in text
    assert "VIGIE_DATA=" not in text
    assert {"keys/evidence.key", "keys/ledger.key", "SHA256SUMS"} <= set(names)
    assert not [one for one in names if one.startswith(("index/", "run/", "postgres/"))]


def test_its_own_digests_are_those_of_any_tool(world: World, tmp_path: Path) -> None:
    with tarfile.open(world.backup) as tar:
        tar.extractall(tmp_path, filter="data")
    lines = (tmp_path / "SHA256SUMS").read_text().splitlines()
    assert len(lines) > 10
    for line in lines:
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest


def test_keys_kept_apart_are_in_no_backup_and_are_asked_for(world: World, tmp_path: Path) -> None:
    whole, keys = tmp_path / "without.backup", tmp_path / "the.keys"
    said = world.vigie.command("backup", str(whole), "--keys", str(keys))
    assert said["keys"] == str(keys)
    assert keys.stat().st_mode & 0o777 == 0o600
    with tarfile.open(whole) as tar:
        assert not [one for one in tar.getnames() if one.startswith(("keys/", "settings"))]
    data = tmp_path / "data"
    assert "--keys" in vigie("restore", whole, "--data", data, expect=1)
    assert "another backup" in vigie("restore", world.backup, "--keys", keys, "--data", data, expect=1)
    assert not data.exists()
    vigie("restore", whole, "--keys", keys, "--data", data)
    assert (data / "keys" / "evidence.key").read_bytes() == (
        world.vigie.data / "keys" / "evidence.key"
    ).read_bytes()


def test_that_the_keys_are_in_it_is_said(world: World, tmp_path: Path) -> None:
    said = vigie("backup", tmp_path / "b", "--data", world.vigie.data)
    assert "holds the keys" in said


@pytest.mark.parametrize("place", [0.0, 0.02, 0.3, 0.5, 0.8, 0.98])
def test_a_changed_byte_anywhere_is_noticed_before_anything_is_touched(
    world: World, tmp_path: Path, place: float
) -> None:
    damaged = bytearray(world.backup.read_bytes())
    at = int(place * len(damaged))
    with tarfile.open(world.backup) as tar:
        at = next(one.offset_data for one in tar if one.size and one.offset_data >= at)
    damaged[at] ^= 1
    path = tmp_path / "damaged.backup"
    path.write_bytes(damaged)
    vigie("restore", path, "--data", tmp_path / "data", expect=1)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_backup_that_is_cut_off_is_refused(world: World, tmp_path: Path, kept: float) -> None:
    whole = world.backup.read_bytes()
    path = tmp_path / "cut.backup"
    path.write_bytes(whole[: int(kept * len(whole)) // 512 * 512])
    vigie("restore", path, "--check", expect=1)
    vigie("restore", path, "--data", tmp_path / "data", expect=1)
    assert not (tmp_path / "data").exists()


def test_nothing_is_replaced(world: World, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "something").write_text("mine")
    assert "not empty" in vigie("restore", world.backup, "--data", tmp_path / "data", expect=1)
    assert [one.name for one in (tmp_path / "data").iterdir()] == ["something"]
    before = world.backup.stat()
    world.vigie.command("backup", str(world.backup), expect=1)
    assert world.backup.stat() == before


def test_a_folder_that_is_taken_while_the_backup_is_read_is_left_alone(world: World, tmp_path: Path) -> None:
    mine = tmp_path / "data" / "keys" / "mine"

    def take(_read_bytes: int) -> None:
        mine.parent.mkdir(parents=True, exist_ok=True)
        mine.write_text("a key")

    settings = replace(current(), data=tmp_path / "data", database_url="")
    with pytest.raises(RestoreRefused, match="not empty"):
        restore(world.backup, keys_path=None, settings=settings, progress=take)
    assert mine.read_text() == "a key"


def test_an_empty_database_of_ones_own_is_filled_and_another_left_alone(
    world: World, database_server: Server, tmp_path: Path
) -> None:
    url = database_server.make_empty()
    vigie("restore", world.backup, "--data", tmp_path / "data", VIGIE_DATABASE_URL=url)
    assert not (tmp_path / "data" / "postgres").exists()
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM ledger_entry").fetchone()
    assert row == (world.facts["ledger_rows"] + 1,), "every row, and that it was restored"
    said = vigie("restore", world.backup, "--data", tmp_path / "next", expect=1, VIGIE_DATABASE_URL=url)
    assert "database of VIGIE_DATABASE_URL is not empty" in said
    assert not (tmp_path / "next").exists()
    database_server.drop(url)


def test_a_newer_vigies_backup_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "newer.backup"
    migrations = ("vigie.ledger.migrations.0001_initial", "vigie.ledger.migrations.0999_not_yet")
    head = msgspec.structs.replace(OF_NOTHING, vigie="9.9.9", migrations=migrations)
    with path.open("wb") as file:
        Writer(file, head).close()
    assert "9.9.9" in vigie("restore", path, "--data", tmp_path / "data", expect=1)
    assert not (tmp_path / "data").exists()


def test_no_file_outside_the_data_folder_is_written(tmp_path: Path) -> None:
    path = tmp_path / "evil.backup"
    with path.open("wb") as file:
        writer = Writer(file, OF_NOTHING)
        writer.add_bytes("../outside", b"no")
        writer.close()
    assert "outside" in vigie("restore", path, "--data", tmp_path / "data", expect=1)
    assert not (tmp_path / "outside").exists()


def _with_little_room(bytes_max: int) -> Callable[[], None]:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write beyond it fails, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, bytes_max))

    return limit


def test_a_full_disk_leaves_no_backup(world: World, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vigie.cli", "backup", str(tmp_path / "b"), "--data", str(world.vigie.data)],
        check=False,
        capture_output=True,
        text=True,
        env=clean_environment({}),
        preexec_fn=_with_little_room(50_000),
        timeout=PATIENCE_S,
    )
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_nothing_restored(world: World, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vigie.cli", "restore", str(world.backup), "--data", str(tmp_path / "data")],
        check=False,
        capture_output=True,
        text=True,
        env=clean_environment({}),
        preexec_fn=_with_little_room(200_000),
        timeout=PATIENCE_S,
    )
    assert done.returncode == 1, done.stdout
    assert "disk" in done.stderr
    assert not list((tmp_path / "data").iterdir())


def test_a_backup_killed_half_way_leaves_nothing_that_looks_like_one(world: World, tmp_path: Path) -> None:
    for wait_s in (1.2, 1.6, 2.0):
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "vigie.cli",
                "backup",
                str(tmp_path / "b"),
                "--data",
                str(world.vigie.data),
            ],
            env=clean_environment({}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        sleep_s(wait_s)
        process.kill()
        process.wait()
        for one in tmp_path.iterdir():
            vigie("restore", one, "--check")  # it was through before it was killed
            one.unlink()


def test_a_restore_killed_half_way_is_no_vigie_and_is_done_again(world: World, tmp_path: Path) -> None:
    data = tmp_path / "data"
    process = subprocess.Popen(
        [sys.executable, "-m", "vigie.cli", "restore", str(world.backup), "--data", str(data)],
        env=clean_environment({}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait_for(lambda: (data / "restoring").exists() and (data / "archive").exists())
    process.kill()
    process.wait()
    assert "cut off" in vigie("up", "--data", data, "--port", "0", expect=1)
    assert "not empty" in vigie("restore", world.backup, "--data", data, expect=1)
    vigie("restore", world.backup, "--data", tmp_path / "again")
