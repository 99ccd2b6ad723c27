"""Where banks are crowded the index is still exact: copies, clusters, hashes of nearly nothing, many changes."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from vigie_kernel import HammingIndex, SnapshotDamaged

Codes = npt.NDArray[np.uint8]
_COUNT = 6_000


def _anywhere(chance: np.random.Generator, count: int) -> Codes:
    return chance.integers(0, 256, size=(count, 32), dtype=np.uint8)


def _flipped(chance: np.random.Generator, codes: Codes, share: float) -> Codes:
    return codes ^ np.packbits(chance.random((len(codes), 256)) < share, axis=1)


def _crowd(kind: str) -> Codes:
    """Codes of which many are alike, in no order."""
    chance = np.random.default_rng(len(kind))
    some = _COUNT // 2
    alike = {
        "copies": np.repeat(_anywhere(chance, 1), some, axis=0),
        "one cluster": _flipped(chance, np.repeat(_anywhere(chance, 1), some, axis=0), 0.04),
        "clusters": _flipped(chance, np.repeat(_anywhere(chance, 30), some // 30, axis=0), 0.05),
        "large clusters": _flipped(chance, np.repeat(_anywhere(chance, 5), some // 5, axis=0), 0.05),
        "copies in a cluster": np.repeat(
            _flipped(chance, np.repeat(_anywhere(chance, 1), some // 3, axis=0), 0.05), 3, axis=0
        ),
        "clusters that touch": _flipped(
            chance,
            _flipped(chance, np.repeat(_anywhere(chance, 1), 10, axis=0), 0.1).repeat(some // 10, axis=0),
            0.02,
        ),
        "nearly empty": _flipped(chance, np.zeros((some, 32), dtype=np.uint8), 0.02),
        "one part alike": np.hstack([np.zeros((some, 2), dtype=np.uint8), _anywhere(chance, some)[:, 2:]]),
        "nothing alike": _anywhere(chance, some),
    }[kind]
    codes = np.vstack([alike, _anywhere(chance, _COUNT - len(alike))])
    chance.shuffle(codes)
    return codes


def _distances(codes: Codes, query: Codes) -> npt.NDArray[np.int64]:
    distances: npt.NDArray[np.int64] = np.bitwise_count(codes ^ query).sum(axis=1, dtype=np.int64)
    return distances


@pytest.mark.parametrize(
    "kind",
    [
        "copies",
        "one cluster",
        "clusters",
        "large clusters",
        "copies in a cluster",
        "clusters that touch",
        "nearly empty",
        "one part alike",
        "nothing alike",
    ],
)
def test_a_crowd_is_searched_exactly_whatever_the_structure(kind: str) -> None:
    codes = _crowd(kind)
    ids = [3 * place + 1 for place in range(len(codes))]
    banks = [place % 3 for place in range(len(codes))]
    index = HammingIndex(tables_rows_min=0)
    index.insert_many(codes.tobytes(), ids, banks=banks)
    index.merge(threads=2)
    index.insert_many(codes[:50].tobytes(), ids[:50], banks=banks[:50])  # these are pending again
    chance = np.random.default_rng(1)
    queries = np.vstack([_flipped(chance, codes[:12], 0.04), codes[-4:], _anywhere(chance, 4)])
    for query in queries:
        distances = _distances(codes, query)
        order = np.lexsort((np.arange(len(codes)), distances))
        for radius in (0, 1, 15, 16, 24, 31, 40, 64):
            near = [(ids[place], int(distances[place])) for place in order if distances[place] <= radius]
            of_banks = [one for one in near if banks[(one[0] - 1) // 3] != 1]
            for structure in ("tables", "scan", None):
                found = index.search(query.tobytes(), distance_bits_max=radius, structure=structure)
                assert found == near
                for limit in (1, 100):
                    limited = index.search(
                        query.tobytes(), distance_bits_max=radius, structure=structure, limit=limit
                    )
                    assert limited == near[:limit]
                found = index.search(
                    query.tobytes(), distance_bits_max=radius, structure=structure, limit=100, banks=[2, 0]
                )
                assert found == of_banks[:100]


def test_crowds_have_no_tables_and_scattered_codes_have() -> None:
    bytes_held = {}
    for kind in ("one cluster", "large clusters", "nearly empty", "one part alike", "nothing alike"):
        index = HammingIndex(tables_rows_min=0)
        codes = _crowd(kind)
        index.insert_many(codes.tobytes(), list(range(len(codes))))
        index.merge()
        bytes_held[kind] = index.bytes_held
    # Sixteen tables say where the dense rows of each key start.
    assert bytes_held["one part alike"] == bytes_held["nothing alike"] + 16 * 4 * (65_536 + 16)
    for kind in ("one cluster", "large clusters", "nearly empty"):
        # Five bytes in each of sixteen tables for nearly half of the codes.
        assert bytes_held[kind] < bytes_held["nothing alike"] - 80 * _COUNT // 3


def test_who_lies_in_a_crowd_can_go_be_disabled_and_come_back(tmp_path: Path) -> None:
    codes = _crowd("copies in a cluster")
    index = HammingIndex(tables_rows_min=0)
    ids = [int(one) for one in np.random.default_rng(4).permutation(2 * len(codes))[: len(codes)]]
    index.insert_many(codes.tobytes(), ids)
    index.merge()
    held = {id_: place for place, id_ in enumerate(ids)}
    assert all(id_ in index for id_ in ids)
    assert not any(id_ in index for id_ in range(2 * len(codes)) if id_ not in held)
    for id_ in ids[::3]:
        assert index.remove(id_)
        del held[id_]
    for id_ in ids[1::3]:
        assert index.set_enabled(id_, enabled=False)
    index.insert_many(codes[:300].tobytes(), ids[:300])  # some of them again, beside the segment
    held |= {id_: place for place, id_ in enumerate(ids[:300])}
    visible = {id_: place for id_, place in held.items() if place < 300 or place % 3 == 2}
    places = np.array(list(visible.values()))
    path = tmp_path / "index"
    for _ in ("as it is", "read again", "merged again"):
        for query in codes[::500]:
            distances = _distances(codes[places], query)
            near = sorted((int(d), id_) for d, id_ in zip(distances, visible, strict=True) if d <= 31)
            for limit in (None, 50):
                found = index.search(query.tobytes(), distance_bits_max=31, limit=limit)
                assert [(distance, id_) for id_, distance in found] == near[:limit]
        assert len(index) == len(held)
        index.merge(into_one=index.is_mapped)
        index.write_snapshot(path, cursor=1)
        index, _ = HammingIndex.read_snapshot(path)


def test_small_and_large_indexes_choose_their_structure() -> None:
    chance = np.random.default_rng(2)
    index = HammingIndex()
    index.insert_many(_anywhere(chance, 1000).tobytes(), list(range(1000)))
    index.merge()
    assert index.structure(distance_bits_max=31) == "scan"
    index.insert_many(_anywhere(chance, 100_000).tobytes(), list(range(100_000)))
    assert index.merge(threads=2)
    assert (index.pending, index.is_merge_due) == (0, False)
    assert index.structure(distance_bits_max=31) == "tables"
    assert index.structure(distance_bits_max=64) == "scan"


def test_an_exact_map_finds_copies_and_refuses_a_radius() -> None:
    codes = _crowd("copies")
    index = HammingIndex(distance_bits_max=0)
    index.insert_many(codes.tobytes(), list(range(len(codes))))
    index.merge()
    for place in range(0, len(codes), 97):
        same = np.flatnonzero((codes == codes[place]).all(axis=1))
        found = index.search(codes[place].tobytes(), distance_bits_max=0)
        assert found == [(int(one), 0) for one in same]
    with pytest.raises(ValueError, match="between 0 and 0"):
        index.search(bytes(32), distance_bits_max=1)


def test_many_read_while_one_writes_and_another_merges() -> None:
    chance = np.random.default_rng(3)
    codes = _anywhere(chance, 3_000)
    index = HammingIndex(tables_rows_min=0)
    index.insert_many(codes[:1000].tobytes(), list(range(1000)))
    index.merge()
    problems: list[str] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            # Entries 0 to 99 never change, whatever happens around them.
            found = index.search_many(codes[:100].tobytes(), distance_bits_max=31)
            problems.extend("lost" for place, near in enumerate(found) if (place, 0) not in near)

    def merge() -> None:
        into_one = False
        while not is_over.is_set():
            index.merge(into_one=into_one)
            into_one = not into_one

    others = [threading.Thread(target=read) for _ in range(2)] + [threading.Thread(target=merge)]
    for one in others:
        one.start()
    held = set(range(1000))
    for number in range(100, 3_000):
        index.insert(codes[number].tobytes(), number)
        gone = 100 + (number * 7) % 1900
        assert index.remove(gone) == (gone in held | {number})
        held = (held | {number}) - {gone}
    is_over.set()
    for one in others:
        one.join()
    assert not problems
    assert len(index) == len(held)
    index.merge(into_one=True)
    found = index.search_many(codes.tobytes(), distance_bits_max=0)
    assert [place for place, near in enumerate(found) if near] == sorted(held)


def test_a_snapshot_with_tables_is_refused_whichever_byte_changed(tmp_path: Path) -> None:
    path = tmp_path / "index"
    codes = _crowd("clusters")
    index = HammingIndex(tables_rows_min=0)
    index.insert_many(codes.tobytes(), list(range(len(codes))))
    index.merge()
    index.remove(17)
    index.set_enabled(18, enabled=False)
    index.write_snapshot(path, cursor=5)
    whole = bytearray(path.read_bytes())
    assert len(whole) > 4 << 20  # more than one block
    block = 4 << 20
    places = [*range(0, len(whole), len(whole) // 60), block - 1, block, len(whole) - 33, len(whole) - 1]
    for place in places:
        whole[place] ^= 1 << (place % 8)
        path.write_bytes(whole)
        with pytest.raises(SnapshotDamaged):
            HammingIndex.read_snapshot(path)
        whole[place] ^= 1 << (place % 8)
    path.write_bytes(whole)
    again, _ = HammingIndex.read_snapshot(path, threads=1)
    queries = codes[:200].tobytes()
    assert again.search_flat(queries, distance_bits_max=31) == index.search_flat(
        queries, distance_bits_max=31
    )


_WRITER = """
import sys
from vigie_kernel import HammingIndex
index = HammingIndex(tables_rows_min=0)
index.insert_many(bytes(range(256)) * 8, list(range(64)))
index.merge()
cursor = int(sys.argv[2])
while True:
    index.write_snapshot(sys.argv[1], cursor=cursor)
    cursor += 1
"""


def test_who_is_killed_while_writing_leaves_a_whole_snapshot(tmp_path: Path) -> None:
    path = tmp_path / "index"
    for start in (1, 1_000_000, 2_000_000):
        with subprocess.Popen([sys.executable, "-c", _WRITER, str(path), str(start)]) as writer:
            try:
                # Until it has written once and is at it again.
                while not (path.exists() and _cursor(path) >= start and _is_drafting(tmp_path)):
                    assert writer.poll() is None
            finally:
                os.kill(writer.pid, signal.SIGKILL)
        index, cursor = HammingIndex.read_snapshot(path)
        assert (len(index), cursor >= start) == (64, True)


def _cursor(path: Path) -> int:
    with path.open("rb") as file:
        return int.from_bytes(file.read(32)[24:], "little")


def _is_drafting(folder: Path) -> bool:
    return any(one.name.endswith(".draft") for one in folder.iterdir())
