from __future__ import annotations

from itertools import product

import pytest

from samples.catalogue import CATALOGUE
from samples.drawing import draw_report
from samples.sheet import Sheet
from samples.sheet_layout import cut_row, lay_out, split_sheet, wrap_text
from samples.style import Style

SIZE = 9.0


def measure(text: str) -> float:
    return SIZE * len(text)


def requests_sheet() -> Sheet:
    return next(sheet for sheet in draw_report(CATALOGUE["pdf-plain"], 1).sheets if sheet.name == "requests")


def slots(sheet: Sheet) -> list[tuple[int, int]]:
    return [
        slot for b in sheet.boxes for slot in product(range(b.row, b.row_stop), range(b.col, b.col_stop))
    ]  # fmt: skip


@pytest.mark.parametrize("style", CATALOGUE.values(), ids=lambda style: style.name)
def test_boxes_cover_each_slot_once(style: Style) -> None:
    for sheet in draw_report(style, 1).sheets:
        assert sorted(slots(sheet)) == list(product(range(sheet.n_rows), range(sheet.n_cols)))


def test_text_wraps_between_any_two_characters() -> None:
    assert wrap_text("一二三四五", 2 * SIZE, measure) == ("一二", "三四", "五")
    assert wrap_text("一二，三", 2 * SIZE, measure) == ("一二", "，三")
    assert wrap_text("一二，三", 2 * SIZE, measure, hanging=True) == ("一二，", "三")
    assert wrap_text("", 2 * SIZE, measure) == ()


def test_rows_are_tall_enough_for_their_text() -> None:
    layout = lay_out(requests_sheet(), 470.0, SIZE, measure)
    for box, lines in layout.lines.items():
        assert sum(layout.heights[box.row : box.row_stop]) >= layout.leading * len(lines)


@pytest.mark.parametrize("above", [True, False])
def test_a_cut_row_has_its_numbers_on_one_side_and_its_label_on_both(above: bool) -> None:
    layout = lay_out(requests_sheet(), 470.0, SIZE, measure)
    label = max((b for b in layout.sheet.boxes if b.kind == "label" and b.rows == 1), key=lambda b: len(b.text))
    cut = cut_row(layout, label.row, numbers_above=above)
    upper, lower = cut.starting[label.row], cut.starting[label.row + 1]
    parts = [next(b.text for b in half if b.kind == "label") for half in (upper, lower)]
    assert "".join(parts) == label.text
    assert all(parts)
    filled, empty = (upper, lower) if above else (lower, upper)
    assert all(b.text for b in filled if b.kind == "value")
    assert not any(b.text for b in empty if b.kind == "value")
    assert sorted(slots(cut)) == list(product(range(cut.n_rows), range(cut.n_cols)))


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("groups", [True, False])
def test_a_split_sheet_keeps_every_number(groups: bool, header: bool) -> None:
    sheet = requests_sheet()
    layout = lay_out(sheet, 470.0, SIZE, measure)
    for row in range(1, sheet.n_rows):
        parts = split_sheet(layout, row, repeat_groups=groups, repeat_header=header)
        numbers = [(b.field, b.text) for part in parts for b in part.boxes if b.field]
        assert numbers == [(b.field, b.text) for b in sheet.boxes if b.field]
        repeated = sheet.header_rows if header and row > sheet.header_rows else 0
        assert (parts[0].n_rows, parts[1].n_rows) == (row, sheet.n_rows - row + repeated)
