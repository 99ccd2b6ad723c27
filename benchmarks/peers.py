"""The conversation with the peers' process.

It knows no peer: `peer_process` does, in an environment that `make bench` installs for it.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".state" / "peers" / "bin" / "python"
_PROGRAM = ROOT / "benchmarks" / "peer_process.py"
# One thread: the bars are about one.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class PeersFailed(Exception):
    """The peers' process ended in the middle of a question."""


class Peers:
    """A started process with the peers in it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.versions: dict[str, str] = self.ask("versions")

    def ask(self, do: str, **arguments: Any) -> Any:
        """Have `part.method` done and return its answer; raises PeersFailed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, "with": arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise PeersFailed(f"the peers' process ended at {do} {arguments}, status {self._process.wait()}")
        return json.loads(line)


@contextmanager
def peers() -> Iterator[Peers]:
    """The peers, each with one thread, on the cores of this process."""
    process = subprocess.Popen(
        [os.fspath(PYTHON), os.fspath(_PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **_ONE_THREAD},
    )
    try:
        yield Peers(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
