"""Edits that change how a picture looks and leave where things are: pure functions from picture to picture.

None of them adds, cuts or moves anything.
"""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps


def recompressed(picture: Image.Image, *, quality: int) -> Image.Image:
    """Through a JPEG of `quality` (1-95)."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as again:
        return again.convert("RGB")


def resized(picture: Image.Image, *, percent: float) -> Image.Image:
    """Both sides to `percent` of what they were."""
    size = [max(8, round(side * percent / 100)) for side in picture.size]
    return picture.resize((size[0], size[1]), Image.Resampling.LANCZOS)


def squeezed(picture: Image.Image) -> Image.Image:
    """To a square, whatever it does to the proportions."""
    side = min(picture.size)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def greyed(picture: Image.Image) -> Image.Image:
    """Without colour."""
    return ImageOps.grayscale(picture).convert("RGB")


def blurred(picture: Image.Image, *, radius_px: float) -> Image.Image:
    """Gaussian blur."""
    return picture.filter(ImageFilter.GaussianBlur(radius_px))


def brightened(picture: Image.Image, *, percent: float) -> Image.Image:
    """Brighter by `percent`, darker when it is negative; what exceeds white is cut off."""
    return ImageEnhance.Brightness(picture).enhance(1 + percent / 100)


def contrasted(picture: Image.Image, *, percent: float) -> Image.Image:
    """More contrast by `percent`, less when it is negative."""
    return ImageEnhance.Contrast(picture).enhance(1 + percent / 100)


def gamma_changed(picture: Image.Image, *, gamma: float) -> Image.Image:
    """Middle tones darker (`gamma` over 1) or lighter."""
    return picture.point([round(255 * (value / 255) ** gamma) for value in range(256)] * 3)


def tinted(picture: Image.Image, *, red: float, blue: float) -> Image.Image:
    """Red and blue multiplied, as filters of apps do."""
    channels = np.asarray(picture, dtype=np.float64) * (red, 1.0, blue)
    return Image.fromarray(np.clip(channels, 0, 255).astype(np.uint8))


def noisy(picture: Image.Image, *, sigma: float, seed: int) -> Image.Image:
    """Gaussian noise of `sigma` (of 255) on every channel."""
    channels = np.asarray(picture, dtype=np.float64)
    noise = np.random.default_rng(seed).normal(0.0, sigma, channels.shape)
    return Image.fromarray(np.clip(channels + noise, 0, 255).astype(np.uint8))


def watermarked(picture: Image.Image, *, opacity_percent: float) -> Image.Image:
    """Words repeated along the diagonal over the whole picture."""
    side = round((picture.width**2 + picture.height**2) ** 0.5)
    step = max(24, side // 8)
    layer = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(layer)
    font = ImageFont.load_default(max(10, step // 3))
    for row, top in enumerate(range(0, side, step)):
        for left in range(-(row % 2) * step, side, 3 * step):
            draw.text((left, top), "reposted by", fill=round(2.55 * opacity_percent), font=font)
    turned = layer.rotate(30, resample=Image.Resampling.BILINEAR)
    left, top = (side - picture.width) // 2, (side - picture.height) // 2
    mask = turned.crop((left, top, left + picture.width, top + picture.height))
    marked = picture.copy()
    marked.paste(Image.new("RGB", picture.size, "white"), (0, 0), mask)
    return marked
