"""The drawing of a match: outlines as SVG writes them, turns of files, and words that say the same."""

import io

import pytest
from django.utils import translation
from PIL import Image

from pictures import as_bytes, detailed_picture
from vigie.cases.models import CaseMatch
from vigie.console.drawing import Drawing, drawing_of, numbers_of, told_match, turn_of
from vigie.console.match_reasons import level_words, match_reasons, score_words
from vigie.signals.alignment import Alignment
from vigie.signals.media import MediumLimits, clear_picture, hash_medium
from vigie.signals.placement import IDENTITY, Placement, placement_of
from vigie.signals.variants import Variant

LIMITS = MediumLimits(bytes_max=10_000_000, pixels_max=10_000_000, time_ms_max=60_000)
MIRRORED_AND_CUT = placement_of(
    Variant("whole", orientation="mirrored"), Variant("cut", (0.0, 0.0, 1.0, 0.9)), aspect=1.0
)
FULL = "0,0 1000,0 1000,1000 0,1000"


def match_of(signal: str, *, bits: int = 3, placement: Placement | None = None, pk: int = 1) -> CaseMatch:
    """A match that is not stored."""
    written = None if placement is None else placement.write()
    return CaseMatch(pk=pk, signal=signal, distance_bits=bits, placement=written)


def corners(points: str) -> set[tuple[int, int]]:
    """The points of an outline, whatever the first."""
    pairs = (point.split(",") for point in points.split())
    return {(int(x), int(y)) for x, y in pairs}


def test_a_whole_that_matches_a_whole_is_outlined_whole() -> None:
    drawing = drawing_of(match_of("pdq"))
    assert drawing == Drawing(Placement(IDENTITY), as_stored=("upload", "banked"))
    assert drawing is not None
    assert (drawing.upload_outline, drawing.entry_outline) == (FULL, FULL)
    assert drawing.numbers == "1 0 0 0 1 0 0 0 1"


def test_what_was_cut_off_lies_outside_of_the_outline_in_the_entry() -> None:
    drawing = drawing_of(match_of("pdq_variant", placement=MIRRORED_AND_CUT))
    assert drawing is not None
    assert corners(drawing.upload_outline) == corners(FULL)
    assert corners(drawing.entry_outline) == {(0, 0), (1000, 0), (1000, 900), (0, 900)}


def test_only_what_was_not_turned_up_yet_is_drawn_as_the_file_asks() -> None:
    match = match_of("pdq_variant", placement=MIRRORED_AND_CUT)
    drawing = drawing_of(match)
    assert drawing is not None
    assert drawing.as_stored == ("banked",)
    match.alignment = Alignment(MIRRORED_AND_CUT, 0, 214, 0.9, 0.97, 0.98, 20).write()
    drawing = drawing_of(match)
    assert drawing is not None
    assert drawing.as_stored == ()


def test_pictures_that_share_nothing_are_not_drawn() -> None:
    away = Placement((1.0, 0.0, 5.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0))
    assert drawing_of(match_of("pdq_variant", placement=away)) is None


def test_of_several_matches_an_alignment_tells_most_then_the_whole() -> None:
    whole = match_of("pdq", bits=20, pk=1)
    variant = match_of("pdq_variant", bits=2, placement=MIRRORED_AND_CUT, pk=2)
    aligned = match_of("features", bits=0, placement=MIRRORED_AND_CUT, pk=3)
    aligned.alignment = Alignment(MIRRORED_AND_CUT, 0, 200, 0.9, 0.97, 0.98, 20).write()
    assert told_match([variant, whole]) is whole
    assert told_match([variant, whole, aligned]) is aligned
    assert told_match([match_of("text_sha256")]) is None


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1))],
)
def test_the_turn_of_a_file_is_found_without_reading_what_it_says(
    orientation: int, corner: tuple[int, int]
) -> None:
    held, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    detailed_picture(5).save(held, "JPEG", quality=85, exif=exif)
    data = held.getvalue()
    shown, stored = clear_picture(data, side_px_max=400, limits=LIMITS), hash_medium(data, limits=LIMITS).pdq
    turn = turn_of(shown, stored, quality_min=50, limits=LIMITS)
    # Where the left upper pixel as stored is seen; the odd ones of the upper four are mirrored.
    assert turn.entry_in_upload[0] == pytest.approx(corner)
    assert turn.is_mirrored == (orientation in (2, 4, 5, 7))
    assert len(numbers_of(turn).split()) == 9


def test_a_picture_without_structure_is_taken_as_it_is() -> None:
    data = as_bytes(Image.new("RGB", (64, 64), (90, 90, 90)))
    assert turn_of(data, hash_medium(data, limits=LIMITS).pdq, quality_min=50, limits=LIMITS) == Placement(
        IDENTITY
    )


def test_reasons_name_level_alignment_shares_places_and_score() -> None:
    match = match_of("pdq_variant", placement=MIRRORED_AND_CUT)
    match.alignment = Alignment(MIRRORED_AND_CUT, 0, 214, 0.9, 0.97, 0.98, 20).write()
    match.score = 0.9994
    assert match_reasons(match) == (
        "Found from level robust on, by a part or a turn of the picture.",
        "Laid on each other, 214 corners agree, over 97 % of what is shared; 98 % of its structure looks alike.",
        "100 % of the upload shows 90 % of the banked picture.",
        "In the upload: 0 to 100 % of the width and 0 to 100 % of the height.",
        "In the banked picture: 0 to 100 % of the width and 0 to 90 % of the height.",
        "Score 99 of 100: almost certainly the banked picture. It decides nothing alone.",
    )
    assert match_reasons(match_of("pdq")) == ("Found at every level, by the whole picture.",)


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (0.2, "rather another picture"),
        (0.6, "rather the banked picture than not"),
        (0.95, "very likely the banked picture"),
        (1.0, "Score 99 of 100: almost certainly the banked picture"),
    ],
)
def test_a_score_is_said_with_its_meaning_and_never_as_certain(score: float, said: str) -> None:
    assert said in score_words(score)


def test_reasons_are_told_in_french() -> None:
    with translation.override("fr"):
        assert level_words("features").startswith("Trouvée au seul niveau vérifié")
