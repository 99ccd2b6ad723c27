"""`POST /v1/match` of a running Vigie over HTTP: one hash against a million, and a thousand hashes a request.

It goes through the whole service: token, limits, JSON, index, answer. Nothing is warmed that operation would not warm.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from benchmarks.corpora import Codes, codes, queries
from benchmarks.load import Report
from benchmarks.plan import Plan
from benchmarks.records import Bar, Figure, Outcome
from benchmarks.rounds import comparison
from benchmarks.suites.search import PDQ_INDEX, RADIUS

NAME = "match"
# GET /m/lookup of HMA 1.1.7 with a million banked, measured on another day: PyPI does not have it.
HMA_RATE = 115.0
TIMES_HMA, HASHES_S_MIN = 40.0, 100_000.0
BANKED, BANKED_FOR_BATCHES = 1_000_000, 100_000
CONNECTIONS, CONNECTIONS_FOR_BATCHES = 16, 4
HASHES_A_REQUEST = 1_000
_SECONDS = 2.0

Bodies = dict[str, list[bytes]]
ONE, ONE_NEAR, FIRST_NEAR, SOME_NEAR, EXACT, MANY = (
    "one hash, nothing near",
    "one hash, an entry near",
    "one hash, an entry near for the first time",
    "one hash, an entry near one of a hundred",
    "one MD5, unknown",
    "a thousand hashes",
)


def run(plan: Plan) -> Outcome:
    """Two Vigies one after the other, each with one API process."""
    banked = codes(1_000 if plan.quick else BANKED, seed=plan.seed)
    with _peer_index(plan, banked) as peer:
        single = _driven(plan, banked, CONNECTIONS, bodies_of_one_hash, peer)
    few = codes(1_000 if plan.quick else BANKED_FOR_BATCHES, seed=plan.seed)
    batches = _driven(plan, few, CONNECTIONS_FOR_BATCHES, bodies_of_batches, {})
    rates = {what: [one.rate for one in rounds] for what, rounds in {**single[0], **batches[0]}.items()}
    reports = {**single[0], **batches[0]}
    one = comparison(
        "one hash a request",
        "requests/s",
        {**{what: rates[what] for what in single[0]}, **single[1]},
        ours=ONE,
    )
    many = comparison("a thousand hashes a request", "requests/s", {MANY: rates[MANY]}, ours=MANY)
    hashes_s = many["median"][MANY] * HASHES_A_REQUEST
    return Outcome(
        title="Look-ups over HTTP",
        about=f"`POST /v1/match` of one API process on loopback. One hash a request: {BANKED:,} banked, {CONNECTIONS}"
        f" connections. A thousand a request: {BANKED_FOR_BATCHES:,} banked, {CONNECTIONS_FOR_BATCHES} connections. The"
        " load generator is a process of its own on the same machine and takes its share of the cores. HMA searches"
        " with threatexchange's PDQIndex, which stands here alone in its process, without HTTP and database. What is"
        " near a hash is told from memory once it was read; for the first time it is read from the database.",
        comparisons=(one, many),
        figures=(*_figures(reports), Figure("a thousand hashes: hashes a second", hashes_s, "hashes/s")),
        bars=(
            Bar(
                "one hash against a million: times HMA",
                "at least",
                TIMES_HMA,
                "x",
                one["median"][ONE] / HMA_RATE,
                note=f"HMA 1.1.7 at {HMA_RATE:g} requests/s, measured on another day: PyPI does not have it",
            ),
            Bar("a thousand hashes a request", "at least", HASHES_S_MIN, "hashes/s", hashes_s),
        ),
    )


@contextmanager
def _peer_index(plan: Plan, banked: Codes) -> Iterator[dict[str, Callable[[], float]]]:
    """Queries a second of the index inside HMA, without its service: no HTTP, no database. None without peers."""
    with plan.peers() as peer, tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        if peer is None:
            yield {}
            return
        for name, array in (("codes", banked), ("asked", queries(banked, 2_000, seed=plan.seed)[1::2])):
            np.save(Path(folder) / f"{name}.npy", array)
        peer.ask("search.ask", queries=f"{folder}/asked.npy")
        peer.ask("search.build", who=PDQ_INDEX, codes=f"{folder}/codes.npy")
        count = 50 if plan.quick else 500
        yield {
            f"{PDQ_INDEX}, no HTTP": lambda: (
                count / peer.ask("search.round", who=PDQ_INDEX, count=count, radius=RADIUS)
            )
        }


def _driven(
    plan: Plan,
    banked: Codes,
    connections: int,
    bodies_of: Callable[[Codes, int], Bodies],
    others: Mapping[str, Callable[[], float]],
) -> tuple[dict[str, list[Report]], dict[str, list[float]]]:
    """Reports of each kind of question, and the rates of others, round by round."""
    seconds, warm_up_s = (0.1, 0.1) if plan.quick else (_SECONDS, 0.3)
    reports: dict[str, list[Report]] = {}
    rates: dict[str, list[float]] = {}
    with plan.world(banked, {"VIGIE_API_PROCESSES": "1"}) as made:
        bodies = bodies_of(banked, plan.seed)
        if plan.quick:
            bodies = dict(list(bodies.items())[:2])
        drive = partial(
            made.drive, "/v1/match", connections=connections, seconds=seconds, warm_up_s=warm_up_s
        )
        for name, one in bodies.items():
            drive(_of_round(name, one, 0, plan.rounds))
        for number in range(plan.rounds):
            names = list(bodies) if number % 2 == 0 else list(reversed(bodies))
            for name in names:
                report = drive(_of_round(name, bodies[name], number + 1, plan.rounds))
                assert report.refused == 0, f"{report.refused} of {report.answers} were refused: {name}"
                reports.setdefault(name, []).append(report)
            for name, rate in others.items():
                rates.setdefault(name, []).append(rate())
    return reports, rates


def _of_round(name: str, bodies: list[bytes], number: int, rounds: int) -> list[bytes]:
    """What is asked in a round, 0 being the one before: where everything is to be new, a part that comes once."""
    return bodies[number :: rounds + 1] if name == FIRST_NEAR else bodies


def bodies_of_one_hash(banked: Codes, seed: int) -> Bodies:
    """Questions with one signal each, by what is near them."""
    unknown = [one.tobytes().hex() for one in queries(banked, 4_000, seed=seed)[1::2]]
    near = [one.tobytes().hex() for one in banked[:: max(len(banked) // 1_000, 1)]]
    new = [one.tobytes().hex() for one in banked[1 :: max(len(banked) // 50_000, 2)]]
    return {
        ONE: [_question("pdq", [one]) for one in unknown],
        EXACT: [_question("md5", [one[:32]]) for one in unknown],
        ONE_NEAR: [_question("pdq", [one]) for one in near],
        FIRST_NEAR: [_question("pdq", [one]) for one in new],
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
