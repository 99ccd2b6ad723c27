"""Freed memory: what one process keeps for the next picture, another gives back to the system."""

import os
import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has mallopt")

BODIES = """
import resource, sys
from vigie.foundation.memory import keep_some

if sys.argv[1] == "kept":
    keep_some()
for turn in range(41):
    if turn == 1:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    bodies = [bytearray(1_000_000) for _ in range(8)]
    del bodies
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""

WORK = """
import threading
import pyarrow as pa
from vigie.foundation.memory import give_back, keep_little

def own_bytes():
    lines = dict(line.split(":", 1) for line in open("/proc/self/status"))
    return int(lines["RssAnon"].split()[0]) * 1024

def work():
    # Larger and larger, as Parquet files are written; then small pieces, the last of them kept.
    for size in range(1, 30):
        pa.array(b"x" * 1_000 for _ in range(size * 1_000))
    kept.append([bytearray(3_000) for _ in range(20_000)][-1])

kept = []
keep_little()
before = own_bytes()
thread = threading.Thread(target=work)
thread.start()
thread.join()
give_back()
print(own_bytes() - before)
"""


def _said_by(program: str, *arguments: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return int(done.stdout)


def test_bodies_are_laid_in_pages_that_are_there() -> None:
    assert _said_by(BODIES, "kept") * 10 < _said_by(BODIES, "left alone")


def test_work_that_is_done_leaves_little_behind() -> None:
    assert _said_by(WORK) < 8 * 2**20  # 150 MiB without either
