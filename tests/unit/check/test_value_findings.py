from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Finding
from models.form import Form
from models.report import FieldValue
from models.rule import load_rules
from pipeline.check.value_findings import value_findings

Fill = Callable[..., dict[str, FieldValue]]
Make = Callable[..., FieldValue]


def findings(form: Form, fields: dict[str, FieldValue], explained: tuple[str, ...] = ()) -> list[Finding]:
    return value_findings(form, load_rules(form), fields, explained)


@pytest.mark.parametrize(
    ("field", "printed", "code"),
    [
        ("requests.new.total", "-1", "value.not_a_count"),
        ("requests.new.total", "1.5", "value.not_a_count"),
        ("requests.new.total", "3.0", None),
        ("proactive.fees.amount", "-0.01", "value.negative_amount"),
        ("proactive.fees.amount", "4166.241619", None),
        ("proactive.licensing.decisions", "0", None),
    ],
)
def test_domain_of_2021_columns(form: Form, fill: Fill, field: str, printed: str, code: str | None) -> None:
    found = findings(form, fill(form, {field: printed}))
    assert [f.rule for f in found] == ([] if code is None else [code])
    for finding in found:
        assert (finding.severity, finding.fields) == ("error", [field])
        assert printed in finding.message.zh
        assert printed in finding.message.en


@pytest.mark.parametrize(
    ("field", "printed", "code"),
    [
        ("proactive.penalties.change", "-18", None),
        ("proactive.penalties.change", "1.5", "value.not_a_count"),
        ("proactive.penalties.prior_items", "-18", "value.not_a_count"),
        ("proactive.procurement.amount", "73802895.90", None),
        ("proactive.procurement.amount", "-5", "value.negative_amount"),
    ],
)
def test_domain_of_2019_columns(form2019: Form, fill: Fill, field: str, printed: str, code: str | None) -> None:
    assert [f.rule for f in findings(form2019, fill(form2019, {field: printed}))] == ([] if code is None else [code])


def test_domain_under_review_is_a_warning(form: Form, fill: Fill, make: Make) -> None:
    (finding,) = findings(form, fill(form, {"requests.new.total": make("-1", decision="review")}))
    assert (finding.severity, finding.origin) == ("warning", "undetermined")


def test_blanks_are_summed_up_by_table_and_by_column(form: Form, fill: Fill) -> None:
    cells = {f"requests.{r.id}.other": "" for r in form.block_of["requests"].rows if r.variant is None}
    cells |= {"requests.granted.*": "", "proactive.regulations.issued": ""}
    first, second = findings(form, fill(form, cells))
    assert (first.rule, first.severity, first.fields) == ("value.blank", "warning", ["proactive.regulations.issued"])
    assert "1 格为空白" in first.message.zh
    assert second.rule == "value.blank"
    assert len(second.fields) == 25 + 6
    assert "“其他”整列、“（一）予以公开”整行。" in second.message.zh
    assert "column 'other organisations'; row 'Granted'." in second.message.en


def test_wholly_blank_table_is_named_as_one(form: Form, fill: Fill) -> None:
    (finding,) = findings(form, fill(form, {"disputes.*": ""}))
    assert len(finding.fields) == 15
    assert finding.message.zh.endswith("：“行政复议、行政诉讼情况”全部。")
    assert finding.message.en.endswith(": all of 'Reconsideration and litigation'.")


def test_many_single_blanks_are_counted(form: Form, fill: Fill) -> None:
    rows = ["denied.state_secret", "denied.internal_affairs", "unavailable.not_held", "granted", "new"]
    cells = {f"requests.{r}.{c}": "" for r in rows for c in ("natural_person", "total")}
    (finding,) = findings(form, fill(form, cells))
    assert finding.message.zh.endswith("等共 10 处。")
    assert finding.message.en.endswith("and 4 more.")


def test_blanks_explained_elsewhere_are_left_out(form: Form, fill: Fill) -> None:
    fields = fill(form, {"requests.granted.total": "", "requests.new.total": ""})
    (finding,) = findings(form, fields, ("requests.granted.total",))
    assert finding.fields == ["requests.new.total"]


@pytest.mark.parametrize("printed", ["", "/"])
def test_blank_form_is_one_remark(form: Form, fill: Fill, printed: str) -> None:
    (finding,) = findings(form, fill(form, {"proactive.*": printed, "requests.*": printed, "disputes.*": printed}))
    assert (finding.rule, finding.severity, finding.fields) == ("form.blank", "info", [])


def test_nothing_printed_says_nothing_about_values(form: Form) -> None:
    assert findings(form, {}) == []


def test_signs_for_numbers_are_quoted(form: Form, fill: Fill) -> None:
    cells = {"proactive.regulations.issued": "/", "proactive.regulations.repealed": "无"}
    (finding,) = findings(form, fill(form, cells))
    assert (finding.rule, finding.severity) == ("value.not_applicable", "warning")
    assert "规章·本年制发件数“/”、规章·本年废止件数“无”" in finding.message.zh
    assert "'/'" in finding.message.en


def test_words_are_quoted(form: Form, fill: Fill, make: Make) -> None:
    no_decimal = make("1").model_copy(update={"value": "1e3", "printed": "1e3"})
    cells = {"proactive.regulations.issued": "本单位未制作规章", "proactive.coercion.decisions": no_decimal}
    (finding,) = findings(form, fill(form, cells))
    assert finding.rule == "value.text"
    assert "本单位未制作规章" in finding.message.zh
    assert "'1e3'" in finding.message.en


def test_words_told_by_a_finding_of_their_own_are_not_told_again(form: Form, fill: Fill, make: Make) -> None:
    value = make("约五万元", decision="review", reasons=("unit_mismatch",))
    assert [f.rule for f in findings(form, fill(form, {"proactive.fees.amount": value}))] == ["value.unit"]


def test_heading_row_without_figures_is_not_blank(form: Form, fill: Fill) -> None:
    assert findings(form, fill(form, {"requests.other_handling.*": ""})) == []
    (finding,) = findings(form, fill(form, {"requests.other_handling.total": "见下"}))
    assert finding.rule == "value.text"


def test_unit_quotes_the_print_and_the_suggestion(form: Form, fill: Fill, make: Make) -> None:
    value = make("152790", decision="review", reasons=("unit_mismatch",))
    value = value.model_copy(update={"printed": "152790元", "suggested": "15.279"})
    (finding,) = findings(form, fill(form, {"proactive.fees.amount": value}))
    assert (finding.rule, finding.severity, finding.origin) == ("value.unit", "warning", "undetermined")
    assert "“152790元”" in finding.message.zh
    assert "15.279" in finding.message.zh
    assert "万元" in finding.message.zh
    assert "15.279" in finding.message.en


@pytest.mark.parametrize("reason", ["trailing_note", "trailing_text", "trailing_mark", "change_in_words"])
def test_note_quotes_the_print_and_the_number(form: Form, fill: Fill, make: Make, reason: str) -> None:
    value = make("22", decision="review", reasons=(reason,)).model_copy(update={"printed": "22（其中修订16件）"})
    (finding,) = findings(form, fill(form, {"proactive.normative_documents.issued": value}))
    assert finding.rule == "value.note"
    assert "“22（其中修订16件）”" in finding.message.zh
    assert "数字应为 22" in finding.message.zh


def test_unit_without_suggestion_makes_none_up(form: Form, fill: Fill, make: Make) -> None:
    value = make("5", decision="review", reasons=("unit_mismatch",))
    (finding,) = findings(form, fill(form, {"proactive.fees.amount": value}))
    assert "换算" not in finding.message.zh
    assert "converted" not in finding.message.en
