"""Edits that add something to a picture, beside it or over it: pure functions from picture to picture.

Words are invented and harmless; other pictures that appear beside it come as arguments.
"""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

CAPTION = "share before it is taken down"
MEME = "WHEN THE HERON HAS SEEN YOU"


def captioned_below(
    picture: Image.Image, *, percent: float, ground: str = "white", ink: str = "black"
) -> Image.Image:
    """A bar with words under the picture, `percent` of its height; the picture itself stays whole."""
    bar = max(12, round(picture.height * percent / 100))
    canvas = Image.new("RGB", (picture.width, picture.height + bar), ground)
    canvas.paste(picture, (0, 0))
    _write(canvas, CAPTION, (0, picture.height, picture.width, bar), ink)
    return canvas


def captioned_above(
    picture: Image.Image, *, percent: float, ground: str = "black", ink: str = "white"
) -> Image.Image:
    """A bar with two lines of words over the picture, `percent` of its height; the picture stays whole."""
    bar = max(12, round(picture.height * percent / 100))
    canvas = Image.new("RGB", (picture.width, picture.height + bar), ground)
    canvas.paste(picture, (0, bar))
    _write(canvas, CAPTION, (0, 0, picture.width, bar // 2), ink)
    _write(canvas, "and tell everybody", (0, bar // 2, picture.width, bar // 2), ink)
    return canvas


def letterboxed(picture: Image.Image, *, percent: float) -> Image.Image:
    """Black bars above and below, `percent` of its height each."""
    bar = round(picture.height * percent / 100)
    return ImageOps.expand(picture, border=(0, bar), fill="black")


def pillarboxed(picture: Image.Image, *, percent: float) -> Image.Image:
    """Bars at both sides, `percent` of its width each, made of the picture itself, blurred, as apps do."""
    bar = round(picture.width * percent / 100)
    wide = picture.resize((picture.width + 2 * bar, picture.height))
    canvas = ImageEnhance.Brightness(wide.filter(ImageFilter.GaussianBlur(24))).enhance(0.7)
    canvas.paste(picture, (bar, 0))
    return canvas


def framed(picture: Image.Image, *, percent: float, colour: str = "#e8e4da") -> Image.Image:
    """A frame of one colour around it, `percent` of the shorter side."""
    return ImageOps.expand(picture, border=round(min(picture.size) * percent / 100), fill=colour)


def picture_in_picture(
    picture: Image.Image, *, percent: float, ground: Image.Image, seed: int
) -> Image.Image:
    """At `percent` of both sides, somewhere on another picture of the same size."""
    canvas = ImageOps.fit(ground, picture.size)
    inner = picture.resize((round(picture.width * percent / 100), round(picture.height * percent / 100)))
    share_x, share_y = np.random.default_rng(seed).random(2)
    canvas.paste(
        inner,
        (round((canvas.width - inner.width) * share_x), round((canvas.height - inner.height) * share_y)),
    )
    return canvas


def bar_laid_over(picture: Image.Image, *, percent: float, colour: str = "#202830") -> Image.Image:
    """A bar with words that hides the lower `percent` of the height."""
    bar = round(picture.height * percent / 100)
    covered = picture.copy()
    covered.paste(Image.new("RGB", (picture.width, bar), colour), (0, picture.height - bar))
    _write(covered, CAPTION, (0, picture.height - bar, picture.width, bar), "white")
    return covered


def with_meme_text(picture: Image.Image) -> Image.Image:
    """White capitals with black outlines over the lower fifth; the picture shows through between them."""
    lettered = picture.copy()
    fifth = picture.height // 5
    box = (0, picture.height - fifth, picture.width, fifth)
    _write(lettered, MEME, box, "white", outline="black")
    return lettered


def with_sticker(picture: Image.Image, *, percent: float, seed: int) -> Image.Image:
    """A yellow disc that hides `percent` of the area, somewhere in it."""
    radius = (picture.width * picture.height * percent / 100 / np.pi) ** 0.5
    share_x, share_y = np.random.default_rng(seed).random(2)
    x = radius + share_x * max(0.0, picture.width - 2 * radius)
    y = radius + share_y * max(0.0, picture.height - 2 * radius)
    stuck = picture.copy()
    draw = ImageDraw.Draw(stuck)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill="#ffcc33", outline="#5a4500", width=3)
    for eye in (-0.35, 0.35):
        at = (x + eye * radius, y - 0.25 * radius)
        size = radius * 0.12
        draw.ellipse((at[0] - size, at[1] - size, at[0] + size, at[1] + size), fill="#5a4500")
    return stuck


def collaged(picture: Image.Image, *, others: Sequence[Image.Image], place: int) -> Image.Image:
    """One of four in a square of two by two, each filling its quarter whole; `place` counts 0 to 3."""
    width, height = picture.size
    canvas = Image.new("RGB", (2 * width, 2 * height))
    parts = [ImageOps.fit(one, picture.size) for one in others[:3]]
    parts.insert(place, picture)
    for at, part in enumerate(parts):
        canvas.paste(part, (at % 2 * width, at // 2 * height))
    return canvas


def screenshot(picture: Image.Image, *, dark: bool) -> Image.Image:
    """On an upright phone, across its whole width: status bar, a post's head and words, buttons below."""
    width, height = 720, 1480
    ground, ink = ("#101418", "#e6e6e6") if dark else ("#ffffff", "#181818")
    canvas = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(canvas)
    _write(canvas, "12:41", (0, 8, 160, 32), ink)
    draw.rectangle((620, 16, 690, 34), outline=ink, width=2)
    draw.ellipse((24, 80, 96, 152), fill="#6a8caf")
    _write(canvas, "Grey Heron Fans", (110, 84, 300, 34), ink)
    shown = picture.resize((width, round(picture.height * width / picture.width)))
    if shown.height > 1040:
        shown = shown.crop((0, 0, width, 1040))
    canvas.paste(shown, (0, 180))
    _write(canvas, CAPTION, (20, 190 + shown.height, 420, 34), ink)
    for at in range(5):
        draw.ellipse((50 + at * 144, 1400, 90 + at * 144, 1440), outline=ink, width=4)
    return canvas


def screen_photographed(picture: Image.Image, *, seed: int) -> Image.Image:
    """A photograph of a screen: perspective, blur, moire, gamma, and the dark room around it."""
    width, height = picture.size
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width]
    wave = 1 + 0.06 * np.sin(columns / 2.7 + rows / 11.0) * np.sin(rows / 3.1)
    channels = np.asarray(picture, dtype=np.float64) * wave[..., None]
    lit = (np.clip(channels, 0, 255) / 255) ** 1.25 * 235 + 12
    shown = Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))
    margin = 0.06
    corners = [
        (x * width + random.uniform(-0.02, 0.02) * width, y * height + random.uniform(-0.02, 0.02) * height)
        for x, y in ((margin, margin), (1 - margin, margin), (1 - margin, 1 - margin), (margin, 1 - margin))
    ]
    canvas = shown.transform(
        picture.size,
        Image.Transform.PERSPECTIVE,
        _perspective(corners, ((0, 0), (width, 0), (width, height), (0, height))),
        Image.Resampling.BICUBIC,
        fillcolor="#15130f",
    )
    return canvas.filter(ImageFilter.GaussianBlur(1.2))


def _perspective(shown_at: Sequence[tuple[float, float]], of: Sequence[tuple[float, float]]) -> list[float]:
    """The eight numbers of the map from the picture shown to the picture that is photographed."""
    rows, values = [], []
    for (x, y), (u, v) in zip(shown_at, of, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        values.extend((u, v))
    return [float(one) for one in np.linalg.solve(np.array(rows), np.array(values))]


def _write(
    canvas: Image.Image, words: str, box: tuple[int, int, int, int], ink: str, outline: str = ""
) -> None:
    """Words in the middle of a box (left, top, width, height), as large as fits."""
    left, top, width, height = box
    size = max(8, min(round(height * 0.55), round(1.7 * width / len(words))))
    ImageDraw.Draw(canvas).text(
        (left + width / 2, top + height / 2),
        words,
        fill=ink,
        font=ImageFont.load_default(size),
        anchor="mm",
        stroke_width=max(1, size // 14) if outline else 0,
        stroke_fill=outline or None,
    )
