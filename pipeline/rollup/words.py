"""What a roll-up says, in Chinese and English."""

from __future__ import annotations

from decimal import Decimal

from models.figures import plain
from models.finding import Message
from models.rollup import Explanation, FieldOutcome, ScopeName
from pipeline.rollup.pick_reports import Cell, KeptReport
from pipeline.rollup.read_units import UnitLine

_SCOPE: dict[ScopeName, Message] = {
    "as_listed": Message(zh="按所列单位", en="units as listed"),
    "with_office": Message(zh="所列单位加上本级办公室", en="units as listed and the parent's own office"),
    "without_office": Message(zh="所列单位不含本级办公室", en="units as listed without the parent's own office"),
}
OFFICE_UNKNOWN = Message(
    zh="上级各项数字均不小于所列单位之和，差额可能是其本级办公室的数字；"
    "结果中没有本级办公室的报告，无法判定，差异不算作机关的错误。",
    en="No number of the parent is below the sum; the rest may be its own office, of which there is no report among "
    "the results. That cannot be told, so the differences are not called a mistake of the agency.",
)
NO_PARENT = Message(
    zh="没有上级的可用报告，未作比对。", en="There is no usable report of the parent; nothing is compared."
)
_TAIL: dict[FieldOutcome, Message] = {
    "equal": Message(zh="", en=""),
    "differs": Message(zh="", en=""),
    "in_review": Message(zh="，其中有待复核的数字", en=", with numbers that wait for a person"),
    "incomplete": Message(zh="，但单位的数字不全", en=", but not all units have a number"),
    "not_compared": Message(zh="", en=""),
}


def field_message(
    label: Message, outcome: FieldOutcome, own: Cell, total: Decimal, difference: Decimal | None
) -> Message:
    """One sentence about a field."""
    if difference is None:
        return Message(
            zh=f"{label.zh}：上级报告此处是文字，未作比对。", en=f"{label.en}: the parent has words here; not compared."
        )
    stands = "空白" if own.number is None else plain(own.number)
    stands_en = "blank" if own.number is None else plain(own.number)
    tail = _TAIL[outcome]
    return Message(
        zh=f"{label.zh}：上级为 {stands}，各单位之和为 {plain(total)}，相差 {plain(difference)}{tail.zh}。",
        en=f"{label.en}: the parent has {stands_en}, its units add up to {plain(total)}, "
        f"a difference of {plain(difference)}{tail.en}.",
    )


def scope_message(name: ScopeName, differ: int, compared: int) -> Message:
    """How one way of summing comes out."""
    scope = _SCOPE[name]
    return Message(
        zh=f"{scope.zh}：{compared} 项中 {differ} 项不等。", en=f"{scope.en}: {differ} of {compared} numbers differ."
    )


def whole_report_message(explanation: Explanation) -> Message:
    """All differences are the numbers of one unit."""
    if explanation.kind == "left_out":
        return Message(
            zh=f"全部差异正是“{explanation.unit}”的数字：上级很可能漏计了该单位。",
            en=f"All differences are the numbers of {explanation.unit}: the parent probably left it out.",
        )
    return Message(
        zh=f"全部差异正是“{explanation.unit}”的数字：上级很可能将该单位计了两次。",
        en=f"All differences are the numbers of {explanation.unit}: the parent probably counted it twice.",
    )


def missing_message(name: str) -> Message:
    """A unit without a report."""
    return Message(zh=f"缺少“{name}”的报告。", en=f"The report of {name} is missing.")


def unusable_message(name: str, report: KeptReport) -> Message:
    """A unit whose report has no numbers."""
    return Message(
        zh=f"“{name}”的报告（{report.source}）未能读出表格数字。",
        en=f"The report of {name} ({report.source}) gave no numbers.",
    )


def several_agencies_message(name: str, sources: list[str]) -> Message:
    """A name that fits several agencies."""
    return Message(
        zh=f"“{name}”对应不止一个机关，未采用：{'、'.join(sources)}。请写全称、区划代码或文件名。",
        en=f"{name} fits several agencies, none was taken: {', '.join(sources)}. Give the full name, a code or a file.",
    )


def several_reports_message(name: str, used: KeptReport, others: list[str]) -> Message:
    """A unit with several reports of one year."""
    return Message(
        zh=f"“{name}”同一年度有多份报告：采用 {used.source}，未用 {'、'.join(others)}。",
        en=f"{name} has several reports of the year: {used.source} was used, not {', '.join(others)}.",
    )


def same_report_message(one: str, other: str) -> Message:
    """Two names in the list that mean one report."""
    return Message(
        zh=f"“{one}”与“{other}”是同一份报告，只计一次。", en=f"{one} and {other} mean one report; it counts once."
    )


def repeated_message(line: UnitLine, first: int) -> Message:
    """A line that stands in the list twice."""
    return Message(
        zh=f"单位表第 {line.line} 行与第 {first} 行重复（{line.parent}／{line.unit}），只计一次。",
        en=f"Line {line.line} of the list repeats line {first} ({line.parent} / {line.unit}); it counts once.",
    )


def other_form_message(name: str, form: str) -> Message:
    """A unit on another form than the parent."""
    return Message(
        zh=f"“{name}”的报告用的是另一格式（{form}），只加总两种格式共有的字段。",
        en=f"The report of {name} is on another form ({form}); fields that both have are added up.",
    )


def in_review_message(name: str, count: int) -> Message:
    """A report with numbers that wait for a person."""
    return Message(
        zh=f"“{name}”有 {count} 个数字待复核，由此产生的差异不算作机关的错误。",
        en=f"{name} has {count} numbers in review; a difference that comes of them is no mistake of the agency.",
    )
