"""Search: everything within 31 bits of a hash among many, one thread, beside the peers.

It trusts no index: what each finds is compared with what the others find. A FAISS configuration that misses a match
ends the suite; of threatexchange's index it is told how many it missed.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks import changing
from benchmarks import index as ours
from benchmarks.corpora import Codes, codes, queries
from benchmarks.peers import Peers
from benchmarks.plan import Plan
from benchmarks.records import Bar, Figure, Outcome
from benchmarks.rounds import Contestant, comparison, on_one_core, paired

NAME = "search"
RADIUS = 31
VIGIE = "vigie"
PDQ_INDEX = "threatexchange PDQIndex"
FLAT, MULTI_16, MULTI_11 = "FAISS Flat", "FAISS MultiHash 16,16,1", "FAISS MultiHash 11,23,2"
CONTESTANTS: Mapping[int, tuple[str, ...]] = {
    100_000: (PDQ_INDEX, FLAT, MULTI_16, MULTI_11),
    1_000_000: (PDQ_INDEX, FLAT, MULTI_16, MULTI_11),
    # Among a million 16,16,1 is slower than Flat already, and both grow slower alike.
    10_000_000: (FLAT, MULTI_11),
}
TIMES_FAISS, TIMES_PDQ_INDEX = 12.0, {100_000: 15.0, 1_000_000: 40.0}
BYTES_MAX, BUILD_S_MAX, LOAD_S_MAX = 130.0, 30.0, 1.0
_ROUND_S = 0.7
_ASKED = 20_000
_ASKED_ALONE = 1_000
_CHECKED = 100


def run(plan: Plan) -> Outcome:
    """A hundred thousand, then a million."""
    return measured(plan, [2_000] if plan.quick else [100_000, 1_000_000], title="Search")


def measured(plan: Plan, sizes: Sequence[int], *, title: str) -> Outcome:
    """Each size in turn."""
    made = [_size(plan, size) for size in sizes]
    return Outcome(
        title=title,
        about=f"Everything within {RADIUS} bits of a hash, one thread on one core. Every second hash that is looked up"
        " is 0 to 40 bits from a banked one, the others are random. FAISS gets its queries in one call, which suits it"
        " best; threatexchange takes one at a time. What each found for the first hundred was compared: every"
        " configuration of FAISS is exact. These are the quickest of those tried; record 0006 names the others."
        f" {changing.ABOUT}",
        comparisons=tuple(one.comparison for one in made),
        figures=tuple(figure for one in made for figure in one.figures),
        bars=tuple(bar for one in made for bar in one.bars),
        peers=made[0].peers,
    )


class _Size:
    """What was measured at one size."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.comparison: Mapping[str, Any] = {}
        self.figures: list[Figure] = []
        self.bars: list[Bar] = []
        self.peers: Mapping[str, str] | None = None


def _size(plan: Plan, size: int) -> _Size:
    made = _Size(f"{size:,} hashes")
    banked = codes(size, seed=plan.seed)
    asked = queries(banked, min(_ASKED, size), seed=plan.seed)
    built = ours.build(banked)
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder, ExitStack() as opened:
        snapshot = ours.written(built.index, Path(folder))
        loads = [ours.loaded(snapshot) for _ in range(3)]
        load_s, memory_bytes = min(one for one, _ in loads), max(one for _, one in loads)
        snapshot_bytes = snapshot.stat().st_size
        contestants = [_vigie(built, asked)]
        others: list[Peers] = []
        if plan.with_peers:
            np.save(Path(folder) / "codes.npy", banked)
            np.save(Path(folder) / "asked.npy", asked)
            expected = ours.found(built.index, asked[:_CHECKED], radius=RADIUS)
            for who in CONTESTANTS.get(size, (PDQ_INDEX, FLAT, MULTI_16)):
                # A process for each: memory that one gave back would hide what the next one takes.
                peer = opened.enter_context(plan.peers())
                assert peer is not None
                made.peers = peer.versions
                others.append(peer)
                contestants.append(_peer(who, peer, Path(folder), made, expected, size, len(asked)))
        with on_one_core() as core:
            for one in others:
                one.ask("pin", core=core)
            rates = paired(contestants, rounds=plan.rounds)
            alone = sorted(ours.each_s(built.index, asked[:_ASKED_ALONE], radius=RADIUS))
    seconds = changing.SECONDS_QUICK if plan.quick else changing.SECONDS
    made.comparison = comparison(made.name, "queries/s", rates, ours=VIGIE)
    made.figures += [
        Figure(f"{made.name}: vigie, build", built.seconds, "s"),
        Figure(f"{made.name}: vigie, memory a hash", memory_bytes / size, "bytes"),
        Figure(
            f"{made.name}: vigie, memory a hash as the kernel counts it",
            built.index.bytes_held / size,
            "bytes",
        ),
        Figure(f"{made.name}: vigie, snapshot a hash", snapshot_bytes / size, "bytes"),
        Figure(f"{made.name}: vigie, structure", built.index.structure(distance_bits_max=RADIUS)),
        Figure(f"{made.name}: vigie, load of a snapshot", load_s, "s"),
        Figure(f"{made.name}: vigie, one query, median", alone[len(alone) // 2] * 1e6, "µs"),
        Figure(f"{made.name}: vigie, one query, 99th percentile", alone[len(alone) * 99 // 100] * 1e6, "µs"),
        *changing.figures(built.index, banked, asked, name=made.name, seconds=seconds),  # last: it changes
    ]
    made.bars += _bars(made, size, built, load_s, memory_bytes)
    return made


def _vigie(built: ours.Built, asked: Codes) -> Contestant:
    search = partial(ours.search_s, built.index, asked, radius=RADIUS)
    count = _count(search, len(asked))
    return Contestant(VIGIE, count, partial(search, count))


def _peer(
    who: str, peer: Peers, folder: Path, made: _Size, expected: ours.Found, size: int, asked: int
) -> Contestant:
    peer.ask("search.ask", queries=str(folder / "asked.npy"))
    told = peer.ask("search.build", who=who, codes=str(folder / "codes.npy"))
    found = [tuple(one) for one in peer.ask("search.found", who=who, count=_CHECKED, radius=RADIUS)]
    if who == PDQ_INDEX:
        assert set(found) <= set(expected), f"{who} found what vigie did not at {size:,}"
        missed = f"{len(expected) - len(found)} of {len(expected)}"
        made.figures.append(Figure(f"{made.name}: {who}, matches missed", missed))
    else:
        assert found == expected, f"{who} and vigie differ at {size:,}"
    made.figures += [
        Figure(f"{made.name}: {who}, build", told["seconds"], "s"),
        Figure(f"{made.name}: {who}, memory a hash", told["bytes"] / size, "bytes"),
    ]
    search = partial(peer.ask, "search.round", who=who, radius=RADIUS)
    count = _count(lambda wanted: search(count=wanted), asked)
    return Contestant(who, count, partial(search, count=count))


def _count(search: Any, most: int) -> int:
    """How many queries take about `_ROUND_S` seconds; at least 32, so that batches are batches."""
    took_s = search(32)
    return max(32, min(int(32 * _ROUND_S / max(took_s, 1e-6)), most))


def _bars(made: _Size, size: int, built: ours.Built, load_s: float, memory_bytes: int) -> Iterator[Bar]:
    ratio = made.comparison["ratio"]
    faiss = {who: one for who, one in made.comparison["median"].items() if who.startswith("FAISS")}
    best = max(faiss, key=lambda who: faiss[who], default=None)
    yield Bar(
        f"{made.name}: times the best exact FAISS",
        "at least",
        TIMES_FAISS,
        "x",
        ratio[best]["median"] if best else None,
        note=best or "",
    )
    if size in TIMES_PDQ_INDEX:
        peer = ratio.get(PDQ_INDEX)
        yield Bar(
            f"{made.name}: times threatexchange's PDQIndex",
            "at least",
            TIMES_PDQ_INDEX[size],
            "x",
            peer["median"] if peer else None,
        )
    if size == max(CONTESTANTS):
        yield Bar(f"{made.name}: memory a hash", "at most", BYTES_MAX, "bytes", memory_bytes / size)
        yield Bar(f"{made.name}: build, {ours.cores()} cores", "at most", BUILD_S_MAX, "s", built.seconds)
        yield Bar(f"{made.name}: load of a snapshot", "at most", LOAD_S_MAX, "s", load_s)
