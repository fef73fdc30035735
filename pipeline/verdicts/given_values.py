"""Values as a person gives them: typed, or taken as they are."""

from __future__ import annotations

from models.errors import ReviewError, UnknownItemError
from models.form import FORM_IDS, Form, FormField, load_form
from models.reasons import reasons_text
from models.report import FieldValue, Report
from models.verdict import SetValue
from pipeline.decide.parse_value import parse_value

# How a number is written that a person typed; the person has seen it.
_TYPED_SO = frozenset({"leading_zero"})


def form_of(report: Report) -> Form:
    """The form of a report.

    Raises:
        ReviewError: the report is on no known form, so it has no fields.
    """
    if report.form not in FORM_IDS:
        raise ReviewError("the report is on no known form: it has no fields to decide")
    return load_form(report.form)


def field_of(report: Report, field_id: str) -> FormField:
    """The field of the form.

    Raises:
        UnknownItemError: the form has no such field.
    """
    field = form_of(report).fields.get(field_id)
    if field is None:
        raise UnknownItemError(f"the form has no field {field_id}")
    return field


def as_it_is(value: FieldValue) -> SetValue:
    """The value of a field, pinned."""
    return SetValue(kind=value.kind, value=value.value, printed=value.printed)


def typed_value(field: FormField, text: str) -> SetValue:
    """The value of a text that a person typed.

    Raises:
        ReviewError: it is no plain number and no mark for "not applicable".
    """
    parsed = parse_value(text, field.column.unit, signed=field.column.signed)
    odd = parsed.reasons - _TYPED_SO
    if parsed.kind == "blank":
        raise ReviewError("nothing was typed", remedy="for an empty cell choose blank")
    if parsed.kind == "text" or odd:
        raise ReviewError(
            f"{text!r} cannot be taken as a number: {reasons_text(sorted(odd))}",
            remedy="type digits only, as they are printed",
        )
    return SetValue(kind=parsed.kind, value=parsed.value, printed=text.strip())
