"""Where and with what something was measured: machine, processor flags, versions, commit.

It measures nothing and names no host.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
# The instruction sets that hashing and search may use.
FLAGS = (
    "sse4_2",
    "popcnt",
    "avx2",
    "avx512f",
    "avx512bw",
    "avx512vl",
    "avx512_vpopcntdq",
    "sha_ni",
    "asimd",
    "sha2",
)


def machine() -> dict[str, Any]:
    """The processor, its cores and flags, memory and system."""
    return {
        "processor": _cpuinfo("model name") or platform.machine(),
        "flags": [one for one in FLAGS if one in (_cpuinfo("flags") or _cpuinfo("Features")).split()],
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
    }


def commit() -> dict[str, Any]:
    """The commit, and whether what is measured differs from it."""
    return {
        "commit": _git("rev-parse", "HEAD"),
        "dirty": bool(_git("status", "--porcelain", "--", "src", "kernel", "benchmarks/*.py")),
    }


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Python's version and those of `packages`."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    return {"Python": python, **{name: version(name) for name in packages}}


def load() -> float:
    """The one-minute load average, which says how quiet the machine was."""
    return round(os.getloadavg()[0], 2)


def _cpuinfo(field: str) -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == field:
            return value.strip()
    return ""


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=False, capture_output=True, text=True)
    return done.stdout.strip()
