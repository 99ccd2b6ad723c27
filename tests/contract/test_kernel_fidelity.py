"""Fast hashes stay near the full ones, and full ones near the reference's, on photographs of some size.

Quality is that of the picture, so it may differ by one step at most.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import vigie_kernel
from PIL import Image, ImageEnhance

from kernel_samples import (
    BYTES_MAX,
    PIXELS_MAX,
    TIME_MS_MAX,
    Fidelity,
    distance_bits,
    encoded,
    photograph,
    photograph_paths,
    pixels_by_pillow,
    reference,
)

each_photograph = pytest.mark.parametrize("path", photograph_paths(), ids=lambda path: path.stem)


def _pdq(data: bytes, fidelity: Fidelity) -> tuple[bytes, int]:
    return vigie_kernel.pdq_picture(
        data, bytes_max=BYTES_MAX, pixels_max=PIXELS_MAX, time_ms_max=TIME_MS_MAX, fidelity=fidelity
    )


@cache
def _large(path: Path) -> Image.Image:
    """The photograph at 1280x960, with fine grain where it had to be enlarged."""
    picture = photograph(path, side_px_max=1280).resize((1280, 960), Image.Resampling.BICUBIC)
    grain = np.random.default_rng(7).normal(0, 3, (960, 1280, 3))
    return Image.fromarray((np.asarray(picture) + grain).clip(0, 255).astype(np.uint8))


@each_photograph
@pytest.mark.parametrize("progressive", [False, True], ids=["baseline", "progressive"])
def test_fast_hashes_of_photographs_are_within_eight_bits(path: Path, progressive: bool) -> None:
    bright = ImageEnhance.Color(ImageEnhance.Brightness(_large(path)).enhance(1.4)).enhance(1.8)
    for picture in (_large(path), bright, _large(path).convert("L")):
        data = encoded(picture, "JPEG", quality=75, progressive=progressive)
        full, fast = _pdq(data, "full"), _pdq(data, "fast")
        if full[1] >= 50:
            assert distance_bits(full[0], fast[0]) <= 8
            assert abs(full[1] - fast[1]) <= 1


@each_photograph
def test_full_hashes_of_photographs_are_within_two_bits_of_the_reference(path: Path) -> None:
    data = encoded(_large(path), "JPEG", quality=85)
    (found, quality), known = _pdq(data, "full"), reference(pixels_by_pillow(data))
    assert distance_bits(found, known.pdq) <= 2
    assert abs(quality - known.quality) <= 1


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("size", [(256, 256), (257, 300), (640, 257), (1000, 2000)], ids=str)
def test_fast_hashes_do_not_care_how_blocks_fill_the_picture(size: tuple[int, int], subsampling: str) -> None:
    picture = _large(photograph_paths()[0]).resize(size)
    for options in ({}, {"restart_marker_blocks": 3}, {"progressive": True}):
        data = encoded(picture, "JPEG", quality=90, subsampling=subsampling, **options)
        full, fast = _pdq(data, "full"), _pdq(data, "fast")
        assert distance_bits(full[0], fast[0]) <= 4


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_other_formats_have_one_hash_at_any_fidelity(kind: str) -> None:
    data = encoded(photograph(photograph_paths()[1]), kind)
    assert _pdq(data, "fast") == _pdq(data, "full")


def test_jpegs_in_other_colours_and_small_ones_have_one_hash_at_any_fidelity() -> None:
    large, small = _large(photograph_paths()[2]), photograph(photograph_paths()[2]).resize((200, 100))
    for data in (
        encoded(large.convert("CMYK"), "JPEG", quality=80),
        encoded(large, "JPEG", quality=80, keep_rgb=True),
        encoded(small, "JPEG", quality=80),
    ):
        assert _pdq(data, "fast") == _pdq(data, "full")
