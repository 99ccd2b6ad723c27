"""Local features of a picture, by which two pictures can be laid on each other: corners, their codes, a thumbnail.

It decodes nothing: the kernel gives the luma plane, so that OpenCV, which is imported when first needed, never sees
a stranger's bytes.
"""

import struct
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import vigie_kernel

from vigie.foundation.errors import Invalid
from vigie.signals.placement import AS_STORED, Upright

if TYPE_CHECKING:
    from types import ModuleType

    import cv2
    import numpy as np
    from numpy.typing import NDArray

FEATURES_MAX = 500
CODE_BYTES = 32
THUMBNAIL_SIDE_PX_MAX = 64

_FORMAT = 1
_HEADER = struct.Struct("<BBHHHHH")
_PLANE_SIDE_PX_MAX = 4_096
_STORED_BYTES_MAX = 64_000
# Corners of 384 pixels: five sizes, each 1.3 times as coarse; as near to the edge as half a patch.
_LEVELS, _SCALE = 5, 1.3
_EDGE_PX = 16
# How far a corner stands out, in luma; where few do, weaker ones are sought too: gradients have no others.
_CONTRAST_MIN = 8
_CONTRAST_MIN_OF_SOFT_PICTURES = 3
_FEW = 300


@dataclass(frozen=True, slots=True)
class Features:
    """Corners of a picture's luma plane with their codes, and a small thumbnail of it.

    `points`: float32, shape (n, 2), x and y in pixels of the plane; `codes`: uint8, shape (n, 32), binary, compared
    by differing bits; n is at most 500, the strongest corners. `thumbnail`: uint8, rows of luma, at most 64 pixels a
    side. `upright`: what is done to the pixels before people look.
    """

    width_px: int
    height_px: int
    points: "NDArray[np.float32]"
    codes: "NDArray[np.uint8]"
    thumbnail: "NDArray[np.uint8]"
    upright: Upright = AS_STORED

    def write(self) -> bytes:
        """The features in at most 64,000 bytes, some 20,000 for a photograph, as they are sealed beside an entry."""
        numpy = _numpy()
        height, width = self.thumbnail.shape
        turned = sum(flag << place for place, flag in enumerate(self.upright))
        header = _HEADER.pack(_FORMAT, turned, self.width_px, self.height_px, len(self.points), width, height)
        eighths = numpy.rint(self.points * 8).astype("<u2")
        return header + zlib.compress(eighths.tobytes() + self.codes.tobytes() + self.thumbnail.tobytes(), 6)

    @classmethod
    def parse(cls, stored: bytes) -> "Features":
        """The features that were written; raises Invalid."""
        numpy = _numpy()
        try:
            form, turned, width_px, height_px, count, across, down = _HEADER.unpack_from(stored)
            inflating = zlib.decompressobj()
            body = inflating.decompress(stored[_HEADER.size :], _STORED_BYTES_MAX)
        except (struct.error, zlib.error) as error:
            raise _malformed() from error
        points_size, codes_size = 4 * count, CODE_BYTES * count
        is_whole = len(body) == points_size + codes_size + across * down
        if form != _FORMAT or count > FEATURES_MAX or not is_whole or not (across and down):
            raise _malformed()
        eighths = numpy.frombuffer(body, "<u2", count=2 * count).reshape(count, 2)
        codes = numpy.frombuffer(body, numpy.uint8, count=codes_size, offset=points_size)
        thumbnail = numpy.frombuffer(body, numpy.uint8, offset=points_size + codes_size)
        return cls(
            width_px,
            height_px,
            (eighths / 8).astype(numpy.float32),
            codes.reshape(count, CODE_BYTES),
            thumbnail.reshape(down, across),
            (bool(turned & 1), bool(turned & 2), bool(turned & 4)),
        )


def features_of(plane: vigie_kernel.LumaPlane) -> Features:
    """The features of a picture by its luma plane; the same at any number of threads."""
    return _features(_rows(plane), plane.upright)


def mirrored_features_of(plane: vigie_kernel.LumaPlane) -> Features:
    """The features of the picture with left and right exchanged: codes know no mirror."""
    return _features(_numpy().ascontiguousarray(_rows(plane)[:, ::-1]), plane.upright)


def rows_of(plane: vigie_kernel.LumaPlane) -> "NDArray[np.uint8]":
    """The plane as rows of luma, 0 to 255."""
    return _rows(plane)


@cache
def opencv() -> "ModuleType":
    """OpenCV, on one thread: those who call it have their own."""
    import cv2

    cv2.setNumThreads(1)
    return cv2


def _features(rows: "NDArray[np.uint8]", upright: Upright) -> Features:
    numpy = _numpy()
    height, width = rows.shape
    # A narrower picture has no place for a patch, and OpenCV refuses to make it smaller still.
    is_wide_enough = min(height, width) > 2 * _EDGE_PX
    corners, codes = _detector(_CONTRAST_MIN).detectAndCompute(rows, None) if is_wide_enough else ((), None)
    if is_wide_enough and len(corners) < _FEW:
        corners, codes = _detector(_CONTRAST_MIN_OF_SOFT_PICTURES).detectAndCompute(rows, None)
    # The detector keeps ties, so that there can be some more than were asked for; without any there are no codes.
    points = numpy.array([one.pt for one in corners[:FEATURES_MAX]], numpy.float32).reshape(-1, 2)
    kept: NDArray[np.uint8] = numpy.zeros((0, CODE_BYTES), numpy.uint8)
    if len(points):
        kept = numpy.asarray(codes, numpy.uint8)[:FEATURES_MAX]
    return Features(width, height, points, kept, _thumbnail(rows), upright)


def _thumbnail(rows: "NDArray[np.uint8]") -> "NDArray[np.uint8]":
    cv = opencv()
    height, width = rows.shape
    share = min(1.0, THUMBNAIL_SIDE_PX_MAX / max(width, height))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    smaller: NDArray[np.uint8] = cv.resize(rows, size, interpolation=cv.INTER_AREA)
    return smaller


def _detector(contrast_min: int) -> "cv2.ORB":
    found: cv2.ORB = opencv().ORB_create(
        nfeatures=FEATURES_MAX,
        scaleFactor=_SCALE,
        nlevels=_LEVELS,
        edgeThreshold=_EDGE_PX,
        fastThreshold=contrast_min,
    )
    return found


def _rows(plane: vigie_kernel.LumaPlane) -> "NDArray[np.uint8]":
    numpy = _numpy()
    rows: NDArray[np.uint8] = numpy.frombuffer(plane.values, numpy.uint8)
    return rows.reshape(plane.height_px, plane.width_px)


@cache
def _numpy() -> "ModuleType":
    import numpy as np

    return np


def _malformed() -> Invalid:
    return Invalid("These are not the features of a picture.", code="features_malformed")
