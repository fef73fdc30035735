"""The file beside a report that did not pass: what is the matter and what to do, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator

from models.errors import NianbaoError
from models.reasons import reason_words
from models.report import Report
from pipeline.export.long_rows import report_to_long_rows
from pipeline.export.text import one_line
from pipeline.export.words import SEVERITY, UNKNOWN
from pipeline.store.records import Document, State

# Notepad takes a file without a byte order mark for the local code page.
ENCODING = "utf-8-sig"
_STATES: dict[State, str] = {
    "received": "等待处理 waiting",
    "running": "正在处理 being read",
    "done": "通过 done",
    "review": "待复核 needs review",
    "failed": "失败 failed",
    "password": "需要密码 needs a password",
}
_AGAIN = ("重新放入收件文件夹", "drop it into the inbox again")
# Error code -> what to do in Chinese. In English the error itself says it.
_REMEDIES: dict[str, str] = {
    "input": "检查文件能否打开，改正后重新放入收件文件夹",
    "unsupported_type": "确认文件内容是年度报告，另存为 PDF、DOCX 或 HTML，再放入收件文件夹",
    "damaged": "从原始文档重新导出，或打印成 PDF，再放入收件文件夹",
    "misplaced": "把豁免文件放到 review 文件夹中它所说的报告旁边",
    "usage": "改正豁免文件（或用 nianbao waive 重新生成），改正后自动采用",
    "too_large": "拆分文件，或在 config.yaml 的 limits 中提高上限后重试",
    "missing_dependency": "运行 nianbao doctor，按提示安装缺少的软件包后重试",
    "stage": "文件可能损坏：打印成新的 PDF，再放入收件文件夹",
    "stage_timeout": "拆分文件，或提高 config.yaml 中的 limits.max_seconds_per_file 后重试",
    "stage_memory": "拆分文件，或提高 config.yaml 中的 limits.max_memory_bytes 后重试",
    "poison": "打印成新的 PDF，再放入收件文件夹",
    "internal": "请连同文件报告此问题",
}


def state_words(state: State) -> str:
    """The state in Chinese and English."""
    return _STATES[state]


def reason_text(document: Document, report: Report | None, path: str) -> str:
    """The whole text of the file.

    Args:
        document: In a final state.
        report: Its report document; None where there is none.
        path: The file, relative to the inbox.
    """
    lines = [
        f"{one_line(path)}",
        f"状态 State: {_STATES[document.state]}",
        f"编号 Document: {document.id}",
        f"内容 Content: sha256 {document.sha256}",
    ]
    if document.finished_at is not None:
        lines.append(f"时间 Time: {document.finished_at.astimezone():%Y-%m-%d %H:%M:%S %z}")
    if report is not None:
        lines += [
            f"单位 Agency: {one_line(report.agency or UNKNOWN)}",
            f"年度 Year: {report.year or UNKNOWN}",
            "",
            *_reasons(document, report),
            *_findings(report),
            *_fields(report),
        ]
    lines += ["", *_what_to_do(document, report)]
    return "\n".join(lines) + "\n"


def refusal_text(path: str, error: NianbaoError) -> str:
    """The whole text of the file beside one that was not even taken."""
    zh, en = reason_words(error.code)
    lines = [
        one_line(path),
        f"状态 State: {_STATES['failed']}",
        "",
        "原因 Reasons:",
        f"- {zh} / {en}: {one_line(error.message)}",
        "",
        "怎么办 What to do:",
        f"- {_REMEDIES.get(error.code, _AGAIN[0])}",
        f"  {one_line(error.remedy)}",
    ]
    return "\n".join(lines) + "\n"


def _reasons(document: Document, report: Report) -> Iterator[str]:
    yield "原因 Reasons:"
    codes = [code for code in report.status_reasons if code != "failures" or not report.failures]
    if document.state in {"failed", "password"}:
        codes = []
    for code in codes:
        zh, en = reason_words(code)
        yield f"- {zh} / {en}"
    for failure in report.failures:
        zh, en = reason_words(failure.code)
        yield f"- {zh} / {en}: {one_line(failure.message)}"


def _findings(report: Report) -> Iterator[str]:
    findings = [f for f in report.findings if f.waiver is None and f.severity != "info"]
    if findings:
        yield ""
        yield f"检查结果 Findings ({len(findings)}):"
    for finding in findings:
        yield f"- [{SEVERITY[finding.severity]}] {one_line(finding.message.zh)}"
        yield f"  {one_line(finding.message.en)}"


def _fields(report: Report) -> Iterator[str]:
    rows = [row for row in report_to_long_rows(report) if row.field.decision == "review"]
    if rows:
        yield ""
        yield f"需要核对的数字 Numbers to look at ({len(rows)}):"
    for row in rows:
        place = " / ".join(filter(None, (row.row_label, row.column_label))) or row.field_id
        page = "" if row.evidence is None else f" 第{row.evidence.page_no}页 p.{row.evidence.page_no}"
        why = "; ".join(" / ".join(reason_words(code)) for code in row.field.reasons)
        yield f"- {one_line(place)}{page}: {one_line(row.field.printed) or UNKNOWN} ({row.field_id}) {why}".rstrip()


def _what_to_do(document: Document, report: Report | None) -> Iterator[str]:
    yield "怎么办 What to do:"
    again = f"nianbao retry {document.id}"
    if document.state == "review":
        yield "- 对照原件核对以上内容；数字和依据见同名的 .json 文件"
        yield "  hold the above against the original; numbers and evidence are in the .json file of the same name"
        yield "- 或在浏览器中逐项处理（nianbao review）；处理完毕，文件自动移入 done"
        yield "  or settle each item in the browser (nianbao review); the file then moves to done by itself"
        yield f"- 报告改正后{_AGAIN[0]} / once the report is corrected, {_AGAIN[1]}"
        return
    if document.state == "password":
        yield f"- 提供密码 / give the password: {again} --password"
        yield f"- 或去掉密码后{_AGAIN[0]} / or take the password out and {_AGAIN[1]}"
        return
    for failure in report.failures if report is not None else ():
        zh = _REMEDIES.get(failure.code)
        if zh is not None:
            yield f"- {zh}"
        if failure.remedy:
            yield f"  {one_line(failure.remedy)}"
    yield f"- 排除原因后重试 / to try again after that: {again}"
