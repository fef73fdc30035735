"""A roll-up in the terminal: parent by parent, missing reports first, then the numbers that differ, row by row."""

from __future__ import annotations

from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from models.finding import Message
from models.rollup import Rollup, RollupField, RollupGroup
from pipeline.export import rollup_text as words
from pipeline.export.text import one_line
from pipeline.export.words import UNKNOWN


def render_rollup(rollup: Rollup) -> RenderableType:
    """The whole roll-up. Needs 80 columns."""
    parts: list[RenderableType] = [Text(words.TITLE, style="bold"), *map(_remark, rollup.remarks)]
    for group in rollup.groups:
        parts += ["", *_group(group)]
    return Group(*parts)


def _group(group: RollupGroup) -> list[RenderableType]:
    parts: list[RenderableType] = [Text(one_line(words.group_heading(group)), style="bold")]
    if group.adds_up:
        parts.append(Text(words.ADDS_UP, style="green"))
    parts += [Text(("* " if s.chosen else "  ") + f"{s.message.zh} {s.message.en}", style="dim") for s in group.scopes]
    parts += map(_remark, group.remarks)
    if group.fields:
        parts.append(_numbers(group))
    return parts


def _remark(message: Message) -> RenderableType:
    return Text(f"{one_line(message.zh)}\n{one_line(message.en)}", style="yellow")


def _numbers(group: RollupGroup) -> RenderableType:
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("字段 Field", overflow="fold")
    table.add_column("上级 Parent", justify="right", overflow="fold")
    table.add_column("合计 Sum", justify="right", overflow="fold")
    table.add_column("差 Diff", justify="right", overflow="fold")
    table.add_column("说明 Notes", overflow="fold")
    for row, fields in groupby(group.fields, key=lambda field: field.row):
        together = list(fields)
        table.add_row(Text(one_line(f"{row} ({len(together)})"), style="dim"))
        for field in together:
            table.add_row(
                Text(one_line(f"  {field.label.zh}")),
                Text(field.parent or UNKNOWN),
                Text(field.sum or UNKNOWN),
                Text(field.difference or UNKNOWN),
                Text(one_line(_last_column(field)), style="red" if field.origin == "report" else "yellow"),
            )
    return table


def _last_column(field: RollupField) -> str:
    return "; ".join(part for part in (words.OUTCOME[field.outcome], words.notes(field)) if part)
