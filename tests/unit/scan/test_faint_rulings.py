"""Rulings looked for where a lattice says that they may be."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from pipeline.scan.faint_rulings import faint_rulings
from tests.unit.scan.drawn_page import Sheet

XS, YS = (20.0, 100.0, 180.0), (20.0, 50.0, 80.0, 110.0, 140.0)
EDGES = list(pairwise(YS))


def edges(sheet: Sheet) -> list[tuple[float, float]]:
    """Start and stop of what is found along the plumb line in the middle."""
    found = faint_rulings(sheet.as_upright(), XS, YS, 200.0)
    return [(r.start, r.stop) for r in found if not r.horizontal]


def dashed(off: float = 0.0, *, length: float = 3.0, gap: float = 2.0, stop: float = YS[-1]) -> Sheet:
    sheet = Sheet(200, 160)
    for y in np.arange(20.0, stop, length + gap).tolist():
        sheet.plumb(XS[1] + off, y, min(y + length, stop))
    return sheet


@pytest.mark.parametrize("off", [-2.6, 0.0, 2.6])
def test_dashes_are_a_ruling_even_a_little_beside_their_line(off: float) -> None:
    assert edges(dashed(off)) == EDGES


def test_dashes_too_far_apart_or_too_far_off_are_none() -> None:
    assert edges(dashed(length=2, gap=7)) == []
    assert edges(dashed(4.5)) == []


def test_dashes_end_where_they_end() -> None:
    assert edges(dashed(stop=YS[3])) == EDGES[:3]


def test_one_edge_alone_is_not_dashed() -> None:
    assert edges(dashed(1.0, length=3.5, gap=3.5, stop=YS[1])) == []


def test_strokes_of_characters_are_none() -> None:
    sheet = Sheet(200, 160)
    for y in (22, 32, 42, 52, 62, 72):
        sheet.word(90, y, 3, type_size=7)
    assert edges(sheet) == []


@pytest.mark.parametrize("text", ["0", "2"])
def test_digits_on_the_line_of_other_cells_are_none(text: str) -> None:
    low = tuple(np.arange(20.0, 111.0, 15.0).tolist())
    sheet = Sheet(200, 160)
    for top in low[:-1]:
        sheet.digits(text, XS[1] - 2.4, top + 11.5, height=8)
    assert [r for r in faint_rulings(sheet.as_upright(), XS, low, 200.0) if not r.horizontal] == []


@pytest.mark.parametrize(("strong", "found"), [((0, 1), EDGES[:3]), ((), [])])
def test_a_ruling_goes_on_where_it_fades(strong: tuple[int, ...], found: list[tuple[float, float]]) -> None:
    sheet = Sheet(200, 160)
    for n, (top, bottom) in enumerate(EDGES[:3]):
        sheet.plumb(XS[1], top, bottom, ink=100 if n in strong else 249)
    assert edges(sheet) == found
