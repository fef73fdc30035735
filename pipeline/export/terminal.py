"""A report in the terminal: header, the form with its doubtful cells, findings; and the summary of a batch.

Everything that comes from a file is put into ``rich.text.Text`` after ``one_line``, so that neither markup nor control
sequences in it are obeyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import PurePath

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from models.finding import Finding, Severity
from models.reasons import reasons_text
from models.report import Report, ReportStatus
from pipeline.export.form_view import form_view, ordered_findings
from pipeline.export.summary import ReportSummary
from pipeline.export.terminal_form import LEGEND, render_block
from pipeline.export.text import one_line, shorten_start, text_width
from pipeline.export.words import FORM, ORIGIN, SEVERITY, STATUS, UNKNOWN, WAIVED, suspects_text, waiver_notes

DEFAULT_WIDTH = 100  # columns
MAX_FIELDS = 6  # fields named with a finding; the JSON and XLSX name all
MAX_RAW_TABLES = 5  # tables of a legacy report that are shown; the JSON and XLSX hold all
_NAME_WIDTH = 32  # columns of the file name in the line of a report
_STATUS_STYLE: dict[ReportStatus, str] = {
    "ok": "green",
    "needs_review": "yellow",
    "partial": "yellow",
    "failed": "bold red",
}
_SEVERITY_STYLE: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def render_report(report: Report, *, width: int = DEFAULT_WIDTH) -> RenderableType:
    """The whole report: header, the tables of the form, findings and legend, for a terminal ``width`` columns wide."""
    parts: list[RenderableType] = [_header(report)]
    view = form_view(report)
    for table in view:
        parts.append(Text(f"\n{table.table.heading}", style="bold"))
        for number, block in enumerate(table.blocks):
            parts += [Text("")] * (number > 0) + [render_block(block, width)]
    if view:
        parts.append(LEGEND)
    else:
        parts.extend(_raw_tables(report))
    if report.unmapped_rows:
        parts.append(Text("\n表外行 Rows that the form does not have", style="bold"))
        for row in report.unmapped_rows:
            said = f"p.{row.page_no} {' / '.join(row.labels)} = {' | '.join(row.values)} ({row.reason})"
            parts.append(Padding(Text(one_line(said)), (0, 0, 0, 2)))
    parts.extend([Text(""), render_findings(report)])
    return Group(*parts)


def render_findings(report: Report) -> RenderableType:
    """The findings, most severe first, each with both sides, the fields and a sentence in both languages."""
    rules = report.rules
    totals = (
        f"规则 rules: {rules.passed} 通过 passed, {rules.failed} 不平 failed,"
        f" {rules.not_evaluable} 无法核对 not evaluable"
    )
    if not report.findings:
        return Group(Text("没有问题 No findings", style="green"), Text(totals, style="dim"))
    waived = sum(f.waiver is not None for f in report.findings)
    aside = f", 另 plus {waived} {WAIVED}" if waived else ""
    heading = Text(f"问题 Findings ({len(report.findings) - waived}{aside})", style="bold")
    return Group(heading, *(_finding(f) for f in ordered_findings(report)), Text(totals, style="dim"))


def summary_line(report: Report | ReportSummary) -> str:
    """One line about a report: status, file, agency, year, form, numbers accepted and to review, open findings."""
    summary = report if isinstance(report, ReportSummary) else ReportSummary.from_report(report)
    name = shorten_start(one_line(summary.source), _NAME_WIDTH)
    padded = name + " " * (_NAME_WIDTH - text_width(name))
    about = " ".join((one_line(summary.agency or UNKNOWN), str(summary.year or UNKNOWN), summary.form))
    counts = f"{summary.accepted} accepted, {summary.review} to review, {_count(summary.errors, 'error')}"
    if summary.warnings:
        counts += f", {_count(summary.warnings, 'warning')}"
    if summary.waived:
        counts += f", {summary.waived} waived"
    line = f"{summary.status:<12} {padded} {about} · {counts}"
    return f"{line} · {one_line(summary.failures[0])}" if summary.failures else line


def render_summary(summaries: Sequence[ReportSummary]) -> RenderableType:
    """The table at the end of a batch: one row a report, then the totals. Needs 80 columns."""
    table = Table(
        title="汇总 Summary",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=0,
        show_edge=False,
        pad_edge=False,
        show_footer=True,
    )
    total = {
        name: sum(getattr(s, name) for s in summaries)
        for name in ("accepted", "review", "errors", "warnings", "waived")
    }
    not_ok = sum(s.status != "ok" for s in summaries)
    table.add_column("状态\nStatus", footer=f"{not_ok} not ok", no_wrap=True)
    table.add_column("文件 / 机关 年度\nSource / agency, year", footer=f"{len(summaries)} reports", overflow="fold")
    table.add_column("格式\nForm", no_wrap=True)
    figures = [
        ("采用\nAccept", "accepted"),
        ("复核\nReview", "review"),
        ("错误\nErrors", "errors"),
        ("警告\nWarn", "warnings"),
    ]
    if total["waived"]:
        figures.append(("豁免\nWaived", "waived"))
    for heading, name in figures:
        table.add_column(heading, footer=str(total[name]), justify="right", no_wrap=True)
    folders = _common_folders([s.source for s in summaries])
    for one in summaries:
        file = Text(one_line(str(PurePath(*PurePath(one.source).parts[folders:]))))
        about = f"{one_line(one.agency or UNKNOWN)} {one.year or UNKNOWN}"
        table.add_row(
            Text(one.status, style=_STATUS_STYLE[one.status]),
            file if about == f"{UNKNOWN} {UNKNOWN}" else file.append(f"\n{about}", style="dim"),
            one.form,
            str(one.accepted),
            Text(str(one.review), style="yellow" if one.review else ""),
            Text(str(one.errors), style="bold red" if one.errors else ""),
            str(one.warnings),
            *([str(one.waived)] if total["waived"] else []),
        )
    failures = [Text(f"{one_line(s.source)}: {one_line(f)}", style="red") for s in summaries for f in s.failures]
    return Group(table, *failures)


def _common_folders(sources: Sequence[str]) -> int:
    """How many leading folders all paths share: what the table may leave out and still tell the files apart."""
    parents = [PurePath(source).parent.parts for source in sources]
    shared = list(takewhile(lambda level: len(set(level)) == 1, zip(*parents, strict=False)))
    # Paths that share the root only are shown whole.
    return len(shared) if any(level[0].strip("/\\") for level in shared) else 0


def _header(report: Report) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    lines: list[tuple[str, Text]] = [
        ("文件 source", Text(one_line(report.source.name))),
        ("标题 title", Text(one_line(report.title or UNKNOWN))),
        ("机关 agency", Text(one_line(report.agency or UNKNOWN))),
        ("年度 year", Text(UNKNOWN if report.year is None else str(report.year))),
        ("格式 form", Text(FORM[report.form])),
        ("状态 status", Text(STATUS[report.status], style=_STATUS_STYLE[report.status])),
    ]
    if report.status_reasons:
        lines.append(("原因 reasons", Text(one_line(reasons_text(report.status_reasons)))))
    lines.append(("数字 numbers", Text(_numbers(ReportSummary.from_report(report)))))
    for failure in report.failures:
        said = f"[{failure.stage}] {failure.message}" + (f" — {failure.remedy}" if failure.remedy else "")
        lines.append(("失败 failure", Text(one_line(said), style="red")))
    for name, text in lines:
        grid.add_row(name, text)
    return grid


def _numbers(summary: ReportSummary) -> str:
    return (
        f"采用 accepted {summary.accepted} · 复核 to review {summary.review}"
        f" (空白 blank {summary.blank}, 缺失 absent {summary.absent})"
    )


def _raw_tables(report: Report) -> Iterable[RenderableType]:
    for number, raw in enumerate(report.tables[:MAX_RAW_TABLES], start=1):
        yield Text(f"\n表 table {number} · p.{raw.page_no} · {one_line(raw.reader)}", style="bold")
        table = Table(show_header=False, padding=(0, 1))
        for _ in range(max((len(row) for row in raw.rows), default=0)):
            table.add_column(overflow="fold")
        for row in raw.rows:
            table.add_row(*(Text(one_line(cell)) for cell in row))
        yield table
    if len(report.tables) > MAX_RAW_TABLES:
        yield Text(f"… 另有 {len(report.tables) - MAX_RAW_TABLES} 个表 more tables in the JSON document", style="dim")


def _finding(finding: Finding) -> RenderableType:
    if finding.waiver is None:
        head = Text(SEVERITY[finding.severity], style=_SEVERITY_STYLE[finding.severity])
    else:
        head = Text(f"{WAIVED} ({SEVERITY[finding.severity]})", style="dim")
    head.append(f"  {one_line(finding.rule)}", style="bold")
    if finding.left is not None and finding.right is not None:
        sign = "=" if finding.outcome == "pass" else "≠"
        gap = f" (差额 difference {finding.difference})" if finding.difference is not None else ""
        head.append(f"  {one_line(f'{finding.left} {sign} {finding.right}{gap}')}")
    body = [Text(one_line(finding.message.zh)), Text(one_line(finding.message.en))]
    if note := waiver_notes(finding):
        body.append(Text(one_line(note), style="bold"))
    if finding.fields:
        # The sentences give the labels; here the ids, for a search in the documents.
        named = finding.fields[:MAX_FIELDS]
        more = len(finding.fields) - len(named)
        text = "字段 fields: " + ", ".join(named) + (f", … 另 {more} 个 more" if more else "")
        body.append(Text(one_line(text), style="dim"))
    tail = f"来源 origin: {ORIGIN[finding.origin]}"
    if finding.suspects:
        tail += f" · 可能的解释 possible explanations: {suspects_text(finding)}"
    body.append(Text(one_line(tail), style="dim"))
    return Group(head, Padding(Group(*body), (0, 0, 0, 4)))


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
