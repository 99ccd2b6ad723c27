"""Edits do what their names say."""

import io

import numpy as np
import pytest
from PIL import Image

from vigie.demo import edits
from vigie.demo.drawings import GREY_HERON
from vigie.foundation.settings import Settings
from vigie.signals.media import MediumLimits, MediumRefused, hash_medium

PICTURE = GREY_HERON["banner"]()


def _pixels(data: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.int16]]":
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGB")).astype(np.int16)


def _size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.size


def test_png_again_has_other_bytes_and_the_same_pixels() -> None:
    again = edits.as_png(PICTURE)
    assert again != PICTURE
    assert np.array_equal(_pixels(again), _pixels(PICTURE))


def test_resizing_and_cropping_change_both_sides() -> None:
    assert _size(PICTURE) == (960, 400)
    assert _size(edits.resized(PICTURE, percent=25)) == (240, 100)
    assert _size(edits.resized(PICTURE, percent=200)) == (1920, 800)
    assert _size(edits.cropped(PICTURE, percent=10)) == (864, 360)


def test_a_caption_leaves_the_picture_whole() -> None:
    captioned = _pixels(edits.captioned(PICTURE, percent=8))
    plain = _pixels(edits.recompressed(PICTURE, quality=edits.JPEG_QUALITY))
    assert captioned.shape == (432, 960, 3)
    assert np.abs(captioned[:384] - plain[:384]).mean() < 1


def test_mirroring_changes_left_and_right() -> None:
    mirrored = _pixels(edits.mirrored(PICTURE))
    assert np.abs(mirrored[:, ::-1] - _pixels(PICTURE)).mean() < 5
    assert np.abs(mirrored - _pixels(PICTURE)).mean() > 10


def test_brightness_goes_both_ways() -> None:
    mean = _pixels(PICTURE).mean()
    assert _pixels(edits.brightened(PICTURE, percent=20)).mean() > mean * 1.1
    assert _pixels(edits.brightened(PICTURE, percent=-20)).mean() < mean * 0.9


def test_grey_has_no_colour_left() -> None:
    red, _, blue = np.moveaxis(_pixels(edits.greyed(PICTURE)), 2, 0)
    assert np.array_equal(red, blue)


def test_a_watermark_reaches_every_quarter_of_the_picture() -> None:
    plain = _pixels(edits.recompressed(PICTURE, quality=edits.JPEG_QUALITY))
    changed = np.abs(_pixels(edits.watermarked(PICTURE, opacity_percent=35)) - plain).max(axis=2) > 30
    quarters = [changed[:200, :480], changed[:200, 480:], changed[200:, :480], changed[200:, 480:]]
    assert all(0.005 < one.mean() < 0.3 for one in quarters)


def test_the_same_seed_makes_the_same_noise() -> None:
    first = edits.noisy(PICTURE, sigma=15, seed=1)
    assert edits.noisy(PICTURE, sigma=15, seed=1) == first
    assert edits.noisy(PICTURE, sigma=15, seed=2) != first
    plain = _pixels(edits.recompressed(PICTURE, quality=edits.JPEG_QUALITY))
    assert np.abs(_pixels(first) - plain).mean() > 5


def test_a_truncated_file_is_refused_by_the_kernel() -> None:
    with pytest.raises(MediumRefused) as refused:
        hash_medium(edits.truncated(PICTURE), limits=MediumLimits.from_settings(Settings()))
    assert refused.value.code == "medium_malformed"
