"""A report laid over its form: which rows stand there, and how each cell is to be marked. Used by XLSX and terminal."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.finding import SEVERITY_ORDER, Finding
from models.form import FORM_IDS, Form, FormBlock, FormField, FormRow, FormTable, field_id, load_form, row_key
from models.report import FieldValue, Kind, Report
from pipeline.export.words import waiver_text

REVIEW_MARK = "?"
BROKEN_MARK = "!"
SUSPECT_MARK = "!!"


@dataclass(frozen=True, slots=True)
class FieldMark:
    """What the findings say about one field.

    ``broken``: a rule of severity error that names the field failed. ``suspect``: the field is in a smallest set that
    explains such a failure. ``codes``: rules of all findings that name the field, most severe first, waived ones last;
    ``waived``: those of them that are waived, with the reason. A waived finding makes no field broken or suspect.
    """

    broken: bool = False
    suspect: bool = False
    codes: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()


_UNMARKED = FieldMark()


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of the form as it is to be shown; ``value`` is None where the report has no such field."""

    field: FormField
    value: FieldValue | None
    mark: FieldMark = _UNMARKED

    @property
    def kind(self) -> Kind:
        """What was found; a field the report does not mention is absent."""
        return "absent" if self.value is None else self.value.kind

    @property
    def review(self) -> bool:
        """True where a person must look at the cell."""
        return self.value is not None and self.value.decision == "review"

    @property
    def symbols(self) -> str:
        """``?`` to review, ``!`` in a broken sum, ``!!`` suspect, ``?!``, or none: marks that work without colour."""
        sums = SUSPECT_MARK if self.mark.suspect else BROKEN_MARK if self.mark.broken else ""
        return (REVIEW_MARK if self.review else "") + sums


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of the form with its cells in column order.

    ``key`` is ``table.row``; ``path`` are the row's labels without the title of the block, empty where it has none.
    """

    key: str
    path: tuple[str, ...]
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class BlockView:
    """A header with the rows that are shown under it."""

    block: FormBlock
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """One of the tables of the form."""

    table: FormTable
    blocks: tuple[BlockView, ...] = field(default=())


def report_form(report: Report) -> Form | None:
    """The form the report is on; None for a legacy or unknown one."""
    return load_form(report.form) if report.form in FORM_IDS else None


def ordered_findings(report: Report) -> list[Finding]:
    """The findings, open ones first and the most severe of them first, otherwise in the order of the report."""
    return sorted(report.findings, key=lambda f: (f.waiver is not None, SEVERITY_ORDER[f.severity]))


def row_path(block: FormBlock, row: FormRow) -> tuple[str, ...]:
    """The row's labels without the block's title, which stands above the block."""
    return row.label[1:] if block.title and row.label[:1] == (block.title,) else row.label


def field_marks(report: Report) -> dict[str, FieldMark]:
    """Field id -> mark, for the fields that a finding names."""
    broken: set[str] = set()
    suspect: set[str] = set()
    codes: dict[str, dict[str, None]] = {}
    waived: dict[str, dict[str, None]] = {}
    for finding in ordered_findings(report):
        if finding.outcome != "fail":
            continue
        smallest = min((len(s) for s in finding.suspects), default=0)
        suspected = {s.field for group in finding.suspects if len(group) == smallest for s in group}
        if finding.severity == "error" and finding.waiver is None:
            broken.update(finding.fields)
            suspect.update(suspected)
        for name in (*finding.fields, *sorted(suspected)):
            codes.setdefault(name, {})[finding.rule] = None
            if finding.waiver is not None:
                waived.setdefault(name, {})[f"{finding.rule}: {waiver_text(finding.waiver)}"] = None
    return {
        i: FieldMark(i in broken, i in suspect, tuple(rules), tuple(waived.get(i, ()))) for i, rules in codes.items()
    }


def form_view(report: Report) -> tuple[TableView, ...]:
    """The tables of the report's form, filled; empty where the form is legacy or unknown.

    Rows of a variant are shown where the report uses it, and the rows that they replace are then left out unless
    something was read in them all the same.
    """
    form = report_form(report)
    if form is None:
        return ()
    marks = field_marks(report)
    hidden = _hidden_rows(report, form)
    return tuple(
        TableView(
            table,
            tuple(
                BlockView(
                    block,
                    tuple(
                        _row_view(report, form, table, block, row, marks)
                        for row in block.rows
                        if row_key(table, row) not in hidden
                    ),
                )
                for block in table.blocks
            ),
        )
        for table in form.tables
    )


def _row_view(
    report: Report, form: Form, table: FormTable, block: FormBlock, row: FormRow, marks: dict[str, FieldMark]
) -> RowView:
    ids = [field_id(table, row, column) for column in block.columns]
    cells = tuple(CellView(form.fields[i], report.fields.get(i), marks.get(i, _UNMARKED)) for i in ids)
    return RowView(row_key(table, row), row_path(block, row), cells)


def _hidden_rows(report: Report, form: Form) -> set[str]:
    read = {
        row_key(f.table, f.row)
        for i, f in form.fields.items()
        if (value := report.fields.get(i)) is not None and value.kind != "absent"
    }
    hidden: set[str] = set()
    for variant in form.variants:
        used = any(key in read for key in variant.by)
        hidden.update(key for key in (variant.replaces if used else variant.by) if key not in read)
    return hidden
