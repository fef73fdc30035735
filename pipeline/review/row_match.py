"""A printed row in doubt: where it was put, and where else it may belong."""

from __future__ import annotations

from collections.abc import Sequence

from models.finding import Message
from models.form import Form, row_key
from models.report import Report
from models.rule import load_rules
from models.verdict import unmapped_key
from pipeline.match.label_scores import row_keys, row_score
from pipeline.review.item_parts import RowCandidate, RowView
from pipeline.review.sums import value_words
from pipeline.verdicts.open_items import row_fields

# Rows shown above and below a doubtful one.
_NEIGHBOURS = 2
# Runners-up of a row match.
_MOST_ROWS = 8


def row_view(report: Report, form: Form, key: str, first: str | None) -> RowView | None:
    """The row of the item, with every row that it may be; None where the item is about no row."""
    kind, _, rest = key.partition(":")
    if kind == "unmapped":
        row = next(r for r in report.unmapped_rows if unmapped_key(r) == key)
        printed = " / ".join(row.labels)
        return RowView(printed, None, None, None, None, tuple(row.values), _row_candidates(form, row.labels, None), ())
    if first is None or kind not in {"row", "field"}:
        return None
    row_id = rest if kind == "row" else row_key(form.fields[first].table, form.fields[first].row)
    ids = row_fields(form, row_id)
    label = next((v.label for i in ids if (v := report.fields.get(i)) is not None and v.label is not None), None)
    printed = "" if label is None else label.printed
    return RowView(
        printed=printed,
        key=row_id,
        name=load_rules(form).labels.rows[row_id],
        score=None if label is None else label.score,
        margin=None if label is None else label.margin,
        values=tuple(value_words(report.fields.get(i)) for i in ids),
        candidates=_row_candidates(form, [printed] if printed else [], row_id),
        neighbours=_neighbours(report, form, row_id),
    )


def _row_candidates(form: Form, printed: Sequence[str], row_id: str | None) -> tuple[RowCandidate, ...]:
    """Rows by similarity of their labels to the printed one, the best first; of the same table where that is known."""
    labels = load_rules(form).labels
    table = None if row_id is None else row_id.partition(".")[0]
    found = [
        RowCandidate(
            row_key(t, r), labels.rows[row_key(t, r)], round(row_score(printed, b.title, row_keys(r, frozenset())), 4)
        )
        for t in form.tables
        if table is None or t.id == table
        for b in t.blocks
        for r in b.rows
    ]
    return tuple(sorted(found, key=lambda c: -c.score)[:_MOST_ROWS])


def _neighbours(report: Report, form: Form, row_id: str) -> tuple[tuple[Message, str, tuple[str, ...]], ...]:
    """The rows around: name in the form, label as printed, values."""
    labels = load_rules(form).labels
    keys = [row_key(t, r) for t in form.tables for b in t.blocks for r in b.rows if t.id == row_id.partition(".")[0]]
    place = keys.index(row_id)
    found = []
    for key in keys[max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS + 1]:
        values = [v for i in row_fields(form, key) if (v := report.fields.get(i)) is not None]
        printed = next((v.label.printed for v in values if v.label is not None), "")
        found.append((labels.rows[key], printed, tuple(value_words(v) for v in values)))
    return tuple(found)
