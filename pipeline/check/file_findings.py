"""Findings about the metadata of a report and about how its file could be read."""

from __future__ import annotations

from models.finding import Finding, Message, Origin
from models.reasons import reason_words
from pipeline.check.form_facts import FormFacts


def metadata_findings(facts: FormFacts) -> list[Finding]:
    """Findings about the year of the report and of its statistical period."""
    if facts.year is None:
        return [
            _warning(
                "metadata.year_unknown",
                "无法判断报告属于哪一年度。",
                "It cannot be told which year the report is about.",
                "undetermined",
            )
        ]
    other = sorted({y for y in facts.period_years if y != facts.year})
    if not other:
        return []
    zh, en = "、".join(map(str, other)), ", ".join(map(str, other))
    return [
        _warning(
            "metadata.period_year",
            f"统计期限写的是 {zh} 年，与报告年度 {facts.year} 年不一致。",
            f"The statistical period is stated as {en}, but the report is about {facts.year}.",
            "report",
        )
    ]


def reading_findings(facts: FormFacts) -> list[Finding]:
    """Findings about pages and text that could not be read for certain; their origin is the reading, not the report."""
    found = []
    if facts.unread_pages:
        numbers = [str(p.page_no) for p in facts.unread_pages]
        reasons = [reason_words(code) for code in sorted({p.reason for p in facts.unread_pages if p.reason})]
        tail_zh = f"（{'、'.join(zh for zh, _ in reasons)}）" if reasons else ""
        tail_en = f" ({', '.join(en for _, en in reasons)})" if reasons else ""
        found.append(
            _warning(
                "page.unread",
                f"第 {'、'.join(numbers)} 页有内容未能读取，其中可能有表格{tail_zh}。",
                f"Page {', '.join(numbers)} was not read, or not all of it; there may be tables on it{tail_en}.",
                "reading",
            )
        )
    elif facts.tables_may_be_pictures:
        found.append(
            _warning(
                "page.unread",
                "文件中的表格可能是图片，未读取。",
                "The tables of this file may be pictures; they were not read.",
                "reading",
            )
        )
    if facts.glued:
        found.append(
            _warning(
                "text.glued",
                "各格数字连在一起，有的不能确定如何拆分，需人工核对。",
                "Figures of neighbouring cells run together; those that cannot be split for certain need a person.",
                "reading",
            )
        )
    return found


def _warning(code: str, zh: str, en: str, origin: Origin) -> Finding:
    return Finding(rule=code, severity="warning", message=Message(zh=zh, en=en), origin=origin)
