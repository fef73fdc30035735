from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from models.page import Ruling
from pipeline.scan.rulings import find_rulings
from pipeline.tables.rulings_to_grid import rulings_to_lattices
from tests.unit.scan.drawn_page import XS, YS, Sheet, covered, fill

Draw = Callable[[Sheet], None]
# How far from its end a ruling of dashes may be found to end: a dash with its gap. Points.
END = 10.5


def net(**look: float) -> Draw:
    return lambda sheet: sheet.net(**look)  # type: ignore[arg-type]


def pieces(length: float, gap: float) -> Draw:
    """Rulings as dashes."""

    def draw(sheet: Sheet) -> None:
        for y in YS:
            for x in np.arange(XS[0], XS[-1], length + gap).tolist():
                sheet.level(y, x, min(x + length, XS[-1]))
        for x in XS:
            for y in np.arange(YS[0], YS[-1], length + gap).tolist():
                sheet.plumb(x, y, min(y + length, YS[-1]))

    return draw


def double(sheet: Sheet) -> None:
    """A frame of two lines, a point apart."""
    sheet.net()
    for y in (YS[0] - 1.7, YS[-1] + 1.7):
        sheet.level(y, XS[0] - 1.7, XS[-1] + 1.7)
    for x in (XS[0] - 1.7, XS[-1] + 1.7):
        sheet.plumb(x, YS[0] - 1.7, YS[-1] + 1.7)


def broken(sheet: Sheet) -> None:
    """Each ruling with a gap of a few points here and there."""
    sheet.net()
    chance = np.random.default_rng(8)
    for y in YS:
        for x in chance.uniform(XS[0] + 5, XS[-1] - 9, 6).tolist():
            sheet.box(x, y - 1, x + 4, y + 1, 255)
    for x in XS:
        for y in chance.uniform(YS[0] + 5, YS[-1] - 9, 3).tolist():
            sheet.box(x - 1, y, x + 1, y + 4, 255)


def rulings_of(draw: Draw, *, filled: bool = True, noise: float = 0.0) -> list[Ruling]:
    sheet = Sheet()
    draw(sheet)
    if filled:
        fill(sheet)
    if noise:
        chance = np.random.default_rng(4).normal(0, noise, sheet.pixels.shape)
        sheet.pixels = (sheet.pixels - np.abs(chance)).clip(0, 255).astype(np.uint8)
    return find_rulings(sheet.as_upright())[0]


@pytest.mark.parametrize("filled", [False, True], ids=["empty", "filled"])
@pytest.mark.parametrize(
    "draw",
    [
        net(),
        net(thick=0.34),
        net(thick=2.5),
        net(ink=150),
        net(ink=205),
        pieces(3, 2),
        pieces(1.4, 1.4),
        pieces(8, 2.5),
        double,
        broken,
    ],
    ids=["full", "hair", "thick", "grey", "faint", "dashed", "dotted", "long dashes", "double", "broken"],
)
def test_each_ruling_of_a_table_is_found(draw: Draw, filled: bool) -> None:
    rulings = rulings_of(draw, filled=filled)

    for y in YS:
        assert covered(rulings, horizontal=True, position=y, gap=7) == [pytest.approx((XS[0], XS[-1]), abs=END)]
    for x in XS:
        assert covered(rulings, horizontal=False, position=x, gap=7) == [pytest.approx((YS[0], YS[-1]), abs=END)]


@pytest.mark.parametrize("draw", [net(), net(ink=150), pieces(3, 2), pieces(8, 2.5), double, broken])
def test_the_cells_of_a_filled_table(draw: Draw) -> None:
    [lattice] = [lat for lat in rulings_to_lattices(rulings_of(draw)) if len(lat.cells) > 1]

    assert len(lattice.cells) == (len(XS) - 1) * (len(YS) - 1)
    assert lattice.xs == pytest.approx(XS, abs=2)
    assert lattice.ys == pytest.approx(YS, abs=2)


def test_noise_makes_no_rulings_and_hides_none() -> None:
    rulings = rulings_of(net(), noise=25)

    assert {round(r.position) for r in rulings if r.horizontal} <= {round(y) + d for y in YS for d in (-1, 0, 1)}
    assert len(rulings_to_lattices(rulings)[0].cells) == (len(XS) - 1) * (len(YS) - 1)


def test_a_ruling_that_ends_inside_the_table_ends_there() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.net(XS, (YS[0], YS[-1]))
        for y in YS[1:-1]:
            sheet.level(y, XS[0], XS[4])

    rulings = rulings_of(draw, filled=False)

    for y in YS[1:-1]:
        assert covered(rulings, horizontal=True, position=y) == [pytest.approx((XS[0], XS[4]), abs=3)]


@pytest.mark.parametrize("type_size", [7.5, 9, 14])
def test_text_alone_makes_no_table(type_size: float) -> None:
    def draw(sheet: Sheet) -> None:
        for i in range(15):
            sheet.word(60, 40 + 2 * type_size * i, 12, type_size=type_size)
            sheet.digits("0123456789" * 2, 300, 50 + 2 * type_size * i, height=type_size)

    assert [lat for lat in rulings_to_lattices(rulings_of(draw, filled=False)) if len(lat.cells) > 1] == []


def test_points_of_numbering_below_one_another_are_no_ruling() -> None:
    def draw(sheet: Sheet) -> None:
        for i in range(16):
            y = 60 + 15.7 * i
            sheet.level(y, 142, 522)
            sheet.digits(str(i % 8 + 1), 145, y + 11.5, height=6)
            sheet.box(152, y + 10, 153.5, y + 11.5)
            sheet.word(156, y + 3.5, 8, type_size=8)

    assert [r for r in rulings_of(draw, filled=False) if not r.horizontal] == []


def test_blank_paper_has_no_rulings() -> None:
    assert rulings_of(lambda _: None, filled=False) == []


@pytest.mark.parametrize(("length", "gap"), [(2.5, 2.5), (3, 2)])
def test_dashed_columns_of_two_rows_are_found_in_a_table_that_is_dashed_all_over(length: float, gap: float) -> None:
    top, bottom = YS[0], YS[0] + 38

    def draw(sheet: Sheet) -> None:
        for y in (top, top + 19, bottom, *(bottom + 19 * i for i in range(1, 9))):
            for x in np.arange(XS[0], XS[-1], length + gap).tolist():
                sheet.level(y, x, min(x + length, XS[-1]))
        for x in (XS[0], XS[-1]):
            for y in np.arange(top, bottom + 152, length + gap).tolist():
                sheet.plumb(x, y, y + length)
        for x in XS[2:6:2]:
            for y in np.arange(top, bottom, length + gap).tolist():
                sheet.plumb(x, y, min(y + length, bottom))

    rulings = rulings_of(draw, filled=False)

    for x in XS[2:6:2]:
        assert covered(rulings, horizontal=False, position=x, gap=7) == [pytest.approx((top, bottom), abs=END)]


@pytest.mark.parametrize("ink", [150, 200])
def test_faint_digits_below_one_another_are_no_ruling(ink: int) -> None:
    def draw(sheet: Sheet) -> None:
        for i in range(9):
            sheet.level(100 + 16 * i, XS[0], XS[-1], ink=90)
        for x in (XS[0], XS[2], XS[-1]):
            sheet.plumb(x, 100, 228, ink=90)
        for i in range(4):
            # Strokes that no longer hang together, as toner that ran out leaves them.
            sheet.box(301.0, 104.5 + 16 * i, 301.7, 108 + 16 * i, ink)
            sheet.box(301.0, 109 + 16 * i, 301.7, 112 + 16 * i, ink)

    rulings = rulings_of(draw, filled=False)

    assert covered(rulings, horizontal=False, position=301.4, gap=7) == []
    assert covered(rulings, horizontal=False, position=XS[2], gap=7) == [pytest.approx((100, 228), abs=3)]


@pytest.mark.parametrize("pale", [None, 240])
def test_a_dashed_column_of_two_rows_is_found_where_something_shows_through_in_line_with_it(pale: int | None) -> None:
    top, bottom = YS[3], YS[3] + 42

    def draw(sheet: Sheet) -> None:
        for y in (YS[0], top, top + 21, bottom, YS[-1]):
            sheet.level(y, XS[0], XS[-1])
        for y in np.arange(top, bottom, 5.0).tolist():
            sheet.plumb(XS[3], y, min(y + 3, bottom))
        if pale is not None:
            sheet.plumb(XS[3], top - 45, top, ink=pale)

    rulings = rulings_of(draw, filled=False)

    assert covered(rulings, horizontal=False, position=XS[3], gap=7) == [pytest.approx((top, bottom), abs=END)]


def test_the_dark_edge_of_the_page_says_nothing_about_faint_rulings() -> None:
    """As found on a faint copy: the edge of the glass was taken for the strength of its rulings."""
    sheet = Sheet()
    sheet.net(ink=240)
    for x in (2.5, 592.0):
        sheet.plumb(x, 0, 500, thick=2.0, ink=60)
    chance = np.random.default_rng(2)
    sheet.pixels = np.clip(sheet.pixels + chance.normal(0, 2.0, sheet.pixels.shape), 0, 255).astype(np.uint8)
    found, _ = find_rulings(sheet.as_upright())
    assert all(covered(found, horizontal=True, position=y) for y in YS)
    assert all(covered(found, horizontal=False, position=x) for x in XS)
