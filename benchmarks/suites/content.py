"""`POST /v1/content` of a running Vigie with a 1280x960 JPEG, beside what the kernel does alone on the same core.

Every picture is unknown, so that each answer is `allow`: decoded, hashed, looked up, judged.
"""

import json
import os
from collections.abc import Sequence
from functools import partial
from time import perf_counter
from typing import Any

import psutil
import vigie_kernel
from benchmarks.corpora import Codes, codes, photographs, pictures
from benchmarks.load import Report
from benchmarks.plan import Plan
from benchmarks.records import Bar, Figure, Outcome
from benchmarks.rounds import Contestant, comparison, on_one_core, paired
from benchmarks.world import World

NAME = "content"
SIZE = (1280, 960)
SHARE_MIN = 0.9
BANKED = 100_000
KERNEL, SERVICE, BUSY = "kernel alone", "POST /v1/content", "POST /v1/content, busy"
_BOUNDARY = "vigie-bench"
_CONNECTIONS, _CONNECTIONS_BUSY = 4, 16
_SECONDS = 2.0
_LIMITS = {"bytes_max": 20_000_000, "pixels_max": 100_000_000, "time_ms_max": 10_000}


def run(plan: Plan) -> Outcome:
    """The service pinned to one core, the load generator on the others; the kernel on the same core in its turn."""
    files = pictures(photographs()[: 2 if plan.quick else 12], size=SIZE).files
    bodies = [_body(number, data) for number, data in enumerate(files)]
    reports: dict[int, list[Report]] = {_CONNECTIONS: [], _CONNECTIONS_BUSY: []}
    seconds = 0.1 if plan.quick else _SECONDS
    banked = codes(1_000 if plan.quick else BANKED, seed=plan.seed)

    def served(made: World, connections: int) -> float:
        report = _drive(made, bodies, seconds, connections)
        reports[connections].append(report)
        return report.seconds / report.answers

    with (
        plan.world(banked, {"VIGIE_API_PROCESSES": "1", "VIGIE_DECODE_THREADS": "1"}) as made,
        on_one_core() as core,
    ):
        _pin(made, core)
        rates = paired(
            [
                Contestant(KERNEL, 1, partial(_hash_for, files, seconds)),
                Contestant(SERVICE, 1, partial(_off_core, core, partial(served, made, _CONNECTIONS))),
                Contestant(BUSY, 1, partial(_off_core, core, partial(served, made, _CONNECTIONS_BUSY))),
            ],
            rounds=plan.rounds,
        )
    whole = _at_default_settings(plan, banked, bodies, seconds)
    found = comparison("1280x960, one core", "pictures/s", rates, ours=SERVICE)
    busy = comparison("1280x960, one core", "pictures/s", found["rounds"], ours=BUSY)
    middle, middle_busy = (
        sorted(some, key=lambda one: one.rate)[len(some) // 2] for some in reports.values()
    )
    best = sorted(whole, key=lambda one: one.rate)[len(whole) // 2]
    return Outcome(
        title="Pictures over HTTP",
        about=f"`POST /v1/content` as multipart with a JPEG of {SIZE[0]}x{SIZE[1]}, {BANKED:,} hashes banked,"
        f" {_CONNECTIONS} connections on loopback, {_CONNECTIONS_BUSY} where it says busy. The"
        " API process is kept on one core, with one decoding thread. The"
        " kernel hashes the same files on the same core between the rounds: PDQ, MD5 and SHA-256, as the service does.",
        comparisons=(found,),
        figures=(
            Figure("one core: median answer", middle.p50_ms, "ms"),
            Figure("one core: 99th percentile", middle.p99_ms, "ms"),
            Figure("one core, busy: median answer", middle_busy.p50_ms, "ms"),
            Figure("one core, busy: 99th percentile", middle_busy.p99_ms, "ms"),
            Figure("all cores, default settings", best.rate, "pictures/s"),
            Figure("all cores, default settings: 99th percentile", best.p99_ms, "ms"),
        ),
        bars=(
            Bar(
                f"1280x960 over HTTP, {_CONNECTIONS} connections: share of the kernel's own rate",
                "at least",
                SHARE_MIN,
                "",
                found["ratio"][KERNEL]["median"],
            ),
            Bar(
                f"1280x960 over HTTP, {_CONNECTIONS_BUSY} connections: share of the kernel's own rate",
                "at least",
                SHARE_MIN,
                "",
                busy["ratio"][KERNEL]["median"],
            ),
        ),
    )


def _at_default_settings(plan: Plan, banked: Codes, bodies: list[bytes], seconds: float) -> list[Report]:
    with plan.world(banked, {"VIGIE_API_PROCESSES": "1"}) as made:
        return [_drive(made, bodies, seconds, _CONNECTIONS) for _ in range(max(plan.rounds // 2, 1))]


def picture_body(number: int, data: bytes, *, prefix: str) -> bytes:
    """A multipart body with one picture."""
    question = json.dumps({"id": f"{prefix}-{number}", "author": {"id": "u1"}, "media": [{"id": "m1"}]})
    return b"".join(
        (
            f"--{_BOUNDARY}\r\n".encode(),
            b'Content-Disposition: form-data; name="content"\r\nContent-Type: application/json\r\n\r\n',
            question.encode(),
            f"\r\n--{_BOUNDARY}\r\n".encode(),
            b'Content-Disposition: form-data; name="m1"; filename="m1"\r\n',
            b"Content-Type: application/octet-stream\r\n\r\n",
            data,
            f"\r\n--{_BOUNDARY}--\r\n".encode(),
        )
    )


KIND = f"multipart/form-data; boundary={_BOUNDARY}"
_body = partial(picture_body, prefix="bench")


def _drive(made: World, bodies: list[bytes], seconds: float, connections: int) -> Report:
    report = made.drive("/v1/content", bodies, connections=connections, seconds=seconds, kind=KIND)
    assert report.refused == 0, f"{report.refused} of {report.answers} were refused"
    return report


def _hash_for(files: Sequence[bytes], seconds: float) -> float:
    """Seconds a picture, over at least as long as the service is driven."""
    began = perf_counter()
    passes = 0
    while perf_counter() - began < seconds:
        passes += 1
        for data in files:
            vigie_kernel.hash_picture(data, **_LIMITS)
    return (perf_counter() - began) / (passes * len(files))


def _pin(made: World, core: int) -> None:
    """Keep every thread of the API processes on one core; threads that come later inherit it."""
    for pid in made.api_pids():
        for thread in psutil.Process(pid).threads():
            os.sched_setaffinity(thread.id, {core})


def _off_core(core: int, run_it: Any) -> float:
    """Run with the load generator on the other cores, where there are any."""
    others = set(range(os.cpu_count() or 1)) - {core} or {core}
    os.sched_setaffinity(0, others)
    try:
        return float(run_it())
    finally:
        os.sched_setaffinity(0, {core})
