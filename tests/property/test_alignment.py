"""Aligning two pictures: a known map is found again, different pictures have none, and the answer never changes."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from vigie_kernel import WordIndex

from pictures import as_bytes, detailed_picture, flat_picture, picture
from vigie.foundation.errors import Invalid
from vigie.foundation.settings import Settings
from vigie.matching.feature_index import FeatureIndex
from vigie.signals.aligning import Alignable, align
from vigie.signals.features import FEATURES_MAX, Features, features_of
from vigie.signals.likelihood import score_of
from vigie.signals.media import LumaPlane, MediumLimits, look_closely

LIMITS = MediumLimits.from_settings(Settings())
ORIGINAL = detailed_picture(21)
KNOWN = features_of(look_closely(as_bytes(ORIGINAL), wanted="banked", limits=LIMITS).plane)
KNOWN_CORNERS = look_closely(as_bytes(ORIGINAL), wanted="asked", limits=LIMITS).plane.corners()
QUICK = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def plane(image: Image.Image) -> LumaPlane:
    return look_closely(as_bytes(image, "JPEG", quality=90), wanted="asked", limits=LIMITS).plane


def words(image: Image.Image) -> bytes:
    return plane(image).corners().banked


@cache
def words_of_others() -> tuple[bytes, ...]:
    return tuple(words(detailed_picture(seed)) for seed in range(30, 38))


moved = st.floats(-0.1, 0.1)


@QUICK
@given(st.lists(moved, min_size=8, max_size=8))
def test_a_known_homography_is_found_again(moves: list[float]) -> None:
    """The corners of the picture go elsewhere by up to a tenth of its sides."""
    width, height = ORIGINAL.size
    corners = [(0.15, 0.15), (0.85, 0.15), (0.85, 0.85), (0.15, 0.85)]
    wanted = [(x + moves[2 * at], y + moves[2 * at + 1]) for at, (x, y) in enumerate(corners)]
    rows, values = [], []
    for (x, y), (u, v) in zip(wanted, [(0, 0), (1, 0), (1, 1), (0, 1)], strict=True):
        x, y, u, v = x * width, y * height, u * width, v * height
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    numbers = [float(one) for one in np.linalg.solve(np.array(rows), np.array(values))]
    seen = ORIGINAL.transform(
        ORIGINAL.size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC, fillcolor="grey"
    )
    found = align(Alignable(plane(seen)), KNOWN)
    assert found is not None
    for expected, corner in zip(wanted, found.placement.entry_in_upload, strict=True):
        assert corner == pytest.approx(expected, abs=0.03)


@QUICK
@given(st.integers(1_000, 1_000_000))
def test_different_pictures_do_not_agree(seed: int) -> None:
    found = align(Alignable(plane(detailed_picture(seed))), KNOWN)
    assert found is None or score_of(found, distance_bits=None) < 0.5


def test_the_answer_is_the_same_at_every_call_and_number_of_threads() -> None:
    seen = plane(ORIGINAL.rotate(17, expand=True).resize((500, 500)))
    first = align(Alignable(seen), KNOWN)
    assert first is not None
    with ThreadPoolExecutor(4) as pool:
        others = list(pool.map(lambda _: align(Alignable(seen), KNOWN), range(8)))
    assert others == [first] * 8


@pytest.mark.parametrize(
    "image", [flat_picture(), picture(1), Image.new("L", (3, 2)), Image.new("L", (2_000, 1)), ORIGINAL]
)
def test_features_of_any_picture_are_written_and_read_again(image: Image.Image) -> None:
    features = features_of(look_closely(as_bytes(image), wanted="banked", limits=LIMITS).plane)
    stored = features.write()
    assert len(stored) < 25_000
    assert len(features.points) <= FEATURES_MAX
    again = Features.parse(stored)
    assert np.array_equal(again.codes, features.codes)
    assert np.array_equal(again.thumbnail, features.thumbnail)
    assert np.allclose(again.points, features.points, atol=1 / 16)
    align(Alignable(plane(ORIGINAL)), again)


@given(st.binary(max_size=200))
def test_features_that_are_none_are_refused(stored: bytes) -> None:
    with pytest.raises(Invalid):
        Features.parse(stored)


def test_a_bomb_in_the_place_of_features_is_refused() -> None:
    import zlib

    header = KNOWN.write()[:11]
    with pytest.raises(Invalid):
        Features.parse(header + zlib.compress(bytes(10_000_000)))


def test_entries_are_proposed_by_the_corners_they_share_through_changes() -> None:
    index = FeatureIndex(entries_max=400)
    index.change({7: words(ORIGINAL)})
    others = words_of_others()
    index.change({100 + number: one for number, one in enumerate(others)})
    upload = plane(ORIGINAL.crop((90, 20, 630, 430))).corners()
    assert [(one.entry_id, one.is_mirrored) for one in index.propose(upload)] == [(7, False)]
    index.change({}, gone=[7])
    assert index.propose(upload) == []
    # Enough changes that the parts are put together anew.
    index.change(
        {1_000 + number: words(ORIGINAL) if number == 300 else one for number, one in enumerate(others * 40)}
    )
    assert index.propose(upload)[0].entry_id == 1_300
    assert len(index) == 8 + 320


@pytest.mark.parametrize("degrees", [12, 90, 171])
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_an_entry_is_proposed_however_the_upload_is_turned_and_mirrored(
    degrees: int, *, is_mirrored: bool
) -> None:
    index = FeatureIndex(entries_max=40)
    index.change({21: words(ORIGINAL), **dict(enumerate(words_of_others(), 30))})
    edited = ImageOps.mirror(ORIGINAL) if is_mirrored else ORIGINAL
    upload = plane(edited.rotate(degrees, expand=True, fillcolor="grey")).corners()
    assert [(one.entry_id, one.is_mirrored) for one in index.propose(upload)] == [(21, is_mirrored)]


def test_different_and_flat_pictures_propose_nothing() -> None:
    index = FeatureIndex(entries_max=100)
    index.change(dict(enumerate(words_of_others())))
    uploads = [detailed_picture(seed) for seed in range(60, 66)]
    found = [index.propose(plane(one).corners()) for one in (*uploads, flat_picture())]
    assert found == [[]] * 7


def test_no_more_entries_come_in_than_the_limit() -> None:
    index = FeatureIndex(entries_max=2)
    index.change({1: words(ORIGINAL), 2: words(ORIGINAL), 3: words(ORIGINAL)})
    assert len(index) == 2
    known = plane(ORIGINAL).corners()
    assert [one.entry_id for one in index.propose(known)] == [1, 2]
    assert FeatureIndex(entries_max=0).propose(known) == []


@given(st.lists(st.binary(max_size=60), max_size=3))
def test_words_that_are_none_are_refused(stored: list[bytes]) -> None:
    fit = all(one[:1] == b"\2" and len(one) % 20 == 1 for one in stored)
    if fit:
        assert len(WordIndex(stored)) == len(stored)
    else:
        with pytest.raises(ValueError, match="no words of corners"):
            WordIndex(stored)


@QUICK
@given(st.lists(st.binary(min_size=20, max_size=20), max_size=40))
def test_any_words_of_the_right_shape_are_looked_through(corners: list[bytes]) -> None:
    index = WordIndex([b"\2" + b"".join(corners)] * 3)
    asked = KNOWN_CORNERS
    assert all(votes <= len(asked) for _, votes, _ in index.shared(asked, votes_min=1, owners_max=1_000))
