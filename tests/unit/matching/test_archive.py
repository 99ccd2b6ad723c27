"""The archive on the disk: journals that may be torn, parts that are whole, and what is found in them."""

import os
import random
import resource
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from archive_world import NOON, ArchiveWorld, content_key, flipped, pdq, seen
from vigie.matching.archive import scanning
from vigie.matching.archive.parts import drop_leftovers, list_parts
from vigie.matching.archive.records import (
    HEADER_BYTES,
    SeenSignal,
    SeenUpload,
    Torn,
    frame,
    micros,
    read_journal,
)
from vigie.matching.archive.rewriting import drop_days, erase, holds, merge, merge_due
from vigie.matching.archive.scanning import Hit, Scanner, Sought, read_uploads
from vigie.matching.archive.sealing import find_journals, quarantine

CONTENTS = [f"p{number}" for number in range(40)]


@pytest.fixture
def world(tmp_path: Path) -> ArchiveWorld:
    """An empty archive."""
    return ArchiveWorld.at(tmp_path)


def code(seed: int) -> bytes:
    """A value from a seed."""
    return random.Random(seed).randbytes(32)


def contents_of(world: ArchiveWorld) -> list[str]:
    """What every part holds, in order."""
    return [
        row["content"]
        for part in list_parts(world.folder)
        for row in pq.read_table(part.uploads_file).to_pylist()
    ]


def test_every_record_of_a_journal_comes_back_as_it_was(world: ArchiveWorld) -> None:
    uploads = [
        seen(name, pdq(code(number)), SeenSignal("text_sha256", code(1_000 + number)))
        for number, name in enumerate(CONTENTS)
    ]
    world.write(uploads)
    (journal,) = find_journals(world.folder)
    assert not journal.is_written
    assert list(read_journal(journal.path.read_bytes())) == uploads


@pytest.mark.parametrize("missing", [1, 4, 9, 60])
def test_a_torn_last_record_is_set_apart_and_the_others_are_kept(missing: int, world: ArchiveWorld) -> None:
    world.write([seen(name, pdq(code(1))) for name in CONTENTS])
    (path,) = world.folder.journal.iterdir()
    os.truncate(path, path.stat().st_size - missing)
    sealed = world.seal()
    assert contents_of(world) == CONTENTS[:-1]
    assert quarantine(world.folder, sealed.through[0]) == 1
    assert next(world.folder.quarantine.iterdir()).read_bytes()


def test_a_changed_byte_costs_one_record(world: ArchiveWorld) -> None:
    records = [frame(seen(name, pdq(code(1)))) for name in CONTENTS]
    world.write([])
    (path,) = world.folder.journal.iterdir()
    body = bytearray(b"".join(records))
    body[len(records[0]) + 20] ^= 1
    path.write_bytes(path.read_bytes() + bytes(body))
    first, changed, *others = read_journal(path.read_bytes())
    assert [one.content for one in (first, *others) if isinstance(one, SeenUpload)] == [
        CONTENTS[0],
        *CONTENTS[2:],
    ]
    assert isinstance(changed, Torn)
    assert len(changed.piece) == len(records[1])


def test_what_is_no_journal_at_all_is_set_apart_whole(world: ArchiveWorld) -> None:
    world.folder.journal.mkdir(parents=True)
    (world.folder.journal / "1-a.journal").write_bytes(b"something else" * 10)
    sealed = world.seal()
    assert sealed.parts == []
    assert quarantine(world.folder, sealed.through[0]) == 1


def test_a_journal_is_sealed_once_its_process_is_gone_even_by_kill(world: ArchiveWorld) -> None:
    program = (
        "import sys, time; sys.path[:0] = sys.argv[2:]\n"
        "from pathlib import Path\n"
        "from archive_world import ArchiveWorld, seen, pdq\n"
        "journal = ArchiveWorld.at(Path(sys.argv[1])).journal()\n"
        "[journal.append(seen(f'p{n}', pdq(bytes(32)))) for n in range(40)]\n"
        "print('written', flush=True); time.sleep(600)\n"
    )
    arguments = [sys.executable, "-c", program, str(world.folder.root.parent), *sys.path]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "written\n"
        assert world.seal().parts == []
        assert [one.is_written for one in world.seal().left] == [True]
        writer.kill()
    world.seal()
    assert contents_of(world) == CONTENTS


def test_two_processes_have_a_journal_each(world: ArchiveWorld) -> None:
    first, second = world.journal(), world.journal()
    for number in range(10):
        first.append(seen(f"a{number}", pdq(code(number))))
        second.append(seen(f"b{number}", pdq(code(number))))
    first.stop()
    assert len(world.seal().through) == 1
    second.stop()
    world.seal()
    assert sorted(contents_of(world)) == sorted(f"{who}{number}" for who in "ab" for number in range(10))


def test_a_pass_that_was_cut_off_seals_nothing_twice(world: ArchiveWorld) -> None:
    late, early = NOON, NOON - timedelta(days=1)
    world.write(
        [seen(name, pdq(code(1)), at=late if number % 2 else early) for number, name in enumerate(CONTENTS)]
    )
    first = world.seal()
    assert [part.note.day for part in first.parts] == ["2026-11-24", "2026-11-25"]
    assert world.seal().parts == []
    # One of the two days was not written yet when the process was killed.
    for path in first.parts[1].path.iterdir():
        path.unlink()
    first.parts[1].path.rmdir()
    world.seal()
    assert sorted(contents_of(world)) == sorted(CONTENTS)


def test_new_entries_let_a_journal_go_at_once(world: ArchiveWorld) -> None:
    journal = world.journal()
    journal.append(seen("before", pdq(code(1))))
    journal.follow(7)
    assert len(world.seal().through) == 1
    journal.follow(9)
    (left,) = [one for one in find_journals(world.folder) if one.is_written]
    assert left.header is not None
    assert left.header.entries_seq == 9
    journal.stop()


def test_a_full_disk_costs_the_record_and_not_the_process_and_is_counted(world: ArchiveWorld) -> None:
    journal = world.journal()
    journal.append(seen("kept", pdq(code(1))))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    (path,) = world.folder.journal.iterdir()
    # As a disk that takes a part of the next record and then nothing: the system ignores the signal for Python.
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 10, hard))
    try:
        journal.append(seen("lost 1", pdq(code(2))))
        journal.append(seen("lost 2", pdq(code(3))))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert journal.lost == 2
    journal.append(seen("kept again", pdq(code(4))))
    journal.stop()
    sealed = world.seal()
    assert contents_of(world) == ["kept", "kept again"]
    assert sealed.through[0].header is not None
    assert sealed.through[0].header.lost == 2
    assert sealed.through[0].damaged == ()


def test_a_disk_that_is_full_from_the_start_is_counted_too(world: ArchiveWorld) -> None:
    world.folder.root.mkdir(parents=True)
    world.folder.journal.write_text("in the way")
    journal = world.journal()
    journal.append(seen("lost", pdq(code(1))))
    world.folder.journal.unlink()
    journal.append(seen("kept", pdq(code(1))))
    journal.stop()
    sealed = world.seal()
    assert contents_of(world) == ["kept"]
    assert sealed.through[0].header is not None
    assert sealed.through[0].header.lost == 1


@pytest.mark.parametrize("queries", [1, 40])
@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("limit", [40, 100_000])
def test_every_value_within_the_radius_is_found_and_no_other(
    queries: int, threads: int, limit: int, world: ArchiveWorld
) -> None:
    generator = random.Random(1)
    sought = [generator.randbytes(32) for _ in range(queries)]
    values = [generator.randbytes(32) for _ in range(2_000)]
    values += [flipped(generator.choice(sought), generator.randint(25, 37), generator) for _ in range(1_000)]
    generator.shuffle(values)
    # Three parts, so that positions begin anew.
    for start in range(0, 3_000, 1_000):
        world.write(
            [
                seen(f"p{start + n}", pdq(value, medium=f"m{n % 3}"))
                for n, value in enumerate(values[start : start + 1_000])
            ]
        )
        world.seal_and_clear()
    expected = {
        (f"p{place}", f"m{place % 1_000 % 3}", query, distance)
        for place, value in enumerate(values)
        for query, code_sought in enumerate(sought)
        if (distance := (int.from_bytes(value) ^ int.from_bytes(code_sought)).bit_count()) <= 31
    }
    scanner = Scanner(Sought({"pdq": b"".join(sought)}, 31, 50), threads=threads, limit=limit)
    found = [
        (contents[hit.upload], hit.medium, hit.query, hit.distance_bits)
        for part in list_parts(world.folder)
        for contents in [[row["content"] for row in pq.read_table(part.uploads_file).to_pylist()]]
        for hits in scanner.scan(part)
        for hit in hits
    ]
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert len(expected) > 100


@pytest.mark.parametrize("compared_max", [0, 500])
def test_exact_kinds_are_found_by_their_own_kind_only(
    compared_max: int, world: ArchiveWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "COMPARED_EXACT_MAX", compared_max)
    same = bytes(16)
    world.write([seen("a", SeenSignal("md5", same, "m1"), SeenSignal("sha256", same.ljust(32, b"\0"), "m1"))])
    world.seal()
    (part,) = list_parts(world.folder)
    # Asked for twice, by two entries, with another value between.
    asked = same.ljust(32, b"\0") + code(9) + same.ljust(32, b"\0")
    scanner = Scanner(Sought({"md5": asked}, 31, 50), threads=1)
    assert list(scanner.scan(part)) == [[Hit(0, "md5", 0, 0, "m1"), Hit(0, "md5", 2, 0, "m1")]]
    ((upload, key),) = read_uploads(part, [0]).values()
    assert upload.signals[0].value == same
    assert key == content_key("forum", "a")


def test_a_hash_of_low_quality_is_kept_and_not_matched_until_the_setting_says_so(world: ArchiveWorld) -> None:
    world.write([seen("poor", pdq(bytes(32), quality=30)), seen("unknown", pdq(bytes(32), quality=-1))])
    world.seal()
    (part,) = list_parts(world.folder)

    def found(quality_min: int) -> list[int]:
        scanner = Scanner(Sought({"pdq": bytes(32)}, 31, quality_min), threads=1)
        return sorted(hit.upload for hits in scanner.scan(part) for hit in hits)

    assert found(50) == [1]
    assert found(20) == [0, 1]


def test_values_lie_in_the_file_as_they_are(world: ArchiveWorld) -> None:
    values = [code(number) for number in range(500)]
    world.write([seen(f"p{number}", pdq(value)) for number, value in enumerate(values)])
    world.seal()
    (part,) = list_parts(world.folder)
    (codes,) = scanning.codes_of(pq.ParquetFile(part.signals_file))
    raw = part.signals_file.read_bytes()
    assert raw[codes.offset : codes.offset + 32 * codes.rows] == b"".join(values)


def test_merging_keeps_everything_and_what_is_found(world: ArchiveWorld) -> None:
    for number, name in enumerate(CONTENTS):
        signals = (
            pdq(code(number)),
            SeenSignal("sha256", code(1_000 + number), "m1"),
            pdq(bytes(32), quality=3),
        )
        world.write([seen(name, *signals, entries_seq=number + 1)])
        world.seal_and_clear()
    before = {
        name: upload
        for part in list_parts(world.folder)
        for upload, _ in read_uploads(part, [0]).values()
        for name in [upload.content]
    }
    chosen = merge_due(world.folder, today=date(2026, 11, 26), cuts=frozenset())
    assert len(chosen) == len(CONTENTS)
    merge(world.folder, chosen)
    (part,) = list_parts(world.folder)
    assert part.note.entries_seq_min == 1
    after = {upload.content: upload for upload, _ in read_uploads(part, range(len(CONTENTS))).values()}
    assert {name: set(one.signals) for name, one in after.items()} == {
        name: set(one.signals) for name, one in before.items()
    }
    assert pq.ParquetFile(part.signals_file).num_row_groups == 3
    scanner = Scanner(Sought({"pdq": code(17)}, 0, 50), threads=2)
    ((hit,),) = scanner.scan(part)
    assert read_uploads(part, [hit.upload])[hit.upload][0].content == "p17"


def test_no_merge_spans_how_far_a_lookback_is(world: ArchiveWorld) -> None:
    for name in CONTENTS[:6]:
        world.write([seen(name, pdq(code(1)))])
        world.seal_and_clear()
    chosen = merge_due(world.folder, today=date(2026, 11, 26), cuts={2})
    assert [part.note.number for part in chosen] == [1, 2]


def test_a_merge_that_was_cut_off_counts_nothing_twice(world: ArchiveWorld) -> None:
    for name in CONTENTS[:3]:
        world.write([seen(name, pdq(code(1)))])
        world.seal_and_clear()
    parts = list_parts(world.folder)
    saved = {part.path: {path: path.read_bytes() for path in part.path.iterdir()} for part in parts}
    merge(world.folder, parts)
    for folder, files in saved.items():  # as if it had been killed before it removed the old parts
        folder.mkdir()
        for path, data in files.items():
            path.write_bytes(data)
    assert contents_of(world) == CONTENTS[:3]
    drop_leftovers(world.folder)
    assert len(list((world.folder.days / "2026-11-25").iterdir())) == 1
    assert contents_of(world) == CONTENTS[:3]


def test_what_is_erased_is_in_no_file_any_more(world: ArchiveWorld) -> None:
    later = NOON + timedelta(hours=1)
    uploads = [
        seen(name, pdq(code(number)), SeenSignal("sha256", code(1_000 + number), "m1"))
        for number, name in enumerate(CONTENTS)
    ]
    uploads.append(seen("p7", pdq(code(7)), at=later))
    world.write(uploads)
    world.seal_and_clear()
    (part,) = list_parts(world.folder)
    erased = {content_key("forum", "p7"): micros(NOON + timedelta(minutes=1))}
    assert holds(part, erased)
    assert erase(world.folder, part, erased) == 1
    (part,) = list_parts(world.folder)
    assert not holds(part, erased)
    left = [name for name in CONTENTS if name != "p7"]
    assert contents_of(world) == [*left, "p7"]
    kept = read_uploads(part, range(len(left) + 1))
    assert [upload.signals[0].value for upload, _ in kept.values()] == [
        *(code(number) for number in range(40) if number != 7),
        code(7),
    ]
    assert code(1_007) not in part.signals_file.read_bytes()
    assert len(list(world.folder.days.rglob("signals.parquet"))) == 1


def test_days_over_their_time_go(world: ArchiveWorld) -> None:
    days = [datetime(2026, 11, day, tzinfo=UTC) for day in (1, 2, 3)]
    world.write([seen(f"p{number}", pdq(code(1)), at=day) for number, day in enumerate(days)])
    world.seal_and_clear()
    assert drop_days(world.folder, before=date(2026, 11, 3)) == [("2026-11-01", 1), ("2026-11-02", 1)]
    assert contents_of(world) == ["p2"]
    world.write([seen("old", pdq(code(1)), at=days[0])])
    assert world.seal(first_day=date(2026, 11, 3)).parts == []


def test_only_one_process_works_on_the_files(world: ArchiveWorld) -> None:
    with world.folder.locked() as mine, world.folder.locked() as others:
        assert mine
        assert not others
    with world.folder.locked() as mine:
        assert mine


def test_an_empty_journal_is_nothing(world: ArchiveWorld) -> None:
    world.write([])
    sealed = world.seal()
    assert sealed.parts == []
    assert sealed.through[0].is_empty
    assert sealed.through[0].path.stat().st_size == HEADER_BYTES
