"""Where an entry's picture lies in an upload: one map between the two, and the outlines that follow from it. Pure.

It finds no map: variants and alignments give it. All coordinates are shares of a picture's width and height, from
its left upper corner, so that it can be drawn over a picture of any size; of stored pixels, or upright as people see
it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vigie.foundation.errors import Invalid
from vigie.signals.variants import Variant

Point = tuple[float, float]
Outline = tuple[Point, ...]
Matrix = tuple[float, float, float, float, float, float, float, float, float]

WHOLE_OUTLINE: Outline = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
Upright = tuple[bool, bool, bool]
"""What is done to stored pixels before people look: axes swapped, then mirrored left to right and top to bottom."""

AS_STORED: Upright = (False, False, False)
IDENTITY: Matrix = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
_FLAT = 1e-9


@dataclass(frozen=True, slots=True)
class Placement:
    """A homography from the entry's picture to the upload, row by row, in shares of both pictures."""

    matrix: Matrix

    @property
    def entry_in_upload(self) -> Outline:
        """The entry's corners in the upload, in the order of `WHOLE_OUTLINE`; what lies outside of 0..1 was cut off."""
        return tuple(_mapped(self.matrix, point) for point in WHOLE_OUTLINE)

    @property
    def upload_in_entry(self) -> Outline:
        """The upload's corners in the entry; what lies outside of 0..1 was added."""
        inverse = _inverse(self.matrix)
        return tuple(_mapped(inverse, point) for point in WHOLE_OUTLINE)

    @property
    def shared_in_upload(self) -> Outline:
        """The part of the upload that shows the entry, three to eight corners; empty where there is none."""
        return _clipped(self.entry_in_upload)

    @property
    def shared_in_entry(self) -> Outline:
        """The part of the entry that the upload shows, three to eight corners; empty where there is none."""
        return _clipped(self.upload_in_entry)

    @property
    def share_of_upload(self) -> float:
        """How much of the upload's area shows the entry, 0..1."""
        return _area(self.shared_in_upload)

    @property
    def share_of_entry(self) -> float:
        """How much of the entry's area the upload shows, 0..1."""
        return _area(self.shared_in_entry)

    @property
    def is_mirrored(self) -> bool:
        """Whether left and right are exchanged."""
        return _signed_area(self.entry_in_upload) < 0

    def seen_upright(self, *, upload: Upright = AS_STORED, entry: Upright = AS_STORED) -> "Placement":
        """The map between both pictures as people see them; this one is between their pixels as stored."""
        return Placement(_product(_turned_up(upload), _product(self.matrix, _inverse(_turned_up(entry)))))

    def write(self) -> list[float]:
        """The nine numbers as they are stored."""
        return [float(f"{number:.6g}") for number in self.matrix]

    @classmethod
    def parse(cls, stored: Sequence[float]) -> "Placement":
        """The placement that was written; raises Invalid."""
        try:
            a, b, c, d, e, f, g, h, i = (float(number) for number in stored)
        except (TypeError, ValueError) as error:
            raise Invalid("This is not how a placement is written.", code="placement_malformed") from error
        matrix = (a, b, c, d, e, f, g, h, i)
        if not all(math.isfinite(number) for number in matrix) or abs(_determinant(matrix)) < _FLAT:
            raise Invalid("This map takes a picture to a line.", code="placement_malformed")
        return cls(matrix)


def placement_of(upload: Variant, entry: Variant, *, aspect: float) -> Placement:
    """Where variants that match say that the entry lies in the upload.

    `aspect` is the upload's width over its height: a turn by a few degrees keeps angles in pixels, not in shares.
    """
    part_aspect = aspect * _width(upload) / _height(upload)
    if upload.orientation.startswith("turned"):
        part_aspect = 1 / part_aspect
    entry_aspect = part_aspect * _height(entry) / _width(entry)
    steps = (
        _turned(entry.degrees, aspect=entry_aspect),
        _into(entry),
        _ORIENTATIONS.get(upload.orientation, IDENTITY),
        _out_of(upload),
    )
    matrix = IDENTITY
    for step in steps:
        matrix = _product(step, matrix)
    return Placement(matrix)


# From a part of the entry to the same part as it lies in the upload; names say what was done to the entry.
_ORIENTATIONS: dict[str, Matrix] = {
    "as_is": IDENTITY,
    "mirrored": (-1, 0, 1, 0, 1, 0, 0, 0, 1),
    "upside_down_mirrored": (1, 0, 0, 0, -1, 1, 0, 0, 1),
    "upside_down": (-1, 0, 1, 0, -1, 1, 0, 0, 1),
    "turned_left": (0, 1, 0, -1, 0, 1, 0, 0, 1),
    "turned_right": (0, -1, 1, 1, 0, 0, 0, 0, 1),
    "turned_left_mirrored": (0, 1, 0, 1, 0, 0, 0, 0, 1),
    "turned_right_mirrored": (0, -1, 1, -1, 0, 1, 0, 0, 1),
}


def _turned_up(upright: Upright) -> Matrix:
    swaps_axes, mirrors_x, mirrors_y = upright
    across, from_left = (-1.0, 1.0) if mirrors_x else (1.0, 0.0)
    down, from_top = (-1.0, 1.0) if mirrors_y else (1.0, 0.0)
    if swaps_axes:
        return (0.0, across, from_left, down, 0.0, from_top, 0.0, 0.0, 1.0)
    return (across, 0.0, from_left, 0.0, down, from_top, 0.0, 0.0, 1.0)


def _turned(degrees: float, *, aspect: float) -> Matrix:
    """Anticlockwise around the middle, in pixels of a picture of this width over height."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    across, down = sine / aspect, -sine * aspect
    return (
        cosine, across, 0.5 - 0.5 * (cosine + across),
        down, cosine, 0.5 - 0.5 * (down + cosine),
        0.0, 0.0, 1.0,
    )  # fmt: skip


def _into(variant: Variant) -> Matrix:
    """From the whole to shares of the window."""
    left, top, _, _ = variant.window
    width, height = _width(variant), _height(variant)
    return (1 / width, 0.0, -left / width, 0.0, 1 / height, -top / height, 0.0, 0.0, 1.0)


def _out_of(variant: Variant) -> Matrix:
    """From shares of the window to the whole."""
    left, top, _, _ = variant.window
    return (_width(variant), 0.0, left, 0.0, _height(variant), top, 0.0, 0.0, 1.0)


def _width(variant: Variant) -> float:
    return max(0.001, variant.window[2] - variant.window[0])


def _height(variant: Variant) -> float:
    return max(0.001, variant.window[3] - variant.window[1])


def _mapped(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f, g, h, i = matrix
    x, y = point
    depth = g * x + h * y + i
    if abs(depth) < _FLAT:
        depth = math.copysign(_FLAT, depth)
    return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth


def _product(left: Matrix, right: Matrix) -> Matrix:
    rows = (left[0:3], left[3:6], left[6:9])
    columns = (right[0::3], right[1::3], right[2::3])
    a, b, c, d, e, f, g, h, i = (
        sum(x * y for x, y in zip(row, column, strict=True)) for row in rows for column in columns
    )
    return (a, b, c, d, e, f, g, h, i)


def _determinant(matrix: Matrix) -> float:
    a, b, c, d, e, f, g, h, i = matrix
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def _inverse(matrix: Matrix) -> Matrix:
    a, b, c, d, e, f, g, h, i = matrix
    over = 1 / _determinant(matrix)
    return (
        (e * i - f * h) * over, (c * h - b * i) * over, (b * f - c * e) * over,
        (f * g - d * i) * over, (a * i - c * g) * over, (c * d - a * f) * over,
        (d * h - e * g) * over, (b * g - a * h) * over, (a * e - b * d) * over,
    )  # fmt: skip


def _clipped(outline: Outline) -> Outline:
    """The part of a convex outline that lies in the picture (Sutherland and Hodgman)."""
    for axis, edge, keeps in ((0, 0.0, 1), (0, 1.0, -1), (1, 0.0, 1), (1, 1.0, -1)):
        kept: list[Point] = []
        for start, end in zip(outline, (*outline[1:], *outline[:1]), strict=True):
            before, after = (start[axis] - edge) * keeps, (end[axis] - edge) * keeps
            if before >= 0:
                kept.append(start)
            if (before < 0) != (after < 0):
                share = before / (before - after)
                kept.append((start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
        outline = tuple(kept)
    return outline if len(outline) > 2 else ()


def _area(outline: Outline) -> float:
    return min(1.0, abs(_signed_area(outline)))


def _signed_area(outline: Outline) -> float:
    pairs = zip(outline, (*outline[1:], *outline[:1]), strict=True)
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairs) / 2
