from __future__ import annotations

from importlib import resources

import pytest

from models.errors import UsageError
from models.form import Form, load_form
from models.report import FieldValue, Kind
from models.rule import LinearRule, build_rules, expected_rows, load_rules, variants_in_force
from models.rule_file import parse_rule_file, read_rule_file
from models.rule_labels import labels_for, parse_label_file

MERGED = frozenset({"merged_other_handling"})


def rule_text(form_id: str = "gk2021") -> str:
    return resources.files("models.rules").joinpath(f"{form_id}.yaml").read_text(encoding="utf-8")


def by_id(rules: tuple[LinearRule, ...]) -> dict[str, LinearRule]:
    return {r.id: r for r in rules}


def cell(kind: Kind, value: str | None = None) -> FieldValue:
    return FieldValue(value=value, printed=value or "", kind=kind, decision="accept", confidence=1.0)


@pytest.mark.parametrize(("form_id", "row_totals"), [("gk2021", 26), ("gk2019", 23)])
def test_rules_cover_every_column_row_and_dispute_group(form_id: str, row_totals: int) -> None:
    rules = load_rules(load_form(form_id)).rules
    count = {t: sum(r.template == t for r in rules) for t in {r.template for r in rules}}
    assert count == {
        "requests.balance": 7,
        "requests.results": 7,
        "requests.row_total": row_totals,
        "disputes.total": 3,
    }


@pytest.mark.parametrize("form_id", ["gk2021", "gk2019"])
def test_rules_name_fields_of_the_form_and_have_distinct_ids(form_id: str) -> None:
    form = load_form(form_id)
    rules = load_rules(form).rules
    assert len({r.id for r in rules}) == len(rules)
    assert {i for r in rules for i in r.fields} <= set(form.fields)
    ruled = {i for r in rules for i in r.fields}
    assert {i for i in form.fields if not i.startswith("proactive.")} == ruled | {
        i for i in form.fields if i.startswith("requests.other_handling.")
    }


def test_balance_row_total_and_dispute_identities() -> None:
    rules = by_id(load_rules(load_form("gk2021")).rules)
    balance = rules["requests.balance[total]"]
    assert balance.left == ("requests.new.total", "requests.carried_in.total")
    assert balance.right == ("requests.results_total.total", "requests.carried_out.total")
    assert balance.total is None
    row = rules["requests.row_total[denied.state_secret]"]
    assert row.left == ("requests.denied.state_secret.total",)
    assert row.right[0] == "requests.denied.state_secret.natural_person"
    assert len(row.right) == 6
    disputes = rules["disputes.total[reconsideration]"]
    assert disputes.left == ("disputes.reconsideration.total",)
    assert disputes.right == tuple(f"disputes.reconsideration.{c}" for c in ("upheld", "corrected", "other", "pending"))


def test_results_take_the_merged_row_in_place_of_the_three() -> None:
    rules = load_rules(load_form("gk2021"))
    official = by_id(rules.rules)["requests.results[other]"].right
    merged = by_id(rules.rules_for(MERGED))["requests.results[other]"].right
    assert len(official) == 21
    assert [i for i in official if i not in merged] == [
        f"requests.other.{r}.other" for r in ("correction_overdue", "fee_overdue", "other")
    ]
    assert [i for i in merged if i not in official] == ["requests.other_handling.other"]


def test_results_of_the_2019_form_take_its_own_row() -> None:
    right = by_id(load_rules(load_form("gk2019")).rules)["requests.results[total]"].right
    assert len(right) == 19
    assert right[-1] == "requests.other_handling.total"


def test_rules_are_hashable_and_loaded_once() -> None:
    form = load_form("gk2021")
    assert load_rules(form) is load_rules(form)
    assert len(set(load_rules(form).rules)) == 43


def test_messages_and_labels_in_both_languages() -> None:
    rule = by_id(load_rules(load_form("gk2021")).rules)["requests.row_total[granted]"]
    assert "予以公开" in rule.message.zh
    assert "Granted" in rule.message.en
    assert "{subject}" not in rule.message.zh + rule.message.en
    assert rule.label.zh.endswith("（一）予以公开")
    assert rule.label.en.endswith("Granted")


def test_domains_by_unit_and_sign() -> None:
    domains = load_rules(load_form("gk2019")).domains
    assert domains["proactive.penalties.change"].minimum is None
    assert domains["proactive.penalties.change"].integer
    assert domains["proactive.procurement.amount"].id == "value.negative_amount"
    assert domains["requests.new.total"].minimum == 0
    assert load_rules(load_form("gk2021")).domains["proactive.fees.amount"].id == "value.negative_amount"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("right: [results_total, carried_out]", "right: [results_total, carried_oout]", "carried_oout"),
        ("left: [total]\n    right: [natural_person", "left: [total]\n    right: [natural_persons", "natural_persons"),
        ("denied.*", "denyed.*", "denyed"),
        ("for_each_column: requests", "for_each_column: request", "'request'"),
        ("prefixes: [reconsideration,", "prefixes: [reconsiderations,", "reconsiderations"),
        ("right: [upheld, corrected", "right: [upheld, upheld", "twice"),
        ("form: gk2021", "form: gk2019", "gk2019"),
        ("units: [amount_10k_yuan]", "units: [amount_as_printed]", "proactive.fees.amount"),
    ],
)
def test_rules_that_do_not_fit_the_form_are_refused(old: str, new: str, told: str) -> None:
    text = rule_text()
    assert old in text
    with pytest.raises(UsageError, match=told):
        build_rules(load_form("gk2021"), parse_rule_file(text.replace(old, new), "test.yaml"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("severity: error", "severity: error\n    colour: red", "colour"),
        ("severity: error", "severity: fatal", "severity"),
        ("label: {zh: 总计＝四项结果之和, en: Total = sum of the four results}", "label: {zh: 总计}", "en"),
        ("for_each_row: requests", "for_each_row: requests\n    for_each_column: requests", "exactly one"),
        ("印为 {left}，而四项", "印为 {lefft}，而四项", "lefft"),
        ("印为 {left}，而四项", "而四项", "must use exactly"),
        ("left: [results_total]", "left: [results_total, new]", "single printed number"),
        ("id: requests.results", "id: requests.balance", "twice"),
        ("rules:", "rules: [", "not valid"),
    ],
)
def test_malformed_rule_files_are_refused(old: str, new: str, told: str) -> None:
    text = rule_text()
    assert old in text
    with pytest.raises(UsageError, match=told):
        parse_rule_file(text.replace(old, new, 1), "test.yaml")


def test_a_form_without_rules_is_refused() -> None:
    with pytest.raises(UsageError, match="no rule file"):
        read_rule_file("gk1999")


def test_labels_must_cover_the_form() -> None:
    text = resources.files("models.rules").joinpath("labels.yaml").read_text(encoding="utf-8")
    without = parse_label_file(text.replace("  requests.granted: ", "  requests.grunted: "))
    with pytest.raises(UsageError, match=r"row requests\.granted"):
        labels_for(load_form("gk2021"), without)
    with pytest.raises(UsageError, match="en"):
        parse_label_file(text.replace("{zh: 一、本年新收, en: New requests}", "{zh: 一、本年新收}"))


@pytest.mark.parametrize("form_id", ["gk2021", "gk2019"])
def test_field_names_are_distinct_in_both_languages(form_id: str) -> None:
    form: Form = load_form(form_id)
    names = labels_for(form).fields
    assert list(names) == list(form.fields)
    assert len({n.zh for n in names.values()}) == len(names)
    assert len({n.en for n in names.values()}) == len(names)


THREE = ("correction_overdue", "fee_overdue", "other")


@pytest.mark.parametrize(
    ("merged", "three", "expected"),
    [
        (None, cell("number", "1"), frozenset()),
        (cell("number", "1"), None, MERGED),
        (cell("number", "1"), cell("absent"), MERGED),
        (cell("blank"), None, MERGED),
        (cell("absent"), None, frozenset()),
        (None, None, frozenset()),
        (cell("number", "1"), cell("blank"), MERGED),  # the heading row holds the numbers, the three rows are empty
        (cell("blank"), cell("blank"), frozenset()),
        (cell("blank"), cell("number", "1"), frozenset()),
        (cell("number", "1"), cell("number", "1"), frozenset()),
    ],
)
def test_variant_is_told_by_the_rows_that_are_there(
    merged: FieldValue | None, three: FieldValue | None, expected: frozenset[str]
) -> None:
    fields = {} if merged is None else {"requests.other_handling.total": merged}
    if three is not None:
        fields |= {f"requests.other.{r}.total": three for r in THREE}
    assert variants_in_force(load_form("gk2021"), fields) == expected


def test_expected_rows_follow_the_variant() -> None:
    form = load_form("gk2021")
    official, merged = expected_rows(form, frozenset()), expected_rows(form, MERGED)
    assert official - merged == {f"requests.other.{r}" for r in THREE}
    assert merged - official == {"requests.other_handling"}
