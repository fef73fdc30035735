"""Sequence alignment with margins: printed items against form items, both in their order.

Global alignment by dynamic programming; leaving an item out costs nothing, matching a pair gains ``gain[i][j]``. The
margin of a pair is the best total with it minus the best total without it, so a label that would fit elsewhere as
well has a small margin although its similarity is high. Same idea as forward-backward scores of pairwise alignment.

Source: Needleman and Wunsch 1970; posterior alignment by forward and backward passes, Durbin et al. 1998, chapter 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class Pair:
    """Printed items ``start <= i < stop`` (one, or two joined) matched to form item ``target``."""

    start: int
    stop: int
    target: int
    margin: float


def align(
    gain: Sequence[Sequence[float]], joined_gain: Mapping[int, Sequence[float]] | None = None
) -> tuple[float, list[Pair]]:
    """(best total, its pairs in order). O(n*m).

    Args:
        gain: ``gain[i][j]`` for printed item i and form item j; ``NEVER`` forbids the pair.
        joined_gain: ``joined_gain[i][j]`` for items i and i+1 taken together, where they may be one cut item.
    """
    n, m = len(gain), len(gain[0]) if gain else 0
    if not n or not m:
        return 0.0, []
    joined = joined_gain or {}
    forward = _forward(gain, joined, n, m)
    backward = _backward(gain, joined, n, m)
    total = forward[n][m]
    pairs = []
    for start, stop, target in _trace(gain, joined, forward, n, m):
        if stop - start == 1:
            second = _best_other(start, target, gain, joined, forward, backward)
        else:
            second = _best_apart(start, target, gain, joined, forward, backward)
        pairs.append(Pair(start, stop, target, total - second))
    return total, pairs


def _forward(
    gain: Sequence[Sequence[float]], joined: Mapping[int, Sequence[float]], n: int, m: int
) -> list[list[float]]:
    f = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        two = joined.get(i - 2)
        for j in range(1, m + 1):
            best = max(f[i - 1][j], f[i][j - 1], f[i - 1][j - 1] + gain[i - 1][j - 1])
            if two is not None:
                best = max(best, f[i - 2][j - 1] + two[j - 1])
            f[i][j] = best
    return f


def _backward(
    gain: Sequence[Sequence[float]], joined: Mapping[int, Sequence[float]], n: int, m: int
) -> list[list[float]]:
    b = [[0.0] * (m + 1) for _ in range(n + 2)]
    for i in range(n - 1, -1, -1):
        two = joined.get(i)
        for j in range(m - 1, -1, -1):
            best = max(b[i + 1][j], b[i][j + 1], b[i + 1][j + 1] + gain[i][j])
            if two is not None:
                best = max(best, b[i + 2][j + 1] + two[j])
            b[i][j] = best
    return b


def _trace(
    gain: Sequence[Sequence[float]],
    joined: Mapping[int, Sequence[float]],
    f: Sequence[Sequence[float]],
    n: int,
    m: int,
) -> list[tuple[int, int, int]]:
    found = []
    i, j = n, m
    while i > 0 and j > 0:
        here = f[i][j]
        if here == f[i - 1][j - 1] + gain[i - 1][j - 1]:
            found.append((i - 1, i, j - 1))
            i, j = i - 1, j - 1
        elif i - 2 in joined and here == f[i - 2][j - 1] + joined[i - 2][j - 1]:
            found.append((i - 2, i, j - 1))
            i, j = i - 2, j - 1
        elif here == f[i - 1][j]:
            i -= 1
        else:
            j -= 1
    found.reverse()
    return found


def _best_other(
    i: int,
    target: int,
    gain: Sequence[Sequence[float]],
    joined: Mapping[int, Sequence[float]],
    f: Sequence[Sequence[float]],
    b: Sequence[Sequence[float]],
) -> float:
    """Best total in which printed item ``i`` alone is not paired to ``target``."""
    m = len(gain[0])
    best = max(f[i][k] + b[i + 1][k] for k in range(m + 1))
    for start in (i - 1, i):
        two = joined.get(start)
        if two is not None:
            best = max(best, *(f[start][j] + two[j] + b[start + 2][j + 1] for j in range(m)))
    return max([best, *(f[i][j] + gain[i][j] + b[i + 1][j + 1] for j in range(m) if j != target)])


def _best_apart(
    start: int,
    target: int,
    gain: Sequence[Sequence[float]],
    joined: Mapping[int, Sequence[float]],
    f: Sequence[Sequence[float]],
    b: Sequence[Sequence[float]],
) -> float:
    """Best total that gives the printed items ``start`` and ``start + 1`` a meaning other than ``target`` together.

    One half alone paired to ``target`` with the other left out says the same, so it is no rival.
    """
    m = len(gain[0])
    n = len(gain)
    # The best totals of the two rows and what lies before them, with ``target`` shut to both.
    rows = [list(f[start])]
    for i in (start, start + 1):
        above = rows[-1]
        row = [above[0]]
        two = joined.get(i - 1)
        two_above = f[i - 1] if i == start else rows[-2]
        for j in range(m):
            best = max(above[j + 1], row[j])
            if j != target:
                best = max(best, above[j] + gain[i][j])
            if two is not None and (i - 1 != start or j != target):
                best = max(best, two_above[j] + two[j])
            row.append(best)
        rows.append(row)
    rivals = [rows[2][k] + b[start + 2][k] for k in range(m + 1)]
    # Each half a row of its own, one of them ``target``.
    here, below = gain[start], gain[start + 1]
    rivals += [f[start][target] + here[target] + below[j] + b[start + 2][j + 1] for j in range(target + 1, m)]
    rivals += [f[start][j] + here[j] + below[target] + b[start + 2][target + 1] for j in range(target)]
    after = joined.get(start + 1)
    if after is not None and start + 2 < n:
        rivals += [f[start][target] + here[target] + after[j] + b[start + 3][j + 1] for j in range(target + 1, m)]
    return max(rivals)
