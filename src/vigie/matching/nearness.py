"""How was this missed? The nearest that a picture comes to an entry, by its whole and by variants: pure.

It finds nothing new and says nothing about harmless entries, pauses or expiry.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.signals.variants import WHOLE, Variant, VariantHash, in_words


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
