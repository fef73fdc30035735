from __future__ import annotations

import pytest

from models.geometry import BBox
from pipeline.extract.pdf_recheck import reread_cells
from tests.unit.extract.drawn_pdf import Pen, draw_pdf, says

CELL = BBox(100, 100, 160, 120)


def draw(pen: Pen) -> None:
    pen.text("3511", 120, 114)
    pen.text("7", 163, 114)


def reread(text: str, data: bytes | None = None, page_no: int = 1) -> dict[str, str]:
    return dict(reread_cells(data or draw_pdf(draw), [("a", page_no, CELL, text)]))


@pytest.mark.parametrize("text", ["3511", " 3511\n", "35 11", "３５１１"])
def test_the_same_number_is_not_told(text: str) -> None:
    assert reread(text) == {}


@pytest.mark.parametrize("text", ["3517", "", "351"])
def test_another_number_is_told_as_the_second_reader_has_it(text: str) -> None:
    assert reread(text) == {"a": "3511"}


def test_a_number_that_the_second_reader_does_not_see_is_told() -> None:
    assert reread("3511", draw_pdf(says("elsewhere"), says("x"))) == {"a": ""}


def test_each_cell_is_looked_up_on_its_page() -> None:
    data = draw_pdf(says("x"), draw)
    asked = [("a", 2, CELL, "3511"), ("b", 2, BBox(160, 100, 200, 120), "8"), ("c", 1, CELL, "1")]
    assert dict(reread_cells(data, asked)) == {"b": "7", "c": ""}


def test_turned_pages_are_left_out() -> None:
    assert reread("1", draw_pdf(draw, rotate=90)) == {}


@pytest.mark.parametrize("box", ["setCropBox", "setTrimBox"])
def test_pages_whose_visible_part_is_cut_out_are_left_out(box: str) -> None:
    def cropped(pen: Pen) -> None:
        draw(pen)
        getattr(pen.canvas, box)((50, 50, 500, 800))

    # The trim box concerns printers alone.
    assert reread("1", draw_pdf(cropped)) == ({} if box == "setCropBox" else {"a": "3511"})


def test_nothing_asked_is_nothing_told() -> None:
    assert reread_cells(draw_pdf(draw), []) == {}


def test_a_password_is_used_as_in_opening() -> None:
    data = draw_pdf(draw, password="sesame")
    assert dict(reread_cells(data, [("a", 1, CELL, "1")], password="sesame")) == {"a": "3511"}
