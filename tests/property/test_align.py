"""Sequence alignment against an enumeration of all order-preserving pairings of small tables."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.match.align import NEVER, Pair, align

_MOST_ITEMS = 4
# Eighths are exact in binary: totals compare without a tolerance.
_EIGHTHS = 8

Gain = list[list[float]]
Joined = dict[int, list[float]]
Match = tuple[int, int, int]

gains = st.one_of(st.just(NEVER), st.integers(-4, 2 * _EIGHTHS).map(lambda n: n / _EIGHTHS))


@st.composite
def tables(draw: st.DrawFn, *, with_joined: bool) -> tuple[Gain, Joined]:
    n = draw(st.integers(1, _MOST_ITEMS))
    m = draw(st.integers(1, _MOST_ITEMS))
    row = st.lists(gains, min_size=m, max_size=m)
    gain = draw(st.lists(row, min_size=n, max_size=n))
    if not with_joined or n == 1:
        return gain, {}
    # One item is cut by one page break at most: halves are never halves of two items.
    starts = draw(st.sampled_from(((0,), (1,), (2,), (0, 2))))
    return gain, {start: draw(row) for start in starts if start < n - 1}


def all_alignments(gain: Gain, joined: Joined, i: int = 0, j: int = 0) -> Iterator[tuple[Match, ...]]:
    """Every order-preserving pairing of the printed items from i on to the form items from j on."""
    yield ()
    n, m = len(gain), len(gain[0])
    for start in range(i, n):
        for target in range(j, m):
            if gain[start][target] != NEVER:
                for rest in all_alignments(gain, joined, start + 1, target + 1):
                    yield ((start, start + 1, target), *rest)
            if start in joined and joined[start][target] != NEVER:
                for rest in all_alignments(gain, joined, start + 2, target + 1):
                    yield ((start, start + 2, target), *rest)


def worth(alignment: tuple[Match, ...], gain: Gain, joined: Joined) -> float:
    return sum(gain[a][t] if b - a == 1 else joined[a][t] for a, b, t in alignment)


def is_rival(alignment: tuple[Match, ...], pair: Pair) -> bool:
    """True for an alignment that says something else of the printed items than the pair does."""
    if (pair.start, pair.stop, pair.target) in alignment:
        return False
    if pair.stop - pair.start == 1:
        return True
    # Half of a cut item alone on the same target, the other half on nothing: the same number.
    halves = [(a, b, t) for a, b, t in alignment if a < pair.stop and b > pair.start]
    return not (len(halves) == 1 and halves[0][1] - halves[0][0] == 1 and halves[0][2] == pair.target)


def assert_is_best(gain: Gain, joined: Joined) -> None:
    total, pairs = align(gain, joined)
    everything = list(all_alignments(gain, joined))
    found = tuple((p.start, p.stop, p.target) for p in pairs)
    assert found in everything
    assert total == max(worth(a, gain, joined) for a in everything) == worth(found, gain, joined)
    for pair in pairs:
        second = max(worth(a, gain, joined) for a in everything if is_rival(a, pair))
        assert pair.margin == total - second, (pair, second)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(tables(with_joined=False))
def test_totals_and_margins_are_those_of_the_best_and_second_best_pairing(table: tuple[Gain, Joined]) -> None:
    assert_is_best(*table)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(tables(with_joined=True))
def test_items_cut_in_two_take_part_in_totals_and_margins(table: tuple[Gain, Joined]) -> None:
    assert_is_best(*table)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(tables(with_joined=True))
def test_pairs_come_in_order_and_share_nothing(table: tuple[Gain, Joined]) -> None:
    _, pairs = align(*table)
    for a, b in pairwise(pairs):
        assert a.stop <= b.start
        assert a.target < b.target


@settings(max_examples=60, deadline=None, derandomize=True)
@given(tables(with_joined=False), st.integers(0, _MOST_ITEMS - 1))
def test_an_item_printed_twice_alike_leaves_no_margin(table: tuple[Gain, Joined], which: int) -> None:
    gain, _ = table
    again = which % len(gain)
    doubled = [*gain[: again + 1], gain[again], *gain[again + 1 :]]
    _, pairs = align(doubled)
    paired = {p.start: p for p in pairs}
    for n, other in ((again, again + 1), (again + 1, again)):
        if n in paired and other not in paired:
            assert paired[n].margin == 0
