from __future__ import annotations

from collections.abc import Callable

from models.finding import Finding
from models.form import Form
from models.report import FieldValue, LabelMatch, UnmappedRow
from models.rule import load_rules
from pipeline.check.leftover_findings import MAX_ROW_FINDINGS, leftover_findings

Fill = Callable[..., dict[str, FieldValue]]


def row(*labels: str, reason: str = "no_row", values: tuple[str, ...] = ("1",)) -> UnmappedRow:
    return UnmappedRow(page_no=2, table="requests", labels=list(labels), values=list(values), reason=reason)


def findings(form: Form, fields: dict[str, FieldValue], *rows: UnmappedRow) -> list[Finding]:
    return leftover_findings(form, load_rules(form).labels, fields, rows)


def test_row_outside_the_form_is_quoted(form: Form, fill: Fill) -> None:
    (finding,) = findings(form, fill(form), row("第二十条", "其他主动公开文件"))
    assert (finding.rule, finding.severity) == ("form.row_unmapped", "warning")
    assert "“第二十条 / 其他主动公开文件”" in finding.message.zh
    assert "page 2" in finding.message.en


def test_row_without_a_label_is_quoted_by_its_values(form: Form, fill: Fill) -> None:
    (finding,) = findings(form, fill(form), row("", values=("7", "9")))
    assert "7 | 9" in finding.message.zh


def test_second_printing_of_a_mapped_row(form: Form, fill: Fill, label: Callable[[str], LabelMatch]) -> None:
    fields = fill(form)
    ids = [i for i in fields if i.startswith("requests.granted.")]
    for i in ids:
        fields[i] = fields[i].model_copy(update={"label": label("三、本年度办理结果 / （一）予以公开")})
    (finding,) = findings(form, fields, row("三、本年度办理结果", "(一) 予以公开"))
    assert (finding.rule, finding.fields) == ("form.duplicate_row", ids)
    assert "“（一）予以公开”" in finding.message.zh


def test_values_beside_the_columns(form: Form, fill: Fill) -> None:
    (finding,) = findings(form, fill(form), row("（一）予以公开", reason="no_column", values=("", "12")))
    assert finding.rule == "form.value_unmapped"
    assert "“12”" in finding.message.zh


def test_many_rows_end_in_a_summary(form: Form, fill: Fill) -> None:
    found = findings(form, fill(form), *[row(f"其他{n}") for n in range(MAX_ROW_FINDINGS + 3)])
    assert len(found) == MAX_ROW_FINDINGS + 1
    assert "另有 3 行" in found[-1].message.zh


def test_no_rows_no_finding(form: Form, fill: Fill) -> None:
    assert findings(form, fill(form)) == []
