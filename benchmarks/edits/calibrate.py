"""`python -m benchmarks.edits.calibrate`: fits the score of a match, and says how well it is calibrated.

It fits on edits of every second photograph and near misses of one seed, and tests on the others; it writes the
numbers into src/vigie/signals/calibration.py and the test into benchmarks/results/calibration.json.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from benchmarks.edits.__main__ import ARCHIVES, ROOT, SEED, SHARED
from benchmarks.edits.catalogue import EDITS
from benchmarks.edits.looks import distance_bits, look
from benchmarks.edits.near_misses import families
from benchmarks.edits.pictures import Picture, around, as_jpeg, shipped
from numpy.typing import NDArray

from vigie.signals.aligning import Alignable, align
from vigie.signals.features import features_of
from vigie.signals.likelihood import traits_of

NUMBERS = ROOT / "src" / "vigie" / "signals" / "calibration.py"
RESULT = ROOT / "benchmarks" / "results" / "calibration.json"
RADIUS_BITS = 32
NEAR_MISSES = 20
# As many other photographs are tried for each upload.
OTHERS = 2
_RIDGE = 1e-5
BINS = (0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0)


@dataclass(frozen=True)
class Sample:
    """The traits of a pair, and whether the upload shows the entry's picture."""

    traits: tuple[float, ...]
    is_same: bool

    @property
    def without_hash(self) -> "Sample":
        """The pair as if no hash had been near: the entry may be of another time or have no variants."""
        return Sample((0.0, *self.traits[1:]), self.is_same)


def main(arguments: list[str]) -> int:
    """Fit, test, write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.edits.calibrate")
    parser.add_argument("--archives", type=Path, default=ARCHIVES, help="folder of downloaded archives")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of the shared PDQ pictures")
    options = parser.parse_args(arguments)
    pictures = shipped(archives=options.archives, shared=options.shared, count_max=40)
    halves = [[*_edited(pictures, half), *_near_misses(seed)] for half, seed in ((0, SEED), (1, SEED + 1))]
    weights, intercept = _fitted(halves[0])
    NUMBERS.write_text(_module(weights, intercept, pictures=len(pictures)))
    tested = _tested(halves[1], weights, intercept)
    RESULT.write_text(json.dumps(tested, indent=1) + "\n")
    print(json.dumps(tested, indent=1))
    return 0


def _edited(pictures: Sequence[Picture], half: int) -> Iterator[Sample]:
    """Each edit of every second photograph with its own and with other entries."""
    banked = [look(one.data, "banked") for one in pictures]
    known = [features_of(one.plane) for one in banked]
    for number in range(half, len(pictures), 2):
        for edit in EDITS:
            upload = look(
                edit.applied(pictures[number].pixels, around(list(pictures), number, seed=SEED)), "asked"
            )
            alignable = Alignable(upload.plane)
            others = [(number + 6 + 2 * step) % len(pictures) for step in range(OTHERS)]
            for place in (number, *others):
                found = align(alignable, known[place])
                if found is not None:
                    traits = traits_of(found, distance_bits=distance_bits(upload, banked[place]))
                    yield Sample(traits, place == number)


def _near_misses(seed: int) -> Iterator[Sample]:
    for drawn in families(count=NEAR_MISSES, seed=seed).values():
        files = [as_jpeg(one) for one in drawn]
        banked, asked = ([look(one, wanted) for one in files] for wanted in ("banked", "asked"))
        known = [features_of(one.plane) for one in banked]
        for number, upload in enumerate(asked):
            alignable = Alignable(upload.plane)
            for place, entry in enumerate(known):
                found = align(alignable, entry) if place != number else None
                if found is not None:
                    yield Sample(traits_of(found, distance_bits=distance_bits(upload, banked[place])), False)


def _fitted(samples: Sequence[Sample]) -> tuple[tuple[float, ...], float]:
    """Weights and intercept of the likeliest logistic curve whose weights are none below zero."""
    from scipy.optimize import minimize

    traits, same = _arrays([*samples, *(one.without_hash for one in samples if one.traits[0])])
    weight = np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum())
    sign = np.where(same, 1.0, -1.0)

    def loss(numbers: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (traits @ numbers[:-1] + numbers[-1])
        slope = -sign * weight / (1 + np.exp(np.minimum(margin, 500)))
        value = float((weight * np.logaddexp(0, -margin)).sum() + _RIDGE * (numbers[:-1] ** 2).sum())
        return value, np.append(traits.T @ slope + 2 * _RIDGE * numbers[:-1], slope.sum())

    count = traits.shape[1]
    found = minimize(loss, np.zeros(count + 1), jac=True, bounds=[(0, None)] * count + [(None, None)])
    return tuple(round(float(one), 3) for one in found.x[:-1]), round(float(found.x[-1]), 3)


def _tested(samples: Sequence[Sample], weights: Sequence[float], intercept: float) -> dict[str, object]:
    traits, same = _arrays(samples)
    scores = 1 / (1 + np.exp(-(traits @ np.array(weights) + intercept)))
    # As in the fit, pairs of both kinds weigh the same as a whole.
    weight = np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum())
    rows = []
    for lower, upper in pairwise(BINS):
        inside = (scores >= lower) & ((scores < upper) | (upper == 1.0))
        if inside.any():
            rows.append(
                {
                    "from": lower,
                    "to": upper,
                    "same": int(same[inside].sum()),
                    "different": int((~same[inside]).sum()),
                    "mean_score": round(float(np.average(scores[inside], weights=weight[inside])), 4),
                    "share_same": round(float(np.average(same[inside], weights=weight[inside])), 4),
                }
            )
    return {
        "seed": SEED,
        "same": int(same.sum()),
        "different": int((~same).sum()),
        "brier": round(float(np.average((scores - same) ** 2, weights=weight)), 5),
        "highest_of_different": round(float(scores[~same].max()), 4),
        "bins": rows,
    }


def _arrays(samples: Sequence[Sample]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    return np.array([one.traits for one in samples]), np.array([one.is_same for one in samples])


def _module(weights: Sequence[float], intercept: float, *, pictures: int) -> str:
    return (
        '"""The numbers of the calibrated score. Written by benchmarks/edits/calibrate.py; do not edit.\n\n'
        f"Fitted with seed {SEED} on edits of every second of {pictures} photographs; it holds no threshold.\n"
        '"""\n\n'
        f"RADIUS_BITS = {RADIUS_BITS}\n"
        f"INTERCEPT = {intercept}\n"
        f"WEIGHTS = ({', '.join(map(str, weights))})\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
