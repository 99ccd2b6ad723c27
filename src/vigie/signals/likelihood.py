"""The calibrated score of an aligned match: how likely an upload shows the entry's picture. Pure.

It decides nothing: a score alone never leads to a measure. Its numbers stand in `calibration`, which
`benchmarks/edits/calibrate.py` writes.
"""

import math

from vigie.signals.alignment import Alignment
from vigie.signals.calibration import INTERCEPT, RADIUS_BITS, WEIGHTS

Traits = tuple[float, float, float, float, float]
_SMALL = 0.02


def score_of(alignment: Alignment, *, distance_bits: int | None) -> float:
    """The probability, 0..1, that the upload shows the entry's picture, if one candidate in two does.

    `distance_bits` is that of the PDQ hashes (of wholes or variants) that matched; None where none did.
    """
    traits = traits_of(alignment, distance_bits=distance_bits)
    log_odds = INTERCEPT + sum(weight * trait for weight, trait in zip(WEIGHTS, traits, strict=True))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, log_odds))))


def traits_of(alignment: Alignment, *, distance_bits: int | None) -> Traits:
    """What the score is computed from, in the order of the weights; more of each is likelier.

    Nearness of the hashes (1 at no distance, 0 at the radius or without); then the logarithms of the alignment's
    support (inliers among the corners that could agree), coverage, agreement, and of one over what does not agree.
    """
    return (
        0.0 if distance_bits is None else max(0.0, 1 - distance_bits / RADIUS_BITS),
        math.log(alignment.support + _SMALL),
        math.log(alignment.coverage + _SMALL),
        math.log(alignment.agreement + _SMALL),
        -math.log(1 - alignment.agreement + _SMALL),
    )
