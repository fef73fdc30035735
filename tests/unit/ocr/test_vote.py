from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.ocr.engine import BLANK, NUMBER_ALPHABET, OTHER, LineReading
from pipeline.ocr.vote import LOW_SCORE, MODELS_DIFFER, Vote, is_number, to_reading, vote
from tests.unit.fake_engines import reading


def ask(first: LineReading, second: LineReading) -> Vote:
    return vote([("first", first), ("second", second)], accept_score=0.9)


def test_two_sure_engines_agree() -> None:
    found = ask(reading("305", 0.99), reading("305", 0.98))

    assert (found.text, found.flags) == ("305", frozenset())
    assert [(r.reader, r.text) for r in found.readings] == [("first", "305"), ("second", "305")]


def test_engines_that_differ_are_told_and_the_surer_one_is_believed() -> None:
    found = ask(reading("1", 0.6), reading("7", 0.99))

    assert found.text == "7"
    assert MODELS_DIFFER in found.flags
    assert [r.text for r in found.readings] == ["1", "7"]


def test_engines_that_differ_and_are_both_sure_are_told() -> None:
    assert MODELS_DIFFER in ask(reading("1", 0.999), reading("7", 0.999)).flags


@pytest.mark.parametrize(("first", "second"), [(0.6, 0.7), (0.7, 0.6), (0.5, 0.5), (1.0, 0.3), (0.3, 1.0)])
def test_both_engines_unsure_or_one_very_unsure_are_a_doubt(first: float, second: float) -> None:
    found = ask(reading("5", first), reading("5", second))

    assert found.text == "5"
    assert found.flags == {LOW_SCORE}


def test_what_else_it_may_be_is_kept() -> None:
    unsure = reading("5", 0.7)
    unsure.steps[1, [BLANK, 2 + NUMBER_ALPHABET.index("6")]] = 0, 0.3

    [first, _] = ask(unsure, reading("5")).readings

    assert (first.text, first.score) == ("5", 0.7)
    assert [(c.text, c.score) for c in first.alternatives] == [("6", 0.3)]


def test_text_that_one_engine_takes_for_no_number_is_no_agreement() -> None:
    assert ask(reading("12"), reading("一二")).flags == {MODELS_DIFFER, LOW_SCORE}
    assert ask(reading("一二"), reading("12")).flags == {MODELS_DIFFER, LOW_SCORE}


@pytest.mark.parametrize("text", ["0", "3.5", "1,234", "-", "-7", "12345678"])
def test_what_may_be_a_number(text: str) -> None:
    assert is_number(reading(text)) == (text != "-")


@pytest.mark.parametrize("text", ["", "自然人", "第3条", "1" * 19])
def test_what_is_none(text: str) -> None:
    assert not is_number(reading(text))


@pytest.mark.parametrize(("text", "number"), [(".28", "28"), ("28.", "28"), (",5.5", "5.5")])
def test_a_point_at_an_end_is_a_speck_and_a_doubt(text: str, number: str) -> None:
    found = ask(reading(text), reading(text))

    assert found.text == number
    assert found.flags == {LOW_SCORE}
    assert [r.text for r in found.readings] == [text, text]


@pytest.mark.parametrize(("probable", "text"), [(0.3, "0"), (0.05, "0"), (0.01, "日")])
def test_in_a_cell_for_a_number_a_character_of_its_shape_is_the_number(probable: float, text: str) -> None:
    line = reading("0", probable)
    line.steps[1, OTHER] = 1 - probable
    seen = replace(line, text="日", score=1 - probable)

    assert is_number(seen) is (probable > 0.2)
    assert to_reading("again", seen).text == text
