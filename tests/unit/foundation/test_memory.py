"""What a process freed goes back to the system, whichever thread worked."""

import os
import subprocess
import sys

import pytest

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


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_work_that_is_done_leaves_little_behind() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORK],
        env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 8 * 2**20  # 150 MiB without either
