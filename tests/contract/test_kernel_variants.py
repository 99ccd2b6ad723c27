"""Variants of a picture by the kernel: the same signals as ever, hostile bytes refused, the same on every thread."""

from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest
from PIL import Image, ImageOps
from vigie_kernel import MediumRefused, PictureVariant, hash_picture, hash_variants

from pictures import as_bytes, flat_picture, picture
from vigie.signals.variants import Variant

LIMITS = {"bytes_max": 10_000_000, "pixels_max": 10_000_000, "time_ms_max": 60_000}
WANTED: tuple[Literal["asked", "banked"], ...] = ("asked", "banked")


def variants(data: bytes, wanted: Literal["asked", "banked"]) -> list[PictureVariant]:
    return hash_variants(
        data, wanted=wanted, bytes_max=10_000_000, pixels_max=10_000_000, time_ms_max=60_000
    )[1]


def distance(left: bytes, right: bytes) -> int:
    return (int.from_bytes(left) ^ int.from_bytes(right)).bit_count()


def nearest(copy: bytes, banked: list[PictureVariant]) -> int:
    return min(distance(one.pdq, other.pdq) for one in variants(copy, "asked") for other in banked)


def turned(image: Image.Image, *, expand: bool = False, fillcolor: str = "black") -> Image.Image:
    return image.rotate(3, Image.Resampling.BICUBIC, expand=expand, fillcolor=fillcolor)


def with_bar(image: Image.Image) -> Image.Image:
    """Its lowest tenth under one colour."""
    covered = image.copy()
    covered.paste((200, 30, 30), (0, image.height * 9 // 10, image.width, image.height))
    return covered


@pytest.mark.parametrize("wanted", WANTED)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_signals_are_those_of_the_picture_alone(kind: str, wanted: Literal["asked", "banked"]) -> None:
    data = as_bytes(picture(5, width_px=900), kind)
    alone = hash_picture(data, bytes_max=10_000_000, pixels_max=10_000_000, time_ms_max=60_000)
    signals, _, _ = hash_variants(
        data, wanted=wanted, bytes_max=10_000_000, pixels_max=10_000_000, time_ms_max=60_000
    )
    assert (signals.pdq, signals.pdq_quality) == (alone.pdq, alone.pdq_quality)
    assert (signals.sha256, signals.md5, signals.width_px) == (alone.sha256, alone.md5, alone.width_px)


@pytest.mark.parametrize("wanted", WANTED)
@pytest.mark.parametrize("interlaced", ["PNG", "GIF"])
def test_interlaced_files_have_the_variants_of_the_plain_ones(
    interlaced: str, wanted: Literal["asked", "banked"]
) -> None:
    image = picture(6, width_px=700, height_px=500).convert("L")
    plain = as_bytes(image, "PNG")
    other = as_bytes(image, interlaced, interlace=1) if interlaced == "GIF" else plain
    pairs = zip(variants(plain, wanted), variants(other, wanted), strict=True)
    assert max(distance(one.pdq, two.pdq) for one, two in pairs) <= 4


@pytest.mark.parametrize("wanted", WANTED)
def test_damaged_files_are_refused_with_the_code_that_hashing_gives(
    wanted: Literal["asked", "banked"],
) -> None:
    data = as_bytes(picture(7), "JPEG", quality=80)
    for broken in (b"", b"no picture", data[:100], data[: len(data) // 3], b"\xff\xd8\xff" + b"\0" * 50):
        codes = []
        for call in (
            lambda broken=broken: hash_picture(broken, bytes_max=10**7, pixels_max=10**7, time_ms_max=60_000),
            lambda broken=broken: variants(broken, wanted),
        ):
            try:
                call()
                codes.append("hashed")
            except MediumRefused as error:
                codes.append(error.code)
        assert codes[0] == codes[1]


def test_another_wish_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="wanted"):
        hash_variants(b"x", wanted="all", bytes_max=1, pixels_max=1, time_ms_max=1)  # type: ignore[arg-type]


def test_variants_are_the_same_on_every_thread() -> None:
    data = as_bytes(picture(8), "JPEG", quality=80)
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: [one.pdq for one in variants(data, "asked")], range(8)))
    assert all(run == runs[0] for run in runs)


def test_a_flat_picture_has_no_variant_good_enough_to_match() -> None:
    data = as_bytes(flat_picture())
    assert all(one.pdq_quality < 50 for wanted in WANTED for one in variants(data, wanted))


@pytest.mark.parametrize(("width_px", "height_px"), [(1, 900), (900, 1), (3, 500), (640, 480)])
def test_variants_of_every_shape_are_few_and_can_be_stored(width_px: int, height_px: int) -> None:
    data = as_bytes(Image.radial_gradient("L").resize((width_px, height_px)))
    for wanted, count_max in zip(WANTED, (56, 150), strict=True):
        found = variants(data, wanted)
        assert len(found) <= count_max
        for one in found:
            stored = Variant(one.part, one.window, one.orientation, one.degrees).write()
            assert Variant.parse(stored).write() == stored


@pytest.mark.parametrize("seed", range(20, 26))
def test_edited_copies_are_near_and_other_pictures_are_far(seed: int) -> None:
    image = picture(seed)
    banked = variants(as_bytes(image), "banked")
    edits = {
        "mirror": ImageOps.mirror(image),
        "frame": ImageOps.expand(image, border=70, fill="black"),
        "cut": image.crop((32, 24, 608, 456)),
        "corner": image.crop((64, 48, 640, 480)),
        "turn": turned(image),
        "turn, white corners": turned(image, fillcolor="white"),
        "turn, canvas grown": turned(image, expand=True),
        "turn, white canvas grown": turned(image, expand=True, fillcolor="white"),
        "cut, bar laid over": with_bar(image.crop((16, 12, 624, 468))),
    }
    far = {name: nearest(as_bytes(edit, "JPEG", quality=85), banked) for name, edit in edits.items()}
    assert {name: bits for name, bits in far.items() if bits > 28} == {}
    assert nearest(as_bytes(picture(seed + 100)), banked) > 50
