"""The peers, in a process and an environment of their own: one JSON question on standard input, one answer.

It imports nothing of Vigie. Each peer decodes the file itself, with the settings that its documentation gives.
"""

import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import imagehash
import numpy as np
import pdqhash
from PIL import Image
from threatexchange.signal_type.pdq.signal import PdqSignal

PACKAGES = ("threatexchange", "pdqhash", "imagehash", "pillow", "numpy")
PDQ_BITS_MAX, PDQ_QUALITY_MIN = 31, 50
# 64 bits: the same share of bits as 31 of 256.
SHORT_BITS_MAX = 8


@dataclass(frozen=True)
class Peer:
    """How one peer hashes a file (None: not good enough to be matched) and says that two hashes match."""

    name: str
    hashed: Callable[[bytes], Any]
    matches: Callable[[Any, Any], bool]
    entry_bytes: Callable[[Any], int]
    is_slow: bool = False


def main() -> None:
    """Answer the question."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    question = json.load(sys.stdin)
    banked = [Path(one).read_bytes() for one in question["banked"]]
    uploads = [Path(one).read_bytes() for one in question["uploads"]]
    numbers = {False: range(len(uploads)), True: question["for_slow_ones"]}
    answer = {
        "peers": [_measured(peer, banked, uploads, numbers[peer.is_slow]) for peer in PEERS],
        "versions": {one: version(one) for one in PACKAGES},
    }
    json.dump(answer, answers)
    answers.close()


def _measured(
    peer: Peer, banked: list[bytes], uploads: list[bytes], numbers: Sequence[int]
) -> dict[str, Any]:
    known = [peer.hashed(one) for one in banked]
    took_ms, found = [], []
    for number in numbers:
        began = time.perf_counter()
        asked = peer.hashed(uploads[number])
        took_ms.append((time.perf_counter() - began) * 1000)
        if asked is None:
            continue
        near = (one is not None and peer.matches(one, asked) for one in known)
        found.extend((number, place) for place, is_near in enumerate(near) if is_near)
    return {
        "name": peer.name,
        "asked": list(numbers),
        "found": found,
        "took_ms_median": statistics.median(took_ms),
        "entry_bytes": statistics.mean(peer.entry_bytes(one) for one in known if one is not None),
    }


def _with_pdqhash(data: bytes) -> Any:
    with Image.open(io.BytesIO(data)) as picture:
        vector, quality = pdqhash.compute(np.asarray(picture.convert("RGB")))
    return vector if quality >= PDQ_QUALITY_MIN else None


def _with_threatexchange(data: bytes) -> Any:
    return PdqSignal.hash_from_bytes(data) or None


def _with_imagehash(kind: Callable[[Image.Image], Any]) -> Callable[[bytes], Any]:
    def hashed(data: bytes) -> Any:
        with Image.open(io.BytesIO(data)) as picture:
            return kind(picture)

    return hashed


def _short_match(left: Any, right: Any) -> bool:
    return bool(left - right <= SHORT_BITS_MAX)


PEERS = (
    Peer(
        "pdqhash",
        _with_pdqhash,
        lambda left, right: bool(np.count_nonzero(left != right) <= PDQ_BITS_MAX),
        lambda one: 32,
    ),
    Peer(
        "threatexchange",
        _with_threatexchange,
        lambda left, right: bool(PdqSignal.compare_hash(left, right).match),
        lambda one: 32,
    ),
    Peer("imagehash phash", _with_imagehash(imagehash.phash), _short_match, lambda one: 8),
    Peer("imagehash dhash", _with_imagehash(imagehash.dhash), _short_match, lambda one: 8),
    Peer("imagehash whash", _with_imagehash(imagehash.whash), _short_match, lambda one: 8),
    Peer(
        "imagehash crop-resistant",
        _with_imagehash(imagehash.crop_resistant_hash),
        lambda left, right: bool(left.matches(right)),
        lambda one: 8 * len(one.segment_hashes),
        is_slow=True,
    ),
)

if __name__ == "__main__":
    main()
