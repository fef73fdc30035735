"""All ways to cut glued digits into numbers."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, pairwise

import pytest

from pipeline.decide.number_splits import (
    ColumnKind,
    TooManySplitsError,
    are_apart,
    figure,
    is_cell,
    splits,
    splits_to_total,
)

COUNT = ColumnKind("count", signed=False)
CHANGE = ColumnKind("count", signed=True)
AMOUNT = ColumnKind("amount_10k_yuan", signed=False)


def brute_force(text: str, n: int) -> set[tuple[str, ...]]:
    """Every place for every cut, numbers with a leading zero thrown out afterwards."""
    ways = set()
    for cuts in combinations(range(1, len(text)), n - 1):
        edges = (0, *cuts, len(text))
        pieces = tuple(text[a:b] for a, b in pairwise(edges))
        if all(p == "0" or not p.startswith("0") for p in pieces):
            ways.add(pieces)
    return ways


@pytest.mark.parametrize("text", ["713000074", "0000000", "12345678", "1020304050", "2200003250"])
def test_splits_are_those_of_brute_force(text: str) -> None:
    assert set(splits(text, [COUNT] * 7)) == brute_force(text, 7)


@pytest.mark.parametrize("text", ["713000074", "220000325", "112131000000124", "0000000"])
def test_splits_to_a_total_are_those_of_brute_force(text: str) -> None:
    wanted = {w for w in brute_force(text, 7) if sum(map(int, w[:-1])) == int(w[-1])}
    assert set(splits_to_total(text, [COUNT] * 7)) == wanted


def test_a_sum_leaves_few_ways() -> None:
    assert splits_to_total("713000074", [COUNT] * 7) == [("71", "3", "0", "0", "0", "0", "74")]
    assert splits_to_total("713000075", [COUNT] * 7) == []


def test_blanks_end_a_number() -> None:
    assert set(splits("20 155", [COUNT] * 3)) == {("20", "1", "55"), ("20", "15", "5"), ("2", "0", "155")}
    assert list(splits("1 2 3", [COUNT] * 3)) == [("1", "2", "3")]
    assert are_apart(" 1 2 3", 3)
    assert not are_apart("1 23", 3)


def test_marks_are_cells() -> None:
    assert list(splits("1/////1", [COUNT] * 7)) == [("1", "/", "/", "/", "/", "/", "1")]
    assert list(splits("无", [COUNT])) == [("无",)]
    assert set(splits("————", [COUNT] * 2)) == {("——", "——")}


def test_a_sign_begins_a_change() -> None:
    assert list(splits("35-15", [COUNT, CHANGE])) == [("35", "-15")]
    assert {w[0] for w in splits("2648-18538", [COUNT, CHANGE, COUNT])} == {"2648"}
    assert not list(splits("35-15", [COUNT, COUNT]))


def test_decimals_and_units() -> None:
    assert list(splits("24252.311082", [AMOUNT])) == [("24252.311082",)]
    assert list(splits("2笔 984361元", [COUNT, AMOUNT])) == [("2笔", "984361元")]
    assert ("135", "75394432.52元") in set(splits("13575394432.52元", [COUNT, AMOUNT]))
    assert not list(splits("0.5", [COUNT]))


def test_thousands() -> None:
    assert list(splits("1,2340", [COUNT] * 2)) == [("1,234", "0")]
    assert splits_to_total("1,200001,200", [COUNT] * 4) == [("1,200", "0", "0", "1,200")]


@pytest.mark.parametrize("text", ["", "123", "1?2", "01"])
def test_no_way(text: str) -> None:
    assert not list(splits(text, [COUNT] * 4))


def test_figures() -> None:
    assert [figure(t) for t in ("71", "/", "1,234", "-5", "2笔", "0.5元")] == [71, 0, 1234, -5, 2, Decimal("0.5")]


def test_leading_zeros_are_no_cells() -> None:
    assert is_cell("0", COUNT)
    assert not is_cell("007", COUNT)
    assert is_cell("0.7", AMOUNT)


def test_texts_beyond_measure_are_refused() -> None:
    with pytest.raises(TooManySplitsError):
        list(splits("1234567891" * 6, [COUNT] * 15))
