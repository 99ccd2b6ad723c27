"""The operator chooses how near hashes are to those of exchanges: `full` unless told otherwise."""

import io

import pytest
from PIL import Image, ImageDraw

from vigie.foundation.settings import SettingInvalid, read_settings
from vigie.signals.media import MediumLimits, hash_medium


def _board() -> bytes:
    """A board of black and white squares: compression rings around them, which only pixels cut off."""
    picture = Image.new("L", (512, 512))
    draw = ImageDraw.Draw(picture)
    for place in range(0, 81, 2):
        x, y = place % 9 * 57, place // 9 * 57
        draw.rectangle((x, y, x + 56, y + 56), fill=255)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=50)
    return file.getvalue()


def _pdq(environment: dict[str, str]) -> bytes:
    return hash_medium(_board(), limits=MediumLimits.from_settings(read_settings(environment))).pdq


def test_hashes_are_full_unless_the_operator_says_fast() -> None:
    assert _pdq({}) == _pdq({"VIGIE_HASH_FIDELITY": "full"})
    assert _pdq({}) != _pdq({"VIGIE_HASH_FIDELITY": "fast"})


def test_another_fidelity_is_refused_at_start() -> None:
    with pytest.raises(SettingInvalid, match="VIGIE_HASH_FIDELITY"):
        read_settings({"VIGIE_HASH_FIDELITY": "rough"})
