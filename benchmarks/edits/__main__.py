"""`make edits`: which edited copies are found, by Vigie's levels and by the peers.

It writes benchmarks/results/edits.json, docs/reference/edits.md and its charts; with --no-write it only prints.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.edits import closely, ours, peers
from benchmarks.edits.catalogue import EDITS
from benchmarks.edits.charts import write_charts
from benchmarks.edits.closely import Closely
from benchmarks.edits.cost import cost
from benchmarks.edits.kept import keep_peers
from benchmarks.edits.made import made
from benchmarks.edits.near_misses import families
from benchmarks.edits.page import page
from benchmarks.edits.pictures import Picture, around, as_jpeg, of_folder, shipped
from benchmarks.edits.scores import Asked, Scheme, false_matches, groups, rows
from rich.console import Console
from rich.progress import track

from vigie.foundation.clock import monotonic_s

ROOT = Path(__file__).resolve().parents[2]
RESULT = ROOT / "benchmarks" / "results" / "edits.json"
SECOND = ROOT / "benchmarks" / "results" / "edits-second.json"
PAGE = ROOT / "docs" / "reference" / "edits.md"
CHARTS = ROOT / "docs" / "images"
ARCHIVES = ROOT / ".state" / "photographs"
SHARED = ROOT.parent / "shared" / "data" / "pdq"
SEED = 20261125
COUNT, COUNT_QUICK = 40, 4
# A peer that takes a second a file is asked about the edits of so many pictures.
SLOW_ONES_PICTURES = 3
NEAR_MISSES, NEAR_MISSES_QUICK = 20, 2


def main(arguments: list[str]) -> int:
    """Measure, write, print; returns the exit status: 2 when the peers are wanted and not installed."""
    options = _parser().parse_args(arguments)
    console = Console(width=None if Console().is_terminal else 120)
    if options.with_peers and not peers.PYTHON.is_file():
        console.print("The peers are not installed: use `make edits`, or --no-peers.")
        return 2
    began_s = monotonic_s()
    pictures = _pictures(options)
    if len(pictures) < 5:
        console.print("At least five pictures with enough structure are needed.")
        return 2
    banked, families_ = _banked(pictures, near_misses=NEAR_MISSES_QUICK if options.quick else NEAR_MISSES)
    asked, uploads = _uploads(pictures, banked, console)
    slow = range(SLOW_ONES_PICTURES * len(EDITS))  # the uploads of the first pictures
    schemes, versions, verified = _measured(banked, uploads, slow, options.with_peers, console)
    result: dict[str, Any] = {
        "candidate_ms_median": round(verified.candidate_ms_median, 2),
        "cost": cost([one.pixels for one in pictures]),
        "rows": (table := rows(schemes, asked)),
        "groups": groups(table),
        "schemes": [
            {
                "name": one.name,
                "ours": one.ours,
                "uploads": len(one.asked),
                "took_ms_median": round(one.took_ms_median, 2),
                "entry_bytes": round(one.entry_bytes),
            }
            for one in schemes
        ],
        "false_matches": [
            false_matches(one, asked, banked=len(banked), families=families_) for one in schemes
        ],
        "pictures": [{"name": one.name, "origin": one.origin} for one in pictures],
        "near_misses": len(banked) - len(pictures),
        "seed": SEED,
        "made": made(took_s=monotonic_s() - began_s, peers=versions),
    }
    if options.keep_peers:
        keep_peers(result, json.loads(RESULT.read_text()))
    told = page(result, json.loads(SECOND.read_text()) if SECOND.is_file() else {})
    if options.write:
        RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
        PAGE.write_text(told)
        write_charts(result, CHARTS)
    console.print(told, markup=False, highlight=False)
    return 0


def _pictures(options: argparse.Namespace) -> list[Picture]:
    count = COUNT_QUICK + 1 if options.quick else options.count
    if options.folder is not None:
        return of_folder(options.folder, count_max=count)
    return shipped(archives=options.archives, shared=options.shared, count_max=count)


def _banked(pictures: Sequence[Picture], *, near_misses: int) -> tuple[list[bytes], list[int]]:
    """The files that are banked: pictures, then near misses; and the family of each, 0 for the pictures."""
    files, numbers = [one.data for one in pictures], [0] * len(pictures)
    for number, drawn in enumerate(families(count=near_misses, seed=SEED).values(), start=1):
        files.extend(as_jpeg(one) for one in drawn)
        numbers.extend([number] * len(drawn))
    return files, numbers


def _uploads(
    pictures: list[Picture], banked: Sequence[bytes], console: Console
) -> tuple[list[Asked], list[bytes]]:
    asked, uploads = [], []
    for number, one in track(
        list(enumerate(pictures)), "Editing", console=console, transient=True, disable=not console.is_terminal
    ):
        for edit in EDITS:
            asked.append(Asked(edit.name, number))
            uploads.append(edit.applied(one.pixels, around(pictures, number, seed=SEED)))
    for number in range(len(banked)):
        asked.append(Asked("", number))
        uploads.append(banked[number])
    return asked, uploads


def _measured(
    banked: Sequence[bytes],
    uploads: Sequence[bytes],
    slow: Sequence[int],
    with_peers: bool,
    console: Console,
) -> tuple[list[Scheme], dict[str, str], Closely]:
    schemes = []
    for level in ours.LEVELS:
        console.print(level.name)
        schemes.append(ours.measured(level, banked, uploads))
    console.print(closely.NAME)
    verified = closely.measured(banked, uploads)
    schemes.append(verified.scheme)
    if not with_peers:
        return schemes, {}, verified
    console.print("peers")
    with tempfile.TemporaryDirectory(prefix="vigie-edits-") as folder:
        theirs, versions = peers.measured(banked, uploads, for_slow_ones=slow, folder=Path(folder))
    return [*schemes, *theirs], versions, verified


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make edits", description="Which edited copies are found.")
    parser.add_argument("--folder", type=Path, help="pictures of your own instead of those in packages")
    parser.add_argument("--count", type=int, default=COUNT, help="how many pictures at most")
    parser.add_argument("--quick", action="store_true", help="five pictures: to try the harness itself")
    parser.add_argument("--archives", type=Path, default=ARCHIVES, help="folder of downloaded archives")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of the shared PDQ pictures")
    parser.add_argument("--no-peers", dest="with_peers", action="store_false", help="Vigie alone")
    parser.add_argument(
        "--keep-peers",
        action="store_true",
        help="take what the peers found from the last result, which must be of the same pictures and edits",
    )
    parser.add_argument("--no-write", dest="write", action="store_false", help="print only")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
