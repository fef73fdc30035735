"""Doubts about which field a scanned number belongs to, and about what one cell holds, that the sums settle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from models.form import Form, FormTable
from models.match import PrintedField
from models.rule import LinearRule
from pipeline.decide.cell_options import Option
from pipeline.decide.values_under_rules import Solution

# Doubts about which row a number belongs to. Where no row of the table is missing and none is left over, each number
# has a place of its own, and sums over it that hold settle them.
ROW_DOUBTS = frozenset({"row_may_be_cut", "spans_rows", "label_uncertain"})
# A label must be at least so similar for that, 0..1, or so many sums hold.
_LEAST_LABEL, _ROW_RULES = 0.45, 2
# A doubt whether a cell holds one number; two that were taken for one fit no sum. So many must hold.
_SPACE_DOUBTS, _SPACE_RULES = frozenset({"inner_space"}), 2
# A page without the header of its table: the form has the same columns everywhere, and rows whose total is where it
# should be show that none is missing before it. So many rows with numbers must add up, and no larger share must not;
# where rows that add up have a number in every column, each is known to be one, and more may be broken by mistakes.
COLUMN_DOUBTS, _COLUMN_RULES, _MOST_BROKEN, _MOST_BROKEN_IF_ALL = frozenset({"column_uncertain"}), 5, 0.2, 0.5
_KNOWN = ROW_DOUBTS | _SPACE_DOUBTS | COLUMN_DOUBTS


def settled_doubts(
    form: Form, cells: Mapping[str, PrintedField], solution: Solution, complete_tables: Collection[str]
) -> dict[str, frozenset[str]]:
    """Field id -> the codes of its doubts that the sums settle; no entry for a cell without such doubts.

    Args:
        form: The form.
        cells: The scanned cells.
        solution: The values taken, and the sums that hold.
        complete_tables: Ids of tables of which every row was found, and none besides.
    """
    doubts = {i: held for i, c in cells.items() if (held := c.reasons & _KNOWN)}
    in_columns: set[str] = set()
    alike: set[tuple[str, str]] = set()
    if any(held & COLUMN_DOUBTS for held in doubts.values()):
        in_columns = {t.id for t in form.tables if _columns_add_up(form, t, cells, solution)}
        alike = _rows_alike(form, cells, solution)
    broken = solution.broken_fields
    found: dict[str, frozenset[str]] = {}
    for i, held in doubts.items():
        cell = cells[i]
        over = () if i in broken else solution.over.get(i, ())
        table = form.fields[i].table.id
        row = (table, form.fields[i].row.id)
        settled = COLUMN_DOUBTS if table in in_columns or row in alike else frozenset[str]()
        if over and table in complete_tables and (cell.label.score >= _LEAST_LABEL or len(over) >= _ROW_RULES):
            settled |= ROW_DOUBTS
        if len(over) >= _SPACE_RULES:
            settled |= _SPACE_DOUBTS
        found[i] = held & settled
    return found


def _columns_add_up(form: Form, table: FormTable, cells: Mapping[str, PrintedField], solution: Solution) -> bool:
    """True where the rows of a table add up to the totals that the form has in them."""
    holding = [r for r in solution.holding if _is_in_row(form, table, r) and _says_something(r, solution)]
    broken = sum(_is_in_row(form, table, r) for r in solution.broken)
    beside = any("value_beside" in c.reasons for i, c in cells.items() if form.fields[i].table is table)
    told = {form.fields[i].column.id for r in holding for i in r.fields if _has_number(i, solution)}
    is_all_told = all(c.id in told for block in table.blocks for c in block.columns)
    most = _MOST_BROKEN_IF_ALL if is_all_told else _MOST_BROKEN
    return len(holding) >= _COLUMN_RULES and broken <= most * len(holding) and not beside


def _rows_alike(form: Form, cells: Mapping[str, PrintedField], solution: Solution) -> set[tuple[str, str]]:
    """(table, row) of rows that say the same in all of their columns, a zero mostly: in any order they do."""
    said: dict[tuple[str, str], list[Option | None]] = defaultdict(list)
    for i, field in form.fields.items():
        is_read = i in cells and i in solution.choices
        said[field.table.id, field.row.id].append(solution.choices[i].option if is_read else None)
    return {row for row, options in said.items() if len(options) > 1 and _say_the_same(options)}


def _say_the_same(options: Sequence[Option | None]) -> bool:
    first = options[0]
    return first is not None and all(o is not None and (o.kind, o.value) == (first.kind, first.value) for o in options)


def _is_in_row(form: Form, table: FormTable, rule: LinearRule) -> bool:
    fields = [form.fields[i] for i in rule.fields]
    return fields[0].table is table and len({f.row.id for f in fields}) == 1 and len({f.column.id for f in fields}) > 1


def _says_something(rule: LinearRule, solution: Solution) -> bool:
    return any(_has_number(i, solution) for i in rule.left)


def _has_number(field_id: str, solution: Solution) -> bool:
    """True for a number other than 0."""
    return field_id in solution.choices and bool(solution.choices[field_id].option.number)
