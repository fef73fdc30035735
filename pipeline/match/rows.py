"""Printed data rows against the rows of one table of the form, over all sections of that table at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from models.form import Form, FormBlock, FormRow, FormTable
from models.table import PrintedRow, PrintedSection, PrintedValue
from models.text import row_key, squeeze
from models.value_text import is_blank
from pipeline.match.align import NEVER, align
from pipeline.match.columns import ColumnMap, section_to_columns
from pipeline.match.label_scores import RowKeys, row_keys, row_score

# A pair below this similarity is worth less than leaving both out.
_GAP_SCORE = 0.5
# Weight of the header's fit in the gain of a row: it tells blocks with equal row labels apart.
_HEADER_WEIGHT = 0.3
# A header below this fit cannot stand above rows of the block.
_HEADER_FLOOR = 0.3


@dataclass(frozen=True, slots=True)
class RowMatch:
    """A printed row (or two, cut by a page break and put together) with its form row.

    ``may_be_cut`` where an unexplained row with values follows on the next page: perhaps the rest of this one.
    """

    row: PrintedRow
    section: int
    block: FormBlock
    form_row: FormRow
    columns: ColumnMap
    score: float
    margin: float
    may_be_cut: bool = False


@dataclass(frozen=True)
class TableMatch:
    """All rows of one table of the form. ``leftover`` are printed rows (with section index) that nothing explains."""

    table: FormTable
    matches: tuple[RowMatch, ...]
    leftover: tuple[tuple[int, PrintedRow], ...]
    total: float


@dataclass(frozen=True, slots=True)
class _Target:
    block: FormBlock
    row: FormRow
    keys: RowKeys


def match_table(form: Form, table: FormTable, sections: Sequence[tuple[int, PrintedSection]]) -> TableMatch:
    """The rows of the given sections aligned to the rows of a table.

    Args:
        form: The form, for its parent labels and titles.
        table: One of its tables.
        sections: (index in the report, section) in printed order.
    """
    targets = _targets(form, table)
    columns = {(i, b.id): section_to_columns(s, b) for i, s in sections for b in table.blocks}
    rows = [(i, s, row) for i, s in sections for row in s.rows]
    scores = [[row_score(row.labels, s.title, t.keys) for t in targets] for _, s, row in rows]
    gain = [
        [_gain(scores[n][k], columns[(i, t.block.id)]) for k, t in enumerate(targets)]
        for n, (i, _, _) in enumerate(rows)
    ]
    joined_rows, joined_scores, joined_gain = {}, {}, {}
    for n in range(len(rows) - 1):
        i, section, row = rows[n]
        below = rows[n + 1][2]
        whole = _put_together(row, below) if below.begins_page else None
        if whole is not None:
            joined_rows[n] = whole
            joined_scores[n] = [row_score(whole.labels, section.title, t.keys) for t in targets]
            joined_gain[n] = [
                _gain(s, columns[(i, t.block.id)]) for s, t in zip(joined_scores[n], targets, strict=True)
            ]
    total, pairs = align(gain, joined_gain)
    matches: list[RowMatch] = []
    used = {n for pair in pairs for n in range(pair.start, pair.stop)}
    for pair in pairs:
        i, _, row = rows[pair.start]
        target = targets[pair.target]
        is_joined = pair.stop - pair.start > 1
        score = joined_scores[pair.start][pair.target] if is_joined else scores[pair.start][pair.target]
        row = joined_rows[pair.start] if is_joined else row
        header = columns[(i, target.block.id)]
        after = rows[pair.stop][2] if pair.stop < len(rows) and pair.stop not in used else None
        may_be_cut = after is not None and after.begins_page and any(not is_blank(v.text) for v in after.values)
        matches.append(RowMatch(row, i, target.block, target.row, header, score, pair.margin, may_be_cut))
    leftover = tuple((i, row) for n, (i, _, row) in enumerate(rows) if n not in used)
    return TableMatch(table, tuple(matches), leftover, total)


def parents_of(form: Form) -> frozenset[str]:
    """Comparable forms of all labels that are parents in the form and leaves nowhere."""
    rows = [r for t in form.tables for b in t.blocks for r in b.rows]
    parents = {row_key(p) for r in rows for p in r.label[:-1]}
    return frozenset(parents - {row_key(t) for r in rows if r.label for t in (r.label[-1], *r.aliases)})


def _targets(form: Form, table: FormTable) -> list[_Target]:
    parents = parents_of(form)
    return [_Target(b, r, row_keys(r, parents)) for b in table.blocks for r in b.rows]


def _gain(score: float, columns: ColumnMap) -> float:
    if score < _GAP_SCORE or (columns.quality < _HEADER_FLOOR and not columns.matches):
        return NEVER
    return score - _GAP_SCORE + _HEADER_WEIGHT * (columns.quality - _GAP_SCORE)


def _put_together(before: PrintedRow, after: PrintedRow) -> PrintedRow | None:
    """One row made of two halves cut by a page break; None where the halves cannot be one row.

    The halves' leaf labels are joined; parents come from the first half. Where both halves have digits in a column,
    the number may have been cut as well: its pieces are put together and marked.
    """
    if not after.labels and not before.labels:
        return None
    values: list[PrintedValue] = []
    for a, b in zip_longest(before.values, after.values):
        if a is None or b is None:
            values.append(a or b)
            continue
        if a.column != b.column:
            return None
        if is_blank(a.text) or is_blank(b.text):
            values.append(b if is_blank(a.text) else a)
        elif squeeze(a.text).isdigit() and squeeze(b.text).isdigit():
            values.append(replace(a, text=squeeze(a.text) + squeeze(b.text), flags=a.flags | b.flags | {"cut_by_page"}))
        else:
            return None
    tail = after.labels[-1] if after.labels else ""
    parents = before.labels[:-1]
    if len(after.labels) > 1 and after.labels[:-1] != before.labels[:-1]:
        # A parent is cut as well; its first half is all that the first page shows.
        parents = before.labels[:-1]
    leaf = squeeze((before.labels[-1] if before.labels else "") + tail)
    return replace(before, labels=(*parents, leaf), values=tuple(values))
