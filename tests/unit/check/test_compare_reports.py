from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from models.diff import FieldDiff, ReportDiff
from models.form import Form
from models.report import FieldValue, Report, SourceRecord
from pipeline.check.compare_reports import compare_reports, percent_change

Fill = Callable[..., dict[str, FieldValue]]
Make = Callable[..., FieldValue]
NEW, GRANTED = "requests.new.total", "requests.granted.total"


def report(name: str, fields: dict[str, FieldValue], form: str = "gk2021", **more: object) -> Report:
    source = SourceRecord(name=name, sha256=name, media_type="application/pdf", page_count=1)
    defaults: dict[str, object] = {"agency": "青石县人民政府", "year": 2023}
    return Report.model_validate({"source": source, "form": form, "fields": fields, **defaults, **more})


@pytest.fixture
def diff(form: Form, fill: Fill) -> Callable[..., ReportDiff]:
    def compared(before: dict[str, object], after: dict[str, object]) -> ReportDiff:
        return compare_reports(report("a", fill(form, before)), report("b", fill(form, after)))

    return compared


Diff = Callable[..., ReportDiff]


def one(diff: ReportDiff) -> FieldDiff:
    (field,) = diff.fields
    return field


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [
        ("200", "250", "+25.0"),
        ("3", "1", "-66.7"),
        ("-10", "-5", "+50.0"),
        ("0", "5", None),
        ("0.00", "5", None),
        ("5", "5.0", "0.0"),
        ("1000000", "1000001", "0.0"),
        ("7730.28", "7545", "-2.4"),
        ("9" * 60, "1", "-100.0"),
        ("0." + "0" * 59 + "1", "9" * 60, "+" + "9" * 60 + "0" * 62 + ".0"),
    ],
)
def test_percent(before: str, after: str, percent: str | None) -> None:
    found = percent_change(Decimal(before), Decimal(after))
    if percent is not None and len(percent) > 100:
        assert found is not None
        assert found.startswith("+99999999999999")
    else:
        assert found == percent


def test_a_changed_number_has_difference_and_percent(diff: Diff) -> None:
    field = one(diff({NEW: "8"}, {NEW: "10"}))
    assert (field.field, field.change, field.difference, field.percent) == (NEW, "changed", "2", "+25.0")
    assert field.label.zh == "一、本年新收·总计"
    assert not field.decision_changed


def test_from_zero_there_is_no_percentage(diff: Diff) -> None:
    field = one(diff({}, {NEW: "10"}))
    assert (field.difference, field.percent) == ("10", None)


def test_a_blank_is_no_zero(diff: Diff) -> None:
    field = one(diff({NEW: ""}, {NEW: "0"}))
    assert field.before is not None
    assert (field.change, field.before.kind, field.difference, field.percent) == ("changed", "blank", None, None)


def test_one_number_written_in_two_ways_is_no_change(form: Form, fill: Fill, make: Make) -> None:
    grouped = make("1234").model_copy(update={"printed": "1,234"})
    result = compare_reports(report("a", fill(form, {NEW: grouped})), report("b", fill(form, {NEW: "1234.0"})))
    assert result.is_empty
    assert result.compared == 200


def test_words_in_a_cell_are_compared_as_printed(diff: Diff) -> None:
    assert one(diff({NEW: "22（其中修订16件）"}, {NEW: "22（其中修订15件）"})).change == "changed"
    assert diff({NEW: "增加 5"}, {NEW: "增加5"}).fields == []


def test_cells_that_only_one_report_has(diff: Diff) -> None:
    added = one(diff({NEW: None}, {NEW: "3"}))
    removed = one(diff({NEW: "3"}, {NEW: None}))
    assert (added.change, added.before, removed.change, removed.after) == ("added", None, "removed", None)
    assert (added.difference, removed.difference) == (None, None)


def test_a_decision_alone(diff: Diff, make: Make) -> None:
    field = one(diff({NEW: make("3", decision="review")}, {NEW: "3"}))
    assert (field.change, field.decision_changed, field.difference) == ("same", True, None)


def test_two_forms_are_compared_in_what_both_have(form: Form, form2019: Form, fill: Fill) -> None:
    old = report("a", fill(form2019, {NEW: "4"}), "gk2019", year=2020)
    result = compare_reports(old, report("b", fill(form, {NEW: "6"})))
    assert [f.field for f in result.fields] == [NEW]
    assert {"proactive.licensing.prior_items", "proactive.regulations.in_force"} < set(result.not_comparable)
    assert {"requests.other_handling.total", "requests.other.other.total"} < set(result.not_comparable)
    shared = set(form.official_fields) & set(form2019.official_fields)
    assert result.compared == len(shared)
    assert "gk2019" in result.remarks[0].zh


def test_a_merged_row_of_one_form_is_added_and_the_others_removed(form: Form, fill: Fill) -> None:
    split = fill(form)
    merged = fill(form, {"requests.other.*": None, "requests.other_handling.*": "0"})
    result = compare_reports(report("a", split), report("b", merged))
    assert result.not_comparable == []
    assert {(f.change, f.field.rsplit(".", 1)[0]) for f in result.fields} == {
        ("added", "requests.other_handling"),
        ("removed", "requests.other.correction_overdue"),
        ("removed", "requests.other.fee_overdue"),
        ("removed", "requests.other.other"),
    }


def test_a_report_without_form_has_prose_to_compare(form: Form, fill: Fill) -> None:
    old = report("a", {}, "legacy", sections={"overview": "旧。"})
    result = compare_reports(old, report("b", fill(form), sections={"overview": "新。"}))
    assert (result.fields, result.compared) == ([], 0)
    assert len(result.not_comparable) == 200
    assert any("a is on no known form" in r.en for r in result.remarks)
    assert [s.section for s in result.sections] == ["overview"]


def test_two_agencies_and_one_file_are_told(form: Form, fill: Fill) -> None:
    one_report = report("a", fill(form))
    other = report("b", fill(form), agency="赤水县人民政府")
    assert "青石县人民政府 与 赤水县人民政府" in compare_reports(one_report, other).remarks[0].zh
    assert "same file" in compare_reports(one_report, one_report).remarks[0].en


def test_years_the_wrong_way_round_are_told(form: Form, fill: Fill) -> None:
    later = report("a", fill(form), year=2024)
    assert "(2024)" in compare_reports(later, report("b", fill(form))).remarks[0].en
    assert compare_reports(report("b", fill(form)), later).remarks == []


def test_prose_is_compared_by_sentence(form: Form, fill: Fill) -> None:
    reports = [
        report(name, fill(form), sections={"overview": text, "other": "无。"})
        for name, text in (("a", "甲一。乙\n二。丙三。"), ("b", "甲一。乙 二。丁四。戊五。"))
    ]
    (section,) = compare_reports(*reports).sections
    assert [(p.kind, p.text) for p in section.pieces] == [
        ("equal", "甲一。乙二。"),
        ("delete", "丙三。"),
        ("insert", "丁四。戊五。"),
    ]
    assert section.label.zh == "一、总体情况"
    assert Decimal(section.similarity) < 1


def test_a_section_that_came_and_one_that_went(form: Form, fill: Fill) -> None:
    old = report("a", fill(form), sections={"problems": "甲。"})
    result = compare_reports(old, report("b", fill(form), sections={"overview": "乙。"}))
    assert [(s.section, [p.kind for p in s.pieces]) for s in result.sections] == [
        ("overview", ["insert"]),
        ("problems", ["delete"]),
    ]


def test_the_document_can_be_read_back(diff: Diff) -> None:
    result = diff({NEW: "8", GRANTED: ""}, {NEW: "10"})
    assert ReportDiff.model_validate_json(result.model_dump_json()) == result
