"""`make bench`: runs the suites in turn, writes one JSON each, and the page with its charts.

It stops at no bar that is missed: what falls short is written down as such.
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from benchmarks import lookback, records
from benchmarks.corpora import SEED
from benchmarks.machine import ROOT
from benchmarks.peers import PYTHON
from benchmarks.performance_page import write_page
from benchmarks.plan import MakeWorld, Plan
from benchmarks.rounds import ROUNDS, ROUNDS_QUICK
from benchmarks.world import world
from rich.console import Console

from vigie.foundation.clock import monotonic_s

SUITES = ("hashing", "search", "search_large", "scan", "match", "content", "lookback")
LOOKBACK_ROWS, LOOKBACK_ROWS_QUICK = (20_000_000,), (50_000,)
# Run by hand only: it takes ten minutes.
LONG = ("soak",)


def main(arguments: list[str], *, world: MakeWorld = world) -> int:
    """Returns the exit status: 0 whatever was measured, 2 when the peers are not installed."""
    options = _parser().parse_args(arguments)
    unknown = sorted(set(options.suites) - {*SUITES, *LONG})
    if unknown:
        _parser().error(f"there is no suite {unknown[0]!r}; there are {', '.join((*SUITES, *LONG))}")
    console = Console(width=None if Console().is_terminal else 120)
    if options.with_peers and not PYTHON.is_file():
        console.print("The peers are not installed: use `make bench`, or --no-peers.")
        return 2
    plan = Plan(
        quick=options.quick,
        with_peers=options.with_peers,
        rounds=options.rounds or (ROUNDS_QUICK if options.quick else ROUNDS),
        seed=SEED,
        world=world,
        soak_s=options.seconds,
    )
    for name in options.suites or SUITES:
        began_s = monotonic_s()
        console.print(f"[bold]{name}[/bold]")
        if name == "lookback":
            sizes = LOOKBACK_ROWS_QUICK if plan.quick else LOOKBACK_ROWS
            record = lookback.record(sizes, rounds=plan.rounds, seed=plan.seed)
        else:
            outcome = import_module(f"benchmarks.suites.{name}").run(plan)
            record = records.as_record(
                outcome, suite=name, seed=plan.seed, rounds=plan.rounds, took_s=monotonic_s() - began_s
            )
        records.write(record, options.results)
        for bar in record["bars"]:
            console.print(_told(bar), markup=False, highlight=False)
    if options.page is not None:
        write_page(options.results, page=options.page, charts=options.page.parent.parent / "images")
        console.print(f"Written: {options.page}")
    return 0


def _told(bar: dict[str, object]) -> str:
    measured = "not measured" if bar["measured"] is None else f"{bar['measured']:g} {bar['unit']}"
    said = "met" if bar["met"] else "NOT MET"
    return f"  {bar['name']}: {measured} ({bar['sense']} {bar['wanted']:g}), {said}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure Vigie beside its peers.")
    parser.add_argument(
        "suites", nargs="*", choices=[[], *SUITES, *LONG], help="which; all but the soak if none"
    )
    parser.add_argument("--quick", action="store_true", help="so little that only the harness is tried")
    parser.add_argument("--no-peers", dest="with_peers", action="store_false", help="without the peers")
    parser.add_argument("--rounds", type=int, help=f"paired rounds (default {ROUNDS})")
    parser.add_argument("--seconds", type=float, default=600.0, help="length of the soak (default 600)")
    parser.add_argument("--results", type=Path, default=records.RESULTS, help="folder of the results")
    parser.add_argument(
        "--page",
        type=Path,
        default=ROOT / "docs" / "reference" / "performance.md",
        help="the page to write; charts go to ../images beside its folder",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
