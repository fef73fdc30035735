"""Every style: the figures obey the rules of the product, and the truth lists exactly the sums broken on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from models.form import load_form
from models.rule import LinearRule, load_rules
from samples.catalogue import CATALOGUE
from samples.document import Document
from samples.drawing import draw_report
from samples.identities import Numbers
from samples.style import Style

SEEDS = (0, 1, 2)
NAMES = {
    "requests.balance": "first+second=third+fourth",
    "requests.results": "column_sum",
    "requests.row_total": "row_sum",
    "disputes.total": "dispute_sum",
}
FORM_STYLES = [style for style in CATALOGUE.values() if not style.legacy]


def broken_rules(document: Document) -> Iterator[LinearRule]:
    rules = load_rules(load_form(document.style.form))
    variants = frozenset({"merged_other_handling"}) if document.style.tables.merged_other else frozenset()
    for rule in rules.rules_for(variants):
        if any(name not in document.numbers for name in rule.fields):
            continue  # the rows of a variant that is not in force
        left, right = (sum((document.numbers[f] for f in side), Decimal(0)) for side in (rule.left, rule.right))
        if left != right:
            yield rule


def places(number: Decimal) -> int:
    return len(f"{number:f}".partition(".")[2])


def named(rule: LinearRule) -> tuple[str, tuple[str, ...]]:
    return NAMES[rule.template], rule.left if rule.total == "left" else rule.fields


@pytest.mark.parametrize("style", FORM_STYLES, ids=lambda style: style.name)
def test_violations_are_the_rules_that_the_figures_break(style: Style) -> None:
    for seed in SEEDS:
        document = draw_report(style, seed)
        assert {(v.rule, v.cells) for v in document.violations} == {named(rule) for rule in broken_rules(document)}
        assert bool(document.violations) == bool(style.values.faults)
        for violation in document.violations:
            assert Decimal(violation.computed) != Decimal(violation.printed)


@pytest.mark.parametrize("style", FORM_STYLES, ids=lambda style: style.name)
def test_figures_are_in_the_domain_of_their_field(style: Style) -> None:
    document = draw_report(style, 3)
    domains = load_rules(load_form(style.form)).domains
    for name, number in document.numbers.items():
        domain = domains[name]
        assert domain.minimum is None or number >= Decimal(domain.minimum), name
        assert not domain.integer or number == number.to_integral_value(), name
        assert places(number) <= 6, name


@pytest.mark.parametrize("style", FORM_STYLES, ids=lambda style: style.name)
def test_rows_left_out_hold_no_requests(style: Style) -> None:
    document = draw_report(style, 4)
    gone = [name for name, text in document.truth.items() if text is None and name.startswith("requests.")]
    assert all(document.numbers.get(name, Decimal(0)) == 0 for name in gone)
    assert bool(style.tables.missing_rows) <= bool(gone)


def test_equal_seeds_give_equal_reports() -> None:
    for style in list(CATALOGUE.values())[::4]:
        assert draw_report(style, 5) == draw_report(style, 5), style.name
        assert draw_report(style, 5).items != draw_report(style, 6).items, style.name


def drawn_at(scale: str) -> Numbers:
    return {
        f"{document.seed}.{name}": number
        for style in FORM_STYLES
        if style.values.scale == scale and style.form == "gk2021"
        for document in (draw_report(style, seed) for seed in SEEDS)
        for name, number in document.numbers.items()
    }


def test_small_offices_have_mostly_zeros_and_large_ones_large_numbers() -> None:
    office, province = drawn_at("office"), drawn_at("province")
    assert sum(n == 0 for n in office.values()) > len(office) / 2
    assert sum(n == 0 for n in province.values()) < len(province) / 3
    assert max(office.values()) < 10_000 < max(province.values())


def test_fees_have_decimals_in_most_reports_and_are_zero_in_some() -> None:
    fees = [draw_report(CATALOGUE["pdf-plain"], seed).numbers["proactive.fees.amount"] for seed in range(60)]
    whole = sum(n == n.to_integral_value() for n in fees)
    assert 0 < sum(n == 0 for n in fees) < 30
    assert 0 < whole < 45
    assert {places(n) for n in fees} >= {0, 1, 2, 4}


def test_documents_in_force_are_at_least_those_made_in_the_year() -> None:
    for seed in range(30):
        new, old = (draw_report(CATALOGUE[name], seed).numbers for name in ("pdf-plain", "pdf-2019-plain"))
        for row in ("regulations", "normative_documents"):
            assert new[f"proactive.{row}.in_force"] >= new[f"proactive.{row}.issued"]
            assert old[f"proactive.{row}.total_disclosed"] >= old[f"proactive.{row}.newly_disclosed"]
            assert old[f"proactive.{row}.made"] >= old[f"proactive.{row}.newly_disclosed"]
        for row in ("licensing", "other_services", "penalties", "coercion", "fees"):
            assert old[f"proactive.{row}.prior_items"] + old[f"proactive.{row}.change"] >= 0


def test_a_conflict_of_prose_is_in_the_prose_and_in_the_truth() -> None:
    document = draw_report(CATALOGUE["pdf-prose-conflict"], 7)
    (conflict,) = document.prose.conflicts
    assert conflict["table"] == str(document.numbers["requests.new.total"]) != conflict["prose"]
    assert f"申请{conflict['prose']}件" in "".join(document.prose.overview)


def test_year_and_form_go_together_unless_the_style_says_otherwise() -> None:
    for style in FORM_STYLES:
        year = draw_report(style, 8).year
        assert (year <= 2020) == ((style.form == "gk2019") != style.wrong_year), style.name
    assert draw_report(CATALOGUE["html-legacy"], 8).year < 2019
