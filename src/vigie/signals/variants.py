"""Variants of a picture: its hashes as an edited copy would have them, and how such an edit is told in words.

It compares nothing. A variant speaks of a part of a picture, so what matches by one is near, never a copy.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vigie.foundation.errors import Invalid

VARIANT_SIGNAL = "pdq_variant"
"""What a match by a variant is called where the kind of signal is told."""

Window = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Variant:
    """A part of a picture, and how it was laid before it was hashed.

    `window` is its left, top, right and lower edge as shares of width and height, beyond 0 and 1 where a canvas grew;
    `orientation` and `degrees` (anticlockwise) are what was done to the picture that looks like this.
    """

    part: str
    window: Window = (0.0, 0.0, 1.0, 1.0)
    orientation: str = "as_is"
    degrees: float = 0.0

    def write(self) -> str:
        """The variant as one line of at most 80 characters, as it is stored."""
        edges = " ".join(f"{edge:.3f}" for edge in self.window)
        return f"{self.part} {edges} {self.orientation} {self.degrees:g}"

    @property
    def cuts(self) -> bool:
        """Whether it leaves out anything of the picture; a canvas that grew does not."""
        left, top, right, bottom = self.window
        return left > 0 or top > 0 or right < 1 or bottom < 1

    @classmethod
    def parse(cls, text: str) -> "Variant":
        """The variant that was written; raises Invalid."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise Invalid("This is not how a variant is written.", code="variant_malformed")
        left, top, right, bottom = (float(found[name]) for name in ("left", "top", "right", "bottom"))
        return cls(found["part"], (left, top, right, bottom), found["orientation"], float(found["degrees"]))


WHOLE = Variant("whole")
MIRRORED = Variant("whole", orientation="mirrored")

EVENED = "evened"
"""The part of an upload that lost as much at every side as a bar takes of one."""

_EDGE = r"-?\d{1,2}\.\d{3}"
_WRITTEN = re.compile(
    rf"(?P<part>[a-z_]+) (?P<left>{_EDGE}) (?P<top>{_EDGE}) (?P<right>{_EDGE}) (?P<bottom>{_EDGE})"
    r" (?P<orientation>[a-z_]+) (?P<degrees>-?\d+(\.\d+)?)"
)


@dataclass(frozen=True, slots=True)
class VariantHash:
    """A variant with the PDQ hash of its part."""

    variant: Variant
    pdq: bytes
    pdq_quality: int


def good_ones(hashes: Iterable[VariantHash], *, quality_min: int) -> list[VariantHash]:
    """Those whose part has enough structure, each hash once."""
    found: dict[bytes, VariantHash] = {}
    for one in hashes:
        if one.pdq_quality >= quality_min:
            found.setdefault(one.pdq, one)
    return list(found.values())


def in_words(upload: Variant, entry: Variant) -> str:
    """What was done to the entry's picture, as far as the variants that match tell.

    >>> in_words(Variant("whole", orientation="mirrored"), Variant("cut", (0.0, 0.0, 1.0, 0.88)))
    'mirrored, 12 % cut off below'
    """
    told = []
    if upload.orientation != "as_is":
        told.append(_ORIENTATIONS.get(upload.orientation, upload.orientation))
    if entry.degrees:
        side = "left" if entry.degrees > 0 else "right"
        told.append(f"turned by about {abs(entry.degrees):g} degrees to the {side}")
    if entry.cuts:
        told.append(_edges(entry.window, "cut off"))
    if upload.part == EVENED:
        told.append(f"a bar of {round(upload.window[0] * 100)} % of the upload")
    elif upload.window != WHOLE.window:
        told.append(_edges(upload.window, "of the upload added"))
    return ", ".join(told) or "slightly changed"


_ORIENTATIONS = {
    "mirrored": "mirrored",
    "upside_down": "upside down",
    "upside_down_mirrored": "upside down and mirrored",
    "turned_left": "turned by 90 degrees to the left",
    "turned_right": "turned by 90 degrees to the right",
    "turned_left_mirrored": "turned by 90 degrees and mirrored",
    "turned_right_mirrored": "turned by 90 degrees and mirrored",
}


def _edges(window: Window, what: str) -> str:
    left, top, right, bottom = window
    shares = {"left": left, "above": top, "right": 1 - right, "below": 1 - bottom}
    percents = {side: round(share * 100) for side, share in shares.items() if round(share * 100)}
    if len(percents) == len(shares) and len(set(percents.values())) == 1:
        return f"{percents['left']} % {what} at every side"
    return _listed([f"{percent} % {what} {side}" for side, percent in percents.items()]) or "slightly cut"


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 2 else parts)
