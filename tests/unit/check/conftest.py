"""Fields to check: a form filled with zeros, with some cells told otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.form import Form, load_form
from models.report import Decision, FieldValue, LabelMatch

Cells = dict[str, FieldValue]
Fill = Callable[..., Cells]


def field_value(printed: str | None, *, decision: Decision = "accept", reasons: tuple[str, ...] = ()) -> FieldValue:
    """None: no such cell; "": blank; "/": not applicable; digits: a number; anything else: words."""
    value, kind = None, "text"
    if printed is None:
        kind = "absent"
    elif not printed:
        kind = "blank"
    elif printed in {"/", "-", "无"}:
        value, kind = printed, "not_applicable"
    elif printed.lstrip("-").replace(".", "", 1).isdigit():
        value, kind = printed, "number"
    return FieldValue.model_validate(
        {
            "value": value,
            "printed": printed or "",
            "kind": kind,
            "decision": decision,
            "confidence": 1.0,
            "reasons": list(reasons),
        }
    )


@pytest.fixture(scope="session")
def make() -> Callable[..., FieldValue]:
    return field_value


@pytest.fixture(scope="session")
def form() -> Form:
    return load_form("gk2021")


@pytest.fixture(scope="session")
def form2019() -> Form:
    return load_form("gk2019")


@pytest.fixture(scope="session")
def fill() -> Fill:
    """``fill(form, {id or prefix ending in "*": printed or FieldValue})`` on top of zeros."""

    def filled(of: Form, cells: dict[str, str | FieldValue | None] | None = None) -> Cells:
        fields = {i: field_value("0") for i in of.official_fields}
        for key, printed in (cells or {}).items():
            ids = [i for i in of.fields if i.startswith(key[:-1])] if key.endswith("*") else [key]
            assert all(i in of.fields for i in ids), key
            for i in ids:
                fields[i] = printed if isinstance(printed, FieldValue) else field_value(printed)
        return fields

    return filled


@pytest.fixture(scope="session")
def label() -> Callable[[str], LabelMatch]:
    return lambda printed: LabelMatch(printed=printed, score=0.5, margin=0.01)
