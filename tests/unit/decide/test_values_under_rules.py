"""Single cases of deciding under rules; against all combinations see the property tests."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from models.finding import Message
from models.rule import LinearRule
from pipeline.decide import cp_sat, values_under_rules
from pipeline.decide.cell_options import CellOptions, Option
from pipeline.decide.cp_sat import cheapest
from pipeline.decide.parse_value import parse_value
from pipeline.decide.soft_sums import SoftSum, SoftSums
from pipeline.decide.values_under_rules import BROKEN_RULE, MOST_MARGIN, Implied, Solution, decide_values

_NOTHING = Message(zh="", en="")


def cell(name: str, *priced: tuple[str, float], other: float = math.inf) -> CellOptions:
    """Options from texts with costs; "" is a blank."""
    listed = []
    for text, cost in priced:
        parsed = parse_value(text, "count")
        number = Decimal(parsed.value or 0) if parsed.kind == "number" else Decimal(0)
        listed.append(Option(parsed.kind, parsed.value, text, cost, number))
    return CellOptions(name, tuple(listed), other)


def rule(left: str, right: str) -> LinearRule:
    return LinearRule(f"{left}={right}", "t", "error", tuple(left), tuple(right), _NOTHING, _NOTHING)


def decided(cells: list[CellOptions], *rules: LinearRule) -> Solution:
    return decide_values({c.field_id: c for c in cells}, rules)


def values(solution: Solution) -> dict[str, str | None]:
    return {i: c.option.value for i, c in solution.choices.items()}


def test_a_doubtful_cell_follows_the_sum() -> None:
    found = decided([cell("t", ("7", 0.0)), cell("a", ("1", 0.0), ("2", 1.0)), cell("b", ("5", 0.0))], rule("t", "ab"))
    assert values(found)["a"] == "2"
    assert found.choices["a"].margin == pytest.approx(BROKEN_RULE - 1)
    assert (found.broken, [r.id for r in found.holding]) == ((), ["t=ab"])


def test_a_reading_that_costs_more_than_the_rule_is_not_taken() -> None:
    found = decided([cell("t", ("7", 0.0)), cell("a", ("1", 0.0), ("2", 4.5)), cell("b", ("5", 0.0))], rule("t", "ab"))
    assert values(found)["a"] == "1"
    assert found.choices["a"].margin == pytest.approx(0.5)
    assert [r.id for r in found.broken] == ["t=ab"]


def test_two_explanations_as_good_as_each_other_have_no_margin() -> None:
    found = decided(
        [cell("t", ("7", 0.0)), cell("a", ("1", 0.0), ("2", 1.0)), cell("b", ("5", 0.0), ("6", 1.0))], rule("t", "ab")
    )
    assert found.broken == ()
    assert [found.choices[i].margin for i in "ab"] == [0.0, 0.0]


def test_a_rule_over_a_cell_that_is_not_there_is_not_in_force() -> None:
    found = decided([cell("t", ("7", 0.0)), cell("a", ("1", 0.0), ("7", 1.0))], rule("t", "ab"))
    assert values(found)["a"] == "1"
    assert (found.broken, found.holding) == ((), ())


def test_a_side_that_is_blank_as_a_whole_says_nothing() -> None:
    found = decided([cell("t", ("", 0.0)), cell("a", ("1", 0.0), ("0", 1.0)), cell("b", ("/", 0.0))], rule("t", "ab"))
    assert values(found)["a"] == "1"
    assert (found.broken, found.holding) == ((), ())


def test_an_unread_cell_has_no_choice_and_is_what_its_sums_ask_for() -> None:
    found = decided(
        [cell("t", ("7", 0.0)), cell("a"), cell("b", ("5", 0.0)), cell("c", ("2", 0.0))],
        rule("t", "ab"),
        rule("c", "a"),
    )
    assert "a" not in found.choices
    assert found.implied["a"] == Implied(Decimal(2), 2)
    assert (found.broken, found.holding) == ((), ()), "a rule over a cell that was not read neither holds nor fails"


def test_two_unread_cells_of_one_sum_imply_nothing() -> None:
    found = decided([cell("t", ("7", 0.0)), cell("a"), cell("b")], rule("t", "ab"))
    assert found.implied["a"] == found.implied["b"] == Implied(None, 0)


def test_what_the_sums_ask_for_is_never_negative() -> None:
    found = decided([cell("t", ("3", 0.0)), cell("a", ("0", 0.0), other=9.0), cell("b", ("5", 0.0))], rule("t", "ab"))
    assert found.implied["a"] == Implied(None, 0)
    assert found.choices["a"].margin == 9.0, "no rule would gain by another count"
    assert found.implied["b"] == Implied(Decimal(3), 1)


def test_rules_that_ask_for_another_value_lower_the_margin() -> None:
    cells = [cell("t", ("7", 0.0)), cell("a", ("1", 0.0), other=14.0), cell("b", ("5", 0.0)), cell("s", ("2", 0.0))]
    assert decided(cells, rule("t", "ab")).choices["a"].margin == pytest.approx(14 - BROKEN_RULE)
    found = decided(cells, rule("t", "ab"), rule("s", "a"))
    assert values(found)["a"] == "1", "sums alone make no number"
    assert found.choices["a"].margin == pytest.approx(14 - 2 * BROKEN_RULE)


def test_rules_that_hold_raise_it_again_but_not_above_the_most() -> None:
    cells = [cell("t", ("6", 0.0)), cell("a", ("1", 0.0), other=2.0), cell("b", ("5", 0.0), other=99.0)]
    found = decided(cells, rule("t", "ab"))
    assert found.choices["a"].margin == pytest.approx(2 + BROKEN_RULE)
    assert found.choices["b"].margin == MOST_MARGIN


def test_a_sum_speaks_for_a_cell_only_as_far_as_its_other_cells_are_sure() -> None:
    """Printed 2 + 12 = 14: a 1 and a 13 add up too."""
    sure, read = [cell("t", ("14", 0.0)), cell("s", ("1", 0.0))], cell("a", ("1", 0.0), other=2.0)
    for doubt, others in ((1.5, (("12", 1.5),)), (0.5, (("12", 1.5), ("15", 0.5))), (BROKEN_RULE, ())):
        beside = cell("b", ("13", 0.0), *others)
        found = decided([*sure, read, beside], rule("t", "ab"))
        assert found.choices["a"].margin == pytest.approx(2 + doubt)
        assert decided([*sure, read, beside], rule("t", "ab"), rule("s", "a")).choices["a"].margin == pytest.approx(
            2 + doubt + BROKEN_RULE
        )
    held = [*sure, read, cell("b", ("13", 0.0), ("12", 1.5)), cell("u", ("13", 0.0))]
    found = decided(held, rule("t", "ab"), rule("u", "b"))
    assert found.choices["a"].margin == pytest.approx(2 + BROKEN_RULE), "another sum holds the cell beside it"


@pytest.mark.parametrize("most_steps", [0, 5000])
@pytest.mark.parametrize(
    "text", ["1000000000001", "9" * 30, "9" * 60, "1.00001", "0." + "1" * 40, "999999999999.9999", "1000000000000"]
)
def test_numbers_too_large_for_the_solver_are_left_out_of_sums(
    text: str, most_steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values_under_rules, "_MOST_STEPS", most_steps)
    cells = [
        cell("t", ("7", 0.0)),
        cell("a", ("1", 0.0), (text, 0.5)),
        cell("b", ("5", 0.0), ("6", 1.0)),
        cell("s", ("6", 0.0)),
    ]
    found = decided(cells, rule("t", "ab"), rule("s", "b"))
    assert values(found) == {"t": "7", "a": "1", "b": "6", "s": "6"}
    counted = abs(Decimal(text)) <= 10**12 and "0001" not in text and "11111" not in text
    assert [r.id for r in found.holding] == (["t=ab", "s=b"] if counted else ["s=b"])
    assert found.broken == ()


def test_a_part_that_is_too_much_work_stays_as_read_and_is_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values_under_rules, "_MOST_STEPS", 0)
    monkeypatch.setattr(cp_sat, "cheapest", lambda *_, **__: None)
    monkeypatch.setattr(values_under_rules, "_solve", values_under_rules._solve.__wrapped__)  # remembers nothing
    found = decided([cell("t", ("7", 0.0)), cell("a", ("1", 0.0), ("2", 1.0)), cell("b", ("5", 0.0))], rule("t", "ab"))
    assert values(found)["a"] == "1"
    assert found.choices["a"].margin == 0.0
    assert [r.id for r in found.broken] == ["t=ab"]


def test_the_solver_gives_up_rather_than_guess() -> None:
    costs = [[0, 1000 + k] for k in range(40)]
    sums = [SoftSum(-7, tuple((k, (0, (k * n) % 13 + 1)) for k in range(40))) for n in range(1, 12)]
    assert cheapest(SoftSums(costs, sums, 4000, 15000), work=0.0) is None


def test_numbers_beyond_64_bits_together_are_given_up_too() -> None:
    large = 2**62
    sums = [SoftSum(0, tuple((k, (large, large - 1)) for k in range(4)))]
    assert cheapest(SoftSums([[0, 1]] * 4, sums, 4000, 15000), work=5.0) is None


def test_margins_of_the_solver_are_the_most_at_most() -> None:
    # The first cell has no other option, the second one that costs too much, the third one that costs little.
    found = cheapest(SoftSums([[0], [0, 99_000], [0, 700]], [], 4000, 15_000), work=5.0)
    assert found == [(0, 15_000), (0, 15_000), (0, 700)]


def test_two_broken_sums_outweigh_one_costly_option() -> None:
    sums = [SoftSum(-2, ((0, (1, 2)),)), SoftSum(-4, ((0, (2, 4)),))]
    assert cheapest(SoftSums([[0, 5000]], sums, 4000, 15_000), work=5.0) == [(1, 3000)]
