"""What a table of the panel is: its columns with type, unit and words in both languages, its keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.finding import Message

# ``list`` is a list of texts: in CSV one text, its parts joined by LIST_SEPARATOR.
ColumnType = Literal["string", "integer", "decimal", "number", "boolean", "date", "list"]
LIST_SEPARATOR = "; "

# Digits in all and behind the point of a ``decimal`` column.
PRECISION, SCALE = 38, 6


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``title`` is short, ``note`` says how it is to be read; ``unit`` only for figures of the form."""

    name: str
    type: ColumnType
    title: Message
    note: Message
    unit: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns whose values stand in the key of another table."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the panel, written to ``name.parquet`` and ``name.csv``."""

    name: str
    title: Message
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()


def column(name: str, kind: ColumnType, zh: str, en: str, *, required: bool = False) -> Column:
    """A column whose words are ``title|note`` in either language; the note may be left out."""
    zh_title, _, zh_note = zh.partition("|")
    en_title, _, en_note = en.partition("|")
    return Column(
        name=name,
        type=kind,
        title=Message(zh=zh_title, en=en_title),
        note=Message(zh=zh_note, en=en_note),
        required=required,
    )
