"""Search among ten million hashes, plain and skewed: a suite of its own, because building the indexes takes minutes.

What it does is told in `search` and `skewed`.
"""

from dataclasses import replace

from benchmarks import skewed
from benchmarks.corpora import Skew
from benchmarks.plan import Plan
from benchmarks.records import Bar, Figure, Outcome
from benchmarks.suites import search

NAME = "search_large"
SIZE, SIZE_QUICK = 10_000_000, 3_000
SKEWS: tuple[Skew, ...] = (
    "clustered 10 %",
    "clustered 50 %",
    "clustered 50 % by 10,000",
    "10,000 identical",
    "near empty 10 %",
    "one crowd of 10 %",
    "half alike 10 %",
    "half alike 50 %",
    "five parts alike 10 %",
    "loose crowd of 10 %",
    "crowds of 3,000 in a crowd, 10 %",
)


def run(plan: Plan) -> Outcome:
    """Ten million, first beside the peers, then skewed."""
    size = SIZE_QUICK if plan.quick else SIZE
    plain = search.measured(plan, [size], title="Search among ten million")
    sets = [skewed.skewed(plan, size, skew, name=f"{size:,} hashes, {skew}") for skew in SKEWS]
    builds_s, bytes_each = [one.build_s for one in sets], [one.bytes_each for one in sets]
    return replace(
        plain,
        about=f"{plain.about} Skewed sets: {skewed.ABOUT}",
        figures=(*plain.figures, *(figure for one in sets for figure in _figures(one))),
        bars=(
            *plain.bars,
            *(one.bar() for one in sets),
            Bar("skewed sets: largest memory a hash", "at most", search.BYTES_MAX, "bytes", max(bytes_each)),
            Bar("skewed sets: longest build", "at most", search.BUILD_S_MAX, "s", max(builds_s)),
        ),
    )


def _figures(one: skewed.Skewed) -> tuple[Figure, ...]:
    return (
        *one.figures(),
        Figure(f"{one.name}: memory a hash as the kernel counts it", one.bytes_each, "bytes"),
        Figure(f"{one.name}: build", one.build_s, "s"),
    )
