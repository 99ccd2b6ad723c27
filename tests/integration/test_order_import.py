"""`vigie order import` with folders: every file is taken in, each with an answer of its own."""

import json
import os
from pathlib import Path
from socket import AF_UNIX, socket

import pytest

from command_line import run
from order_world import OrderWorld, fields, mail, make_order_world
from vigie.orders.models import Order, OrderIntake

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def world() -> OrderWorld:
    return make_order_world()


def test_of_a_folder_every_file_is_taken_in_and_a_bad_one_stops_no_other(
    world: OrderWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vigie.orders.intake.INTAKE_BYTES_MAX", 100_000)
    folder, inner = tmp_path / "orders", tmp_path / "orders" / "of last night"
    inner.mkdir(parents=True)
    (folder / "1-too-large.pdf").write_bytes(b"%PDF" + b" " * 100_000)
    (folder / "2-order.json").write_text(json.dumps(fields("REF-1")))
    (folder / "3-nobody-knows").write_bytes(b"\x00\xff")
    (folder / "4-gone.json").symlink_to(tmp_path / "nowhere.json")
    (folder / "7-elsewhere").symlink_to(tmp_path)
    (inner / "5-order.eml").write_bytes(mail(fields("REF-2")))
    (inner / "6-again.json").write_text(json.dumps(fields("REF-1"), indent=1))

    result = run("order", "import", str(folder), "--json")

    assert result.exit_code == 1, "something waits for a person"
    rows = {Path(one["file"]).name[0]: one for one in json.loads(result.stdout)["intakes"]}
    assert {key: one["state"] for key, one in rows.items()} == {
        "1": "not_taken_in",
        "2": "taken",
        "3": "quarantined",
        "4": "not_taken_in",
        "5": "taken",
        "6": "repeat",
        "7": "not_taken_in",
    }
    assert "bytes" in rows["1"]["problem"]
    assert "cannot be read" in rows["4"]["problem"]
    assert sorted(Order.objects.values_list("reference", flat=True)) == ["REF-1", "REF-2"]
    assert json.loads(result.stdout)["counts"] == {
        "taken": 2,
        "repeat": 1,
        "quarantined": 1,
        "not_taken_in": 3,
    }
    assert OrderIntake.objects.count() == 4
    told = run("order", "import", str(folder)).output
    assert all(one.name in told for one in (*folder.iterdir(), *inner.iterdir()))


@pytest.mark.timeout(60)
def test_what_is_no_regular_file_is_told_counted_and_never_waited_for(
    world: OrderWorld, tmp_path: Path
) -> None:
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "order.json").write_text(json.dumps(fields("REF-1")))
    os.mkfifo(folder / "pipe")
    (folder / "to-pipe.json").symlink_to(folder / "pipe")
    (folder / "zero").symlink_to("/dev/zero")
    with socket(AF_UNIX) as listening:
        listening.bind(os.fspath(folder / "socket"))
        result = run("order", "import", str(folder), "--json")
        told = run("order", "import", str(folder)).output

    imported = json.loads(result.stdout)
    assert {Path(one["file"]).name: one["problem"] for one in imported["intakes"]} == {
        "order.json": "",
        "pipe": "It is a named pipe and is not read.",
        "socket": "It is a socket and is not read.",
        "to-pipe.json": "It is a named pipe and is not read.",
        "zero": "It is a device and is not read.",
    }
    assert imported["counts"] == {"taken": 1, "not_taken_in": 4}
    assert told.endswith("1 repeat, 4 not taken in.\n")
    assert OrderIntake.objects.count() == 2, "the order and its repeat"


def test_a_file_that_is_named_twice_is_taken_in_once(world: OrderWorld, tmp_path: Path) -> None:
    file = tmp_path / "orders" / "order.json"
    file.parent.mkdir()
    file.write_text(json.dumps(fields("REF-1")))
    result = run("order", "import", str(file), str(file.parent), "--json")
    assert (result.exit_code, len(json.loads(result.stdout)["intakes"])) == (0, 1)


def test_a_folder_without_files_or_with_too_many_is_refused_before_anything_is_taken_in(
    world: OrderWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "orders"
    folder.mkdir()
    empty = run("order", "import", str(folder))
    assert (empty.exit_code, "no file" in empty.output) == (2, True)
    monkeypatch.setattr("vigie.cli.order_files.FILES_AT_ONCE_MAX", 1)
    for number in (1, 2):
        (folder / f"{number}.json").write_text(json.dumps(fields(f"REF-{number}")))
    many = run("order", "import", str(folder))
    assert (many.exit_code, "none was" in many.output) == (2, True)
    assert not OrderIntake.objects.exists()
