from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from models.errors import OutputError
from models.finding import Finding, Message
from models.form import load_form
from models.report import Claim, Repair, Report
from pipeline.export import xlsx_book
from pipeline.export.atomic import QuietFile
from pipeline.export.words import OUTCOME, SCOPE
from pipeline.export.xlsx_export import XlsxWriter, write_xlsx
from pipeline.export.xlsx_looks import BLANK, BROKEN, REVIEW, SUSPECT

MakeReport = Callable[..., Report]
MakeFinding = Callable[..., Finding]


def written(tmp_path: Path, *reports: Report) -> Workbook:
    write_xlsx(reports, tmp_path / "r.xlsx")
    assert [p.name for p in tmp_path.iterdir()] == ["r.xlsx"]
    return openpyxl.load_workbook(tmp_path / "r.xlsx")


def sheet(book: Workbook, name: str) -> Worksheet:
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def row_of(sheet: Worksheet, key: str) -> int:
    """Row number of the form row with this key, by the row id beside it."""
    return next(number for number, cell in enumerate(sheet["R"], start=1) if cell.value == key)


def records(sheet: Worksheet) -> list[dict[str, Any]]:
    header, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), line, strict=True)) for line in lines]


def fill(cell: Any) -> str:
    return f"#{cell.fill.fgColor.rgb[-6:]}"


def test_sheets_and_numbers(tmp_path: Path, make_report: MakeReport) -> None:
    report = make_report()
    book = written(tmp_path, report)
    assert book.sheetnames == [
        "汇总 Summary",
        "问题 Findings",
        "正文数字 Claims",
        "识读更正 Repairs",
        "字段 Fields",
        "2023 青石县人民政府",
    ]
    form = sheet(book, "2023 青石县人民政府")
    assert form.cell(1, 1).value == report.title
    row = row_of(form, "requests.new")
    numbers = [form.cell(row, c).value for c in range(9, 16)]
    assert numbers == [int(f.value or -1) for i, f in report.fields.items() if i.startswith("requests.new.")]
    assert form.cell(row, 1).value == "一、本年新收政府信息公开申请数量"
    assert form.cell(row, 17).value == "第2页 p.2 [72,110,90,128] pdfplumber"


def test_the_form_looks_like_the_official_one(tmp_path: Path, make_report: MakeReport) -> None:
    form = sheet(written(tmp_path, make_report()), "2023 青石县人民政府")
    texts = {c.value: c.coordinate for line in form.iter_rows() for c in line if isinstance(c.value, str)}
    merged = {str(r).split(":")[0]: r for r in form.merged_cells.ranges}
    vertical = merged[texts["三、本年度办理结果"]]
    assert (vertical.size["rows"], vertical.size["columns"]) == (22, 1)
    assert form[texts["三、本年度办理结果"]].alignment.textRotation == 255  # letters one below the other
    assert merged[texts["（三）不予公开"]].size["rows"] == 8
    assert merged[texts["申请人情况"]].size["columns"] == 7
    assert merged[texts["法人或其他组织"]].size["columns"] == 5
    assert merged[texts["行政诉讼"]].size["columns"] == 10
    assert merged[texts["第二十条第（八）项"]].size["columns"] == 15
    assert merged[texts["一、本年新收政府信息公开申请数量"]].size["columns"] == 8
    headings = [t.heading for t in load_form("gk2021").tables]
    assert sorted(headings, key=lambda h: form[texts[h]].row) == headings


def test_doubtful_cells_are_marked_and_stay_numbers(
    tmp_path: Path, make_report: MakeReport, make_finding: MakeFinding
) -> None:
    names = [f"requests.granted.{c}" for c in ("natural_person", "commercial_enterprise", "other", "total")]
    review, blank, _, total = names
    report = make_report(
        changes={
            review: {"decision": "review", "value": "12.50", "printed": "12.50?", "reasons": ["trailing_mark"]},
            blank: {"kind": "blank", "value": None, "printed": ""},
        },
        findings=[make_finding("sum", fields=names[2:], suspects=[[(total, "7")]], left="1", right="2")],
    )
    form = sheet(written(tmp_path, report), "2023 青石县人民政府")
    row = row_of(form, "requests.granted")
    cells = {n: form.cell(row, c) for n, c in zip(names, (9, 10, 14, 15), strict=True)}
    assert [fill(c) for c in cells.values()] == [look["bg_color"] for look in (REVIEW, BLANK, BROKEN, SUSPECT)]
    assert cells[review].value == 12.5
    assert cells[review].number_format == '0.00" ?"'
    assert cells[blank].value is None
    assert cells[total].number_format == '0" !!"'
    comment = cells[review].comment
    assert comment is not None
    assert "数字后有符号" in comment.text
    assert cells[blank].comment is None
    assert "复核 review 自然人: 数字后有符号 a mark follows the number" in str(form.cell(row, 17).value)


def test_kinds_are_told_apart_and_nothing_becomes_a_formula(tmp_path: Path, make_report: MakeReport) -> None:
    key = "requests.carried_in"
    report = make_report(
        title="=HYPERLINK(1)",
        changes={
            f"{key}.natural_person": {"kind": "not_applicable", "value": None, "printed": "/"},
            f"{key}.commercial_enterprise": {"kind": "text", "value": None, "printed": "=1+1"},
            f"{key}.research_institution": {"kind": "absent", "value": None, "printed": ""},
            f"{key}.social_organization": {"value": "1234567890123456", "printed": "1234567890123456"},
            f"{key}.legal_service": {"kind": "text", "value": None, "printed": "https://a.cn"},
            f"{key}.other": {"kind": "text", "value": None, "printed": "a\x07\ufffe<&"},
        },
    )
    form = sheet(written(tmp_path, report), "2023 青石县人民政府")
    row = row_of(form, key)
    assert [form.cell(row, c).value for c in range(9, 14)] == ["/", "=1+1", "×", "1234567890123456", "https://a.cn"]
    assert all(form.cell(row, c).data_type == "s" for c in range(9, 15))
    assert all(form.cell(row, c).hyperlink is None for c in range(9, 15))
    assert (form.cell(1, 1).value, form.cell(1, 1).data_type) == ("=HYPERLINK(1)", "s")


@pytest.mark.parametrize(
    ("form", "merged", "rows"), [("gk2021", True, 30), ("gk2021", False, 32), ("gk2019", False, 32)]
)
def test_variants_and_the_other_form(
    tmp_path: Path, make_report: MakeReport, form: str, merged: bool, rows: int
) -> None:
    found = sheet(written(tmp_path, make_report(form, merged=merged)), "2023 青石县人民政府")
    tables = {"proactive", "requests", "disputes"}
    keys = [c.value for c in found["R"] if str(c.value).split(".")[0] in tables]
    assert len(keys) == len(set(keys)) == rows
    assert ("requests.other_handling" in keys) == (merged or form == "gk2019")


def test_long_sheets(tmp_path: Path, make_report: MakeReport, make_finding: MakeFinding) -> None:
    name = "requests.new.total"
    findings = [
        make_finding("w", "warning"),
        make_finding(
            "sum",
            fields=[name, "unknown.field"],
            suspects=[[(name, "5"), ("x", None)]],
            left="27",
            right="21",
            difference="6",
        ),
    ]
    book = written(tmp_path, make_report(findings=findings), make_report("gk2019", name="b.html"))
    first, second = records(sheet(book, "问题 Findings"))
    assert (first["规则 Rule"], first["程度 Severity"], first["年度 Year"]) == ("sum", "错误 error", 2023)
    assert (first["左边 Left"], first["右边 Right"], first["差额 Difference"]) == (27, 21, 6)
    assert first["字段 Fields"] == f"{name}; unknown.field"
    assert first["字段名称 Field labels"] == "一、本年新收政府信息公开申请数量：申请人情况 / 总计"
    assert (first["说明"], first["Message"]) == ("sum 不平。", "sum does not add up.")
    assert first["可能的解释 Possible explanations"] == f"{name}→5 + x"
    assert (second["规则 Rule"], second["左边 Left"]) == ("w", None)
    fields = records(sheet(book, "字段 Fields"))
    assert len(fields) == 200 + 198
    total = next(f for f in fields if f["字段 Field id"] == name)
    assert total["框 Box (x0,top,x1,bottom in points)"] == "72,116,90,128"
    assert (total["页 Page"], total["识读 Reader"]) == (2, "pdfplumber")
    assert total["值 Value"] == int(total["原文 Printed"])
    assert total["规则 Rules of findings"] == "sum"


def test_summary_links_to_the_sheets(
    tmp_path: Path, make_report: MakeReport, legacy_report: Report, failed_report: Report
) -> None:
    book = written(tmp_path, make_report(status="ok"), legacy_report, failed_report)
    summary = sheet(book, "汇总 Summary")
    lines = [[c.value for c in line] for line in summary.iter_rows(min_row=5)]
    assert [line[0] for line in lines] == ["qingshi-2023.pdf", "old-2018.html", "broken.pdf"]
    assert lines[0][4:14] == ["通过 ok", 200, 200, 0, 0, 0, 0, 0, 0, 0]
    assert lines[2][4] == "失败 failed"
    assert lines[2][15] == "ingest: the file is truncated — fetch it again"
    assert lines[2][16] is None
    links = [summary.cell(r, 1).hyperlink for r in (5, 6, 7)]
    assert [link.location if link else None for link in links] == [
        "'2023 青石县人民政府'!A1",
        "'2018 青石县财政局'!A1",
        None,
    ]


def test_a_legacy_report_shows_its_tables(tmp_path: Path, legacy_report: Report) -> None:
    found = sheet(written(tmp_path, legacy_report), "2018 青石县财政局")
    values = [c.value for line in found.iter_rows() for c in line if c.value is not None]
    assert values[-6:] == ["主动公开信息数", "条", 138, "=1+1", "条", "0012"]
    assert any("neither national form" in str(v) for v in values)


def test_unmapped_rows_and_failures_stand_on_the_sheet(
    tmp_path: Path, make_report: MakeReport, failed_report: Report
) -> None:
    row = {"page_no": 2, "table": "proactive", "labels": ["其他", "文件"], "values": ["8", ""], "reason": "no_form_row"}
    report = make_report(failures=failed_report.failures, unmapped_rows=[row])
    found = sheet(written(tmp_path, report), "2023 青石县人民政府")
    values = [str(c.value) for c in found["A"]]
    assert "第2页 p.2 proactive: 其他 / 文件 = 8 |  (no_form_row)" in values
    assert "失败 failure [ingest] the file is truncated fetch it again" in values


def test_sheet_names_are_allowed_and_unique(tmp_path: Path, legacy_report: Report) -> None:
    agencies = [
        "甲/乙[丙]:*?\\局",
        "甲/乙[丙]:*?\\局",
        "很长的名字" * 9,
        "很长的名字" * 9,
        "'引号'",
        "😀" * 40,
        "A",
        "a",
    ]
    reports = [legacy_report.model_copy(update={"agency": a}) for a in agencies]
    for name in ("History", "字段 Fields", ""):
        source = legacy_report.source.model_copy(update={"name": name})
        reports.append(legacy_report.model_copy(update={"agency": None, "source": source}))
    names = written(tmp_path, *reports).sheetnames
    assert len({n.casefold() for n in names}) == len(reports) + 5
    assert all(len(n.encode("utf-16-le")) // 2 <= 31 and not set(n) & set("[]:*?/\\'") for n in names)


def test_beyond_the_limit_reports_are_only_in_the_long_sheets(
    tmp_path: Path, make_report: MakeReport, legacy_report: Report
) -> None:
    path = tmp_path / "r.xlsx"
    with XlsxWriter(path, max_report_sheets=2) as writer:
        for report in (legacy_report, legacy_report, make_report(), legacy_report):
            writer.add(report)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[5:] == ["2018 青石县财政局", "2018 青石县财政局 (2)"]
    summary = sheet(book, "汇总 Summary")
    assert "2 reports have no sheet of their own" in str(summary["A3"].value)
    assert [summary.cell(r, 1).value for r in range(6, 10)] == [
        "old-2018.html",
        "old-2018.html",
        "qingshi-2023.pdf",
        "old-2018.html",
    ]
    assert len(records(sheet(book, "字段 Fields"))) == 200


def test_a_full_long_sheet_goes_on_in_the_next(
    tmp_path: Path, make_report: MakeReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_book, "MAX_SHEET_ROWS", 151)
    book = written(tmp_path, make_report())
    assert len(records(sheet(book, "字段 Fields"))) == 150
    rest = records(sheet(book, "字段 Fields (2)"))
    assert len(rest) == 50
    assert rest[-1]["字段 Field id"] == "disputes.litigation_after_reconsideration.total"


def test_long_sheets_do_not_stay_in_memory(tmp_path: Path, make_report: MakeReport) -> None:
    with XlsxWriter(tmp_path / "r.xlsx") as writer:
        for _ in range(3):
            writer.add(make_report())
        assert writer._open is not None
        sheets = {s.get_name(): s for s in writer._open.book.worksheets()}
        assert len(sheets["字段 Fields"].table) <= 1
        assert len(sheets["2023 青石县人民政府"].table) > 40


def test_comments_are_limited(tmp_path: Path, make_report: MakeReport) -> None:
    changes = {i: {"decision": "review", "reasons": ["split_ambiguous"]} for i in make_report().fields}
    form = sheet(written(tmp_path, make_report(changes=changes)), "2023 青石县人民政府")
    assert sum(c.comment is not None for line in form.iter_rows() for c in line) == 100


def test_an_error_in_the_batch_leaves_the_old_file(tmp_path: Path, make_report: MakeReport) -> None:
    (tmp_path / "r.xlsx").write_text("old")

    def broken_batch() -> Iterator[Report]:
        yield make_report()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_xlsx(broken_batch(), tmp_path / "r.xlsx")
    assert (tmp_path / "r.xlsx").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["r.xlsx"]


def test_a_full_disk_becomes_an_output_error(
    tmp_path: Path, make_report: MakeReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(xlsx_book.ReportBook, "_store_workbook", fail)
    with pytest.raises(OutputError, match="disk is full") as caught:
        write_xlsx([make_report()], tmp_path / "r.xlsx")
    assert caught.value.source.endswith("r.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_no_reports_and_misuse(tmp_path: Path, make_report: MakeReport) -> None:
    assert written(tmp_path).sheetnames == [
        "汇总 Summary",
        "问题 Findings",
        "正文数字 Claims",
        "识读更正 Repairs",
        "字段 Fields",
    ]
    with pytest.raises(RuntimeError):
        XlsxWriter(tmp_path / "x.xlsx").add(make_report())
    with pytest.raises(OutputError, match="folder does not exist"):
        write_xlsx([], tmp_path / "missing" / "r.xlsx")


def test_the_form_is_printed_on_an_upright_page_with_its_notes(tmp_path: Path, make_report: MakeReport) -> None:
    form = sheet(written(tmp_path, make_report()), "2023 青石县人民政府")
    assert form.page_setup.orientation == "portrait"
    assert form.page_setup.fitToHeight == 0  # as many pages as it takes; one page wide is the default
    assert str(form.print_area).split("!")[1].startswith("$A$1:$Q$")
    assert form.freeze_panes == "A4"
    assert str(form["A3"].value).startswith("? ")


def test_the_text_of_a_legacy_report_is_kept(tmp_path: Path, legacy_report: Report) -> None:
    text = "第一段。\n=2+3\n" + "长" * 2000
    report = legacy_report.model_copy(update={"tables": [], "sections": {"overview": text}})
    found = sheet(written(tmp_path, report), "2018 青石县财政局")
    values = [str(c.value) for c in found["A"] if c.value is not None]
    start = values.index("文字 text · overview")
    assert values[start + 1 : start + 3] == ["第一段。", "=2+3"]
    assert "".join(values[start + 3 :]) == "长" * 2000
    assert all(c.data_type == "s" for c in found["A"] if c.value is not None)


def test_findings_say_on_which_pages_their_fields_stand(
    tmp_path: Path, make_report: MakeReport, make_finding: MakeFinding
) -> None:
    fields = ["disputes.reconsideration.total", "requests.new.total", "no.such.field"]
    report = make_report(findings=[make_finding(fields=fields), make_finding("form", "info")])
    first, second = records(sheet(written(tmp_path, report), "问题 Findings"))
    assert (first["页 Pages"], second["页 Pages"]) == ("2, 3", None)


def test_a_full_disk_while_the_file_is_packed(
    tmp_path: Path, make_report: MakeReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(QuietFile):
        def __init__(self, path: Path) -> None:
            super().__init__(Path("/dev/full"))

    monkeypatch.setattr(xlsx_book, "QuietFile", Full)
    with pytest.raises(OutputError, match="disk is full"):
        write_xlsx([make_report()], tmp_path / "r.xlsx")
    gc.collect()  # a ZipFile that is cleaned up must have nothing to say: warnings are errors
    assert list(tmp_path.iterdir()) == []


def test_claims_stand_in_their_own_sheet_and_those_that_differ_stand_out(
    tmp_path: Path, make_report: MakeReport
) -> None:
    claims = [
        Claim(section="overview", start=3, stop=6, text="15件", clause="收到申请15件", value="15", unit="件",
              fields=["requests.new.total"], scope="clear", outcome="differs"),
        Claim(section="overview", start=9, stop=12, text="=1条", clause="=1条", value="1", scope="unrelated"),
    ]  # fmt: skip
    report = make_report().model_copy(update={"claims": claims})
    page = sheet(written(tmp_path, report), "正文数字 Claims")
    rows = [[cell.value for cell in row][3:] for row in page.iter_rows(min_row=2)]
    assert rows == [
        ["overview", "收到申请15件", 15, "件", SCOPE["clear"], OUTCOME["differs"], "3-6", "requests.new.total"],
        ["overview", "=1条", 1, None, SCOPE["unrelated"], OUTCOME["not_compared"], "9-12", None],
    ]
    assert page["E2"].fill.fgColor.rgb != page["E3"].fill.fgColor.rgb


def test_repairs_stand_in_their_own_sheet_with_what_spoke_for_them(tmp_path: Path, make_report: MakeReport) -> None:
    said = Message(zh="最初读作“6”", en="first read as '6'")
    repairs = [
        Repair(field="requests.new.total", before="6", after="5", rules=["a", "b"], accepted=True, message=said),
        Repair(field="requests.new.other", before="", after="=1", accepted=False, message=said),
    ]
    page = sheet(written(tmp_path, make_report().model_copy(update={"repairs": repairs})), "识读更正 Repairs")
    rows = [[cell.value for cell in row][3:] for row in page.iter_rows(min_row=2)]
    assert [row[:3] for row in rows] == [["requests.new.total", 6, 5], ["requests.new.other", None, "=1"]]
    assert [row[4:6] for row in rows] == [[said.zh, said.en]] * 2
    assert page["D2"].fill.fgColor.rgb != page["D3"].fill.fgColor.rgb


def test_a_name_with_control_characters_leaves_the_workbook_readable(tmp_path: Path, make_report: MakeReport) -> None:
    report = make_report()
    name = "\x1b]0;a\x07\n\u202eb\ufffe.pdf"
    report = report.model_copy(update={"source": report.source.model_copy(update={"name": name})})

    book = written(tmp_path, report)

    assert [c.value for c in sheet(book, "汇总 Summary")["A"] if c.hyperlink] == ["\ufffd]0;a\ufffd \ufffdb\ufffd.pdf"]
