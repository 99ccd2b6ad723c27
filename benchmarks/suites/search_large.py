"""Search among ten million hashes: a suite of its own, because building the peers' indexes takes minutes.

What it does is told in `search`.
"""

from benchmarks.plan import Plan
from benchmarks.records import Outcome
from benchmarks.suites import search

NAME = "search_large"


def run(plan: Plan) -> Outcome:
    """Ten million."""
    return search.measured(plan, [3_000] if plan.quick else [10_000_000], title="Search among ten million")
