"""Row labels that persons gave to rows of a form: used as they are printed, never by likeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from models.errors import ReviewError, UnknownItemError
from models.form import FORM_IDS, Form, FormBlock, FormRow, FormTable, load_form, load_forms
from models.form import row_key as row_id
from models.text import row_key, without_brackets

LearntLabels = Mapping[str, Sequence[str]]
"""``form/table.row`` -> labels as printed."""

# Shorter labels stand in several places of a form. Characters without numbering and spaces.
_SHORTEST = 3


def forms_with(learnt: LearntLabels) -> dict[str, Form]:
    """The known forms with these labels; those that fit no row of them are left out, so that no reading fails."""
    return _forms_with(tuple(sorted((key, tuple(labels)) for key, labels in learnt.items())))


def check_learnt_label(form: Form, row: str, label: str) -> None:
    """Nothing, where the label may be learnt for a row (``table.row``).

    Raises:
        UnknownItemError: the form has no such row.
        ReviewError: the label is too short, or stands for another row of the table.
    """
    rows = [(t, r) for t in form.tables for b in t.blocks for r in b.rows if t.id == row.partition(".")[0]]
    if row not in {row_id(t, r) for t, r in rows}:
        raise UnknownItemError(f"the form has no row {row}")
    key = row_key(label)
    if len(key) < _SHORTEST:
        raise ReviewError(f"{label!r} is too short to be the name of one row")
    for table, other in rows:
        known = {row_key(text) for text in (*other.label, *other.aliases, *other.learnt)}
        known |= {row_key(without_brackets(text)) for text in other.label}
        if row_id(table, other) != row and key in known:
            raise ReviewError(f"{label!r} stands for another row: {row_id(table, other)}")


@lru_cache(maxsize=16)
def _forms_with(learnt: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, Form]:
    forms = load_forms()
    for form_id in FORM_IDS:
        labels = {key.partition("/")[2]: texts for key, texts in learnt if key.partition("/")[0] == form_id}
        if labels:
            forms[form_id] = _with_labels(load_form(form_id), labels)
    return forms


def _with_labels(form: Form, labels: Mapping[str, Sequence[str]]) -> Form:
    tables = tuple(
        table.model_copy(update={"blocks": tuple(_block(form, table, b, labels) for b in table.blocks)})
        for table in form.tables
    )
    # Made anew: a copy would keep the fields that were worked out of the old rows.
    return Form.model_construct(**{**{name: getattr(form, name) for name in Form.model_fields}, "tables": tables})


def _block(form: Form, table: FormTable, block: FormBlock, labels: Mapping[str, Sequence[str]]) -> FormBlock:
    return block.model_copy(update={"rows": tuple(_row(form, table, row, labels) for row in block.rows)})


def _row(form: Form, table: FormTable, row: FormRow, labels: Mapping[str, Sequence[str]]) -> FormRow:
    fitting = []
    for label in labels.get(row_id(table, row), ()):
        try:
            check_learnt_label(form, row_id(table, row), label)
        except ReviewError:
            continue
        fitting.append(label)
    return row.model_copy(update={"learnt": tuple(fitting)}) if fitting else row
