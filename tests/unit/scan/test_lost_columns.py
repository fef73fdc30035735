"""Columns of which the ruling between them is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pipeline.scan.lost_columns import lost_columns
from tests.unit.scan.drawn_page import Sheet

# Six columns; the ruling at 160 is lost.
XS = (40.0, 80.0, 120.0, 200.0, 240.0, 280.0)
YS = (40.0, 64.0, 88.0)
CELLS = [(r, r + 1, c, c + 1) for r in range(2) for c in range(5)]


def table(left: tuple[str, str] = ("10", "20"), right: tuple[str, str] = ("30", "4")) -> Sheet:
    """Numbers in the middle of each column, in two rows."""
    sheet = Sheet(320, 120)
    sheet.net(XS, YS)
    for (top, _), a, b in zip(pairwise(YS), left, right, strict=True):
        for text, middle in ((a, 140), (b, 180)):
            sheet.digits(text, middle - 2.2 * len(text), top + 15.5, height=6)
    return sheet


def found(sheet: Sheet, xs: tuple[float, ...] = XS, cells: list[tuple[int, int, int, int]] = CELLS) -> list[float]:
    return [r.position for r in lost_columns(sheet.as_upright(), xs, YS, cells)]


def test_two_texts_in_a_column_of_double_width_are_of_two_columns() -> None:
    sheet = table()
    for top, bottom in pairwise(YS):
        # What is left of the ruling.
        sheet.plumb(160.5, top + 8, bottom - 9)

    rulings = lost_columns(sheet.as_upright(), XS, YS, CELLS)

    assert [(r.horizontal, r.position, r.start, r.stop) for r in rulings] == [
        (False, 160, 40, 64),
        (False, 160, 64, 88),
    ]


def test_a_blank_cell_says_nothing() -> None:
    sheet = Sheet(320, 150)
    sheet.pixels[: table().pixels.shape[0]] = table().pixels
    cells = [*CELLS, (2, 3, 2, 3)]

    assert [r.stop for r in lost_columns(sheet.as_upright(), XS, (*YS, 112), cells)] == [64, 88, 112]


@pytest.mark.parametrize(
    "sheet",
    [
        table(right=("30", "")),
        table(left=("10", "20000000"), right=("30", "")),
        table(left=("", ""), right=("", "")),
        table(left=("10", ""), right=("30", "")),
    ],
    ids=["one text at the side", "a text through the middle", "blank", "one cell alone"],
)
def test_other_columns_are_left_alone(sheet: Sheet) -> None:
    assert found(sheet) == []


def test_a_column_is_wide_only_beside_narrow_ones() -> None:
    assert found(table(), (0, 80, 120, 200, 260, 320)) == []
    assert found(table(), XS, [(0, 1, 2, 4), (1, 2, 2, 4)]) == [], "a merged cell is no column"


@pytest.mark.parametrize("missing", [False, True])
def test_several_rulings_side_by_side_may_be_lost(missing: bool) -> None:
    xs = (20.0, 60.0, 100.0, 140.0, 300.0)
    sheet = Sheet(320, 120)
    sheet.net(xs, YS)
    for top, _ in pairwise(YS):
        for k in range(4):
            if not (missing and k == 2):
                sheet.digits(str(k + 3), 158 + 40 * k, top + 15.5, height=6)
            # Dashes of a heavy copy.
            sheet.box(139 + 40 * k, top + 9, 141 + 40 * k, top + 13)

    cells = [(r, r + 1, c, c + 1) for r in range(2) for c in range(4)]

    assert sorted(set(found(sheet, xs, cells))) == ([] if missing else [180, 220, 260])
