"""How was this missed? The nearest that a picture comes to an entry, and what to do about it: pure.

It finds nothing new and says nothing about harmless entries, pauses or expiry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vigie.signals.variants import WHOLE, Variant, VariantHash, in_words

FoundBy = Literal["plain", "robust", "verified", "none"]
_LEVELS = ("plain", "robust", "verified")

SET_LEVEL = "This bank is at level %(level)s. Set it to level %(wanted)s."
FOUND_NOW = (
    "This bank is at level %(level)s, so uploads like it are found now. If this one was not, look whether the"
    " entry was paused or removed, or a harmless entry is as near."
)
BANK_FILE = "Only identical files of it can be found: bank the file itself."
BANK_AGAIN = (
    "Set the bank to level verified and bank the entry’s picture again: then cuts, small turns and what is covered"
    " in part are looked for too."
)
BANK_THIS = "They may be different pictures. If they are not, bank this one too."
ADVICE = (SET_LEVEL, FOUND_NOW, BANK_FILE, BANK_AGAIN, BANK_THIS)
"""All sentences of advice, for those who translate them."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do, as one sentence of `level` (the bank's) and `wanted`, the level that is advised; empty for none."""

    sentence: str
    level: str
    wanted: str = ""

    def __str__(self) -> str:
        """In English."""
        return self.sentence % {"level": self.level, "wanted": self.wanted}


@dataclass(frozen=True, slots=True)
class Nearness:
    """The nearest pair. `distance_bits` is None where one side has nothing to compare."""

    distance_bits: int | None
    upload: Variant = WHOLE
    entry: Variant = WHOLE

    @property
    def edit(self) -> str:
        """What the pair says was done to the entry's picture, in words; empty without one."""
        return "" if self.distance_bits is None else in_words(self.upload, self.entry)


def nearest(asked: Sequence[VariantHash], known: Sequence[VariantHash]) -> Nearness:
    """The pair of hashes with the fewest bits between them; the first of those."""
    best = Nearness(None)
    for upload in asked:
        for entry in known:
            bits = (int.from_bytes(upload.pdq) ^ int.from_bytes(entry.pdq)).bit_count()
            if best.distance_bits is None or bits < best.distance_bits:
                best = Nearness(bits, upload.variant, entry.variant)
    return best


def advice_of(found_by: FoundBy, variant: Nearness, *, level: str, can_be_looked_for_closely: bool) -> Advice:
    """What to do where a picture is found by this level, in a bank at `level`.

    `can_be_looked_for_closely` is whether the entry has variants and features.
    """
    if found_by != "none":
        is_higher = _LEVELS.index(found_by) > _LEVELS.index(level)
        return Advice(SET_LEVEL, level, found_by) if is_higher else Advice(FOUND_NOW, level)
    if variant.distance_bits is None:
        return Advice(BANK_FILE, level)
    return Advice(BANK_THIS if can_be_looked_for_closely else BANK_AGAIN, level)
