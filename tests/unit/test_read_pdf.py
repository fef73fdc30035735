from __future__ import annotations

from pathlib import Path

import pytest

from models.document import SourceInfo
from models.errors import MissingDependencyError, StageError
from models.grid import Grid
from models.page import PageContent
from pipeline.config import Settings, TableSettings
from pipeline.extract.pdf_to_page import pdf_to_page
from pipeline.read_pdf import PdfReading, attempt, read_pdf
from tests.unit.extract.drawn_pdf import HEIGHT, WIDTH, Draw, Pen, draw_pdf, nothing, says
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


def both(*draws: Draw) -> Draw:
    def draw_all(pen: Pen) -> None:
        for each in draws:
            each(pen)

    return draw_all


def read(*pages: Draw, settings: Settings = DEFAULTS, password: str | None = None) -> PdfReading:
    source = SourceInfo("a.pdf", "", "application/pdf", 0)
    return read_pdf(draw_pdf(*pages, password=password), source, settings)


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


def test_every_page_is_accounted_for() -> None:
    def scan(pen: Pen) -> None:
        pen.picture(0, 0, WIDTH, HEIGHT)

    reading = read(says("一、总体情况"), ruled(), nothing, scan)
    assert reading.opened.source.page_count == 4
    assert brief(reading) == [
        (1, "text", "extracted", ""),
        (2, "text", "extracted", ""),
        (3, "none", "skipped", "blank_page"),
        (4, "ocr", "skipped", "no_text_layer"),
    ]


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

    monkeypatch.setattr("pipeline.read_pdf.pdf_to_page", fail_on_page_2)
    reading = read(ruled(), ruled(), ruled())
    assert brief(reading)[1] == (2, "text", "failed", "stage")
    assert [(f.stage, f.code, f.remedy) for f in reading.failures] == [("extract", "stage", "print it to a new PDF")]
    assert "page 2" in reading.failures[0].message
    assert [g.page_no for g in reading.opened.grids] == [1, 3]


def test_characters_that_cannot_be_decoded_send_the_page_to_ocr() -> None:
    # The tables of this font are encrypted along with the file, and pdfminer then knows its glyph numbers alone.
    reading = read(ruled(), password="")
    assert brief(reading) == [(1, "ocr", "skipped", "unusable_characters")]
    assert reading.opened.grids == ()


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
