"""Which parts of a form a report does not print: whole tables and blocks, rows, columns, single cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.figures import is_absent
from models.form import Form, FormBlock, FormRow, FormTable, field_id, row_key
from models.report import FieldValue
from models.rule import expected_rows, variants_in_force


@dataclass(slots=True)
class MissingParts:
    """Parts without a printed cell, in form order. A part is listed once: the rows of a missing block are not.

    Values are field ids. ``tables`` goes by table id, ``blocks`` by block id, ``rows`` by ``table.row``, ``columns`` by
    block id and column id; ``cells`` are single cells in rows and columns that are there.
    """

    tables: dict[str, list[str]] = field(default_factory=dict)
    blocks: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    columns: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)


def missing_parts(form: Form, fields: Mapping[str, FieldValue]) -> MissingParts:
    """The parts of the form that the report does not print; rows of variants it does not use are not missing."""
    expected = expected_rows(form, variants_in_force(form, fields))
    missing = MissingParts()
    for table in form.tables:
        blocks = {b.id: _rows_of(table, b, expected) for b in table.blocks}
        ids = {b.id: [field_id(table, r, c) for r in blocks[b.id] for c in b.columns] for b in table.blocks}
        gone = [b for b in table.blocks if all(is_absent(fields.get(i)) for i in ids[b.id])]
        if len(gone) == len(table.blocks):
            missing.tables[table.id] = [i for b in table.blocks for i in ids[b.id]]
            continue
        for block in table.blocks:
            if block in gone:
                missing.blocks[block.id] = ids[block.id]
            else:
                _missing_in_block(table, block, blocks[block.id], fields, missing)
    return missing


def _rows_of(table: FormTable, block: FormBlock, expected: frozenset[str]) -> list[FormRow]:
    return [r for r in block.rows if row_key(table, r) in expected]


def _missing_in_block(
    table: FormTable, block: FormBlock, rows: list[FormRow], fields: Mapping[str, FieldValue], missing: MissingParts
) -> None:
    absent = {
        (r.id, c.id): field_id(table, r, c)
        for r in rows
        for c in block.columns
        if is_absent(fields.get(field_id(table, r, c)))
    }
    gone_rows = [r for r in rows if all((r.id, c.id) in absent for c in block.columns)]
    gone_columns = [c for c in block.columns if all((r.id, c.id) in absent for r in rows)]
    for row in gone_rows:
        missing.rows[row_key(table, row)] = [field_id(table, row, c) for c in block.columns]
    for column in gone_columns:
        missing.columns[block.id, column.id] = [field_id(table, r, column) for r in rows]
    row_ids, column_ids = {r.id for r in gone_rows}, {c.id for c in gone_columns}
    missing.cells += [i for (r, c), i in absent.items() if r not in row_ids and c not in column_ids]
