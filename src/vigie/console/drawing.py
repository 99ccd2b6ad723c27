"""What is drawn of a match on the page of a case: both outlines of what is shared, and the map between both pictures.

It opens no picture: the browser lays the drawing over pictures that a person opened with a purpose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vigie.cases.models import CaseMatch
from vigie.signals.media import MediumLimits, look_closely
from vigie.signals.placement import IDENTITY, Outline, Placement, placement_of
from vigie.signals.variants import WHOLE

OUTLINE_UNITS = 1_000
"""Into how many steps a picture's width and height are divided in an outline."""

Side = Literal["upload", "banked"]

_WHOLE_SIGNALS = ("pdq", "sha256", "md5")


@dataclass(frozen=True, slots=True)
class Drawing:
    """How an entry's picture lies on an upload. Shares are of pictures as people see them.

    Of the sides in `as_stored` they are of the pixels as stored instead, which the file may ask to turn: `turn_of`.
    `numbers` is the map from the entry to the upload, row by row; the outlines are points as SVG writes them.
    """

    placement: Placement
    as_stored: tuple[Side, ...] = ()

    @property
    def numbers(self) -> str:
        """The nine numbers of the map."""
        return numbers_of(self.placement)

    @property
    def upload_outline(self) -> str:
        """The part of the upload that shows the entry."""
        return points_of(self.placement.shared_in_upload)

    @property
    def entry_outline(self) -> str:
        """The part of the entry that the upload shows."""
        return points_of(self.placement.shared_in_entry)


def told_match(matches: Sequence[CaseMatch]) -> CaseMatch | None:
    """Of what matched between a medium and one entry, what tells most: an alignment, else the whole, else a variant."""
    ranked = sorted(
        (one for one in matches if one.signal in _WHOLE_SIGNALS or one.placement is not None),
        key=lambda one: (one.alignment is None, one.placement is not None, one.distance_bits, one.pk),
    )
    return ranked[0] if ranked else None


def drawing_of(match: CaseMatch) -> Drawing | None:
    """The drawing of a match; None where too little is shared to be drawn."""
    drawing = Drawing(match.placed or Placement(IDENTITY), as_stored=_as_stored(match))
    return drawing if drawing.upload_outline and drawing.entry_outline else None


def _as_stored(match: CaseMatch) -> tuple[Side, ...]:
    """Whole hashes compare pixels as stored; variants were turned up for the upload, alignments for both."""
    if match.alignment is not None:
        return ()
    return ("upload", "banked") if match.placement is None else ("banked",)


def turn_of(shown: bytes, stored_pdq: bytes, *, quality_min: int, limits: MediumLimits) -> Placement:
    """From the pixels of a file as stored to the picture as people see it, which is turned as the file asks.

    It compares `shown` in all eight ways with the PDQ hash of the stored pixels, and reads no metadata; a picture of
    too low quality is taken as it is. Raises MediumRefused.
    """
    seen, stored = look_closely(shown, wanted="asked", limits=limits), int.from_bytes(stored_pdq)
    wholes = [one for one in seen.variants if one.variant.window == WHOLE.window]
    if not wholes or seen.signals.pdq_quality < quality_min:
        return Placement(IDENTITY)
    nearest = min(wholes, key=lambda one: (int.from_bytes(one.pdq) ^ stored).bit_count())
    return placement_of(nearest.variant, WHOLE, aspect=1.0)


def numbers_of(placement: Placement) -> str:
    """The nine numbers of a map, row by row, with spaces between."""
    return " ".join(f"{number:g}" for number in placement.write())


def points_of(outline: Outline) -> str:
    """An outline as the `points` of an SVG polygon, in thousandths of width and height.

    >>> points_of(((0.0, 0.0), (1.0, 0.0), (1.0, 0.88)))
    '0,0 1000,0 1000,880'
    """
    return " ".join(f"{round(x * OUTLINE_UNITS)},{round(y * OUTLINE_UNITS)}" for x, y in outline)
