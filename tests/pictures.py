"""Harmless pictures for tests, drawn from a seed; no two seeds look alike."""

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw


def picture(seed: int, *, width_px: int = 640, height_px: int = 480) -> Image.Image:
    """Soft coloured clouds with enough structure for a good PDQ hash."""
    rng = np.random.default_rng(seed)
    coarse = (rng.random((12, 16, 3)) * 255).astype("uint8")
    return Image.fromarray(coarse).resize((width_px, height_px), Image.Resampling.BICUBIC)


def flat_picture() -> Image.Image:
    """One colour: its PDQ hash means nothing."""
    return Image.new("RGB", (320, 240), (90, 90, 90))


def as_bytes(image: Image.Image, kind: str = "PNG", **options: int) -> bytes:
    """The encoded picture. The same pixels are encoded once: many tests begin with the same picture."""
    if image.palette or image.info:
        return _encode(image, kind, options)
    return _encode_pixels(image.mode, image.size, image.tobytes(), kind, tuple(options.items()))


@lru_cache(maxsize=32)
def _encode_pixels(
    mode: str, size: tuple[int, int], pixels: bytes, kind: str, options: tuple[tuple[str, int], ...]
) -> bytes:
    return _encode(Image.frombytes(mode, size, pixels), kind, dict(options))


def _encode(image: Image.Image, kind: str, options: dict[str, int]) -> bytes:
    held = io.BytesIO()
    image.save(held, kind, **options)
    return held.getvalue()


def detailed_picture(seed: int, *, width_px: int = 640, height_px: int = 480) -> Image.Image:
    """A hundred shapes of many sizes: corners everywhere, as in a photograph."""
    rng = np.random.default_rng(seed)
    image = picture(seed, width_px=width_px, height_px=height_px)
    draw = ImageDraw.Draw(image)
    for _ in range(100):
        x, y = rng.random(2) * (width_px, height_px)
        across, down = rng.uniform(6, 90, 2)
        colour = tuple(int(one) for one in rng.integers(0, 256, 3))
        shape = draw.rectangle if rng.random() < 0.6 else draw.ellipse
        shape((x - across / 2, y - down / 2, x + across / 2, y + down / 2), fill=colour)
    return image
