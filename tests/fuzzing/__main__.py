"""`make fuzz ARGS="pictures --seconds 600"`: fuzzes some targets or all, each for a time, from seeds and what it found.

Inputs that reach something new are kept under `.state/fuzz/corpus`, those that fail under `.state/fuzz/failed`.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import django

django.setup()

from fuzzing.seeds import SEEDS, write_seeds  # noqa: E402 - some are made by parts that need Django

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".state" / "fuzz"
IN_RUST = ("pictures", "bodies", "indexes", "snapshots")
_FLAGS = (
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cdebug-assertions",
)
_LONGEST_ANSWER_S = 20
_MEMORY_MB_MAX = 2048


def main() -> int:
    """Status 1 when something failed."""
    asked = argparse.ArgumentParser(prog="make fuzz", description="Fuzz what reads strangers' bytes.")
    asked.add_argument("targets", nargs="*", choices=[*SEEDS, []], help="all of them if none is named")
    asked.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    given = asked.parse_args()
    targets = given.targets or list(SEEDS)
    if set(targets) & set(IN_RUST):
        _build()
    failed = [target for target in targets if not _fuzzed(target, seconds=given.seconds)]
    print(
        f"{len(targets)} targets, {len(failed)} failed: {', '.join(failed)}" if failed else "Nothing failed."
    )
    return 1 if failed else 0


def _build() -> None:
    print("Building the kernel with counters of coverage", flush=True)
    # For a host by name, so that what only runs while building has no counters.
    host = subprocess.run(["rustc", "--print", "host-tuple"], capture_output=True, text=True, check=True)
    subprocess.run(
        [
            *("cargo", "build", "--quiet", "--release", "--locked", "--target", host.stdout.strip()),
            *("--target-dir", os.fspath(STATE / "target"), "--manifest-path", "kernel/fuzz/Cargo.toml"),
        ],
        cwd=ROOT,
        env={**os.environ, "RUSTFLAGS": " ".join(_FLAGS)},
        check=True,
    )
    programs = STATE / "target" / host.stdout.strip() / "release"
    for target in IN_RUST:
        shutil.copy2(programs / target, STATE / target)


def _fuzzed(target: str, *, seconds: int) -> bool:
    """Whether nothing failed."""
    corpus, failed = STATE / "corpus" / target, STATE / "failed" / target
    write_seeds(target, corpus)
    failed.mkdir(parents=True, exist_ok=True)
    program = (
        [os.fspath(STATE / target)]
        if target in IN_RUST
        else [sys.executable, "-m", "fuzzing.python_targets", target]
    )
    options = {
        "max_total_time": seconds,
        "timeout": _LONGEST_ANSWER_S,
        "rss_limit_mb": _MEMORY_MB_MAX,
        "artifact_prefix": f"{failed}/",
        "print_final_stats": 1,
        "verbosity": 0,
    }
    began = time.monotonic()
    done = subprocess.run(
        [*program, os.fspath(corpus), *(f"-{name}={value}" for name, value in options.items())],
        capture_output=True,
        text=True,
        check=False,
    )
    told = dict(line[6:].split(": ", 1) for line in done.stderr.splitlines() if line.startswith("stat::"))
    executed = int(told.get("number_of_executed_units", "0"))
    verdict = "held" if done.returncode == 0 else f"FAILED, see {failed.relative_to(ROOT)}"
    print(f"{target}: {executed:,} inputs in {time.monotonic() - began:.0f} s, {verdict}", flush=True)
    if done.returncode:
        print(done.stderr[-4_000:], file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
