"""Gathers the cells of one table while a document is walked, then says whether it is a table or mere page layout."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from models.grid import Grid
from pipeline.ingest.text_sink import Block, TextSink

NESTED_TABLE = "nested_table"

# A cell longer than this, in characters, is prose: a column of a page, not a cell of a form (longest label: 45).
PROSE_CELL_CHARS = 300
# A table with prose and fewer number cells than this is layout.
MIN_NUMBER_CELLS = 3

_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")


@dataclass(slots=True)
class DraftCell:
    """A cell while its content is collected. ``bare`` = an empty element."""

    sink: TextSink = field(default_factory=TextSink)
    colspan: int = 1
    rowspan: int = 1
    bare: bool = False

    @property
    def text(self) -> str:
        """The cell's text; a table inside it contributes its rows as lines."""
        return "\n".join(_flat_lines(self.sink.blocks))

    @property
    def flags(self) -> frozenset[str]:
        """Reason codes of the content."""
        nested = {NESTED_TABLE} if any(isinstance(b, Grid) for b in self.sink.blocks) else set()
        return frozenset(self.sink.flags | nested)


def is_layout(rows: Sequence[Sequence[DraftCell]]) -> bool:
    """True where the table only arranges the page: its text is running text, and tables inside it stand on their own.

    That is a table without a row of two cells with content; one with prose in a cell and hardly a number; one around
    tables that hold at least as many numbers as its own cells do.
    """
    cells = [c for row in rows for c in row]
    filled = [c for c in cells if c.sink.blocks]
    if all(sum(bool(c.sink.blocks) for c in row) <= 1 for row in rows):
        return True
    nested = [b for c in cells for b in c.sink.blocks if isinstance(b, Grid)]
    own_numbers = sum(is_number(c.text) for c in filled)
    if nested:
        return own_numbers <= sum(is_number(cell.text) for grid in nested for cell in grid.cells)
    return own_numbers < MIN_NUMBER_CELLS and max(len(c.text) for c in filled) > PROSE_CELL_CHARS


def layout_blocks(rows: Iterable[Iterable[DraftCell]]) -> list[Block]:
    """Lines and tables of a layout table's cells, row by row."""
    return [block for row in rows for cell in row for block in cell.sink.blocks]


def is_number(text: str) -> bool:
    """True for a cell that holds one number and nothing else, full-width digits included."""
    return _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None


def _flat_lines(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        if isinstance(block, str):
            yield block
        else:
            yield from (" ".join(t for t in row if t) for row in block.texts() if any(row))
