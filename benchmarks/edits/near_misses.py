"""Different pictures that look alike: documents, logos, charts, textures and views of one scene.

All are drawn from a seed; two of one family must not match each other, however close they seem.
"""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_SIZE = (960, 720)
_WORDS = (
    "heron",
    "lake",
    "column",
    "grey",
    "morning",
    "notice",
    "reed",
    "water",
    "north",
    "evening",
    "bridge",
)


def families(*, count: int, seed: int) -> dict[str, list[Image.Image]]:
    """`count` pictures of each family, by the family's name."""
    random = np.random.default_rng(seed)
    return {name: [draw(random) for _ in range(count)] for name, draw in _DRAWERS.items()}


def _document(random: np.random.Generator) -> Image.Image:
    page = Image.new("RGB", (720, 960), "#fbfaf7")
    draw = ImageDraw.Draw(page)
    draw.rectangle((50, 40, 670, 100), fill="#334455")
    draw.text((70, 52), "GREY HERON COLUMN", fill="white", font=ImageFont.load_default(32))
    for line in range(24):
        words = " ".join(random.choice(_WORDS, size=9))
        draw.text((60, 140 + line * 32), words[:58], fill="#222222", font=ImageFont.load_default(20))
    return page


def _logo(random: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", (640, 640), "#f0f0e8")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((80, 60, 560, 540), outline="#203040", width=24)
    points = [(float(x), float(y)) for x, y in random.uniform((180, 160), (460, 440), size=(6, 2))]
    draw.polygon(points, fill="#203040")
    name = " ".join(random.choice(_WORDS, size=2)).upper()
    draw.text((320, 590), name, fill="#203040", font=ImageFont.load_default(48), anchor="mm")
    return picture


def _chart(random: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", _SIZE, "white")
    draw = ImageDraw.Draw(picture)
    draw.line((80, 40, 80, 640), fill="black", width=4)
    draw.line((80, 640, 920, 640), fill="black", width=4)
    for bar, height in enumerate(random.uniform(60, 560, size=12)):
        draw.rectangle((100 + bar * 68, 640 - height, 148 + bar * 68, 640), fill="#4477aa")
    return picture


def _texture(random: np.random.Generator) -> Image.Image:
    coarse = random.normal(128, 50, size=(90, 120)).clip(0, 255).astype(np.uint8)
    return Image.fromarray(coarse).resize(_SIZE, Image.Resampling.BICUBIC).convert("RGB")


def _skyline(random: np.random.Generator) -> Image.Image:
    """Views of one town: the same ground and sky, other houses."""
    sky = np.linspace(200, 120, _SIZE[1])[:, None, None] * np.array([0.7, 0.85, 1.0])
    picture = Image.fromarray(np.broadcast_to(sky, (_SIZE[1], _SIZE[0], 3)).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    left = 0.0
    while left < _SIZE[0]:
        width, height = random.uniform(50, 120), random.uniform(120, 420)
        shade = int(random.uniform(40, 110))
        draw.rectangle((left, 640 - height, left + width, 640), fill=(shade, shade, shade + 10))
        for row in range(int(height // 40)):
            lit = random.random() < 0.5
            top = 650 - height + row * 40
            draw.rectangle(
                (left + 12, top, left + width - 12, top + 14), fill="#e8d890" if lit else "#303030"
            )
        left += width
    draw.rectangle((0, 640, _SIZE[0], _SIZE[1]), fill="#56604c")
    return picture


def _message(random: np.random.Generator) -> Image.Image:
    """Screens of one messenger with other words."""
    picture = Image.new("RGB", (600, 1000), "#e5ddd5")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 600, 90), fill="#075e54")
    draw.text((40, 28), "Column chat", fill="white", font=ImageFont.load_default(32))
    top = 120.0
    while top < 900:
        lines, own = int(random.integers(1, 5)), random.random() < 0.5
        left = 160 if own else 30
        draw.rounded_rectangle(
            (left, top, left + 410, top + 30 + 32 * lines), 12, fill="#dcf8c6" if own else "white"
        )
        for line in range(lines):
            words = " ".join(random.choice(_WORDS, size=4))[:30]
            draw.text((left + 16, top + 12 + 32 * line), words, fill="#111", font=ImageFont.load_default(22))
        top += 60 + 32 * lines
    return picture


_DRAWERS: dict[str, Callable[[np.random.Generator], Image.Image]] = {
    "documents with one letterhead": _document,
    "logos of one layout": _logo,
    "bar charts": _chart,
    "textures": _texture,
    "views of one town": _skyline,
    "screens of one messenger": _message,
}
