"""Where codes are alike in some parts only they are dense, and no crowd: the index is still exact."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from vigie_kernel import HammingIndex

Codes = npt.NDArray[np.uint8]
_COUNT, _ALIKE = 150_000, 60_000
_RADIUS = 31


def _anywhere(chance: np.random.Generator, count: int) -> Codes:
    return chance.integers(0, 256, size=(count, 32), dtype=np.uint8)


def _alike(kind: str) -> Codes:
    """Codes of which the first are alike in the way that `kind` says."""
    chance = np.random.default_rng(len(kind))
    codes = _anywhere(chance, _COUNT)
    parts, centre = codes[:_ALIKE].view(np.uint16), codes[-1].view(np.uint16)
    match kind:
        case "every second part":
            parts[:, ::2] = centre[::2]
        case "a run of parts":
            parts[:, 3:9] = centre[3:9]
        case "some parts of each":
            places = chance.random(parts.shape) < 5 / 16
            parts[places] = np.broadcast_to(centre, parts.shape)[places]
        case "loosely":
            one, two, three, four = (_anywhere(chance, _ALIKE) for _ in range(4))
            codes[:_ALIKE] = codes[-1] ^ (one & two & (three | four))
        case "in crowds of 3,000":
            centres = codes[-1] ^ (_anywhere(chance, 20) & _anywhere(chance, 20) & _anywhere(chance, 20))
            few = _anywhere(chance, _ALIKE) & _anywhere(chance, _ALIKE) & _anywhere(chance, _ALIKE)
            codes[:_ALIKE] = centres.repeat(_ALIKE // 20, axis=0) ^ (few & _anywhere(chance, _ALIKE))
    return codes


def _queries(codes: Codes) -> list[Codes]:
    chance = np.random.default_rng(3)
    near = codes[[*range(0, _ALIKE, _ALIKE // 12), _COUNT - 2, _COUNT - 1]].copy()
    near[1:, chance.integers(0, 32, 12)] ^= 1
    return list(near)


def _expect(index: HammingIndex, codes: Codes, held: npt.NDArray[np.bool_]) -> None:
    for query in _queries(codes):
        distances = np.bitwise_count(codes.view(np.uint64) ^ query.view(np.uint64)).sum(axis=1)
        near = np.flatnonzero(held & (distances <= _RADIUS))
        near = near[np.argsort(distances[near], kind="stable")]
        expected = [(int(place), int(distances[place])) for place in near]
        assert index.search(query.tobytes(), distance_bits_max=_RADIUS) == expected
        assert index.search(query.tobytes(), distance_bits_max=_RADIUS, limit=3) == expected[:3]


@pytest.mark.parametrize(
    "kind", ["every second part", "a run of parts", "some parts of each", "loosely", "in crowds of 3,000"]
)
def test_codes_alike_in_parts_are_searched_exactly_after_any_change(kind: str, tmp_path: Path) -> None:
    codes = _alike(kind)
    held = np.ones(_COUNT, dtype=np.bool_)
    index = HammingIndex(tables_rows_min=0)
    first = _COUNT - 5_000
    index.insert_many(codes[:first].tobytes(), list(range(first)))
    index.merge(threads=2)
    index.insert_many(codes[first:].tobytes(), list(range(first, _COUNT)))
    _expect(index, codes, held)
    for place in range(0, _COUNT, 7):
        index.remove(place)
    held[::7] = False
    for place in range(1, _COUNT, 7):
        index.set_enabled(place, enabled=False)
    held[1::7] = False
    _expect(index, codes, held)
    index.write_snapshot(tmp_path / "index", cursor=1)
    # Read back, a segment is divided anew for a query from half a million rows on: both ways are tried.
    read, _ = HammingIndex.read_snapshot(tmp_path / "index")
    _expect(read, codes, held)
    for changed in (index, read):
        assert all(changed.remove(place) for place in range(2, _COUNT, 7))
    held[2::7] = False
    for changed in (index, read):
        _expect(changed, codes, held)
        assert changed.merge(into_one=True, threads=2)
        _expect(changed, codes, held)
