"""Item keys: what they name in a report, and whether that has changed."""

from __future__ import annotations

import hashlib

from models.errors import UnknownItemError
from models.form import FORM_IDS, load_form
from models.report import Report
from models.verdict import unmapped_key
from pipeline.verdicts.open_items import column_fields, finding_keys, row_fields


def fields_of_item(report: Report, key: str) -> tuple[str, ...]:
    """The fields that an item is about; none for rows that belong to no field, and for remarks on the report.

    Raises:
        UnknownItemError: the report has no such item.
    """
    kind, _, rest = key.partition(":")
    form = load_form(report.form) if report.form in FORM_IDS else None
    if kind == "field" and form is not None and rest in form.fields:
        return (rest,)
    if kind == "row" and form is not None and (ids := row_fields(form, rest)):
        return ids
    if kind == "column" and form is not None and (ids := column_fields(form, rest)):
        return ids
    if kind == "finding":
        for finding, found in finding_keys(report):
            if found == key:
                return tuple(finding.fields)
    if kind in {"report", "document"} or (
        kind == "unmapped" and any(unmapped_key(row) == key for row in report.unmapped_rows)
    ):
        return ()
    raise UnknownItemError(
        f"there is no item {key} in this report", remedy="it may have been settled along with another"
    )


def item_version(report: Report, key: str) -> str:
    """A text that differs where the item is no longer what it was.

    Raises:
        UnknownItemError: the report has no such item.
    """
    parts: list[str] = []
    for i in fields_of_item(report, key):
        value = report.fields.get(i)
        parts.append("" if value is None else value.model_dump_json(exclude={"confidence"}))
    parts += [finding.model_dump_json() for finding, found in finding_keys(report) if found == key]
    parts += [a.model_dump_json() for a in report.acknowledged if a.what == key]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
