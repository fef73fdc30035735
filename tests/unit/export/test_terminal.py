from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pytest
from rich.console import Console, RenderableType

from models.finding import Finding, Message, WaiverMark
from models.report import Report
from pipeline.export.summary import ReportSummary
from pipeline.export.terminal import render_findings, render_report, render_summary, summary_line
from pipeline.export.text import text_width

MakeReport = Callable[..., Report]
MakeFinding = Callable[..., Finding]


def plain(thing: RenderableType, width: int = 100, *, colour: bool = False) -> str:
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=colour, color_system="standard" if colour else None).print(thing)
    return out.getvalue()


def line_with(text: str, part: str) -> str:
    return next(line for line in text.splitlines() if part in line)


@pytest.mark.parametrize("form", ["gk2021", "gk2019"])
def test_the_form_fits_and_shows_every_number(make_report: MakeReport, form: str) -> None:
    report = make_report(form)
    text = plain(render_report(report))
    assert max(text_width(line.rstrip()) for line in text.splitlines()) <= 100
    shown = text.split()
    assert all(shown.count(str(f.value)) >= 1 for f in report.fields.values())
    new = line_with(text, "一、本年新收").split()
    assert new[1:] == [f.value for i, f in report.fields.items() if i.startswith("requests.new.")]


def test_the_three_groups_of_disputes_are_lines(make_report: MakeReport) -> None:
    report = make_report()
    text = plain(render_report(report))
    for label, group in {
        "未经复议直接起诉": "litigation_direct",
        "复议后起诉": "litigation_after_reconsideration",
    }.items():
        values = [f.value for i, f in report.fields.items() if i.startswith(f"disputes.{group}.")]
        assert line_with(text, f"行政诉讼 / {label}").split()[-5:] == values


def test_doubts_are_seen_without_colour(make_report: MakeReport, make_finding: MakeFinding) -> None:
    key = "requests.new"
    report = make_report(
        changes={
            f"{key}.natural_person": {"decision": "review", "value": "3511"},
            f"{key}.commercial_enterprise": {"kind": "blank", "value": None, "printed": ""},
            f"{key}.research_institution": {"kind": "blank", "value": None, "printed": "", "decision": "review"},
            f"{key}.social_organization": {"kind": "absent", "value": None, "printed": ""},
            f"{key}.legal_service": {"kind": "not_applicable", "value": None, "printed": "/"},
            f"{key}.total": {"value": "27", "decision": "review"},
        },
        findings=[make_finding(fields=[f"{key}.other", f"{key}.total"], suspects=[[(f"{key}.total", "5")]])],
    )
    other = report.fields[f"{key}.other"].value
    line = line_with(plain(render_report(report)), "一、本年新收")
    assert line.split()[1:] == ["3511?", "·", "·?", "×", "/", f"{other}!", "27?!!"]
    assert "\x1b[" in plain(render_report(report), colour=True)


def test_long_numbers_are_never_cut(make_report: MakeReport) -> None:
    value = "123456789012.123456"
    text = plain(render_report(make_report(changes={"requests.new.total": {"value": value}}), width=100))
    assert value in text
    assert max(text_width(line.rstrip()) for line in text.splitlines()) <= 100


def test_control_sequences_and_markup_of_a_file_are_not_obeyed(
    make_report: MakeReport, make_finding: MakeFinding
) -> None:
    bad = "[red]\x1b]0;x\x07\u202e"
    finding = make_finding(bad, fields=[bad])
    finding.message.zh = bad
    row = {"page_no": 1, "table": bad, "labels": [bad], "values": [bad], "reason": bad}
    report = make_report(
        name=bad,
        agency=bad,
        title=bad,
        findings=[finding],
        unmapped_rows=[row],
        status_reasons=[bad],
        changes={"requests.new.total": {"kind": "text", "value": None, "printed": bad}},
    )
    everything = plain(render_report(report)) + summary_line(report)
    everything += plain(render_summary([ReportSummary.from_report(report)]))
    assert not set(everything) & {"\x1b", "\x07", "\u202e"}
    assert everything.count("[red]") >= 8


def test_findings_are_ordered_and_in_both_languages(make_report: MakeReport, make_finding: MakeFinding) -> None:
    fields = [i for i in make_report().fields if i.endswith(".total")]
    suspects = [[("requests.new.total", "5")]]
    report = make_report(
        findings=[
            make_finding("hint", "info"),
            make_finding("sum", "error", fields, suspects, left="27", right="21", difference="6"),
            make_finding("blank", "warning", ["no.such.field"]),
        ]
    )
    text = plain(render_findings(report))
    assert text.index("sum") < text.index("blank") < text.index("hint")
    assert "错误 error  sum  27 ≠ 21 (差额 difference 6)" in text
    assert "sum 不平。" in text
    assert "sum does not add up." in text
    assert f"另 {len(fields) - 6} 个 more" in text
    assert "requests.new.total→5" in text
    assert "no.such.field" in text


def test_no_findings_are_said(make_report: MakeReport) -> None:
    text = plain(render_findings(make_report(rules={"passed": 41, "failed": 0, "not_evaluable": 2})))
    assert "No findings" in text
    assert "41 通过 passed, 0 不平 failed, 2 无法核对 not evaluable" in text


def test_legacy_and_failed_reports_are_shown(legacy_report: Report, failed_report: Report) -> None:
    text = plain(render_report(legacy_report))
    assert "主动公开信息数" in text
    assert "0012" in text
    failed = plain(render_report(failed_report))
    assert "[ingest] the file is truncated — fetch it again" in failed
    many = legacy_report.model_copy(update={"tables": legacy_report.tables * 8})
    assert "3 个表 more tables" in plain(render_report(many))


def test_one_line_a_report(make_report: MakeReport, make_finding: MakeFinding, failed_report: Report) -> None:
    changes = {"requests.new.total": {"decision": "review"}}
    report = make_report(
        status="needs_review", changes=changes, findings=[make_finding(), make_finding(severity="warning")]
    )
    line = summary_line(report)
    assert line == (
        "needs_review qingshi-2023.pdf                 青石县人民政府 2023 gk2021"
        " · 199 accepted, 1 to review, 1 error, 1 warning"
    )
    assert summary_line(ReportSummary.from_report(report)) == line
    failed = summary_line(failed_report)
    assert failed.startswith("failed       broken.pdf")
    assert failed.endswith(
        "— — unknown · 0 accepted, 0 to review, 0 errors · ingest: the file is truncated — fetch it again"
    )
    assert "\n" not in failed


def test_the_summary_of_a_batch_has_totals(make_report: MakeReport, failed_report: Report) -> None:
    reports = [make_report(status="ok"), make_report("gk2019", status="ok"), failed_report]
    text = plain(render_summary([ReportSummary.from_report(r) for r in reports]))
    assert max(text_width(line.rstrip()) for line in text.splitlines()) <= 100
    totals = [line for line in text.splitlines() if "3 reports" in line]
    assert len(totals) == 1
    assert "1 not ok" in totals[0]
    assert "398" in totals[0]
    assert "broken.pdf: ingest: the file is truncated" in text


@pytest.mark.parametrize("width", [40, 50, 66, 80, 100, 160])
def test_numbers_are_whole_at_every_width(make_report: MakeReport, width: int) -> None:
    fields = make_report().fields
    values = {i: str(70_000 + number) for number, i in enumerate(fields)}
    report = make_report(changes={i: {"value": v} for i, v in values.items()})
    text = plain(render_report(report, width=width), width)
    assert max(text_width(line.rstrip()) for line in text.splitlines()) <= width
    words = text.split()
    assert all(words.count(value) == 1 for value in values.values())


def test_columns_without_room_stand_below_beside_their_labels(make_report: MakeReport) -> None:
    report = make_report(changes={"requests.new.total": {"value": "516"}})
    lines = plain(render_report(report, width=50), 50).splitlines()
    new = [line.split() for line in lines if line.startswith("一、本年新收")]
    assert len(new) == 2
    assert new[-1][-1] == "516"


def test_file_names_stay_readable_and_common_folders_are_left_out(make_report: MakeReport) -> None:
    folder = "/data/区县年度报告/2023 年"
    summaries = [
        ReportSummary.from_report(make_report(name=f"{folder}/{name}")) for name in ("甲/report.pdf", "乙/report.pdf")
    ]
    text = plain(render_summary(summaries), 80)
    assert line_with(text, "甲/report.pdf").split()[1] == "甲/report.pdf"
    assert "/data" not in text
    assert max(text_width(line.rstrip()) for line in text.splitlines()) <= 80
    assert "年/甲/report.pdf  青石县" in summary_line(summaries[0])
    apart = [ReportSummary.from_report(make_report(name=name)) for name in ("/a/x.pdf", "/b/x.pdf")]
    assert "/a/x.pdf" in plain(render_summary(apart), 80)


def test_waived_findings_come_last_and_count_apart(make_report: MakeReport, make_finding: MakeFinding) -> None:
    mark = WaiverMark(reason="as [agreed]", author="张三", date=dt.date(2024, 3, 1), until=dt.date(2024, 12, 31))
    waived = make_finding("a.waived", waiver=mark)
    reopened = make_finding("b.open", severity="warning", reopened=Message(zh="不再适用", en="no longer applies"))
    report = make_report(findings=[waived, reopened])

    text = plain(render_findings(report))

    assert "Findings (1, 另 plus 1 已豁免 waived)" in text
    assert text.index("b.open") < text.index("a.waived")
    assert "已豁免 waived: as [agreed] (张三 2024-03-01 至 until 2024-12-31)" in text
    assert "不再适用 no longer applies" in text
    assert summary_line(report).endswith("0 errors, 1 warning, 1 waived")
    summary = ReportSummary.from_report(report)
    assert (summary.errors, summary.warnings, summary.infos, summary.waived) == (0, 1, 0, 1)
    table = plain(render_summary([summary]), width=80)
    assert "Waived" in table
    assert max(text_width(line.rstrip()) for line in table.splitlines()) <= 80
    assert "Waived" not in plain(render_summary([ReportSummary.from_report(make_report())]))
