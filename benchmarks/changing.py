"""Look-ups while other threads insert, remove and merge, as in a process that follows the ledger; and in a still index.

It measures what a reader waits and judges nothing; what was inserted is removed again, what was removed comes back.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import perf_counter

from benchmarks import index as ours
from benchmarks.corpora import Codes, codes
from benchmarks.records import Figure
from vigie_kernel import HammingIndex

RADIUS = 31
SECONDS, SECONDS_QUICK = 8.0, 0.2
_CHANGED_AT_ONCE = 500
_PAUSE_S = 0.05
ABOUT = (
    f"While one thread looks up, another inserts {_CHANGED_AT_ONCE} hashes in one call and removes {_CHANGED_AT_ONCE}"
    " one by one in every twentieth of a second, and a third merges; no thread is kept to one core."
)


def figures(
    index: HammingIndex, banked: Codes, asked: Codes, *, name: str, seconds: float
) -> Iterator[Figure]:
    """Median, 99th percentile and slowest look-up in a still index and in one that changes.

    `banked` are the index's codes, whose ids are their places.
    """
    still = _looked_up(index, asked, seconds)
    with ThreadPoolExecutor(2) as others:
        stop = Event()
        changing, merging = others.submit(_change, index, banked, stop), others.submit(_merge, index, stop)
        began = perf_counter()
        try:
            beside = _looked_up(index, asked, seconds)
        finally:
            stop.set()
        took_s = perf_counter() - began
        changed, merges = changing.result(), merging.result()
    for how, times in (("still", still), ("while it changes", beside)):
        for what, share in (("median", 0.5), ("99th percentile", 0.99), ("slowest", 1.0)):
            place = min(int(len(times) * share), len(times) - 1)
            yield Figure(f"{name}: vigie, one query {how}, {what}", times[place] * 1e6, "µs")
    yield Figure(f"{name}: vigie, changes meanwhile", changed / took_s, "entries/s")
    yield Figure(f"{name}: vigie, merges meanwhile", f"{merges:,}")


def _looked_up(index: HammingIndex, asked: Codes, seconds: float) -> list[float]:
    until = perf_counter() + seconds
    times: list[float] = []
    while perf_counter() < until:
        for start in range(0, len(asked), 100):
            times += ours.each_s(index, asked[start : start + 100], radius=RADIUS)
            if perf_counter() >= until:
                break
    return sorted(times)


def _change(index: HammingIndex, banked: Codes, stop: Event) -> int:
    first, changed, turn = len(banked), 0, 0
    while not stop.wait(_PAUSE_S):
        ids = [first + turn * _CHANGED_AT_ONCE + place for place in range(_CHANGED_AT_ONCE)]
        index.insert_many(codes(_CHANGED_AT_ONCE, seed=turn).tobytes(), ids)
        # Half of these were banked all the time, half came the turn before.
        gone = [id_ - _CHANGED_AT_ONCE if id_ % 2 and turn else id_ * 7_919 % first for id_ in ids]
        for id_ in gone:
            index.remove(id_)
        changed += len(ids) + len(gone)
        back = [id_ for id_ in gone if id_ < first]
        index.insert_many(banked[back].tobytes(), back)
        changed += len(back)
        turn += 1
    for id_ in range(first, first + turn * _CHANGED_AT_ONCE):
        index.remove(id_)
    return changed


def _merge(index: HammingIndex, stop: Event) -> int:
    merges = 0
    while not stop.wait(_PAUSE_S):
        merges += index.is_merge_due and index.merge(threads=1)
    return merges
