"""A table to be drawn: boxes on a grid of rows and columns, before any producer is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

BoxKind = Literal["caption", "header", "label", "group", "value", "extra"]


@dataclass(frozen=True, slots=True)
class Box:
    """One cell: top left slot, extent, text (line feeds are breaks), what it is, and the field it shows."""

    row: int
    col: int
    rows: int
    cols: int
    text: str
    kind: BoxKind
    field: str | None = None

    @property
    def row_stop(self) -> int:
        """Row after the last."""
        return self.row + self.rows

    @property
    def col_stop(self) -> int:
        """Column after the last."""
        return self.col + self.cols


@dataclass(frozen=True)
class Sheet:
    """A table. ``widths`` are relative; ``header_rows`` is the number of rows that a repeated header shows."""

    name: str
    boxes: tuple[Box, ...]
    widths: tuple[float, ...]
    header_rows: int = 0
    picture: bool = False

    @cached_property
    def n_rows(self) -> int:
        """Number of rows."""
        return max((box.row_stop for box in self.boxes), default=0)

    @property
    def n_cols(self) -> int:
        """Number of columns."""
        return len(self.widths)

    @cached_property
    def starting(self) -> tuple[tuple[Box, ...], ...]:
        """For each row the boxes that begin in it, from left to right: the cells of an HTML row."""
        rows: list[list[Box]] = [[] for _ in range(self.n_rows)]
        for box in self.boxes:
            rows[box.row].append(box)
        return tuple(tuple(sorted(row, key=lambda b: b.col)) for row in rows)


@dataclass
class SheetRows:
    """Boxes collected row by row. ``row`` is the row being filled."""

    boxes: list[Box] = field(default_factory=list)
    row: int = 0

    def add(self, col: int, text: str, kind: BoxKind, *, rows: int = 1, cols: int = 1, cell: str | None = None) -> None:
        """Puts a box into the current row."""
        self.boxes.append(Box(self.row, col, rows, cols, text, kind, cell))

    def add_run(self, col: int, texts: Sequence[str], kind: BoxKind, spans: Sequence[int]) -> None:
        """Puts boxes side by side, each as wide as its span."""
        for text, cols in zip(texts, spans, strict=True):
            self.add(col, text, kind, cols=cols)
            col += cols

    def next_row(self) -> None:
        """Goes to the next row."""
        self.row += 1
