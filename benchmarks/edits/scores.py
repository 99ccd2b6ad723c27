"""Recall and false matches, counted from what each scheme found: pure.

It keeps every edit apart; means are over edits, so that many easy ones do not hide a hard one.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.edits.catalogue import EDITS


@dataclass(frozen=True)
class Scheme:
    """What one way of matching found: pairs of (number of the upload, number of the banked picture).

    `asked` are the numbers of the uploads that it was asked about.
    """

    name: str
    ours: bool
    asked: frozenset[int]
    found: frozenset[tuple[int, int]]
    took_ms_median: float
    entry_bytes: float


@dataclass(frozen=True)
class Asked:
    """What was uploaded: an edit of picture `source`, or, without a name, a picture of the near-miss set."""

    edit: str
    source: int


def rows(schemes: Sequence[Scheme], asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """One row an edit: how many uploads, and each scheme's recall."""
    table = []
    for edit in EDITS:
        numbers = [number for number, one in enumerate(asked) if one.edit == edit.name]
        recall = {scheme.name: _recall(scheme, asked, numbers) for scheme in schemes}
        table.append({"edit": edit.name, "group": edit.group, "uploads": len(numbers), "recall": recall})
    return table


def _recall(scheme: Scheme, asked: Sequence[Asked], numbers: Sequence[int]) -> float:
    found = [(number, asked[number].source) in scheme.found for number in numbers if number in scheme.asked]
    return round(statistics.mean(found), 4)


def groups(table: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mean recall of each group of edits, in order."""
    found = []
    for name in dict.fromkeys(one["group"] for one in table):
        members = [one for one in table if one["group"] == name]
        recall = {
            scheme: round(statistics.mean(one["recall"][scheme] for one in members), 4)
            for scheme in members[0]["recall"]
        }
        found.append({"group": name, "edits": len(members), "recall": recall})
    return found


def false_matches(
    scheme: Scheme, asked: Sequence[Asked], *, banked: int, families: Sequence[int]
) -> dict[str, Any]:
    """Matches between different pictures: of all pairs, and of near misses (two of one family, 0 for none)."""
    other = near = 0
    for number, place in scheme.found:
        if asked[number].source == place or _shown_too(asked[number], place, banked):
            continue
        if families[asked[number].source] and families[asked[number].source] == families[place]:
            near += 1
        else:
            other += 1
    sources = [asked[number].source for number in scheme.asked]
    near_pairs = sum(
        families[place] == families[source] != 0 and place != source
        for source in sources
        for place in range(banked)
    )
    pairs = len(sources) * (banked - 1) - near_pairs
    return {
        "scheme": scheme.name,
        "pairs": pairs,
        "false": other,
        "per_million": round(other / pairs * 1e6, 2),
        "near_miss_pairs": near_pairs,
        "near_miss_false": near,
        "near_miss_per_million": round(near / near_pairs * 1e6, 2) if near_pairs else 0.0,
    }


# These edits show other pictures of the corpus as well, whole: finding those is no mistake.
_NEIGHBOURS = {"collage of four": (1, 2, 3), "picture in picture 70 %": (1,)}


def _shown_too(asked: Asked, place: int, banked: int) -> bool:
    return any((asked.source + step) % banked == place for step in _NEIGHBOURS.get(asked.edit, ()))
