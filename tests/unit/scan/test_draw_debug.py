from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.geometry import BBox
from models.grid import Cell
from models.page import Ruling, horizontal_ruling, vertical_ruling
from models.reading import Reading
from pipeline.scan.draw_debug import ACCEPTED, DOUBTFUL, LABEL, RULING, draw_debug
from tests.unit.scan.drawn_page import Sheet

BOX = BBox(40, 20, 140, 60)
NUMBER = (Reading("first", "27", 0.99), Reading("second", "27", 0.99))


def drawn(*cells: Cell, rulings: Sequence[Ruling] = ()) -> NDArray[np.uint8]:
    """uint8 (H, W, 3): blue, green, red."""
    data = np.frombuffer(draw_debug(Sheet(200, 100).as_upright(), rulings, cells), np.uint8)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def cell(text: str, readings: tuple[Reading, ...] = NUMBER, *flags: str, box: BBox | None = BOX) -> Cell:
    return Cell(0, 1, 0, 1, text, 1, box, frozenset(flags), readings)


def pixels_of(picture: NDArray[np.uint8], colour: tuple[int, int, int]) -> int:
    return int((picture == np.array(colour)).all(axis=2).sum())


@pytest.mark.parametrize(
    ("what", "colour"),
    [
        (cell("27"), ACCEPTED),
        (cell("27", NUMBER, "low_score"), DOUBTFUL),
        (cell("行政复议", NUMBER[:1]), LABEL),
        (cell("行政复议", NUMBER[:1], "irregular_cell"), DOUBTFUL),
    ],
)
def test_a_box_has_the_colour_of_its_doubts(what: Cell, colour: tuple[int, int, int]) -> None:
    picture = drawn(what)

    assert picture.shape == (300, 600, 3)
    assert pixels_of(picture, colour) > 700
    assert all(pixels_of(picture, other) == 0 for other in {ACCEPTED, DOUBTFUL, LABEL} - {colour})
    # Around the cell there is nothing.
    assert picture[: 20 * 3, :].min() == picture[:, 141 * 3 :].min() == 255


def test_the_reading_stands_in_the_cell() -> None:
    blank, short, long = (int((drawn(cell(text)) < 255).sum()) for text in ("", "2", "27345"))

    assert blank < short < long


def test_any_text_can_be_drawn() -> None:
    assert pixels_of(drawn(cell("二十\n七" * 30, NUMBER, "models_differ")), DOUBTFUL) > 0


def test_rulings_are_drawn_where_they_were_found() -> None:
    picture = drawn(rulings=[horizontal_ruling(30, 10, 190), vertical_ruling(50, 5, 95)])

    assert tuple(picture[90, 300]) == RULING
    assert tuple(picture[200, 150]) == RULING
    assert picture[90, 20].min() == 255


def test_cells_without_a_place_are_left_out() -> None:
    assert drawn(cell("27", box=None)).min() == 255
