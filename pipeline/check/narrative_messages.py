"""Sentences of the findings on numbers in prose, in Chinese and English."""

from __future__ import annotations

from decimal import Decimal

from models.figures import exact_difference, plain
from models.finding import Message
from models.rule_labels import Labels
from pipeline.check.narrative_claims import Statement
from pipeline.check.narrative_sums import TableSum
from pipeline.check.wording import LANGUAGES, Language, field_names, say

# Characters of a clause that are quoted around its number.
MAX_QUOTE = 60

_DIFFERS = Message(
    zh="正文称“{clause}”，即 {value}{unit}；表格“{name}”为 {table}，相差 {difference}{doubt}。",
    en="The text says '{clause}', that is {value}; the table has {table} in '{name}', a difference of "
    "{difference}{doubt}.",
)
_PART_ONLY = Message(
    zh="正文称“{clause}”，即 {value}{unit}，只等于表格中的一项；“{name}”合计为 {table}，相差 {difference}。",
    en="The text says '{clause}', that is {value}, which is one row of the table alone; '{name}' adds up to {table}, a "
    "difference of {difference}.",
)
_OTHER_SCOPE = Message(
    zh="正文称“{clause}”，即 {value}{unit}；表格“{name}”为 {table}。两者统计范围可能不同（{who}），请核实。",
    en="The text says '{clause}', that is {value}; the table has {table} in '{name}'. They may cover different things "
    "({who}); please check.",
)
_ALL_FINISHED = Message(
    zh="正文称“{clause}”，而表格“{name}”为 {table}，并非 0。",
    en="The text says '{clause}', but the table has {table}, not 0, in '{name}'.",
)
_DISAGREE = Message(
    zh="正文前后不一致：“{first}”与“{clause}”均指“{name}”，分别为 {other} 和 {value}。",
    en="The text contradicts itself: '{first}' and '{clause}' both state '{name}', as {other} and as {value}.",
)
_WHO = {
    "office": Message(
        zh="正文仅指办公室或本机关，表格为整个地区", en="the office alone in the text, the whole area in the table"
    ),
    "wider": Message(zh="正文所指地区大于报告机关", en="a wider area in the text than the agency of the report"),
}
_DOUBT = {
    "ambiguous": Message(zh="（该表述可有不同理解）", en=" (the words can be read in more than one way)"),
    "rounded": Message(zh="（正文为约数）", en=" (the text has a rounded number)"),
}


def differs(statement: Statement, table: TableSum, labels: Labels) -> Message:
    """The text has another number than the table."""
    return _said(_DIFFERS, statement, table, labels)


def part_only(statement: Statement, table: TableSum, labels: Labels) -> Message:
    """The text gives the number of one row to the whole that it belongs to."""
    return _said(_PART_ONLY, statement, table, labels)


def other_scope(statement: Statement, table: TableSum, labels: Labels) -> Message:
    """The text has another number, but of something narrower or wider."""
    return _said(_OTHER_SCOPE, statement, table, labels)


def all_finished(statement: Statement, table: TableSum, labels: Labels) -> Message:
    """The text says that all is finished, the table has some carried over."""
    return _said(_ALL_FINISHED, statement, table, labels)


def disagree(first: Statement, second: Statement, table: TableSum, labels: Labels) -> Message:
    """The text has two numbers for the same thing."""
    return _said(_DISAGREE, second, table, labels, first=_quoted(first), other=plain(first.value))


def _said(text: Message, statement: Statement, table: TableSum, labels: Labels, **more: str) -> Message:
    number = Decimal(0) if table.number is None else table.number

    def sentence(language: Language) -> str:
        doubt, who = _DOUBT.get(statement.scope), _WHO.get(statement.scope)
        return say(text, language).format(
            clause=_quoted(statement),
            value=plain(statement.value),
            unit=statement.unit,
            name=_name(statement, table, labels, language),
            table=plain(number),
            difference=plain(abs(exact_difference(statement.value, number))),
            doubt="" if doubt is None else say(doubt, language),
            who="" if who is None else say(who, language),
            **more,
        )

    zh, en = (sentence(language) for language in LANGUAGES)
    return Message(zh=zh, en=en)


def _name(statement: Statement, table: TableSum, labels: Labels, language: Language) -> str:
    """The name of one field, of a known sum, or of several fields."""
    items = [] if statement.reading is None else list(statement.reading.found())
    names = [say(i.name, language) for i in items[: None if _joined(statement) else 1] if i.name is not None]
    if len(table.added) > 1 and len(names) == 1 and table.added[0].endswith(".total"):
        return names[0]
    return field_names(table.added, labels, language)


def _joined(statement: Statement) -> bool:
    return statement.reading is not None and statement.reading.joined


def _quoted(statement: Statement) -> str:
    """The clause, its end where it is long: the number stands there."""
    clause = statement.clause
    return clause if len(clause) <= MAX_QUOTE else "…" + clause[-MAX_QUOTE:]
