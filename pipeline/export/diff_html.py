"""A diff as one HTML file that needs nothing else: no script, no link, no font from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from models.diff import FieldDiff, PieceKind, ReportDiff, SectionDiff
from pipeline.export import diff_text as words
from pipeline.export.atomic import write_text
from pipeline.export.text import one_line

_TAG: dict[PieceKind, str] = {"equal": "span", "insert": "ins", "delete": "del"}
_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif}
body{max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:2rem}h3{font-size:1rem}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #8886;padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#8882}td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
small{opacity:.7;display:block}.remark{border-left:4px solid #c80;padding-left:.8rem}
p{margin:.4rem 0;overflow-wrap:anywhere}
ins{background:#2a61;text-decoration:underline;text-decoration-color:#2a6}ins b{background:#2a65}
del{background:#c331;text-decoration:line-through;text-decoration-color:#c338}del b{background:#c335}
@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}
"""
# Nothing may be loaded or run, whatever stands in the texts.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_diff_html(diff: ReportDiff, path: Path) -> None:
    """Nothing; ``path`` then holds the page, whole.

    Raises:
        OutputError: the file could not be written.
    """
    write_text(path, diff_html(diff))


def diff_html(diff: ReportDiff) -> str:
    """The page as text; everything that comes from a report is escaped."""
    title = f"{words.TITLE}: {diff.before.source} → {diff.after.source}"
    parts = [
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{_safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{_safe(words.TITLE)}</h1>",
        _sides(diff),
    ]
    if diff.remarks:
        body = "".join(f"<p>{_safe(r.zh)}<br>{_safe(r.en)}</p>" for r in diff.remarks)
        parts.append(f'<div class="remark">{body}</div>')
    parts.append(_numbers(diff))
    if diff.not_comparable:
        listed = ", ".join(map(_safe, diff.not_comparable))
        parts.append(f"<h2>{_safe(words.NOT_COMPARABLE)} ({len(diff.not_comparable)})</h2>\n<p>{listed}</p>")
    parts += [f"<h2>{_safe(words.PROSE)}</h2>", *map(_section, diff.sections)]
    if not diff.sections:
        parts.append(f"<p>{_safe(words.NOTHING)}</p>")
    return "\n".join(parts) + "\n</body>\n</html>\n"


def _sides(diff: ReportDiff) -> str:
    rows = (
        f"<tr><th>{_safe(name)}</th><td>{_safe(before)}</td><td>{_safe(after)}</td></tr>"
        for (name, before), (_, after) in zip(words.side_lines(diff.before), words.side_lines(diff.after), strict=True)
    )
    return "<table>\n<tr><th></th><th>前 A</th><th>后 B</th></tr>\n" + "\n".join(rows) + "\n</table>"


def _numbers(diff: ReportDiff) -> str:
    heading = f"<h2>{_safe(words.NUMBERS)} ({len(diff.fields)} / {diff.compared})</h2>"
    if not diff.fields:
        return f"{heading}\n<p>{_safe(words.NOTHING)}</p>"
    head = "<tr><th>字段 Field</th><th>前 A</th><th>后 B</th><th>增减 Change</th><th>%</th><th>说明 Remark</th></tr>"
    return f"{heading}\n<table>\n{head}\n" + "\n".join(map(_row, diff.fields)) + "\n</table>"


def _row(field: FieldDiff) -> str:
    numbers = (
        words.cell_text(field.before),
        words.cell_text(field.after),
        words.difference_text(field),
        words.percent_text(field),
    )
    cells = "".join(f'<td class="n">{_safe(text)}</td>' for text in numbers)
    name = f"{_safe(field.label.zh)}<small>{_safe(field.label.en)} · {_safe(field.field)}</small>"
    return f"<tr><td>{name}</td>{cells}<td>{_safe(words.change_text(field))}</td></tr>"


def _section(section: SectionDiff) -> str:
    heading = f"{section.label.zh} {section.label.en}"
    similarity = f"相似度 similarity {_safe(section.similarity)}"
    pieces = "\n".join(f"<p>{_piece(kind, runs)}</p>" for kind, runs in words.marked_pieces(section.pieces))
    return f"<h3>{_safe(heading)} <small>{similarity}</small></h3>\n{pieces}"


def _piece(kind: PieceKind, runs: Sequence[words.Run]) -> str:
    inner = "".join(f"<b>{escape(text)}</b>" if differs else escape(text) for text, differs in runs)
    return f"<{_TAG[kind]}>{inner}</{_TAG[kind]}>"


def _safe(text: str) -> str:
    return escape(one_line(text), quote=True)
