"""Variants are written, read again, and told in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.foundation.errors import Invalid
from vigie.signals.variants import WHOLE, Variant, VariantHash, good_ones, in_words

shares = st.integers(-14_000, 15_000).map(lambda thousandths: thousandths / 1000)
variants = st.builds(
    Variant,
    part=st.sampled_from(
        ["whole", "trimmed", "evened", "framed", "cut", "turned", "turned_grown", "turned_cut"]
    ),
    window=st.tuples(shares, shares, shares, shares),
    orientation=st.sampled_from(["as_is", "mirrored", "turned_right_mirrored", "upside_down_mirrored"]),
    degrees=st.sampled_from([0.0, 1.5, -4.0]),
)


@given(variants)
def test_what_is_written_is_read_again(variant: Variant) -> None:
    assert Variant.parse(variant.write()) == variant
    assert len(variant.write()) <= 80


@pytest.mark.parametrize("text", ["", "cut", "cut 0 0 1 1 as_is 0", "cut 0.000 0.000 1.000 1.000 as_is 0; x"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Variant.parse(text)


@pytest.mark.parametrize(
    ("upload", "entry", "words"),
    [
        (WHOLE, WHOLE, "slightly changed"),
        (Variant("whole", orientation="mirrored"), WHOLE, "mirrored"),
        (WHOLE, Variant("cut", (0.05, 0.05, 0.95, 0.95)), "5 % cut off at every side"),
        (WHOLE, Variant("cut", (0.1, 0.0, 1.0, 0.88)), "10 % cut off left and 12 % cut off below"),
        (WHOLE, Variant("turned", degrees=-3.0), "turned by about 3 degrees to the right"),
        (
            WHOLE,
            Variant("turned_grown", (-0.02, -0.035, 1.02, 1.035), degrees=3.0),
            "turned by about 3 degrees to the left",
        ),
        (
            Variant("evened", (0.1, 0.1, 0.9, 0.9)),
            Variant("cut", (0.12, 0.12, 0.88, 0.88)),
            "12 % cut off at every side, a bar of 10 % of the upload",
        ),
        (
            Variant("trimmed", (0.0, 0.0, 1.0, 0.9), "mirrored"),
            Variant("cut", (0.0, 0.08, 1.0, 1.0)),
            "mirrored, 8 % cut off above, 10 % of the upload added below",
        ),
    ],
)
def test_words_say_what_was_done_to_the_picture(upload: Variant, entry: Variant, words: str) -> None:
    assert in_words(upload, entry) == words


def test_parts_without_structure_and_repetitions_are_left_out() -> None:
    low, good, again = (
        VariantHash(WHOLE, bytes([value]) * 32, quality) for value, quality in ((1, 49), (2, 50), (2, 90))
    )
    assert good_ones([low, good, again], quality_min=50) == [good]
