"""Ten minutes of mixed load on a running Vigie: whether memory grows, and how long the slowest answers take.

It is run by hand (`make soak`): too long to stand among the others.
"""

import statistics
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import psutil
from benchmarks.corpora import SEED, codes, photographs, pictures
from benchmarks.load import Report
from benchmarks.plan import Plan
from benchmarks.records import Bar, Figure, Outcome
from benchmarks.suites import content, match
from benchmarks.world import World

from vigie.foundation.clock import monotonic_s
from vigie.up.folder import running_processes

NAME = "soak"
SECONDS_QUICK = 1.0
SLICE_S = 30.0
GROWTH_PERCENT_MAX = 3.0
BANKED = 100_000
_SAMPLE_S = 0.5
_CONNECTIONS = 4
# What a process does first, its caches and pools, is no growth.
_SETTLED_SHARE = 0.3


@dataclass(frozen=True)
class Memory:
    """What a role holds in memory, bytes. `own` is its alone; the rest are pages of files, shared with others."""

    resident: int
    own: int


@dataclass(frozen=True)
class Sample:
    """Memory of each role, `at_s` seconds after the beginning."""

    at_s: float
    roles: dict[str, Memory]


def run(plan: Plan) -> Outcome:
    """Three kinds of questions at once, over and over, while the memory of every process is noted."""
    seconds = SECONDS_QUICK if plan.quick else plan.soak_s
    banked = codes(1_000 if plan.quick else BANKED, seed=plan.seed)
    files = pictures(photographs()[: 2 if plan.quick else 8], size=(512, 512)).files
    single = match.bodies_of_one_hash(banked, SEED)
    loads = {
        "one hash, an entry near one of a hundred": (
            "/v1/match",
            single[match.SOME_NEAR],
            "application/json",
        ),
        "a thousand hashes": (
            "/v1/match",
            match.bodies_of_batches(banked, SEED)[match.MANY],
            "application/json",
        ),
        "a picture of 512x512": (
            "/v1/content",
            [content.picture_body(number, data, prefix="soak") for number, data in enumerate(files)],
            content.KIND,
        ),
    }
    reports: dict[str, list[Report]] = {name: [] for name in loads}
    with (
        plan.world(banked, {"VIGIE_API_PROCESSES": "1"}) as made,
        ThreadPoolExecutor(len(loads) + 1) as threads,
    ):
        over = Event()
        watching = threads.submit(_watch, made, over)
        until_s = monotonic_s() + seconds
        while monotonic_s() < until_s:
            slice_s = min(SLICE_S, max(until_s - monotonic_s(), 0.5))
            driven = {
                name: threads.submit(
                    made.drive, path, bodies, connections=_CONNECTIONS, seconds=slice_s, kind=kind
                )
                for name, (path, bodies, kind) in loads.items()
            }
            for name, one in driven.items():
                reports[name].append(one.result())
        over.set()
        samples = watching.result()
    return _outcome(samples, reports, seconds)


def _watch(made: World, over: Event) -> list[Sample]:
    began_s = monotonic_s()
    samples = []
    while not over.wait(_SAMPLE_S):
        samples.append(Sample(monotonic_s() - began_s, _memory(made)))
    samples.append(Sample(monotonic_s() - began_s, _memory(made)))
    return samples


def _memory(made: World) -> dict[str, Memory]:
    pids = running_processes(made.data)["pids"]
    return {"api": _held(pids["api_workers"]), "worker": _held([pids["worker"]])}


def _held(pids: Sequence[int]) -> Memory:
    found = [psutil.Process(pid).memory_info() for pid in pids]
    return Memory(sum(one.rss for one in found), sum(one.rss - one.shared for one in found))


def _median(some: Sequence[Memory]) -> Memory:
    return Memory(
        int(statistics.median(one.resident for one in some)), int(statistics.median(one.own for one in some))
    )


def _outcome(samples: list[Sample], reports: dict[str, list[Report]], seconds: float) -> Outcome:
    refused = sum(one.refused for rounds in reports.values() for one in rounds)
    figures = [
        figure
        for name, rounds in reports.items()
        for figure in (
            Figure(f"{name}: answers", float(sum(one.answers for one in rounds))),
            Figure(
                f"{name}: median of the slices' medians",
                statistics.median(one.p50_ms for one in rounds),
                "ms",
            ),
            Figure(
                f"{name}: 99th percentile, median slice",
                statistics.median(one.p99_ms for one in rounds),
                "ms",
            ),
            Figure(f"{name}: 99th percentile, worst slice", max(one.p99_ms for one in rounds), "ms"),
            Figure(f"{name}: slowest answer", max(one.most_ms for one in rounds), "ms"),
        )
    ]
    bars = [Bar("questions refused", "at most", 0, "", float(refused))]
    settled = [one for one in samples if one.at_s >= seconds * _SETTLED_SHARE] or samples
    fifth = max(len(settled) // 5, 1)
    for role in samples[0].roles:
        early, late = (
            _median([one.roles[role] for one in some]) for some in (settled[:fifth], settled[-fifth:])
        )
        for when, memory in (("once settled", early), ("at the end", late)):
            figures += [
                Figure(f"{role}: memory, {when}", memory.resident / 2**20, "MiB"),
                Figure(f"{role}: of it no pages of files, {when}", memory.own / 2**20, "MiB"),
            ]
        figures.append(
            Figure(
                f"{role}: most memory at any time",
                max(one.roles[role].resident for one in samples) / 2**20,
                "MiB",
            )
        )
        growth = (late.resident - early.resident) / early.resident * 100
        bars.append(Bar(f"{role}: growth of memory", "at most", GROWTH_PERCENT_MAX, "%", growth))
    return Outcome(
        title="Load run",
        about=f"{seconds:.0f} seconds of three kinds of questions at once, {_CONNECTIONS} connections each, {BANKED:,}"
        " hashes banked, one API process, in slices of 30 s. Memory is compared between the first and the last fifth of"
        f" what follows the first {_SETTLED_SHARE:.0%}: all that is resident, and of it what is no page of a file,"
        " which the processes share and the system may take back.",
        figures=tuple(figures),
        bars=tuple(bars),
    )
