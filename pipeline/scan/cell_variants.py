"""Other crops of a cell that was read once: with more paper around the ink, softer, and coarser.

Models that agree on one crop say nothing about the crop: a stroke that it cuts off misleads them all alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.reading import CellPicture
from pipeline.scan.border_remains import are_in_line, is_hollow
from pipeline.scan.cell_ink import BORDER_PT
from pipeline.scan.ink import FLAT, SMALLEST_DIGIT_PT, darker_than_paper
from pipeline.scan.ink_pieces import InkPieces, find_pieces
from pipeline.scan.pixels import Gray
from pipeline.scan.scraps import Box, box_around, with_scraps
from pipeline.scan.show_through import shows_through

# So far from the sides where digits stand close to them: as high as the others, off by this share at most. Points,
# 0..1.
_NARROW_INSET_PT, _OFF_LINE_SHARE = 0.4, 0.2
# What is darker than its paper by so many spreads, and by so much (of 255), is ink.
_SPREADS, _DARKNESS = 7.0, 24.0
# Margins around the ink, as shares of its height.
_WIDE_SHARE, _TIGHT_SHARE = 0.35, 0.12
# Broken strokes run together in a softer picture (points), and in a coarser one.
_BLUR_PT, _COARSER = 0.5, 0.6
# Lines of text part where there is no ink over this share of the height of all, or over that of the highest piece.
_GAP_SHARE, _GAP_OF_PIECE = 0.12, 0.25
# A digit is so wide, as a share of its height; the inner margin of a cell on one side, at most. 0..1, points.
_DIGIT_WIDTH, _WIDEST_PADDING_PT = 0.6, 6.0
# A line with so many times the ink of all others is the number; they are what a stamp or dirt left.
_MOST_OF_INK = 2.5

# A minus sign is so long at least and at most, so near to the first digit, and its middle is off that of the digits by
# half of this at most. Shares of their height.
_SIGN_LENGTH, _SIGN_GAP, _SIGN_OFF = (0.25, 0.9), 0.6, 0.5

# Ink so near to the side of a cell, thinner than this and over so much of its height or width, is of a ruling. Points,
# 0..1.
_NEAR_SIDE_PT, _RULING_PT, _RULING_SHARE = 1.0, 2.0, 0.75

# Parts of a digit whose strokes are broken: so large at least, so near to one another, and one covers so much of the
# width of the other. Points, 0..1.
_PART_PT, _BREAK_PT, _COVERED_SHARE = 1.2, 1.5, 0.6

_Piece = tuple[Box, int]
"""Box in pixels, pixels of ink."""


def cell_variants(picture: CellPicture) -> Mapping[str, Gray]:
    """Name -> crop, uint8 (H, W), dark ink on white; none where there is no ink or more than one line of it."""
    size = picture.px_per_pt
    inner = _inside(picture, BORDER_PT)
    if min(inner.shape) < SMALLEST_DIGIT_PT * size:
        return {}
    inner = _cleared(inner, picture)
    pieces = _pieces(inner)
    unwrapped = _unwrapped(inner, pieces, size)
    if unwrapped is not None:
        laid, box = unwrapped
    else:
        found = _ink_box(pieces, size)
        if found is None:
            return {}
        laid, box = inner, found
        wider = _cleared(_inside(picture, _NARROW_INSET_PT), picture)
        pieces = _pieces(wider)
        if _has_more_digits(pieces, wider.shape[1], box, size):
            # In narrow columns digits stand close to the rulings.
            laid, box = wider, _ink_box(pieces, size) or box
        elif not picture.is_ruled:
            # The box of a word holds hardly any paper by which a faint digit at its end could be told.
            box = (0, box[1], inner.shape[1], box[3])
    wide = _cut(laid, box)
    soft = cv2.GaussianBlur(wide, (0, 0), _BLUR_PT * size)
    return {
        "wide": wide,
        "soft": cv2.normalize(soft, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8),
        "coarse": cv2.resize(wide, None, fx=_COARSER, fy=_COARSER, interpolation=cv2.INTER_AREA),
    }


def _inside(picture: CellPicture, beside: float) -> Gray:
    """The cell without its borders: ``beside`` (points) is left out at its sides."""
    size = picture.px_per_pt
    over, at_side = round(BORDER_PT * size), round(beside * size)
    return picture.gray[
        max(0, picture.top + over) : max(0, picture.bottom - over),
        max(0, picture.left + at_side) : max(0, picture.right - at_side),
    ]


def _has_more_digits(pieces: Sequence[_Piece], width: int, box: Box, size: float) -> bool:
    """True where ink at the sides of a cell is as high as a line inside it (``box``), and at the same height.

    A ruling that is broken into dashes goes on above or below the line.
    """
    zone = round((BORDER_PT - _NARROW_INSET_PT) * size)
    top, bottom = box[1], box[3]
    off = _OFF_LINE_SHARE * (bottom - top)
    sides = ([p for p, _ in pieces if p[0] < zone], [p for p, _ in pieces if p[2] > width - zone])
    return any(
        any(abs(y0 - top) <= off and abs(y1 - bottom) <= off for _, y0, _, y1 in side)
        and all(y0 >= top - off and y1 <= bottom + off for _, y0, _, y1 in side)
        for side in sides
    )


def _cleared(inner: Gray, picture: CellPicture) -> Gray:
    """The inside of a cell without what is not its own."""
    size = picture.px_per_pt
    return _without_pale(_without_rulings(inner, size) if picture.is_ruled else inner, size)


def _without_rulings(inner: Gray, size: float) -> Gray:
    """The inside of a cell without what a border that is not quite where it was measured leaves at its sides."""
    ink = _ink(inner)
    boxes = ink.boxes
    height, width = inner.shape
    near, thick = round(_NEAR_SIDE_PT * size), _RULING_PT * size
    x0, y0, x1, y1 = boxes.T
    w, h = x1 - x0, y1 - y0
    sides = (x0 <= near, x1 >= width - near)
    at_side, at_end = sides[0] | sides[1], (y0 <= near) | (y1 >= height - near)
    # The inner line of a double ruling is a frame, or a corner of one.
    thin_across, thin_down, hollow = w <= thick, h <= thick, is_hollow(boxes, ink.areas)
    of_ruling = at_side & (h >= _RULING_SHARE * height) & (thin_across | hollow)
    of_ruling |= at_end & (w >= _RULING_SHARE * width) & (thin_down | hollow)
    for side in sides:
        # A ruling in dashes is as long as a whole one.
        dashes = side & thin_across
        of_ruling |= dashes & (int(h[dashes].sum()) >= _RULING_SHARE * height)
    tall = h >= SMALLEST_DIGIT_PT * size
    digits = boxes[tall & ~at_side & ~at_end]
    if len(digits):
        # A piece of a ruling is of another height than the digits, or at another.
        of_ruling |= at_side & tall & (thin_across | hollow) & ~are_in_line(boxes, digits)
    return _painted_over(inner, ink, of_ruling)


def _without_pale(inner: Gray, size: float) -> Gray:
    """The inside of a cell without what shows through from the back."""
    ink = _ink(inner)
    return _painted_over(inner, ink, shows_through(ink.boxes, ink.strengths, size, spare_neighbours=False))


def _painted_over(inner: Gray, ink: InkPieces, chosen: NDArray[np.bool_]) -> Gray:
    """The picture with paper where some of its pieces of ink are."""
    if not chosen.any():
        return inner
    on_them = np.concatenate([[False], chosen])[ink.labels]
    rim = cv2.dilate(on_them.astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.where(rim > 0, np.uint8(np.median(inner)), inner).astype(np.uint8)


def _ink(inner: Gray) -> InkPieces:
    """The ink of a cell, told from its own paper."""
    return find_pieces(darker_than_paper(inner, _SPREADS, _DARKNESS), inner, paper=float(np.median(inner)))


def _ink_box(pieces: Sequence[_Piece], size: float) -> Box | None:
    """(left, top, right, bottom) around the line of ink as high as a digit, in pixels; None without, or with several.

    Of several lines the one that holds nearly all of the ink counts.
    """
    lines = sorted(_lines_of_digits(pieces, size), key=lambda line: -sum(area for _, area in line))
    areas = [sum(area for _, area in line) for line in lines]
    if not lines or areas[0] < _MOST_OF_INK * sum(areas[1:]):
        return None
    left, top, right, bottom = box = _around(lines[0])
    off = _OFF_LINE_SHARE * (bottom - top)
    for x0, y0, x1, y1 in (box for line in lines[1:] for box, _ in line):
        if abs((y1 - y0) - (bottom - top)) <= off and left <= (x0 + x1) / 2 <= right:
            # A digit of a number that a narrow column has wrapped.
            return None
    boxes = [piece for piece, _ in pieces]
    return _with_sign(with_scraps(box, boxes), boxes)


def _with_sign(line: Box, pieces: Sequence[Box]) -> Box:
    """The box of a line of digits, with a minus sign in front of it."""
    left, top, right, bottom = line
    height = bottom - top
    signs = [
        x0
        for x0, y0, x1, y1 in pieces
        if x1 - x0 >= FLAT * (y1 - y0)
        and _SIGN_LENGTH[0] * height <= x1 - x0 <= _SIGN_LENGTH[1] * height
        and 0 <= left - x1 <= _SIGN_GAP * height
        and abs(y0 + y1 - top - bottom) <= _SIGN_OFF * height
    ]
    return min([left, *signs]), top, right, bottom


def _pieces(inner: Gray) -> list[_Piece]:
    ink = _ink(inner)
    return [((int(a), int(b), int(c), int(d)), int(n)) for (a, b, c, d), n in zip(ink.boxes, ink.areas, strict=True)]


def _lines_of_digits(pieces: Sequence[_Piece], size: float) -> list[list[_Piece]]:
    """The ink as high as digits in lines, from the top."""
    return _to_lines([p for p in _mended(pieces, size) if p[0][3] - p[0][1] >= SMALLEST_DIGIT_PT * size])


def _around(line: Sequence[_Piece]) -> Box:
    return box_around([box for box, _ in line])


def _unwrapped(inner: Gray, pieces: Sequence[_Piece], size: float) -> tuple[Gray, Box] | None:
    """The lines of a cell too narrow for its number laid side by side, and the box of their ink; None elsewhere."""
    boxes = [_around(line) for line in _lines_of_digits(pieces, size)]
    if len(boxes) < 2:  # noqa: PLR2004 - two lines wrap
        return None
    heights = [b[3] - b[1] for b in boxes]
    # The next digit would not have fitted into any line but the last.
    room = inner.shape[1] - 2 * _WIDEST_PADDING_PT * size
    is_full = all(b[2] - b[0] + _DIGIT_WIDTH * h > room for b, h in zip(boxes[:-1], heights[:-1], strict=True))
    if not is_full or min(heights) < (1 - _OFF_LINE_SHARE) * max(heights):
        return None
    rim = max(1, round(_TIGHT_SHARE * max(heights)))
    laid = []
    for left, top, right, bottom in boxes:
        line = inner[max(0, top - rim) : bottom + rim, max(0, left - rim // 2) : right + rim // 2]
        below = max(heights) + 2 * rim - line.shape[0]
        paper = (int(np.median(inner)),)
        laid.append(cv2.copyMakeBorder(line, 0, max(0, below), 0, 0, cv2.BORDER_CONSTANT, value=paper))
    together = np.ascontiguousarray(np.hstack([part[: max(heights) + 2 * rim] for part in laid]))
    # So much of it is ink that its paper cannot be told from it any more; but where the ink is, is known.
    return together, (rim // 2, rim, together.shape[1] - rim // 2, rim + max(heights))


def _mended(pieces: Sequence[_Piece], size: float) -> list[_Piece]:
    """The pieces, those of one broken digit put together: they lie one above the other with a narrow gap."""
    least, gap = _PART_PT * size, _BREAK_PT * size
    found: list[_Piece] = []
    for piece in sorted(pieces, key=lambda p: p[0][1]):
        (x0, y0, x1, y1), area = piece
        above = next((f for f in found if y0 - f[0][3] <= gap and _is_above(f[0], piece[0])), None)
        if above is None or max(x1 - x0, y1 - y0) < least:
            found.append(piece)
            continue
        found[found.index(above)] = _around((above, piece)), above[1] + area
    return found


def _is_above(a: Box, b: Box) -> bool:
    """True where one box covers most of the width of the other."""
    return min(a[2], b[2]) - max(a[0], b[0]) >= _COVERED_SHARE * min(a[2] - a[0], b[2] - b[0])


def _to_lines(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Pieces of ink (box, area) in lines, from the top."""
    if not pieces:
        return []
    highest = max(b[3] - b[1] for b, _ in pieces)
    gap = min(_GAP_SHARE * (max(b[3] for b, _ in pieces) - min(b[1] for b, _ in pieces)), _GAP_OF_PIECE * highest)
    lines: list[list[_Piece]] = []
    reach = 0
    for box, area in sorted(pieces, key=lambda piece: piece[0][1]):
        if not lines or box[1] - reach > gap:
            lines.append([])
            reach = box[3]
        lines[-1].append((box, area))
        reach = max(reach, box[3])
    return lines


def _cut(inner: Gray, box: Box) -> Gray:
    """The ink with a margin, paper added where the cell ends."""
    left, top, right, bottom = box
    margin = max(2, round(_WIDE_SHARE * (bottom - top)))
    framed = cv2.copyMakeBorder(inner, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=255)
    return np.ascontiguousarray(framed[top : bottom + 2 * margin, left : right + 2 * margin])
