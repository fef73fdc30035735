from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.document import SourceInfo
from models.errors import MissingDependencyError, StageError
from models.form import load_form
from models.grid import Grid
from models.page import PageContent
from pipeline.config import LimitSettings, OcrSettings, Settings, TableSettings
from pipeline.extract.pdf_to_page import pdf_to_page
from pipeline.ocr.engine import Engines
from pipeline.read_pdf import PdfReading, attempt, read_pdf
from pipeline.scan_pages import EngineLoader
from tests.unit import pictures
from tests.unit.extract.drawn_pdf import HEIGHT, WIDTH, Draw, Pen, both, draw_pdf, nothing, says
from tests.unit.fake_engines import FakeLoader, missing
from tests.unit.sampled import DEFAULTS, draw

XS, YS = (90.0, 290.0, 340.0, 390.0, 440.0), (100.0, 120.0, 140.0, 160.0)
CELLS = (
    ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
    ("规章", "1", "2", "3"),
    ("行政规范性文件", "4", "5", "6"),
)


def ruled(top: float = 0.0) -> Draw:
    def table(pen: Pen) -> None:
        ys = tuple(y + top for y in YS)
        pen.net(XS, ys)
        for cells, y in zip(CELLS, ys, strict=False):
            for text, x in zip(cells, XS, strict=False):
                pen.text(text, x + 4, y + 14, 7)

    return table


def read(
    *pages: Draw, settings: Settings = DEFAULTS, password: str | None = None, engines: EngineLoader | None = None
) -> PdfReading:
    source = SourceInfo("a.pdf", "", "application/pdf", 0)
    return read_pdf(draw_pdf(*pages, password=password), source, settings, engines or never)


def never(threads: int) -> Engines:
    pytest.fail(f"OCR was loaded with {threads} threads")


def brief(reading: PdfReading) -> list[tuple[int, str, str, str]]:
    return [(p.page_no, p.route, p.status, p.reason) for p in reading.opened.pages]


def rows(grid: Grid) -> list[list[str]]:
    return [[t.replace("\n", "") for t in row] for row in grid.texts()]


def test_a_ruled_table_and_the_text_around_it() -> None:
    reading = read(both(says("某区教育局2023年年报"), ruled(100)))
    (grid,) = reading.opened.grids
    assert rows(grid) == [list(r) for r in CELLS]
    assert (grid.reader, grid.page_no, grid.caption) == ("pdfplumber", 1, "某区教育局2023年年报")
    assert [line.text for line in reading.opened.lines] == ["某区教育局2023年年报"]
    assert brief(reading) == [(1, "text", "extracted", "")]
    assert reading.failures == ()


def scan(pen: Pen) -> None:
    pen.image(pictures.table(20, 4, cell=(280, 80), rim=30), 0, 0, WIDTH, HEIGHT)


def test_every_page_is_accounted_for() -> None:
    reading = read(says("一、总体情况"), ruled(), nothing, scan, engines=FakeLoader())
    assert reading.opened.source.page_count == 4
    assert brief(reading) == [
        (1, "text", "extracted", ""),
        (2, "text", "extracted", ""),
        (3, "none", "skipped", "blank_page"),
        (4, "ocr", "extracted", "no_text_layer"),
    ]


def test_a_scanned_page_is_read() -> None:
    loader = FakeLoader(texts=["信息内容"])
    reading = read(scan, scan, engines=loader)
    (grid, *rest) = reading.opened.grids
    assert (grid.reader, grid.n_cols, grid.cells[0].text, grid.cells[-1].text) == ("scan", 4, "信息内容", "7")
    assert {c.page_no for g in (grid, *rest) for c in g.cells} == {1, 2}
    assert loader.calls == 1
    assert reading.failures == ()


def test_without_the_ocr_extra_scans_are_reported_with_one_record() -> None:
    reading = read(scan, ruled(), scan, engines=missing)
    assert brief(reading) == [
        (1, "ocr", "skipped", "no_text_layer"),
        (2, "text", "extracted", ""),
        (3, "ocr", "skipped", "no_text_layer"),
    ]
    assert [(f.stage, f.code, f.remedy) for f in reading.failures] == [
        ("ocr", "missing_dependency", "install the ocr extra")
    ]
    assert len(reading.opened.grids) == 1


def test_where_ocr_is_switched_off_scans_are_only_reported() -> None:
    reading = read(scan, settings=Settings(ocr=OcrSettings(enabled=False)))
    assert brief(reading) == [(1, "ocr", "skipped", "no_text_layer")]
    assert reading.failures == ()


@pytest.mark.parametrize("error", [StageError("it failed", remedy="do that"), RuntimeError("it broke")])
def test_an_engine_that_fails_costs_its_page_alone(error: Exception) -> None:
    reading = read(scan, ruled(), engines=FakeLoader(error=error))
    assert brief(reading) == [(1, "ocr", "failed", "stage"), (2, "text", "extracted", "")]
    (failure,) = reading.failures
    assert (failure.stage, failure.code) == ("extract", "stage")
    assert "page 1" in failure.message


def test_pages_of_prose_give_their_lines_without_positions() -> None:
    reading = read(says("一、总体情况", "本机关认真贯彻条例。"), ruled())
    assert [c.page_no for c in reading.contents] == [2]
    prose = [line for line in reading.opened.lines if line.page_no == 1]
    assert [(line.text, line.bbox) for line in prose] == [("一、总体情况", None), ("本机关认真贯彻条例。", None)]


def test_a_table_over_two_pages_is_one_grid() -> None:
    reading = read(ruled(600), ruled(-40))
    (grid,) = reading.opened.grids
    assert (grid.n_rows, grid.page_breaks) == (6, (3,))


def test_text_between_the_pages_keeps_two_grids_apart() -> None:
    def below(pen: Pen) -> None:
        pen.text("以上为规章和规范性文件情况。", 90, 790 - 30)

    assert len(read(both(ruled(550), below), ruled(-40)).opened.grids) == 2


def test_a_frame_around_text_is_no_grid() -> None:
    def framed(pen: Pen) -> None:
        ruled()(pen)
        pen.net((90, 440), (300, 340))
        pen.text("编制单位：某区教育局", 100, 320)

    reading = read(framed)
    assert len(reading.opened.grids) == 1
    assert "编制单位：某区教育局" in [line.text for line in reading.opened.lines]


def test_a_table_without_rulings_is_read_from_its_words(tmp_path: Path) -> None:
    data = draw("pdf-no-rulings", tmp_path).path.read_bytes()
    reading = read_pdf(data, SourceInfo("a.pdf", "", "application/pdf", 0), DEFAULTS)
    assert {g.reader for g in reading.opened.grids} == {"words"}
    assert [g.n_cols for g in reading.with_words_alone()] == [g.n_cols for g in reading.opened.grids]


def test_a_ruled_table_can_be_read_from_its_words_alone() -> None:
    def lines_of_words(pen: Pen) -> None:
        pen.net((70.0, 170.0, 270.0, 370.0, 470.0), YS)
        for cells, y in zip(CELLS, YS, strict=False):
            for text, x in zip(cells, (90, 200, 300, 400), strict=True):
                pen.text(text, x, y + 14, 8)

    (grid,) = read(lines_of_words).with_words_alone()
    assert grid.reader == "words"
    assert rows(grid)[1:] == [list(r) for r in CELLS[1:]]


def test_a_page_that_cannot_be_interpreted_becomes_a_failure_record(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_on_page_2(page: object) -> PageContent:
        if getattr(page, "page_number", 0) == 2:
            raise StageError("page 2 cannot be interpreted (KeyError)", remedy="print it to a new PDF")
        return pdf_to_page(page)  # type: ignore[arg-type] # any object passes through the fake

    monkeypatch.setattr("pipeline.text_pages.pdf_to_page", fail_on_page_2)
    reading = read(ruled(), ruled(), ruled())
    assert brief(reading)[1] == (2, "text", "failed", "stage")
    assert [(f.stage, f.code, f.remedy) for f in reading.failures] == [("extract", "stage", "print it to a new PDF")]
    assert "page 2" in reading.failures[0].message
    assert [g.page_no for g in reading.opened.grids] == [1, 3]
    assert [line.text for line in reading.opened.lines if line.page_no == 2] == [" ".join(row) for row in CELLS]


def test_characters_that_cannot_be_decoded_send_the_page_to_ocr() -> None:
    # The tables of this font are encrypted along with the file, and pdfminer then knows its glyph numbers alone.
    unread = read(ruled(), password="", engines=missing)
    assert brief(unread) == [(1, "ocr", "skipped", "unusable_characters")]
    assert (unread.opened.grids, unread.opened.lines, unread.contents) == ((), (), ())
    loader = FakeLoader()
    reading = read(ruled(), password="", engines=loader)
    assert brief(reading) == [(1, "ocr", "extracted", "unusable_characters")]
    (grid,) = reading.opened.grids
    assert (grid.reader, grid.n_rows, grid.n_cols) == ("scan", 3, 4)
    assert reading.contents == ()
    assert loader.calls == 1


def test_text_that_is_not_printed_sends_the_page_to_ocr() -> None:
    def invisible(pen: Pen) -> None:
        pen.net(XS, YS)
        for i, text in enumerate(t for row in CELLS for t in row):
            pen.hidden(text, 100, 300 + 20 * i)

    reading = read(invisible, ruled(), engines=FakeLoader())
    assert brief(reading) == [(1, "ocr", "extracted", "layer_does_not_match"), (2, "text", "extracted", "")]


def test_print_that_is_no_text_goes_to_a_person() -> None:
    def digit(pen: Pen) -> None:
        pen.line(310, 126, 310, 134)
        pen.line(314, 126, 314, 134)
        pen.line(310, 130, 314, 130)

    def blank(pen: Pen) -> None:
        pen.net(XS, YS)
        for cells, y in zip(CELLS, YS, strict=False):
            for text, x in zip(cells, XS, strict=False):
                if text != "1":
                    pen.text(text, x + 4, y + 14, 7)

    (grid,) = read(blank).opened.grids
    assert [c.flags for c in grid.cells if c.text == ""] == [frozenset()]
    (grid,) = read(both(blank, digit)).opened.grids
    assert [c.flags for c in grid.cells if c.text == ""] == [frozenset({"ink_without_text"})]
    assert not any(c.flags for c in grid.cells if c.text)


def foreign(pen: Pen) -> None:
    for i in range(5):
        pen.text("This page is written in another language altogether", 72, 300 + 20 * i, font="Helvetica")


def test_pages_in_another_language_are_tried_once() -> None:
    loader = FakeLoader(page="This page is written in another language altogether")
    reading = read(foreign, foreign, foreign, engines=loader)
    assert brief(reading) == [
        (1, "ocr", "extracted", "unusable_characters"),
        (2, "text", "extracted", ""),
        (3, "text", "extracted", ""),
    ]
    assert next(line.text for line in reading.opened.lines if line.page_no == 3).startswith("This page")


def test_pages_that_only_look_foreign_are_all_read() -> None:
    loader = FakeLoader(page="三、收到和处理政府信息公开申请情况，本机关认真贯彻落实政府信息公开条例，主动公开信息")
    assert {(route, status) for _, route, status, _ in brief(read(foreign, foreign, engines=loader))} == {
        ("ocr", "extracted")
    }


def placed(pixels: pictures.Pixels, x: float = 100, y: float = 300, width: float = 350) -> Draw:
    return lambda pen: pen.image(pixels, x, y, width, width * pixels.shape[0] / pixels.shape[1])


HEADING = says("三、收到和处理政府信息公开申请情况")


def test_a_table_that_is_a_picture_stands_where_it_is_on_the_page() -> None:
    loader = FakeLoader(texts=["信息内容"])
    below = placed(pictures.logo(), 100, 500, 150)
    reading = read(
        both(HEADING, placed(pictures.table()), lambda pen: pen.text("以上数据", 100, 420), below), engines=loader
    )
    assert brief(reading) == [(1, "mixed", "extracted", "pictures_partly_read")]
    (grid,) = reading.opened.grids
    assert (grid.reader, grid.n_rows, grid.n_cols, grid.page_no) == ("scan", 4, 5, 1)
    assert grid.caption == "三、收到和处理政府信息公开申请情况"
    assert grid.cells[0].text == "信息内容"
    box = grid.cells[0].bbox
    assert box is not None
    assert box.as_list() == pytest.approx([100, 300, 170, 322], abs=1)
    assert grid.col_edges[-1] == pytest.approx(450, abs=1)
    assert grid.cells[0].readings[0].reader == "first"
    assert [line.text for line in reading.opened.lines] == ["三、收到和处理政府信息公开申请情况", "以上数据"]
    assert loader.calls == 1


def test_a_table_of_text_and_one_of_pixels_come_in_the_order_of_the_page() -> None:
    reading = read(both(ruled(), placed(pictures.table())), engines=FakeLoader())
    assert [g.reader for g in reading.opened.grids] == ["pdfplumber", "scan"]
    assert [c.page_no for c in reading.contents] == [1]
    upside = read(both(ruled(400), placed(pictures.table())), engines=FakeLoader())
    assert [g.reader for g in upside.opened.grids] == ["scan", "pdfplumber"]


def test_a_table_may_begin_as_text_and_go_on_as_a_picture() -> None:
    goes_on = placed(pictures.table(3, 4, cell=(175, 40)), 90, 60)
    reading = read(ruled(650), goes_on, engines=FakeLoader())
    (grid,) = reading.opened.grids
    assert (grid.n_rows, grid.page_breaks, {c.page_no for c in grid.cells}) == (6, (3,), {1, 2})


def test_a_scan_may_go_on_with_a_table_of_text() -> None:
    def top_half(pen: Pen) -> None:
        page = np.full((1684, 1190), 255, np.uint8)
        table = pictures.table(3, 4, cell=(175, 40))
        page[1500 : 1500 + table.shape[0], 180 : 180 + table.shape[1]] = table
        pen.image(page, 0, 0, WIDTH, HEIGHT)

    reading = read(top_half, ruled(-40), engines=FakeLoader())
    (grid,) = reading.opened.grids
    assert (grid.n_rows, grid.page_breaks, {c.page_no for c in grid.cells}) == (6, (3,), {1, 2})


@pytest.mark.parametrize(
    "pixels",
    [pictures.logo(), pictures.stamp(), pictures.qr_code(), pictures.photograph()],
    ids=["logo", "stamp", "QR code", "photograph"],
)
def test_pictures_that_are_no_tables_load_no_ocr(pixels: pictures.Pixels) -> None:
    reading = read(both(ruled(), placed(pixels, width=160)))
    assert brief(reading) == [(1, "mixed", "extracted", "picture_without_table")]
    assert len(reading.opened.grids) == 1


def test_text_in_a_picture_is_read_only_where_the_form_is_not_complete() -> None:
    text = placed(pictures.lines(), 60, 300, 470)
    loader = FakeLoader()
    assert brief(read(both(ruled(), text), engines=loader)) == [(1, "mixed", "extracted", "picture_read")]
    assert loader.calls == 1

    def complete(pen: Pen) -> None:
        labels = [t for table in load_form("gk2021").tables for b in table.blocks for r in b.rows for t in r.label]
        labels += [t for table in load_form("gk2021").tables for b in table.blocks for c in b.columns for t in c.label]
        for i, label in enumerate(labels):
            pen.text(label, 20 + 190 * (i % 3), 20 + 11 * (i // 3), 5)

    reading = read(complete, both(ruled(), text))
    assert brief(reading)[1] == (2, "mixed", "extracted", "picture_without_table")
    # On a page without other text nobody else would tell what it says.
    alone = read(complete, text, engines=FakeLoader())
    assert brief(alone)[1] == (2, "mixed", "extracted", "picture_read")


def test_a_picture_that_cannot_be_read_is_told() -> None:
    page = both(ruled(), placed(pictures.table()))
    unread = read(page, engines=missing)
    assert brief(unread) == [(1, "mixed", "extracted", "picture_unread")]
    assert [f.code for f in unread.failures] == ["missing_dependency"]
    assert [g.reader for g in unread.opened.grids] == ["pdfplumber"]
    off = read(page, settings=Settings(ocr=OcrSettings(enabled=False)))
    assert brief(off) == [(1, "mixed", "extracted", "picture_unread")]
    failed = read(page, engines=FakeLoader(error=StageError("it failed")))
    assert brief(failed) == [(1, "mixed", "failed", "stage")]
    assert [g.reader for g in failed.opened.grids] == ["pdfplumber"]


def test_more_pictures_than_allowed_are_not_looked_at() -> None:
    page = both(ruled(), placed(pictures.logo(), y=300, width=150), placed(pictures.table(), y=450))
    reading = read(page, settings=Settings(limits=LimitSettings(max_pictures=1)))
    assert brief(reading) == [(1, "mixed", "extracted", "picture_unread")]


def test_text_hidden_under_a_table_is_not_believed() -> None:
    def hidden(pen: Pen) -> None:
        for i in range(4):
            pen.hidden("法律服务机构 商业企业 科研机构 99 98 97", 110, 318 + 22 * i)

    for engines in (FakeLoader(), missing):
        reading = read(both(ruled(), placed(pictures.table()), hidden), engines=engines)
        texts = [line.text for line in reading.opened.lines] + [c.text for g in reading.opened.grids for c in g.cells]
        assert not [t for t in texts if "99" in t]
        assert not [c for content in reading.contents for c in content.chars if c.text == "9"]


def test_a_picture_on_a_page_whose_text_lies_on_its_side_keeps_its_place() -> None:
    def lying(pen: Pen) -> None:
        pen.canvas.saveState()
        pen.canvas.translate(0, HEIGHT)
        pen.canvas.rotate(-90)
        pen.canvas.translate(0, -HEIGHT + 560)
        both(HEADING, says("本机关认真贯彻落实政府信息公开条例"), placed(pictures.table()))(pen)
        pen.canvas.restoreState()

    (grid,) = read(lying, engines=FakeLoader()).opened.grids
    boxes = [c.bbox for c in grid.cells if c.bbox is not None]
    assert (grid.n_rows, grid.n_cols) == (4, 5)
    # Turned clockwise by the drawing: 88 points wide and 350 high on the page as stored.
    extent = [
        min(b.x0 for b in boxes),
        max(b.x1 for b in boxes),
        min(b.top for b in boxes),
        max(b.bottom for b in boxes),
    ]
    assert [extent[1] - extent[0], extent[3] - extent[2], extent[2]] == pytest.approx([88, 350, 100], abs=2)


def test_parts_of_a_table_are_joined_at_the_tolerance_of_the_settings() -> None:
    def shifted(pen: Pen) -> None:
        pen.net((90.0, 296.0, 340.0, 390.0, 440.0), (60.0, 80.0))
        says("7 8 9")(pen)

    narrow, wide = (Settings(tables=TableSettings(join_tolerance_pt=t)) for t in (4.0, 8.0))
    assert [read(ruled(600), shifted, settings=s).opened.grids[0].n_cols for s in (narrow, wide)] == [5, 4]


def test_what_the_file_says_of_itself_is_kept() -> None:
    def titled(pen: Pen) -> None:
        pen.canvas.setTitle("某区教育局2023年年报")
        ruled()(pen)

    assert read(titled).opened.metadata["title"] == "某区教育局2023年年报"


def test_camelot_reads_the_pages_with_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[dict[int, float], list[int]]] = []

    def camelot(_: bytes, heights: dict[int, float], pages: list[int]) -> list[Grid]:
        asked.append((heights, pages))
        return []

    monkeypatch.setattr("pipeline.read_pdf.camelot_to_grids", camelot)
    assert read(says("一、总体情况"), ruled(), ruled()).with_camelot() == ()
    assert asked == [({2: HEIGHT, 3: HEIGHT}, [2, 3])]


def test_the_failure_of_a_reader_is_recorded() -> None:
    def fail() -> tuple[Grid, ...]:
        raise StageError("it failed", remedy="do that")

    grids, failure = attempt(fail, "camelot")
    assert grids == ()
    assert failure is not None
    assert (failure.stage, failure.code, failure.message, failure.remedy) == (
        "camelot",
        "stage",
        "it failed",
        "do that",
    )
    assert attempt(tuple, "camelot") == ((), None)


def test_a_missing_reader_leaves_a_record() -> None:
    def missing() -> tuple[Grid, ...]:
        raise MissingDependencyError("camelot is not installed")

    grids, failure = attempt(missing, "camelot")
    assert grids == ()
    assert failure is not None
    assert failure.code == "missing_dependency"
