from __future__ import annotations

import io

import pytest
from PIL import Image

from models.document import Opened, Picture, SourceInfo
from models.errors import StageError
from models.form import load_form
from models.grid import Cell, Grid
from models.page import PageInfo, TextLine
from pipeline.config import LimitSettings, OcrSettings, Settings
from pipeline.embedded_pictures import read_embedded
from pipeline.ocr.engine import Engines
from tests.unit import pictures
from tests.unit.fake_engines import FakeLoader, missing
from tests.unit.sampled import DEFAULTS

TABLE, OTHER, LOGO = (pictures.png(p) for p in (pictures.table(), pictures.table(5), pictures.logo()))
TEXT = pictures.png(pictures.lines())
PROSE = TextLine("某区教育局2023年政府信息公开工作年度报告", 1)


def opened(*found: Picture, lines: tuple[TextLine, ...] = (PROSE,), grids: tuple[Grid, ...] = ()) -> Opened:
    source = SourceInfo("a.html", "", "text/html", 1)
    return Opened(source, (PageInfo(1, "text", "extracted"),), lines, grids, pictures=found)


def brief(file: Opened) -> list[tuple[int, str, str, str]]:
    return [(p.page_no, p.route, p.status, p.reason) for p in file.pages]


def never(threads: int) -> Engines:
    pytest.fail(f"OCR was loaded with {threads} threads")


def test_each_picture_that_is_read_is_a_page() -> None:
    loader = FakeLoader(texts=["信息内容"])
    file, failures = read_embedded(
        opened(Picture(TABLE, "二、"), Picture(LOGO), Picture(OTHER, "三、")), DEFAULTS, loader
    )
    assert brief(file) == [
        (1, "text", "extracted", ""),
        (2, "ocr", "extracted", "embedded_picture"),
        (3, "ocr", "extracted", "embedded_picture"),
    ]
    assert file.source.page_count == 3
    assert [(g.reader, g.page_no, g.n_rows, g.caption) for g in file.grids] == [
        ("scan", 2, 4, "二、"),
        ("scan", 3, 5, "三、"),
    ]
    assert file.grids[0].cells[0].text == "信息内容"
    assert (file.pictures, file.warnings, failures, loader.calls) == ((), (), (), 1)


def test_boxes_are_those_of_the_picture() -> None:
    file, _ = read_embedded(opened(Picture(TABLE, width_pt=350.5)), DEFAULTS, FakeLoader())
    box = file.grids[0].cells[0].bbox
    assert box is not None
    assert box.as_list() == pytest.approx([0, 0, 70, 22], abs=1)
    wide, _ = read_embedded(opened(Picture(TABLE)), DEFAULTS, FakeLoader())
    last = wide.grids[0].cells[-1].bbox
    assert last is not None
    assert last.x1 == pytest.approx(470, abs=1)


def test_pieces_of_one_table_are_joined_and_tables_apart_are_not() -> None:
    pieces, _ = read_embedded(opened(Picture(TABLE, "三、"), Picture(OTHER, "三、")), DEFAULTS, FakeLoader())
    assert [(g.n_rows, g.page_breaks) for g in pieces.grids] == [(9, (4,))]


def test_grids_of_the_text_come_first_and_are_joined_among_themselves() -> None:
    cells = tuple(Cell(0, 1, c, c + 1, str(c)) for c in range(3))
    halves = (Grid(1, 3, cells, "lxml"), Grid(1, 3, cells, "lxml"))
    file, _ = read_embedded(opened(Picture(TABLE), grids=halves), DEFAULTS, FakeLoader())
    assert [(g.reader, g.n_rows) for g in file.grids] == [("lxml", 2), ("scan", 4)]


@pytest.mark.parametrize("pixels", [pictures.logo(), pictures.stamp(), pictures.qr_code(), pictures.photograph()])
def test_what_is_no_table_leaves_the_file_as_it_is(pixels: pictures.Pixels) -> None:
    file, failures = read_embedded(opened(Picture(pictures.png(pixels))), DEFAULTS, never)
    assert (file, failures) == (opened(), ())


def test_a_file_without_pictures_is_left_alone() -> None:
    assert read_embedded(opened(), DEFAULTS, never) == (opened(), ())


def complete() -> tuple[TextLine, ...]:
    tables = load_form("gk2021").tables
    blocks = [block for table in tables for block in table.blocks]
    labels = [
        t
        for b in blocks
        for paths in ([r.label for r in b.rows], [c.label for c in b.columns])
        for p in paths
        for t in p
    ]
    return tuple(TextLine(label, 1) for label in labels)


def test_lines_of_text_are_read_only_where_the_form_is_not_complete() -> None:
    file, _ = read_embedded(opened(Picture(TEXT)), DEFAULTS, FakeLoader(page="一、总体情况"))
    assert brief(file)[1:] == [(2, "ocr", "extracted", "embedded_picture")]
    unread, _ = read_embedded(opened(Picture(TEXT), lines=complete()), DEFAULTS, never)
    assert len(unread.pages) == 1
    read, _ = read_embedded(opened(Picture(TABLE), lines=complete()), DEFAULTS, FakeLoader())
    assert len(read.pages) == 2


def test_lines_beside_tables_count_only_where_the_file_has_no_text_of_its_own() -> None:
    page = FakeLoader(page="一、总体情况")
    file, _ = read_embedded(opened(Picture(TEXT)), DEFAULTS, page)
    assert [(line.text, line.page_no) for line in file.lines] == [(PROSE.text, 1), ("一、总体情况", 2)]
    long = tuple(TextLine(PROSE.text, 1) for _ in range(20))
    file, _ = read_embedded(opened(Picture(TEXT), lines=long), DEFAULTS, FakeLoader(page="一、总体情况"))
    assert file.lines == long


def test_a_file_of_pictures_alone_has_text_after_all() -> None:
    empty = opened(Picture(TEXT), lines=())
    empty = Opened(empty.source, empty.pages, (), (), warnings=("no_text",), pictures=empty.pictures)
    file, _ = read_embedded(empty, DEFAULTS, FakeLoader(page="一、总体情况"))
    assert file.warnings == ()


def test_pictures_that_cannot_be_read_are_told() -> None:
    file, failures = read_embedded(opened(Picture(TABLE), Picture(OTHER)), DEFAULTS, missing)
    assert brief(file)[1:] == [(2, "ocr", "skipped", "embedded_picture"), (3, "ocr", "skipped", "embedded_picture")]
    assert [(f.stage, f.code) for f in failures] == [("ocr", "missing_dependency")]
    file, failures = read_embedded(opened(Picture(TABLE)), Settings(ocr=OcrSettings(enabled=False)), never)
    assert (brief(file)[1:], failures) == ([(2, "ocr", "skipped", "embedded_picture")], ())
    file, failures = read_embedded(opened(Picture(TABLE)), DEFAULTS, FakeLoader(error=StageError("it failed")))
    assert brief(file)[1:] == [(2, "ocr", "failed", "stage")]
    assert len(failures) == 1


def test_a_picture_that_is_broken_or_too_large_may_be_a_table() -> None:
    broken = Picture(TABLE[: len(TABLE) // 2])
    file, failures = read_embedded(opened(broken), DEFAULTS, never)
    assert (file.warnings, failures) == (("tables_may_be_pictures",), ())
    assert read_embedded(opened(broken, lines=complete()), DEFAULTS, never)[0].warnings == ()
    small = Settings(limits=LimitSettings(max_page_pixels=1000))
    assert read_embedded(opened(Picture(TABLE)), small, never)[0].warnings == ("tables_may_be_pictures",)


def test_each_page_of_a_picture_with_several_is_looked_at() -> None:
    stream = io.BytesIO()
    first, *rest = (Image.fromarray(p) for p in (pictures.table(), pictures.logo(), pictures.table(5)))
    first.save(stream, "TIFF", save_all=True, append_images=rest)
    file, _ = read_embedded(opened(Picture(stream.getvalue())), DEFAULTS, FakeLoader())
    assert [p.page_no for p in file.pages] == [1, 2, 3]
