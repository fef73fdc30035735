from __future__ import annotations

import numpy as np
import pytest

from benchmarks.scans.geometry import Transform, skewed
from benchmarks.scans.mapping import MappingScore, score_mapping
from benchmarks.scans.true_cells import TrueCell
from models.geometry import BBox
from models.report import Evidence, FieldValue

DPI = 144.0
WAYS = {1: skewed((1684, 1190), 2.0)}
CELLS = {
    f"requests.{row}.{column}": TrueCell(1, BBox(100 + 40 * x, 100 + 20 * y, 140 + 40 * x, 120 + 20 * y), "7")
    for y, row in enumerate(("new", "carried_in"))
    for x, column in enumerate(("natural_person", "total"))
}


def read_at(x: float, y: float, page_no: int = 1) -> FieldValue:
    """A number read around the place of the scan where (x, y) of the page, in points, lies."""
    placed = WAYS[1].apply(np.array([[x * 2 - 0.5, y * 2 - 0.5]]))[0] / 2
    box = [placed[0] - 3, placed[1] - 4, placed[0] + 3, placed[1] + 4]
    evidence = Evidence(page_no=page_no, bbox=box, stage="ocr", reader="r", text="7")
    return FieldValue(value="7", printed="7", kind="number", decision="accept", confidence=1.0, evidence=[evidence])


def read_all(**others: FieldValue) -> dict[str, FieldValue]:
    return {f: read_at(*c.bbox.center) for f, c in CELLS.items()} | {f.replace("__", "."): v for f, v in others.items()}


def test_numbers_read_in_their_cells_have_the_right_rows_and_columns() -> None:
    score = score_mapping(read_all(), CELLS, WAYS, DPI)
    assert score == MappingScore(rows=2, rows_right=2, columns=2, columns_right=2)


def test_a_number_read_in_the_row_below_makes_its_row_wrong() -> None:
    score = score_mapping(read_all(requests__new__total=read_at(160, 130)), CELLS, WAYS, DPI)
    assert (score.rows_right, score.columns_right) == (1, 2)
    assert score.wrong == ("requests.new",)


def test_a_number_read_in_the_next_column_makes_its_column_wrong() -> None:
    score = score_mapping(read_all(requests__new__total=read_at(120, 110)), CELLS, WAYS, DPI)
    assert (score.rows_right, score.columns_right) == (2, 1)
    assert score.wrong == ("requests.*.total",)


@pytest.mark.parametrize("page_no", [2, 9])
def test_a_number_read_on_another_page_has_no_place(page_no: int) -> None:
    score = score_mapping(read_all(requests__new__total=read_at(160, 110, page_no)), CELLS, WAYS, DPI)
    assert (score.rows_right, score.columns_right) == (1, 1)


def test_without_any_number_nothing_is_right() -> None:
    ways: dict[int, Transform] = WAYS
    assert score_mapping({}, CELLS, ways, DPI).rows_right == 0


def test_scores_add_up() -> None:
    one = MappingScore(2, 1, 3, 3, ("a",))
    assert one + one == MappingScore(4, 2, 6, 6, ("a", "a"))
