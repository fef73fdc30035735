"""Short names of the parts of a form in both languages, as findings say them. Data: ``rules/labels.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import UsageError
from models.finding import Message
from models.form import Form, row_key
from models.yaml_text import parse_yaml

LABEL_FILE = "models/rules/labels.yaml"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str | None = Field(default=None, min_length=1)
    en: str = Field(min_length=1)


class LabelFile(BaseModel):
    """The content of ``labels.yaml``; keys are parts of field ids."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tables: dict[str, _Entry]
    blocks: dict[str, _Entry]
    rows: dict[str, _Entry]
    columns: dict[str, _Entry]
    groups: dict[str, _Entry]


@dataclass(frozen=True)
class Labels:
    """Names for one form. Rows go by ``table.row``, columns by ``table.column``, groups by ``table.prefix``."""

    tables: dict[str, Message]
    blocks: dict[str, Message]
    rows: dict[str, Message]
    columns: dict[str, Message]
    groups: dict[str, Message]
    fields: dict[str, Message]


@lru_cache(maxsize=1)
def read_label_file() -> LabelFile:
    """The shipped label file, validated.

    Raises:
        UsageError: the file is not valid.
    """
    text = resources.files("models.rules").joinpath("labels.yaml").read_text(encoding="utf-8")
    return parse_label_file(text)


def parse_label_file(text: str) -> LabelFile:
    """A label file from its YAML text.

    Raises:
        UsageError: the text is not valid.
    """
    try:
        return LabelFile.model_validate(parse_yaml(text))
    except (yaml.YAMLError, ValidationError) as exc:
        raise UsageError(f"label file {LABEL_FILE} is not valid: {exc}") from exc


def labels_for(form: Form, file: LabelFile | None = None) -> Labels:
    """Names for every table, block, row and column of a form; ``file`` defaults to the shipped one.

    Raises:
        UsageError: a part of the form has no name.
    """
    data = file or read_label_file()
    missing: list[str] = []

    def name(entries: dict[str, _Entry], kind: str, key: str, official: str) -> Message:
        entry = entries.get(key)
        if entry is None:
            missing.append(f"{kind} {key}")
            return Message(zh=official, en=key)
        return Message(zh=entry.zh or official, en=entry.en)

    tables: dict[str, Message] = {}
    blocks: dict[str, Message] = {}
    rows: dict[str, Message] = {}
    columns: dict[str, Message] = {}
    for table in form.tables:
        tables[table.id] = name(data.tables, "table", table.id, table.heading)
        for block in table.blocks:
            blocks[block.id] = name(data.blocks, "block", block.id, block.title or table.heading)
            for row in block.rows:
                key = row_key(table, row)
                rows[key] = name(data.rows, "row", key, row.label[-1] if row.label else table.heading)
            for column in block.columns:
                key = f"{table.id}.{column.id}"
                columns[key] = name(data.columns, "column", key, column.label[-1])
    if missing:
        raise UsageError(
            f"form {form.id} has parts without a name in {LABEL_FILE}: {', '.join(missing)}",
            remedy="add them to the label file",
        )
    groups = {key: Message(zh=entry.zh or key, en=entry.en) for key, entry in data.groups.items()}
    # The dispute table has a single row without an id: its columns name the number.
    fields = {
        f.id: _field_name(rows[row_key(f.table, f.row)] if f.row.id else None, columns[f"{f.table.id}.{f.column.id}"])
        for f in form.fields.values()
    }
    return Labels(tables=tables, blocks=blocks, rows=rows, columns=columns, groups=groups, fields=fields)


def _field_name(row: Message | None, column: Message) -> Message:
    return column if row is None else Message(zh=f"{row.zh}·{column.zh}", en=f"{row.en}, {column.en}")
