"""The conversation with the peers' process; it knows no peer itself.

Where their environment is not installed there is nothing to compare with, and the page says so.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.edits.scores import Scheme

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".state" / "peers" / "bin" / "python"
_PROGRAM = Path(__file__).with_name("peer_hashing.py")
# One thread, as ours.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def measured(
    banked: Sequence[bytes], uploads: Sequence[bytes], *, for_slow_ones: Sequence[int], folder: Path
) -> tuple[list[Scheme], dict[str, str]]:
    """What each peer finds, and the peers' versions; files are put into `folder` for them to read.

    `for_slow_ones` are the numbers of the uploads that peers of a second a file are asked about.
    """
    question = {
        "banked": _written(banked, folder / "banked"),
        "uploads": _written(uploads, folder / "uploads"),
        "for_slow_ones": list(for_slow_ones),
    }
    done = subprocess.run(
        [os.fspath(PYTHON), os.fspath(_PROGRAM)],
        input=json.dumps(question),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, **_ONE_THREAD},
    )
    answer = json.loads(done.stdout)
    return [_scheme(one) for one in answer["peers"]], answer["versions"]


def _scheme(one: dict[str, Any]) -> Scheme:
    return Scheme(
        name=one["name"],
        ours=False,
        asked=frozenset(one["asked"]),
        found=frozenset((upload, place) for upload, place in one["found"]),
        took_ms_median=one["took_ms_median"],
        entry_bytes=one["entry_bytes"],
    )


def _written(files: Sequence[bytes], folder: Path) -> list[str]:
    folder.mkdir(parents=True)
    paths = [folder / f"{number:05d}" for number in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    return [os.fspath(one) for one in paths]
