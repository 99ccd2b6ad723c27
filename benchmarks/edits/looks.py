"""What a file looks like to the levels: hashes, variants and luma plane from one decoding, kept for many comparisons.

It finds nothing: it gives the distance of two looks.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import vigie_kernel
from numpy.typing import NDArray

from vigie.foundation.settings import Settings
from vigie.signals.media import MediumLimits, look_closely
from vigie.signals.variants import VariantHash, good_ones

SETTINGS = Settings()
LIMITS = MediumLimits.from_settings(SETTINGS)


@dataclass(frozen=True)
class Look:
    """Hashes of good enough quality, as rows of four words: of the whole (none or one), and of variants."""

    whole: NDArray[np.uint64]
    variants: NDArray[np.uint64]
    hashes: tuple[VariantHash, ...]
    plane: vigie_kernel.LumaPlane


def look(data: bytes, wanted: Literal["asked", "banked"]) -> Look:
    """The look of a file, as an upload (`asked`) or as an entry (`banked`)."""
    seen = look_closely(data, wanted=wanted, limits=LIMITS)
    good = good_ones(seen.variants, quality_min=SETTINGS.pdq_quality_min)
    whole = seen.signals.pdq if seen.signals.pdq_quality >= SETTINGS.pdq_quality_min else b""
    return Look(_words(whole), _words(b"".join(one.pdq for one in good)), tuple(good), seen.plane)


def distance_bits(upload: Look, entry: Look) -> int | None:
    """The distance at which level robust matches them: of the wholes, else of variants; None if it does not."""
    of_wholes = _nearest(upload.whole, entry.whole)
    if of_wholes is not None and of_wholes <= SETTINGS.match_distance_bits_max:
        return of_wholes
    of_variants = _nearest(upload.variants, np.concatenate([entry.variants, entry.whole]))
    is_near = of_variants is not None and of_variants <= SETTINGS.variant_distance_bits_max
    return of_variants if is_near else None


def _nearest(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> int | None:
    if not (len(left) and len(right)):
        return None
    return int(np.bitwise_count(left[:, None] ^ right[None]).sum(axis=2).min())


def _words(codes: bytes) -> NDArray[np.uint64]:
    return np.frombuffer(codes, dtype=np.uint64).reshape(-1, 4)
