"""`POST /v1/match` of a running Vigie over HTTP: one hash against a million, and a thousand hashes a request.

It goes through the whole service: token, limits, JSON, index, answer. Nothing is warmed that operation would not warm.
"""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from benchmarks.corpora import Codes, codes, queries
from benchmarks.load import Report
from benchmarks.plan import Plan
from benchmarks.records import Bar, Figure, Outcome
from benchmarks.rounds import comparison

NAME = "match"
# Measured before, as it needs a database server of its own: HMA 1.1.7, GET /m/lookup with a million banked.
HMA_RATE = 115.0
TIMES_HMA, HASHES_S_MIN = 40.0, 100_000.0
BANKED, BANKED_FOR_BATCHES = 1_000_000, 100_000
CONNECTIONS, CONNECTIONS_FOR_BATCHES = 16, 4
HASHES_A_REQUEST = 1_000
_SECONDS = 2.0

Bodies = dict[str, list[bytes]]
ONE, ONE_NEAR, SOME_NEAR, EXACT, MANY = (
    "one hash, nothing near",
    "one hash, an entry near",
    "one hash, an entry near one of a hundred",
    "one MD5, unknown",
    "a thousand hashes",
)


def run(plan: Plan) -> Outcome:
    """Two Vigies one after the other, each with one API process."""
    single = _driven(plan, 1_000 if plan.quick else BANKED, CONNECTIONS, bodies_of_one_hash)
    batches = _driven(
        plan, 1_000 if plan.quick else BANKED_FOR_BATCHES, CONNECTIONS_FOR_BATCHES, bodies_of_batches
    )
    reports = {**single, **batches}
    rates = {what: [one.rate for one in rounds] for what, rounds in reports.items()}
    one = comparison("requests/s", "requests/s", {what: rates[what] for what in single}, ours=ONE)
    many = comparison("requests/s, a thousand hashes each", "requests/s", {MANY: rates[MANY]}, ours=MANY)
    hashes_s = many["median"][MANY] * HASHES_A_REQUEST
    return Outcome(
        title="Look-ups over HTTP",
        about=f"`POST /v1/match` of one API process on loopback. One hash a request: {BANKED:,} banked, {CONNECTIONS}"
        f" connections. A thousand a request: {BANKED_FOR_BATCHES:,} banked, {CONNECTIONS_FOR_BATCHES} connections. The"
        " load generator is a process of its own on the same machine and takes its share of the cores.",
        comparisons=(one, many),
        figures=(*_figures(reports), Figure("a thousand hashes: hashes a second", hashes_s, "hashes/s")),
        bars=(
            Bar(
                "one hash against a million: times HMA",
                "at least",
                TIMES_HMA,
                "x",
                one["median"][ONE] / HMA_RATE,
                note=f"HMA 1.1.7 was measured earlier at {HMA_RATE:g} requests/s, not in this run",
            ),
            Bar("a thousand hashes a request", "at least", HASHES_S_MIN, "hashes/s", hashes_s),
        ),
    )


def _driven(plan: Plan, banked_count: int, connections: int, bodies_of: Any) -> dict[str, list[Report]]:
    banked = codes(banked_count, seed=plan.seed)
    seconds, warm_up_s = (0.1, 0.1) if plan.quick else (_SECONDS, 0.3)
    reports: dict[str, list[Report]] = {}
    with plan.world(banked, {"VIGIE_API_PROCESSES": "1"}) as made:
        bodies: Bodies = bodies_of(banked, plan.seed)
        drive = partial(
            made.drive, "/v1/match", connections=connections, seconds=seconds, warm_up_s=warm_up_s
        )
        for one in bodies.values():
            drive(one)
        for number in range(plan.rounds):
            names = list(bodies) if number % 2 == 0 else list(reversed(bodies))
            for name in names:
                report = made.drive(
                    "/v1/match", bodies[name], connections=connections, seconds=seconds, warm_up_s=warm_up_s
                )
                assert report.refused == 0, f"{report.refused} of {report.answers} were refused: {name}"
                reports.setdefault(name, []).append(report)
    return reports


def bodies_of_one_hash(banked: Codes, seed: int) -> Bodies:
    """Questions with one signal each, by what is near them."""
    unknown = [one.tobytes().hex() for one in queries(banked, 4_000, seed=seed)[1::2]]
    near = [one.tobytes().hex() for one in banked[:: max(len(banked) // 1_000, 1)]]
    return {
        ONE: [_question("pdq", [one]) for one in unknown],
        EXACT: [_question("md5", [one[:32]]) for one in unknown],
        ONE_NEAR: [_question("pdq", [one]) for one in near],
        SOME_NEAR: [
            _question("pdq", [near[at % len(near)] if at % 100 == 0 else one])
            for at, one in enumerate(unknown)
        ],
    }


def bodies_of_batches(banked: Codes, seed: int) -> Bodies:
    """Questions with a thousand unknown hashes each."""
    unknown = [one.tobytes().hex() for one in queries(banked, 40 * HASHES_A_REQUEST, seed=seed)[1::2]]
    starts = range(0, len(unknown), HASHES_A_REQUEST)
    return {MANY: [_question("pdq", unknown[at : at + HASHES_A_REQUEST]) for at in starts]}


def _question(kind: str, values: Sequence[str]) -> bytes:
    return json.dumps({"signals": [{"type": kind, "value": one} for one in values]}).encode()


def _figures(reports: dict[str, list[Report]]) -> list[Figure]:
    figures = []
    for what, rounds in reports.items():
        middle = sorted(rounds, key=lambda one: one.rate)[len(rounds) // 2]
        figures += [
            Figure(f"{what}: median answer", middle.p50_ms, "ms"),
            Figure(f"{what}: 99th percentile", middle.p99_ms, "ms"),
        ]
    return figures
