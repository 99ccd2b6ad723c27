"""What a level costs from the bytes of a file to its matches, look-ups included: levels in turn on the same file.

It counts the processor's time, so that work of others beside it counts little, and says nothing about the network,
the database or rules, which are the same for all levels.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from benchmarks.edits.closely import Entries
from benchmarks.edits.looks import LIMITS, SETTINGS
from PIL import Image
from vigie_kernel import HammingIndex

from vigie.signals.aligning import Alignable, align
from vigie.signals.features import Features
from vigie.signals.likelihood import score_of
from vigie.signals.media import hash_medium, look_closely
from vigie.signals.variants import good_ones

SIZE_PX = (1280, 960)
QUALITY = 85
PICTURES, ROUNDS = 8, 12
# Hashes beside those of the pictures, so that look-ups have something to search.
OTHER_CODES = 200_000
_SEED = 20261125


def cost(pictures: Sequence[Image.Image]) -> dict[str, Any]:
    """Medians in milliseconds on one thread, and the median of the ratios of calls that followed each other."""
    files = [_file(one) for one in pictures[:PICTURES]]
    others = [_file(one) for one in pictures[-PICTURES:]]
    entries = Entries(files)
    whole, variants = _indexes(entries)
    settings = SETTINGS

    def plain(data: bytes) -> object:
        code = hash_medium(data, limits=LIMITS).pdq
        return whole.search_flat(code, distance_bits_max=settings.match_distance_bits_max)

    def robust(data: bytes) -> object:
        seen = look_closely(data, wanted="asked", limits=LIMITS)
        found = whole.search_flat(seen.signals.pdq, distance_bits_max=settings.match_distance_bits_max)
        good = good_ones(seen.variants, quality_min=settings.pdq_quality_min)
        codes = b"".join(one.pdq for one in good)
        radius = settings.variant_distance_bits_max
        return (
            found,
            variants.search_flat(codes, distance_bits_max=radius, limit=1_000),
            whole.search_flat(codes, distance_bits_max=radius, limit=1_000),
        )

    took: dict[str, list[float]] = {"plain": [], "robust": [], "candidate": [], "features": [], "nothing": []}
    ratios = []
    for _ in range(ROUNDS):
        for number, data in enumerate(files):
            plain_ms, robust_ms = _ms(plain, data), _ms(robust, data)
            ratios.append(robust_ms / plain_ms)
            took["plain"].append(plain_ms)
            took["robust"].append(robust_ms)
            plane = look_closely(data, wanted="asked", limits=LIMITS).plane
            took["candidate"].append(_ms(_scored, Alignable(plane), entries.features[number]))
            took["features"].append(_ms(entries.by_features, Alignable(plane)))
            other = look_closely(others[number % len(others)], wanted="asked", limits=LIMITS).plane
            took["nothing"].append(_ms(entries.by_features, Alignable(other)))
    medians = {f"{name}_ms": round(statistics.median(one), 2) for name, one in took.items()}
    return {
        "size": f"{SIZE_PX[0]}x{SIZE_PX[1]}",
        **medians,
        "robust_over_plain": round(statistics.median(ratios), 2),
    }


def _scored(upload: Alignable, entry: Features) -> float:
    found = align(upload, entry, way="as it is")
    return 0.0 if found is None else score_of(found, distance_bits=0)


def _ms(work: Callable[..., object], *arguments: object) -> float:
    began_s = time.process_time()
    work(*arguments)
    return (time.process_time() - began_s) * 1000


def _indexes(entries: Entries) -> tuple[HammingIndex, HammingIndex]:
    random = np.random.default_rng(_SEED)
    found = []
    for codes in (
        np.concatenate([one.whole for one in entries.looks]),
        np.concatenate([one.variants for one in entries.looks]),
    ):
        index = HammingIndex(distance_bits_max=31)
        other = random.integers(0, 2**63, size=(OTHER_CODES, 4), dtype=np.uint64) << np.uint64(1)
        rows = np.concatenate([codes, other])
        index.insert_many(rows.tobytes(), list(range(len(rows))))
        index.merge(into_one=True)
        found.append(index)
    return found[0], found[1]


def _file(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.resize(SIZE_PX).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
