"""Numbers that may have been misread together because a scan makes two digits alike."""

from __future__ import annotations

from decimal import Decimal

from models.finding import Message
from models.match import PrintedField
from models.rule import LinearRule
from pipeline.decide.cell_options import Option
from pipeline.decide.confused_digits import misread_together
from pipeline.decide.values_under_rules import Choice, Solution
from tests.unit.decide.scanned import FORM, cell, reading

IDS = tuple(FORM.official_fields)
NOTHING = Message(zh="", en="")


def rule(left: str, right: str) -> LinearRule:
    """A sum over cells given by the letters that ``look`` names them by."""
    ids = [tuple(IDS["abcdefghij".index(c)] for c in side) for side in (left, right)]
    return LinearRule("r", "r", "error", ids[0], ids[1], NOTHING, NOTHING)


def look(*cells: tuple[str, str], rules: tuple[LinearRule, ...] = (), most_wrong: float = 1e-4) -> str:
    """The letters of the cells that may be misread, of cells given by what was taken and what was read."""
    taken = {i: Choice(Option("number", t, t, 0.0, Decimal(t)), 12.0) for i, (t, _) in zip(IDS, cells, strict=False)}
    read: dict[str, PrintedField] = {
        i: cell(i, reading(r, 0.9), reading(t, 0.3)) for i, (t, r) in zip(IDS, cells, strict=False)
    }
    found = misread_together(read, Solution(taken, (), rules, {}), most_wrong)
    return "".join(letter for letter, i in zip("abcdefghij", IDS, strict=False) if i in found)


WITNESSES = (("44", "14"), ("648", "618"))


def test_a_number_without_a_sum_that_has_a_misread_digit() -> None:
    assert look(*WITNESSES, ("21", "21"), ("23", "23")) == "c"


def test_one_cell_is_no_pattern() -> None:
    assert look(WITNESSES[0], ("648", "648"), ("21", "21")) == ""
    assert look(("44", "14"), ("18", "13"), ("21", "21")) == ""


def test_unsure_readings_tell_nothing() -> None:
    taken = {
        i: Choice(Option("number", t, t, 0.0, Decimal(t)), 12.0) for i, t in zip(IDS, ("44", "648", "21"), strict=False)
    }
    cells = {i: cell(i, reading(t, 0.4)) for i, t in zip(IDS, ("14", "618", "21"), strict=False)}
    assert misread_together(cells, Solution(taken, (), (), {}), 1e-4) == frozenset()


def test_numbers_of_other_lengths_tell_nothing() -> None:
    assert look(("41", "1"), ("641", "61"), ("21", "21")) == ""


def test_a_part_and_its_total_may_be_misread_together() -> None:
    sum_of = (rule("cd", "e"),)
    assert look(*WITNESSES, ("1", "1"), ("0", "0"), ("1", "1"), rules=sum_of) == "ce"


def test_a_digit_that_the_other_side_lacks_at_that_place_is_safe() -> None:
    sum_of = (rule("cd", "e"),)
    assert look(*WITNESSES, ("1", "1"), ("9", "9"), ("10", "10"), rules=sum_of) == ""


def test_four_cells_that_hold_one_another_are_misread_together_more_rarely() -> None:
    # c + d = e, f + g = h, c + f = i, e + h = j: a digit of c is also in e, i and j.
    ones = (("1", "1"), ("0", "0"), ("1", "1"), ("0", "0"), ("0", "0"), ("0", "0"), ("1", "1"), ("1", "1"))
    sums = (rule("cd", "e"), rule("fg", "h"), rule("cf", "i"), rule("eh", "j"))
    assert look(*WITNESSES, *ones, rules=sums) == "ceij"
    # Both fours were misread: each of the four cells may be one. A small probability is asked for.
    assert look(*WITNESSES, *ones, rules=sums, most_wrong=1.0) == ""


def test_the_rate_counts_the_cells_that_show_the_digit() -> None:
    ones = (("1", "1"), ("0", "0"), ("1", "1"))
    cells = (*WITNESSES, *ones, ("4", "4"), ("4", "4"))
    assert look(*cells, rules=(rule("cd", "e"),), most_wrong=0.26) == ""
    assert look(*cells, rules=(rule("cd", "e"),), most_wrong=0.24) == "ce"
