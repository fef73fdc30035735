"""What a page states about itself in labelled places (发布机构：某局), in lines or in a table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from models.grid import Grid
from pipeline.extract.chinese_dates import compact

Fact = Literal["title", "agency", "weak_agency", "published", "written", "number"]

# Lines at the head of a document, and at its end, among which labels are looked for.
HEAD_LINES = 60
TAIL_LINES = 20

_WORDS: dict[Fact | None, str] = {
    "title": "标题 名称 信息名称 文件名称 信息标题 公文名称",
    "agency": (
        "发布机构 发文机构 发文机关 发布机关 公开机构 公开机关 公开主体 制发机关 "
        "制作机关 制作单位 发布单位 发文单位 编制单位 责任部门 发布部门 公开单位 "
        "信息提供单位"
    ),
    "weak_agency": "单位 来源 信息来源 稿件来源 文章来源 供稿单位 作者",
    "published": "发布日期 发布时间 公开日期 公开时间 发文日期 公布日期 发文时间",
    "written": "成文日期 成文时间 生成日期 生成时间 制发日期",
    "number": "文号 发文字号 发文文号 文件编号 公文文号",
    # Labels that say nothing needed here, but end the value of the label before them.
    None: (
        "索引号 信息索引号 索取号 主题分类 信息分类 分类 组配分类 体裁分类 "
        "服务对象分类 关键词 关键字 主题词 栏目 所属栏目 备案登记号 统一登记号 登记号 "
        "废止日期 失效日期 生效日期 施行日期 有效性 时效性 效力状态 体裁 内容概述 "
        "内容摘要 信息概述 摘要 浏览次数 浏览量 点击数 点击率 点击 阅读次数 访问量 "
        "字体 字号 采集时间 原文链接 本地目录 编辑 责任编辑 审核 公开方式 公开范围 "
        "公开类别 公开形式 公开时限 信息类别 类别 分享到 分享 打印 访问次数"
    ),
}
_LABELS = {word: fact for fact, words in _WORDS.items() for word in words.split()}
_LABEL = re.compile(rf"({'|'.join(sorted(_LABELS, key=len, reverse=True))}):")
_BARE_LABEL = re.compile(rf"({'|'.join(sorted(_LABELS, key=len, reverse=True))}):?")


def read_stated_facts(lines: Sequence[str], grids: Iterable[Grid]) -> Mapping[Fact, list[str]]:
    """Fact -> its values as (compact) text in the order found; empty values are left out.

    Args:
        lines: Text lines of the document; its head and its end are looked at.
        grids: All tables; a label in a cell has its value in the next cell of the row, or behind a colon.
    """
    facts: dict[Fact, list[str]] = defaultdict(list)
    near = [compact(line) for line in (*lines[:HEAD_LINES], *lines[HEAD_LINES:][-TAIL_LINES:])]
    for i, line in enumerate(near):
        following = near[i + 1] if i + 1 < len(near) else ""
        for label, value in _labelled(line):
            # A label that ends its line has its value in the next one, unless another label stands there.
            at_end = not value and line.endswith(f"{label}:")
            _note(facts, label, following if at_end and not _LABEL.search(following) else value)
    for grid in grids:
        for row in range(grid.n_rows):
            cells = [compact(c.text) for c in grid.row_cells(row)]
            for i, text in enumerate(cells):
                bare = _BARE_LABEL.fullmatch(text)
                if bare is not None:
                    _note(facts, bare.group(1), cells[i + 1] if i + 1 < len(cells) else "")
                else:
                    for label, value in _labelled(text):
                        _note(facts, label, value)
    return facts


def _labelled(text: str) -> list[tuple[str, str]]:
    found = list(_LABEL.finditer(text))
    bounds = pairwise((*found, None))
    return [(m.group(1), text[m.end() : after.start() if after else len(text)]) for m, after in bounds if m]


def _note(facts: dict[Fact, list[str]], label: str, value: str) -> None:
    fact = _LABELS[label]
    value = value.strip("-|/;,。 ")
    if fact is not None and value and not _BARE_LABEL.fullmatch(value):
        facts[fact].append(value)
