"""The kernel's index as the search suite uses it, in one place, so that a change of its calls is one change here.

It measures seconds and bytes and judges nothing.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import numpy.typing as npt
from benchmarks.corpora import CODE_BYTES, Codes
from vigie_kernel import HammingIndex, scan_codes

from vigie.foundation.limits import MATCHES_PER_SIGNAL_MAX

_INSERTED_AT_ONCE = 1_000_000
Found = list[tuple[int, int, int]]


@dataclass(frozen=True)
class Built:
    """An index, and how long it took."""

    index: HammingIndex
    seconds: float


def build(banked: Codes) -> Built:
    """An index of `banked`, whose ids are their places, on all cores."""
    began = perf_counter()
    index = HammingIndex()
    for start in range(0, len(banked), _INSERTED_AT_ONCE):
        piece = np.ascontiguousarray(banked[start : start + _INSERTED_AT_ONCE])
        index.insert_many(piece.tobytes(), list(range(start, start + len(piece))))
    index.merge(into_one=True, threads=cores())
    return Built(index, perf_counter() - began)


def search_s(index: HammingIndex, asked: Codes, count: int, *, radius: int) -> float:
    """Seconds for looking up the first `count` of `asked` in one call, on one thread."""
    wanted = asked[:count].tobytes()
    began = perf_counter()
    index.search_flat(wanted, distance_bits_max=radius, threads=1)
    return perf_counter() - began


def each_s(index: HammingIndex, asked: Codes, *, radius: int) -> list[float]:
    """Seconds of each look-up alone, in order, with as many matches as the service takes."""
    took = []
    for one in asked:
        wanted = one.tobytes()
        began = perf_counter()
        index.search_flat(wanted, distance_bits_max=radius, limit=MATCHES_PER_SIGNAL_MAX)
        took.append(perf_counter() - began)
    return took


def found(index: HammingIndex, asked: Codes, *, radius: int) -> Found:
    """(query, place, distance) of everything within the radius, in order."""
    return sorted(index.search_flat(asked.tobytes(), distance_bits_max=radius))


def written(index: HammingIndex, folder: Path) -> Path:
    """The index as a snapshot in `folder`."""
    path = folder / "snapshot.index"
    index.write_snapshot(path, cursor=1)
    return path


def loaded(path: Path) -> tuple[float, int]:
    """Seconds until a snapshot can be asked in a fresh process, with its first answer, and the memory it takes."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.index", os.fspath(path)],
        cwd=Path(__file__).resolve().parents[1],
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    seconds, memory_bytes = done.stdout.split()
    return float(seconds), int(memory_bytes)


def _load(path: Path) -> tuple[float, int]:
    before = resident_bytes()
    began = perf_counter()
    index, _ = HammingIndex.read_snapshot(path, threads=cores())
    index.search_flat(bytes(CODE_BYTES), distance_bits_max=0)
    return perf_counter() - began, resident_bytes() - before


def scan_s(banked: Codes, asked: bytes, *, threads: int) -> float:
    """Seconds for comparing all of `banked` with each code of `asked`."""
    began = perf_counter()
    scan_codes(banked, asked, distance_bits_max=31, threads=threads, limit=1_000_000)
    return perf_counter() - began


def index_scan_s(index: HammingIndex, asked: bytes) -> float:
    """Seconds for scanning all of an index for one code: the first halves alone are read."""
    began = perf_counter()
    index.search_flat(asked, distance_bits_max=31, structure="scan")
    return perf_counter() - began


def reading_s(banked: Codes) -> Iterator[tuple[str, float]]:
    """Seconds for reading all of `banked` once, by several readers: the quickest of them is the memory's bandwidth.

    Each is one thread, as the scan is. A product by `dot` would be two: BLAS keeps threads of its own, beyond the core.
    """
    words: npt.NDArray[np.uint64] = banked.reshape(-1).view(np.uint64)
    for name, read in (
        ("numpy sum", lambda: np.add.reduce(words)),
        ("numpy greatest", lambda: np.maximum.reduce(words)),
        ("numpy bits", lambda: np.bitwise_or.reduce(words)),
        ("numpy count", lambda: np.count_nonzero(words)),
    ):
        began = perf_counter()
        read()
        yield name, perf_counter() - began


def resident_bytes() -> int:
    """Memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0))


if __name__ == "__main__":
    print(*_load(Path(sys.argv[1])))
