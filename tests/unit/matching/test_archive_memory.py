"""What work on the archive holds at once: a piece of it, however much a day or a part holds."""

import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from archive_world import NOON, ArchiveWorld, content_key, pdq, seen
from vigie.matching.archive import parts, rewriting, sealing
from vigie.matching.archive.parts import Part, list_parts
from vigie.matching.archive.records import SeenSignal, SeenUpload, micros
from vigie.matching.archive.rewriting import erase, holds, merge
from vigie.matching.archive.scanning import read_uploads

UPLOADS = 10_000


@pytest.fixture
def world(tmp_path: Path) -> ArchiveWorld:
    """An empty archive."""
    return ArchiveWorld.at(tmp_path)


# Arrow frees a buffer through the pool it came from, on a thread of its own perhaps: no pool may go before it does.
POOLS: list[pa.MemoryPool] = []


def counted_from_here() -> pa.MemoryPool:
    """What Arrow holds from here on; it counts for the rest of the process, whoever holds it."""
    POOLS.append(pa.proxy_memory_pool(pa.default_memory_pool()))
    pa.set_memory_pool(POOLS[-1])
    return POOLS[-1]


@pytest.fixture
def arrow_counted() -> Iterator[None]:
    """Let a test count what Arrow holds; afterwards it is counted as before."""
    before = pa.default_memory_pool()
    yield
    pa.set_memory_pool(before)


def uploads(count: int) -> list[SeenUpload]:
    """Uploads whose values no compression makes smaller."""
    generator = random.Random(count)
    return [
        seen(
            f"{count}-{n}", pdq(generator.randbytes(32)), SeenSignal("sha256", generator.randbytes(32), "m1")
        )
        for n in range(count)
    ]


def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundredth of what is held at once otherwise, so that a small archive shows it."""
    monkeypatch.setattr(parts, "GROUP_ROWS", 1_000)
    monkeypatch.setattr(parts, "UPLOAD_GROUP_ROWS", 1_000)
    monkeypatch.setattr(rewriting, "UPLOAD_GROUP_ROWS", 1_000)
    monkeypatch.setattr(rewriting, "SIGNALS_AT_ONCE", 1_000)


def two_parts(world: ArchiveWorld) -> list[Part]:
    """Two of many row groups."""
    for count in (UPLOADS, UPLOADS + 1):
        world.write(uploads(count))
        world.seal_and_clear()
    return list_parts(world.folder)


def test_sealing_holds_a_piece_of_a_journal_as_records(
    world: ArchiveWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "RECORDS_AT_ONCE", 200)
    world.write(uploads(UPLOADS))
    (path,) = world.folder.journal.iterdir()
    tracemalloc.start()
    try:
        (part,) = world.seal().parts
        held_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert part.note.uploads == UPLOADS
    # The journal itself and a piece; as records all of it takes nine times as much.
    assert held_bytes < 2 * path.stat().st_size


def test_one_pass_takes_so_many_bytes_of_journals_and_leaves_the_rest(
    world: ArchiveWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for count in (3, 4, 5):
        world.write(uploads(count))
    monkeypatch.setattr(sealing, "BYTES_AT_ONCE", 1)
    passes = [world.seal_and_clear() for _ in range(3)]
    assert [(len(one.through), len(one.left)) for one in passes] == [(1, 2), (1, 1), (1, 0)]
    assert sorted(part.note.uploads for one in passes for part in one.parts) == [3, 4, 5]


@pytest.mark.usefixtures("arrow_counted")
def test_merging_holds_a_piece_of_the_day(world: ArchiveWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    small_pieces(monkeypatch)
    before = two_parts(world)
    size_bytes = sum(part.size_bytes for part in before)
    held = counted_from_here()
    merged = merge(world.folder, before)
    assert merged.note.uploads == 2 * UPLOADS + 1
    assert held.max_memory() < size_bytes / 2


@pytest.mark.usefixtures("arrow_counted")
def test_erasing_holds_a_piece_of_the_part(world: ArchiveWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    small_pieces(monkeypatch)
    part = two_parts(world)[1]
    size_bytes = part.size_bytes
    held = counted_from_here()
    erased = {content_key("forum", f"{UPLOADS + 1}-4321"): micros(NOON)}
    assert holds(part, erased)
    assert erase(world.folder, part, erased) == 1
    assert held.max_memory() < size_bytes  # three times as much, where the part is read whole


def test_reading_holds_one_row_group(world: ArchiveWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    small_pieces(monkeypatch)
    part = two_parts(world)[0]
    pool = pa.default_memory_pool()
    before_bytes = pool.bytes_allocated()
    held = [pool.bytes_allocated() - before_bytes for _ in part.open_uploads().batches(500)]
    assert len(held) == UPLOADS / 500
    assert max(held) < part.size_bytes / 2


@pytest.mark.usefixtures("arrow_counted")
def test_a_few_uploads_are_read_without_the_others(
    world: ArchiveWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_pieces(monkeypatch)
    part = two_parts(world)[0]
    held = counted_from_here()
    wanted = [0, 999, 1_000, UPLOADS - 1]
    found = read_uploads(part, wanted)
    assert [found[one][0].content for one in wanted] == [f"{UPLOADS}-{one}" for one in wanted]
    assert held.max_memory() < part.size_bytes / 2
