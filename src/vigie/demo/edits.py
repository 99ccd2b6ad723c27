"""What people do to a picture before they post it again, as pure functions from file to file.

They change pictures only; whether the result is still found is for others to see.
"""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

# The quality at which phones and forums usually save; every edit that does not set another one ends with it.
JPEG_QUALITY = 90
_CAPTION = "share before it is taken down"


def recompressed(data: bytes, *, quality: int) -> bytes:
    """Saved again as JPEG of `quality` (1-95)."""
    return _jpeg(_open(data), quality=quality)


def resized(data: bytes, *, percent: int) -> bytes:
    """Both sides to `percent` of what they were."""
    picture = _open(data)
    size = tuple(max(1, round(side * percent / 100)) for side in picture.size)
    return _jpeg(picture.resize((size[0], size[1]), Image.Resampling.LANCZOS))


def greyed(data: bytes) -> bytes:
    """Without colour."""
    return _jpeg(ImageOps.grayscale(_open(data)))


def blurred(data: bytes, *, radius_px: float) -> bytes:
    """Gaussian blur."""
    return _jpeg(_open(data).filter(ImageFilter.GaussianBlur(radius_px)))


def brightened(data: bytes, *, percent: int) -> bytes:
    """Brighter by `percent`, darker when it is negative; what exceeds white is cut off."""
    return _jpeg(ImageEnhance.Brightness(_open(data)).enhance(1 + percent / 100))


def cropped(data: bytes, *, percent: float) -> bytes:
    """`percent` of width and height cut away, half of it on each side."""
    picture = _open(data)
    dx, dy = (round(side * percent / 200) for side in picture.size)
    return _jpeg(picture.crop((dx, dy, picture.width - dx, picture.height - dy)))


def captioned(data: bytes, *, percent: float) -> bytes:
    """A white bar with words under the picture, `percent` of its height; the picture itself stays whole."""
    picture = _open(data)
    bar = max(12, round(picture.height * percent / 100))
    canvas = Image.new("RGB", (picture.width, picture.height + bar), "white")
    canvas.paste(picture, (0, 0))
    draw = ImageDraw.Draw(canvas)
    draw.text(
        (picture.width / 2, picture.height + bar / 2),
        _CAPTION,
        fill="black",
        font=ImageFont.load_default(max(8, round(bar * 0.55))),
        anchor="mm",
    )
    return _jpeg(canvas)


def watermarked(data: bytes, *, opacity_percent: int) -> bytes:
    """Words repeated along the diagonal over the whole picture."""
    picture = _open(data)
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
    picture.paste(Image.new("RGB", picture.size, "white"), (0, 0), mask)
    return _jpeg(picture)


def as_webp(data: bytes, *, quality: int) -> bytes:
    """In another format: WebP with losses."""
    return _saved(_open(data), "WEBP", quality=quality)


def as_png(data: bytes) -> bytes:
    """PNG with little compression: without any loss, so other bytes with the same pixels."""
    return _saved(_open(data), "PNG", compress_level=1)


def noisy(data: bytes, *, sigma: float, seed: int) -> bytes:
    """Gaussian noise of `sigma` (of 255) on every channel."""
    picture = np.asarray(_open(data), dtype=np.float64)
    noise = np.random.default_rng(seed).normal(0.0, sigma, picture.shape)
    return _jpeg(Image.fromarray(np.clip(picture + noise, 0, 255).astype(np.uint8)))


def mirrored(data: bytes) -> bytes:
    """Left and right changed places."""
    return _jpeg(ImageOps.mirror(_open(data)))


def truncated(data: bytes) -> bytes:
    """A JPEG that breaks off inside its tables, as an upload that was cut: nobody can show it."""
    return recompressed(data, quality=JPEG_QUALITY)[:300]


def _open(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB")


def _jpeg(picture: Image.Image, *, quality: int = JPEG_QUALITY) -> bytes:
    return _saved(picture, "JPEG", quality=quality)


def _saved(picture: Image.Image, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
