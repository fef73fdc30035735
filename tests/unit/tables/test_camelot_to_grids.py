from __future__ import annotations

import io
import sys
from collections.abc import Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas

from models.errors import ExitCode, MissingDependencyError, StageError
from models.geometry import BBox
from pipeline.tables.camelot_to_grids import camelot_to_grids

HEIGHT = 400.0
XS, YS = (50.0, 150.0, 250.0, 350.0), (60.0, 100.0, 140.0, 180.0)


def draw(pages: int = 1, *, merged: bool = False) -> bytes:
    """A PDF with a table of 3 x 3 cells on each page; ``merged``: the first cell runs over two rows and two columns."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(400, HEIGHT))
    for page in range(pages):
        for y in YS:
            canvas.line(XS[2] if merged and y == YS[1] else XS[0], HEIGHT - y, XS[-1], HEIGHT - y)
        for x in XS:
            canvas.line(x, HEIGHT - (YS[2] if merged and x == XS[1] else YS[0]), x, HEIGHT - YS[-1])
        for r in range(3):
            for c in range(3):
                if not (merged and r < 2 and c < 2) or (r, c) == (0, 0):
                    canvas.drawString(XS[c] + 40, HEIGHT - YS[r] - 25, str(100 * page + 10 * r + c))
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def test_cells_and_boxes_are_in_points_from_the_top() -> None:
    (grid,) = camelot_to_grids(draw(merged=True), {1: HEIGHT}, [1])
    assert grid.texts() == [["0", "", "2"], ["", "", "12"], ["20", "21", "22"]]
    assert (grid.reader, grid.page_no) == ("camelot", 1)
    spans = [(c.row_start, c.row_stop, c.col_start, c.col_stop) for c in grid.cells if c.text == "0"]
    assert spans == [(0, 2, 0, 2)]
    assert grid.bbox is not None
    assert grid.bbox.as_list() == pytest.approx([50, 60, 350, 180], abs=2)
    assert grid.col_edges == pytest.approx(XS, abs=2)


def test_only_the_asked_pages_are_read_in_order() -> None:
    grids = camelot_to_grids(draw(pages=3), {1: HEIGHT, 2: HEIGHT, 3: HEIGHT}, [3, 2])
    assert [(g.page_no, g.texts()[0][0]) for g in grids] == [(2, "100"), (3, "200")]


def test_a_page_of_unknown_height_is_left_out() -> None:
    assert camelot_to_grids(draw(), {}, [1]) == []


def test_no_pages_need_no_camelot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "camelot.io", None)
    assert camelot_to_grids(b"", {}, []) == []


def test_a_missing_camelot_is_told_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "camelot.io", None)
    with pytest.raises(MissingDependencyError, match="camelot is not installed") as caught:
        camelot_to_grids(draw(), {1: HEIGHT}, [1])
    assert "extract.camelot_fallback" in caught.value.remedy
    assert caught.value.exit_code is ExitCode.DEPENDENCY


# Camelot leaves its copy of a file that it could not open to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 nothing more"])
def test_a_file_that_camelot_cannot_read_is_a_stage_error(data: bytes) -> None:
    with pytest.raises(StageError, match="camelot could not read the tables"):
        camelot_to_grids(data, {1: HEIGHT}, [1])


class _Square:
    """A cell as camelot describes it: corners from the bottom left, and which of its walls are drawn."""

    def __init__(self, box: BBox, walls: str, text: str) -> None:
        self.x1, self.x2, self.y1, self.y2 = box.x0, box.x1, HEIGHT - box.bottom, HEIGHT - box.top
        self.left, self.right, self.top, self.bottom = ("l" in walls, "r" in walls, "t" in walls, "b" in walls)
        self.text = text


class _Table:
    def __init__(self, squares: Sequence[Sequence[_Square]]) -> None:
        self.page, self.cells = 1, squares


def test_texts_of_the_squares_of_a_merged_cell_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    left = _Square(BBox(0, 0, 50, 20), "ltb", "3511\n")
    right = _Square(BBox(50, 0, 100, 20), "rtb", "件")
    fake = type(sys)("camelot.io")
    fake.__dict__["read_pdf"] = lambda *_, **__: [_Table([[left, right]]), _Table([])]
    monkeypatch.setitem(sys.modules, "camelot.io", fake)
    (grid,) = camelot_to_grids(b"", {1: HEIGHT}, [1])
    assert [(c.text, c.bbox) for c in grid.cells] == [("3511\n件", BBox(0, 0, 100, 20))]
