"""A cheap look at a picture, before any OCR model is loaded: may it be a table, does it hold text at all?"""

from __future__ import annotations

from typing import Literal

import numpy as np

from models.errors import StageError
from pipeline.picture_rim import with_rim
from pipeline.scan.orientation import sample_lines
from pipeline.scan.page_image import PageImage, UprightPage
from pipeline.scan.rulings import find_rulings
from pipeline.scan.straighten import straighten
from pipeline.tables.rulings_to_grid import Lattice, rulings_to_lattices

Look = Literal["table", "text", "nothing"]
"""A net of rulings with ink in its cells; lines of text; neither."""

# Pictures are looked at this coarsely. Pixels a point.
PX_PER_PT = 2.0
# A net with fewer cells is a frame or a crossing of lines, and one with ink in fewer cells is a pattern.
_FEWEST_CELLS, _FEWEST_FILLED = 6, 4
_FEWEST_ROWS = _FEWEST_COLUMNS = 2
# Cells are looked at this far inside their rulings. Points.
_INSET_PT = 2.0
# Darker than this is ink, in a picture whose paper is 255; text covers a share of its cell within these bounds.
_INK = 140
_INK_SHARE = (0.002, 0.45)
# Rulings and text together cover less than this share of a table; a QR code is half ink.
_MOST_INK = 0.3
# So many lines of text make a text; fewer are the name in a logo or the words in a photograph.
_FEWEST_LINES = 5
# A page of text is mostly paper: the lightest quarter of the levels covers this share of it.
_PAPER, _PAPER_SHARE = 192, 0.6


def look_at_picture(picture: PageImage) -> Look:
    """What a picture seems to hold.

    Raises:
        StageError: the picture cannot be looked at.
    """
    try:
        return _look(picture)
    except Exception as exc:  # OpenCV and numpy refuse odd pictures each in their own way.
        raise StageError(f"a picture cannot be looked at ({type(exc).__name__})", remedy="see nianbao doctor") from exc


def _look(picture: PageImage) -> Look:
    page = straighten(with_rim(_coarse(picture)), least_px_per_pt=PX_PER_PT)
    if any(_is_table(page, lattice) for lattice in rulings_to_lattices(find_rulings(page)[0])):
        return "table"
    is_paper = float((page.gray >= _PAPER).mean()) >= _PAPER_SHARE
    return "text" if is_paper and len(sample_lines(page)) >= _FEWEST_LINES else "nothing"


def _coarse(picture: PageImage) -> PageImage:
    """The picture at about the resolution for a look: means of squares of whole pixels."""
    step = int(picture.px_per_pt / PX_PER_PT)
    if step <= 1:
        return picture
    height, width = (n // step * step for n in picture.pixels.shape[:2])
    if not height or not width:
        return picture
    squares = picture.pixels[:height, :width].reshape(height // step, step, width // step, step, -1)
    means = np.rint(squares.mean(axis=(1, 3), dtype=np.float32)).astype(np.uint8)
    shape = (*means.shape[:2], *picture.pixels.shape[2:])
    return PageImage(picture.page_no, means.reshape(shape), picture.px_per_pt / step)


def _is_table(page: UprightPage, lattice: Lattice) -> bool:
    if len(lattice.cells) < _FEWEST_CELLS:
        return False
    if len(lattice.ys) <= _FEWEST_ROWS or len(lattice.xs) <= _FEWEST_COLUMNS:
        return False
    if float((page.crop(lattice.bbox) < _INK).mean()) > _MOST_INK:
        return False
    return sum(1 for cell in lattice.cells if _has_text(page, lattice, cell)) >= _FEWEST_FILLED


def _has_text(page: UprightPage, lattice: Lattice, cell: tuple[int, int, int, int]) -> bool:
    top, bottom, left, right = cell
    size = page.px_per_pt
    ys = (lattice.ys[top] + _INSET_PT, lattice.ys[bottom] - _INSET_PT)
    xs = (lattice.xs[left] + _INSET_PT, lattice.xs[right] - _INSET_PT)
    inside = page.gray[round(ys[0] * size) : round(ys[1] * size), round(xs[0] * size) : round(xs[1] * size)]
    if not inside.size:
        return False
    share = float((inside < _INK).mean())
    return _INK_SHARE[0] <= share <= _INK_SHARE[1]
