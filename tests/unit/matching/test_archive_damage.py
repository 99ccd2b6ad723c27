"""A damaged part of the archive is known whatever byte changed, and goes apart without touching the others."""

import os
import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive_world import NOON, ArchiveWorld, content_key, pdq, seen
from vigie.matching.archive.damage import drop_older, erase_apart, is_whole, name_of, set_apart, uploads_in
from vigie.matching.archive.parts import Part, list_parts, note_of
from vigie.matching.archive.reading import PartDamaged
from vigie.matching.archive.records import SeenSignal, micros
from vigie.matching.archive.rewriting import holds, merge
from vigie.matching.archive.scanning import Scanner, Sought, read_uploads

_VALUE = bytes(range(32))


@pytest.fixture
def world(tmp_path: Path) -> ArchiveWorld:
    """An empty archive."""
    return ArchiveWorld.at(tmp_path)


def _sealed(world: ArchiveWorld, *names: str, at: datetime = NOON) -> Part:
    """A part with a text and a picture for each name."""
    chance = random.Random(len(names))
    world.write(
        [
            seen(name, pdq(_VALUE), SeenSignal("text_sha256", chance.randbytes(32), ""), at=at)
            for name in names
        ]
    )
    world.seal_and_clear()
    return list_parts(world.folder)[-1]


def _look(part: Part) -> list[str]:
    hits = [hit for found in Scanner(Sought({"pdq": _VALUE}, 31, 50), threads=1).scan(part) for hit in found]
    return [upload.content for upload, _ in read_uploads(part, {hit.upload for hit in hits}).values()]


def _look_or_name(part: Part) -> list[str] | Path:
    """What is found, or the folder of a damaged part."""
    try:
        return _look(part)
    except PartDamaged as damaged:
        return damaged.path


@pytest.mark.parametrize("name", ["signals.parquet", "uploads.parquet"])
def test_a_changed_byte_is_noticed_wherever_it_is(name: str, world: ArchiveWorld) -> None:
    part = _sealed(world, *(f"p{number}" for number in range(50)))
    whole = _look(part)
    path = part.path / name
    bytes_written = path.read_bytes()
    chance = random.Random(7)
    unnoticed = 0
    for _ in range(120):
        changed = bytearray(bytes_written)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        found = _look_or_name(part)
        if found == part.path:
            assert not is_whole(part.path)
        else:
            assert found == whole  # in the few bytes that say nothing, such as the file's first four
            unnoticed += 1
    assert unnoticed < 12


@pytest.mark.parametrize("kept_bytes", [0, 3, 7, 100, -1])
@pytest.mark.parametrize("name", ["signals.parquet", "uploads.parquet", "part.json"])
def test_a_file_that_was_cut_off_or_is_gone_is_noticed(
    name: str, kept_bytes: int, world: ArchiveWorld
) -> None:
    part = _sealed(world, "p1")
    assert is_whole(part.path)
    if kept_bytes < 0:
        (part.path / name).unlink()
    else:
        os.truncate(part.path / name, kept_bytes)
    if name != "part.json":
        with pytest.raises(PartDamaged):
            _look(part)
        assert not is_whole(part.path)


def test_merging_stops_at_a_damaged_value_and_leaves_what_there_was(world: ArchiveWorld) -> None:
    parts = [_sealed(world, "p1"), _sealed(world, "p2"), _sealed(world, "p3")]
    content = bytearray(parts[1].signals_file.read_bytes())
    content[content.index(_VALUE) + 5] ^= 1
    parts[1].signals_file.write_bytes(content)
    with pytest.raises(PartDamaged) as damaged:
        merge(world.folder, list_parts(world.folder))
    assert damaged.value.path == parts[1].path
    set_apart(world.folder, parts[1].path)
    merge(world.folder, list_parts(world.folder))
    (merged,) = list_parts(world.folder)
    assert _look(merged) == ["p1", "p3"]
    assert uploads_in(world.folder.quarantine / name_of(parts[1].path)) == 1


def test_what_lies_apart_goes_with_its_time(world: ArchiveWorld) -> None:
    old = _sealed(world, "p1", at=datetime(2026, 11, 20, 12, tzinfo=UTC))
    new = _sealed(world, "p2")
    for part in (old, new):
        set_apart(world.folder, part.path)
    drop_older(world.folder, first_day=date(2026, 11, 25))
    assert [one.name for one in world.folder.quarantine.iterdir()] == [name_of(new.path)]


def test_an_erasure_takes_what_lies_apart_unless_it_is_surely_not_in_there(world: ArchiveWorld) -> None:
    other, same, unreadable = _sealed(world, "p1"), _sealed(world, "p2"), _sealed(world, "p3")
    os.truncate(unreadable.uploads_file, 50)
    for part in (other, same, unreadable):
        set_apart(world.folder, part.path)
    (world.folder.quarantine / "1-1-0.torn").write_bytes(b"?")
    erase_apart(world.folder, {content_key("forum", "p2"): micros(NOON)})
    assert [one.name for one in world.folder.quarantine.iterdir()] == [name_of(other.path)]


def test_a_part_from_before_there_were_digests_is_read(world: ArchiveWorld) -> None:
    part = _sealed(world, "p1")
    note = (part.path / "part.json").read_text()
    for digest in (part.note.signals_footer, part.note.uploads_footer):
        assert len(digest) == 64
        note = note.replace(digest, "")
    (part.path / "part.json").write_text(note)
    note_of.cache_clear()
    (again,) = list_parts(world.folder)
    assert again.note.signals_footer == ""
    assert _look(again) == ["p1"]
    assert not holds(again, {content_key("forum", "p9"): micros(NOON)})
