"""The kernel decodes pictures to the pixels that Pillow shows, and hashes them as PyPI pdqhash does.

The one deliberate difference: grey pictures of 16 bits, which Pillow turns white, keep their high byte.
"""

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from vigie_kernel import MediumRefused, decode_picture, digest_bytes

from kernel_jpeg_writer import jpeg_of
from kernel_samples import (
    dihedral,
    encoded,
    photograph,
    photograph_paths,
    pixels_by_kernel,
    pixels_by_pillow,
    png_of_rows,
    reference,
    signals,
)

each_photograph = pytest.mark.parametrize("path", photograph_paths(), ids=lambda path: path.stem)
each_size = pytest.mark.parametrize(
    "size",
    [
        (1, 1),
        (2, 5),
        (5, 2),
        (4, 64),
        (5, 5),
        (17, 16),
        (63, 64),
        (64, 64),
        (65, 64),
        (128, 127),
        (2000, 3),
        (2000, 7),
        (7, 2000),
        (1, 900),
        (640, 480),
    ],
    ids=lambda size: f"{size[0]}x{size[1]}",
)


def _same_as_the_references(data: bytes) -> None:
    pixels = pixels_by_pillow(data)
    assert np.array_equal(pixels_by_kernel(data), pixels)
    wanted = reference(pixels)
    found = signals(data)
    assert (found.height_px, found.width_px) == pixels.shape[:2]
    assert (found.pdq.hex(), found.pdq_quality) == (wanted.pdq.hex(), wanted.quality)
    turned = dihedral(data)
    assert (turned.pdq, turned.quality) == (wanted.dihedral, wanted.quality)


def _with_alpha(picture: Image.Image, mode: str) -> Image.Image:
    grey = np.asarray(picture.convert("L"))
    alpha = np.roll(grey, grey.shape[0] // 3, axis=0)
    changed = picture.convert(mode)
    changed.putalpha(Image.fromarray(alpha))
    return changed


@each_photograph
@pytest.mark.parametrize("quality", [30, 50, 75, 95])
@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
def test_baseline_jpeg(path: Path, quality: int, subsampling: str) -> None:
    _same_as_the_references(encoded(photograph(path), "JPEG", quality=quality, subsampling=subsampling))


@each_photograph
def test_progressive_jpeg(path: Path) -> None:
    picture = photograph(path)
    _same_as_the_references(encoded(picture, "JPEG", quality=70, progressive=True))
    _same_as_the_references(encoded(picture, "JPEG", quality=90, progressive=True, subsampling="4:4:4"))
    _same_as_the_references(encoded(picture.convert("L"), "JPEG", quality=70, progressive=True))


@each_photograph
def test_jpeg_in_grey_in_rgb_and_in_inks(path: Path) -> None:
    picture = photograph(path)
    _same_as_the_references(encoded(picture.convert("L"), "JPEG", quality=80))
    _same_as_the_references(encoded(picture, "JPEG", quality=80, keep_rgb=True))
    _same_as_the_references(encoded(picture.convert("CMYK"), "JPEG", quality=80))


@each_photograph
def test_jpeg_with_restart_markers(path: Path) -> None:
    for blocks in (1, 7):
        data = encoded(photograph(path), "JPEG", quality=80, restart_marker_blocks=blocks)
        _same_as_the_references(data)


@pytest.mark.parametrize("is_interleaved", [True, False], ids=["one scan", "three scans"])
@pytest.mark.parametrize("luma", [(1, 1), (1, 2), (2, 1), (2, 2), (1, 4), (4, 1), (4, 2), (2, 4)], ids=str)
@pytest.mark.parametrize("size", [(3, 70), (70, 3), (99, 75)], ids=str)
def test_jpeg_components_of_any_whole_ratio(
    size: tuple[int, int], luma: tuple[int, int], is_interleaved: bool
) -> None:
    picture = photograph(photograph_paths()[0]).resize(size)
    ycc = np.asarray(picture.convert("YCbCr"))
    for chroma in ((1, 1), luma):
        if is_interleaved and luma[0] * luma[1] + 2 * chroma[0] * chroma[1] > 10:
            continue  # more blocks in a unit than the standard allows
        samplings = [luma, (1, 1), chroma]
        _same_as_the_references(jpeg_of(ycc, samplings=samplings, step=5, is_interleaved=is_interleaved))


@pytest.mark.parametrize("sampling", [(1, 1), (2, 2), (3, 1)], ids=str)
def test_a_lone_component_has_the_same_pixels_whatever_its_sampling(sampling: tuple[int, int]) -> None:
    grey = np.asarray(photograph(photograph_paths()[0]).resize((61, 83)).convert("L"))[:, :, None]
    _same_as_the_references(jpeg_of(grey, samplings=[sampling], step=3, is_interleaved=False))


@each_size
def test_jpeg_of_any_size(size: tuple[int, int]) -> None:
    picture = photograph(photograph_paths()[1]).resize(size)
    for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
        _same_as_the_references(encoded(picture, "JPEG", quality=88, subsampling=subsampling))
        _same_as_the_references(
            encoded(picture, "JPEG", quality=88, subsampling=subsampling, progressive=True)
        )


@each_photograph
def test_png_of_the_usual_modes(path: Path) -> None:
    picture = photograph(path)
    for variant in (
        picture,
        picture.convert("L"),
        picture.convert("1"),
        picture.convert("P"),
        picture.quantize(16),
        picture.quantize(3),
        _with_alpha(picture, "RGB"),
        _with_alpha(picture, "L"),
    ):
        _same_as_the_references(encoded(variant, "PNG"))


@pytest.mark.parametrize("is_interlaced", [False, True], ids=["plain", "interlaced"])
@pytest.mark.parametrize(
    ("color", "samples", "depth"),
    [
        *[(0, 1, depth) for depth in (1, 2, 4, 8, 16)],
        *[(3, 1, depth) for depth in (1, 2, 4, 8)],
        *[(color, samples, depth) for color, samples in ((2, 3), (4, 2), (6, 4)) for depth in (8, 16)],
    ],
)
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (5, 9), (70, 66)], ids=str)
def test_png_of_every_kind(
    color: int, samples: int, depth: int, size: tuple[int, int], is_interlaced: bool
) -> None:
    rng = np.random.default_rng(color * 100 + depth)
    rows = rng.integers(0, 2**depth, (size[1], size[0], samples))
    data = png_of_rows(size=size, color=color, depth=depth, rows=rows, is_interlaced=is_interlaced)
    if (color, depth) == (0, 16):
        # Pillow 13 shows every value over 255 as white. We keep the high byte, as browsers do: a
        # copy saved in 16 bits is then still found.
        wanted = np.repeat(rows >> 8, 3, axis=2)
    else:
        wanted = pixels_by_pillow(data)
    assert np.array_equal(pixels_by_kernel(data), wanted)
    found, known = signals(data), reference(wanted.astype(np.uint8))
    assert (found.pdq, found.pdq_quality) == (known.pdq, known.quality)
    assert dihedral(data).pdq == known.dihedral


@each_size
def test_png_of_any_size(size: tuple[int, int]) -> None:
    _same_as_the_references(encoded(photograph(photograph_paths()[2]).resize(size), "PNG"))


@pytest.mark.parametrize("grey", [0, 1, 127, 255])
def test_one_colour_all_over(grey: int) -> None:
    for size in ((64, 64), (100, 300), (640, 480)):
        _same_as_the_references(encoded(Image.new("RGB", size, (grey, grey, grey)), "PNG"))


@each_photograph
def test_lossless_webp(path: Path) -> None:
    picture = photograph(path)
    _same_as_the_references(encoded(picture, "WEBP", lossless=True, quality=20))
    _same_as_the_references(
        encoded(_with_alpha(picture, "RGB"), "WEBP", lossless=True, quality=20, exact=True)
    )


@each_photograph
def test_lossy_webp(path: Path) -> None:
    picture = photograph(path)
    for quality in (20, 80):
        _same_as_the_references(encoded(picture, "WEBP", quality=quality))
    _same_as_the_references(encoded(_with_alpha(picture, "RGB"), "WEBP", quality=60))


@each_photograph
def test_animated_webp_shows_its_first_frame(path: Path) -> None:
    picture = photograph(path)
    more = [picture.rotate(90), picture.rotate(180)]
    for lossless in (False, True):
        data = encoded(picture, "WEBP", save_all=True, append_images=more, lossless=lossless, quality=30)
        _same_as_the_references(data)


@each_size
def test_webp_of_any_size(size: tuple[int, int]) -> None:
    picture = photograph(photograph_paths()[3]).resize(size)
    _same_as_the_references(encoded(picture, "WEBP", lossless=True))
    _same_as_the_references(encoded(picture, "WEBP", quality=70))


@each_photograph
@pytest.mark.parametrize("interlace", [0, 1])
def test_gif(path: Path, interlace: int) -> None:
    picture = photograph(path)
    for variant in (picture, picture.convert("L"), picture.quantize(5)):
        _same_as_the_references(encoded(variant, "GIF", interlace=interlace))
    _same_as_the_references(encoded(picture.quantize(20), "GIF", transparency=3, interlace=interlace))


def test_animated_gif_shows_its_first_frame() -> None:
    picture = photograph(photograph_paths()[4])
    _same_as_the_references(encoded(picture, "GIF", save_all=True, append_images=[picture.rotate(90)]))


@pytest.mark.parametrize("flags", [0, 0x40], ids=["plain", "interlaced"])
@pytest.mark.parametrize("corner", [(0, 0), (3, 5), (60, 50)], ids=str)
def test_a_gif_frame_lies_where_it_says(corner: tuple[int, int], flags: int) -> None:
    # The screen stays as it was while the frame moves: around it, and where it reaches beyond.
    data = bytearray(
        encoded(photograph(photograph_paths()[5]).resize((40, 30)).quantize(9), "GIF", interlace=0)
    )
    start = data.index(b",\0\0\0\0", 13)
    data[start + 1 : start + 5] = corner[0].to_bytes(2, "little") + corner[1].to_bytes(2, "little")
    data[start + 9] |= flags
    _same_as_the_references(bytes(data))
    data[6:10] = (70).to_bytes(2, "little") + (80).to_bytes(2, "little")
    _same_as_the_references(bytes(data))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_people_see_pictures_upright_and_hashes_do_not_care(kind: str, orientation: int) -> None:
    picture = photograph(photograph_paths()[6])
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(picture, kind, exif=exif, **options)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    assert np.array_equal(pixels_by_kernel(data), np.asarray(upright))
    found, plain = signals(data), signals(encoded(picture, kind, **options))
    assert (found.pdq, found.width_px) == (plain.pdq, plain.width_px)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "GIF"])
def test_decoding_alone_tells_what_it_decoded_and_refuses_what_is_cut_off(kind: str) -> None:
    file = io.BytesIO()
    Image.effect_noise((120, 90), 60).save(file, kind)
    limits = {"bytes_max": 10**7, "pixels_max": 10**7, "time_ms_max": 60_000}
    assert decode_picture(file.getvalue(), **limits) == (kind.lower(), 120, 90)
    with pytest.raises(MediumRefused):
        decode_picture(file.getvalue()[:60], **limits)


def test_digests_are_of_the_file() -> None:
    data = encoded(photograph(photograph_paths()[7]), "PNG")
    wanted = (hashlib.md5(data, usedforsecurity=False).digest(), hashlib.sha256(data).digest())
    found = signals(data)
    assert (found.md5, found.sha256) == wanted == digest_bytes(data)
    assert digest_bytes(b"")[1].hex().startswith("e3b0c44298fc1c14")
