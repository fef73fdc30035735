"""Make a page straight: one homography from the slopes of its rulings, then the bend that is left.

A scan is turned, a photograph is also seen askew: the slope of rulings then changes with their place. Both are one
homography, found by making all long strokes level or plumb. What remains of a curled page is a low polynomial.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.scan.dashes import Segments, dashed_strokes
from pipeline.scan.light import to_flat_gray
from pipeline.scan.orientation import lies_on_its_side
from pipeline.scan.overprint import Overprint
from pipeline.scan.page_image import PageImage, UprightPage
from pipeline.scan.pixels import Gray, Matrix
from pipeline.scan.ruling_masks import PageMasks

# Slopes are measured on a picture this fine. Pixels a point (1.4 is 100 dpi).
_MEASURE_PX_PER_PT = 1.4
# The straight page has this many pixels a point (3 is 216 dpi), at least; finer scans keep up to the second.
LEAST_PX_PER_PT, MOST_PX_PER_PT = 3.0, 4.0
# Of a page of black and white alone no larger share of the pixels is lighter than the one and darker than the other.
_BLACK, _WHITE, _FEW_GRAYS = 40, 215, 0.01
# Strokes shorter than this tell nothing about slopes. Points.
_SHORTEST_STROKE_PT = 22.0
# Strokes may lean by this much. Radians.
_MOST_LEAN = 0.14
# Slopes further than this from the common model are of something else. Radians.
_SLOPE_SPREAD = 0.004
# A page that is turned by so much; strokes that lean no more run along the scan; those that lean with the print do so
# within this. So much of them says that there are any. Radians, points.
_TURNED, _ALONG_SCAN, _WITH_PRINT, _ENOUGH_WITH_PRINT_PT = 0.008, 0.004, 0.006, 80.0
# Strokes along the scan on so few lines, and no longer in all than this share of the level ones, are of folds as well;
# on a single line, than the second share. Points, number, 0..1.
_SAME_LINE_PT, _FEW_LINES, _FOLD_SHARE, _LONE_FOLD_SHARE = 6.0, 2, 0.15, 0.35
# Strokes this near to the edge of the picture are left out. Points.
_RIM_PT = 22.0
# Strokes of a direction that are less than this share of those of the other tell nothing of their own.
_FEW_SHARE = 0.12
# Perspective must fit so much better than a rotation; a little better it always fits.
_BETTER_FIT = 0.92
# Ink is made darker by this factor before strokes are looked for.
_DARKEN = 3
# Longer strokes weigh no more: the edge of the paper is longer than any ruling. Points.
_FULL_WEIGHT_PT = 120.0
# Total length of strokes from which slopes are believed; below it the lines of text are used. Points.
_ENOUGH_STROKES_PT = 900.0
# Least mean bend of rulings that is worth taking out. Points.
_LEAST_BEND_PT = 0.25
# A bend is told by so many rulings, each as long, and together as wide, as this share of half the longer side.
_FEWEST_TRACES, _LONG_TRACE = 5, 0.4
# It must leave less than this share of what the rulings wander.
_BETTER_SHARE = 0.6
_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class _Bend:
    """Displacement (dx, dy) in units of half the page's longer side, as polynomials of centred coordinates."""

    dx: NDArray[np.float64]
    dy: NDArray[np.float64]


def straighten(page: PageImage, *, least_px_per_pt: float = LEAST_PX_PER_PT) -> UprightPage:
    """The page straightened, in even light, with its lines of text level; it may still be upside down.

    Args:
        page: The page as stored.
        least_px_per_pt: Coarser pages are enlarged to this.
    """
    flat, overprint = to_flat_gray(page.pixels, page.px_per_pt)
    scale = min(1.0, _MEASURE_PX_PER_PT / page.px_per_pt)
    small = cv2.resize(flat, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    size = page.px_per_pt * scale
    turns = 1 if lies_on_its_side(small, size) else 0
    turn = _turn_matrix(flat.shape[0], turns)
    turned = flat
    if turns:
        turned, small = (np.ascontiguousarray(np.rot90(picture, -turns)) for picture in (flat, small))
    shape = _fit(small, size)
    bend = _fit_bend(_warp(small, shape), size)
    px_per_pt = min(max(page.px_per_pt, least_px_per_pt), max(MOST_PX_PER_PT, least_px_per_pt))
    gray, to_turned = _warp_full(turned, shape, bend, page.px_per_pt, px_per_pt)
    back = np.diag([1 / page.px_per_pt, 1 / page.px_per_pt, 1.0]) @ turn @ to_turned
    if overprint is not None:

        def warped(pixels: Gray) -> Gray:
            upright = np.ascontiguousarray(np.rot90(pixels, -turns)) if turns else pixels
            return _warp_full(upright, shape, bend, page.px_per_pt, px_per_pt)[0]

        # The frame of the picture is filled with white, so the mask is turned inside out for the way.
        overprint = Overprint(~warped(~overprint.mask), warped(overprint.covered))
    # Enlarged, the steps of black and white become strokes of their own.
    text_scale = min(1.0, page.px_per_pt / px_per_pt) if _is_bilevel(page.pixels) else 1.0
    to_stored = back @ np.diag([px_per_pt, px_per_pt, 1.0])
    return UprightPage(page.page_no, gray, px_per_pt, to_stored, overprint, text_scale=text_scale)


def _is_bilevel(pixels: NDArray[np.uint8]) -> bool:
    """True for pages of black and white alone, as faxes and old copiers make them."""
    sample = pixels[::3, ::3]
    return float(((sample > _BLACK) & (sample < _WHITE)).mean()) < _FEW_GRAYS


def cut_left(page: UprightPage, width: float) -> UprightPage:
    """The page without a strip at its left side; ``width`` in points."""
    columns = round(width * page.px_per_pt)

    def cut(pixels: Gray) -> Gray:
        return np.ascontiguousarray(pixels[:, columns:])

    shift = np.array([[1.0, 0.0, columns / page.px_per_pt], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    return replace(
        page,
        gray=cut(page.gray),
        overprint=None if page.overprint is None else page.overprint.moved(cut),
        to_stored=page.to_stored @ shift,
        known_masks=PageMasks(*map(cut, page.masks)),
    )


def _turn_matrix(height: int, turns: int) -> Matrix:
    """Pixels of the picture turned clockwise -> pixels of the picture as stored."""
    return np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, height], [0.0, 0.0, 1.0]]) if turns else np.eye(3)


def _fit(small: Gray, size: float) -> NDArray[np.float64]:
    """(a, b, p, q) of the homography that makes the strokes of the page level and plumb; centred units."""
    segments = _segments(small, size)
    level, plumb = _directions(segments, size)
    plumb = _without_streaks(level, plumb, size)
    if min(_lengths(level).sum(), _lengths(plumb).sum()) < _ENOUGH_STROKES_PT / 2 * size:
        dashed = dashed_strokes(small, size)
        level, plumb = (np.concatenate(pair) for pair in zip((level, plumb), dashed, strict=True))
    total = _lengths(level).sum() + _lengths(plumb).sum()
    if total < _ENOUGH_STROKES_PT * size:
        lean = _text_lean(small)
        return np.array([lean, -lean, 0.0, 0.0])
    height, width = small.shape
    half = max(width, height) / 2
    return _solve(
        _centred(level, width, height, half), _centred(plumb, width, height, half), _FULL_WEIGHT_PT * size / half
    )


def _segments(small: Gray, size: float) -> Segments:
    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD)
    found = detector.detect(_darkened(small))[0]
    if found is None:
        return np.zeros((0, 4))
    segments = found.reshape(-1, 4).astype(np.float64)
    # The edge of the glass or of the paper need not be straight with the print.
    height, width = small.shape
    rim = _RIM_PT * size
    xs, ys = segments[:, [0, 2]], segments[:, [1, 3]]
    at_edge = (xs < rim).all(1) | (xs > width - rim).all(1) | (ys < rim).all(1) | (ys > height - rim).all(1)
    return segments[(_lengths(segments) >= _SHORTEST_STROKE_PT * size) & ~at_edge]


def _darkened(gray: Gray) -> Gray:
    """The picture with all ink made darker: grey rulings lead as far as black ones do."""
    darkness = np.minimum((255 - gray.astype(np.uint16)) * _DARKEN, 255).astype(np.uint8)
    return np.uint8(255) - darkness


def _lengths(segments: Segments) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    return lengths


def _directions(segments: Segments, size: float) -> tuple[Segments, Segments]:
    """(level strokes left to right, plumb strokes top to bottom), each near the main direction of its kind."""
    dx, dy = segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1]
    flipped = segments[:, [2, 3, 0, 1]]
    level = np.where((dx < 0)[:, None], flipped, segments)[np.abs(dy) <= 2 * _MOST_LEAN * np.abs(dx)]
    plumb = np.where((dy < 0)[:, None], flipped, segments)[np.abs(dx) <= 2 * _MOST_LEAN * np.abs(dy)]
    return _near_main(level, 0, size), _near_main(plumb, 1, size)


def _without_streaks(level: Segments, plumb: Segments, size: float) -> Segments:
    """The plumb strokes without those that run exactly along the scan where the print is turned.

    Folds and dirt on the glass leave such lines; what is printed leans with the level strokes.
    """
    if not len(level) or not len(plumb):
        return plumb
    lengths = _lengths(level)
    slopes = (level[:, 3] - level[:, 1]) / (level[:, 2] - level[:, 0])
    order = np.argsort(slopes)
    turn = float(slopes[order][np.searchsorted(lengths[order].cumsum(), lengths.sum() / 2)])
    leans = (plumb[:, 2] - plumb[:, 0]) / (plumb[:, 3] - plumb[:, 1])
    with_print, along = np.abs(leans + turn) <= _WITH_PRINT, np.abs(leans) <= _ALONG_SCAN
    if abs(turn) < _TURNED:
        return plumb
    is_told = _lengths(plumb)[with_print].sum() >= _ENOUGH_WITH_PRINT_PT * size
    # Rulings of dashes tell nothing. A fold is one line, a table has many.
    lines = np.unique(np.round(plumb[along, 0] / (_SAME_LINE_PT * size))).size
    share = _lengths(plumb)[along].sum() / lengths.sum()
    is_fold = share < (_LONE_FOLD_SHARE if lines == 1 else _FOLD_SHARE) and lines <= _FEW_LINES
    return plumb[with_print | ~along] if is_told or is_fold else plumb


def _near_main(segments: Segments, axis: int, size: float) -> Segments:
    """The strokes within a few degrees of the direction that most of them share, weighted by length."""
    if not len(segments):
        return segments
    along = segments[:, 2 + axis] - segments[:, axis]
    across = segments[:, 3 - axis] - segments[:, 1 - axis]
    slopes = across / along
    weights = np.minimum(_lengths(segments) / size, _FULL_WEIGHT_PT) ** 2
    histogram, edges = np.histogram(slopes, bins=57, range=(-2 * _MOST_LEAN, 2 * _MOST_LEAN), weights=weights)
    smooth = np.convolve(histogram, np.ones(5), mode="same")
    best = int(np.argmax(smooth))
    centre = (edges[best] + edges[best + 1]) / 2
    return segments[np.abs(slopes - centre) <= _MOST_LEAN / 3]


def _centred(segments: Segments, width: int, height: int, half: float) -> Segments:
    return (segments - np.array([width, height, width, height]) / 2) / half


def _solve(level: Segments, plumb: Segments, full_weight: float) -> NDArray[np.float64]:
    """(a, b, p, q): a rotation and shear where that is enough, else with perspective."""
    lengths = np.minimum(np.concatenate([_lengths(level), _lengths(plumb)]), full_weight)
    plain = _gauss_newton(level, plumb, lengths, perspective=False)
    full = _gauss_newton(level, plumb, lengths, perspective=True)

    def cost(shape: NDArray[np.float64]) -> float:
        return float((lengths * np.log1p((_slopes(shape, level, plumb) / _SLOPE_SPREAD) ** 2)).sum())

    return full if cost(full) < _BETTER_FIT * cost(plain) else plain


def _gauss_newton(
    level: Segments, plumb: Segments, lengths: NDArray[np.float64], *, perspective: bool
) -> NDArray[np.float64]:
    """The homography with weights that forget outliers; the Jacobian is taken by differences."""
    shape = np.zeros(4)
    total = max(float(lengths.sum()), 1e-3)
    ridge = np.diag([1e-6, 1e-6, *([1e-3, 1e-3] if perspective else [1e3, 1e3])]) * total
    parts = lengths[: len(level)].sum(), lengths[len(level) :].sum()
    if min(parts) < _FEW_SHARE * max(parts):
        # Strokes of one direction alone tell a rotation, in which both lean alike.
        ridge[:2, :2] += max(parts)
        ridge[2:, 2:] += np.eye(2) * max(parts)
    spread = 5 * _SLOPE_SPREAD
    for _ in range(_ROUNDS):
        residual = _slopes(shape, level, plumb)
        jacobian = np.stack([(_slopes(shape + step, level, plumb) - residual) / 1e-6 for step in np.eye(4) * 1e-6], 1)
        weights = lengths / (1 + (residual / spread) ** 2)
        normal = (jacobian * weights[:, None]).T @ jacobian + ridge
        shape = shape + np.linalg.solve(normal, -(jacobian * weights[:, None]).T @ residual - ridge @ shape)
        spread = max(_SLOPE_SPREAD, spread / 2)
    return shape


def _slopes(shape: NDArray[np.float64], level: Segments, plumb: Segments) -> NDArray[np.float64]:
    x1, y1 = _apply(shape, level[:, 0], level[:, 1])
    x2, y2 = _apply(shape, level[:, 2], level[:, 3])
    slopes = (y2 - y1) / (x2 - x1)
    x1, y1 = _apply(shape, plumb[:, 0], plumb[:, 1])
    x2, y2 = _apply(shape, plumb[:, 2], plumb[:, 3])
    return np.concatenate([slopes, (x2 - x1) / (y2 - y1)])


def _apply(
    shape: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    a, b, p, q = shape
    below = 1 + p * x + q * y
    return (x + a * y) / below, (b * x + y) / below


def _text_lean(small: Gray) -> float:
    """Slope of the lines of text: the shear that makes rows of ink and rows of paper differ most."""
    ink = np.float32(255) - cv2.resize(small, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    height, width = ink.shape

    def contrast(lean: float) -> float:
        matrix = np.array([[1.0, 0.0, 0.0], [-lean, 1.0, lean * width / 2]])
        rows = cv2.warpAffine(ink, matrix, (width, height)).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    # Of equals, as on an empty page, the least.
    coarse = max(sorted(np.arange(-0.09, 0.0901, 0.006).tolist(), key=abs), key=contrast)
    return max(sorted(np.arange(coarse - 0.006, coarse + 0.0061, 0.001).tolist(), key=abs), key=contrast)


def _frame(shape: NDArray[np.float64], width: int, height: int) -> tuple[Matrix, int, int]:
    """(homography from pixels to pixels of the straight page, its width, its height)."""
    half = max(width, height) / 2
    a, b, p, q = shape
    centre = np.array([[1 / half, 0, -width / 2 / half], [0, 1 / half, -height / 2 / half], [0, 0, 1.0]])
    forward = np.array([[1, a, 0], [b, 1, 0], [p, q, 1.0]]) @ centre
    corners = forward @ np.array([[0, width, width, 0], [0, 0, height, height], [1.0] * 4])
    xs, ys = corners[0] / corners[2] * half, corners[1] / corners[2] * half
    shift = np.array([[half, 0, -xs.min()], [0, half, -ys.min()], [0, 0, 1.0]])
    return shift @ forward, int(np.ceil(np.ptp(xs))), int(np.ceil(np.ptp(ys)))


def _warp(gray: Gray, shape: NDArray[np.float64]) -> Gray:
    matrix, width, height = _frame(shape, gray.shape[1], gray.shape[0])
    return cv2.warpPerspective(gray, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)


def _warp_full(
    turned: Gray, shape: NDArray[np.float64], bend: _Bend | None, px_per_pt: float, wanted: float
) -> tuple[Gray, Matrix]:
    """(the straight page at the wanted resolution, its pixels -> pixels of the turned page)."""
    matrix, width, height = _frame(shape, turned.shape[1], turned.shape[0])
    zoom = wanted / px_per_pt
    out = (round(width * zoom), round(height * zoom))
    back = np.linalg.inv(np.diag([zoom, zoom, 1.0]) @ matrix).astype(np.float64)
    if bend is None:
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        return cv2.warpPerspective(turned, back, out, flags=flags, borderValue=255), back
    xs, ys = np.meshgrid(np.arange(out[0], dtype=np.float32), np.arange(out[1], dtype=np.float32))
    half = max(out) / 2
    u, v = (xs - out[0] / 2) / half, (ys - out[1] / 2) / half
    xs += _polynomial(bend.dx, v, u) * half
    ys += _polynomial(bend.dy, u, v) * half
    below = back[2, 0] * xs + back[2, 1] * ys + back[2, 2]
    map_x = ((back[0, 0] * xs + back[0, 1] * ys + back[0, 2]) / below).astype(np.float32)
    map_y = ((back[1, 0] * xs + back[1, 1] * ys + back[1, 2]) / below).astype(np.float32)
    return cv2.remap(turned, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=255), back


def _terms(along: NDArray[np.floating], across: NDArray[np.floating]) -> list[NDArray[np.floating]]:
    """Terms of the bend of a level ruling: curved along it, the curve changing from one ruling to the next."""
    square, cube = along * along, along * along * along
    return [square, cube, square * across, cube * across, along * across * across, square * across * across]


def _polynomial(
    factors: NDArray[np.float64], along: NDArray[np.floating], across: NDArray[np.floating]
) -> NDArray[np.floating]:
    total: NDArray[np.floating] = np.zeros_like(along)
    for factor, term in zip(factors, _terms(along, across), strict=True):
        total = total + np.float32(factor) * term
    return total


def _fit_bend(straight: Gray, size: float) -> _Bend | None:
    """The bend that the rulings of a straightened page still show; None where it is too small to matter."""
    from pipeline.scan.rulings import ruling_traces

    height, width = straight.shape
    half = max(width, height) / 2
    least = _LEAST_BEND_PT * size / half
    level, plumb = ruling_traces(_darkened(straight), size)
    rim = _RIM_PT * size
    level = [t for t in level if rim < t[:, 1].mean() < height - rim]
    plumb = [t for t in plumb if rim < t[:, 0].mean() < width - rim]
    dy = _fit_direction([((t - [width / 2, height / 2]) / half) for t in level], least)
    dx = _fit_direction([((t - [width / 2, height / 2]) / half)[:, ::-1] for t in plumb], least)
    if dx is None and dy is None:
        return None
    nothing = np.zeros(6)
    return _Bend(nothing if dx is None else dx, nothing if dy is None else dy)


def _fit_direction(traces: list[NDArray[np.float64]], least: float) -> NDArray[np.float64] | None:
    """Factors so that each trace (N, 2: along, across) becomes level; None where they are few, or level as they are."""
    traces = [t for t in traces if np.ptp(t[:, 0]) > _LONG_TRACE]
    places = [float(t[:, 1].mean()) for t in traces]
    if len(traces) < _FEWEST_TRACES or np.ptp(places) < _LONG_TRACE:
        return None
    rows, values, weights = [], [], []
    for trace in traces:
        terms = np.stack([*_terms(trace[:, 0], trace[:, 1]), trace[:, 0]], 1)
        rows.append(terms - terms.mean(axis=0))
        values.append(trace[:, 1] - trace[:, 1].mean())
        weights.append(np.ones(len(trace)))
    a, b = np.concatenate(rows), np.concatenate(values)
    w = np.concatenate(weights)
    ridge = np.diag([1e-4, 1e-4, 1e-3, 1e-3, 1e-3, 1e-3, 1e-6]) * len(b)
    factors = np.zeros(7)
    for _ in range(5):
        normal = (a * w[:, None]).T @ a + ridge * 0.01
        factors = np.linalg.solve(normal, (a * w[:, None]).T @ b)
        residual = b - a @ factors
        w = 1 / (1 + (residual / 0.002) ** 2)
    before, after = np.abs(b).mean(), np.abs(b - a @ factors).mean()
    return factors[:6] if before >= least and after < _BETTER_SHARE * before else None
