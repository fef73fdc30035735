from __future__ import annotations

from dataclasses import replace

from models.geometry import BBox
from models.grid import Cell, Grid
from pipeline.tables.blank_places import blank_places

X, Y = (300.0, 350.0, 400.0), (100.0, 120.0, 140.0)


def grid(*rows: str) -> Grid:
    """A header, then rows of a label and one character a number; a space is a blank cell."""
    cells = [Cell(0, 1, c, c + 1, text, 1) for c, text in enumerate(("", "自然人", "其他", "总计"))]
    for r, numbers in enumerate(rows, start=1):
        cells.append(Cell(r, r + 1, 0, 1, "重复申请", 1))
        for c, text in enumerate(numbers):
            box = BBox(X[c], Y[r - 1], X[c] + 10, Y[r - 1] + 8) if text.strip() else None
            cells.append(Cell(r, r + 1, c + 1, c + 2, text.strip(), 1, box))
    return Grid(len(rows) + 1, 4, tuple(cells), "words", 1)


def places(found: Grid) -> dict[tuple[int, int], BBox | None]:
    return {(found.cells[i].row_start, found.cells[i].col_start): box for i, box in blank_places(found).items()}


def test_a_blank_cell_is_where_its_row_and_its_column_cross() -> None:
    assert places(grid("1 3", "456")) == {(1, 2): BBox(330, 98, 380, 110)}


def test_an_outer_column_ends_beside_its_numbers() -> None:
    assert places(grid(" 23", "456")) == {(1, 1): BBox(298, 98, 330, 110)}


def even(numbers: str, step: float = 50.0) -> Grid:
    """A header and one row of numbers at even distances, without labels."""
    heads = [Cell(0, 1, c, c + 1, "总计", 1) for c in range(len(numbers))]
    cells = [
        Cell(1, 2, c, c + 1, text.strip(), 1, BBox(100 + step * c, 40, 108 + step * c, 48) if text.strip() else None)
        for c, text in enumerate(numbers)
    ]
    return Grid(2, len(numbers), (*heads, *cells), "words", 1)


def test_a_column_without_numbers_lies_at_its_even_distance() -> None:
    assert places(even("12 45")) == {(1, 2): BBox(181, 38, 227, 50)}
    assert places(even("1234 ")) == {(1, 4): BBox(271, 38, 326, 50)}


def test_a_column_without_numbers_among_uneven_ones_has_no_place() -> None:
    found = even("12 45")
    moved = tuple(replace(c, bbox=BBox(170, 40, 178, 48)) if c.text == "2" else c for c in found.cells)
    assert places(replace(found, cells=moved)) == {(1, 2): None}


def test_a_blank_row_lies_between_its_neighbours() -> None:
    found = places(grid("123", "   ", "789"))
    assert [(box.top, box.bottom) for box in found.values() if box is not None] == [(108, 140)] * 3


def test_a_blank_row_at_an_end_has_no_place() -> None:
    assert list(places(grid("123", "   ")).values()) == [None, None, None]


def test_a_blank_row_right_below_the_header_is_one_as_well() -> None:
    assert places(grid("   ", "123")) == {(1, c): None for c in (1, 2, 3)}


def test_labels_and_headers_are_left_alone() -> None:
    assert places(grid("123", "456")) == {}


def test_a_grid_without_numbers_tells_nothing() -> None:
    assert blank_places(grid("   ")) == {}
