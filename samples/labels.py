"""Wording of labels: the official text of every label -> the text that this report prints."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from models.form import Form
from samples.style import LabelStyle

CONTENT_HEADER = "信息内容"
BALANCE_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
SECTIONS: tuple[str, ...] = ("一、总体情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项")

_SHORT: dict[str, str] = {
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": "（二）部分公开",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": "1.逾期不补正",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": "2.逾期不缴费",
    "5.要求行政机关确认或重新出具已获取信息": "5.确认或重新出具已获取信息",
    "一、本年新收政府信息公开申请数量": "一、本年新收申请数量",
    "二、上年结转政府信息公开申请数量": "二、上年结转申请数量",
    "（七）总计": "（七）合计",
}
_TYPOS: dict[str, str] = {
    "2.其他法律行政法规禁止公开": "2.其他法律行政止公开",
    "本年增/减": "本年增/",
    "本年废止件数": "本年废纸件数",
    "四、政府信息公开行政复议、行政诉讼情况": "四、政府信息公开行政法复议、行政诉讼情况",
    "五、存在的主要问题及改进情况": "五、存在的主要问题及整改措施",
    "三、本年度办理结果": "三三、本年度办理结果",
}
# Headings and rows whose number is repeated or shifted by one.
_RENUMBERED: dict[str, str] = {
    "二、主动公开政府信息情况": "一、主动公开政府信息情况",
    "二、上年结转政府信息公开申请数量": "一、上年结转政府信息公开申请数量",
    "5.要求行政机关确认或重新出具已获取信息": "4.要求行政机关确认或重新出具已获取信息",
    "8.属于行政查询事项": "7.属于行政查询事项",
    "（七）总计": "（六）总计",
}
_QUOTES: dict[str, tuple[str, str]] = {"straight": ('"', '"'), "none": ("", ""), "corner": ("「", "」")}
_HALF_WIDTH = str.maketrans("（）：，", "():,")
# Kangxi radicals that look like the character they stand for and come out of some fonts in its place.
_RADICALS = str.maketrans("一二人八力十大小工行自文日无面生用立", "⼀⼆⼈⼋⼒⼗⼤⼩⼯⾏⾃⽂⽇⽆⾯⽣⽤⽴")
_LONGEST_SPREAD = 4
_SHORTEST_DROPPED = 8


def vary_labels(labels: LabelStyle, rng: random.Random) -> LabelStyle:
    """The label style with harmless wordings chosen by chance where it still has the official ones."""
    official = LabelStyle()
    choices: dict[str, tuple[object, ...]] = {
        "half_width": (False, False, True),
        "after_number": (".", ".", "．", "、"),
        "caption": ("official", "official", "bare", "spaced"),
        "normative": ("", "", "规范性文件"),
        "in_force": ("", "", "现行有效件", "现行有效件数（历史累计）"),
        "quotes": ("curly", "curly", "straight", "none"),
    }
    changes = {name: rng.choice(c) for name, c in choices.items() if getattr(labels, name) == getattr(official, name)}
    return replace(labels, **changes)  # type: ignore[arg-type]  # the choices above have the types of their fields


def print_labels(form: Form, labels: LabelStyle, rng: random.Random) -> dict[str, str]:
    """Official label -> printed label, for rows, columns, captions, headings and the fixed texts of the form."""
    official = list(dict.fromkeys(_official_labels(form)))
    droppable = [text for text in official if len(text) >= _SHORTEST_DROPPED and not text.startswith("第二十条")]
    dropped = frozenset(rng.sample(droppable, min(labels.dropped, len(droppable))))
    return {text: _print_label(text, labels, rng, drops=text in dropped) for text in official}


def _official_labels(form: Form) -> Iterable[str]:
    yield from SECTIONS
    yield CONTENT_HEADER
    yield BALANCE_NOTE
    for table in form.tables:
        yield table.heading
        for block in table.blocks:
            yield block.title
            for column in block.columns:
                yield from column.label
            for row in block.rows:
                yield from row.label


def _print_label(text: str, labels: LabelStyle, rng: random.Random, *, drops: bool) -> str:
    if text == BALANCE_NOTE and not labels.balance_note:
        return ""
    steps: tuple[Callable[[str], str], ...] = (
        lambda t: _SHORT.get(t, t) if labels.short else t,
        lambda t: _TYPOS.get(t, t) if labels.typos else t,
        lambda t: _RENUMBERED.get(t, t) if labels.renumbered else t,
        lambda t: labels.normative if labels.normative and t == "行政规范性文件" else t,
        lambda t: labels.in_force if labels.in_force and t == "现行有效件数" else t,
        lambda t: _print_caption(t, labels) if t.startswith("第二十条") else t,
        lambda t: _print_quotes(t, labels.quotes),
        lambda t: re.sub(r"^(\d)\.", rf"\g<1>{labels.after_number}", t),
        lambda t: _drop_character(t, rng) if drops else t,
        lambda t: _spread_characters(t, labels.spread),
        lambda t: t.translate(_HALF_WIDTH) if labels.half_width else t,
        lambda t: t.translate(_RADICALS) if labels.radicals else t,
        lambda t: _add_zero_width(t, rng) if labels.zero_width else t,
    )
    for step in steps:
        text = step(text)
    return text


def _print_caption(text: str, labels: LabelStyle) -> str:
    match labels.caption:
        case "bare":
            return text.replace("第（", "（")
        case "spaced":
            return text.replace("第（", " 第（")
        case "missing":
            return ""
        case _:
            return text


def _print_quotes(text: str, quotes: str) -> str:
    left, right = _QUOTES.get(quotes, ("“", "”"))
    return text.replace("“", left).replace("”", right)


def _drop_character(text: str, rng: random.Random) -> str:
    """The text without one character, never its number or the one after it."""
    at = rng.randrange(3, len(text))
    return text[:at] + text[at + 1 :]


def _spread_characters(text: str, spread: str) -> str:
    if not spread or len(text) > _LONGEST_SPREAD or not text.isalpha():
        return text
    if spread == "line":
        return "\n".join((text[:2], text[2:])) if len(text) == _LONGEST_SPREAD else "\n".join(text)
    return (" " if spread == "space" else "\u3000").join(text)


def _add_zero_width(text: str, rng: random.Random) -> str:
    """The text with an invisible space somewhere inside, as editors of web pages leave them."""
    if len(text) < 3:
        return text
    at = rng.randrange(1, len(text))
    return f"{text[:at]}\u200b{text[at:]}"
