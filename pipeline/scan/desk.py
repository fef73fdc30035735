"""What lies around a photographed page: the desk, by the four sides of the paper or by being dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.scan.pixels import Gray

# The desk is looked for on a picture this coarse; letters vanish in it. Pixels a point.
_PX_PER_PT = 0.5
# Width of the blur, in pixels of the coarse picture.
_BLUR = 9
# What is darker than this share of the paper, at the edge and at least so large (of the picture), is desk. 0..1.
_DARK_SHARE, _LEAST_AREA = 0.55, 0.004
# The paper ends with a step in light of this share of it; a shadow that falls on the page begins gradually. 0..1.
_STEP_SHARE = 0.2
# A picture is looked at for the sides of the paper where a quarter of a rim of it is darker than this share of the
# paper. The rim is this share of the picture. 0..1.
_RIM_SHARE, _RIM_DARK = 0.02, 0.8
# Along a side the paper is lighter than the desk by this share of it, between bands from here to there beside the side,
# in pixels of the coarse picture; on so much of its length.
_SIDE_STEP, _BAND, _SIDE_FILLED = 0.12, (2, 7), 0.7
# A side leans by up to this much, tried in so many steps. Tangent of the angle.
_MOST_LEAN, _LEANS = 0.27, 55
# The paper takes at least this share of the picture. 0..1.
_LEAST_PAPER = 0.3
# So much along the sides is of the desk too: shadows, folded rims. Pixels of the coarse picture.
_RIM_PX = 3

Points = NDArray[np.float64]


def find_desk(gray: Gray, px_per_pt: float) -> Gray | None:
    """uint8 mask (H, W) of what lies around a photographed page; None where nothing does.

    Args:
        gray: uint8 (H, W), as stored.
        px_per_pt: Pixels a point.
    """
    scale = _PX_PER_PT / px_per_pt
    small = cv2.medianBlur(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), _BLUR)
    mask = _around_sides(small) if _has_dark_rim(small) else None
    if mask is None:
        mask = _dark_at_edge(small)
    return None if mask is None else cv2.resize(mask, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_NEAREST)


def _has_dark_rim(small: Gray) -> bool:
    rim = max(2, round(_RIM_SHARE * min(small.shape)))
    limit = _RIM_DARK * float(np.percentile(small, 95))
    strips = (small[:rim], small[-rim:], small[:, :rim], small[:, -rim:])
    return any(float(np.percentile(strip, 25)) < limit for strip in strips)


def _dark_at_edge(small: Gray) -> Gray | None:
    """Large dark regions at the edge that end with a step."""
    dark = (small < _DARK_SHARE * np.percentile(small, 95)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark)
    height, width = dark.shape
    around = np.zeros(count, bool)
    for i, (x, y, w, h, area) in enumerate(stats[1:count], start=1):
        at_edge = x == 0 or y == 0 or x + w == width or y + h == height
        around[i] = at_edge and area >= _LEAST_AREA * dark.size and _ends_with_step(small, labels == i)
    if not around.any():
        return None
    return cv2.dilate(around[labels].astype(np.uint8), np.ones((5, 5), np.uint8))


def _ends_with_step(gray: Gray, region: NDArray[np.bool_]) -> bool:
    """True where it is much lighter right outside of a region than right inside."""
    mask, near = region.astype(np.uint8), np.ones((7, 7), np.uint8)
    inside, outside = region & (cv2.erode(mask, near, borderValue=1) == 0), (cv2.dilate(mask, near) > 0) & ~region
    if not inside.any() or not outside.any():
        return False
    step = float(np.median(gray[outside])) - float(np.median(gray[inside]))
    return step >= _STEP_SHARE * float(np.percentile(gray, 95))


@dataclass(frozen=True)
class _Side:
    """A side of the paper: x = middle + lean * (y - height / 2); of an upper or lower one with x and y swapped."""

    middle: float
    lean: float


def _around_sides(small: Gray) -> Gray | None:
    """What lies outside the sides of the paper; None where they are not found.

    A side may lie outside the picture; one at least must be seen, and all seen ones whole.
    """
    height, width = small.shape
    pictures = {
        "left": small,
        "right": small[:, ::-1],
        "top": np.ascontiguousarray(small.T),
        "bottom": np.ascontiguousarray(small[::-1].T),
    }
    steps = {name: _steps_up(picture) for name, picture in pictures.items()}
    best = {name: _best_side(step) for name, step in steps.items()}
    sides = {n: s if s is not None and _is_dark_outside(pictures[n], s) else None for n, s in best.items()}
    if not any(sides.values()):
        return None
    corners = _corners({name: _as_in_picture(name, side, width, height) for name, side in sides.items()}, width, height)
    for name, side in sides.items():
        if side is not None and not _is_whole(steps[name], side, _extent(name, corners, width, height)):
            return None
    paper = np.zeros(small.shape, np.uint8)
    cv2.fillConvexPoly(paper, np.round(corners).astype(np.int32), 1)
    if paper.mean() < _LEAST_PAPER:
        return None
    rim = 2 * _RIM_PX + 1
    return 1 - cv2.erode(paper, np.ones((rim, rim), np.uint8), borderValue=1)


def _steps_up(picture: Gray) -> NDArray[np.bool_]:
    """True where it gets lighter from left to right by as much as paper is lighter than a desk."""
    near, far = _BAND
    values = cv2.blur(picture.astype(np.float32), (far - near, 1), borderType=cv2.BORDER_REPLICATE)
    shift = (near + far) // 2
    right, left = np.roll(values, -shift, axis=1), np.roll(values, shift, axis=1)
    steps: NDArray[np.bool_] = right - left >= _SIDE_STEP * np.maximum(right, 1)
    steps[:, :shift] = False
    steps[:, -shift:] = False
    return steps


def _best_side(steps: NDArray[np.bool_]) -> _Side | None:
    """The line in the left half along which it gets lighter over the greatest length; None where none is long."""
    height, width = steps.shape
    rows = np.arange(height)
    best, found = _SIDE_FILLED * height / 2, None
    for lean in np.linspace(-_MOST_LEAN, _MOST_LEAN, _LEANS):
        shift = np.round(lean * (rows - height / 2)).astype(np.intp)
        columns = np.arange(width // 2)[None, :] + shift[:, None]
        counts = (steps[rows[:, None], columns.clip(0, width - 1)] & (columns >= 0)).sum(axis=0)
        most = int(counts.max())
        if most > best:
            # The step is as wide as its bands: its middle is where the paper ends.
            best, found = most, _Side(float(np.flatnonzero(counts == most).mean()), float(lean))
    return found


def _is_dark_outside(picture: Gray, side: _Side) -> bool:
    """True where what lies left of a side is no paper: below a shaded row of a table the page goes on."""
    height, width = picture.shape
    beside = np.arange(width)[None, :] - (side.middle + side.lean * (np.arange(height) - height / 2))[:, None]
    near, far = _BAND
    outside, inside = picture[beside < -near], picture[(beside > near) & (beside < near + 2 * far)]
    if not outside.size or not inside.size:
        return True
    return float(np.median(outside)) <= (1 - _SIDE_STEP / 2) * float(np.median(inside))


def _as_in_picture(name: str, side: _Side | None, width: int, height: int) -> _Side:
    """A side in the picture itself, not mirrored; the edge of the picture where there is none."""
    if side is None:
        return _Side({"left": 0.0, "top": 0.0, "right": width - 1.0, "bottom": height - 1.0}[name], 0.0)
    if name == "right":
        return _Side(width - 1 - side.middle, -side.lean)
    if name == "bottom":
        return _Side(height - 1 - side.middle, -side.lean)
    return side


def _corners(sides: dict[str, _Side], width: int, height: int) -> Points:
    """float64 (4, 2): x, y of the corners of the paper, clockwise from the upper left one."""
    return np.array([_meet(sides[a], sides[b], width, height) for a, b in _CORNERS])


_CORNERS: tuple[tuple[Literal["left", "right"], Literal["top", "bottom"]], ...] = (
    ("left", "top"),
    ("right", "top"),
    ("right", "bottom"),
    ("left", "bottom"),
)


def _meet(plumb: _Side, level: _Side, width: int, height: int) -> tuple[float, float]:
    # x = p + a (y - h/2), y = q + b (x - w/2)
    x = (plumb.middle + plumb.lean * (level.middle - level.lean * width / 2 - height / 2)) / (
        1 - plumb.lean * level.lean
    )
    return x, level.middle + level.lean * (x - width / 2)


def _extent(name: str, corners: Points, width: int, height: int) -> tuple[int, int]:
    """Where a side begins and ends along itself, inside the picture."""
    along, most = (1, height) if name in {"left", "right"} else (0, width)
    ends = {"left": (0, 3), "right": (1, 2), "top": (0, 1), "bottom": (3, 2)}[name]
    a, b = sorted(float(corners[i][along]) for i in ends)
    return max(0, round(a)), min(most, round(b) + 1)


def _is_whole(steps: NDArray[np.bool_], side: _Side, extent: tuple[int, int]) -> bool:
    """True where it gets lighter along a side from corner to corner."""
    rows = np.arange(*extent)
    columns = np.round(side.middle + side.lean * (rows - steps.shape[0] / 2)).astype(np.intp)
    seen = (columns >= 0) & (columns < steps.shape[1])
    return bool(seen.any() and steps[rows[seen], columns[seen]].mean() >= _SIDE_FILLED)
