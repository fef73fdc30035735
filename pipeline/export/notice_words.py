"""The fixed sentences of a notice for an agency, in Chinese."""

from __future__ import annotations

from models.notice import Notice, NoticeFinding, NoticeValue
from pipeline.export.text import one_line

HEADING = "政府信息公开工作年度报告核对情况告知"
VALUES = ("单元格", "报告所载", "所在页", "原件截图")
EXPLANATIONS = "可能的更正"
NOTE = "说明"
CLOSING = "请核对上述内容。确有差错的，请更正后重新发布；数据无误的，请说明统计口径。"
NOTHING = "经核对，未发现需要告知的问题。"


def salutation(notice: Notice) -> str:
    """To whom the notice goes."""
    return f"{one_line(notice.agency) or '报告发布单位'}："


def opening(notice: Notice) -> str:
    """What was checked, and how many findings there are."""
    title = one_line(notice.title) or (f"{notice.year} 年" if notice.year else "") + "政府信息公开工作年度报告"
    if not notice.findings:
        return f"贵单位《{title}》（文件：{one_line(notice.source)}）已核对。"
    return f"贵单位《{title}》（文件：{one_line(notice.source)}）经核对，发现以下 {len(notice.findings)} 处问题："


def finding_heading(number: int, finding: NoticeFinding) -> str:
    """The number, severity and sentence of a finding."""
    return f"{number}．〔{finding.severity}〕{one_line(finding.message)}"


def value_cells(value: NoticeValue) -> tuple[str, str, str]:
    """Name, print and page of a number."""
    page = "" if value.page_no is None else f"第 {value.page_no} 页"
    return one_line(value.name), one_line(value.printed) or "（空白）", page
