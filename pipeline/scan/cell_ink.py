"""The ink of each cell: lines of text as crops, specks and faint marks told apart from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from models.geometry import BBox, union
from models.reading import CellPicture
from pipeline.scan.border_reach import border_reaches
from pipeline.scan.border_remains import comes_from_outside, remains_of_rulings
from pipeline.scan.faint_strokes import find_faint_strokes
from pipeline.scan.ink import FLAT, SMALLEST_DIGIT_PT, darker_than_paper
from pipeline.scan.ink_in_boxes import TYPE_RANGE_PT
from pipeline.scan.ink_pieces import find_pieces
from pipeline.scan.page_image import UprightPage
from pipeline.scan.pixels import Gray, Mask
from pipeline.scan.ruling_masks import PageMasks
from pipeline.scan.scraps import box_around, with_scraps
from pipeline.scan.show_through import shows_through

# Ink lower than this is no character of its own, if it is also narrow: a speck, a decimal point, a comma. Points.
_SPECK_PT = 2.2
# A dash is this wide at least, and a hyphen, which is flat. Points.
_DASH_PT, _HYPHEN_PT = 2.4, 1.5
# A decimal point stands in the lower part of a line, this share of its height below the top.
_POINT_LOW = 0.6
# Pieces of one character lie one above the other with gaps up to this share of the type size.
_STACKED_SHARE = 0.45
# A line is not higher than this many type sizes.
_HIGHEST_SHARE = 1.25
# Margin of a crop around the ink, as a share of the line height.
_MARGIN_SHARE = 0.16
# A line of a label is at least this many times as wide as high; type size where there is none. Points.
_LABEL_WIDTH, _USUAL_TYPE_PT = 3.5, 9.5
# A border is painted over with this half width. Points.
_BORDER_RIM_PT = 0.6
# A cell without ink is looked at again without this rim, blurred by so much. Points.
_INSET_PT, _FAINT_BLUR_PT = 1.3, 0.35
# What is darker than its paper by so many spreads, and by so much (of 255), may be faint ink.
_FAINT_SPREADS, _FAINT_DARKNESS = 6.0, 9.0
BORDER_PT = 1.2
"""Borders of a cell are at most so thick, in points. A box around a word has none: its picture is larger by this."""
# Strokes of a word without rulings around it are looked for so far beyond its box. Points.
_BESIDE_WORD_PT = 2.6
# The picture of a cell that is kept shows so much around it. Points.
_AROUND_PT = 2.0
# Rulings are taken out with this rim. Points.
_RIM_PT = 0.35
# Crops are not made smaller by less than this.
_SAME_SCALE = 0.9


_NO_BOXES = np.empty((0, 4), np.int64)


@dataclass(frozen=True)
class InkLine:
    """One line of ink in a cell. ``box`` in points of the upright page, tight around the ink.

    ``crop`` is the line with a margin and without specks beside it, uint8 (H, W); ``clean`` the same without specks
    inside it, but for those that may be decimal points. ``gap`` is the widest white between two characters, in points.
    """

    box: BBox
    crop: Gray = field(repr=False)
    clean: Gray = field(repr=False)
    gap: float = 0.0

    @property
    def has_specks(self) -> bool:
        """True where the two crops differ."""
        return self.crop is not self.clean


@dataclass(frozen=True)
class CellInk:
    """The lines of a cell from top to bottom, and the width of the cell in points.

    ``specks`` counts ink too small for a character, in any place of the cell. ``is_faint``: the cell looks blank, but
    something as large as a digit is a little darker than its paper; the only line is that. ``is_stamped``: the ink of a
    stamp was taken out of it; ``covered`` shows all its lines together with that ink. ``picture`` is the cell as it was
    before rulings and specks were taken out, but for the second line of a double ruling.
    """

    lines: tuple[InkLine, ...]
    width: float = 0.0
    specks: int = 0
    is_faint: bool = False
    is_stamped: bool = False
    covered: Gray | None = field(default=None, repr=False)
    picture: CellPicture | None = field(default=None, repr=False)


def cells_to_ink(page: UprightPage, cells: Sequence[BBox], *, ruled: bool = True) -> list[CellInk]:
    """The ink of each cell (boxes in points of the upright page); ``ruled``: rulings are the borders of the cells."""
    size = page.px_per_pt
    ink = page.masks.ink
    rulings = _ruling_pixels(page.masks, size)
    reaches = border_reaches(ink, cells, size) if ruled else np.zeros((len(cells), 2))
    if ruled:
        rulings = cv2.bitwise_or(rulings, _borders(cells, ink.shape, size))
    gray = page.gray.copy()
    gray[rulings > 0] = 255
    covered = None if page.overprint is None else page.overprint.without(rulings)
    pieces = find_pieces(cv2.bitwise_and(ink, cv2.bitwise_not(rulings)), gray)
    owner = pieces.owners(cells, size)
    indices = [np.flatnonzero(owner == i) for i in range(len(cells))]
    members = [pieces.boxes[inside] for inside in indices]
    areas = [pieces.areas[inside] for inside in indices]
    pale: list[int] = []
    rests: list[NDArray[np.int64]] = [_NO_BOXES for _ in cells]
    stamped = [page.overprint is not None and page.overprint.lies_over(cell, size) for cell in cells]
    for i, cell in enumerate(cells if ruled else ()):
        on_border = remains_of_rulings(members[i], areas[i], cell, reaches[i], size)
        rests[i] = members[i][on_border]
        for x0, y0, x1, y1 in rests[i]:
            gray[y0:y1, x0:x1] = 255
        members[i] = members[i][~on_border]
        inside = indices[i][~on_border]
        from_back = shows_through(members[i], pieces.strengths[inside], size)
        pale += inside[from_back].tolist()
        members[i] = members[i][~from_back]
        if stamped[i]:
            members[i] = members[i][~comes_from_outside(members[i], cell, size)]
    if pale:
        gray[pieces.mask(pale) > 0] = 255
    type_size = _type_size(members, size)
    found = []
    for cell, boxes, rest, is_stamped in zip(cells, members, rests, stamped, strict=True):
        lines, specks = _lines(boxes, size, type_size)
        faint = None if lines else _faint_line(page.gray, cell, size)
        highest = _HIGHEST_SHARE * type_size if len(lines) == 1 else 0.0
        # Without rulings the box is that of a word: nothing keeps strokes from its edge.
        around = cell if ruled else _grown(cell, _BESIDE_WORD_PT)
        crops = tuple(_scaled(_crop(gray, boxes, line, size, highest, around), page.text_scale) for line in lines)
        crops = crops or (() if faint is None else (faint,))
        found.append(
            CellInk(
                crops,
                cell.width,
                specks,
                is_faint=faint is not None,
                is_stamped=is_stamped,
                covered=_covered(covered, crops, cell, page) if is_stamped and covered is not None else None,
                picture=_picture(page, cell if ruled else _grown(cell, BORDER_PT), rest, is_ruled=ruled),
            )
        )
    return found


def _covered(covered: Gray, lines: Sequence[InkLine], cell: BBox, page: UprightPage) -> Gray | None:
    """The lines of a cell together, cut out of a page that still has the ink over them; None without lines."""
    box = union(line.box for line in lines)
    if box is None:
        return None
    size = page.px_per_pt
    margin = _MARGIN_SHARE * lines[0].box.height
    left, right = max(box.x0 - 2 * margin, cell.x0), min(box.x1 + 2 * margin, cell.x1)
    top, bottom = max(box.top - margin, cell.top), min(box.bottom + margin, cell.bottom)
    crop = covered[round(top * size) : round(bottom * size), round(left * size) : round(right * size)]
    return _smaller(crop, page.text_scale) if page.text_scale < _SAME_SCALE and crop.size else crop


def _grown(box: BBox, by: float) -> BBox:
    return BBox(box.x0 - by, box.top - by, box.x1 + by, box.bottom + by)


def _picture(page: UprightPage, cell: BBox, rest: NDArray[np.int64], *, is_ruled: bool) -> CellPicture:
    size = page.px_per_pt
    x0, top = max(0, round((cell.x0 - _AROUND_PT) * size)), max(0, round((cell.top - _AROUND_PT) * size))
    x1, bottom = round((cell.x1 + _AROUND_PT) * size), round((cell.bottom + _AROUND_PT) * size)
    gray = page.gray[top:bottom, x0:x1].copy()
    paper = np.uint8(np.median(gray)) if len(rest) else 255
    for a, b, c, d in rest - np.array([x0, top, x0, top]):
        gray[max(0, b - 1) : d + 1, max(0, a - 1) : c + 1] = paper
    return CellPicture(
        gray,
        size,
        left=round(cell.x0 * size) - x0,
        top=round(cell.top * size) - top,
        right=round(cell.x1 * size) - x0,
        bottom=round(cell.bottom * size) - top,
        is_ruled=is_ruled,
    )


def _borders(cells: Sequence[BBox], shape: tuple[int, ...], size: float) -> Mask:
    """255 on the borders of the cells."""
    mask = np.zeros(shape, np.uint8)
    thickness = max(1, round(2 * _BORDER_RIM_PT * size))
    for cell in cells:
        first, last = (
            (round(cell.x0 * size), round(cell.top * size)),
            (round(cell.x1 * size), round(cell.bottom * size)),
        )
        cv2.rectangle(mask, first, last, 255, thickness)
    return mask


def _type_size(members: Sequence[NDArray[np.int64]], size: float) -> float:
    """Height of the characters of labels in pixels: lines much wider than high, since digits are lower."""
    heights = []
    for boxes in members:
        for top, bottom in _lines(boxes, size)[0]:
            inside = boxes[(boxes[:, 1] >= top) & (boxes[:, 3] <= bottom)]
            height = bottom - top
            low, high = (v * size for v in TYPE_RANGE_PT)
            if low <= height <= high and len(inside) and np.ptp(inside[:, [0, 2]]) >= _LABEL_WIDTH * height:
                heights.append(height)
    return float(np.median(heights)) if heights else _USUAL_TYPE_PT * size


def _faint_line(gray: Gray, cell: BBox, size: float) -> InkLine | None:
    """What may be a faint digit in a cell without ink, its contrast raised; None where the paper is even."""
    inset = _INSET_PT * size
    x0, y0 = round(cell.x0 * size + inset), round(cell.top * size + inset)
    x1, y1 = round(cell.x1 * size - inset), round(cell.bottom * size - inset)
    crop = gray[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]
    if min(crop.shape) < SMALLEST_DIGIT_PT * size:
        return None
    smooth = cv2.GaussianBlur(crop, (0, 0), _FAINT_BLUR_PT * size)
    count, _, stats, _ = cv2.connectedComponentsWithStats(darker_than_paper(smooth, _FAINT_SPREADS, _FAINT_DARKNESS))
    height, width = crop.shape
    tall = [
        (int(x), int(y), int(w), int(h))
        for x, y, w, h, _ in stats[1:count]
        if SMALLEST_DIGIT_PT * size <= h < height and w < width
    ]
    if not tall:
        return None
    line = box_around([(x, y, x + w, y + h) for x, y, w, h in tall])
    pieces = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:count]]
    left, top, right, bottom = with_scraps(line, pieces)
    rim = round(_MARGIN_SHARE * (bottom - top)) + 2
    part = crop[max(0, top - rim) : bottom + rim, max(0, left - rim) : right + rim]
    clear = cv2.normalize(part, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    box = BBox((x0 + left) / size, (y0 + top) / size, (x0 + right) / size, (y0 + bottom) / size)
    return InkLine(box, clear, clear)


def _ruling_pixels(masks: PageMasks, size: float) -> Mask:
    rim = 2 * max(1, round(_RIM_PT * size)) + 1
    thick_level = cv2.dilate(masks.level, np.ones((rim, 1), np.uint8))
    thick_plumb = cv2.dilate(masks.plumb, np.ones((1, rim), np.uint8))
    return cv2.bitwise_or(thick_level, thick_plumb)


def _is_speck(boxes: NDArray[np.int64], size: float) -> NDArray[np.bool_]:
    widths, heights = (boxes[:, 2] - boxes[:, 0]) / size, (boxes[:, 3] - boxes[:, 1]) / size
    dashes = (widths >= _DASH_PT) | ((widths >= _HYPHEN_PT) & (widths >= FLAT * heights))
    specks: NDArray[np.bool_] = (heights < _SPECK_PT) & ~dashes
    return specks


def _lines(boxes: NDArray[np.int64], size: float, type_size: float | None = None) -> tuple[list[tuple[int, int]], int]:
    """(top and bottom of each line in pixels, number of specks)."""
    if not len(boxes):
        return [], 0
    specks = _is_speck(boxes, size)
    solid = boxes[~specks]
    if not len(solid):
        return [], int(specks.sum())
    runs: list[list[int]] = []
    for _, top, _, bottom in solid[np.argsort(solid[:, 1])]:
        if runs and top <= runs[-1][1]:
            runs[-1][1] = max(runs[-1][1], int(bottom))
        else:
            runs.append([int(top), int(bottom)])
    if type_size is not None:
        runs = _stacked(runs, type_size)
    return [(a, b) for a, b in runs], int(specks.sum())


def _stacked(runs: list[list[int]], type_size: float) -> list[list[int]]:
    """Runs with the strokes of one character (二, 三, 言) put together."""
    merged: list[list[int]] = []
    for run in runs:
        if (
            merged
            and run[0] - merged[-1][1] <= _STACKED_SHARE * type_size
            and run[1] - merged[-1][0] <= _HIGHEST_SHARE * type_size
        ):
            merged[-1][1] = run[1]
        else:
            merged.append(list(run))
    return merged


def _painted_over(crop: Gray, specks: NDArray[np.int64], left: int, upper: int) -> Gray:
    """The crop without the given pieces of ink; the crop itself where there are none."""
    if not len(specks):
        return crop
    painted = crop.copy()
    for a, b, c, d in specks:
        painted[max(0, b - upper - 1) : max(0, d - upper + 1), max(0, a - left - 1) : max(0, c - left + 1)] = 255
    return painted


def _crop(
    gray: Gray, boxes: NDArray[np.int64], line: tuple[int, int], size: float, highest: float, around: BBox
) -> InkLine:
    """One line of a cell; its faint strokes are looked for in ``around`` where ``highest`` (pixels) is not 0."""
    top, bottom = line
    centres = (boxes[:, 1] + boxes[:, 3]) / 2
    inside = boxes[(centres >= top) & (centres <= bottom)]
    specks = _is_speck(inside, size)
    solid = inside[~specks]
    x0, x1 = int(solid[:, 0].min()), int(solid[:, 2].max())
    pieces = [(int(a), int(b), int(c), int(d)) for a, b, c, d in inside]
    x0, _, x1, _ = with_scraps((x0, top, x1, bottom), pieces)
    faint = find_faint_strokes(gray, around, (x0, top, x1, bottom), size, highest) if highest else None
    if faint is not None:
        x0, top, x1, bottom = faint.box
        specks &= ~np.array([faint.hold(piece) for piece in pieces], bool)
    margin = max(2, round(_MARGIN_SHARE * (bottom - top)))
    left, right = max(x0 - 2 * margin, round(around.x0 * size)), min(x1 + 2 * margin, round(around.x1 * size))
    upper, lower = max(top - margin, round(around.top * size)), min(bottom + margin, round(around.bottom * size))
    left, upper = max(left, 0), max(upper, 0)
    crop = gray[upper:lower, left:right]
    clean = crop
    if specks.any():
        beside = (inside[:, 2] < x0) | (inside[:, 0] > x1)
        # A decimal point or a comma stands low and between digits; what stands elsewhere may be dirt.
        low = (inside[:, 1] + inside[:, 3]) / 2 >= top + _POINT_LOW * (bottom - top)
        crop = _painted_over(crop, inside[specks & beside], left, upper)
        clean = _painted_over(crop, inside[specks & ~beside & ~low], left, upper)
    box = BBox(x0 / size, top / size, x1 / size, bottom / size)
    return InkLine(box, crop, clean, _widest_gap(solid) / size)


def _scaled(line: InkLine, factor: float) -> InkLine:
    """The line with its crops made smaller."""
    if factor >= _SAME_SCALE or not line.crop.size:
        return line
    crop = _smaller(line.crop, factor)
    return replace(line, crop=crop, clean=_smaller(line.clean, factor) if line.has_specks else crop)


def _smaller(crop: Gray, factor: float) -> Gray:
    return cv2.resize(crop, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def _widest_gap(boxes: NDArray[np.int64]) -> int:
    """The widest white between pieces of ink from left to right, in pixels."""
    ordered = boxes[np.argsort(boxes[:, 0])]
    reached = np.maximum.accumulate(ordered[:, 2])
    return max(0, int((ordered[1:, 0] - reached[:-1]).max(initial=0)))
