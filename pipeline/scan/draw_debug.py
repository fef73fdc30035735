"""The straightened page with what was found on it drawn over it, for looking at when something is read wrong."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from models.grid import Cell
from models.page import Ruling
from models.text import fold
from pipeline.scan.page_image import UprightPage

Colour = tuple[int, int, int]
"""Blue, green, red, 0..255."""

RULING: Colour = (200, 80, 0)
ACCEPTED: Colour = (0, 150, 0)
DOUBTFUL: Colour = (0, 120, 255)
LABEL: Colour = (170, 170, 170)
# Height of the readings and of their distance from the corner of the cell. Points.
_TEXT_PT, _CORNER_PT = 5.5, 1.5
# Boxes of cells stand inside their rulings. Points.
_INSET_PT = 1.5
# Height of a digit of OpenCV's font at scale 1. Pixels.
_FONT_PX = 21
# A longer reading would run into the next cells. Characters.
_LONGEST = 24


def draw_debug(page: UprightPage, rulings: Sequence[Ruling], cells: Sequence[Cell]) -> bytes:
    """A PNG of the page with its rulings, and a box around each cell with what was read in it.

    Numbers are green where nothing speaks against the reading, orange where something does; other text is grey.

    Args:
        page: The straightened page.
        rulings: All that were found, in points of the page.
        cells: Of all tables, boxes in points of the page.
    """
    size = page.px_per_pt
    picture = np.repeat(page.gray[:, :, None], 3, axis=2)
    for ruling in rulings:
        ends = [(ruling.start, ruling.position), (ruling.stop, ruling.position)]
        first, last = (
            (round(x * size), round(y * size)) if ruling.horizontal else (round(y * size), round(x * size))
            for x, y in ends
        )
        cv2.line(picture, first, last, RULING, max(1, round(0.5 * size)))
    for cell in cells:
        _draw_cell(picture, cell, size)
    written, data = cv2.imencode(".png", picture)
    if not written:
        raise ValueError(f"no PNG of {picture.shape}")
    return bytes(data)


def _draw_cell(picture: np.ndarray, cell: Cell, size: float) -> None:
    if cell.bbox is None:
        return
    # Numbers are read by two engines.
    is_number = len(cell.readings) > 1
    colour = DOUBTFUL if cell.flags else ACCEPTED if is_number else LABEL
    box = cell.bbox
    first = round((box.x0 + _INSET_PT) * size), round((box.top + _INSET_PT) * size)
    last = round((box.x1 - _INSET_PT) * size), round((box.bottom - _INSET_PT) * size)
    cv2.rectangle(picture, first, last, colour, max(1, round(0.35 * size)))
    if not is_number and not cell.flags:
        return
    place = first[0] + round(_CORNER_PT * size), last[1] - round(_CORNER_PT * size)
    scale = _TEXT_PT * size / _FONT_PX
    cv2.putText(picture, _ascii(cell.text), place, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, 1, cv2.LINE_AA)


def _ascii(text: str) -> str:
    """The text as far as OpenCV's font goes: other characters as question marks, line feeds as bars."""
    shown = fold(text).replace("\n", "|").encode("ascii", "replace").decode("ascii")
    return shown[:_LONGEST]
