from __future__ import annotations

from collections.abc import Sequence

import pytest

from models.geometry import BBox
from models.grid import Cell, Grid
from models.page import Char, PageContent
from pipeline.tables.chars_to_cells import chars_to_lines, chars_to_text, lattice_to_grid, page_to_lines
from pipeline.tables.rulings_to_grid import rulings_to_lattices
from tests.unit.tables.drawn import net, set_text, sheet

YS = (100.0, 120.0, 140.0, 160.0)


def read(xs: Sequence[float], *groups: Sequence[Char], ys: Sequence[float] = YS) -> Grid:
    rulings = net(xs, ys)
    return lattice_to_grid(rulings_to_lattices(rulings)[0], sheet(*groups, rulings=rulings), "pdfplumber")


def cell(grid: Grid, row: int, col: int) -> Cell:
    found = grid.at(row, col)
    assert found is not None
    return found


def test_characters_go_to_the_cell_in_which_their_middle_lies() -> None:
    grid = read((100, 200, 300), set_text("规章", 105, 105), set_text("12", 296, 125), set_text("页码", 105, 400))
    assert grid.texts() == [["规章", ""], ["", "1"], ["", ""]]
    assert (grid.reader, grid.page_no, grid.col_edges) == ("pdfplumber", 1, (100, 200, 300))
    assert cell(grid, 1, 1).bbox == BBox(200, 120, 300, 140)
    assert grid.bbox == BBox(100, 100, 300, 160)


def test_lines_of_a_cell_are_separated_by_line_feeds() -> None:
    grid = read((100, 200, 300), set_text("政府集", 105, 101, 8), set_text("中采购", 105, 110, 8))
    assert cell(grid, 0, 0).text == "政府集\n中采购"


def test_a_merged_cell_holds_the_text_of_all_its_squares() -> None:
    rulings = [r for r in net((100, 200, 300), (100, 120, 140)) if r.position != 200]
    grid = lattice_to_grid(rulings_to_lattices(rulings)[0], sheet(set_text("第二十条第（一）项", 150, 105)), "x")
    assert [c.text for c in grid.cells] == ["第二十条第（一）项", ""]


@pytest.mark.parametrize(("gap", "text"), [(1.0, "自然人"), (2.9, "自然人"), (3.5, "自 然 人"), (12.0, "自 然 人")])
def test_a_gap_wider_than_a_third_of_the_type_is_a_space(gap: float, text: str) -> None:
    assert chars_to_text(set_text("自然人", 100, 100, gap=gap)) == (text, set())


def test_digits_of_one_number_on_both_sides_of_a_ruling_are_marked() -> None:
    grid = read((100, 200, 300, 400), set_text("3511", 190, 105), set_text("7", 350, 105))
    assert [c.text for c in grid.cells[:3]] == ["35", "11", "7"]
    assert [c.flags for c in grid.cells[:3]] == [{"straddles_ruling"}, {"straddles_ruling"}, set()]


@pytest.mark.parametrize(
    "groups",
    [
        (set_text("35", 185, 105), set_text("11", 203, 105)),
        (set_text("35", 190, 105), set_text("11", 200, 125)),
        (set_text("其他", 180, 105), set_text("11", 200, 105)),
    ],
    ids=["a gap between them", "another line", "a label beside a number"],
)
def test_numbers_beside_each_other_are_not_marked(groups: tuple[list[Char], list[Char]]) -> None:
    assert not any(c.flags for c in read((100, 200, 300), *groups).cells)


def test_a_raised_small_character_is_put_in_brackets() -> None:
    note = [Char("1", 115, 101, 118, 107, 6)]
    grid = read((100, 200, 300), set_text("12", 105, 103), note)
    assert cell(grid, 0, 0).text == "12[1]"
    assert cell(grid, 0, 0).flags == {"superscript"}


def test_a_raised_character_may_be_followed_by_others() -> None:
    note = [Char("2", 110, 101, 113, 107, 6)]
    assert chars_to_text([*set_text("3", 105, 103), *note, *set_text("件", 113, 103)])[0] == "3[2]件"


def test_a_raised_digit_of_full_size_is_marked_too() -> None:
    assert chars_to_text([*set_text("12", 105, 103), *set_text("1", 115, 100.5)]) == ("12[1]", {"superscript"})
    assert chars_to_text([*set_text("12", 105, 103), *set_text("1", 115, 102)]) == ("121", set())


def test_a_small_character_on_the_line_is_no_superscript() -> None:
    assert chars_to_text([*set_text("12", 105, 100), *set_text("5", 115, 104, 6)]) == ("125", set())


def test_a_number_wrapped_in_a_narrow_cell_is_one_number() -> None:
    # 30 points wide: after "1234" (20 points) no further digit fits between the margins.
    grid = read((100, 200, 230), set_text("1234", 205, 101, 8), set_text("56", 205, 110, 8))
    assert cell(grid, 0, 1).text == "123456"


def test_a_fee_wrapped_at_its_point_is_one_number() -> None:
    grid = read((100, 200, 230), set_text("4166.", 204, 101, 8), set_text("2416", 204, 110, 8))
    assert cell(grid, 0, 1).text == "4166.2416"


def test_two_numbers_in_a_wide_cell_stay_two() -> None:
    grid = read((100, 200, 300), set_text("12", 205, 101, 8), set_text("34", 205, 110, 8))
    assert cell(grid, 0, 1).text == "12\n34"


def test_two_numbers_stay_two_where_a_wider_one_stands_in_the_same_column() -> None:
    grid = read((100, 200, 230), set_text("1234", 203, 125), set_text("12", 205, 101, 8), set_text("34", 205, 110, 8))
    assert cell(grid, 0, 1).text == "12\n34"


def test_a_wrapped_label_is_not_joined() -> None:
    grid = read((100, 200, 230), set_text("第5", 204, 101, 8), set_text("项", 204, 110, 8))
    assert cell(grid, 0, 1).text == "第5\n项"


def test_text_printed_over_text_is_marked() -> None:
    twice = [(set_text("120", 205, y), set_text("98", 206, y)) for y in (105, 125, 145)]
    grid = read((100, 200, 300), set_text("规章", 105, 105), *(g for pair in twice for g in pair))
    assert [cell(grid, r, 1).flags for r in range(3)] == [{"overprinted"}] * 3
    assert not cell(grid, 0, 0).flags


def test_a_stamp_over_two_cells_is_no_overprint() -> None:
    twice = [(set_text("120", 205, y), set_text("98", 206, y)) for y in (105, 125)]
    assert not any(c.flags for c in read((100, 200, 300), *(g for pair in twice for g in pair)).cells)


def test_text_in_an_irregular_cell_is_marked_and_an_empty_one_is_not() -> None:
    rulings = [r for r in net((0, 50, 100), (0, 20, 40)) if r.position not in {20, 50}]
    corner = [r for r in net((50, 100), (20, 40)) if r.position in {20, 50}]
    grid = lattice_to_grid(rulings_to_lattices(rulings + corner)[0], sheet(set_text("7", 20, 5)), "x")
    assert [(c.text, set(c.flags)) for c in grid.cells] == [("7", {"irregular_cell"}), ("", set()), ("", set())]


def test_boxes_of_a_turned_page_are_those_of_the_page_as_stored() -> None:
    rulings = net((100, 200, 300), (50, 70))
    lattice = rulings_to_lattices(rulings)[0]
    turned = PageContent(1, 842, 595, tuple(set_text("7", 110, 55)), tuple(rulings), quarter_turns=1)
    grid = lattice_to_grid(lattice, turned, "x")
    assert (cell(grid, 0, 0).text, cell(grid, 0, 0).bbox) == ("7", BBox(50, 642, 70, 742))


def test_lines_are_told_apart_by_their_middle_and_read_from_left_to_right() -> None:
    chars = [*set_text("乙", 120, 101), *set_text("丙", 100, 115), *set_text("甲", 100, 99.5)]
    assert [[c.text for c in line] for line in chars_to_lines(chars)] == [["甲", "乙"], ["丙"]]


def test_characters_without_a_type_size_are_read_too() -> None:
    chars = [Char(c.text, c.x0, c.top, c.x1, c.bottom, 0.0) for c in set_text("12", 100, 100)]
    assert chars_to_text(chars) == ("12", set())


def test_running_text_is_what_stands_outside_the_tables() -> None:
    page = sheet(set_text("在表中", 110, 105), set_text("在表外", 110, 205), set_text("旁边", 350, 205))
    lines = page_to_lines(page, [BBox(100, 100, 200, 120)])
    assert [(line.text, line.page_no) for line in lines] == [("在表外 旁边", 1)]
    assert lines[0].bbox == BBox(110, 205, 370, 215)


def test_a_page_without_characters_has_no_lines() -> None:
    assert page_to_lines(sheet(), []) == []
