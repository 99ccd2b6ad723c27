"""Look-ups in skewed sets, as real banks are: whether a query takes much longer than the median, and still finds all.

It trusts no index: what the slowest queries find is compared with what counting the bits of every code gives.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from benchmarks import index as ours
from benchmarks.corpora import Codes, Skew, codes, queries
from benchmarks.plan import Plan
from benchmarks.records import Bar, Figure
from benchmarks.rounds import on_one_core

from vigie.foundation.limits import MATCHES_PER_SIGNAL_MAX

RADIUS = 31
TIMES_MAX = 50.0
ASKED, ASKED_QUICK = 400, 20
_ROUNDS = 3
_COMPARED = 5
_COUNTED_AT_ONCE = 500_000
ABOUT = (
    f"Of {ASKED} look-ups one half is random or near any banked hash, the other half is near the skewed ones, the first"
    f" of these as near as can be to all of them; each is asked alone, {_ROUNDS} times, for at most"
    f" {MATCHES_PER_SIGNAL_MAX:,} matches, and its quickest time counts. What the {_COMPARED} slowest find was compared"
    " with counting the bits of every hash."
)


@dataclass(frozen=True)
class Skewed:
    """What was measured in one set."""

    name: str
    build_s: float
    bytes_each: float
    ordered_us: Sequence[float]

    @property
    def times(self) -> float:
        """How many times the median the slowest took."""
        return self.ordered_us[-1] / self._at(0.5)

    def figures(self) -> Iterator[Figure]:
        """Median, 99th percentile and slowest."""
        yield Figure(f"{self.name}: median", self._at(0.5), "µs")
        yield Figure(f"{self.name}: 99th percentile", self._at(0.99), "µs")
        yield Figure(f"{self.name}: slowest", self.ordered_us[-1], "µs")

    def bar(self) -> Bar:
        """That none takes more than fifty times the median."""
        return Bar(f"{self.name}: slowest query, times the median", "at most", TIMES_MAX, "x", self.times)

    def _at(self, share: float) -> float:
        return self.ordered_us[int(len(self.ordered_us) * share)]


def skewed(plan: Plan, size: int, skew: Skew, *, name: str) -> Skewed:
    """Build a set, ask it, and compare the slowest answers with all there is."""
    banked = codes(size, skew=skew, seed=plan.seed)
    built = ours.build(banked)
    asked = _asked(banked, ASKED_QUICK if plan.quick else ASKED)
    with on_one_core():
        rounds = [ours.each_s(built.index, asked, radius=RADIUS) for _ in range(_ROUNDS)]
    quickest_s = [min(times) for times in zip(*rounds, strict=True)]
    for place in sorted(range(len(asked)), key=quickest_s.__getitem__)[-_COMPARED:]:
        found = built.index.search(
            asked[place].tobytes(), distance_bits_max=RADIUS, limit=MATCHES_PER_SIGNAL_MAX
        )
        assert found == counted(banked, asked[place]), f"{name}: query {place} is not answered exactly"
    return Skewed(name, built.seconds, built.index.bytes_held / size, sorted(one * 1e6 for one in quickest_s))


def counted(banked: Codes, asked: npt.NDArray[np.uint8]) -> list[tuple[int, int]]:
    """(place, distance) of the nearest that count, in order, by counting the bits of all of `banked`."""
    wanted = asked.view(np.uint64)
    words = banked.view(np.uint64)
    distances = np.concatenate(
        [
            np.bitwise_count(words[start : start + _COUNTED_AT_ONCE] ^ wanted).sum(axis=1)
            for start in range(0, len(words), _COUNTED_AT_ONCE)
        ]
    )
    near = np.flatnonzero(distances <= RADIUS)
    near = near[np.argsort(distances[near], kind="stable")][:MATCHES_PER_SIGNAL_MAX]
    return [(int(place), int(distances[place])) for place in near]


def _asked(banked: Codes, count: int) -> Codes:
    # What is skewed stands at the end of a set.
    crowded = banked[-min(10_000, len(banked) // 10) :]
    asked = np.concatenate([queries(banked, count // 2), queries(crowded, count // 2)])
    # The bits that most of them have: the middle of a crowd.
    ones = np.unpackbits(crowded, axis=1).mean(axis=0) > 0.5
    asked[count // 2] = np.packbits(ones)
    return asked
