"""The words and figures of a diff, the same in terminal, HTML and XLSX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz.distance import Indel

from models.diff import CellState, ChangeKind, DiffSide, FieldDiff, Piece, PieceKind
from pipeline.export.text import one_line
from pipeline.export.words import DECISION, FORM, KIND, UNKNOWN

Run = tuple[str, bool]
"""A run of characters, and whether it is what makes the difference."""

TITLE = "年报比对 Comparison of reports"
CHANGE: dict[ChangeKind, str] = {
    "changed": "变动 changed",
    "added": "新增 added",
    "removed": "删除 removed",
    "same": "仅处理决定变动 decision only",
}
PIECE_MARK: dict[PieceKind, str] = {"equal": " ", "insert": "+", "delete": "-"}
NOT_COMPARABLE = "只有一种格式有的字段（不可比） Fields that only one of the forms has (not comparable)"
NOTHING = "没有差别 Nothing differs"
NUMBERS, PROSE, REMARKS = "数字 Numbers", "文字 Prose", "说明 Remarks"

# Similarity, 0..1, from which a deleted and an inserted text are one text that was changed.
_SAME_TEXT = 0.5
# Characters: an equal run shorter than this between two changes is chance.
_MIN_EQUAL = 3
# Characters beyond which single characters are not compared: the time grows with the square.
_MAX_CHARS = 5_000


def side_lines(side: DiffSide) -> list[tuple[str, str]]:
    """(heading, text) of what is known about one of the reports."""
    return [
        ("文件 Source", side.source),
        ("机关 Agency", side.agency or UNKNOWN),
        ("年度 Year", UNKNOWN if side.year is None else str(side.year)),
        ("发布日期 Published", side.published or UNKNOWN),
        ("格式 Form", FORM[side.form]),
    ]


def cell_text(cell: CellState | None) -> str:
    """What stands in a cell: its number, what is printed instead, or ``空白 blank``; a blank is never a 0."""
    if cell is None:
        return KIND["absent"]
    if cell.kind == "number" and cell.value is not None:
        return cell.value
    if cell.kind == "blank":
        return KIND["blank"]
    return f"“{cell.printed}”"


def difference_text(field: FieldDiff) -> str:
    """The difference with its sign; empty where there is none to tell."""
    if field.difference is None:
        return ""
    return field.difference if field.difference.startswith("-") else f"+{field.difference}"


def percent_text(field: FieldDiff) -> str:
    """The difference in percent; empty where there is none to tell, as from 0."""
    return "" if field.percent is None else f"{field.percent}%"


def change_text(field: FieldDiff) -> str:
    """What happened to the field, with both decisions where they differ."""
    said = CHANGE[field.change]
    if field.before is not None and field.after is not None and field.decision_changed:
        decisions = f"{DECISION[field.before.decision]} → {DECISION[field.after.decision]}"
        return decisions if field.change == "same" else f"{said}; {decisions}"
    return said


def marked_pieces(pieces: Sequence[Piece]) -> Iterator[tuple[PieceKind, list[Run]]]:
    """(kind, runs) of each piece on one line; where a text was changed only a little, its runs tell where."""
    texts = [one_line(p.text) for p in pieces]
    runs = [[(text, False)] for text in texts]
    for place, (one, other) in enumerate(pairwise(pieces)):
        if (one.kind, other.kind) == ("delete", "insert"):
            runs[place : place + 2] = _changed_runs(texts[place], texts[place + 1])
    yield from zip((p.kind for p in pieces), runs, strict=True)


def _changed_runs(old: str, new: str) -> tuple[list[Run], list[Run]]:
    if max(len(old), len(new)) > _MAX_CHARS or Indel.normalized_similarity(old, new) < _SAME_TEXT:
        return [(old, False)], [(new, False)]
    # Three columns: whether the stretch differs, its text in the old, its text in the new.
    stretches: list[tuple[bool, str, str]] = []
    opcodes = list(Indel.opcodes(old, new))
    for number, code in enumerate(opcodes):
        inside = 0 < number < len(opcodes) - 1
        chance = code.tag == "equal" and inside and code.src_end - code.src_start < _MIN_EQUAL
        differs = chance or code.tag != "equal"
        was, now = old[code.src_start : code.src_end], new[code.dest_start : code.dest_end]
        if stretches and stretches[-1][0] == differs:
            _, before, after = stretches.pop()
            was, now = before + was, after + now
        stretches.append((differs, was, now))
    return [(a, d) for d, a, _ in stretches if a], [(b, d) for d, _, b in stretches if b]
