"""One row of values beside two cells with the halves of its label: a stray ruling between two lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.table import PrintedRow, PrintedValue
from models.vocabulary import vocabulary

_SPANS_ROWS = "spans_rows"


def join_split_labels(rows: Sequence[PrintedRow]) -> tuple[PrintedRow, ...]:
    """The rows of a section; two rows of the same value cells are one where their labels together are one of the form.

    A row of values that stands beside several labels of the form stays with each of them.
    """
    found: list[PrintedRow] = []
    for row in rows:
        whole = _whole(found[-1], row) if found and _same_cells(found[-1], row) else None
        if whole is None:
            found.append(row)
        else:
            found[-1] = whole
    return tuple(found)


def _same_cells(above: PrintedRow, below: PrintedRow) -> bool:
    """True where both rows have the very same value cells."""
    places = [[(v.page_no, v.bbox, v.column) for v in row.values] for row in (above, below)]
    return bool(places[0]) and places[0] == places[1] and all(v.bbox is not None for v in above.values)


def _whole(above: PrintedRow, below: PrintedRow) -> PrintedRow | None:
    """Both as one row; None where the labels do not make one of the form."""
    score = vocabulary().row_leaf_score
    shared = _shared(above.labels, below.labels)
    first, second = above.labels[shared:], below.labels[shared:]
    if len(first) > 1 or len(second) > 1:
        return None
    joined = "".join((*first, *second))
    if not joined or score(joined) < max(score("".join(first)), score("".join(second))):
        return None
    labels = (*above.labels[:shared], joined)
    return replace(above, labels=labels, values=tuple(_unspanned(v) for v in above.values))


def _shared(above: Sequence[str], below: Sequence[str]) -> int:
    """Number of parents that both rows have."""
    count = 0
    for a, b in zip(above, below, strict=False):
        if a != b:
            break
        count += 1
    return count


def _unspanned(value: PrintedValue) -> PrintedValue:
    return replace(value, flags=value.flags - {_SPANS_ROWS})
