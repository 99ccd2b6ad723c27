"""Vigie's levels: what each banks of a picture, what it asks of an upload, and what it finds.

It searches by comparing all pairs, so that no index stands between the measure and the signals.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.edits.scores import Scheme
from numpy.typing import NDArray

from vigie.foundation.clock import monotonic_s
from vigie.foundation.settings import Settings
from vigie.signals.media import MediumLimits, hash_medium, look_closely
from vigie.signals.variants import good_ones

SETTINGS = Settings()
_LIMITS = MediumLimits.from_settings(SETTINGS)
# Beside 32 bytes of a code stand 8 bytes of its number.
_NUMBER_BYTES = 8


@dataclass(frozen=True)
class Level:
    """A level by name. `asked` gives codes with the radius of each."""

    name: str
    banked: Callable[[bytes], list[bytes]]
    asked: Callable[[bytes], list[tuple[bytes, int]]]


def _plain_banked(data: bytes) -> list[bytes]:
    signals = hash_medium(data, limits=_LIMITS)
    return [signals.pdq] if signals.pdq_quality >= SETTINGS.pdq_quality_min else []


def _plain_asked(data: bytes) -> list[tuple[bytes, int]]:
    return [(one, SETTINGS.match_distance_bits_max) for one in _plain_banked(data)]


def _robust_banked(data: bytes) -> list[bytes]:
    seen = look_closely(data, wanted="banked", limits=_LIMITS)
    plain = [seen.signals.pdq] if seen.signals.pdq_quality >= SETTINGS.pdq_quality_min else []
    return [*plain, *(one.pdq for one in good_ones(seen.variants, quality_min=SETTINGS.pdq_quality_min))]


def _robust_asked(data: bytes) -> list[tuple[bytes, int]]:
    seen = look_closely(data, wanted="asked", limits=_LIMITS)
    good = good_ones(seen.variants, quality_min=SETTINGS.pdq_quality_min)
    asked = [(one.pdq, SETTINGS.variant_distance_bits_max) for one in good]
    if seen.signals.pdq_quality >= SETTINGS.pdq_quality_min:
        asked.append((seen.signals.pdq, SETTINGS.match_distance_bits_max))
    return asked


LEVELS = (
    Level("Vigie plain", _plain_banked, _plain_asked),
    Level("Vigie robust, hashes banked", _plain_banked, _robust_asked),
    Level("Vigie robust", _robust_banked, _robust_asked),
)


def measured(level: Level, banked: Sequence[bytes], uploads: Sequence[bytes]) -> Scheme:
    """What the level finds among all uploads, and what it costs."""
    codes = [level.banked(one) for one in banked]
    owners = np.repeat(np.arange(len(codes)), [len(one) for one in codes])
    table = _words(b"".join(code for one in codes for code in one))
    found: set[tuple[int, int]] = set()
    took_ms = []
    for number, data in enumerate(uploads):
        began_s = monotonic_s()
        asked = level.asked(data)
        took_ms.append((monotonic_s() - began_s) * 1000)
        if not asked:
            continue
        radii = np.array([radius for _, radius in asked])
        values = _words(b"".join(value for value, _ in asked))
        distances = np.bitwise_count(values[:, None] ^ table[None]).sum(axis=2)
        near = (distances <= radii[:, None]).any(axis=0)
        found.update((number, int(place)) for place in np.unique(owners[near]))
    return Scheme(
        name=level.name,
        ours=True,
        asked=frozenset(range(len(uploads))),
        found=frozenset(found),
        took_ms_median=statistics.median(took_ms),
        entry_bytes=statistics.mean(len(one) for one in codes) * (len(codes[0][0]) + _NUMBER_BYTES),
    )


def _words(codes: bytes) -> NDArray[np.uint64]:
    return np.frombuffer(codes, dtype=np.uint64).reshape(-1, 4)
