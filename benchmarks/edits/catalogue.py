"""The edits that are measured, by name, with the group they belong to.

An edit is a pure function of a picture, a seed and other pictures that may appear beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from benchmarks.edits import added, light, shape
from PIL import Image

# The quality at which phones and forums save; every edit ends with it unless it sets one itself.
JPEG_QUALITY = 90


@dataclass(frozen=True)
class Around:
    """What an edit may need beside the picture: a seed, and four other pictures."""

    seed: int
    others: Sequence[Image.Image]


Change = Callable[[Image.Image, Around], Image.Image]


@dataclass(frozen=True)
class Edit:
    """A named edit. `group` is what its recall is counted with; `quality` is that of the saved JPEG."""

    name: str
    group: str
    change: Change
    quality: int = JPEG_QUALITY

    def applied(self, picture: Image.Image, around: Around) -> bytes:
        """The edited picture as a JPEG file."""
        buffer = BytesIO()
        self.change(picture, around).save(buffer, "JPEG", quality=self.quality)
        return buffer.getvalue()


def _alone(function: Callable[..., Image.Image], **parameters: Any) -> Change:
    return lambda picture, around: function(picture, **parameters)


def _seeded(function: Callable[..., Image.Image], **parameters: Any) -> Change:
    return lambda picture, around: function(picture, seed=around.seed, **parameters)


def _in_turn(*changes: Change) -> Change:
    def change(picture: Image.Image, around: Around) -> Image.Image:
        for one in changes:
            picture = one(picture, around)
        return picture

    return change


def _side(percent: float) -> Change:
    return lambda picture, around: shape.cropped_at_side(
        picture, percent=percent, side=shape.SIDES[around.seed % 4]
    )


def _corner(percent: float) -> Change:
    return lambda picture, around: shape.cropped_at_corner(picture, percent=percent, corner=around.seed % 4)


def _in_picture(percent: float) -> Change:
    return lambda picture, around: added.picture_in_picture(
        picture, percent=percent, ground=around.others[0], seed=around.seed
    )


def _collage(picture: Image.Image, around: Around) -> Image.Image:
    return added.collaged(picture, others=around.others, place=around.seed % 4)


_CROP_6, _CROP_10 = (_alone(shape.cropped, percent=percent) for percent in (6, 10))
_MIRROR = _alone(shape.mirrored)
_CAPTION = _alone(added.captioned_below, percent=8)
_LETTERBOX = _alone(added.letterboxed, percent=12)
_FRAME = _alone(added.framed, percent=12)
_GREY = _alone(light.greyed)
_SMALL = _alone(light.resized, percent=50)
_NOISE = _seeded(light.noisy, sigma=10)

PLAIN, FLIP, CROP, SIDE, CORNER, BAR, FRAME, OVER, TURN, HARD, TWO, THREE = (
    "looks different",
    "flips and quarter turns",
    "crops in the middle",
    "crops at one side",
    "crops at a corner or uneven",
    "bars beside the picture",
    "frames and pictures in pictures",
    "something laid over",
    "turned by a few degrees",
    "screens and collages",
    "two edits",
    "three edits",
)

EDITS: tuple[Edit, ...] = (
    Edit("JPEG quality 30", PLAIN, _alone(lambda picture: picture), quality=30),
    Edit("JPEG quality 10", PLAIN, _alone(lambda picture: picture), quality=10),
    Edit("resize to 25 %", PLAIN, _alone(light.resized, percent=25)),
    Edit("resize to 200 %", PLAIN, _alone(light.resized, percent=200)),
    Edit("squeezed to a square", PLAIN, _alone(light.squeezed)),
    Edit("grey", PLAIN, _GREY),
    Edit("blur 2 px", PLAIN, _alone(light.blurred, radius_px=2)),
    Edit("brightness +20 %", PLAIN, _alone(light.brightened, percent=20)),
    Edit("brightness -20 %", PLAIN, _alone(light.brightened, percent=-20)),
    Edit("contrast +40 %", PLAIN, _alone(light.contrasted, percent=40)),
    Edit("gamma 1.6", PLAIN, _alone(light.gamma_changed, gamma=1.6)),
    Edit("warm filter", PLAIN, _alone(light.tinted, red=1.2, blue=0.75)),
    Edit("noise sigma 15", PLAIN, _seeded(light.noisy, sigma=15)),
    Edit("watermark", PLAIN, _alone(light.watermarked, opacity_percent=35)),
    Edit("mirror", FLIP, _MIRROR),
    Edit("upside down", FLIP, _alone(shape.upended)),
    Edit("turn by 90 degrees", FLIP, _alone(shape.quarter_turned, quarters=1)),
    Edit("turn by 180 degrees", FLIP, _alone(shape.quarter_turned, quarters=2)),
    Edit("crop 3 %", CROP, _alone(shape.cropped, percent=3)),
    Edit("crop 6 %", CROP, _CROP_6),
    Edit("crop 10 %", CROP, _CROP_10),
    Edit("crop 20 %", CROP, _alone(shape.cropped, percent=20)),
    Edit("crop 6 % at one side", SIDE, _side(6)),
    Edit("crop 10 % at one side", SIDE, _side(10)),
    Edit("crop 20 % at one side", SIDE, _side(20)),
    Edit("crop 6 % at a corner", CORNER, _corner(6)),
    Edit("crop 10 % at a corner", CORNER, _corner(10)),
    Edit("crop 20 % at a corner", CORNER, _corner(20)),
    Edit("crop 6 % uneven", CORNER, _seeded(shape.cropped_unevenly, percent=6)),
    Edit("crop 15 % uneven", CORNER, _seeded(shape.cropped_unevenly, percent=15)),
    Edit("caption bar 8 % below", BAR, _CAPTION),
    Edit("caption bar 15 % above", BAR, _alone(added.captioned_above, percent=15)),
    Edit("letterbox", BAR, _LETTERBOX),
    Edit("blurred bars at the sides", BAR, _alone(added.pillarboxed, percent=20)),
    Edit("frame 12 %", FRAME, _FRAME),
    Edit("picture in picture 70 %", FRAME, _in_picture(70)),
    Edit("bar laid over 10 %", OVER, _alone(added.bar_laid_over, percent=10)),
    Edit("bar laid over 20 %", OVER, _alone(added.bar_laid_over, percent=20)),
    Edit("meme text over the lower fifth", OVER, _alone(added.with_meme_text)),
    Edit("sticker over 8 %", OVER, _seeded(added.with_sticker, percent=8)),
    Edit("turn by 1.5 degrees", TURN, _alone(shape.turned, degrees=1.5)),
    Edit("turn by 3 degrees", TURN, _alone(shape.turned, degrees=3)),
    Edit("turn by -3 degrees, corners cut", TURN, _alone(shape.turned_and_cropped, degrees=-3)),
    Edit("screenshot of a phone", HARD, _alone(added.screenshot, dark=True)),
    Edit("collage of four", HARD, _collage),
    Edit("photo of a screen", HARD, _seeded(added.screen_photographed)),
    Edit("mirror + caption", TWO, _in_turn(_MIRROR, _CAPTION)),
    Edit("crop 10 % + JPEG quality 30", TWO, _CROP_10, quality=30),
    Edit("letterbox + mirror", TWO, _in_turn(_LETTERBOX, _MIRROR)),
    Edit("mirror + crop 10 %", TWO, _in_turn(_MIRROR, _CROP_10)),
    Edit("crop 6 % + caption", TWO, _in_turn(_CROP_6, _CAPTION)),
    Edit("grey + frame", TWO, _in_turn(_GREY, _FRAME)),
    Edit(
        "resize to 50 % + bar laid over 10 %", TWO, _in_turn(_SMALL, _alone(added.bar_laid_over, percent=10))
    ),
    Edit("mirror + crop 6 % + JPEG quality 30", THREE, _in_turn(_MIRROR, _CROP_6), quality=30),
    Edit("crop 10 % + caption + JPEG quality 30", THREE, _in_turn(_CROP_10, _CAPTION), quality=30),
    Edit("resize to 50 % + mirror + letterbox", THREE, _in_turn(_SMALL, _MIRROR, _LETTERBOX)),
    Edit("noise + crop 6 % at a corner + frame", THREE, _in_turn(_NOISE, _corner(6), _FRAME)),
)

NAMES = tuple(one.name for one in EDITS)


def named(name: str) -> Edit:
    """The edit of this name; raises KeyError."""
    return {one.name: one for one in EDITS}[name]
