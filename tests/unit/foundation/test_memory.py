"""Freed memory is kept for the next picture: pages are not asked of the system again and again."""

import platform
import subprocess
import sys

import pytest

_BODIES = """
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


def _pages_asked_for(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", _BODIES, how], check=True, capture_output=True, text=True, timeout=60
    )
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has mallopt")
def test_bodies_are_laid_in_pages_that_are_there() -> None:
    assert _pages_asked_for("kept") * 10 < _pages_asked_for("left alone")
