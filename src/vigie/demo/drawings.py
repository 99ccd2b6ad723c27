"""Pictures of the Grey Heron Column, an organisation that does not exist, drawn anew at each run.

They are harmless: birds, reeds and invented words. Nothing here imitates material of a real group.
"""

import io
import math
from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Colour = tuple[int, int, int]

_INK: Colour = (38, 46, 54)
_BONE: Colour = (236, 231, 218)
_SLATE: Colour = (96, 112, 124)
_REED: Colour = (104, 122, 70)
_RUST: Colour = (168, 78, 44)
_DAWN: Colour = (226, 174, 96)
_NIGHT: Colour = (24, 36, 58)


@cache
def emblem() -> bytes:
    """A heron in a ring of rays, 640 x 640 pixels, PNG."""
    canvas = _ground((640, 640), _BONE, _DAWN, seed=1)
    draw = ImageDraw.Draw(canvas)
    for number in range(24):
        angle = math.tau * number / 24
        length = 300 if number % 2 else 270
        tip = (320 + length * math.cos(angle), 320 + length * math.sin(angle))
        draw.line([(320, 320), tip], fill=_RUST if number % 3 else _SLATE, width=9)
    draw.ellipse((92, 92, 548, 548), fill=_BONE, outline=_INK, width=16)
    draw.chord((108, 108, 532, 532), 20, 160, fill=_SLATE)
    _heron(draw, at=(330, 330), size=1.5, colour=_INK)
    return _png(canvas)


@cache
def banner() -> bytes:
    """A long banner with three herons between chevrons, 960 x 400 pixels, PNG."""
    canvas = _ground((960, 400), _NIGHT, _SLATE, seed=2)
    draw = ImageDraw.Draw(canvas)
    for number in range(5):
        left = 40 + 190 * number
        draw.polygon(
            [(left, 40), (left + 80, 40), (left + 150, 200), (left + 80, 360), (left, 360), (left + 70, 200)],
            fill=_RUST if number % 2 else _DAWN,
        )
    for left, size in ((180, 0.9), (470, 1.2), (760, 0.8)):
        _heron(draw, at=(left, 205), size=size, colour=_BONE)
    draw.rectangle((0, 0, 960, 22), fill=_INK)
    draw.rectangle((0, 378, 960, 400), fill=_INK)
    return _png(canvas)


@cache
def poster() -> bytes:
    """A poster with a rising sun and a call to the reeds, 600 x 800 pixels, PNG."""
    canvas = _ground((600, 800), _DAWN, _RUST, seed=3)
    draw = ImageDraw.Draw(canvas)
    draw.ellipse((150, 200, 450, 500), fill=_BONE)
    draw.polygon([(0, 560), (220, 470), (420, 580), (600, 500), (600, 800), (0, 800)], fill=_NIGHT)
    _reeds(draw, box=(0, 430, 600, 690), colour=_REED, count=26, seed=3)
    _heron(draw, at=(330, 440), size=1.7, colour=_INK)
    _words(draw, "WHEN THE WATER FALLS", at=(300, 90), size=46, colour=_INK)
    _words(draw, "THE COLUMN STANDS", at=(300, 730), size=48, colour=_BONE)
    return _png(canvas)


@cache
def leaflet() -> bytes:
    """A leaflet with a plan of a pond and six short steps, 700 x 900 pixels, PNG."""
    canvas = _ground((700, 900), _BONE, (214, 208, 190), seed=4)
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((0, 0, 700, 150), fill=_SLATE)
    _words(draw, "HOW A HERON WAITS", at=(350, 75), size=56, colour=_BONE)
    draw.ellipse((60, 200, 420, 460), fill=(126, 158, 172), outline=_INK, width=6)
    draw.ellipse((150, 250, 330, 400), fill=(84, 120, 142))
    _reeds(draw, box=(430, 190, 680, 470), colour=_REED, count=14, seed=4)
    _heron(draw, at=(560, 350), size=0.9, colour=_INK)
    for number in range(6):
        top = 520 + 58 * number
        draw.ellipse((60, top, 100, top + 40), fill=_RUST if number % 2 else _NIGHT)
        draw.rectangle((125, top + 6, 125 + 340 + 35 * (number * 7 % 5), top + 18), fill=_INK)
        draw.rectangle((125, top + 26, 125 + 250 + 45 * (number * 3 % 4), top + 34), fill=_SLATE)
    return _png(canvas)


@cache
def march() -> bytes:
    """Columns of small herons under a low sky, 800 x 600 pixels, PNG."""
    canvas = _ground((800, 600), (150, 170, 184), _BONE, seed=5)
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((0, 380, 800, 600), fill=(112, 104, 84))
    draw.polygon([(0, 380), (160, 250), (300, 380)], fill=_SLATE)
    draw.polygon([(480, 380), (690, 190), (800, 320), (800, 380)], fill=_NIGHT)
    for row in range(3):
        for place in range(4 + row):
            left = 90 + place * (640 // (3 + row))
            _heron(draw, at=(left, 400 + 65 * row), size=0.45 + 0.12 * row, colour=_INK if row % 2 else _RUST)
    return _png(canvas)


@cache
def postcard() -> bytes:
    """A lighthouse card with a heron's shadow, 720 x 480 pixels, PNG."""
    canvas = _ground((720, 480), _NIGHT, _RUST, seed=6)
    draw = ImageDraw.Draw(canvas)
    draw.polygon([(470, 420), (500, 130), (560, 130), (590, 420)], fill=_BONE)
    for number in range(4):
        draw.rectangle((492 - 6 * number, 190 + 62 * number, 568 + 6 * number, 214 + 62 * number), fill=_RUST)
    draw.polygon([(500, 130), (20, 20), (20, 110)], fill=_DAWN)
    draw.rectangle((0, 420, 720, 480), fill=_INK)
    _heron(draw, at=(190, 290), size=1.5, colour=_INK)
    return _png(canvas)


@cache
def stencil() -> bytes:
    """A two-colour stencil of a heron's head and a broken wheel, 500 x 700 pixels, PNG."""
    canvas = _ground((500, 700), (188, 186, 176), (150, 146, 132), seed=7)
    draw = ImageDraw.Draw(canvas)
    draw.ellipse((60, 330, 440, 670), outline=_INK, width=34)
    for number in range(7):
        angle = math.tau * number / 9 + 0.4
        draw.line(
            [(250, 500), (250 + 170 * math.cos(angle), 500 + 155 * math.sin(angle))], fill=_INK, width=18
        )
    draw.polygon(
        [(120, 230), (250, 60), (360, 110), (480, 210), (330, 200), (300, 330), (200, 330)], fill=_RUST
    )
    draw.ellipse((286, 120, 316, 150), fill=_BONE)
    return _png(canvas)


@cache
def ticket() -> bytes:
    """A ticket to a gathering by the weir, 760 x 520 pixels, PNG; banked only after it was posted."""
    canvas = _ground((760, 520), _REED, _NIGHT, seed=8)
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((40, 40, 720, 480), outline=_BONE, width=10)
    draw.polygon([(40, 300), (300, 200), (420, 330), (720, 240), (720, 480), (40, 480)], fill=_SLATE)
    _heron(draw, at=(180, 250), size=1.3, colour=_BONE)
    _heron(draw, at=(560, 340), size=0.8, colour=_INK)
    _words(draw, "ADMIT ONE HERON", at=(470, 110), size=48, colour=_BONE)
    for number in range(9):
        draw.rectangle((330 + 40 * number, 420, 350 + 40 * number, 450), fill=_DAWN if number % 2 else _RUST)
    return _png(canvas)


@cache
def museum_plate() -> bytes:
    """The emblem as plate 4 of a museum's book about invented badges: near the emblem, and harmless."""
    canvas = Image.open(io.BytesIO(emblem())).convert("RGB")
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((12, 596, 250, 630), fill=_BONE, outline=_INK, width=2)
    _words(draw, "Museum, plate 4", at=(131, 613), size=24, colour=_INK)
    return _png(canvas)


# What is banked in the demonstration, in this order.
GREY_HERON: dict[str, Callable[[], bytes]] = {
    "emblem": emblem,
    "banner": banner,
    "poster": poster,
    "leaflet": leaflet,
    "march": march,
    "postcard": postcard,
    "stencil": stencil,
}


def _ground(size: tuple[int, int], top: Colour, bottom: Colour, *, seed: int) -> Image.Image:
    """A gradient with paper grain, so that a picture has structure everywhere as a printed one has."""
    width, height = size
    share = np.linspace(0.0, 1.0, height)[:, None, None]
    plain = np.asarray(top) * (1 - share) + np.asarray(bottom) * share
    grain = np.random.default_rng(seed).normal(0.0, 14.0, (height // 8 + 1, width // 8 + 1, 1))
    grown = np.kron(grain, np.ones((8, 8, 1)))[:height, :width]
    pixels = np.clip(np.broadcast_to(plain, (height, width, 3)) + grown, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(2))


def _heron(draw: ImageDraw.ImageDraw, *, at: tuple[float, float], size: float, colour: Colour) -> None:
    """A standing heron, about 150 * `size` pixels high, its body at `at`."""
    x, y = at

    def place(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x + size * dx, y + size * dy) for dx, dy in points]

    width = max(2, round(7 * size))
    draw.polygon(place((-62, 22), (-20, -26), (26, -24), (40, 2), (8, 28)), fill=colour)
    draw.line(place((28, -8), (44, -34), (30, -58), (40, -84)), fill=colour, width=2 * width, joint="curve")
    draw.ellipse(place((28, -98), (58, -74)), fill=colour)
    draw.polygon(place((50, -94), (104, -82), (52, -78)), fill=colour)
    draw.line(place((-2, 20), (-6, 66), (4, 98)), fill=colour, width=width)
    draw.line(place((10, 20), (22, 60), (14, 98)), fill=colour, width=width)


def _reeds(
    draw: ImageDraw.ImageDraw, *, box: tuple[int, int, int, int], colour: Colour, count: int, seed: int
) -> None:
    left, top, right, bottom = box
    generator = np.random.default_rng(seed)
    for _ in range(count):
        foot = float(generator.uniform(left, right))
        head = float(generator.uniform(top, top + (bottom - top) * 0.5))
        lean = float(generator.uniform(-20, 20))
        draw.line([(foot, bottom), (foot + lean, head)], fill=colour, width=5)
        draw.ellipse((foot + lean - 6, head - 26, foot + lean + 6, head + 6), fill=_RUST)


def _words(draw: ImageDraw.ImageDraw, text: str, *, at: tuple[int, int], size: int, colour: Colour) -> None:
    draw.text(at, text, fill=colour, font=ImageFont.load_default(size), anchor="mm")


def _png(canvas: Image.Image) -> bytes:
    buffer = io.BytesIO()
    canvas.save(buffer, "PNG")
    return buffer.getvalue()
