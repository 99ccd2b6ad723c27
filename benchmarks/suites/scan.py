"""The vector scan against the memory's bandwidth, and look-ups among skewed sets, as real banks are.

It compares with no peer: both are bounds of Vigie itself.
"""

import statistics

from benchmarks import index as ours
from benchmarks import skewed
from benchmarks.corpora import CODE_BYTES, SKEWS, Codes, codes
from benchmarks.plan import Plan
from benchmarks.records import Bar, Figure, Outcome
from benchmarks.rounds import comparison, on_one_core
from vigie_kernel import HammingIndex

NAME = "scan"
SHARE_MIN = 0.8
_SCANNED = 10_000_000
_SKEWED = 1_000_000
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
    size = 2_000 if plan.quick else _SKEWED
    sets = [skewed.skewed(plan, size, skew, name=skew) for skew in SKEWS]
    figures += [figure for one in sets for figure in one.figures()]
    return Outcome(
        title="Scan and skewed sets",
        about=f"The scan reads {_SCANNED:,} hashes of {CODE_BYTES} bytes on one core; bandwidth is what the quickest of"
        " several plain readers of the same memory reaches, each on one thread. Bytes are those truly read: of a plain"
        " buffer all; of the index, which keeps first and second halves apart, the first halves, so that it looks at"
        f" twice as many hashes for as many bytes. Skewed sets have {_SKEWED:,} hashes; those of ten million stand"
        f" under search. {skewed.ABOUT}",
        comparisons=(comparison("reading memory", "GB/s", rates, ours=SCAN),),
        figures=tuple(figures),
        bars=(
            Bar("scan: share of the memory's bandwidth", "at least", SHARE_MIN, "", share, note=best),
            *(one.bar() for one in sets),
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
