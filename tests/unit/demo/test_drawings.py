"""The drawn pictures can be banked, and none is taken for another."""

import itertools

import pytest

from vigie.demo.drawings import GREY_HERON, museum_plate, ticket
from vigie.foundation.settings import Settings
from vigie.signals.media import MediumLimits, hash_medium

LIMITS = MediumLimits.from_settings(Settings())
RADIUS_BITS = Settings().match_distance_bits_max


def _pdq(data: bytes) -> int:
    return int.from_bytes(hash_medium(data, limits=LIMITS).pdq)


@pytest.mark.parametrize("name", [*GREY_HERON, "museum plate"])
def test_a_drawing_has_enough_structure_to_be_matched(name: str) -> None:
    data = museum_plate() if name == "museum plate" else GREY_HERON[name]()
    assert hash_medium(data, limits=LIMITS).pdq_quality >= Settings().pdq_quality_min


def test_different_drawings_are_far_apart() -> None:
    hashes = [_pdq(data) for data in (ticket(), *(draw() for draw in GREY_HERON.values()))]
    nearest = min((left ^ right).bit_count() for left, right in itertools.combinations(hashes, 2))
    assert nearest > 2 * RADIUS_BITS


def test_the_museum_plate_would_match_the_emblem_if_it_were_not_known_to_be_harmless() -> None:
    distance = (_pdq(museum_plate()) ^ _pdq(GREY_HERON["emblem"]())).bit_count()
    assert 0 < distance <= RADIUS_BITS


def test_a_drawing_is_the_same_each_time() -> None:
    GREY_HERON["poster"].cache_clear()  # type: ignore[attr-defined]
    first = GREY_HERON["poster"]()
    GREY_HERON["poster"].cache_clear()  # type: ignore[attr-defined]
    assert GREY_HERON["poster"]() == first
