"""Stamps over print: found by their colour, or on a grey scan by their ring; their ink taken out, the print kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.scan.coloured_pens import SATURATED, coloured_pens
from pipeline.scan.overprint import Overprint
from pipeline.scan.pixels import Gray, Mask

_PAPER = 255
# A stamp spans at least this much in both directions; coloured letters do not. Points.
_SMALLEST_STAMP_PT = 45.0
# Pieces of coloured ink nearer than this are one stamp. Points.
_STAMP_GAP_PT = 6.0
# Optical density (natural logarithm) by which the opposite channel of coloured ink is darker than its own.
_DENSE = 0.35
# Coloured ink over print is denser than alone, so the ratio is taken from the lighter part.
_ALONE_PERCENTILE, _MOST_PERCENTILE = 40, 60
# Strokes of a stamp are at least this wide; those of print in a table are thinner. Points.
_STROKE_PT = 1.3
# Rings are looked for on a picture this coarse; noise is taken out by a blur this wide. Pixels a point, points.
_SEARCH_PX_PER_PT, _CALM_PT = 2.0, 0.12
# Wide strokes darker than the paper by this much (of 255) may be of a stamp.
_LEAST_DARKNESS = 30
# Pieces of wide strokes smaller than this are characters, straight ones as long as the second figure rulings. Points.
_SHORTEST_ARC_PT, _STRAIGHT_PT = 15.0, 64.0
# Half the width of a stamp. Points; a coin to a hand.
_LEAST_RADIUS_PT, _MOST_RADIUS_PT = 25.0, 90.0
# Height as a share of the width: round stamps, and the oval ones of invoices.
_SHAPES = (1.0, 0.75)
# Votes of the edge pixels of a ring (one a point along it) that make a candidate; candidates looked at more closely.
_VOTES, _CANDIDATES = 20, 16
# A ring is followed in so many directions, up to this distance from where it was first seen; the paper beside it lies
# this far from its middle. Points.
_DIRECTIONS, _REACH_PT, _BESIDE_PT, _STEP_PT = 180, 6.0, 4.0, 0.5
# It must be seen in this share of the directions, and lie this near to one ellipse. 0..1, points.
_SEEN_SHARE, _NEAR_ELLIPSE_PT = 0.6, 1.5
# What lies this far outside the middle of the ring is still of the stamp. Points.
_RIM_PT = 3.5
# Optical density (natural logarithm): a stamp is at most so dense where it lies alone, else it hides the print.
_MOST_DENSITY = 1.25
# Ink of a stamp is denser than this, and at most so many times as dense as the denser parts of its ring.
_LEAST_DENSITY, _UNEVEN = 0.12, 1.3
# The edges of its strokes reach so far beyond them, and are as rough as that. Points.
_EDGE_PT, _ROUGH_PT = 0.6, 0.3
# Where ink did not take, what there is of it lies this near to the rest. Points.
_AROUND_PT = 1.6
# Print is denser than this, what is left of a stamp is not.
_PRINT_DENSITY = 0.2
# Pieces of what is left as small as this, or nowhere denser than the third figure, are noise. Points, density.
_CRUMB_PT, _CRUMB_DENSITY, _FAINTEST_PRINT = 1.2, 0.08, 0.3
# Larger ones up to this are, where they are less dense than a decimal point. Points, density.
_SCRAP_PT, _FAINTEST_POINT = 2.8, 0.55
_HALF = 0.5
# A piece of wide strokes is print where so much of it is too dense for a stamp, or beside that. 0..1.
_PRINT_SHARE = 0.8
# So is a small piece whose strokes are so thin that an opening leaves no more of its ink than this. 0..1, points.
_THIN_SHARE, _LARGEST_PRINT_PT = 0.66, 15.0
# Pieces smaller than this are strokes of digits. Square points.
_LEAST_AREA_PT2 = 8.0
# The strokes of a stamp are measured this fine. Pixels a point.
_FINE_PX_PER_PT = 6.0


@dataclass(frozen=True, slots=True)
class Ring:
    """The ellipse along the middle of the ring of a stamp, in points, and the angle of the first axis in degrees."""

    x: float
    y: float
    width: float
    height: float
    angle: float


def without_coloured_ink(channels: Sequence[Gray], px_per_pt: float) -> tuple[Gray, Overprint | None]:
    """(the page in grey without the ink of coloured stamps and pens, that ink; None where there are none).

    The page with the ink is shown as the lightest of its channels, in which coloured ink is pale.

    Args:
        channels: Red, green and blue, paper at 255 in each.
        px_per_pt: Pixels a point.
    """
    red, green, blue = channels
    strongest, weakest = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    gray = cv2.addWeighted(cv2.addWeighted(red, 0.4, green, 0.6, 0), 0.8, blue, 0.2, 0)
    colour = cv2.subtract(strongest, weakest)
    mask = np.zeros_like(gray)
    stamps = _coloured_stamps(colour, px_per_pt)
    pens = coloured_pens(colour if stamps is None else np.where(stamps > 0, 0, colour).astype(np.uint8), px_per_pt)
    for ink in (stamps, pens):
        if ink is not None:
            gray = np.where(ink > 0, _without_colour(strongest, weakest, ink), gray)
            mask[(ink > 0) & (colour > SATURATED)] = _PAPER
    return (gray, Overprint(mask, strongest)) if mask.any() else (gray, None)


def without_gray_stamps(gray: Gray, px_per_pt: float) -> tuple[Gray, Overprint | None]:
    """(the page without the ink of its grey stamps, that ink; None where there are none).

    A stamp on a grey scan is lighter than print, and its strokes are wider. So the density of the stamp is what is left
    when strokes as thin as print are taken away, and print is what is denser than the stamp around it.

    Args:
        gray: The page with paper at 255.
        px_per_pt: Pixels a point.
    """
    rings = find_rings(gray, px_per_pt)
    if not rings:
        return gray, None
    cleared, ink = gray.copy(), np.zeros_like(gray)
    for ring in rings:
        inside = np.zeros_like(gray)
        _draw(inside, ring, px_per_pt, 2 * _RIM_PT, -1)
        x, y, w, h = cv2.boundingRect(inside)
        part = np.s_[y : y + h, x : x + w]
        rest, stamp = _unstamped(cleared[part], inside[part], ring, (x, y), px_per_pt)
        cleared[part] = rest
        ink[part] |= stamp
    return (cleared, Overprint(ink, gray)) if ink.any() else (gray, None)


def find_rings(gray: Gray, px_per_pt: float) -> list[Ring]:
    """The rings of stamps on a grey page: large closed curves of wide strokes, lighter than print."""
    scale = min(1.0, _SEARCH_PX_PER_PT / px_per_pt)
    size = px_per_pt * scale
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else gray
    wide = _opened((np.uint8(_PAPER) - small).astype(np.float32), size)
    curves = _curves(wide, size)
    if not curves.any():
        return []
    followed = [f for x, y, rx, ry in _candidates(curves) if (f := _followed(wide, (x, y), (rx, ry), size)) is not None]
    found: list[Ring] = []
    for _, ring in sorted(followed, key=lambda f: -f[0]):
        if all(np.hypot(ring.x - r.x, ring.y - r.y) >= _LEAST_RADIUS_PT for r in found):
            found.append(ring)
    return found


def _curves(wide: NDArray[np.float32], size: float) -> Mask:
    """255 on long pieces of wide strokes that are not straight; one pixel a point."""
    coarse = cv2.resize(wide, None, fx=1 / size, fy=1 / size, interpolation=cv2.INTER_AREA)
    ink = (coarse > _LEAST_DARKNESS).astype(np.uint8)
    for box in ((1, round(_STRAIGHT_PT)), (round(_STRAIGHT_PT), 1)):
        straight = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(box, np.uint8))
        ink &= ~cv2.dilate(straight, np.ones((3, 3), np.uint8)) & 1
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    long = np.maximum(stats[:count, 2], stats[:count, 3]) >= _SHORTEST_ARC_PT
    long[0] = False
    return np.where(long[labels], _PAPER, 0).astype(np.uint8)


def _candidates(curves: Mask) -> list[tuple[float, float, float, float]]:
    """Centre and half axes, in points, of what may be rings: round ones, and those that a squeeze makes round."""
    found = []
    for shape in _SHAPES:
        squeezed = cv2.resize(curves, None, fx=shape, fy=1.0, interpolation=cv2.INTER_AREA) if shape < 1 else curves
        circles = cv2.HoughCircles(
            squeezed,
            cv2.HOUGH_GRADIENT,
            dp=1,
            minDist=_LEAST_RADIUS_PT,
            param1=100,
            param2=_VOTES,
            minRadius=round(_LEAST_RADIUS_PT),
            maxRadius=round(_MOST_RADIUS_PT),
        )
        if circles is not None:
            found += [(float(x) / shape, float(y), float(r) / shape, float(r)) for x, y, r in circles[0][:_CANDIDATES]]
    return found


def _followed(
    wide: NDArray[np.float32], at: tuple[float, float], radii: tuple[float, float], size: float
) -> tuple[int, Ring] | None:
    """(in how many directions it is seen, the ring near a candidate); None where no closed curve runs there."""
    angles = np.arange(_DIRECTIONS) * (2 * np.pi / _DIRECTIONS)
    offsets = np.arange(-_REACH_PT - _BESIDE_PT, _REACH_PT + _BESIDE_PT + _STEP_PT, _STEP_PT)
    xs = at[0] + np.cos(angles)[:, None] * (radii[0] + offsets)
    ys = at[1] + np.sin(angles)[:, None] * (radii[1] + offsets)
    rays = cv2.remap(wide, (xs * size).astype(np.float32), (ys * size).astype(np.float32), cv2.INTER_LINEAR)
    beside = round(_BESIDE_PT / _STEP_PT)
    middle = rays[:, beside:-beside]
    contrast = middle - np.maximum(rays[:, : -2 * beside], rays[:, 2 * beside :])
    best = contrast.argmax(axis=1) + beside
    rows = np.arange(_DIRECTIONS)
    seen = contrast.max(axis=1) >= _LEAST_DARKNESS
    points = np.stack([xs[rows, best], ys[rows, best]], 1).astype(np.float32)
    near = seen
    ellipse = None
    for _ in range(3):
        if near.sum() < _SEEN_SHARE * _DIRECTIONS:
            return None
        ellipse = Ring(*_flat(cv2.fitEllipseDirect(points[near])))
        near = seen & (_distances(points, ellipse) <= _NEAR_ELLIPSE_PT)
    if ellipse is None or near.sum() < _SEEN_SHARE * _DIRECTIONS:
        return None
    return int(near.sum()), ellipse


def _flat(box: tuple[tuple[float, float], tuple[float, float], float]) -> tuple[float, float, float, float, float]:
    (x, y), (width, height), angle = box
    return x, y, width, height, angle


def _distances(points: NDArray[np.float32], ring: Ring) -> NDArray[np.float64]:
    """How far points lie from an ellipse, near enough for small distances; in points."""
    turn = np.deg2rad(ring.angle)
    dx, dy = points[:, 0] - ring.x, points[:, 1] - ring.y
    along, across = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
    reach = np.hypot(along / (ring.width / 2), across / (ring.height / 2))
    distances: NDArray[np.float64] = np.abs(reach - 1) * np.hypot(along, across) / np.maximum(reach, 0.1)
    return distances


def _draw(mask: Mask, ring: Ring, size: float, wider: float, thickness: int) -> None:
    """255 in or on the ellipse of a ring, its axes made longer by ``wider`` points."""
    axes = ((ring.width + wider) * size, (ring.height + wider) * size)
    box = ((ring.x * size, ring.y * size), axes, ring.angle)
    cv2.ellipse(mask, box, (_PAPER,), thickness)


def _unstamped(gray: Gray, inside: Mask, ring: Ring, corner: tuple[int, int], size: float) -> tuple[Gray, Mask]:
    """(the part of a page around a ring without its ink, 255 where that was)."""
    density = -np.log(np.maximum(gray, 4).astype(np.float32) / _PAPER)
    # Finer than the page, so that a stroke of two pixels is told from one of four.
    zoom = max(1, round(_FINE_PX_PER_PT / size))
    fine = cv2.resize(density, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
    opened = _opened(fine, size * zoom)
    wide = cv2.resize(opened, gray.shape[::-1], interpolation=cv2.INTER_AREA)
    line = np.zeros_like(gray)
    moved = Ring(ring.x - corner[0] / size, ring.y - corner[1] / size, ring.width, ring.height, ring.angle)
    _draw(line, moved, size, 0.0, 1)
    usual = float(np.median(density[line > 0]))
    if usual > _MOST_DENSITY:
        return gray, np.zeros_like(gray)
    densest = _UNEVEN * float(np.percentile(density[line > 0], 90))
    rim = np.ones((2 * max(1, round(_EDGE_PT * size)) + 1,) * 2, np.uint8)
    sure_print = cv2.dilate((density > densest).astype(np.uint8), rim)
    strokes = ((wide > _LEAST_DENSITY) & (inside > 0)).astype(np.uint8)
    ink = _without_print(strokes, sure_print, density, wide, size)
    # An opening rounds corners and takes away what is rough along an edge.
    smooth = np.ones((2 * max(1, round(_ROUGH_PT * size * zoom)) + 1,) * 2, np.uint8)
    wide = cv2.resize(cv2.dilate(opened, smooth), gray.shape[::-1], interpolation=cv2.INTER_AREA)
    around = cv2.dilate(ink, np.ones((2 * round(_AROUND_PT * size) + 1,) * 2, np.uint8))
    rest = np.maximum(density - np.where(around > 0, np.minimum(wide, densest), 0), 0)
    rest = np.where(rest < _PRINT_DENSITY, rest * rest / _PRINT_DENSITY, rest)
    # What is denser than any ink of this stamp is print, also where a stroke of it is as wide as one of the stamp.
    sure = np.clip((density - densest) / max(densest - usual, _LEAST_DENSITY), 0, 1).astype(np.float32)
    rest = np.maximum(rest, sure * density)
    rest[_crumbs(rest, sure, size) > 0] = 0
    cleared = np.where(around > 0, np.exp(-rest) * _PAPER, gray).astype(np.uint8)
    return cleared, ink * np.uint8(_PAPER)


def _crumbs(rest: NDArray[np.float32], sure: NDArray[np.float32], size: float) -> Mask:
    """1 on what noise leaves of a stamp: too small or too faint for print, and nowhere as dense."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((rest > _CRUMB_DENSITY).astype(np.uint8))
    darkest = np.zeros(count, np.float32)
    np.maximum.at(darkest, labels.ravel(), rest.ravel())
    longest = np.maximum(stats[:count, 2], stats[:count, 3]) / size
    crumbs = (longest <= _CRUMB_PT) | (darkest < _FAINTEST_PRINT)
    crumbs |= (longest <= _SCRAP_PT) & (darkest < _FAINTEST_POINT)
    crumbs[0] = False
    crumbs[np.unique(labels[sure > _HALF])] = False
    return crumbs[labels].astype(np.uint8)


def _without_print(
    strokes: Mask, sure_print: Mask, density: NDArray[np.float32], wide: NDArray[np.float32], size: float
) -> Mask:
    """The pieces of a mask of wide strokes that are no print themselves; ``wide``: what an opening left of them."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(strokes)
    areas = stats[:count, 4]
    of_print = np.bincount(labels[sure_print > 0], minlength=count)
    kept = (of_print < _PRINT_SHARE * areas) & (areas >= _LEAST_AREA_PT2 * size * size)
    unsure = sure_print == 0
    left, whole = (np.bincount(labels[unsure], d[unsure], count) for d in (wide, density))
    is_small = np.minimum(stats[:count, 2], stats[:count, 3]) <= _LARGEST_PRINT_PT * size
    kept &= ~(is_small & (left < _THIN_SHARE * whole))
    kept[0] = False
    return kept[labels].astype(np.uint8)


def _opened(picture: NDArray[np.float32], size: float) -> NDArray[np.float32]:
    """A picture of densities without noise and thin strokes."""
    width = max(3, round(_STROKE_PT * size))
    shape = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    calm = cv2.GaussianBlur(picture, (0, 0), _CALM_PT * size)
    opened: NDArray[np.float32] = cv2.morphologyEx(calm, cv2.MORPH_OPEN, shape)
    return opened


def _without_colour(strongest: Gray, weakest: Gray, stamps: Gray) -> Gray:
    """The black print under coloured ink: what is left of the density after that of the ink.

    Densities of inks printed over each other add up, and black is as dense in all channels. The ratio of the densities
    of the ink in its own and in the opposite channel is taken from where it lies alone.
    """
    own, opposite = (-np.log(np.maximum(c, 4).astype(np.float32) / _PAPER) for c in (strongest, weakest))
    extra = opposite - own
    alone = (stamps > 0) & (extra > _DENSE)
    if not alone.any():
        return strongest
    ratio = float(np.percentile(own[alone] / extra[alone], _ALONE_PERCENTILE))
    # JPEG smears colour over the print beside it; where print is, the ink is no denser than elsewhere.
    most = float(np.percentile(own[alone], _MOST_PERCENTILE))
    rest = np.maximum(own - np.minimum(ratio * extra, most), 0)
    # What is left of the ink is faint and soft; print is not.
    rest = np.where((extra > _DENSE / 2) & (rest < _PRINT_DENSITY), rest * rest / _PRINT_DENSITY, rest)
    return (np.exp(-rest) * _PAPER).astype(np.uint8)


def _coloured_stamps(colour: Gray, px_per_pt: float) -> Gray | None:
    """uint8 mask of the boxes of stamps; None where there are none."""
    scale = min(1.0, 1.0 / px_per_pt)
    small = cv2.resize(colour, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = (small > SATURATED).astype(np.uint8)
    if not ink.any():
        return None
    size = px_per_pt * scale
    gap = max(1, round(_STAMP_GAP_PT * size))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    mask = np.zeros_like(ink)
    least = _SMALLEST_STAMP_PT * size
    for x, y, w, h, _ in stats[1:count]:
        if w >= least and h >= least:
            mask[max(0, y - gap) : y + h + gap, max(0, x - gap) : x + w + gap] = 1
    if not mask.any():
        return None
    return cv2.resize(mask, (colour.shape[1], colour.shape[0]), interpolation=cv2.INTER_NEAREST)
