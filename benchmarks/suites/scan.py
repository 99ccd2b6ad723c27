"""The vector scan against the memory's bandwidth, and look-ups among skewed sets, as real banks are.

It compares with no peer: both are bounds of Vigie itself.
"""

import statistics
from collections.abc import Sequence

import numpy as np
from benchmarks import index as ours
from benchmarks.corpora import CODE_BYTES, SKEWS, Codes, Skew, codes, queries
from benchmarks.plan import Plan
from benchmarks.records import Bar, Figure, Outcome
from benchmarks.rounds import comparison, on_one_core
from vigie_kernel import HammingIndex

NAME = "scan"
RADIUS = 31
SHARE_MIN, SKEW_TIMES_MAX = 0.8, 50.0
_SCANNED = 10_000_000
_SKEWED = 1_000_000
_ASKED = 400
SCAN = "vigie, vector scan"
HALVES = "vigie, first halves in the index"


def run(plan: Plan) -> Outcome:
    """The scan first, then each skew."""
    banked = codes(2_000 if plan.quick else _SCANNED, seed=plan.seed)
    index = ours.build(banked).index
    with on_one_core():
        rates = _bandwidths(banked, index, plan.rounds)
        readers = {
            who: statistics.median(values) for who, values in rates.items() if who not in (SCAN, HALVES)
        }
        best = max(readers, key=lambda who: readers[who])
        share = statistics.median(scan / read for scan, read in zip(rates[SCAN], rates[best], strict=True))
    figures = [
        Figure(
            f"one hash against {len(banked):,}, {threads} thread{'s' * (threads > 1)}",
            rate,
            "million hashes/s",
        )
        for threads in sorted({1, ours.cores()})
        for rate in [len(banked) / _scan_s(banked, 1, threads, plan.rounds) / 1e6]
    ]
    del banked, index
    times = {skew: _skewed(plan, skew) for skew in SKEWS}
    figures += [
        Figure(f"{skew}: {what}", value, unit)
        for skew, (median_us, p99_us, most_us) in times.items()
        for what, value, unit in (
            ("median", median_us, "µs"),
            ("99th percentile", p99_us, "µs"),
            ("slowest", most_us, "µs"),
        )
    ]
    return Outcome(
        title="Scan and skewed sets",
        about=f"The scan reads {_SCANNED:,} hashes of {CODE_BYTES} bytes on one core; bandwidth is what the quickest of"
        " several plain readers of the same memory reaches, each on one thread. Bytes are those truly read: of a plain"
        " buffer all; of the index, which keeps first and second halves apart, the first halves, so that it looks at"
        f" twice as many hashes for as many bytes. Skewed sets have {_SKEWED:,} hashes; of {_ASKED} look-ups"
        f" one half is random or near any banked hash, the other half is near the skewed ones; each is asked alone,"
        " three times, and its quickest time counts.",
        comparisons=(comparison("reading memory", "GB/s", rates, ours=SCAN),),
        figures=tuple(figures),
        bars=(
            Bar("scan: share of the memory's bandwidth", "at least", SHARE_MIN, "", share, note=best),
            *(
                Bar(f"{skew}: slowest query, times the median", "at most", SKEW_TIMES_MAX, "x", most / median)
                for skew, (median, _, most) in times.items()
            ),
        ),
    )


def _bandwidths(banked: Codes, index: HammingIndex, rounds: int) -> dict[str, list[float]]:
    asked = bytes(CODE_BYTES)
    rates: dict[str, list[float]] = {}
    for _ in range(rounds):
        rates.setdefault(SCAN, []).append(banked.nbytes / ours.scan_s(banked, asked, threads=1) / 1e9)
        rates.setdefault(HALVES, []).append(banked.nbytes / 2 / ours.index_scan_s(index, asked) / 1e9)
        for name, seconds in ours.reading_s(banked):
            rates.setdefault(name, []).append(banked.nbytes / seconds / 1e9)
    return rates


def _scan_s(banked: Codes, count: int, threads: int, rounds: int) -> float:
    asked = bytes(CODE_BYTES) * count
    return statistics.median(ours.scan_s(banked, asked, threads=threads) for _ in range(rounds))


def _skewed(plan: Plan, skew: Skew) -> tuple[float, float, float]:
    """Median, 99th percentile and greatest of look-ups, µs."""
    banked = codes(2_000 if plan.quick else _SKEWED, skew=skew, seed=plan.seed)
    built = ours.build(banked)
    half = (20 if plan.quick else _ASKED) // 2
    # What is skewed stands at the end of a set.
    asked = np.concatenate([queries(banked, half), queries(banked[-min(10_000, len(banked) // 10) :], half)])
    with on_one_core():
        rounds = [ours.each_s(built.index, asked, radius=RADIUS) for _ in range(3)]
    return _spread([min(times) * 1e6 for times in zip(*rounds, strict=True)])


def _spread(times: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100], ordered[-1]
