"""Where the tables of a form stand on a sheet, derived from the form alone.

The sheet has as many equal columns (units) as the widest table needs, so that the narrow tables and the wide one stand
under each other at the same width, as on paper. A cell of a narrow table is merged over several units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.form import Form, FormTable
from pipeline.export.form_view import row_path

PARENT_UNITS = 2  # units for a level of row labels between the outermost and the leaf
VERTICAL_UNITS = 1  # units for an outermost label that is set vertically
VERTICAL_DEPTH = 3  # levels from which the outermost label is set vertically
VERTICAL_ROWS = 3  # rows from which a merged label is set vertically, in one unit


@dataclass(frozen=True, slots=True)
class Span:
    """A label over half-open ranges: items (rows or columns) and levels (0 = outermost)."""

    text: str
    first: int
    stop: int
    level: int
    level_stop: int


def labels_to_spans(paths: Sequence[tuple[str, ...]]) -> list[Span]:
    """The merged cells that a run of label paths makes.

    Neighbours under the same parent share its cell; the last label of a short path fills the levels that it lacks.
    """
    depth = max((len(p) for p in paths), default=0)
    spans: list[Span] = []
    for level in range(depth):
        first = 0
        while first < len(paths):
            path, stop = paths[first], first + 1
            if level < len(path) - 1:
                head = path[: level + 1]
                while stop < len(paths) and len(paths[stop]) > level + 1 and paths[stop][: level + 1] == head:
                    stop += 1
            if level < len(path):
                spans.append(Span(path[level], first, stop, level, depth if level == len(path) - 1 else level + 1))
            first = stop
    return spans


def label_depth(table: FormTable) -> int:
    """Number of label columns the rows of a table need; 0 where they have no label."""
    return max(len(row_path(b, r)) for b in table.blocks for r in b.rows)


def form_units(form: Form) -> int:
    """Number of equal columns on which all tables of the form fit."""
    return max(label_depth(t) + max(len(b.columns) for b in t.blocks) for t in form.tables)


def label_units(table: FormTable, units: int) -> int:
    """Units that the row labels of a table take; the value columns share the rest evenly."""
    depth, columns = label_depth(table), max(len(b.columns) for b in table.blocks)
    return units - columns * (units // (columns + depth)) if depth else 0


def split_units(start: int, stop: int, parts: int) -> list[tuple[int, int]]:
    """``parts`` half-open ranges that cover ``start``..``stop``, as equal as whole units allow."""
    size = stop - start
    return [(start + size * i // parts, start + size * (i + 1) // parts) for i in range(parts)]


def level_units(depth: int, units: int) -> list[tuple[int, int]]:
    """Half-open unit ranges of the label levels: the outermost narrow, the leaf with all that is left."""
    edges = [0]
    for level in range(depth - 1):
        wanted = VERTICAL_UNITS if level == 0 and depth >= VERTICAL_DEPTH else PARENT_UNITS
        edges.append(min(edges[-1] + wanted, units - (depth - 1 - level)))
    edges.append(units)
    return list(pairwise(edges))[:depth]
