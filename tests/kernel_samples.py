"""Pictures and reference answers for the tests of the kernel.

Photographs come from installed packages, other pictures are drawn; none is fetched.
"""

import importlib.util
import io
import struct
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pdqhash
import vigie_kernel
from PIL import Image

Pixels = npt.NDArray[np.uint8]
Fidelity = Literal["full", "fast"]

BYTES_MAX = 20 * 1024 * 1024
PIXELS_MAX = 100_000_000
TIME_MS_MAX = 60_000
"""Generous: tests of limits set their own."""

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "pdq"
_PHOTOGRAPHS = {
    "skimage": [
        "data/astronaut.png",
        "data/chelsea.png",
        "data/coffee.png",
        "data/hubble_deep_field.jpg",
        "data/rocket.jpg",
        "data/retina.jpg",
        "data/page.png",
        "data/coins.png",
        "data/moon.png",
    ],
    "sklearn": ["datasets/images/china.jpg", "datasets/images/flower.jpg"],
}


class Reference(NamedTuple):
    """What PyPI pdqhash says about the pixels that Pillow decodes."""

    pdq: bytes
    quality: int
    dihedral: list[bytes]


def shared_pdq_folder() -> Path | None:
    """The reference pictures beside the checkout, if they are there."""
    return _SHARED if (_SHARED / "reference.csv").is_file() else None


def photograph_paths() -> list[Path]:
    """Photographs shipped inside installed packages."""
    return [_package_folder(package) / name for package, names in _PHOTOGRAPHS.items() for name in names]


@cache
def photograph(path: Path, *, side_px_max: int = 320) -> Image.Image:
    """A photograph as RGB, made smaller if it is large."""
    picture = Image.open(path).convert("RGB")
    picture.thumbnail((side_px_max, side_px_max))
    return picture


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file of that kind."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def png_of_rows(
    *, size: tuple[int, int], color: int, depth: int, rows: npt.NDArray[np.int64], is_interlaced: bool
) -> bytes:
    """A PNG of any colour type and depth, which Pillow cannot write; `rows` is (height, width, samples).

    Source: PNG specification, sections 7, 8 and 11. An indexed one gets a palette that is too short.
    """
    width, height = size
    passes = [(0, 1, 0, 1)]
    if is_interlaced:
        passes = [
            (0, 8, 0, 8),
            (4, 8, 0, 8),
            (0, 4, 4, 8),
            (2, 4, 0, 4),
            (0, 2, 2, 4),
            (1, 2, 0, 2),
            (0, 1, 1, 2),
        ]
    packed = b""
    for x_start, x_step, y_start, y_step in passes:
        part = rows[y_start::y_step, x_start::x_step]
        if part.size:
            packed += b"".join(b"\0" + _packed_row(row.ravel(), depth) for row in part)
    chunks = [
        png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(is_interlaced)))
    ]
    if color == 3:
        colours = max(1, 2**depth - 1)
        chunks.append(
            png_chunk(b"PLTE", bytes((i * 37 + j * 91) % 256 for i in range(colours) for j in range(3)))
        )
    chunks += [png_chunk(b"IDAT", zlib.compress(packed, 1)), png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def png_chunk(name: bytes, payload: bytes) -> bytes:
    """One chunk with its length and checksum."""
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))


def pixels_by_pillow(data: bytes) -> Pixels:
    """What Pillow's convert("RGB") makes of a file: (height, width, 3)."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def pixels_by_kernel(data: bytes) -> Pixels:
    """The pixels that the kernel decodes, of pictures up to 2048 px: (height, width, 3).

    A rendering that need not be made smaller shows them unchanged, but turned upright.
    """
    rendering = vigie_kernel.render_picture(
        data,
        side_px_max=2048,
        style="clear",
        bytes_max=BYTES_MAX,
        pixels_max=PIXELS_MAX,
        time_ms_max=TIME_MS_MAX,
    )
    return np.asarray(Image.open(io.BytesIO(rendering)))


def signals(data: bytes) -> vigie_kernel.PictureSignals:
    """The kernel's answer within generous limits."""
    return vigie_kernel.hash_picture(
        data, bytes_max=BYTES_MAX, pixels_max=PIXELS_MAX, time_ms_max=TIME_MS_MAX
    )


def dihedral(data: bytes) -> vigie_kernel.DihedralHashes:
    """The kernel's eight hashes within generous limits."""
    return vigie_kernel.hash_picture_dihedral(
        data, bytes_max=BYTES_MAX, pixels_max=PIXELS_MAX, time_ms_max=TIME_MS_MAX
    )


def reference(pixels: Pixels) -> Reference:
    """The answers of PyPI pdqhash for (height, width, 3) pixels."""
    bits, quality = pdqhash.compute(np.ascontiguousarray(pixels))
    turned, _ = pdqhash.compute_dihedral(np.ascontiguousarray(pixels))
    return Reference(_as_bytes(bits), int(quality), [_as_bytes(bits) for bits in turned])


def distance_bits(left: bytes, right: bytes) -> int:
    """Number of bits that differ."""
    return (int.from_bytes(left) ^ int.from_bytes(right)).bit_count()


def jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment of a JPEG; a scan's segment ends with its coded data."""
    place = 2
    while place < len(data) - 1:
        marker = data[place + 1]
        if marker == 0xD9:
            yield marker, place, place + 2
            return
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        if marker == 0xDA:
            while data[end] != 0xFF or data[end + 1] == 0 or 0xD0 <= data[end + 1] <= 0xD7:
                end += 1
        yield marker, place, end
        place = end


def _package_folder(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise LookupError(f"{package} is not installed")
    return Path(found.origin).parent


def _packed_row(samples: npt.NDArray[np.int64], depth: int) -> bytes:
    if depth == 16:
        return samples.astype(">u2").tobytes()
    if depth == 8:
        return samples.astype(np.uint8).tobytes()
    bits = ((samples[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8)
    return np.packbits(bits.ravel()).tobytes()


def _as_bytes(bits: Sequence[int]) -> bytes:
    return np.packbits(np.asarray(bits, dtype=np.uint8)).tobytes()
