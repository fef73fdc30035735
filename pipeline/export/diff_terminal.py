"""A diff in the terminal: both reports, a table of numbers, prose with marks."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from models.diff import FieldDiff, PieceKind, ReportDiff, SectionDiff
from pipeline.export import diff_text as words
from pipeline.export.text import one_line, shorten

# Columns of a run of equal sentences that are shown: it only says where the changes stand.
MAX_EQUAL = 40
_STYLE: dict[PieceKind, str] = {"equal": "dim", "insert": "green", "delete": "red"}


def render_diff(diff: ReportDiff) -> RenderableType:
    """The whole diff. Needs 80 columns."""
    parts: list[RenderableType] = [_head(diff)]
    for remark in diff.remarks:
        parts += [Text(one_line(remark.zh), style="yellow"), Text(one_line(remark.en), style="yellow")]
    if diff.is_empty:
        parts.append(Text(f"\n{words.NOTHING} ({diff.compared})", style="green"))
    if diff.fields:
        parts += [Text(f"\n{words.NUMBERS} ({len(diff.fields)} / {diff.compared})", style="bold"), _numbers(diff)]
    if diff.not_comparable:
        parts.append(Text(f"\n{words.NOT_COMPARABLE}: {len(diff.not_comparable)}", style="bold"))
        parts.append(Padding(Text(one_line(", ".join(diff.not_comparable)), style="dim"), (0, 0, 0, 2)))
    if diff.sections:
        parts.append(Text(f"\n{words.PROSE}", style="bold"))
        parts += [_section(s) for s in diff.sections]
    return Group(*parts)


def _head(diff: ReportDiff) -> RenderableType:
    table = Table(title=words.TITLE, title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("", style="dim", no_wrap=True)
    table.add_column("前 A", overflow="fold")
    table.add_column("后 B", overflow="fold")
    for (name, before), (_, after) in zip(words.side_lines(diff.before), words.side_lines(diff.after), strict=True):
        table.add_row(name, Text(one_line(before)), Text(one_line(after)))
    return table


def _numbers(diff: ReportDiff) -> RenderableType:
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("字段 Field", overflow="fold")
    table.add_column("前 A", justify="right", overflow="fold")
    table.add_column("后 B", justify="right", overflow="fold")
    table.add_column("增减 Change", justify="right", overflow="fold")
    table.add_column("%", justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for field in diff.fields:
        table.add_row(
            Text(one_line(field.label.zh)).append(f"\n{one_line(field.field)}", style="dim"),
            Text(one_line(words.cell_text(field.before))),
            Text(one_line(words.cell_text(field.after))),
            Text(words.difference_text(field)),
            Text(words.percent_text(field)),
            # That a number changed is what the row shows; only the rest needs a word.
            Text("" if _is_plain(field) else words.change_text(field), style="yellow"),
        )
    return table


def _is_plain(field: FieldDiff) -> bool:
    return field.change == "changed" and not field.decision_changed


def _section(section: SectionDiff) -> RenderableType:
    heading = f"{section.label.zh} {section.label.en} · 相似度 similarity {section.similarity}"
    lines = Table.grid(padding=(0, 1))
    lines.add_column(width=1)
    lines.add_column(overflow="fold")
    for kind, runs in words.marked_pieces(section.pieces):
        text = Text(style=_STYLE[kind])
        for run, differs in runs:
            text.append(shorten(run, MAX_EQUAL) if kind == "equal" else run, style="bold" if differs else "")
        lines.add_row(Text(words.PIECE_MARK[kind], style=_STYLE[kind]), text)
    return Group(Text(one_line(heading)), Padding(lines, (0, 0, 0, 2)))
