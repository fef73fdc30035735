from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from models.errors import (
    DamagedInputError,
    EncryptedInputError,
    InputTooLargeError,
    MissingDependencyError,
    NianbaoError,
    StageError,
)
from models.report import Report
from pipeline.config import ExtractSettings, LimitSettings, OcrSettings, Settings
from pipeline.read_pdf import read_pdf
from pipeline.stages import failed_report, open_bytes, read_report
from samples.style import FileStyle, Style, TableStyle, ValueStyle
from tests.scanned_pages import with_scans
from tests.unit import pictures
from tests.unit.fake_engines import missing
from tests.unit.sampled import DEFAULTS, draw, draw_style, read, reviewed, rules, score, truth_of

WITHOUT_CAMELOT = Settings(extract=ExtractSettings(camelot_fallback=False))
WITHOUT_OCR = Settings(ocr=OcrSettings(enabled=False))
EXACT = (
    "pdf-plain",
    "pdf-cut-row-above",
    "pdf-no-rulings",
    "pdf-turned-page",
    "pdf-2019-cut-row",
    "html-clean",
    "html-word-export",
    "html-2019-odd-spans",
    "docx-plain",
    "docx-nested",
    "text-lines",
    "text-bars",
    "text-2019-bar",
)
BROKEN = ("pdf-broken-leaf", "html-broken-sum", "docx-broken-row")


@pytest.mark.parametrize("style", EXACT)
def test_every_number_is_read_exactly_and_nobody_is_asked(style: str, tmp_path: Path) -> None:
    sample = draw(style, tmp_path)
    report, truth = read(sample), truth_of(sample)
    found = score(sample, report)
    assert found.wrong == ()
    assert found.perfect
    assert (report.status, report.status_reasons, report.failures) == ("ok", [], [])
    assert (report.form, report.year, report.agency) == (truth["form"], truth["year"], truth["agency"])
    assert len(report.pages) == report.source.page_count
    assert {p.status for p in report.pages} == {"extracted"}


@pytest.mark.parametrize("style", BROKEN)
def test_a_wrong_sum_stays_as_printed_and_is_found(style: str, tmp_path: Path) -> None:
    sample = draw(style, tmp_path)
    report = read(sample)
    found = score(sample, report)
    assert found.broken > 0
    assert found.perfect
    assert report.status == "needs_review"
    assert report.status_reasons == ["errors_found"]
    assert report.rules.failed >= found.broken


PICTURE_STYLES = ("pdf-picture-table", "html-picture-table", "docx-picture-table")


@pytest.mark.slow
@pytest.mark.parametrize("style", PICTURE_STYLES)
def test_tables_drawn_as_pictures_are_read(style: str, tmp_path: Path) -> None:
    sample = draw(style, tmp_path)
    report = read(sample)
    found = score(sample, report)
    assert (found.exact, found.silent) == (found.fields, 0)
    assert {(p.status, p.reason) for p in report.pages} & {
        ("extracted", "picture_read"),
        ("extracted", "embedded_picture"),
    }
    assert len(report.pages) == report.source.page_count
    assert "page.unread" not in rules(report)
    assert "form.table_missing" not in rules(report)
    readers = {e.reader for f in report.fields.values() for e in f.evidence if e.stage == "ocr"}
    assert len({r.partition("/")[0] for r in readers}) == 2


@pytest.mark.parametrize("style", PICTURE_STYLES)
def test_without_ocr_tables_drawn_as_pictures_go_to_a_person(style: str, tmp_path: Path) -> None:
    sample = draw(style, tmp_path)
    report = read(sample, WITHOUT_OCR)
    assert score(sample, report).silent == 0
    assert score(sample, report).review > 0
    assert (report.status, report.failures) == ("needs_review", [])
    assert {"pages_unread", "fields_to_review"} <= set(report.status_reasons)
    assert {"page.unread", "form.table_missing"} <= rules(report)
    unread = {(p.route, p.status, p.reason) for p in report.pages} - {("text", "extracted", "")}
    assert unread <= {("mixed", "extracted", "picture_unread"), ("ocr", "skipped", "embedded_picture")}


SCANS = (
    ("pdf-scan", "no_text_layer"),
    ("pdf-scan-turned-90", "no_text_layer"),
    ("pdf-hidden-layer", "hidden_text_under_scan"),
    ("pdf-private-use", "unusable_characters"),
)


@pytest.mark.slow
def test_pages_without_usable_text_are_read_from_their_pixels(tmp_path: Path) -> None:
    sample = draw("pdf-hidden-layer", tmp_path)
    report = read(sample)
    found = score(sample, report)
    assert found.silent == 0
    assert found.exact >= 0.95 * found.fields
    assert {(p.route, p.status, p.reason) for p in report.pages} == {("ocr", "extracted", "hidden_text_under_scan")}
    assert report.failures == []


@pytest.mark.parametrize(("style", "reason"), SCANS)
def test_pages_without_usable_text_are_only_told_without_ocr(style: str, reason: str, tmp_path: Path) -> None:
    sample = draw(style, tmp_path)
    report = read(sample, WITHOUT_OCR)
    assert score(sample, report).silent == 0
    assert ("ocr", "skipped", reason) in {(p.route, p.status, p.reason) for p in report.pages}
    assert (report.status, report.failures) == ("needs_review", [])
    assert "pages_unread" in report.status_reasons
    assert "page.unread" in rules(report)
    assert not [f for f in report.fields.values() if f.decision == "accept" and f.value is not None]


def test_without_the_ocr_extra_a_scan_leaves_a_failure_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.stages.read_pdf", partial(read_pdf, engines=missing))
    report = read(draw("pdf-scan", tmp_path))
    assert [(f.stage, f.code, f.remedy) for f in report.failures] == [
        ("ocr", "missing_dependency", "install the ocr extra")
    ]
    assert report.status == "partial"
    assert {"pages_unread", "failures"} <= set(report.status_reasons)


@pytest.mark.slow
def test_a_report_of_text_and_scanned_pages_is_one(tmp_path: Path) -> None:
    sample = draw("pdf-three-pages", tmp_path)
    # The request table begins as text, goes on as a scan, and ends as text.
    sample.path.write_bytes(with_scans(sample.path, {1}))
    report = read(sample)
    found = score(sample, report)
    assert found.silent == 0
    assert found.exact >= 0.98 * found.fields
    assert [(p.route, p.status) for p in report.pages] == [
        ("text", "extracted"),
        ("ocr", "extracted"),
        ("text", "extracted"),
    ]
    assert report.unmapped_rows == []


def test_a_font_without_a_table_of_its_characters_is_not_believed(tmp_path: Path) -> None:
    sample = draw("pdf-plain", tmp_path)
    data = sample.path.read_bytes()
    assert b"/ToUnicode" in data
    sample.path.write_bytes(data.replace(b"/ToUnicode", b"/XoUnicode"))
    report = read(sample, WITHOUT_OCR)
    assert {(p.route, p.status, p.reason) for p in report.pages} == {("ocr", "skipped", "unusable_characters")}
    assert score(sample, report).silent == 0


def test_a_picture_file_is_told_without_ocr(tmp_path: Path) -> None:
    path = tmp_path / "年报.png"
    path.write_bytes(pictures.png(pictures.table()))
    report = read_report(path, WITHOUT_OCR)
    assert [(p.route, p.status, p.reason) for p in report.pages] == [("ocr", "skipped", "picture_file")]
    assert (report.status, report.form) == ("needs_review", "unknown")
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(DamagedInputError):
        read_report(path, WITHOUT_OCR)


def test_two_reports_in_one_file_go_to_a_person(tmp_path: Path) -> None:
    sample = draw("pdf-two-reports", tmp_path)
    report = read(sample)
    assert score(sample, report).silent == 0
    assert any("row_repeated" in f.reasons for f in reviewed(report).values())
    assert "form.table_repeated" in rules(report)
    assert report.status == "needs_review"


def test_a_report_from_before_the_national_form_is_kept_and_not_mapped(tmp_path: Path) -> None:
    report = read(draw("html-legacy", tmp_path))
    assert (report.form, report.fields, report.status) == ("legacy", {}, "needs_review")
    assert report.status_reasons == ["form_legacy"]
    assert report.tables
    assert "form.legacy" in rules(report)


@pytest.mark.parametrize("producer", ["html", "docx"])
def test_a_blank_form_is_recognised(producer: str, tmp_path: Path) -> None:
    blank = ValueStyle(scale="empty", zero="blank")
    style = Style("blank", "html" if producer == "html" else "docx", vary=False, values=blank)
    sample = draw_style(style, tmp_path)
    report = read(sample)
    assert score(sample, report).silent == 0
    assert (report.form, report.status) == ("gk2021", "needs_review")
    assert "form_blank" in report.status_reasons
    assert {f.value for f in report.fields.values()} == {None}


@pytest.mark.parametrize("producer", ["html", "reportlab"])
def test_a_block_of_the_other_form_goes_to_a_person_and_the_rest_does_not(producer: str, tmp_path: Path) -> None:
    style = Style("hybrid", "html" if producer == "html" else "reportlab", vary=False, tables=TableStyle(hybrid=True))
    sample = draw_style(style, tmp_path)
    report = read(sample, WITHOUT_CAMELOT)
    found = score(sample, report)
    assert (found.wrong, found.silent, found.needless) == ((), 0, 0)
    accepted = [i for i, f in report.fields.items() if f.decision == "accept" and f.value is not None]
    assert not [i for i in accepted if i.startswith(("proactive.regulations.", "proactive.normative_documents."))]
    assert "form.hybrid" in rules(report)
    assert report.status == "needs_review"


def test_glued_cells_are_split_by_their_sums_and_the_rest_is_sent_to_a_person(tmp_path: Path) -> None:
    sample = draw("text-glued", tmp_path)
    report = read(sample)
    found = score(sample, report)
    assert report.form == "gk2021"
    assert found.silent == 0
    assert reviewed(report, "requests.") == {}
    assert {i.split(".")[0] for i in reviewed(report)} <= {"proactive", "disputes"}
    assert ("text.glued" in rules(report)) == bool(reviewed(report))


def test_glued_cells_without_a_doubt_need_no_person(tmp_path: Path) -> None:
    style = Style("glued-idle", "text", vary=False, values=ValueStyle(scale="empty"), file=FileStyle(cells="glued"))
    sample = draw_style(style, tmp_path)
    report = read(sample)
    assert score(sample, report).exact == 200
    assert set(reviewed(report)) == set(reviewed(report, "proactive."))


def test_a_report_on_the_form_of_other_years_is_told(tmp_path: Path) -> None:
    sample = draw_style(Style("wrong-year", "html", form="gk2019", wrong_year=True, vary=False), tmp_path)
    report = read(sample)
    assert score(sample, report).perfect
    assert report.form == "gk2019"
    assert "form.wrong_year" in rules(report)


def test_a_failure_of_camelot_is_recorded_and_the_rest_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Sequence[object]:
        raise StageError("camelot could not read the tables", remedy="see the log")

    monkeypatch.setattr("pipeline.read_pdf.camelot_to_grids", fail)
    sample = draw("pdf-picture-table", tmp_path)
    report = read(sample, WITHOUT_OCR)
    assert [(f.stage, f.code, f.remedy) for f in report.failures] == [("camelot", "stage", "see the log")]
    assert (report.status, "failures" in report.status_reasons) == ("partial", True)
    assert score(sample, report).silent == 0
    assert [i for i, f in report.fields.items() if i.startswith("disputes.") and f.decision == "accept"]


def test_a_missing_camelot_leaves_a_failure_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> Sequence[object]:
        raise MissingDependencyError("camelot is not installed", remedy="install it")

    monkeypatch.setattr("pipeline.read_pdf.camelot_to_grids", missing)
    sample = draw("pdf-picture-table", tmp_path)
    report = read(sample, WITHOUT_OCR)
    assert report.status == "partial"
    assert [f.code for f in report.failures] == ["missing_dependency"]
    without_both = WITHOUT_CAMELOT.model_copy(update={"ocr": WITHOUT_OCR.ocr})
    assert score(sample, read(sample, without_both)).silent == 0


def test_reading_twice_gives_the_same_document(tmp_path: Path) -> None:
    sample = draw("docx-plain", tmp_path)
    first, second = (read(sample).model_copy(update={"timings": {}}) for _ in range(2))
    assert first == second
    assert Report.model_validate(first.to_json_dict()) == first


def test_the_document_tells_where_each_number_stands(tmp_path: Path) -> None:
    sample = draw("pdf-turned-page", tmp_path)
    report = read(sample)
    document = pdfium.PdfDocument(sample.path)
    try:
        sizes = {n + 1: document[n].get_size() for n in range(len(document))}
    finally:
        document.close()
    for field in report.fields.values():
        (evidence,) = field.evidence[:1]
        assert evidence.bbox is not None
        x0, top, x1, bottom = evidence.bbox
        width, height = sizes[evidence.page_no]
        assert 0 <= x0 < x1 <= width
        assert 0 <= top < bottom <= height
        assert evidence.reader == "pdfplumber"


def test_the_name_and_the_times_are_told(tmp_path: Path) -> None:
    sample = draw("html-clean", tmp_path)
    report = read_report(sample.path, DEFAULTS, name="某局/年报.html")
    assert report.source.name == "某局/年报.html"
    assert len(report.source.sha256) == 64
    assert report.source.media_type == "text/html"
    assert list(report.timings) == ["open", "describe", "print", "match", "confirm", "decide", "check"]
    assert all(seconds >= 0 for seconds in report.timings.values())


def test_the_label_is_kept_as_printed(tmp_path: Path) -> None:
    label = read(draw_style(Style("plain", "html", vary=False), tmp_path)).fields["requests.granted.total"].label
    assert label is not None
    assert "（一）予以公开" in label.printed


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", DamagedInputError),
        (b"%PDF-1.7\n1 0 obj <</Type /Catalog", DamagedInputError),
    ],
    ids=["empty", "truncated"],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(data: bytes, error: type[NianbaoError], tmp_path: Path) -> None:
    path = tmp_path / "坏.pdf"
    path.write_bytes(data)
    with pytest.raises(error) as caught:
        read_report(path, DEFAULTS)
    assert caught.value.source == str(path)
    assert caught.value.remedy


def test_limits_are_those_of_the_settings(tmp_path: Path) -> None:
    sample = draw("pdf-plain", tmp_path)
    for limits in (LimitSettings(max_pages=1), LimitSettings(max_file_bytes=1000)):
        with pytest.raises(InputTooLargeError):
            read(sample, Settings(limits=limits))


def test_a_page_file_named_pdf_is_opened_by_its_content(tmp_path: Path) -> None:
    sample = draw("html-clean", tmp_path)
    path = tmp_path / "年报.pdf"
    path.write_bytes(sample.path.read_bytes())
    report = read_report(path, DEFAULTS)
    assert report.source.media_type == "text/html"
    assert score(sample, report).perfect


def test_only_a_pdf_has_a_reading_of_its_own(tmp_path: Path) -> None:
    file = open_bytes("一、总体情况\n二、主动公开".encode(), "x.txt", DEFAULTS)
    assert file.pdf is None
    assert file.opened.source.media_type == "text/plain"
    data = draw("pdf-plain", tmp_path).path.read_bytes()
    file = open_bytes(data, "x.pdf", DEFAULTS)
    assert file.pdf is not None
    assert file.pdf.opened is file.opened


def test_the_document_of_a_file_that_could_not_be_read() -> None:
    error = EncryptedInputError("the PDF is protected by a password", source="a.pdf", remedy="save a copy")
    report = failed_report("a.pdf", error, "ab12")
    assert (report.status, report.status_reasons, report.fields) == ("failed", ["encrypted"], {})
    assert (report.source.name, report.source.sha256) == ("a.pdf", "ab12")
    assert [(f.stage, f.code, f.remedy) for f in report.failures] == [("open", "encrypted", "save a copy")]
    assert failed_report("a.pdf", StageError("x")).failures[0].stage == "read"
