"""Findings about printed rows and values that no part of the form explains: nothing of them is dropped in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.finding import Finding, Message
from models.form import Form, row_key
from models.report import FieldValue, UnmappedRow
from models.rule_labels import Labels
from models.text import row_key as label_key
from pipeline.check.wording import name_list

# Rows told one by one; of more, the rest is told in one finding. The report document lists them all.
MAX_ROW_FINDINGS = 10
# Reason code of a row that was mapped, some values of which stand under no column of the form.
NO_COLUMN_REASON = "no_column"


def leftover_findings(
    form: Form, labels: Labels, fields: Mapping[str, FieldValue], rows: Sequence[UnmappedRow]
) -> list[Finding]:
    """Findings about unmapped rows: printed twice, values beside the columns, not part of the form."""
    mapped = _mapped_labels(form, fields)
    found: list[Finding] = []
    unknown: list[UnmappedRow] = []
    for row in rows:
        place, text = row.page_no, _text(row)
        key = mapped.get(label_key(text)) if row.reason != NO_COLUMN_REASON else None
        if row.reason == NO_COLUMN_REASON:
            values = " | ".join(v for v in row.values if v.strip())
            zh = f"第 {place} 页“{text}”一行的“{values}”不在规定的任何一列之中，未对应到字段。"
            en = f"Page {place}, row '{text}': '{values}' stands under no column of the form and was not mapped."
            found.append(_finding("form.value_unmapped", zh, en))
        elif key is not None:
            ids = [f.id for f in form.fields.values() if row_key(f.table, f.row) == key]
            zh = f"“{labels.rows[key].zh}”一行出现不止一次，第 {place} 页的“{text}”未对应到字段。"
            en = f"The row '{labels.rows[key].en}' is printed more than once; '{text}' on page {place} was not mapped."
            found.append(_finding("form.duplicate_row", zh, en, ids))
        else:
            unknown.append(row)
    return found + _unknown(unknown)


def _finding(code: str, zh: str, en: str, fields: list[str] | None = None) -> Finding:
    return Finding(
        rule=code, severity="warning", fields=fields or [], message=Message(zh=zh, en=en), origin="undetermined"
    )


def _mapped_labels(form: Form, fields: Mapping[str, FieldValue]) -> dict[str, str]:
    """Comparable form of each printed label that was mapped -> ``table.row``."""
    found: dict[str, str] = {}
    for form_field in form.fields.values():
        value = fields.get(form_field.id)
        if value is not None and value.label is not None and (key := label_key(value.label.printed)):
            found.setdefault(key, row_key(form_field.table, form_field.row))
    return found


def _text(row: UnmappedRow) -> str:
    return " / ".join(label for label in row.labels if label.strip()) or " | ".join(row.values)


def _unknown(rows: list[UnmappedRow]) -> list[Finding]:
    told, rest = rows[:MAX_ROW_FINDINGS], rows[MAX_ROW_FINDINGS:]
    found = [
        _finding(
            "form.row_unmapped",
            f"第 {r.page_no} 页的“{_text(r)}”一行不在规定的表格中，未对应到字段。",
            f"The row '{_text(r)}' on page {r.page_no} is not part of the form and was not mapped.",
        )
        for r in told
    ]
    if rest:
        zh = name_list([f"“{_text(r)}”" for r in rest], "zh")
        en = name_list([f"'{_text(r)}'" for r in rest], "en")
        zh = f"另有 {len(rest)} 行不在规定的表格中，未对应到字段：{zh}。"
        en = f"{len(rest)} further rows are not part of the form and were not mapped: {en}."
        found.append(_finding("form.row_unmapped", zh, en))
    return found
