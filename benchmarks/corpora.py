"""What is measured with: photographs in three sizes and sets of 256-bit codes, the same ones for the same seed.

Photographs come from packages and are made harmless test material by being photographs of cats, coins and canals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from benchmarks.forty_photographs import candidates
from PIL import Image, ImageOps

from vigie.demo.photographs import Photograph

SEED = 20261125
ROOT = Path(__file__).resolve().parents[1]
SIZES: tuple[tuple[int, int], ...] = ((512, 512), (1280, 960), (3000, 2000))
CODE_BYTES = 32
CODE_BITS = 256
_FLIPPED_AT_ONCE = 50_000
JPEG_QUALITY = 85
# Fine grain as a camera's sensor leaves it: an enlarged photograph without it is smoother than any upload.
GRAIN_SIGMA = 4.0

Codes = npt.NDArray[np.uint8]
Skew = Literal[
    "random",
    "clustered 10 %",
    "clustered 50 %",
    "10,000 identical",
    "near empty",
    "clustered 50 % by 10,000",
    "near empty 10 %",
    "one crowd of 10 %",
    "half alike 10 %",
    "half alike 50 %",
    "five parts alike 10 %",
    "loose crowd of 10 %",
    "crowds of 3,000 in a crowd, 10 %",
]
SKEWS: tuple[Skew, ...] = get_args(Skew)


@dataclass(frozen=True)
class Pictures:
    """JPEG files of one size."""

    width_px: int
    height_px: int
    files: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """`1280x960`."""
        return f"{self.width_px}x{self.height_px}"


def photographs() -> list[Photograph]:
    """Every photograph that packages and downloaded archives hold, in a fixed order."""
    return candidates(archives=ROOT / ".state" / "photographs", shared=Path("/nowhere"))


def pictures(
    shown: Sequence[Photograph], *, size: tuple[int, int], quality: int = JPEG_QUALITY, seed: int = SEED
) -> Pictures:
    """`shown` cut and scaled to exactly `size`, with grain, as JPEG with 4:2:0 colour."""
    files = []
    for number, one in enumerate(shown):
        generator = np.random.default_rng([seed, number, *size])
        with Image.open(BytesIO(one.data)) as picture:
            fitted = ImageOps.fit(picture.convert("RGB"), size, Image.Resampling.BICUBIC)
        grain = generator.normal(0.0, GRAIN_SIGMA, (size[1], size[0], 1))
        pixels = np.clip(np.asarray(fitted, np.float32) + grain, 0, 255).astype(np.uint8)
        out = BytesIO()
        Image.fromarray(pixels).save(out, "JPEG", quality=quality)
        files.append(out.getvalue())
    return Pictures(*size, tuple(files))


def codes(count: int, *, skew: Skew = "random", seed: int = SEED) -> Codes:
    """`count` codes of 32 bytes, as random as hashes of different pictures, or skewed as real banks are."""
    generator = np.random.default_rng([seed, count, SKEWS.index(skew)])
    made = np.frombuffer(generator.bytes(count * CODE_BYTES), np.uint8).reshape(count, CODE_BYTES).copy()
    match skew:
        case "random":
            pass
        case "clustered 10 %" | "clustered 50 %" | "clustered 50 % by 10,000":
            share = 0.1 if skew == "clustered 10 %" else 0.5
            clustered = int(count * share)
            clusters = count // 1_000 if skew != "clustered 50 % by 10,000" else clustered // 10_000
            centres = made[generator.integers(0, max(clusters, 1), clustered)]
            made[count - clustered :] = flipped(centres, bits_max=24, generator=generator)
        case "10,000 identical":
            made[-min(10_000, count // 2) :] = made[0]
        case "near empty" | "near empty 10 %":
            few = min(10_000, count // 2) if skew == "near empty" else count // 10
            made[-few:] = flipped(np.zeros((few, CODE_BYTES), np.uint8), bits_max=12, generator=generator)
        case "one crowd of 10 %":
            few = count // 10
            made[-few:] = flipped(np.repeat(made[:1], few, axis=0), bits_max=15, generator=generator)
        case "half alike 10 %" | "half alike 50 %":
            # Every second part of 16 bits is the same in all; the others, and so the codes, are far from one another.
            few = count // (10 if skew == "half alike 10 %" else 2)
            made[-few:].view(np.uint16)[:, ::2] = made[:1].view(np.uint16)[:, ::2]
        case "five parts alike 10 %":
            # In each code others, about.
            few = count // 10
            alike = generator.random((few, CODE_BYTES // 2), np.float32) < 5 / 16
            made[-few:].view(np.uint16)[alike] = np.broadcast_to(made[:1].view(np.uint16), alike.shape)[alike]
        case "loose crowd of 10 %":
            # About 48 bits from one code and 78 from one another: parts are alike, and few codes near.
            few = count // 10
            one, two, three, four = (
                generator.integers(0, 256, (few, CODE_BYTES), np.uint8) for _ in range(4)
            )
            made[-few:] = made[0] ^ (one & two & (three | four))
        case "crowds of 3,000 in a crowd, 10 %":
            few = count // 10
            centres = flipped(
                np.repeat(made[:1], max(few // 3_000, 1), axis=0), bits_max=60, generator=generator
            )
            chosen = centres[generator.integers(0, len(centres), few)]
            made[-few:] = flipped(chosen, bits_max=24, generator=generator)
    return made


def queries(banked: Codes, count: int, *, seed: int = SEED) -> Codes:
    """`count` codes to look up: every second one is near a banked code (0 to 40 bits away), the others are random."""
    generator = np.random.default_rng([seed, count, 77])
    asked = np.frombuffer(generator.bytes(count * CODE_BYTES), np.uint8).reshape(count, CODE_BYTES).copy()
    chosen = banked[generator.integers(0, len(banked), len(asked[::2]))]
    asked[::2] = flipped(chosen, bits_max=40, generator=generator)
    return asked


def flipped(wanted: Codes, *, bits_max: int, generator: np.random.Generator) -> Codes:
    """`wanted` with 0 to `bits_max` different bits flipped in each."""
    made = wanted.copy()
    for start in range(0, len(wanted), _FLIPPED_AT_ONCE):
        piece = made[start : start + _FLIPPED_AT_ONCE]
        bits = _different_bits(len(piece), bits_max, generator)
        flips = generator.integers(0, bits_max + 1, len(piece))
        for number, chosen in enumerate(bits):
            rows = np.flatnonzero(flips > number)
            piece[rows, chosen[rows] >> 3] ^= np.uint8(128) >> (chosen[rows] & 7)
    return made


def _different_bits(count: int, each: int, generator: np.random.Generator) -> npt.NDArray[np.uint8]:
    """For each of `count` codes `each` different bits, in any order; shape (each, count)."""
    bits = generator.integers(0, CODE_BITS, (each, count), np.uint8)
    for number in range(1, each):
        while (again := (bits[:number] == bits[number]).any(axis=0)).any():
            bits[number, again] = generator.integers(0, CODE_BITS, int(again.sum()), np.uint8)
    return bits
