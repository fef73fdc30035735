from __future__ import annotations

import pytest

from benchmarks.scans.matching import PlacedText, count_right, deal_texts, look_up_cells
from benchmarks.scans.true_cells import TrueCell
from models.geometry import BBox

CELLS = {
    "a": TrueCell(1, BBox(100, 100, 140, 120), "12"),
    "b": TrueCell(1, BBox(140, 100, 180, 120), ""),
    "c": TrueCell(1, BBox(180, 100, 220, 120), "3"),
    "d": TrueCell(2, BBox(100, 100, 140, 130), "1234"),
}


def text(content: str, x0: float, x1: float, top: float = 105.0, bottom: float = 115.0) -> PlacedText:
    return PlacedText(content, BBox(x0, top, x1, bottom))


def test_a_text_belongs_to_the_cell_around_its_centre_on_its_page() -> None:
    assert deal_texts([[text("12", 110, 125)], [text("9", 110, 120)]], CELLS) == {"a": "12", "d": "9"}


def test_a_text_may_reach_out_of_its_cell() -> None:
    assert deal_texts([[text("12", 95, 105)]], CELLS) == {"a": "12"}
    assert deal_texts([[text("12", 90, 95)]], CELLS) == {}


def test_a_text_over_several_cells_is_cut_where_its_pieces_fit_the_cells_that_are_not_blank() -> None:
    assert deal_texts([[text("12 3", 105, 210)]], CELLS) == {"a": "12", "c": "3"}


def test_a_text_over_several_cells_that_cannot_be_cut_stays_whole() -> None:
    assert deal_texts([[text("123", 105, 210)]], CELLS) == {"a": "123"}


def test_lines_of_a_wrapped_number_are_joined_from_top_to_bottom() -> None:
    lines = [text("34", 110, 125, 116, 126), text("12", 110, 125, 104, 114)]
    assert deal_texts([[], lines], CELLS) == {"d": "1234"}


def test_pieces_on_one_line_are_joined_from_left_to_right() -> None:
    assert deal_texts([[text("2", 122, 130), text("1 ", 110, 118, 106, 116)]], CELLS)["a"] == "12"


@pytest.mark.parametrize(
    ("texts", "right"),
    [({}, 1), ({"a": "12", "c": "3", "d": "1,234"}, 4), ({"a": "12", "b": "0"}, 1), ({"a": "1Z"}, 1)],
)
def test_a_blank_cell_is_right_where_nothing_stands(texts: dict[str, str], right: int) -> None:
    assert count_right(CELLS, texts) == right


def test_the_cell_of_a_table_is_looked_up_by_the_centre_of_the_true_one() -> None:
    table = [text("12", 98, 141, 98, 121), text("", 141, 181, 98, 121), text("all", 90, 300, 90, 130)]
    assert look_up_cells([table], CELLS) == {"a": "12", "b": "", "c": "all", "d": None}
