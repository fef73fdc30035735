"""Rows and columns that belong elsewhere in the form: moved as a whole."""

from __future__ import annotations

from models.errors import ReviewError, UnknownItemError
from models.form import Form, row_key
from models.report import Report, UnmappedRow
from models.value_text import looks_like_value
from models.verdict import SetValue, unmapped_key
from pipeline.verdicts.given_values import as_it_is, form_of, typed_value
from pipeline.verdicts.open_items import column_fields, row_fields

_ABSENT = SetValue(kind="absent", value=None, printed="")


def remapped_row(report: Report, item: str, to_row: str | None) -> dict[str, object]:
    """The values of a printed row in the row that it belongs to; where it was a form row, that one is then absent.

    What the verdict has beside its action, by name of the attribute.

    Raises:
        UnknownItemError: there is no such row.
        ReviewError: the rows have other columns.
    """
    form = form_of(report)
    if to_row is None:
        raise ReviewError("remap_row needs the row", remedy="give to_row, as table.row")
    target = row_fields(form, to_row)
    if not target:
        raise UnknownItemError(f"the form has no row {to_row}")
    kind, _, rest = item.partition(":")
    if kind == "unmapped":
        row = _unmapped(report, item)
        values = [v for v in row.values if looks_like_value(v)]
        if len(values) != len(target):
            raise ReviewError(
                f"the printed row has {len(values)} numbers, the row of the form {len(target)}",
                remedy="type the numbers one by one",
            )
        sets = {
            i: typed_value(form.fields[i], v).model_copy(update={"page_no": row.page_no})
            for i, v in zip(target, values, strict=True)
        }
        return {"sets": sets, "acknowledges": [item]}
    source = row_fields(form, rest if kind == "row" else _row_of(form, rest))
    if [form.fields[i].column.id for i in source] != [form.fields[i].column.id for i in target]:
        raise ReviewError("the two rows have other columns", remedy="choose a row of the same table")
    if source == target:
        raise ReviewError("the row is there already")
    sets = dict.fromkeys(source, _ABSENT)
    for old, new in zip(source, target, strict=True):
        if (moved := _moved(report, old)) is not None:
            sets[new] = moved
    return {"sets": sets}


def remapped_column(report: Report, item: str, to_column: str | None) -> dict[str, object]:
    """The values of a column in the one that it belongs to, row by row; what stood there takes their place.

    What the verdict has beside its action, by name of the attribute.

    Raises:
        UnknownItemError: there is no such column.
        ReviewError: the columns stand in other rows, or hold other kinds of numbers.
    """
    form = form_of(report)
    if to_column is None:
        raise ReviewError("remap_column needs the column", remedy="give to_column, as table.column")
    kind, _, rest = item.partition(":")
    if kind not in {"field", "column"}:
        raise ReviewError(f"{item} is in no column")
    own = rest if kind == "column" else column_of(form, rest)
    if not column_fields(form, own) or not column_fields(form, to_column):
        raise UnknownItemError(f"the form has no column {to_column if column_fields(form, own) else own}")
    if own == to_column:
        raise ReviewError("the column is there already")
    pairs = column_pairs(form, own, to_column)
    if not pairs:
        raise ReviewError("the two columns do not stand in the same rows", remedy="choose a column beside it")
    sets: dict[str, SetValue] = {}
    for old, new in pairs:
        mine, theirs = _moved(report, old), _moved(report, new)
        if mine is not None or theirs is not None:
            sets |= {new: mine or _ABSENT, old: theirs or _ABSENT}
    return {"sets": sets}


def column_pairs(form: Form, own: str, other: str) -> tuple[tuple[str, str], ...]:
    """(field, field of the other column) in each row of a column; none where its numbers cannot stand there."""
    there = {row_key(form.fields[i].table, form.fields[i].row): form.fields[i] for i in column_fields(form, other)}
    pairs: list[tuple[str, str]] = []
    for i in column_fields(form, own):
        mine = form.fields[i]
        theirs = there.get(row_key(mine.table, mine.row))
        if theirs is None or (mine.column.unit, mine.column.signed) != (theirs.column.unit, theirs.column.signed):
            return ()
        pairs.append((i, theirs.id))
    return tuple(pairs)


def column_of(form: Form, field_id: str) -> str:
    """The column (``table.column``) of a field.

    Raises:
        UnknownItemError: the form has no such field.
    """
    field = form.fields.get(field_id)
    if field is None:
        raise UnknownItemError(f"the form has no field {field_id}")
    return f"{field.table.id}.{field.column.id}"


def _moved(report: Report, field_id: str) -> SetValue | None:
    """The value of a field with the place where it stands; None where nothing is there."""
    value = report.fields.get(field_id)
    if value is None or value.kind == "absent":
        return None
    place = value.evidence[0] if value.evidence else None
    return as_it_is(value).model_copy(
        update={"page_no": place.page_no if place else None, "bbox": place.bbox if place else None}
    )


def _row_of(form: Form, field_id: str) -> str:
    field = form.fields.get(field_id)
    if field is None:
        raise UnknownItemError(f"the form has no field {field_id}")
    return f"{field.table.id}.{field.row.id}" if field.row.id else field.table.id


def _unmapped(report: Report, key: str) -> UnmappedRow:
    found = next((row for row in report.unmapped_rows if unmapped_key(row) == key), None)
    if found is None:
        raise UnknownItemError("there is no such printed row")
    return found
