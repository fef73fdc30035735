"""A column in doubt: where it was put, where else its numbers may belong, and how many sums would then hold."""

from __future__ import annotations

from models.form import Form
from models.report import FieldValue, Report
from models.rule import load_rules
from pipeline.check.evaluate_rules import evaluate_rules
from pipeline.review.item_parts import ColumnCandidate, ColumnView
from pipeline.review.sums import value_words
from pipeline.verdicts.open_items import column_fields
from pipeline.verdicts.remap import column_pairs

# Columns shown to the left and to the right of a doubtful one.
_NEIGHBOURS = 1


def column_view(report: Report, form: Form, key: str) -> ColumnView:
    """The column (``table.column``) with every column that it may be; those under which most sums hold come first."""
    names, columns = load_rules(form).labels.columns, columns_beside(form, key)
    place = columns.index(key)
    around = columns[max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS + 1]
    return ColumnView(
        key=key,
        name=names[key],
        candidates=tuple(sorted(column_candidates(report, form, key), key=lambda c: -(c.score or 0))),
        neighbours=tuple((other, names[other], _values(report, form, other)) for other in around),
    )


def column_candidates(report: Report, form: Form, key: str) -> tuple[ColumnCandidate, ...]:
    """The column itself and those that it can change places with, in the order of the form."""
    names = load_rules(form).labels.columns
    return tuple(
        ColumnCandidate(other, names[other], _share_of_sums(report, form, key, other))
        for other in columns_beside(form, key)
        if other == key or column_pairs(form, key, other)
    )


def columns_beside(form: Form, key: str) -> list[str]:
    """The columns (``table.column``) of the table of a column, in the order of the form."""
    table = form.fields[column_fields(form, key)[0]].table
    return list(dict.fromkeys(f"{table.id}.{c.id}" for b in table.blocks for c in b.columns))


def _share_of_sums(report: Report, form: Form, key: str, other: str) -> float | None:
    """Of the sums over the two columns, 0..1, those that hold once they have changed places."""
    fields: dict[str, FieldValue] = dict(report.fields)
    for a, b in column_pairs(form, key, other) if other != key else ():
        for to, source in ((a, b), (b, a)):
            fields.pop(to, None)
            if source in report.fields:
                fields[to] = report.fields[source]
    here = {*column_fields(form, key), *column_fields(form, other)}
    _, results = evaluate_rules(form, load_rules(form), fields)
    told = [r.outcome for r in results if r.outcome != "not_evaluable" and here.intersection(r.rule.fields)]
    return round(told.count("pass") / len(told), 4) if told else None


def _values(report: Report, form: Form, key: str) -> tuple[str, ...]:
    return tuple(value_words(report.fields.get(i)) for i in column_fields(form, key))
