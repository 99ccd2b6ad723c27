"""Renderings are small upright PNGs that carry nothing but pixels; veiled ones show broad shapes only."""

import io
import struct
from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFilter, PngImagePlugin
from vigie_kernel import MediumRefused, render_picture

from kernel_samples import PIXELS_MAX, TIME_MS_MAX, encoded, photograph, photograph_paths


def _render(data: bytes, style: Literal["clear", "veiled"], side_px_max: int) -> Image.Image:
    return Image.open(io.BytesIO(_rendered(data, style, side_px_max)))


def _rendered(data: bytes, style: Literal["clear", "veiled"], side_px_max: int) -> bytes:
    return render_picture(
        data,
        side_px_max=side_px_max,
        style=style,
        bytes_max=1 << 24,
        pixels_max=PIXELS_MAX,
        time_ms_max=TIME_MS_MAX,
    )


def _chunks(png: bytes) -> list[bytes]:
    names, place = [], 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        names.append(png[place + 4 : place + 8])
        place += 12 + length
    return names


def _values(picture: Image.Image) -> npt.NDArray[np.float64]:
    return np.asarray(picture.convert("RGB"), dtype=np.float64)


@pytest.mark.parametrize("style", ["clear", "veiled"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_no_metadata_comes_through(kind: str, style: Literal["clear", "veiled"]) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at the harbour"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 30.0)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "taken at the harbour")
    options: dict[str, object] = {"comment": b"taken at the harbour"}
    if kind != "GIF":
        options = {"exif": exif, "icc_profile": b"taken at the harbour" * 20, "pnginfo": text}
    data = encoded(photograph(photograph_paths()[0]), kind, **options)
    assert b"harbour" in data
    rendering = _rendered(data, style, 200)
    assert b"harbour" not in rendering
    assert set(_chunks(rendering)) == {b"IHDR", b"IDAT", b"IEND"}


@pytest.mark.parametrize(
    ("size", "side_px_max", "wanted"),
    [
        ((640, 480), 320, (320, 240)),
        ((480, 640), 320, (240, 320)),
        ((100, 80), 320, (100, 80)),
        ((1, 1), 320, (1, 1)),
        ((3000, 2), 300, (300, 1)),
        ((640, 480), 1, (1, 1)),
    ],
)
def test_a_clear_rendering_fits_and_is_never_enlarged(
    size: tuple[int, int], side_px_max: int, wanted: tuple[int, int]
) -> None:
    data = encoded(photograph(photograph_paths()[1]).resize(size), "PNG")
    assert _render(data, "clear", side_px_max).size == wanted


def test_a_clear_rendering_is_the_mean_of_what_it_covers() -> None:
    picture = photograph(photograph_paths()[2]).resize((300, 150))
    small = _render(encoded(picture, "PNG"), "clear", 100)
    assert small.size == (100, 50)
    means = _values(picture).reshape(50, 3, 100, 3, 3).mean(axis=(1, 3))
    assert np.abs(_values(small) - means).max() <= 0.51


@pytest.mark.parametrize("side_px_max", [64, 320, 1000])
def test_a_veiled_rendering_is_grey_and_half_as_long(side_px_max: int) -> None:
    veiled = _render(encoded(photograph(photograph_paths()[3]), "JPEG"), "veiled", side_px_max)
    assert max(veiled.size) == side_px_max // 2
    values = _values(veiled)
    assert np.array_equal(values[:, :, 0], values[:, :, 1])
    assert np.array_equal(values[:, :, 0], values[:, :, 2])


def test_a_veiled_rendering_keeps_no_detail() -> None:
    for path in photograph_paths():
        picture = photograph(path)
        veiled = _render(encoded(picture, "PNG"), "veiled", 320)
        softer = veiled.filter(ImageFilter.GaussianBlur(3))
        # Blurring it further changes next to nothing: there was nothing left to blur.
        assert np.abs(_values(veiled) - _values(softer)).mean() < 3


def test_a_veiled_rendering_hides_writing_and_shows_broad_shapes() -> None:
    plain = Image.new("RGB", (600, 400), (255, 255, 255))
    plain.paste((0, 0, 0), (300, 0, 600, 400))
    written = plain.copy()
    draw = ImageDraw.Draw(written)
    for line in range(8):
        draw.text((20, 20 + 45 * line), "THE GREY HERON COLUMN", fill=(0, 0, 0), font_size=16)
    difference = _values(_render(encoded(plain, "PNG"), "veiled", 400)) - _values(
        _render(encoded(written, "PNG"), "veiled", 400)
    )
    assert np.abs(difference).max() < 60
    halves = _values(_render(encoded(plain, "PNG"), "veiled", 400))
    assert halves[:, :70].mean() > 200
    assert halves[:, -70:].mean() < 55


def test_renderings_of_the_same_file_are_the_same() -> None:
    data = encoded(photograph(photograph_paths()[4]), "JPEG")
    for style in ("clear", "veiled"):
        assert _rendered(data, style, 200) == _rendered(data, style, 200)


def test_what_cannot_be_hashed_cannot_be_rendered() -> None:
    with pytest.raises(MediumRefused) as refused:
        _rendered(b"\x89PNG\r\n\x1a\n", "veiled", 100)
    assert refused.value.code == "malformed"


@pytest.mark.parametrize("side_px_max", [0, -1, 2049, 2**62])
def test_a_side_out_of_range_is_a_mistake_of_the_caller(side_px_max: int) -> None:
    with pytest.raises(ValueError, match="side_px_max"):
        _rendered(b"", "clear", side_px_max)


def test_an_unknown_style_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="clear"):
        _rendered(b"", "plain", 100)  # type: ignore[arg-type]
