"""Aligning: laying an upload on an entry's picture, corner by corner, and measuring how far the two then agree.

It refuses to find an entry or to judge: what it measures becomes a score in `likelihood`. Pure, and the same answer
at every call: the draws of RANSAC start from one seed. OpenCV and numpy are loaded with it, so that it is imported
where a candidate is at hand, not at the start of a process.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import vigie_kernel

from vigie.signals.alignment import Alignment
from vigie.signals.features import Features, features_of, mirrored_features_of, opencv, rows_of
from vigie.signals.placement import Matrix, Placement

if TYPE_CHECKING:
    from numpy.typing import NDArray

INLIERS_MIN = 10
"""Fewer pairs of corners under one map happen by chance."""

_SEED = 1
_TRIES_MAX = 2_000
# A pair of corners: at most so many of 256 bits apart, and clearly nearer than the next.
_BITS_MAX = 70
_NEXT_RATIO = 0.85
# How far a corner may lie from where the map puts it, in pixels of a plane of 384: first, and for the map with depth.
_NEAR_PX = 4.0
_NEARER_PX = 3.0
# Maps that no camera or editor makes: smaller than this, or this much longer one way than the other.
_SIZE_MIN, _SIZE_MAX = 0.08, 12.0
_STRETCH_MAX = 3.0
# Agreement of thumbnails, block by block.
_BLOCK_PX = 8
_BLOCK_STEP_PX = 4
_STRUCTURE_MIN = 5.0
_ALIKE_MIN = 0.6
_CELLS = 6
_INSIDE_SHARE_MIN = 0.98


class Alignable:
    """An upload to be aligned, by its luma plane; what is sought in it is sought once, when first needed."""

    def __init__(self, plane: vigie_kernel.LumaPlane) -> None:
        self._plane = plane

    @cached_property
    def corners(self) -> vigie_kernel.CornerWords:
        """The words by which entries with the same corners are found."""
        return self._plane.corners()

    @cached_property
    def rows(self) -> "NDArray[np.uint8]":
        """The luma plane."""
        return rows_of(self._plane)

    @cached_property
    def features(self) -> Features:
        """As it is."""
        return features_of(self._plane)

    @cached_property
    def mirrored_features(self) -> Features:
        """With left and right exchanged."""
        return mirrored_features_of(self._plane)


Way = Literal["as it is", "mirrored", "either"]
"""How the upload is laid on the entry: where a variant told it, one way is enough."""


def align(upload: Alignable, entry: Features, *, way: Way = "either") -> Alignment | None:
    """The best alignment of an upload with an entry's picture; None when too few corners agree on one."""
    ways = {"as it is": (False,), "mirrored": (True,), "either": (False, True)}[way]
    found = [one for one in (_fit(upload, entry, is_mirrored) for is_mirrored in ways) if one is not None]
    if not found:
        return None
    best = max(found, key=lambda one: one.inliers)
    placement = best.placement(entry)
    if placement is None:
        return None
    support, coverage = _support_and_coverage(best, entry)
    return Alignment(
        placement=placement,
        degrees=_degrees(placement, best.features, entry),
        inliers=best.inliers,
        support=support,
        coverage=coverage,
        agreement=_agreement(best, upload, entry),
        code_bits=best.code_bits,
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """A map from the entry's plane to the upload's, in pixels, and the corners of the entry that agree with it."""

    features: Features
    is_mirrored: bool
    matrix: "NDArray[np.float64]"
    agreeing: "NDArray[np.float32]"
    code_bits: int

    @property
    def inliers(self) -> int:
        return len(self.agreeing)

    @property
    def unmirrored(self) -> "NDArray[np.float64]":
        """The map to the upload as it came."""
        if not self.is_mirrored:
            return self.matrix
        flip = np.array([[-1.0, 0.0, self.features.width_px - 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
        return flip @ self.matrix

    def placement(self, entry: Features) -> Placement | None:
        """The same map in shares of both pictures; None for one that no camera or editor makes."""
        if not _is_plausible(self.matrix, entry):
            return None
        # A corner's place counts from the middle of the first pixel.
        into = _scaled(1 / self.features.width_px, 1 / self.features.height_px) @ _moved(0.5)
        out_of = _moved(-0.5) @ _scaled(entry.width_px, entry.height_px)
        shares = into @ self.unmirrored @ out_of
        shares /= shares[2, 2]
        a, b, c, d, e, f, g, h, i = (float(number) for number in shares.ravel())
        matrix: Matrix = (a, b, c, d, e, f, g, h, i)
        return Placement(matrix).seen_upright(upload=self.features.upright, entry=entry.upright)


def _fit(upload: Alignable, entry: Features, is_mirrored: bool) -> _Fit | None:
    cv = opencv()
    asked = upload.mirrored_features if is_mirrored else upload.features
    if len(asked.points) < INLIERS_MIN or len(entry.points) < INLIERS_MIN:
        return None
    bits, places = cv.batchDistance(asked.codes, entry.codes, cv.CV_32S, normType=cv.NORM_HAMMING, K=2)
    paired = (bits[:, 0] <= _BITS_MAX) & (bits[:, 0] < _NEXT_RATIO * bits[:, 1])
    if paired.sum() < INLIERS_MIN:
        return None
    bits = bits[paired, 0]
    there, here = asked.points[paired], entry.points[places[paired, 0]]
    cv.setRNGSeed(_SEED)
    flat, agrees = cv.estimateAffine2D(
        here,
        there,
        method=cv.RANSAC,
        ransacReprojThreshold=_NEAR_PX,
        maxIters=_TRIES_MAX,
        confidence=0.995,
        refineIters=5,
    )
    if flat is None or agrees.sum() < INLIERS_MIN:
        return None
    matrix = np.vstack([flat, [0.0, 0.0, 1.0]])
    agreeing = agrees[:, 0] > 0
    deep, deeper = _with_depth(matrix, here, there)
    if deep is not None and deeper.sum() > agreeing.sum():
        matrix, agreeing = deep, deeper
    return _Fit(asked, is_mirrored, matrix, here[agreeing], round(float(np.median(bits[agreeing]))))


def _with_depth(
    flat: "NDArray[np.float64]", here: "NDArray[np.float32]", there: "NDArray[np.float32]"
) -> "tuple[NDArray[np.float64] | None, NDArray[np.bool_]]":
    """A map with perspective through what lies near the flat one, and which pairs agree with it."""
    cv = opencv()
    none = np.zeros(len(here), bool)
    near = np.linalg.norm(_through(flat, here) - there, axis=1) <= 4 * _NEAR_PX
    if near.sum() < 2 * INLIERS_MIN:
        return None, none
    cv.setRNGSeed(_SEED)
    deep, agrees = cv.findHomography(
        here[near], there[near], cv.RANSAC, _NEARER_PX, maxIters=_TRIES_MAX, confidence=0.995
    )
    if deep is None:
        return None, none
    agreeing = none.copy()
    agreeing[np.flatnonzero(near)[agrees[:, 0] > 0]] = True
    return deep, agreeing


def _is_plausible(matrix: "NDArray[np.float64]", entry: Features) -> bool:
    """Whether the map neither folds nor mirrors nor stretches the picture beyond reason."""
    width, height = entry.width_px - 1.0, entry.height_px - 1.0
    corners = np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
    depths = corners @ matrix[2, :2] + matrix[2, 2]
    if (depths * depths[0] <= 0).any():
        return False
    outline = _through(matrix, corners)
    sides = np.roll(outline, -1, axis=0) - outline
    turns = sides[:, 0] * np.roll(sides[:, 1], -1) - sides[:, 1] * np.roll(sides[:, 0], -1)
    if (turns <= 0).any():
        return False
    middle = np.array([[width / 2, height / 2]])
    steps = np.array([[1.0, 0.0], [0.0, 1.0]])
    local = (_through(matrix, middle + steps) - _through(matrix, middle)).T
    largest, smallest = np.linalg.svd(local, compute_uv=False)
    return bool(largest <= _SIZE_MAX and smallest >= _SIZE_MIN and largest <= _STRETCH_MAX * smallest)


def _degrees(placement: Placement, upload: Features, entry: Features) -> int:
    """By how much the entry's picture was turned, anticlockwise, before any mirroring; -179..180."""
    shares = np.array(placement.matrix).reshape(3, 3)
    pixels = _scaled(*_seen_size(upload)) @ shares @ np.linalg.inv(_scaled(*_seen_size(entry)))
    across, down = pixels[0, 0] / pixels[2, 2], pixels[1, 0] / pixels[2, 2]
    degrees = round(float(np.degrees(np.arctan2(-down, -across if placement.is_mirrored else across))))
    return 180 if degrees == -180 else degrees


def _seen_size(picture: Features) -> tuple[int, int]:
    size = (picture.width_px, picture.height_px)
    return size[::-1] if picture.upright[0] else size


def _support_and_coverage(fit: _Fit, entry: Features) -> tuple[float, float]:
    """How many of the corners agree that could, and in how many cells of the entry's picture that hold corners of both.

    The share of corners is of the picture that has fewer of them in the shared area.
    """
    ours = entry.points[_inside(_through(fit.matrix, entry.points), fit.features)]
    theirs = _through(np.linalg.inv(fit.matrix), fit.features.points)
    theirs = theirs[_inside(theirs, entry)]
    fewer = min(len(ours), len(theirs))
    support = min(1.0, fit.inliers / fewer) if fewer else 0.0
    held = (_counts(ours, entry) >= 2) & (_counts(theirs, entry) >= 2)
    return support, float((_counts(fit.agreeing, entry)[held] > 0).mean()) if held.any() else 0.0


def _counts(points: "NDArray[np.floating]", entry: Features) -> "NDArray[np.int64]":
    cells = points / (entry.width_px, entry.height_px) * _CELLS
    columns, rows = np.clip(cells, 0, _CELLS - 1).astype(int).T
    return np.bincount(rows * _CELLS + columns, minlength=_CELLS * _CELLS)


def _agreement(fit: _Fit, upload: Alignable, entry: Features) -> float:
    """The upload laid on the entry's thumbnail: how much of the structure that both could show is alike."""
    cv = opencv()
    down, across = entry.thumbnail.shape
    size = (entry.width_px, entry.height_px)
    back = np.linalg.inv(fit.unmirrored)
    laid = cv.warpPerspective(upload.rows, back, size, flags=cv.INTER_LINEAR)
    seen = cv.warpPerspective(np.full_like(upload.rows, 255), back, size, flags=cv.INTER_LINEAR)
    laid = cv.resize(laid, (across, down), interpolation=cv.INTER_AREA).astype(np.float32)
    seen = cv.resize(seen, (across, down), interpolation=cv.INTER_AREA) >= 255 * _INSIDE_SHARE_MIN
    return _alike(laid, entry.thumbnail.astype(np.float32), seen)


def _alike(laid: "NDArray[np.float32]", known: "NDArray[np.float32]", seen: "NDArray[np.bool_]") -> float:
    """The share of structure, block by block, whose correlation is high; light and contrast do not count."""
    cv = opencv()
    step = (slice(_BLOCK_PX // 2, None, _BLOCK_STEP_PX), slice(_BLOCK_PX // 2, None, _BLOCK_STEP_PX))

    def mean(values: "NDArray[np.float32]") -> "NDArray[np.float32]":
        averaged: NDArray[np.float32] = cv.blur(values, (_BLOCK_PX, _BLOCK_PX))[step]
        return averaged

    whole = mean(seen.astype(np.float32)) >= _INSIDE_SHARE_MIN
    mean_laid, mean_known = mean(laid), mean(known)
    spread_laid = np.sqrt(np.maximum(mean(laid * laid) - mean_laid**2, 0))
    spread_known = np.sqrt(np.maximum(mean(known * known) - mean_known**2, 0))
    together = mean(laid * known) - mean_laid * mean_known
    correlation = together / np.maximum(spread_laid * spread_known, 1e-3)
    # Contrast may have changed as a whole: the upload's is brought to the entry's.
    usual = np.median(spread_laid[whole]) / max(1e-3, np.median(spread_known[whole])) if whole.any() else 1.0
    structure = np.minimum(np.maximum(spread_known, spread_laid / max(usual, 0.1)), 4 * _STRUCTURE_MIN)
    structure = np.where(whole & (structure >= _STRUCTURE_MIN), structure, 0.0)
    total = float(structure.sum())
    return float(structure[correlation >= _ALIKE_MIN].sum()) / total if total else 0.0


def _inside(points: "NDArray[np.floating]", picture: Features) -> "NDArray[np.bool_]":
    x, y = points[:, 0], points[:, 1]
    return (x >= 0) & (y >= 0) & (x < picture.width_px) & (y < picture.height_px)


def _through(matrix: "NDArray[np.floating]", points: "NDArray[np.floating]") -> "NDArray[np.float64]":
    mapped = points @ matrix[:, :2].T + matrix[:, 2]
    depths = mapped[:, 2:]
    flat: NDArray[np.float64] = mapped[:, :2] / np.where(np.abs(depths) < 1e-9, 1e-9, depths)
    return flat


def _scaled(across: float, down: float) -> "NDArray[np.float64]":
    return np.diag([across, down, 1.0])


def _moved(by: float) -> "NDArray[np.float64]":
    return np.array([[1.0, 0.0, by], [0.0, 1.0, by], [0.0, 0.0, 1.0]])
