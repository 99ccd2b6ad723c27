"""Which notices belong together: the same content, the same words within a day, the same notifier within an hour. Pure.

A wave is shown as one thing, so that a crowd cannot fill the queue; it says nothing about whether the crowd is right,
and no number here reaches a decision or a priority.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

SAME_WORDS_WITHIN = timedelta(hours=24)
SAME_NOTIFIER_WITHIN = timedelta(hours=1)
WORDS_MIN = 4


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What waves are told from. `words_key` is empty for a text too short to be anybody's own."""

    content: str
    words_key: str
    notifier: str
    received_at: datetime


def words_key(text: str) -> str:
    """The same for texts that differ only in case, accents, punctuation, spacing and the order of words."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(one if one.isalnum() else " " for one in folded if not unicodedata.combining(one))
    words = sorted(kept.split())
    if len(words) < WORDS_MIN:
        return ""
    return hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def belong_together(one: NoticeFacts, other: NoticeFacts) -> bool:
    """Whether two notices are of one wave."""
    apart = abs(one.received_at - other.received_at)
    return (
        one.content == other.content
        or (one.words_key != "" and one.words_key == other.words_key and apart <= SAME_WORDS_WITHIN)
        or (one.notifier != "" and one.notifier == other.notifier and apart <= SAME_NOTIFIER_WITHIN)
    )


def waves(notices: list[NoticeFacts]) -> list[list[int]]:
    """The waves among `notices`, as ascending places in the list, each place in one wave; the first place first."""
    wave_of = list(range(len(notices)))

    def root(place: int) -> int:
        while wave_of[place] != place:
            place = wave_of[place]
        return place

    for later in range(len(notices)):
        for earlier in range(later):
            if belong_together(notices[earlier], notices[later]):
                first, second = sorted((root(earlier), root(later)))
                wave_of[second] = first
    found: dict[int, list[int]] = {}
    for place in range(len(notices)):
        found.setdefault(root(place), []).append(place)
    return list(found.values())
