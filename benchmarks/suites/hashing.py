"""Hashing: PDQ from the bytes of a JPEG file, one thread, beside the peers, and how far the hashes are from pdqhash's.

It reads no network and stores no picture: the corpus is made from photographs in packages.
"""

import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import vigie_kernel
from benchmarks.corpora import JPEG_QUALITY, SIZES, Pictures, photographs, pictures
from benchmarks.peers import Peers
from benchmarks.plan import Plan
from benchmarks.records import Bar, Figure, Outcome
from benchmarks.rounds import Contestant, comparison, on_one_core, paired

from vigie.demo.photographs import Photograph

NAME = "hashing"
VIGIE, FAST, WHOLE = "vigie", "vigie, fast", "vigie, with MD5 and SHA-256"
DECODING = "vigie, decoding alone"
THREATEXCHANGE = "threatexchange"
PEERS = (THREATEXCHANGE, "pdqhash", "imagehash phash", "Pillow, decoding alone")
TIMES_FULL, TIMES_FAST = 7.0, 12.0
HASH_STAGE_PERCENT_MAX = 6.0
QUALITY_MIN = 50
CALL_US_MAX = 20.0
_LIMITS = {"bytes_max": 100_000_000, "pixels_max": 100_000_000, "time_ms_max": 60_000}
_PICTURES_IN_A_ROUND = {"512x512": 17, "1280x960": 12, "3000x2000": 6}
_STAGE_TURNS = 25
_DECODE = partial(vigie_kernel.decode_picture, **_LIMITS)
_QUALITIES = (60, JPEG_QUALITY, 95)

Hashers = Mapping[str, Callable[[bytes], Any]]


def run(plan: Plan) -> Outcome:
    """Measure every size; distances are measured on more files than speed."""
    shown = photographs()[: 2 if plan.quick else 17]
    sizes = SIZES[:1] if plan.quick else SIZES
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder, on_one_core(), plan.peers() as others:
        files = Path(folder)
        comparisons = [_speed(plan, pictures(shown, size=size), others, files) for size in sizes]
        distances = _distances(shown, sizes, others, files) if others is not None else {}
        call_us = _call_us(shown)
    return Outcome(
        title="Hashing",
        about="PDQ of a picture from the bytes of its JPEG file, on one core, files in memory. Photographs from"
        f" packages, cut to size, with fine grain, JPEG quality {JPEG_QUALITY}, 4:2:0. Distances are to pdqhash on"
        f" Pillow's pixels, over JPEG qualities {', '.join(str(one) for one in _QUALITIES)}.",
        comparisons=tuple(comparisons),
        figures=(*_figures(distances), Figure("a call with one picture adds", call_us, "µs")),
        bars=tuple(_bars(comparisons, distances, call_us)),
        peers=others.versions if others is not None else None,
    )


def hashers() -> Hashers:
    """The ways in which the kernel hashes one picture."""
    return {
        VIGIE: partial(vigie_kernel.pdq_picture, **_LIMITS),
        FAST: partial(vigie_kernel.pdq_picture, **_LIMITS, fidelity="fast"),
        WHOLE: partial(vigie_kernel.hash_picture, **_LIMITS),
    }


def _speed(plan: Plan, corpus: Pictures, others: Peers | None, folder: Path) -> dict[str, Any]:
    files = corpus.files[: _PICTURES_IN_A_ROUND[corpus.name]]
    contestants = [
        Contestant(name, len(files), partial(_seconds, hash_by, files)) for name, hash_by in hashers().items()
    ]
    contestants.append(Contestant(DECODING, len(files), partial(_seconds, _DECODE, files)))
    if others is not None:
        _give(others, corpus.name, files, folder)
        contestants += [
            Contestant(who, len(files), partial(others.ask, "hashing.round", name=corpus.name, who=who))
            for who in PEERS
        ]
    found = comparison(corpus.name, "pictures/s", paired(contestants, rounds=plan.rounds), ours=VIGIE)
    fast = comparison(corpus.name, "pictures/s", found["rounds"], ours=FAST)["ratio"]
    stage_percent = _hash_stage_percent(files, 1 if plan.quick else _STAGE_TURNS)
    return {
        **found,
        "ratio_fast": fast,
        "hash_stage_percent": stage_percent,
        "bytes_median": statistics.median(len(one) for one in files),
    }


def _seconds(hash_by: Callable[[bytes], Any], files: Sequence[bytes]) -> float:
    began = perf_counter()
    for data in files:
        hash_by(data)
    return perf_counter() - began


def _distances(
    shown: Sequence[Photograph], sizes: Sequence[tuple[int, int]], others: Peers, folder: Path
) -> dict[str, dict[str, list[int]]]:
    """Bits from pdqhash by way of hashing and size, for pictures of quality 50 or more."""
    ways = hashers()
    found: dict[str, dict[str, list[int]]] = {VIGIE: {}, FAST: {}}
    for size in sizes:
        for quality in _QUALITIES:
            corpus = pictures(shown, size=size, quality=quality)
            name = f"{corpus.name} {quality}"
            _give(others, name, corpus.files, folder)
            for data, (value, pdq_quality) in zip(
                corpus.files, others.ask("hashing.values", name=name), strict=True
            ):
                if pdq_quality >= QUALITY_MIN:
                    for way, distances in found.items():
                        bits = int.from_bytes(ways[way](data)[0]) ^ int(value, 16)
                        distances.setdefault(corpus.name, []).append(bits.bit_count())
    return found


def _give(others: Peers, name: str, files: Sequence[bytes], folder: Path) -> None:
    place = folder / name.replace(" ", "-")
    place.mkdir()
    for number, data in enumerate(files):
        (place / f"{number:04d}.jpg").write_bytes(data)
    assert others.ask("hashing.load", name=name, folder=str(place)) == len(files)


def _call_us(shown: Sequence[Photograph]) -> float:
    """Microseconds that single calls cost above one call for as many pictures."""
    small = pictures(shown[:1], size=(64, 64)).files[0]
    count = 400
    extra = []
    for _ in range(5):
        began = perf_counter()
        for _ in range(count):
            vigie_kernel.hash_picture(small, **_LIMITS)
        single_s = perf_counter() - began
        began = perf_counter()
        vigie_kernel.hash_pictures([small] * count, **_LIMITS, threads=1)
        extra.append((single_s - (perf_counter() - began)) / count * 1e6)
    return max(statistics.median(extra), 0.0)


def _figures(distances: Mapping[str, Mapping[str, Sequence[int]]]) -> Iterator[Figure]:
    for way, by_size in distances.items():
        for size, bits in by_size.items():
            yield Figure(f"{way}, {size}: pictures compared", len(bits))
            yield Figure(f"{way}, {size}: median distance", float(statistics.median(bits)), "bits")
            yield Figure(f"{way}, {size}: 99th percentile", float(_percentile(bits, 99)), "bits")
            yield Figure(f"{way}, {size}: greatest distance", float(max(bits)), "bits")


def _bars(
    comparisons: Sequence[Mapping[str, Any]],
    distances: Mapping[str, Mapping[str, Sequence[int]]],
    call_us: float,
) -> Iterator[Bar]:
    for one in comparisons:
        peer = one["ratio"].get(THREATEXCHANGE)
        yield Bar(
            f"{one['name']}: times threatexchange",
            "at least",
            TIMES_FULL,
            "x",
            peer["median"] if peer else None,
        )
    largest = comparisons[-1]
    peer = largest["ratio_fast"].get(THREATEXCHANGE)
    yield Bar(
        f"{largest['name']}, fast: times threatexchange",
        "at least",
        TIMES_FAST,
        "x",
        peer["median"] if peer else None,
    )
    for one in comparisons:
        yield Bar(
            f"{one['name']}: hash stage beside decoding",
            "at most",
            HASH_STAGE_PERCENT_MAX,
            "%",
            one["hash_stage_percent"],
            note="filter, decimation, transform and quality, beside decoding to lines of luma; least times",
        )
    full = [bits for by_size in distances.get(VIGIE, {}).values() for bits in by_size]
    yield Bar("distance from pdqhash, greatest", "at most", 2, "bits", max(full) if full else None)
    yield Bar(
        "distance from pdqhash, median", "at most", 0, "bits", statistics.median(full) if full else None
    )
    fast = [
        bits for size, by_size in distances.get(FAST, {}).items() if size != "512x512" for bits in by_size
    ]
    yield Bar(
        "distance from pdqhash, fast, from 1280x960 up, 99th percentile",
        "at most",
        8,
        "bits",
        _percentile(fast, 99) if fast else None,
    )
    yield Bar("a call with one picture adds", "at most", CALL_US_MAX, "µs", call_us)


def _hash_stage_percent(files: Sequence[bytes], turns: int) -> float:
    """What hashing takes beyond decoding, in percent of decoding.

    The least of so many turns counts for each picture, both in turn: the difference is smaller than a machine's noise.
    """
    ways = (hashers()[VIGIE], _DECODE)
    least = [[min(taken) for taken in zip(*_taken(ways, data, turns), strict=True)] for data in files]
    hashing_s, decoding_s = (sum(taken) for taken in zip(*least, strict=True))
    return 100 * (hashing_s / decoding_s - 1)


def _taken(ways: Sequence[Callable[[bytes], Any]], data: bytes, turns: int) -> Iterator[tuple[float, ...]]:
    for _ in range(turns):
        yield tuple(_seconds(way, (data,)) for way in ways)


def _percentile(values: Sequence[int], percent: int) -> int:
    """The least value that `percent` of 100 values do not exceed."""
    return sorted(values)[max(-(-len(values) * percent // 100) - 1, 0)]
