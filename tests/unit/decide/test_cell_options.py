"""What a cell may say, with costs: log scores of all its readings pooled."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from models.form import load_form
from models.reading import Reading
from models.value_text import without_points
from pipeline.decide.cell_options import CellOptions, cell_to_options
from tests.unit.decide.scanned import FORM, cell, reading

COUNT, AMOUNT = "requests.granted.total", "proactive.fees.amount"


def options(*readings: Reading, field_id: str = COUNT) -> CellOptions:
    return cell_to_options(FORM.fields[field_id], cell(field_id, *readings, text="?"))


def listed(found: CellOptions) -> list[tuple[str, str | None]]:
    return [(o.kind, o.value) for o in found.options]


def test_the_cheapest_comes_first_and_costs_nothing() -> None:
    found = options(reading("3", 0.3, ("8", 0.6), ("5", 0.05)))
    assert listed(found) == [("number", "8"), ("number", "3"), ("number", "5")]
    assert found.best is not None
    assert (found.best.value, found.best.cost) == ("8", 0.0)
    assert found.doubt == found.options[1].cost > 0
    assert found.options[1].cost < found.options[2].cost


def test_costs_are_differences_of_log_scores_at_a_temperature() -> None:
    found = options(reading("8", 0.6, ("3", 0.3)))
    # Models are surer than they are right, so a cost is less than the log odds.
    assert 0 < found.doubt < math.log(0.6 / 0.3)
    assert found.doubt == pytest.approx(0.7 * math.log(2))


def test_two_readings_count_as_two() -> None:
    one = options(reading("8", 0.6, ("3", 0.3)))
    two = options(*[reading("8", 0.6, ("3", 0.3))] * 2)
    assert two.doubt == pytest.approx(2 * one.doubt)


def test_further_readings_of_the_same_ink_count_for_less() -> None:
    doubts = [options(*[reading("8", 0.6, ("3", 0.3))] * n).doubt for n in (2, 3, 6)]
    assert doubts[1] / doubts[0] == pytest.approx((2 + 0.35) / 2)
    assert doubts[2] / doubts[0] == pytest.approx((2 + 4 * 0.35) / 2)


def test_what_a_reading_does_not_propose_is_improbable_to_it_but_not_impossible() -> None:
    found = options(reading("8", 0.9), reading("3", 0.9))
    assert {o.value for o in found.options} == {"8", "3"}
    assert found.doubt == pytest.approx(0.0)
    surer = options(reading("8", 0.9), reading("8", 0.9), reading("3", 0.9))
    assert surer.best is not None
    assert surer.best.value == "8"
    assert 0 < surer.doubt < math.inf


def test_a_score_of_zero_or_above_one_breaks_nothing() -> None:
    found = options(reading("8", 1.0, ("8", 0.5), ("3", 0.0)), reading("8", 0.0))
    assert found.best is not None
    assert found.best.value == "8"
    assert all(math.isfinite(o.cost) and o.cost >= 0 for o in found.options)
    assert math.isfinite(found.other)


@pytest.mark.parametrize("text", ["12.", ".12", "12,", ",.12.,"])
def test_specks_at_the_ends_of_a_count_are_left_out(text: str) -> None:
    found = options(reading("12", 0.5, (text, 0.4)))
    assert listed(found) == [("number", "12")]
    assert found.options[0].printed == "12"
    # Both texts say the same, so their scores are one.
    assert found.other == pytest.approx(options(reading("12", 0.9)).other)


@pytest.mark.parametrize(
    ("text", "bare"), [("1.5.", "1.5"), ("1,234,", "1,234"), (".", "."), ("...", "..."), ("5件.", "5件."), ("", "")]
)
def test_only_ends_of_numbers_are_bared(text: str, bare: str) -> None:
    assert without_points(text) == bare


def test_texts_that_say_the_same_are_one_option_printed_like_the_likeliest() -> None:
    found = options(reading("1234", 0.2, ("1,234", 0.7)))
    assert [(o.value, o.printed) for o in found.options] == [("1234", "1,234")]
    assert found.doubt == math.inf


def test_a_blank_is_not_a_zero() -> None:
    found = options(reading("", 0.6, ("0", 0.3)))
    assert listed(found) == [("blank", None), ("number", "0")]
    assert [o.number for o in found.options] == [0, 0]


def test_a_mark_is_an_option_that_adds_nothing() -> None:
    found = options(reading("/", 0.9, ("1", 0.1)))
    assert listed(found) == [("not_applicable", "/"), ("number", "1")]
    assert found.options[0].number == 0


def test_decimals_are_exact() -> None:
    [option] = options(reading("4166.241619", 0.9), field_id=AMOUNT).options
    assert option.number == Decimal("4166.241619")


def test_a_number_of_too_many_digits_is_none_that_sums_could_take_for_a_zero() -> None:
    [option] = options(reading("1" * 61, 0.9)).options
    assert (option.kind, option.value, option.number) == ("number", "1" * 61, Decimal("Infinity"))


def test_no_readings_give_no_options() -> None:
    found = options()
    assert (found.options, found.best, found.doubt) == ((), None, math.inf)


def test_words_give_no_options() -> None:
    found = options(reading("本单位未制作", 0.99))
    assert (found.options, found.best) == ((), None)


def test_something_else_costs_the_more_the_surer_the_readings_are() -> None:
    costs = [options(*[reading("8", s)] * 2).other for s in (0.5, 0.9, 0.99, 0.9999)]
    assert costs == sorted(costs)
    assert costs[0] < 5 < 3 * 4 < costs[-1], "for sure readings more than three broken rules cost"


def test_a_number_that_sure_readings_contradict_with_words_is_no_sure_number() -> None:
    words = [reading("无此项", 0.99)] * 5
    found = options(*words, reading("0", 0.6))
    assert listed(found) == [("number", "0")]
    # There is no second number, but that it is none at all is likelier.
    assert found.other == 0


def test_words_of_one_bad_crop_do_not_outweigh_a_number() -> None:
    numbers = [reading("7", 0.99)] * 5
    found = options(*numbers, reading("フ", 0.9))
    assert found.other > 5


def test_a_point_before_an_amount_may_be_printed() -> None:
    found = options(*[reading(".5", 0.9999)] * 2, field_id=AMOUNT)
    assert {o.value for o in found.options} == {"0.5", "5"}
    assert found.doubt == pytest.approx(0.0), "nobody can tell a speck from a decimal point"
    assert listed(options(reading(".5"))) == [("number", "5")], "counts have no decimals"


def test_a_sign_where_the_form_has_none_is_dirt_rather_than_printed() -> None:
    found = options(*[reading("-17", 0.9999)] * 2)
    assert listed(found) == [("number", "17"), ("number", "-17")]
    assert 0 < found.doubt < 2, "only sums tell"
    change = load_form("gk2019").fields["proactive.licensing.change"]
    signed = cell_to_options(change, cell(change.id, reading("-17"), text="?"))
    assert listed(signed) == [("number", "-17")]


@pytest.mark.parametrize(
    ("odd", "field_id", "is_odd"),
    [
        ("14.13", COUNT, True),
        ("08", COUNT, True),
        ("14.13", AMOUNT, False),
        ("0.5", AMOUNT, False),
        ("0", COUNT, False),
    ],
)
def test_counts_with_fractions_and_leading_zeros_are_broken_digits_rather_than_printed(
    odd: str, field_id: str, is_odd: bool
) -> None:
    found = options(reading(odd, 0.6, ("143", 0.3)), field_id=field_id)
    assert {o.printed for o in found.options} == {odd, "143"}
    assert (found.options[0].printed == "143") is is_odd
    alone = options(*[reading(odd, 0.999)] * 2, field_id=field_id)
    assert [o.printed for o in alone.options] == [odd], "what is read is kept"
    assert (alone.rival < 4) is is_odd, "a person decides"


@pytest.mark.parametrize(("letters", "digits"), [("C", "0"), ("lO", "10"), ("B2", "82")])
def test_letters_that_look_like_digits_speak_for_them(letters: str, digits: str) -> None:
    found = options(reading(digits, 0.9), reading(letters, 0.95, reader="second"))
    plain = options(reading(digits, 0.9), reading("无", 0.95, reader="second"))
    same = options(reading(digits, 0.9), reading(digits, 0.95, reader="second"))
    assert listed(found) == [("number", digits)]
    assert plain.rival < found.rival < same.rival


@pytest.mark.parametrize("text", ["C无", "CO2%", "I/", "E"])
def test_words_with_such_letters_stay_words(text: str) -> None:
    assert listed(options(reading(text, 0.95))) == []
