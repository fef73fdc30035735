"""The official form as data: tables, blocks, rows, columns, aliases, and the field ids they span.

A block is a header with the rows under it: table one of the form has one block for each item of article 20, the other
tables have one block each. A field id is ``table.row.column``; the dispute table has no row part.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.errors import UsageError
from models.yaml_text import parse_yaml

FORM_IDS: tuple[str, ...] = ("gk2021", "gk2019")
Unit = Literal["count", "amount_10k_yuan", "amount_as_printed"]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FormColumn(_Data):
    """A value column: header labels from outermost to leaf, unit, spellings seen elsewhere."""

    id: str
    label: tuple[str, ...] = Field(min_length=1)
    unit: Unit = "count"
    signed: bool = False
    aliases: tuple[str, ...] = ()


class FormRow(_Data):
    """A data row: labels from outermost to leaf; ``variant`` names the variant it belongs to, if any.

    ``learnt`` are labels that persons gave to the row; they count only as they are (``models.learnt_labels``).
    """

    id: str
    label: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    variant: str | None = None
    learnt: tuple[str, ...] = ()


class FormBlock(_Data):
    """A header and its rows."""

    id: str
    title: str = ""
    columns: tuple[FormColumn, ...] = Field(min_length=1)
    rows: tuple[FormRow, ...] = Field(min_length=1)


class FormTable(_Data):
    """One of the three tables of the form, with the section heading it stands under."""

    id: str
    heading: str
    blocks: tuple[FormBlock, ...] = Field(min_length=1)


class FormVariant(_Data):
    """Rows that offices print instead of official ones (``by`` instead of ``replaces``), as ``table.row``."""

    id: str
    replaces: tuple[str, ...]
    by: tuple[str, ...]


class FormField(_Data):
    """One number of the form, with everything needed to name it to a person."""

    id: str
    table: FormTable = Field(repr=False)
    block: FormBlock = Field(repr=False)
    row: FormRow
    column: FormColumn

    @property
    def label_zh(self) -> str:
        """Row and column labels as officially worded, for findings and review."""
        row = " / ".join(self.row.label)
        column = " / ".join(self.column.label)
        return f"{row}：{column}" if row else column


class Form(_Data):
    """A nationally fixed form."""

    id: str
    title_zh: str
    title_en: str
    issued_by: str
    first_year: int
    last_year: int | None
    variants: tuple[FormVariant, ...] = ()
    tables: tuple[FormTable, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Form:
        ids = [field_id(t, r, c) for t in self.tables for b in t.blocks for r in b.rows for c in b.columns]
        repeated = sorted({i for i in ids if ids.count(i) > 1})
        if repeated:
            raise ValueError(f"field ids given twice: {', '.join(repeated)}")
        known = {row_key(t, r) for t in self.tables for b in t.blocks for r in b.rows}
        named = {k for v in self.variants for k in (*v.replaces, *v.by)}
        if named - known:
            raise ValueError(f"variants name unknown rows: {', '.join(sorted(named - known))}")
        variants = {v.id for v in self.variants}
        for table in self.tables:
            for block in table.blocks:
                for row in block.rows:
                    if row.variant is not None and row.variant not in variants:
                        raise ValueError(f"row {row.id} belongs to an unknown variant {row.variant}")
        return self

    @cached_property
    def fields(self) -> dict[str, FormField]:
        """Field id -> field in form order, fields of variants included."""
        return {f.id: f for f in self._walk()}

    @cached_property
    def rows(self) -> dict[str, tuple[str, ...]]:
        """``table.row`` -> ids of its fields in column order, rows of variants included."""
        found: dict[str, tuple[str, ...]] = {}
        for form_field in self._walk():
            key = row_key(form_field.table, form_field.row)
            found[key] = (*found.get(key, ()), form_field.id)
        return found

    @cached_property
    def official_fields(self) -> tuple[str, ...]:
        """Ids of the official form alone (200 or 198), in form order."""
        return tuple(f.id for f in self._walk() if f.row.variant is None)

    @cached_property
    def block_of(self) -> dict[str, FormBlock]:
        """Block id -> block."""
        return {b.id: b for t in self.tables for b in t.blocks}

    def table_of_block(self, block_id: str) -> FormTable:
        """The table a block belongs to.

        Raises:
            KeyError: no such block.
        """
        for table in self.tables:
            if any(b.id == block_id for b in table.blocks):
                return table
        raise KeyError(block_id)

    def applies_to(self, year: int) -> bool:
        """True where the form is the prescribed one for reports about ``year``."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def _walk(self) -> Iterator[FormField]:
        for table in self.tables:
            for block in table.blocks:
                for row in block.rows:
                    for column in block.columns:
                        yield FormField(
                            id=field_id(table, row, column), table=table, block=block, row=row, column=column
                        )


def row_key(table: FormTable, row: FormRow) -> str:
    """``table.row``, or ``table`` alone where the row has no id."""
    return f"{table.id}.{row.id}" if row.id else table.id


def field_id(table: FormTable, row: FormRow, column: FormColumn) -> str:
    """``table.row.column``, the canonical id of one number."""
    return f"{row_key(table, row)}.{column.id}"


@lru_cache(maxsize=8)
def load_form(form_id: str) -> Form:
    """The form with this id, validated.

    Raises:
        UsageError: no such form, or its file is not valid.
    """
    path = resources.files("models.forms").joinpath(f"{form_id}.yaml")
    if not path.is_file():
        raise UsageError(f"unknown form {form_id!r}", remedy=f"known forms: {', '.join(FORM_IDS)}")
    try:
        form = Form.model_validate(parse_yaml(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as exc:
        raise UsageError(f"form file models/forms/{form_id}.yaml is not valid: {exc}") from exc
    if form.id != form_id:
        raise UsageError(f"form file models/forms/{form_id}.yaml calls itself {form.id!r}")
    return form


def load_forms() -> dict[str, Form]:
    """All known forms by id."""
    return {i: load_form(i) for i in FORM_IDS}
