"""The peers, in a process and an environment of their own: it takes one JSON question a line and gives one answer.

It imports nothing of Vigie. Time is taken here, around the peer's own work, so that the conversation costs it nothing.
"""

import io
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

PACKAGES = ("threatexchange", "pdqhash", "faiss-cpu", "imagehash", "pillow", "numpy")
_CODE_BITS = 256


class Hashing:
    """Hashes of picture files, as each peer makes them from the bytes of a file."""

    def __init__(self) -> None:
        import imagehash
        import pdqhash
        from PIL import Image
        from threatexchange.signal_type.pdq.signal import PdqSignal

        def with_pdqhash(data: bytes) -> Any:
            with Image.open(io.BytesIO(data)) as picture:
                return pdqhash.compute(np.asarray(picture.convert("RGB")))

        def with_imagehash(data: bytes) -> Any:
            with Image.open(io.BytesIO(data)) as picture:
                return imagehash.phash(picture)

        def decoded(data: bytes) -> Any:
            with Image.open(io.BytesIO(data)) as picture:
                return np.asarray(picture.convert("RGB"))

        self._files: dict[str, list[bytes]] = {}
        self._hash_by: dict[str, Callable[[bytes], Any]] = {
            "threatexchange": PdqSignal.hash_from_bytes,
            "pdqhash": with_pdqhash,
            "imagehash phash": with_imagehash,
            "Pillow, decoding alone": decoded,
        }

    def load(self, name: str, folder: str) -> int:
        """Read the files of a corpus."""
        self._files[name] = [one.read_bytes() for one in sorted(Path(folder).iterdir())]
        return len(self._files[name])

    def round(self, name: str, who: str) -> float:
        """Seconds for hashing every file of a corpus once."""
        hash_by = self._hash_by[who]
        began = time.perf_counter()
        for data in self._files[name]:
            hash_by(data)
        return time.perf_counter() - began

    def values(self, name: str) -> list[tuple[str, int]]:
        """The PDQ hash and quality of every file, by pdqhash."""
        found = []
        for data in self._files[name]:
            vector, quality = self._hash_by["pdqhash"](data)
            found.append((np.packbits(vector).tobytes().hex(), int(quality)))
        return found


class Search:
    """Indexes of 256-bit codes."""

    def __init__(self) -> None:
        import faiss

        faiss.omp_set_num_threads(1)
        self._faiss = faiss
        self._indexes: dict[str, Any] = {}
        self._queries = np.zeros((0, _CODE_BITS // 8), np.uint8)

    def ask(self, queries: str) -> int:
        """Read the codes to look up."""
        self._queries = np.load(queries)
        return len(self._queries)

    def build(self, who: str, codes: str) -> dict[str, float]:
        """Build an index; seconds, and bytes of memory that came with it."""
        banked = np.load(codes, mmap_mode="r")
        before = _resident_bytes()
        began = time.perf_counter()
        self._indexes[who] = self._built(who, banked)
        return {"seconds": time.perf_counter() - began, "bytes": float(_resident_bytes() - before)}

    def round(self, who: str, count: int, radius: int) -> float:
        """Seconds for looking up the first `count` queries, as the peer likes them best."""
        wanted = self._queries[:count]
        if who == "threatexchange PDQIndex":
            index = self._indexes[who]
            hexes = [one.tobytes().hex() for one in wanted]
            began = time.perf_counter()
            for one in hexes:
                index.query(one)
            return time.perf_counter() - began
        index = self._prepared(who, radius)
        began = time.perf_counter()
        index.range_search(wanted, radius + 1)
        return time.perf_counter() - began

    def found(self, who: str, count: int, radius: int) -> list[tuple[int, int, int]]:
        """(query, place, distance) of everything that is found within the radius, in order."""
        if who == "threatexchange PDQIndex":
            asked = enumerate(one.tobytes().hex() for one in self._queries[:count])
            return sorted(
                (query, int(match.metadata), int(match.similarity_info.distance))
                for query, one in asked
                for match in self._indexes[who].query(one)
            )
        index = self._prepared(who, radius)
        limits, distances, places = index.range_search(self._queries[:count], radius + 1)
        return sorted(
            (query, int(places[at]), int(distances[at]))
            for query in range(count)
            for at in range(int(limits[query]), int(limits[query + 1]))
        )

    def drop(self, who: str) -> bool:
        """Forget an index."""
        return self._indexes.pop(who, None) is not None

    def _built(self, who: str, banked: Any) -> Any:
        if who == "threatexchange PDQIndex":
            from threatexchange.signal_type.pdq.pdq_index import PDQIndex

            return PDQIndex((one.tobytes().hex(), place) for place, one in enumerate(banked))
        if who == "FAISS Flat":
            index = self._faiss.IndexBinaryFlat(_CODE_BITS)
        else:
            parts, bits, _ = _multi_hash(who)
            index = self._faiss.IndexBinaryMultiHash(_CODE_BITS, parts, bits)
        for start in range(0, len(banked), 500_000):
            index.add(np.ascontiguousarray(banked[start : start + 500_000]))
        return index

    def _prepared(self, who: str, radius: int) -> Any:
        index = self._indexes[who]
        if who.startswith("FAISS MultiHash"):
            parts, _, flips = _multi_hash(who)
            assert parts * (flips + 1) > radius, f"{who} is not exact at radius {radius}"
            index.nflip = flips
        return index


def _multi_hash(who: str) -> tuple[int, int, int]:
    """`FAISS MultiHash 16,16,1` -> parts, bits of each, flips."""
    parts, bits, flips = who.rpartition(" ")[2].split(",")
    return int(parts), int(bits), int(flips)


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def main() -> None:
    """Answer until the questions end."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    parts: dict[str, Any] = {}
    makers = {"hashing": Hashing, "search": Search}
    for line in sys.stdin:
        question = json.loads(line)
        part, _, name = question["do"].partition(".")
        if part == "versions":
            answer: Any = {one: version(one) for one in PACKAGES}
        elif part == "pin":
            os.sched_setaffinity(0, {question["with"]["core"]})
            answer = True
        else:
            if part not in parts:
                parts[part] = makers[part]()
            answer = getattr(parts[part], name)(**question.get("with", {}))
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
