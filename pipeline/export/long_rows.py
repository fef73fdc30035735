"""The long form of a report: one row a field, as CSV and the Fields sheet show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.form import FormField
from models.report import Evidence, FieldValue, Report
from pipeline.export.form_view import FieldMark, field_marks, report_form
from pipeline.export.words import column_text, row_text

LIST_SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class LongRow:
    """One field of one report. Texts are as in the report document; what is not known is empty.

    ``evidence`` is the first evidence, the one that the value rests on; None where nothing was read.
    """

    source: str
    agency: str
    year: int | None
    form: str
    table: str
    field_id: str
    row_label: str
    column_label: str
    field: FieldValue
    mark: FieldMark
    evidence: Evidence | None

    @property
    def reader(self) -> str:
        """The readers whose evidence is kept, each once: ``pdfplumber; camelot``."""
        return LIST_SEPARATOR.join(dict.fromkeys(e.reader for e in self.field.evidence))


def report_to_long_rows(report: Report) -> Iterator[LongRow]:
    """The fields in the order of the form, then any that the form does not know."""
    form = report_form(report)
    known: dict[str, FormField] = {} if form is None else form.fields
    marks = field_marks(report)
    ordered = [i for i in known if i in report.fields] + [i for i in report.fields if i not in known]
    for name in ordered:
        value = report.fields[name]
        place = known.get(name)
        yield LongRow(
            source=report.source.name,
            agency=report.agency or "",
            year=report.year,
            form=report.form,
            table=name.split(".", 1)[0] if place is None else place.table.id,
            field_id=name,
            row_label=(value.label.printed if value.label else "") if place is None else row_text(place),
            column_label="" if place is None else column_text(place),
            field=value,
            mark=marks.get(name, FieldMark()),
            evidence=value.evidence[0] if value.evidence else None,
        )
