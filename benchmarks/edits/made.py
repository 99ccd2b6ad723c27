"""With what a result was made: machine, versions, commit. It measures nothing and names no host."""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from vigie.foundation.clock import now

ROOT = Path(__file__).resolve().parents[2]
_OURS = ("vigie", "vigie_kernel", "numpy", "pillow")


def made(*, took_s: float, peers: Mapping[str, str]) -> dict[str, Any]:
    """Everything that is needed to repeat a measurement."""
    return {
        "at": now().isoformat(timespec="seconds"),
        "took_s": round(took_s, 1),
        "load": round(os.getloadavg()[0], 2),
        "commit": _git("rev-parse", "HEAD"),
        "dirty": bool(_git("status", "--porcelain", "--", "src", "kernel", "benchmarks/**/*.py")),
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_gb": round(psutil.virtual_memory().total / 2**30),
        },
        "versions": {
            "Python": ".".join(str(part) for part in sys.version_info[:3]),
            **{name: version(name) for name in _OURS},
        },
        "peers": dict(peers),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=False, capture_output=True, text=True)
    return done.stdout.strip()
