"""The Hamming index: shapes, threads, and snapshots that are whole or refused."""

import threading
from pathlib import Path

import pytest
from vigie_kernel import HammingIndex, KernelError, SnapshotDamaged


def _code(number: int) -> bytes:
    return number.to_bytes(32)


def _index_of(numbers: list[int]) -> HammingIndex:
    index = HammingIndex()
    index.insert_many(b"".join(_code(number) for number in numbers), list(range(len(numbers))))
    return index


def _refusal(path: Path) -> str:
    with pytest.raises(SnapshotDamaged) as damaged:
        HammingIndex.read_snapshot(str(path))
    assert isinstance(damaged.value, KernelError)
    return damaged.value.code


def test_results_come_by_distance_then_id() -> None:
    index = HammingIndex()
    for id_, number in ((9, 0), (3, 0b11), (7, 0b1), (2**64 - 1, 0b10), (1, 0)):
        index.insert(_code(number), id_)
    found = index.search(_code(0), distance_bits_max=2)
    assert found == [(1, 0), (9, 0), (7, 1), (2**64 - 1, 1), (3, 2)]
    assert index.search(_code(0), distance_bits_max=0) == [(1, 0), (9, 0)]


def test_every_radius_up_to_64_includes_its_edge() -> None:
    index = _index_of([(1 << distance) - 1 for distance in range(65)])
    for radius in range(65):
        found = index.search(_code(0), distance_bits_max=radius)
        assert found == [(distance, distance) for distance in range(radius + 1)]


def test_the_same_id_again_replaces_its_code() -> None:
    index = _index_of([5])
    index.insert(_code(6), 0)
    assert len(index) == 1
    assert index.search(_code(5), distance_bits_max=0) == []
    assert index.search(_code(6), distance_bits_max=0) == [(0, 0)]
    index.insert_many(_code(1) + _code(2), [4, 4])
    assert index.search(_code(2), distance_bits_max=0) == [(4, 0)]
    assert len(index) == 2


def test_removing_says_whether_it_was_there() -> None:
    index = _index_of([1, 2, 3])
    assert index.remove(1)
    assert not index.remove(1)
    assert 1 not in index
    assert 2 in index
    assert len(index) == 2


def test_many_searches_are_single_searches_in_order() -> None:
    numbers = [3**power % 2**256 for power in range(300)]
    index = _index_of(numbers)
    queries = b"".join(_code(number ^ 0b101) for number in numbers)
    found = index.search_many(queries, distance_bits_max=40)
    assert found == [index.search(_code(number ^ 0b101), distance_bits_max=40) for number in numbers]
    assert index.search_many(b"", distance_bits_max=40) == []


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_a_code_of_another_length_is_a_mistake_of_the_caller(length: int) -> None:
    index = HammingIndex()
    with pytest.raises(ValueError, match="32 bytes"):
        index.insert(bytes(length), 1)
    with pytest.raises(ValueError, match="32 bytes"):
        index.search(bytes(length), distance_bits_max=0)


def test_codes_that_do_not_fit_their_ids_change_nothing() -> None:
    index = HammingIndex()
    with pytest.raises(ValueError, match="multiple"):
        index.insert_many(bytes(33), [1])
    with pytest.raises(ValueError, match="2 codes but there are 1 ids"):
        index.insert_many(bytes(64), [1])
    with pytest.raises(ValueError, match="multiple"):
        index.search_many(bytes(31), distance_bits_max=0)
    assert len(index) == 0


@pytest.mark.parametrize("id_", [-1, 2**64])
def test_an_id_outside_64_bits_is_a_mistake_of_the_caller(id_: int) -> None:
    index = HammingIndex()
    with pytest.raises(ValueError, match="id"):
        index.insert(bytes(32), id_)
    with pytest.raises(ValueError, match="id"):
        index.insert_many(bytes(64), [1, id_])
    with pytest.raises(ValueError, match="id"):
        index.remove(id_)
    assert len(index) == 0


@pytest.mark.parametrize("radius", [-1, 65, 2**40])
def test_a_radius_outside_0_to_64_is_a_mistake_of_the_caller(radius: int) -> None:
    with pytest.raises(ValueError, match="distance_bits_max"):
        HammingIndex().search(bytes(32), distance_bits_max=radius)


def test_many_read_while_one_writes() -> None:
    index = _index_of([0, 1])
    problems: list[str] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            found = index.search_many(_code(0) * 100, distance_bits_max=1)
            # Entry 0 never changes; entry 1 is always one of two codes, both within the radius.
            problems.extend("an entry was lost" for one in found if [id_ for id_, _ in one][:2] != [0, 1])

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(3000):
        index.insert(_code(1 << number % 2), 1)
        index.insert(_code(2**200 + number), 2 + number % 50)
        index.remove(2 + (number * 7) % 50)
    is_over.set()
    for reader in readers:
        reader.join()
    assert not problems


@pytest.mark.parametrize("count", [0, 1, 2, 4, 8, 16, 64, 1024])
@pytest.mark.parametrize("kind", ["identical", "near", "far"])
def test_a_snapshot_brings_everything_back(count: int, kind: str, tmp_path: Path) -> None:
    spread = {"identical": 0, "near": 1, "far": 2**237 + 2**113 + 1}[kind]
    index = HammingIndex()
    for number in range(count):
        index.insert(_code(number * spread), 2**64 - 1 - number)
    index.write_snapshot(tmp_path / "index", cursor=2**64 - 1)
    again, cursor = HammingIndex.read_snapshot(tmp_path / "index")
    assert (len(again), cursor) == (count, 2**64 - 1)
    for number in range(0, count, 1 + count // 20):
        for radius in (0, 3, 31, 64):
            code = _code(number * spread)
            assert again.search(code, distance_bits_max=radius) == index.search(
                code, distance_bits_max=radius
            )
    again.insert(_code(7), 7)
    assert again.remove(7)
    assert len(again) == count


def test_every_changed_byte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "index"
    _index_of([11, 22, 33]).write_snapshot(str(path), cursor=1)
    whole = path.read_bytes()
    codes = set()
    for place in range(len(whole)):
        for change in (0x01, 0x80, 0xFF):
            changed = bytearray(whole)
            changed[place] ^= change
            path.write_bytes(changed)
            codes.add(_refusal(path))
    assert codes == {"bad_magic", "bad_version", "bad_length", "bad_checksum"}
    path.write_bytes(whole)
    assert len(HammingIndex.read_snapshot(str(path))[0]) == 3


def test_a_snapshot_cut_off_or_grown_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "index"
    _index_of([11, 22, 33]).write_snapshot(str(path), cursor=1)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert _refusal(path) == "bad_length"
    for more in (b"\0", bytes(40), whole):
        path.write_bytes(whole + more)
        assert _refusal(path) == "bad_length"


def test_other_files_are_refused(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "nothing") == "missing"
    path = tmp_path / "other"
    path.write_bytes(b"SQLite format 3\0" + bytes(1000))
    assert _refusal(path) == "bad_magic"
    with pytest.raises(IsADirectoryError):
        HammingIndex.read_snapshot(str(tmp_path))


def test_a_huge_count_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "index"
    HammingIndex().write_snapshot(str(path), cursor=0)
    for count in (1, 2**32, 2**63, 2**64 - 1):
        changed = bytearray(path.read_bytes())
        changed[16:24] = count.to_bytes(8, "little")
        (tmp_path / "lying").write_bytes(changed)
        assert _refusal(tmp_path / "lying") == "bad_length"


def test_a_snapshot_replaces_the_former_one_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "index"
    _index_of([1]).write_snapshot(str(path), cursor=1)
    held = path.open("rb")
    _index_of([1, 2]).write_snapshot(str(path), cursor=2)
    # Who had the former one open still reads it whole.
    assert int.from_bytes(held.read()[16:24], "little") == 1
    held.close()
    assert HammingIndex.read_snapshot(str(path))[1] == 2
    assert [name.name for name in tmp_path.iterdir()] == ["index"]


def test_a_snapshot_that_cannot_be_written_leaves_the_former_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        _index_of([1]).write_snapshot(str(tmp_path / "missing" / "index"), cursor=1)
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=r"."):
        _index_of([1]).write_snapshot(str(tmp_path / "folder"), cursor=1)
    assert [name.name for name in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("cursor", [-1, 2**64])
def test_a_cursor_outside_64_bits_is_a_mistake_of_the_caller(cursor: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cursor"):
        HammingIndex().write_snapshot(str(tmp_path / "index"), cursor=cursor)
