"""The pictures that are edited: those that ship in packages, and any folder that is named.

They are held upright, in RGB, and no longer than `SIDE_PX_MAX`, so that an edit costs the same for all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from benchmarks.edits.catalogue import Around
from benchmarks.forty_photographs import candidates
from PIL import Image, ImageOps, UnidentifiedImageError

from vigie.foundation.settings import Settings
from vigie.signals.media import MediumLimits, MediumRefused, hash_medium

SIDE_PX_MAX = 1_280
QUALITY_MIN = 50
_FILE_QUALITY = 95
_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif"})


@dataclass(frozen=True)
class Picture:
    """A picture: the file that is banked, and the pixels that are edited (those of that file)."""

    name: str
    origin: str
    data: bytes
    pixels: Image.Image


def shipped(*, archives: Path, shared: Path, count_max: int) -> list[Picture]:
    """The first photographs of the re-upload table whose PDQ hash has quality 50 or more."""
    files = ((one.name, one.origin, one.data) for one in candidates(archives=archives, shared=shared))
    return _good(files, count_max)


def of_folder(folder: Path, *, count_max: int) -> list[Picture]:
    """The pictures of a folder, by file name; what is no picture or has too little structure is left out."""
    paths = sorted(one for one in folder.iterdir() if one.suffix.lower() in _SUFFIXES)
    return _good(((one.name, folder.name, one.read_bytes()) for one in paths), count_max)


def around(pictures: list[Picture], number: int, *, seed: int) -> Around:
    """What the edits of picture `number` may use: a seed of its own, and its four neighbours."""
    others = [pictures[(number + step) % len(pictures)].pixels for step in range(1, 5)]
    return Around(seed + number, others)


def as_jpeg(picture: Image.Image) -> bytes:
    """The file that is banked of a picture."""
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=_FILE_QUALITY)
    return buffer.getvalue()


def _good(files: Iterable[tuple[str, str, bytes]], count_max: int) -> list[Picture]:
    limits = MediumLimits.from_settings(Settings())
    found: list[Picture] = []
    for name, origin, data in files:
        if len(found) >= count_max:
            break
        try:
            with Image.open(BytesIO(data)) as opened:
                upright = ImageOps.exif_transpose(opened).convert("RGB")
        except (UnidentifiedImageError, OSError):
            continue
        upright.thumbnail((SIDE_PX_MAX, SIDE_PX_MAX), Image.Resampling.LANCZOS)
        saved = as_jpeg(upright)
        try:
            quality = hash_medium(saved, limits=limits).pdq_quality
        except MediumRefused:
            continue
        if quality >= QUALITY_MIN:
            with Image.open(BytesIO(saved)) as decoded:
                found.append(Picture(name, origin, saved, decoded.convert("RGB")))
    return found
