"""How fast the archive is looked through, and what keeping an upload costs: through the real files, warm.

`python -m benchmarks.lookback` writes `results/lookback.json`. It compares with no peer: none looks back.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow as pa

from vigie.foundation.clock import monotonic_s, now, utc_text
from vigie.matching.archive.folder import ArchiveFolder
from vigie.matching.archive.journal import Journal
from vigie.matching.archive.parts import (
    GROUP_ROWS,
    SIGNALS,
    UPLOADS,
    Part,
    PartNote,
    list_parts,
    write_tables,
)
from vigie.matching.archive.records import SeenSignal, SeenUpload, micros
from vigie.matching.archive.rewriting import PART_SIGNALS_MAX
from vigie.matching.archive.scanning import Scanner, Sought
from vigie.matching.archive.sealing import seal

RESULT = Path(__file__).parent / "results" / "lookback.json"
SEED = 20261125
ROUNDS = 5
DAY = "2026-11-25"
# Entries for which at least as many earlier uploads are planted, at known distances.
PLANTED_BITS = (0, 8, 31)
ONE_ENTRY_PER_S = 200e6
THOUSAND_PAIRS_PER_S = 1.5e9
THOUSAND_ROWS = 2_000_000
JOURNALLED = 50_000


@dataclass(frozen=True)
class Rates:
    """What was measured, each in every round."""

    rows: int
    threads: int
    one_entry_per_s: tuple[float, ...]
    pairs_per_s: tuple[float, ...]
    one_entry_per_cpu_s: tuple[float, ...]
    found: int


def make_archive(folder: Path, *, rows: int, planted: bytes, seed: int) -> ArchiveFolder:
    """An archive of `rows` random PDQ hashes, with some near `planted`."""
    archive = ArchiveFolder(folder)
    generator = np.random.default_rng(seed)
    for number, start in enumerate(range(0, rows, PART_SIGNALS_MAX), start=1):
        count = min(PART_SIGNALS_MAX, rows - start)
        note = PartNote(number, 0, DAY, count, count, 0, ())
        write_tables(
            archive,
            note,
            signals=_signals(count, generator, planted if number == 1 else b""),
            uploads=[UPLOADS.empty_table()],
        )
    return archive


def _signals(count: int, generator: np.random.Generator, planted: bytes) -> Iterator[pa.Table]:
    for start in range(0, count, GROUP_ROWS):
        size = min(GROUP_ROWS, count - start)
        codes = generator.integers(0, 2**64, (size, 4), dtype=np.uint64).view(np.uint8).reshape(size, 32)
        if planted and start == 0:
            for place, bits in enumerate(PLANTED_BITS):
                near = np.unpackbits(np.frombuffer(planted, np.uint8))
                near[:bits] ^= 1
                codes[place] = np.packbits(near)
        columns = [
            pa.FixedSizeBinaryArray.from_buffers(pa.binary(32), size, [None, pa.py_buffer(codes)]),
            pa.array(["pdq"] * size, pa.string()),
            pa.array(np.full(size, 100, np.int8)),
            pa.array(np.arange(start, start + size)),
            pa.array(["m1"] * size, pa.string()),
        ]
        yield pa.table(columns, schema=SIGNALS)


def measure(archive: ArchiveFolder, *, planted: bytes, rounds: int, threads: int, seed: int) -> Rates:
    """Scan everything for one entry, then a share of it for a thousand, `rounds` times each."""
    parts = list_parts(archive)
    rows = sum(part.note.signals for part in parts)
    one = Scanner(Sought({"pdq": planted}, 31, 50), threads=threads)
    found = _scan(one, parts)  # warms the page cache
    thousand = planted + np.random.default_rng(seed + 1).bytes(32 * 999)
    share, share_rows = _share(parts)
    many = Scanner(Sought({"pdq": thousand}, 31, 50), threads=threads)
    one_rates, cpu_rates, pair_rates = [], [], []
    for _ in range(rounds):
        began_cpu_s = time.process_time()
        one_rates.append(rows / _seconds(one, parts))
        cpu_rates.append(rows * threads / (time.process_time() - began_cpu_s))
        pair_rates.append(share_rows * 1_000 / _seconds(many, share))
    return Rates(rows, threads, tuple(one_rates), tuple(pair_rates), tuple(cpu_rates), found)


def _share(parts: Sequence[Part]) -> tuple[list[Part], int]:
    """The smallest parts that hold enough rows for a thousand entries."""
    chosen: list[Part] = []
    for part in sorted(parts, key=lambda one: one.note.signals):
        chosen.append(part)
        if sum(one.note.signals for one in chosen) >= THOUSAND_ROWS:
            break
    return chosen, sum(one.note.signals for one in chosen)


def _scan(scanner: Scanner, parts: Sequence[Part]) -> int:
    return sum(len(hits) for part in parts for hits in scanner.scan(part))


def _seconds(scanner: Scanner, parts: Sequence[Part]) -> float:
    began_s = monotonic_s()
    _scan(scanner, parts)
    return monotonic_s() - began_s


def journal_costs(folder: Path, *, uploads: int, rounds: int) -> tuple[list[float], float]:
    """Microseconds that one upload's journal entry takes its caller, by round; and uploads sealed a second."""
    archive = ArchiveFolder(folder)
    signals = tuple(SeenSignal(name, os.urandom(32), "m1", -1) for name in ("pdq", "sha256", "md5"))
    at_us = micros(now())
    written = [
        SeenUpload(at_us, "forum", f"post-{number}", "post", "", "en", "k" * 64, bytes(32), 1, signals)
        for number in range(uploads)
    ]
    costs = []
    for _ in range(rounds):
        journal = Journal(archive, clock=now)
        journal.start()
        began_s = monotonic_s()
        for one in written:
            journal.append(one)
        costs.append((monotonic_s() - began_s) / uploads * 1e6)
        journal.stop()
    began_s = monotonic_s()
    sealed = seal(
        archive,
        key_of=lambda platform, content: bytes(32),
        first_day=now().date(),
        number_above=lambda highest: highest + 1,
    )
    seconds = monotonic_s() - began_s
    return costs, sum(part.note.uploads for part in sealed.parts) / seconds


def record(sizes: Sequence[int], *, rounds: int, seed: int) -> dict[str, Any]:
    """Everything measured, with what is needed to repeat it."""
    began_s = monotonic_s()
    threads = os.cpu_count() or 1
    planted = np.random.default_rng(seed).bytes(32)
    measured = []
    for rows in sizes:
        with tempfile.TemporaryDirectory(prefix="vigie-lookback-") as folder:
            archive = make_archive(Path(folder), rows=rows, planted=planted, seed=seed)
            measured.append(measure(archive, planted=planted, rounds=rounds, threads=threads, seed=seed))
    with tempfile.TemporaryDirectory(prefix="vigie-journal-") as folder:
        costs, sealed_per_s = journal_costs(Path(folder), uploads=JOURNALLED, rounds=rounds)
    return {
        "suite": "lookback",
        "title": "Lookback",
        "about": "An archive of random PDQ hashes is looked through where it lies in its Parquet files, in the page"
        f" cache, with {threads} threads: all of it for one entry, {THOUSAND_ROWS:,} rows or more for a thousand at"
        " once. Everything counts: opening the files, reading their notes, the scan, the hits.",
        "bars": [
            bar
            for one in measured
            for bar in (
                _bar(
                    f"one entry, {one.rows:,} hashes",
                    ONE_ENTRY_PER_S / 1e6,
                    "million hashes/s",
                    one.one_entry_per_s,
                    1e6,
                ),
                _bar(
                    f"1,000 entries, {one.rows:,} hashes",
                    THOUSAND_PAIRS_PER_S / 1e9,
                    "billion comparisons/s",
                    one.pairs_per_s,
                    1e9,
                ),
            )
        ],
        "comparisons": [
            {
                "name": f"{what}, {one.rows:,} hashes",
                "unit": unit,
                "ours": "vigie",
                "rounds": {"vigie": [_rounded(value) for value in values]},
                "median": {"vigie": _rounded(statistics.median(values))},
                "ratio": {},
            }
            for one in measured
            for what, unit, values in (
                ("one entry", "hashes/s", one.one_entry_per_s),
                ("1,000 entries at once", "comparisons/s", one.pairs_per_s),
            )
        ],
        "figures": [
            *(
                {
                    "name": f"one entry, {one.rows:,} hashes, by processor time: {one.threads} cores of its own",
                    "value": _rounded(statistics.median(one.one_entry_per_cpu_s) / 1e6),
                    "unit": "million hashes/s",
                }
                for one in measured
            ),
            {
                "name": "keeping one upload in the journal",
                "value": _rounded(statistics.median(costs)),
                "unit": "µs",
            },
            {"name": "uploads sealed into Parquet", "value": _rounded(sealed_per_s), "unit": "1/s"},
        ],
        "made": {
            "at": utc_text(now()),
            "took_s": _rounded(monotonic_s() - began_s),
            "seed": seed,
            "rounds": rounds,
            "load": round(os.getloadavg()[0], 2),
            "commit": _git("rev-parse", "HEAD"),
            "dirty": bool(_git("status", "--porcelain", "--", "src", "kernel", "benchmarks/*.py")),
            "machine": {
                "processor": _processor(),
                "cores": os.cpu_count(),
                "memory_gb": round(psutil.virtual_memory().total / 2**30),
                "system": f"{platform.system()} {platform.release().partition('-')[0]}",
            },
            "versions": {
                "Python": ".".join(str(part) for part in sys.version_info[:3]),
                **{name: version(name) for name in ("vigie", "vigie_kernel", "numpy", "pyarrow")},
            },
        },
    }


def _bar(name: str, wanted: float, unit: str, values: Sequence[float], scale: float) -> dict[str, Any]:
    measured = _rounded(statistics.median(values) / scale)
    return {
        "name": name,
        "sense": "at least",
        "wanted": wanted,
        "unit": unit,
        "measured": measured,
        "met": measured >= wanted,
        "note": f"best round {_rounded(max(values) / scale)}",
    }


def _rounded(value: float) -> float:
    """Four significant digits: more was not measured."""
    return float(f"{value:.4g}")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=Path(__file__).parent, check=False, capture_output=True, text=True
    )
    return done.stdout.strip()


def main() -> None:
    """Measure, print the bars, write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[20_000_000, 100_000_000])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--no-write", action="store_true", help="print only")
    given = parser.parse_args()
    result = record(given.rows, rounds=given.rounds, seed=SEED)
    for bar in result["bars"]:
        state = "met" if bar["met"] else "NOT MET"
        print(
            f"{bar['name']}: {bar['measured']:g} {bar['unit']} (wanted {bar['wanted']:g}, {bar['note']}) {state}"
        )
    for figure in result["figures"]:
        print(f"{figure['name']}: {figure['value']:g} {figure['unit']}")
    if not given.no_write:
        RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
