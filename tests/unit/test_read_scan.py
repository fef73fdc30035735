from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.geometry import BBox
from models.grid import Cell, Grid
from pipeline.config import OcrSettings
from pipeline.ocr.engine import Engines, LineReading, PlacedLine
from pipeline.read_cells import READER
from pipeline.read_scan import ScannedPage, read_scan, to_stored
from pipeline.scan.orientation import sample_lines
from pipeline.scan.page_image import PageImage
from pipeline.unruled_values import PAGE_READER, reread_values
from tests.unit.fake_engines import FakePage, reading
from tests.unit.scan.drawn_page import HEIGHT, WIDTH, XS, YS, Sheet, form, scanned, turned

SETTINGS = OcrSettings()
ROWS, COLUMNS = len(YS) - 1, len(XS) - 1
LABEL_RATIO = 4.0


@dataclass
class Reader:
    """Reads narrow crops as the given numbers in turn, wide ones as a label; a label upside down is unreadable."""

    name: str
    numbers: Sequence[str] = ("27",)
    score: float = 0.99
    asked: int = 0
    upside_down: bool = False
    calls: list[int] = field(default_factory=list)

    def read_lines(self, crops: Sequence[NDArray[np.uint8]]) -> list[LineReading]:
        self.calls.append(len(crops))
        return [self.one(crop) for crop in crops]

    def one(self, crop: NDArray[np.uint8]) -> LineReading:
        if crop.shape[1] > LABEL_RATIO * crop.shape[0]:
            return reading("行政复议", 0.4 if self.upside_down else 0.98)
        text = self.numbers[min(self.asked, len(self.numbers) - 1)]
        self.asked += 1
        return reading(text, self.score)


def engines(first: Reader | None = None, second: Reader | None = None, page: FakePage | None = None) -> Engines:
    return Engines(first or Reader("first"), second or Reader("second"), page or FakePage())


def read(sheet: Sheet, using: Engines | None = None) -> ScannedPage:
    return read_scan(sheet.as_image(), using or engines(), SETTINGS)


def numbers(grid: Grid) -> list[str]:
    return [c.text for c in sorted(grid.cells, key=lambda c: (c.row_start, c.col_start)) if c.col_start]


def small(*texts: str) -> Sheet:
    """A table of one row: a label and cells with the given texts."""
    sheet = Sheet(400, 200)
    xs = [20.0, 140.0, *(200.0 + 60 * i for i in range(len(texts)))]
    sheet.net(xs, (60.0, 84.0, 108.0))
    for top in (60, 84):
        sheet.word(28, top + 7.5, 8)
    for i, text in enumerate(texts):
        sheet.digits(text, xs[i + 1] + 14, 75.5)
    return sheet


def test_a_table_becomes_a_grid_with_both_readings_of_each_number() -> None:
    page = read(form())

    [grid] = page.grids
    assert (grid.reader, grid.n_rows, grid.n_cols) == (READER, ROWS, COLUMNS)
    assert len(grid.cells) == ROWS * COLUMNS
    assert numbers(grid) == ["27"] * (ROWS * (COLUMNS - 1))
    cell = next(c for c in grid.cells if (c.row_start, c.col_start) == (2, 3))
    assert cell.bbox is not None
    assert page.stored(cell.bbox).as_list() == pytest.approx([XS[3], YS[2], XS[4], YS[3]], abs=1.5)
    assert [(r.reader, r.text) for r in cell.readings] == [("first", "27"), ("second", "27")]
    assert cell.flags == frozenset()


def test_labels_are_read_by_the_first_engine_alone() -> None:
    first, second = Reader("first"), Reader("second")

    page = read(form(), engines(first, second))

    labels = [c for c in page.grids[0].cells if c.col_start == 0]
    assert {c.text for c in labels} == {"行政复议"}
    assert {tuple(r.reader for r in c.readings) for c in labels} == {("first",)}
    assert second.asked == ROWS * (COLUMNS - 1)


def test_blank_cells_are_blank_and_ask_nobody() -> None:
    page = read(small("5", "", ""), engines(Reader("first", ["5"]), Reader("second", ["5"])))

    assert numbers(page.grids[0]) == ["5", "", "", "", "", ""]
    assert {r.text for c in page.grids[0].cells if not c.text for r in c.readings} <= {""}


def test_engines_that_differ_are_told() -> None:
    page = read(small("5"), engines(Reader("first", ["5"]), Reader("second", ["6"])))

    [cell] = [c for c in page.grids[0].cells if c.col_start == 1 and c.text]
    assert "models_differ" in cell.flags
    assert [r.text for r in cell.readings] == ["5", "6"]


def test_a_score_below_the_limit_is_told() -> None:
    page = read(small("5"), engines(Reader("first", ["5"], score=0.3), Reader("second", ["5"])))

    [cell] = [c for c in page.grids[0].cells if c.col_start == 1 and c.text]
    assert (cell.text, cell.flags) == ("5", frozenset({"low_score"}))


def test_two_numbers_in_one_cell_keep_their_lines() -> None:
    sheet = Sheet(400, 200)
    sheet.net((20.0, 140.0, 220.0), (40.0, 90.0))
    sheet.word(28, 60, 8)
    sheet.digits("12", 165, 60)
    sheet.digits("34", 165, 80)

    page = read(sheet, engines(Reader("first", ["12", "34"]), Reader("second", ["12", "34"])))

    assert numbers(page.grids[0]) == ["12\n34"]


def test_a_row_that_a_page_begins_with_is_parted_by_its_short_rulings() -> None:
    sheet = Sheet(400, 300)
    for y in (40.0, 58.0):
        sheet.level(y, 20, 380, ink=190)
    for x in (20.0, 380.0):
        sheet.plumb(x, 40, 58, ink=190)
    sheet.plumb(140, 40, 58, ink=222)  # fainter than ink
    sheet.word(28, 44.5, 8)
    sheet.digits("5", 250, 52.5)
    sheet.net((20.0, 140.0, 260.0, 380.0), (120.0, 150.0, 180.0, 210.0), ink=190)
    for top in (120, 150, 180, 230, 250):
        sheet.word(28, top + 10, 8)

    page = read(sheet, engines(Reader("first", ["5"]), Reader("second", ["5"])))

    assert [(c.col_start, c.text) for c in page.grids[0].cells] == [(0, "行政复议"), (1, "5")]


def test_a_pen_across_a_table_of_level_rulings_is_taken_out() -> None:
    sheet = Sheet(400, 300)
    for y in (60.0, 84.0, 108.0, 132.0, 156.0):
        sheet.level(y, 20, 380)
        sheet.word(28, y - 18, 12)
    clean = sheet.pixels.copy()
    xs = np.linspace(180, 300, 200)
    points = np.stack([xs, 96 + 14 * np.sin(np.linspace(0, 6 * np.pi, 200))], 1) * sheet.size * 16
    cv2.polylines(sheet.pixels, [points.round().astype(np.int32)], False, (20,), round(1.8 * sheet.size), 8, 4)

    page = read(sheet)

    left = page.upright.unpack().gray < 128
    assert page.grids == ()
    assert left.sum() < (clean < 128).sum() + 0.05 * ((sheet.pixels < 128) & (clean >= 128)).sum()


def test_a_number_that_its_cell_was_too_narrow_for_is_one() -> None:
    sheet = Sheet(400, 200)
    sheet.net((20.0, 140.0, 175.0), (40.0, 90.0))
    sheet.word(28, 60, 8)
    sheet.digits("1234", 143.5, 60)
    sheet.digits("5", 143.5, 80)

    page = read(sheet, engines(Reader("first", ["1234", "5"]), Reader("second", ["1234", "5"])))

    assert numbers(page.grids[0]) == ["12345"]
    [cell] = [c for c in page.grids[0].cells if c.col_start == 1]
    assert [r.text for r in cell.readings] == ["12345", "12345"]


def test_cells_whose_ruling_is_lost_are_taken_apart() -> None:
    sheet = form()
    # The ruling between two numbers of one column.
    sheet.box(XS[2] + 1.5, YS[3] - 2, XS[3] - 1.5, YS[3] + 2, 255)

    [grid] = read(sheet).grids

    assert len(grid.cells) == ROWS * COLUMNS
    assert numbers(grid) == ["27"] * (ROWS * (COLUMNS - 1))


def test_a_number_below_a_word_of_the_header_is_taken_apart_from_it() -> None:
    sheet = form()
    # The word stands in the middle of two rows, the number below it; both rulings between the three are lost.
    for y in YS[1:3]:
        sheet.box(XS[2] + 1.5, y - 2, XS[3] - 1.5, y + 2, 255)
    sheet.box(XS[2] + 1.5, YS[0] + 2, XS[3] - 1.5, YS[2] - 2, 255)
    sheet.word(XS[2] + 30, (YS[0] + YS[2]) / 2 - 4.5, 1)
    using = engines(Reader("first", ["其他\n27", "其他", "27"]), Reader("second", ["其他\n27", "其他", "27"]))

    cells = {(c.row_start, c.row_stop): c for c in read(sheet, using).grids[0].cells if c.col_start == 2}

    assert {(0, 2), (2, 3)} <= cells.keys()


def test_numbers_of_two_cells_that_are_read_as_one_are_doubted() -> None:
    sheet = Sheet(400, 200)
    sheet.net([20.0, 140.0, 260.0], (60.0, 84.0, 108.0))
    sheet.word(28, 67.5, 8)
    sheet.word(28, 91.5, 8)
    sheet.digits("4", 160, 75.5)
    sheet.digits("20", 178, 75.5)
    sheet.digits("420", 160, 99.5)
    using = engines(Reader("first", ("420", "420")), Reader("second", ("420", "420")))
    cells = {c.row_start: c for c in read(sheet, using).grids[0].cells if c.col_start == 1}
    assert cells[0].flags == {"inner_space"}
    assert cells[1].flags == frozenset()


@pytest.mark.parametrize("labels", [False, True])
def test_a_wide_margin_is_cut_off_but_no_labels_beside_faded_rulings(labels: bool) -> None:
    sheet = Sheet(600, 300)
    xs, ys = (240.0, 330.0, 420.0, 510.0), tuple(60.0 + 24 * n for n in range(8))
    sheet.net(xs, ys)
    for y in ys[:-1]:
        for x in xs[:-1]:
            sheet.digits("27", x + 30, y + 16)
        if labels:
            sheet.word(80, y + 7, 12, type_size=8)

    grid = read(sheet).grids[0]

    assert grid.bbox is not None
    assert grid.bbox.x0 == pytest.approx(240.0 if labels else 50.0, abs=2)


def test_a_page_upside_down_is_turned_over() -> None:
    sheet = Sheet()
    sheet.net()
    for top in (40, 60, 80, 100):
        for x in range(60, 460, 10):
            sheet.box(x, top, x + 9, top + 3)
            sheet.box(x + 4, top, x + 5, top + 9)

    class Sensitive(Reader):
        """Reads these characters where their bar is above."""

        def one(self, crop: NDArray[np.uint8]) -> LineReading:
            middle = crop.shape[0] // 2
            is_upright = int((crop[:middle] < 128).sum()) > int((crop[middle:] < 128).sum())
            return reading("行政复议", 0.98 if is_upright else 0.3)

    def stored_box(pixels: NDArray[np.uint8]) -> BBox:
        page = read_scan(PageImage(1, pixels, sheet.size), engines(second=Sensitive("second")), SETTINGS)
        [grid] = page.grids
        assert grid.bbox is not None
        # Wide margins on the left are cut off.
        assert [grid.bbox.width, grid.bbox.top] == pytest.approx([XS[-1] - XS[0], YS[0]], abs=2)
        return page.stored(grid.bbox)

    assert stored_box(sheet.pixels).as_list() == pytest.approx([XS[0], YS[0], XS[-1], YS[-1]], abs=2)
    over = stored_box(np.ascontiguousarray(sheet.pixels[::-1, ::-1]))
    assert over.as_list() == pytest.approx([WIDTH - XS[-1], HEIGHT - YS[-1], WIDTH - XS[0], HEIGHT - YS[0]], abs=2)


def test_boxes_as_stored_are_those_of_the_turned_page() -> None:
    sheet = form()
    matrix = turned(sheet, 3)

    page = read_scan(scanned(sheet, matrix), engines(), SETTINGS)
    grid = to_stored(page.grids[0], {1: page})

    cell = next(c for c in grid.cells if (c.row_start, c.col_start) == (4, 2))
    middle = matrix @ np.array([(XS[2] + XS[3]) / 2, (YS[4] + YS[5]) / 2, 1.0])
    assert cell.bbox is not None
    assert cell.bbox.center == pytest.approx((float(middle[0]), float(middle[1])), abs=2)


def test_text_outside_of_tables_is_found_above_between_and_below_them() -> None:
    page = read(form(), engines(page=FakePage("一、总体情况")))

    assert [line.text for line in page.lines] == ["一、总体情况"] * 2
    above, below = (line.bbox for line in page.lines)
    assert above is not None
    assert below is not None
    assert above.bottom < YS[0]
    assert below.top > YS[-1]
    assert "".join(c.text for c in page.content.chars) == "一、总体情况" * 2
    assert page.content.rulings


def test_a_page_without_tables_is_lines_alone() -> None:
    sheet = Sheet()
    for i in range(12):
        sheet.word(60, 40 + 20 * i, 40)

    page = read(sheet, engines(page=FakePage("一、总体情况")))

    assert page.grids == ()
    assert [line.text for line in page.lines] == ["一、总体情况"]


def test_an_empty_page_asks_for_nothing() -> None:
    first, second = Reader("first"), Reader("second")

    class Never(FakePage):
        def read_page(self, gray: NDArray[np.uint8]) -> list[PlacedLine]:
            raise AssertionError

    page = read(Sheet(), engines(first, second, Never()))

    assert (page.grids, page.lines, page.content.chars) == ((), (), ())
    assert sum(first.calls) == sum(second.calls) == 0


def test_numbers_of_a_table_without_rulings_are_read_again_one_by_one() -> None:
    sheet = Sheet(400, 200)
    sheet.digits("12", 200, 60)
    page = read(sheet)
    found = read(small("12")).grids[0].cells[0]
    place = BBox(199, 52, 222, 61)
    cells = [
        type(found)(0, 1, 0, 1, "行政复议", 1, BBox(20, 52, 80, 61)),
        type(found)(0, 1, 1, 2, "12", 1, place),
        type(found)(0, 1, 2, 3, "99", 2, place),
    ]

    def again(*texts: str) -> Grid:
        using = engines(Reader("first", texts), Reader("second", texts))
        return reread_values(Grid(1, 3, tuple(cells), "words"), {1: page}, using, SETTINGS)

    same, other = again("12"), again("17")
    assert [c.text for c in same.cells] == ["行政复议", "12", "99"]
    assert [len(c.readings) for c in same.cells] == [0, 2, 0]
    assert same.cells[1].flags == frozenset()
    assert other.cells[1].text == "17"
    assert [(r.reader, r.text) for r in other.cells[1].readings][2:] == [(PAGE_READER, "12")]


def unruled(*cells: tuple[str, BBox | None]) -> Grid:
    """Two rows of two numbers, as word positions give them: texts and boxes row by row."""
    found = [Cell(0, 1, c, c + 1, text, 1) for c, text in enumerate(("自然人", "总计"))]
    found += [Cell(1 + i // 2, 2 + i // 2, i % 2, i % 2 + 1, text, 1, box) for i, (text, box) in enumerate(cells)]
    return Grid(3, 2, tuple(found), "words", 1)


def test_a_word_whose_ink_is_lost_is_read_from_its_box() -> None:
    page = read(Sheet(400, 200))
    lost = Cell(0, 1, 0, 1, "12", 1, BBox(199, 52, 222, 61))
    using = engines(Reader("first", ["17"]), Reader("second", ["17"]))

    again = reread_values(Grid(1, 1, (lost,), "words"), {1: page}, using, SETTINGS)

    assert [(r.reader, r.text) for r in again.cells[0].readings] == [("first", "17"), ("second", "17"), ("page", "12")]


@pytest.mark.parametrize(("printed", "text", "flags"), [(True, "4", {"low_score"}), (False, "", set())])
def test_a_number_overlooked_in_a_table_without_rulings_is_read_and_doubted(
    printed: bool, text: str, flags: set[str]
) -> None:
    sheet = Sheet(400, 200)
    for x, y in ((200, 60), (260, 60), (200, 90)):
        sheet.digits("4", x, y)
    if printed:
        sheet.digits("4", 260, 90)
    boxes = [BBox(199, 52, 208, 61), BBox(259, 52, 268, 61), BBox(199, 82, 208, 91)]
    using = engines(Reader("first", ("4",)), Reader("second", ("4",)))
    grid = unruled(*(("4", box) for box in boxes), ("", None))

    last = reread_values(grid, {1: read(sheet)}, using, SETTINGS).cells[-1]

    assert (last.text, set(last.flags)) == (text, flags)
    assert [r.reader for r in last.readings] == (["first", "second"] if printed else [READER])


@pytest.mark.parametrize(("level", "cut"), [(5, True), (2, False)])
def test_level_rulings_make_a_table_of_what_names_few_words_of_the_form(level: int, cut: bool) -> None:
    sheet = Sheet(400, 200)
    for i in range(level):
        sheet.level(70 + 20 * i, 30, 370)
    # One line to the detector, two words to the eye.
    sheet.word(12, 12, 4)
    sheet.word(100, 12, 4)
    page = read(sheet, engines(page=FakePage("未经复议直接起诉")))
    assert (len(page.lines) > 1) is cut


def test_dashes_of_rulings_are_not_read_to_find_the_way_up() -> None:
    sheet = Sheet()
    for y in YS:
        for x in np.arange(XS[0], XS[-1], 4.0).tolist():
            sheet.level(y, x, x + 2, thick=1.6)

    assert sample_lines(sheet.as_upright()) == []
