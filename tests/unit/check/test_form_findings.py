from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Finding
from models.form import Form
from models.report import FieldValue, LabelMatch
from models.rule import load_rules
from pipeline.check.form_facts import FormFacts
from pipeline.check.form_findings import form_findings, kind_findings

Fill = Callable[..., dict[str, FieldValue]]
Make = Callable[..., FieldValue]
Label = Callable[[str], LabelMatch]


def findings(form: Form, fields: dict[str, FieldValue]) -> list[Finding]:
    return form_findings(form, load_rules(form).labels, fields)


def codes(found: list[Finding]) -> list[str]:
    return [f.rule for f in found]


def test_complete_official_form_has_no_finding(form: Form, form2019: Form, fill: Fill) -> None:
    assert findings(form, fill(form)) == []
    assert findings(form2019, fill(form2019)) == []
    assert kind_findings(form, FormFacts(form="gk2021", year=2023)) == []
    assert kind_findings(form, FormFacts(form="gk2021")) == []


@pytest.mark.parametrize(("form_id", "year"), [("gk2019", 2021), ("gk2019", 2025), ("gk2021", 2020), ("gk2021", 2018)])
def test_form_of_the_wrong_year(form: Form, form2019: Form, form_id: str, year: int) -> None:
    used = {f.id: f for f in (form, form2019)}[form_id]
    (finding,) = kind_findings(used, FormFacts(form="gk2021", year=year))
    assert (finding.rule, finding.severity) == ("form.wrong_year", "warning")
    assert str(year) in finding.message.zh
    assert used.title_en in finding.message.en
    prescribed = {2021: form.title_zh, 2025: form.title_zh, 2020: form2019.title_zh, 2018: "没有全国统一格式"}[year]
    assert prescribed in finding.message.zh


@pytest.mark.parametrize(("year", "severity"), [(2018, "info"), (2022, "warning"), (None, "warning")])
def test_legacy_table(year: int | None, severity: str) -> None:
    (finding,) = kind_findings(None, FormFacts(form="legacy", year=year))
    assert (finding.rule, finding.severity) == ("form.legacy", severity)
    assert ("应使用" in finding.message.zh) == (year == 2022)


def test_unknown_table() -> None:
    (finding,) = kind_findings(None, FormFacts(form="unknown", year=2022))
    assert (finding.rule, finding.severity, finding.origin) == ("form.unknown", "warning", "undetermined")


def test_block_of_another_form(form: Form, form2019: Form, fill: Fill, make: Make) -> None:
    foreign = make("1", decision="review", reasons=("other_form",))
    (finding,) = findings(form, fill(form, {"proactive.regulations.*": foreign}))
    assert (finding.rule, finding.severity) == ("form.hybrid", "warning")
    assert "第二十条第（一）项" in finding.message.zh
    assert form2019.title_zh in finding.message.zh
    assert form2019.title_en in finding.message.en
    assert finding.fields == [i for i in form.fields if i.startswith("proactive.regulations.")]


def test_merged_row_is_a_remark_and_its_parts_are_not_missing(form: Form, fill: Fill) -> None:
    fields = fill(form, {"requests.other.*": None, "requests.other_handling.*": "0"})
    (finding,) = findings(form, fields)
    assert (finding.rule, finding.severity, len(finding.fields)) == ("form.merged_row", "info", 7)
    assert "（六）其他处理" in finding.message.zh


def test_missing_row_is_named_in_both_languages(form: Form, fill: Fill) -> None:
    (finding,) = findings(form, fill(form, {"requests.denied.enforcement_file.*": None}))
    assert (finding.rule, finding.severity, finding.origin) == ("form.row_missing", "warning", "undetermined")
    assert "（三）7.属于行政执法案卷" in finding.message.zh
    assert "Denied: enforcement files" in finding.message.en
    assert len(finding.fields) == 7


def test_rows_missing_altogether_and_merged_row_too(form: Form, fill: Fill) -> None:
    found = findings(form, fill(form, {"requests.other.*": None}))
    assert codes(found) == ["form.row_missing"] * 3


def test_missing_column(form: Form, fill: Fill) -> None:
    fields = {i: v for i, v in fill(form).items() if not (i.startswith("requests.") and i.endswith(".legal_service"))}
    (finding,) = findings(form, fields)
    assert finding.rule == "form.column_missing"
    assert "法律服务机构" in finding.message.zh
    assert len(finding.fields) == 25


def test_missing_block_and_missing_table_are_one_finding_each(form: Form, fill: Fill) -> None:
    (block,) = findings(form, fill(form, {"proactive.fees.*": None}))
    assert (block.rule, block.fields) == ("form.table_missing", ["proactive.fees.amount"])
    assert "第二十条第（八）项" in block.message.zh
    found = findings(form, fill(form, {"requests.*": None, "disputes.*": None}))
    assert codes(found) == ["form.table_missing"] * 2
    assert [len(f.fields) for f in found] == [175, 15]


def test_missing_single_cells_are_one_finding(form: Form, fill: Fill) -> None:
    cells = {"requests.new.other": None, "requests.granted.total": None}
    (finding,) = findings(form, fill(form, cells))
    assert (finding.rule, finding.fields) == ("form.cell_missing", list(cells))


def test_empty_fields_are_three_missing_tables(form: Form) -> None:
    assert codes(findings(form, {})) == ["form.table_missing"] * 3


def test_uncertain_rows_quote_the_printed_label(form: Form, fill: Fill, make: Make, label: Label) -> None:
    doubtful = make("1", decision="review", reasons=("label_uncertain",))
    doubtful = doubtful.model_copy(update={"label": label("属于国家秘")})
    (finding,) = findings(form, fill(form, {"requests.denied.state_secret.*": doubtful}))
    assert (finding.rule, finding.severity, len(finding.fields)) == ("form.label_uncertain", "warning", 7)
    assert "“属于国家秘”作为“（三）1.属于国家秘密”" in finding.message.zh
    assert "(1)" in finding.message.en


def test_uncertain_columns_are_told_by_block(form: Form, fill: Fill, make: Make) -> None:
    doubtful = make("1", decision="review", reasons=("column_uncertain",))
    cells = {"requests.new.other": doubtful, "requests.granted.other": doubtful}
    (finding,) = findings(form, fill(form, cells))
    assert (finding.rule, finding.fields) == ("form.column_uncertain", list(cells))
    assert "其他" in finding.message.zh
