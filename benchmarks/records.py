"""Results as files: one JSON a suite, with the bars that it was held against, met or not.

It leaves nothing out: a bar that was not measured says so.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from benchmarks.machine import ROOT, commit, load, machine, versions
from benchmarks.rounds import rounded

from vigie.foundation.clock import now

RESULTS = ROOT / "benchmarks" / "results"
OURS = ("vigie", "vigie_kernel", "numpy", "pillow", "granian", "msgspec")


@dataclass(frozen=True)
class Bar:
    """What is wanted and what was measured; `measured` is None where it could not be measured here."""

    name: str
    sense: Literal["at least", "at most"]
    wanted: float
    unit: str
    measured: float | None
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the bar was measured and reached."""
        if self.measured is None:
            return False
        return self.measured >= self.wanted if self.sense == "at least" else self.measured <= self.wanted


@dataclass(frozen=True)
class Figure:
    """One number that stands for itself."""

    name: str
    value: float | str
    unit: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a suite measured. `comparisons` are those of `rounds.comparison`."""

    title: str
    about: str
    comparisons: tuple[Mapping[str, Any], ...] = ()
    figures: tuple[Figure, ...] = ()
    bars: tuple[Bar, ...] = ()
    peers: Mapping[str, str] | None = None


def as_record(outcome: Outcome, *, suite: str, seed: int, rounds: int, took_s: float) -> dict[str, Any]:
    """The JSON form of an outcome, with everything that is needed to repeat it."""
    return {
        "suite": suite,
        "title": outcome.title,
        "about": outcome.about,
        "bars": [_bar(one) for one in outcome.bars],
        "comparisons": list(outcome.comparisons),
        "figures": [
            {
                "name": one.name,
                "value": rounded(one.value) if isinstance(one.value, float) else one.value,
                "unit": one.unit,
            }
            for one in outcome.figures
        ],
        "made": {
            "at": now().isoformat(timespec="seconds"),
            "took_s": rounded(took_s),
            "seed": seed,
            "rounds": rounds,
            "load": load(),
            **commit(),
            "machine": machine(),
            "versions": {**versions(OURS), **(outcome.peers or {})},
        },
    }


def write(record: Mapping[str, Any], folder: Path = RESULTS) -> Path:
    """Put a record in its file and return the path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record['suite']}.json"
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def read(suites: Iterable[str], folder: Path = RESULTS) -> list[dict[str, Any]]:
    """The records of those suites that were run, in the order given."""
    paths = [folder / f"{name}.json" for name in suites]
    return [json.loads(one.read_text(encoding="utf-8")) for one in paths if one.is_file()]


def _bar(one: Bar) -> dict[str, Any]:
    return {
        "name": one.name,
        "sense": one.sense,
        "wanted": one.wanted,
        "unit": one.unit,
        "measured": None if one.measured is None else rounded(one.measured),
        "met": one.met,
        "note": one.note,
    }
