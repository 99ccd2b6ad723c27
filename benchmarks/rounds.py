"""Paired rounds: every contestant does its work in every round, in alternating order, so that noise hits all alike.

It compares only within a round: a ratio is never made of two different moments.
"""

import os
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

ROUNDS = 5
ROUNDS_QUICK = 2


@dataclass(frozen=True)
class Contestant:
    """Somebody who does `amount` units of work in one `run`, which returns the seconds it took."""

    name: str
    amount: int
    run: Callable[[], float]


@dataclass(frozen=True)
class Spread:
    """Median, least and greatest of several rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Of at least one value."""
        return cls(statistics.median(values), min(values), max(values))


def paired(contestants: Sequence[Contestant], *, rounds: int) -> dict[str, list[float]]:
    """Units a second of each contestant, round by round."""
    rates: dict[str, list[float]] = {one.name: [] for one in contestants}
    for number in range(rounds):
        order = contestants if number % 2 == 0 else list(reversed(contestants))
        for one in order:
            rates[one.name].append(one.amount / max(one.run(), 1e-9))
    return rates


def ratios(rates: Mapping[str, Sequence[float]], *, ours: str, theirs: str) -> list[float]:
    """How many times faster `ours` is, round by round."""
    return [mine / other for mine, other in zip(rates[ours], rates[theirs], strict=True)]


def comparison(name: str, unit: str, rates: Mapping[str, Sequence[float]], *, ours: str) -> dict[str, Any]:
    """A result in JSON form: every round of everybody, the medians, and the ratio to each other one."""
    return {
        "name": name,
        "unit": unit,
        "ours": ours,
        "rounds": {who: [rounded(one) for one in values] for who, values in rates.items()},
        "median": {who: rounded(statistics.median(values)) for who, values in rates.items()},
        "ratio": {
            who: {key: rounded(value) for key, value in vars(Spread.of(against)).items()}
            for who in rates
            if who != ours
            for against in [ratios(rates, ours=ours, theirs=who)]
        },
    }


def rounded(value: float) -> float:
    """Four significant digits: more was not measured."""
    return float(f"{value:.4g}")


@contextmanager
def on_one_core() -> Iterator[int]:
    """Keep this process, and what it starts meanwhile, on one core."""
    before = os.sched_getaffinity(0)
    core = max(before)
    os.sched_setaffinity(0, {core})
    try:
        yield core
    finally:
        os.sched_setaffinity(0, before)
