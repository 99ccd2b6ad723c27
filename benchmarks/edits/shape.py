"""Edits that move or cut what is in a picture: pure functions from picture to picture.

None of them adds anything but the ground that a turn leaves in the corners.
"""

import numpy as np
from PIL import Image, ImageOps

SIDES = ("left", "top", "right", "bottom")


def mirrored(picture: Image.Image) -> Image.Image:
    """Left and right changed places."""
    return ImageOps.mirror(picture)


def upended(picture: Image.Image) -> Image.Image:
    """Top and bottom changed places."""
    return ImageOps.flip(picture)


def quarter_turned(picture: Image.Image, *, quarters: int) -> Image.Image:
    """Turned by `quarters` times 90 degrees, anticlockwise."""
    turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    return picture if quarters % 4 == 0 else picture.transpose(turns[quarters % 4 - 1])


def turned(picture: Image.Image, *, degrees: float) -> Image.Image:
    """Turned on the spot, anticlockwise; the corners become black."""
    return picture.rotate(degrees, resample=Image.Resampling.BICUBIC)


def turned_and_cropped(picture: Image.Image, *, degrees: float) -> Image.Image:
    """Turned, then cut to the largest upright rectangle of the same proportions without corners."""
    angle = abs(np.radians(degrees))
    width, height = picture.size
    share = min(
        width / (width * np.cos(angle) + height * np.sin(angle)),
        height / (width * np.sin(angle) + height * np.cos(angle)),
    )
    whole = picture.rotate(degrees, resample=Image.Resampling.BICUBIC)
    left, top = (round(side * (1 - share) / 2) for side in picture.size)
    return whole.crop((left, top, width - left, height - top))


def cropped(picture: Image.Image, *, percent: float) -> Image.Image:
    """`percent` of width and height cut away, half of it on each side."""
    half = percent / 200
    return cut(picture, left=half, top=half, right=half, bottom=half)


def cropped_at_side(picture: Image.Image, *, percent: float, side: str) -> Image.Image:
    """`percent` of one axis cut away, at one of `SIDES`."""
    return cut(picture, **{side: percent / 100})


def cropped_at_corner(picture: Image.Image, *, percent: float, corner: int) -> Image.Image:
    """`percent` of both axes cut away, all of it at two neighbouring sides; `corner` counts 0 to 3."""
    horizontal, vertical = SIDES[(corner & 1) * 2], SIDES[(corner & 2) + 1]
    return cut(picture, **{horizontal: percent / 100, vertical: percent / 100})


def cropped_unevenly(picture: Image.Image, *, percent: float, seed: int) -> Image.Image:
    """`percent` of both axes cut away, shared out between the two sides of each at random."""
    share_x, share_y = np.random.default_rng(seed).random(2)
    whole = percent / 100
    return cut(
        picture,
        left=whole * share_x,
        right=whole * (1 - share_x),
        top=whole * share_y,
        bottom=whole * (1 - share_y),
    )


def cut(
    picture: Image.Image, *, left: float = 0.0, top: float = 0.0, right: float = 0.0, bottom: float = 0.0
) -> Image.Image:
    """Shares of width and height (0..1) cut away at each side."""
    width, height = picture.size
    box = (round(width * left), round(height * top), round(width * (1 - right)), round(height * (1 - bottom)))
    return picture.crop(box)
