"""Tables that are not of the form: metadata boxes, work statistics, and reports from before the national form."""

from __future__ import annotations

import random

from samples.agencies import Agency, chinese_date
from samples.document import Item, Para
from samples.prose import Prose
from samples.sheet import Sheet, SheetRows

_INDICATORS: tuple[tuple[str, str], ...] = (
    ("一、主动公开情况", ""),
    ("（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条"),
    ("其中：1.主动公开规范性文件数", "条"),
    ("2.制发规范性文件总数", "件"),
    ("（二）通过不同渠道和方式公开政府信息的情况", ""),
    ("1.政府公报公开政府信息数", "条"),
    ("2.政府网站公开政府信息数", "条"),
    ("二、依申请公开情况", ""),
    ("（一）收到申请数", "件"),
    ("1.当面申请数", "件"),
    ("2.网络申请数", "件"),
    ("（二）申请办结数", "件"),
    ("三、行政复议数量", "件"),
    ("四、行政诉讼数量", "件"),
)
_STATISTICS: tuple[str, ...] = (
    "门户网站信息更新",
    "专栏专题维护",
    "政务微博发布",
    "政务微信发布",
    "政策解读",
    "在线访谈",
)


def build_metadata_sheet(agency: Agency, rng: random.Random) -> Sheet:
    """The box above a report on many web pages: index number, issuer, date, document number."""
    rows = SheetRows()
    holder, shelf = rng.randint(10_000_000, 99_999_999), rng.randint(1, 9)
    index = f"{holder}-{shelf}/{rng.randint(2020, 2026)}-{rng.randint(1, 99_999):05d}"
    lines = (
        ("索引号", index, "分类", "信息公开年报"),
        ("发布机构", agency.name, "公开日期", agency.published),
        ("文号", agency.document_number, "时效", "有效"),
    )
    rows.add(0, "名称", "extra")
    rows.add(1, agency.title, "extra", cols=3)
    rows.next_row()
    for line in lines:
        rows.add_run(0, line, "extra", (1, 1, 1, 1))
        rows.next_row()
    return Sheet("metadata", tuple(rows.boxes), (1.0, 2.2, 1.0, 2.2))


def build_statistics_sheet(rng: random.Random) -> Sheet:
    """A table of work statistics inside the prose; none of its numbers belongs to the form."""
    rows = SheetRows()
    rows.add_run(0, ("项目", "数量", "较上年增减"), "extra", (1, 1, 1))
    rows.next_row()
    for item in _STATISTICS:
        rows.add_run(0, (item, str(rng.randint(1, 4_000)), f"{rng.randint(-30, 60)}%"), "extra", (1, 1, 1))
        rows.next_row()
    rows.add_run(0, ("总计", str(rng.randint(4_000, 9_000)), "/"), "extra", (1, 1, 1))
    rows.next_row()
    return Sheet("statistics", tuple(rows.boxes), (2.0, 1.0, 1.0))


def build_legacy_items(agency: Agency, year: int, prose: Prose, rng: random.Random) -> list[Item]:
    """A report in the manner of the years before the national form: six parts of prose and a list of indicators."""
    rows = SheetRows()
    rows.add_run(0, ("指标名称", "计量单位", f"{year}年度", "历年累计"), "extra", (1, 1, 1, 1))
    rows.next_row()
    for label, unit in _INDICATORS:
        number = rng.randint(0, 300) if unit else 0
        texts = (str(number), str(number + rng.randint(0, 900))) if unit else ("——", "——")
        rows.add_run(0, (label, unit or "——", *texts), "extra", (1, 1, 1, 1))
        rows.next_row()
    indicators = Sheet("legacy", tuple(rows.boxes), (5.0, 1.0, 1.2, 1.2), 1)
    items: list[Item] = [Para(agency.title, "title"), Para(prose.preamble), Para("一、概述", "heading")]
    items += [Para(text) for text in prose.overview]
    items += [Para("二、主动公开政府信息的情况", "heading"), Para(f"全年主动公开政府信息{rng.randint(30, 900)}条。")]
    items += [Para("三、依申请公开政府信息办理情况", "heading"), Para(f"全年受理申请{rng.randint(0, 30)}件。")]
    items += [Para("四、存在的问题和改进措施", "heading"), *(Para(text) for text in prose.problems)]
    items += [Para("五、附表", "heading"), indicators]
    return [*items, Para(agency.name, "signature"), Para(chinese_date(agency.published), "signature")]
