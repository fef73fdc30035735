from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from models.document import Opened, SourceInfo
from models.errors import StageError
from models.form import load_forms
from models.geometry import BBox
from models.grid import Grid
from models.match import Matched
from pipeline.config import ExtractSettings, Settings
from pipeline.confirm import Confirmed, confirm_pdf, confirm_text, is_complete
from pipeline.match.sections_to_fields import match_report
from pipeline.read_pdf import PdfReading, read_pdf
from pipeline.stages import read_report
from pipeline.tables.opened_to_sections import grids_to_sections
from tests.unit.sampled import DEFAULTS, draw, reviewed, score
from tests.unit.tables.drawn import text_lines

CROSS_CHECK = Settings(extract=ExtractSettings(cross_check=True))
NO_CAMELOT = Settings(extract=ExtractSettings(camelot_fallback=False))
FIELD = "requests.new.natural_person"
Camelot = Callable[[PdfReading], tuple[Grid, ...]]


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> PdfReading:
    data = draw("pdf-plain", tmp_path_factory.mktemp("sample")).path.read_bytes()
    return read_pdf(data, SourceInfo("a.pdf", "", "application/pdf", 0), DEFAULTS)


@pytest.fixture(scope="module")
def matched(reading: PdfReading) -> Matched:
    found = match_report(grids_to_sections(reading.opened.grids), load_forms())
    assert found is not None
    return found


@pytest.fixture
def camelot(monkeypatch: pytest.MonkeyPatch) -> Callable[[Camelot], list[int]]:
    """Puts a fake in the place of camelot; the list grows with each call of it."""

    def use(fake: Camelot) -> list[int]:
        calls: list[int] = []

        def counted(pdf: PdfReading) -> tuple[Grid, ...]:
            calls.append(1)
            return fake(pdf)

        monkeypatch.setattr(PdfReading, "with_camelot", counted)
        return calls

    return use


def same_grids(pdf: PdfReading) -> tuple[Grid, ...]:
    return tuple(replace(g, reader="camelot") for g in pdf.opened.grids)


def without(matched: Matched, field: str) -> Matched:
    """The match as of a reader that is not sure of one column."""
    cells = dict(matched.cells)
    cells[field] = replace(cells[field], reasons=frozenset({"column_uncertain"}))
    return replace(matched, cells=cells, uncertain_columns=(field,))


def found(confirmed: Confirmed) -> Matched:
    assert confirmed.matched is not None
    return confirmed.matched


def test_a_match_without_doubt_asks_no_other_reader(
    reading: PdfReading, matched: Matched, camelot: Callable[[Camelot], list[int]]
) -> None:
    calls = camelot(same_grids)
    assert is_complete(matched)
    confirmed = confirm_pdf(reading, matched, DEFAULTS, None)
    assert (confirmed.matched, confirmed.failures, calls) == (matched, (), [])


def test_a_doubtful_match_is_replaced_by_a_better_one(
    reading: PdfReading, matched: Matched, camelot: Callable[[Camelot], list[int]]
) -> None:
    calls = camelot(same_grids)
    best = found(confirm_pdf(reading, without(matched, FIELD), DEFAULTS, None))
    assert calls == [1]
    assert best.cells[FIELD].reader == "camelot"
    assert best.cells[FIELD].reasons == frozenset()


def test_camelot_is_not_asked_where_the_settings_forbid_it(
    reading: PdfReading, matched: Matched, camelot: Callable[[Camelot], list[int]]
) -> None:
    calls = camelot(same_grids)
    confirm_pdf(reading, without(matched, FIELD), NO_CAMELOT, None)
    assert calls == []


def test_a_cross_check_asks_camelot_in_any_case(
    reading: PdfReading, matched: Matched, camelot: Callable[[Camelot], list[int]]
) -> None:
    calls = camelot(same_grids)
    best = found(confirm_pdf(reading, matched, CROSS_CHECK, None))
    assert calls == [1]
    assert best.cells == matched.cells


def test_cells_that_two_readers_read_otherwise_are_marked(
    reading: PdfReading, matched: Matched, camelot: Callable[[Camelot], list[int]]
) -> None:
    cell = matched.cells[FIELD]

    def other_number(pdf: PdfReading) -> tuple[Grid, ...]:
        return tuple(
            replace(g, cells=tuple(replace(c, text="987654") if c.bbox == cell.bbox else c for c in g.cells))
            for g in same_grids(pdf)
        )

    camelot(other_number)
    best = found(confirm_pdf(reading, matched, CROSS_CHECK, None))
    assert best.cells[FIELD].text == cell.text
    assert best.cells[FIELD].reasons == {"readers_differ"}
    assert [(o.reader, o.text) for o in best.cells[FIELD].others] == [("camelot", "987654")]
    assert [i for i, c in best.cells.items() if c.reasons] == [FIELD]


def test_a_reader_that_finds_nothing_changes_nothing(
    reading: PdfReading, matched: Matched, camelot: Callable[[Camelot], list[int]]
) -> None:
    camelot(lambda _: ())
    assert found(confirm_pdf(reading, matched, CROSS_CHECK, None)) == matched


def test_a_reader_that_fails_is_recorded(
    reading: PdfReading, matched: Matched, camelot: Callable[[Camelot], list[int]]
) -> None:
    def fail(_: PdfReading) -> tuple[Grid, ...]:
        raise StageError("camelot could not read the tables")

    camelot(fail)
    confirmed = confirm_pdf(reading, matched, CROSS_CHECK, None)
    assert confirmed.matched == matched
    assert [(f.stage, f.message) for f in confirmed.failures] == [("camelot", "camelot could not read the tables")]


def test_a_number_that_pypdfium2_reads_otherwise_is_marked(reading: PdfReading, matched: Matched) -> None:
    cells = dict(matched.cells)
    cells[FIELD] = replace(cells[FIELD], text="987654")
    best = found(confirm_pdf(reading, replace(matched, cells=cells), DEFAULTS, None))
    assert best.cells[FIELD].reasons == {"readers_differ"}
    assert [(o.reader, o.text) for o in best.cells[FIELD].others] == [("pypdfium2", matched.cells[FIELD].text)]


def test_numbers_of_a_page_with_text_over_text_are_all_marked(reading: PdfReading, matched: Matched) -> None:
    page_no = matched.cells[FIELD].page_no
    grids = list(reading.opened.grids)
    at = next(i for i, g in enumerate(grids) if any(c.page_no == page_no for c in g.cells))
    first = next(i for i, c in enumerate(grids[at].cells) if c.page_no == page_no)
    cells = list(grids[at].cells)
    cells[first] = replace(cells[first], flags=frozenset({"overprinted"}))
    grids[at] = replace(grids[at], cells=tuple(cells))
    doubtful = replace(reading, opened=replace(reading.opened, grids=tuple(grids)))
    best = found(confirm_pdf(doubtful, matched, DEFAULTS, None))
    assert {c.page_no for c in best.cells.values() if "overprinted" in c.reasons} == {page_no}
    assert all("overprinted" in c.reasons for c in best.cells.values() if c.page_no == page_no)


def test_without_pages_with_positions_no_reader_is_asked(
    reading: PdfReading, camelot: Callable[[Camelot], list[int]]
) -> None:
    calls = camelot(same_grids)
    empty = replace(reading, contents=())
    assert confirm_pdf(empty, None, CROSS_CHECK, None) == Confirmed(None)
    assert calls == []


@pytest.mark.parametrize(
    "change",
    [
        lambda m: None,
        lambda m: replace(m, missing_rows=("requests.new",)),
        lambda m: replace(m, uncertain_rows=("requests.new",)),
        lambda m: replace(m, uncertain_columns=(FIELD,)),
        lambda m: replace(m, cells={**m.cells, FIELD: replace(m.cells[FIELD], text=None)}),
        lambda m: replace(m, cells={**m.cells, FIELD: replace(m.cells[FIELD], reasons=frozenset({"spans_columns"}))}),
    ],
    ids=["no match", "row missing", "row uncertain", "column uncertain", "cell missing", "cell doubtful"],
)
def test_what_leaves_a_match_open(change: Callable[[Matched], Matched | None], matched: Matched) -> None:
    assert not is_complete(change(matched))


@pytest.mark.parametrize("reason", ["superscript", "row_repeated", "other_form", "cut_by_page", "spans_rows"])
def test_what_is_printed_so_is_no_matter_for_other_readers(reason: str, matched: Matched) -> None:
    cells = {**matched.cells, FIELD: replace(matched.cells[FIELD], reasons=frozenset({reason}))}
    assert is_complete(replace(matched, cells=cells))


def test_lines_fill_in_for_a_table_that_the_grids_miss() -> None:
    block = ["第二十条第（一）项", "信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
    block += ["规章", "1", "2", "3", "行政规范性文件", "4", "5", "6"]
    block += ["第二十条第（五）项", "信息内容", "本年处理决定数量", "行政许可", "7"]
    lines = text_lines(*block, "第二十条第（六）项", "信息内容", "本年处理决定数量", "行政处罚", "8", "行政强制", "9")
    opened = Opened(SourceInfo("a.html", "", "text/html", 1), (), tuple(lines), ())
    best = found(confirm_text(opened, (), None, DEFAULTS, None))
    assert best.cells["proactive.licensing.decisions"].text == "7"
    assert best.cells["proactive.normative_documents.in_force"].text == "6"


def test_lines_of_a_picture_are_no_second_table() -> None:
    block = ["第二十条第（五）项", "信息内容", "本年处理决定数量", "行政许可", "7", "第二十条第（六）项", "信息内容"]
    block += ["本年处理决定数量", "行政处罚", "8", "行政强制", "9"]
    placed = [replace(line, bbox=BBox(50, 20.0 * n, 90, 20.0 * n + 9)) for n, line in enumerate(text_lines(*block))]
    opened = Opened(SourceInfo("a.png", "", "image", 1), (), tuple(placed), ())
    assert confirm_text(opened, (), None, DEFAULTS, None) == Confirmed(None)


def test_without_lines_of_the_form_the_first_match_stays(matched: Matched) -> None:
    opened = Opened(SourceInfo("a.html", "", "text/html", 1), (), tuple(text_lines("一、总体情况")), ())
    doubtful = without(matched, FIELD)
    assert confirm_text(opened, (), doubtful, DEFAULTS, None) == Confirmed(doubtful)
    assert confirm_text(opened, (), matched, DEFAULTS, None) == Confirmed(matched)
    assert confirm_text(opened, (), None, DEFAULTS, None) == Confirmed(None)


def test_a_cross_check_of_a_clean_report_asks_nobody(tmp_path: Path) -> None:
    sample = draw("pdf-plain", tmp_path)
    report = read_report(sample.path, CROSS_CHECK)
    assert score(sample, report).silent == 0
    assert score(sample, report).wrong == ()
    assert reviewed(report) == {}
    assert report.failures == []
