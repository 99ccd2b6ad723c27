"""The vector scan: any buffer, any number of threads, the same pairs; more than the limit is an error."""

import mmap
import random
from array import array
from pathlib import Path

import pytest
from vigie_kernel import KernelError, scan_codes


def _codes(count: int, *, seed: int) -> list[int]:
    """Half of them anywhere, half around a few centres."""
    chance = random.Random(seed)
    centres = [chance.getrandbits(256) for _ in range(3)]
    near = [
        chance.choice(centres) ^ sum(1 << bit for bit in chance.sample(range(256), chance.randrange(60)))
        for _ in range(count // 2)
    ]
    return near + [chance.getrandbits(256) for _ in range(count - len(near))]


def _bytes(codes: list[int]) -> bytes:
    return b"".join(code.to_bytes(32) for code in codes)


def _by_list(codes: list[int], queries: list[int], radius: int) -> list[tuple[int, int, int]]:
    return [
        (query, place, (one ^ other).bit_count())
        for query, one in enumerate(queries)
        for place, other in enumerate(codes)
        if (one ^ other).bit_count() <= radius
    ]


@pytest.mark.parametrize("count", [0, 1, 7, 31, 33, 512, 543, 1300])
@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("asked", [1, 3, 4, 22])
def test_the_pairs_are_those_of_a_plain_list(count: int, threads: int, asked: int) -> None:
    codes = _codes(count, seed=count)
    queries = [*codes[:5], *_codes(12, seed=99), *codes[-5:]][:asked]
    for radius in (0, 1, 31, 44, 45, 64):
        found = scan_codes(
            _bytes(codes), _bytes(queries), distance_bits_max=radius, threads=threads, limit=1 << 20
        )
        assert found == _by_list(codes, queries, radius)


@pytest.mark.parametrize("asked", [1, 5])
def test_every_distance_is_within_itself_and_not_within_one_less(asked: int) -> None:
    order = random.Random(5).sample(range(256), 256)
    codes = [sum(1 << bit for bit in order[:distance]) for distance in range(257)]
    for radius in range(65):
        found = scan_codes(_bytes(codes), bytes(32) * asked, distance_bits_max=radius, limit=1 << 20)
        assert found == [(query, place, place) for query in range(asked) for place in range(radius + 1)]


@pytest.mark.parametrize("offset", [0, 1, 7, 16, 31, 33, 63])
def test_codes_at_odd_addresses_are_read_where_they_lie(offset: int) -> None:
    codes = _codes(97, seed=3)
    buffer = memoryview(bytes([0xA5]) * offset + _bytes(codes))[offset:]
    for queries in (codes[:1], codes[:6]):
        found = scan_codes(buffer, _bytes(queries), distance_bits_max=40, limit=1 << 20)
        assert found == _by_list(codes, queries, 40)


def test_a_crowd_of_which_few_are_near_is_counted_to_the_last() -> None:
    # All first halves are near, so whether a code is near depends on its second half alone.
    chance = random.Random(6)
    codes = [chance.getrandbits(128) for _ in range(3000)]
    for place in range(0, 3000, 37):
        codes[place] = sum(1 << bit for bit in chance.sample(range(128), 31))
    for queries in ([0], [0] * 5):
        for radius in (30, 31, 60):
            found = scan_codes(_bytes(codes), _bytes(queries), distance_bits_max=radius, limit=1 << 20)
            assert found == _by_list(codes, queries, radius)


def test_a_mapped_file_and_other_buffers_are_read_where_they_lie(tmp_path: Path) -> None:
    codes = _codes(700, seed=1)
    path = tmp_path / "codes"
    path.write_bytes(_bytes(codes))
    expected = _by_list(codes, codes[:3], 31)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        words = array("Q", _bytes(codes))
        signed = memoryview(_bytes(codes)).cast("b")
        for buffer in (mapped, memoryview(mapped), words, signed, bytearray(_bytes(codes))):
            assert scan_codes(buffer, _bytes(codes[:3]), distance_bits_max=31, limit=10_000) == expected
        # From the middle of a file, at an odd address.
        part = memoryview(b"x" + _bytes(codes))[1:]
        assert scan_codes(part, _bytes(codes[:3]), distance_bits_max=31, limit=10_000) == expected


def test_more_pairs_than_the_limit_are_an_error_and_as_many_are_not() -> None:
    same = bytes(32) * 1000
    assert len(scan_codes(same, bytes(64), distance_bits_max=0, threads=2, limit=2000)) == 2000
    for threads in (1, 2):
        with pytest.raises(KernelError) as refused:
            scan_codes(same, bytes(64), distance_bits_max=0, threads=threads, limit=1999)
        assert refused.value.code == "too_many_pairs"
    assert scan_codes(b"", bytes(64), distance_bits_max=0, limit=0) == []


def test_wrong_shapes_are_mistakes_of_the_caller() -> None:
    with pytest.raises(ValueError, match="multiple"):
        scan_codes(bytes(33), bytes(32), distance_bits_max=0, limit=1)
    with pytest.raises(ValueError, match="multiple"):
        scan_codes(bytes(32), bytes(31), distance_bits_max=0, limit=1)
    with pytest.raises(ValueError, match="distance_bits_max"):
        scan_codes(bytes(32), bytes(32), distance_bits_max=65, limit=1)
    with pytest.raises(ValueError, match="threads"):
        scan_codes(bytes(32), bytes(32), distance_bits_max=0, threads=0, limit=1)
    with pytest.raises(ValueError, match="limit"):
        scan_codes(bytes(32), bytes(32), distance_bits_max=0, limit=-1)
    with pytest.raises(BufferError):
        scan_codes(memoryview(bytes(128))[::2], bytes(32), distance_bits_max=0, limit=1)
