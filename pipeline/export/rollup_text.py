"""The words of a roll-up, the same in the terminal, in XLSX and in CSV."""

from __future__ import annotations

from typing import get_args

from models.rollup import Doubt, Explanation, ExplanationKind, FieldOutcome, RollupField, RollupGroup, UnitState
from pipeline.export.words import ORIGIN, UNKNOWN

TITLE = "汇总核对 Roll-up"
ADDS_UP = "逐项相符 adds up"
OUTCOME: dict[FieldOutcome, str] = {
    "equal": "相符 equal",
    "differs": "不等 differs",
    "in_review": "不等，有待复核 differs, in review",
    "incomplete": "不等，数字不全 differs, incomplete",
    "not_compared": "未比对 not compared",
}
UNIT_STATE: dict[UnitState, str] = {
    "used": "已计入 used",
    "missing": "缺报告 missing",
    "failed": "读取失败 failed",
    "no_form": "无统一表格 no known form",
}
_EXPLANATION: dict[ExplanationKind, str] = {
    "left_out": "可能漏计 probably left out",
    "counted_twice": "可能重复计入 probably counted twice",
}
# As `Doubt.why`.
_WHY = {
    "in_review": "待复核 in review",
    "missing": "缺报告 missing",
    "absent": "无此格 no such cell",
    "text": "为文字 words",
    "blank": "空白 blank",
}
# Of more names than that a line tells the number alone.
_MAX_NAMES = 3


def group_heading(group: RollupGroup) -> str:
    """Parent, year, and how many numbers agree."""
    year = UNKNOWN if group.year is None else str(group.year)
    counts = f"{group.equal} / {group.compared} 相符 equal"
    return f"{group.parent.agency or group.parent.named} {year} · {len(group.units)} 个单位 units · {counts}"


def notes(field: RollupField) -> str:
    """What may explain a difference: single units, numbers that are not sure, sums that fail at the field."""
    parts = [
        *_explanations(field.explanations),
        *_doubts(field.doubts),
        *(f"{name}: 本身的合计不符 its own sums fail here" for name in field.broken_in[:_MAX_NAMES]),
    ]
    return "; ".join(parts)


def origin_text(field: RollupField) -> str:
    """Whose mistake it is; empty where nobody's."""
    return "" if field.origin is None else ORIGIN[field.origin]


def _explanations(found: list[Explanation]) -> list[str]:
    parts = []
    for kind in get_args(ExplanationKind):
        names = [e.unit for e in found if e.kind == kind]
        if len(names) > _MAX_NAMES:
            # So many units have the number that it tells nothing about any of them.
            parts.append(f"{len(names)} 个单位的数字等于差额 units have that number")
        elif names:
            parts.append(f"{_EXPLANATION[kind]}: {'、'.join(names)}")
    return parts


def _doubts(found: list[Doubt]) -> list[str]:
    parts = []
    for why, word in _WHY.items():
        alike = [d for d in found if d.why == why]
        if len(alike) > _MAX_NAMES:
            parts.append(f"{len(alike)} × {word}")
        else:
            parts += [f"{d.who}: {word}{_needed(d)}" for d in alike]
    return parts


def _needed(doubt: Doubt) -> str:
    return "" if doubt.needed is None else f"，应为 would have to be {doubt.needed}"
