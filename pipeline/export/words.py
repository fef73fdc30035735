"""The fixed words of the outputs in Chinese and English, so that every output says the same."""

from __future__ import annotations

from models.finding import Finding, Origin, Severity, WaiverMark
from models.form import FormField
from models.report import ClaimOutcome, ClaimScope, Decision, FormName, Kind, ReportStatus

STATUS: dict[ReportStatus, str] = {
    "ok": "通过 ok",
    "needs_review": "待复核 needs review",
    "partial": "不完整 partial",
    "failed": "失败 failed",
}
SEVERITY: dict[Severity, str] = {"error": "错误 error", "warning": "警告 warning", "info": "提示 info"}
ORIGIN: dict[Origin, str] = {
    "report": "报告原文 the report itself",
    "reading": "识读 our reading",
    "undetermined": "未定 undetermined",
}
KIND: dict[Kind, str] = {
    "number": "数字 number",
    "blank": "空白 blank",
    "not_applicable": "不适用 not applicable",
    "text": "文字 text",
    "absent": "缺失 absent",
}
SCOPE: dict[ClaimScope, str] = {
    "clear": "报告全部 the whole report",
    "rounded": "约数 rounded",
    "ambiguous": "可有不同理解 ambiguous",
    "implied": "未写数字 no number given",
    "office": "仅办公室或本机关 the office alone",
    "wider": "更大地区 a wider area",
    "subordinate": "其他单位 other agencies",
    "other_period": "其他时期 another period",
    "change": "增减 change",
    "share": "占比 share",
    "planned": "计划 planned",
    "channel": "某一渠道 one channel",
    "part": "其中一部分 a part",
    "other_act": "其他事项 another act",
    "approximate": "概数 approximate",
    "other_unit": "其他单位量 another unit",
    "outside": "报告章节之外 outside the sections",
    "unrelated": "表格不统计 not counted by the form",
}
OUTCOME: dict[ClaimOutcome, str] = {
    "agrees": "一致 agrees",
    "explained": "可解释 explained",
    "differs": "不一致 differs",
    "not_compared": "未比较 not compared",
}
DECISION: dict[Decision, str] = {"accept": "采用 accept", "review": "复核 review"}
FORM: dict[FormName, str] = {
    "gk2021": "2021 年格式 2021 form",
    "gk2019": "2019 年格式 2019 form",
    "legacy": "旧格式 before 2019",
    "unknown": "未识别 unknown",
}

WAIVED = "已豁免 waived"
UNKNOWN = "—"
"""Stands where the agency, the year or a side of a rule is not known."""


def row_text(field: FormField) -> str:
    """Row labels from parent to leaf; empty where the row has none."""
    return " / ".join(field.row.label)


def column_text(field: FormField) -> str:
    """Column labels from parent to leaf."""
    return " / ".join(field.column.label)


def short_column(field: FormField) -> str:
    """The column's last label, with its parent where another column of the block ends in the same words."""
    leaf = field.column.label[-1]
    alike = sum(c.label[-1] == leaf for c in field.block.columns)
    return leaf if alike == 1 else "/".join(field.column.label[-2:])


def waiver_text(waiver: WaiverMark) -> str:
    """The reason of a waiver, who gave it, when, and until when it holds."""
    end = "" if waiver.until is None else f" 至 until {waiver.until}"
    return f"{waiver.reason} ({waiver.author} {waiver.date}{end})"


def waiver_notes(finding: Finding) -> str:
    """Whether the finding is waived, or why a waiver of it no longer applies; empty where there is none."""
    if finding.waiver is not None:
        return f"{WAIVED}: {waiver_text(finding.waiver)}"
    return "" if finding.reopened is None else f"{finding.reopened.zh} {finding.reopened.en}"


def suspects_text(finding: Finding) -> str:
    """The alternative explanations of a finding: ``a→5 + b→7 | c→12``; empty where there are none."""
    return " | ".join(
        " + ".join(s.field if s.suggested is None else f"{s.field}→{s.suggested}" for s in suspects)
        for suspects in finding.suspects
    )
