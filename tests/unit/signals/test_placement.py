"""Where an entry lies in an upload: outlines, shares, and variants as maps that agree with the pixels."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from pictures import as_bytes, detailed_picture
from vigie.foundation.errors import Invalid
from vigie.foundation.settings import Settings
from vigie.signals.aligning import Alignable, align
from vigie.signals.alignment import Alignment
from vigie.signals.features import Features, features_of
from vigie.signals.media import CloseLook, MediumLimits, look_closely
from vigie.signals.placement import IDENTITY, Placement, placement_of
from vigie.signals.variants import WHOLE, Variant

LIMITS = MediumLimits.from_settings(Settings())
ORIGINAL = detailed_picture(3)
HALF = Placement((0.5, 0.0, 0.25, 0.0, 0.5, 0.25, 0.0, 0.0, 1.0))


def looked_at(image: Image.Image) -> CloseLook:
    return look_closely(as_bytes(image), wanted="asked", limits=LIMITS)


def test_a_picture_in_a_picture_shares_all_of_the_entry_and_a_part_of_the_upload() -> None:
    assert HALF.entry_in_upload == ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
    assert HALF.shared_in_upload == HALF.entry_in_upload
    assert (HALF.share_of_upload, HALF.share_of_entry) == (0.25, 1.0)
    assert not HALF.is_mirrored


def test_what_was_cut_off_lies_outside_of_the_upload() -> None:
    cut = Placement((1.25, 0.0, -0.25, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0))
    assert cut.entry_in_upload[0] == (-0.25, 0.0)
    assert cut.share_of_upload == 1.0
    assert cut.share_of_entry == pytest.approx(0.8)


@pytest.mark.parametrize("stored", [[], [1.0] * 9, ["x"] * 9, [float("nan")] + [0.0] * 8, [1.0] * 10])
def test_what_is_no_map_is_refused(stored: list[float]) -> None:
    with pytest.raises(Invalid):
        Placement.parse(stored)


shares = st.floats(0.05, 0.95)


@given(shares, shares, shares, shares, st.sampled_from(["as_is", "mirrored", "turned_left", "upside_down"]))
def test_shares_are_shares_and_what_is_written_is_read_again(
    left: float, top: float, width: float, height: float, orientation: str
) -> None:
    window = (left, top, left + width * (1 - left), top + height * (1 - top))
    for upload, entry in (
        (Variant("framed", window, orientation), WHOLE),
        (Variant("whole", orientation=orientation), Variant("cut", window)),
    ):
        placement = placement_of(upload, entry, aspect=1.5)
        assert 0 <= placement.share_of_upload <= 1
        assert 0 <= placement.share_of_entry <= 1
        assert placement.is_mirrored == ("mirrored" in orientation)
        again = Placement.parse(placement.write())
        assert again.matrix == pytest.approx(placement.matrix, rel=1e-4, abs=1e-5)


def test_whole_with_whole_is_the_identity() -> None:
    assert placement_of(WHOLE, WHOLE, aspect=1.3).matrix == pytest.approx(IDENTITY)


def cut_at_corner(image: Image.Image) -> Image.Image:
    return image.crop((64, 48, 640, 480))


def framed(image: Image.Image) -> Image.Image:
    return ImageOps.expand(image, border=(50, 80, 20, 40), fill="white")


@pytest.mark.parametrize(
    ("edited", "upload", "entry"),
    [
        (ImageOps.mirror(ORIGINAL), Variant("whole", orientation="mirrored"), WHOLE),
        (ImageOps.flip(ORIGINAL), Variant("whole", orientation="upside_down_mirrored"), WHOLE),
        (ORIGINAL.transpose(Image.Transpose.ROTATE_180), Variant("whole", orientation="upside_down"), WHOLE),
        (ORIGINAL.transpose(Image.Transpose.ROTATE_90), Variant("whole", orientation="turned_left"), WHOLE),
        (ORIGINAL.transpose(Image.Transpose.ROTATE_270), Variant("whole", orientation="turned_right"), WHOLE),
        (
            ORIGINAL.transpose(Image.Transpose.TRANSPOSE),
            Variant("whole", orientation="turned_left_mirrored"),
            WHOLE,
        ),
        (
            ORIGINAL.transpose(Image.Transpose.TRANSVERSE),
            Variant("whole", orientation="turned_right_mirrored"),
            WHOLE,
        ),
        (cut_at_corner(ORIGINAL), WHOLE, Variant("cut", (0.1, 0.1, 1.0, 1.0))),
        (ORIGINAL.rotate(3, Image.Resampling.BICUBIC), WHOLE, Variant("turned", degrees=3.0)),
        (
            ORIGINAL.rotate(3, Image.Resampling.BICUBIC, expand=True),
            WHOLE,
            Variant("turned_grown", (-0.0186, -0.0342, 1.0186, 1.0342), degrees=3.0),
        ),
        (
            framed(ImageOps.mirror(cut_at_corner(ORIGINAL))),
            Variant("trimmed", (50 / 646, 80 / 552, 626 / 646, 512 / 552), "mirrored"),
            Variant("cut", (0.1, 0.1, 1.0, 1.0)),
        ),
    ],
)
def test_variants_lie_where_the_pixels_lie(edited: Image.Image, upload: Variant, entry: Variant) -> None:
    told = placement_of(upload, entry, aspect=edited.width / edited.height)
    seen = align(Alignable(looked_at(edited).plane), features_of(looked_at(ORIGINAL).plane))
    assert seen is not None
    for by_variant, by_pixels in zip(told.entry_in_upload, seen.placement.entry_in_upload, strict=True):
        assert by_variant == pytest.approx(by_pixels, abs=0.02)


def test_an_alignment_is_written_read_again_and_told_in_words() -> None:
    mirrored = Placement((-0.5, 0.0, 0.75, 0.0, 0.5, 0.25, 0.0, 0.0, 1.0))
    alignment = Alignment(
        mirrored, degrees=-12, inliers=80, support=0.5, coverage=0.75, agreement=0.9, code_bits=21
    )
    assert Alignment.parse(alignment.write(), mirrored) == alignment
    assert alignment.edit == "turned by about 12 degrees to the right, mirrored, 75 % of the upload added"
    with pytest.raises(Invalid):
        Alignment.parse({"inliers": 3}, mirrored)


def with_orientation(image: Image.Image, orientation: int) -> bytes:
    """Stored turned, as cameras do, with the note of how to turn it back."""
    undo = {3: Image.Transpose.ROTATE_180, 5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90}
    exif = Image.Exif()
    exif[0x0112] = orientation
    held = BytesIO()
    image.transpose(undo[orientation]).save(held, "JPEG", quality=92, exif=exif)
    return held.getvalue()


@pytest.mark.parametrize("orientation", [3, 5, 6])
@pytest.mark.parametrize("turned", ["the upload", "the entry"])
def test_pictures_lie_as_people_see_them_however_they_are_stored(orientation: int, turned: str) -> None:
    """Cut below, and stored turned: what people see is only cut."""
    cut = ORIGINAL.crop((0, 0, 640, 400))
    upload, entry = as_bytes(cut), as_bytes(ORIGINAL)
    if turned == "the upload":
        upload = with_orientation(cut, orientation)
    else:
        entry = with_orientation(ORIGINAL, orientation)
    planes = [look_closely(one, wanted="asked", limits=LIMITS).plane for one in (upload, entry)]
    found = align(Alignable(planes[0]), Features.parse(features_of(planes[1]).write()))
    assert found is not None
    expected = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.2), (0.0, 1.2))
    for corner, known in zip(found.placement.entry_in_upload, expected, strict=True):
        assert corner == pytest.approx(known, abs=0.02)
    assert (found.degrees, found.placement.is_mirrored) == (0, False)
