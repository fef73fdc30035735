"""Hold the text of a page against its ink: characters where nothing is printed, print where there are no characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from models.geometry import BBox
from models.page import PageContent, Ruling
from pipeline.extract.render_page import render_region

# Pages are rendered this coarsely: it is enough to see whether there is ink. Pixels a point.
_PX_PER_PT, _MOST_PIXELS = 1.0, 4_000_000
# A step of brightness from one pixel to the next that only ink makes, of 255; the second for ink in blank cells.
_STEP, _DARK_STEP = 24, 40
# Ink more colourful than this (strongest minus weakest channel, of 255) is a stamp, not print.
_COLOURFUL = 60
# Share of characters without ink from which on the layer is not that of the page; fewer characters tell nothing.
_WITHOUT_INK_SHARE = 0.15
_ENOUGH_CHARS = 20
# So many characters, spread over the page, are looked at.
_SAMPLE = 150
# Cells are looked at this far inside their rulings. Points.
_INSET_PT = 2.5
# What a file states as the height of its characters may be off by this share of it.
_ROOM_SHARE = 0.25
# Steps of brightness that make a mark in a blank cell; an antialiased speck makes fewer.
_MARK_STEPS = 4
# So many blank cells with print, and this share of all cells that are not empty, make a layer that lacks the table.
_LACKING_CELLS, _LACKING_SHARE = 8, 0.25
# Characters drawn as shapes: so many squares of this size hold ink that no character covers, which is most of the ink.
_DRAWN_SQUARES, _SQUARE_PT = 400, 6

_Steps = NDArray[np.uint8]
_Boxes = NDArray[np.float64]
_Pixels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class InkCheck:
    """``matches`` is False where the layer is not what is printed; ``marked`` are blank cells in which there is ink."""

    matches: bool
    marked: frozenset[int] = frozenset()


def check_ink(
    document: pdfium.PdfDocument,
    content: PageContent,
    cells: Sequence[tuple[BBox, bool]],
    pictures: Sequence[BBox] = (),
    *,
    is_drawn: bool = False,
) -> InkCheck:
    """Whether the characters of a page are those that one sees.

    Args:
        document: The opened PDF.
        content: Its characters and rulings.
        cells: Cells of the ruled tables: box as stored, and True where they hold text.
        pictures: What lies in these boxes, as stored, is looked at by others.
        is_drawn: Characters may be drawn as shapes.

    Raises:
        StageError: the page cannot be rendered.
    """
    lying = content.quarter_turns % 2 == 1
    frame = BBox(0, 0, content.height, content.width) if lying else BBox(0, 0, content.width, content.height)
    render = partial(
        render_region, document, content.page_no, frame, px_per_pt=_PX_PER_PT, max_pixels=_MOST_PIXELS, least=0
    )
    pixels, size = render(in_grey=True)
    steps = _steps(pixels)
    chars = _to_pixels(_stored_chars(content), size, 0.0)
    # Marks may be too faint to be seen at this resolution.
    letters = chars[[c.text[:1].isalnum() for c in content.chars]] if len(chars) else chars
    sample = letters[:: 1 + len(letters) // _SAMPLE]
    without = sum(1 for x0, top, x1, bottom in sample if not (steps[top:bottom, x0:x1] > _STEP).any())
    if len(sample) >= _ENOUGH_CHARS and without > _WITHOUT_INK_SHARE * len(sample):
        return InkCheck(matches=False)
    blank = [i for i, (box, filled) in enumerate(cells) if not filled and not any(box.overlap(p) for p in pictures)]
    places = _inside(_array([cells[i][0] for i in blank]), size)
    around = _around(chars)
    marked = _marked(steps, places, around)
    if marked:
        # Stamps are told by their colour, which is looked at where there is something to tell.
        pixels, _ = render(in_grey=False)
        marked = _marked(_steps(_without_colour(pixels)), places, around)
    filled_cells = sum(1 for _, filled in cells if filled)
    if len(marked) >= max(_LACKING_CELLS, _LACKING_SHARE * (len(marked) + filled_cells)):
        return InkCheck(matches=False)
    if is_drawn and _is_mostly_drawn(steps, around, content, pictures, size):
        return InkCheck(matches=False)
    return InkCheck(matches=True, marked=frozenset(blank[i] for i in marked))


def _steps(channel: NDArray[np.uint8]) -> _Steps:
    """The larger difference of each pixel to the one beside and the one below it."""
    steps = np.zeros(channel.shape, np.uint8)
    left, right, upper, lower = channel[:, :-1], channel[:, 1:], channel[:-1], channel[1:]
    steps[:, :-1] = np.maximum(left, right) - np.minimum(left, right)
    np.maximum(steps[:-1], np.maximum(upper, lower) - np.minimum(upper, lower), out=steps[:-1])
    return steps


def _without_colour(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The darkest print in grey, with coloured ink as paper."""
    red, green, blue = (pixels[:, :, i] for i in range(3))
    strongest = np.maximum(np.maximum(red, green), blue)
    weakest = np.minimum(np.minimum(red, green), blue)
    return np.where(strongest - weakest > _COLOURFUL, 255, strongest).astype(np.uint8)


def _marked(steps: _Steps, cells: _Pixels, chars: _Pixels) -> list[int]:
    """Indices of cells with ink that no character covers."""
    found = []
    for i, (x0, top, x1, bottom) in enumerate(cells):
        inside = steps[top:bottom, x0:x1] > _DARK_STEP
        if np.count_nonzero(inside) < _MARK_STEPS:
            continue
        near = chars[(chars[:, 0] <= x1) & (chars[:, 2] >= x0) & (chars[:, 1] <= bottom) & (chars[:, 3] >= top)]
        for a, b, c, d in near:
            inside[max(0, b - top) : max(0, d - top), max(0, a - x0) : max(0, c - x0)] = False
        if np.count_nonzero(inside) >= _MARK_STEPS:
            found.append(i)
    return found


def _is_mostly_drawn(
    steps: _Steps, chars: _Pixels, content: PageContent, pictures: Sequence[BBox], size: float
) -> bool:
    """True where more ink lies outside characters, rulings and pictures than inside characters."""
    ink = steps > _DARK_STEP
    rulings = [content.to_stored(_ruling_box(r)) for r in content.rulings]
    for x0, top, x1, bottom in _to_pixels(_array([*rulings, *pictures]), size, 1.0):
        ink[top:bottom, x0:x1] = False
    covered = np.zeros_like(ink)
    for x0, top, x1, bottom in chars:
        covered[top:bottom, x0:x1] = True
    outside = ink & ~covered
    is_most = 2 * int(np.count_nonzero(outside)) > int(np.count_nonzero(ink))
    return is_most and _squares(outside, size) >= _DRAWN_SQUARES


def _stored_chars(content: PageContent) -> _Boxes:
    """The boxes of all characters as stored."""
    boxes = np.array([(c.x0, c.top, c.x1, c.bottom) for c in content.chars], np.float64).reshape(-1, 4)
    for turn in range(content.quarter_turns):
        # The same as PageContent.to_stored, for all at once.
        width = content.height if turn % 2 else content.width
        boxes = np.stack([boxes[:, 1], width - boxes[:, 2], boxes[:, 3], width - boxes[:, 0]], axis=1)
    return boxes


def _array(boxes: Sequence[BBox]) -> _Boxes:
    return np.array([(b.x0, b.top, b.x1, b.bottom) for b in boxes], np.float64).reshape(-1, 4)


def _to_pixels(boxes: _Boxes, size: float, grow: float) -> _Pixels:
    """(N, 4) of x0, top, x1, bottom in whole pixels, none negative, of boxes grown by some points."""
    edges = (boxes + np.array([-grow, -grow, grow, grow])) * size
    whole: _Pixels = np.concatenate([np.floor(edges[:, :2]), np.ceil(edges[:, 2:])], axis=1).astype(np.int64)
    return np.maximum(whole, 0)


def _around(chars: _Pixels) -> _Pixels:
    """Boxes of characters with the room that their ink may take above, below and beside them."""
    reach = 1 + ((chars[:, 3] - chars[:, 1]) * _ROOM_SHARE).astype(np.int64)
    grown = chars + np.stack([-np.ones_like(reach), -reach, np.ones_like(reach), reach], axis=1)
    return np.maximum(grown, 0)


def _inside(cells: _Boxes, size: float) -> _Pixels:
    """The pixels well inside of cells; none of them belongs to a ruling, nor does the one beside or below."""
    edges = (cells + np.array([_INSET_PT, _INSET_PT, -_INSET_PT, -_INSET_PT])) * size
    whole: _Pixels = np.concatenate([np.ceil(edges[:, :2]), np.floor(edges[:, 2:]) - 1], axis=1).astype(np.int64)
    return np.maximum(whole, 0)


def _ruling_box(ruling: Ruling) -> BBox:
    if ruling.horizontal:
        return BBox(ruling.start, ruling.position, ruling.stop, ruling.position)
    return BBox(ruling.position, ruling.start, ruling.position, ruling.stop)


def _squares(mask: NDArray[np.bool_], size: float) -> int:
    """Number of squares of the page that hold ink."""
    step = max(1, round(_SQUARE_PT * size))
    height, width = (n // step * step for n in mask.shape)
    return int(mask[:height, :width].reshape(height // step, step, width // step, step).any(axis=(1, 3)).sum())
