from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from models.geometry import BBox
from models.page import PageContent
from pipeline.extract.layer_ink import InkCheck, check_ink
from pipeline.extract.pdf_open import open_pdf
from pipeline.extract.pdf_to_page import pdf_to_page
from tests.unit import pictures
from tests.unit.extract.drawn_pdf import Draw, Pen, both, draw_pdf, says

XS, YS = (60.0, 160.0, 260.0, 360.0, 460.0), tuple(100.0 + 20 * i for i in range(9))
CELLS = [BBox(a, t, b, d) for t, d in pairwise(YS) for a, b in pairwise(XS)]


def net(pen: Pen) -> None:
    pen.net(XS, YS)


def digits(*cells: int) -> Draw:
    """A number in each of these cells."""

    def draw(pen: Pen) -> None:
        for i in cells:
            pen.text("12", CELLS[i].x0 + 40, CELLS[i].bottom - 6, 9)

    return draw


def drawn(*cells: int, colour: tuple[float, float, float] = (0, 0, 0)) -> Draw:
    """A number drawn with strokes in each of these cells: no character stands for it."""

    def draw(pen: Pen) -> None:
        pen.canvas.setStrokeColorRGB(*colour)
        for i in cells:
            x, y = CELLS[i].x0 + 40, CELLS[i].top + 5
            for dx in (0, 6, 12):
                pen.line(x + dx, y, x + dx, y + 9)
            pen.line(x, y, x + 12, y + 9)
        pen.canvas.setStrokeColorRGB(0, 0, 0)

    return draw


def check(draw: Draw, filled: Sequence[int] = (), *, pictures: Sequence[BBox] = (), is_drawn: bool = False) -> InkCheck:
    data = draw_pdf(draw)
    with open_pdf(data, "a.pdf", max_pages=9) as documents:
        content: PageContent = pdf_to_page(documents.exact.pages[0])
        cells = [(box, i in filled) for i, box in enumerate(CELLS)]
        return check_ink(documents.quick, content, cells, pictures, is_drawn=is_drawn)


ALL = range(len(CELLS))


def test_a_printed_table_matches_its_layer() -> None:
    assert check(both(net, digits(*ALL)), ALL) == InkCheck(matches=True)


def test_blank_cells_hold_no_ink() -> None:
    assert check(both(net, digits(0, 5, 9)), (0, 5, 9)) == InkCheck(matches=True)


def test_shaded_cells_hold_none_either() -> None:
    def shade(pen: Pen) -> None:
        pen.canvas.setFillGray(0.8)
        pen.canvas.rect(60, 842 - 260, 400, 160, stroke=0, fill=1)
        pen.canvas.setFillGray(0)

    assert check(both(shade, net, digits(0)), (0,)) == InkCheck(matches=True)


def test_text_that_is_nowhere_printed_does_not_match() -> None:
    def invisible(pen: Pen) -> None:
        for i in ALL:
            pen.hidden("12", CELLS[i].x0 + 40, CELLS[i].bottom - 6)

    assert not check(both(net, invisible), ALL).matches


def test_text_printed_elsewhere_does_not_match() -> None:
    def invisible(pen: Pen) -> None:
        for i in ALL:
            pen.hidden("12", CELLS[i].x0 + 40, CELLS[i].bottom + 300)

    assert not check(both(net, drawn(*ALL), invisible)).matches


def test_a_few_characters_without_ink_are_borne() -> None:
    def invisible(pen: Pen) -> None:
        pen.hidden("12", 300, 700)

    assert check(both(net, digits(*ALL), invisible), ALL).matches


def test_print_without_text_marks_its_cells() -> None:
    filled = [i for i in ALL if i not in {3, 7}]
    found = check(both(net, digits(*filled), drawn(3, 7)), filled)
    assert found == InkCheck(matches=True, marked=frozenset({3, 7}))


def test_text_on_its_side_is_looked_for_where_it_is_printed() -> None:
    def on_its_side(pen: Pen) -> None:
        pen.canvas.saveState()
        pen.canvas.translate(0, 842)
        pen.canvas.rotate(-90)
        pen.canvas.translate(0, -842 + 560)
        both(net, digits(*ALL))(pen)
        pen.canvas.restoreState()

    data = draw_pdf(on_its_side)
    with open_pdf(data, "a.pdf", max_pages=9) as documents:
        content = pdf_to_page(documents.exact.pages[0])
        assert content.quarter_turns == 3
        assert len(content.chars) == 2 * len(CELLS)
        assert check_ink(documents.quick, content, []) == InkCheck(matches=True)


def test_a_table_without_most_of_its_text_does_not_match() -> None:
    assert not check(both(net, digits(*range(16)), drawn(*range(16, 32))), range(16)).matches


def test_text_of_the_cell_beside_is_no_mark() -> None:
    def long_label(pen: Pen) -> None:
        pen.text("行政机关不再处理其政府信息公开申请", CELLS[0].x0 + 2, CELLS[0].bottom - 6, 8)

    assert check(both(net, long_label), (0,)) == InkCheck(matches=True)


def test_coloured_ink_is_a_stamp() -> None:
    stamp = drawn(3, 7, 9, colour=(0.84, 0.1, 0.1))
    assert check(both(net, digits(0), stamp), (0,)) == InkCheck(matches=True)


def test_a_digit_as_a_picture_marks_its_cell() -> None:
    digit = np.full((20, 10, 3), 255, np.uint8)
    digit[2:18, 4:7] = 0
    found = check(both(net, digits(0), lambda pen: pen.image(digit, CELLS[6].x0 + 40, CELLS[6].top + 4, 6, 12)), (0,))
    assert found.marked == {6}


def test_what_is_read_as_a_picture_is_left_out() -> None:
    box = BBox(60, 100, 460, 260)
    table = pictures.table(8, 4)
    draw = both(net, lambda pen: pen.image(table, box.x0, box.top, box.width, box.height))
    assert not check(draw).matches
    assert check(draw, pictures=[box]) == InkCheck(matches=True)


def test_characters_as_shapes_do_not_match_where_they_are_most_of_the_page() -> None:
    strokes = both(*(_shifted(drawn(*ALL), 170 * i) for i in range(4)))
    prose = says("本机关认真贯彻落实政府信息公开条例")
    assert not check(both(strokes, prose), is_drawn=True).matches
    assert check(both(_lines(30), prose), is_drawn=True).matches


def _shifted(draw: Draw, down: float) -> Draw:
    def shifted(pen: Pen) -> None:
        pen.canvas.saveState()
        pen.canvas.translate(0, -down)
        draw(pen)
        pen.canvas.restoreState()

    return shifted


def _lines(count: int) -> Draw:
    return says(*["本机关认真贯彻落实政府信息公开条例，主动公开政府信息。"] * count)
