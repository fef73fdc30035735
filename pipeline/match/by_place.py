"""Rows and columns of a scan whose words are garbled, known by their place between neighbours that are sure.

Words that OCR has garbled resemble what they were more than anything else. Where one printed row (column) stands
between two that are sure, and the form has one between these two as well, it is that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

# A neighbour is sure from this similarity and margin on, 0..1. Columns of equal names have no margin, but a place.
_SURE_SCORE, _SURE_MARGIN = 0.75, 0.1
# What is known by its place resembles its name so much, and no other name more than that by so much. 0..1.
_LEAST_SCORE, _LEAD = 0.3, 0.02
# So many neighbours may be garbled in a row.
_MOST_IN_A_ROW = 2
# Where as many are printed as the form has, so many of them must be alike enough to be matched, each to its own place,
# and so many be sure; the others may resemble nothing, but no free place of the form more than their own by so much.
# Share, number, 0..1.
_MATCHED_SHARE, _FEWEST_SURE, _CLEAR_LEAD = 0.5, 2, 0.3

Match = tuple[int, int, float, float]
"""Printed index, index in the form, similarity, margin."""


def known_by_place(matches: Sequence[Match], scores: Sequence[Sequence[float]], count: int) -> list[tuple[int, int]]:
    """(printed index, index in the form) of what is unsure or unmatched, and has only one place to be.

    Args:
        matches: Those found by likeness, in order. The ends of both lists count as sure.
        scores: Similarity of each printed one to each of the form.
        count: How many the form has.
    """
    sure = [(p, t) for p, t, score, margin in matches if score >= _SURE_SCORE and margin >= _SURE_MARGIN]
    if not sure:
        return []
    found: list[tuple[int, int]] = []
    for (p, t), (next_p, next_t) in pairwise([(-1, -1), *sure, (len(scores), count)]):
        between = next_p - p - 1
        if between != next_t - t - 1 or not 0 < between <= _MOST_IN_A_ROW:
            continue
        run = [(p + k, t + k) for k in range(1, between + 1)]
        if all(_is_likeliest(scores[a], b) for a, b in run):
            found += run
    return found


def known_by_count(matches: Sequence[Match], scores: Sequence[Sequence[float]], count: int) -> list[int]:
    """The places of what is unsure or unmatched where just as many are printed as the form has.

    For lists whose order is fixed: one that is missing and a strange one in its very place are not told apart.

    Args:
        matches: Those found by likeness, in order.
        scores: Similarity of each printed one to each of the form.
        count: How many the form has.
    """
    sure = {p for p, _, score, margin in matches if score >= _SURE_SCORE and margin >= _SURE_MARGIN}
    if len(scores) != count:
        return []
    # One that is unsure may have been matched beside its place, where it resembles both alike.
    elsewhere = [(p, score) for p, t, score, _ in matches if p != t]
    if any(p in sure or score > scores[p][p] + _LEAD for p, score in elsewhere):
        return []
    if len(matches) - len(elsewhere) < _MATCHED_SHARE * count or len(sure) < _FEWEST_SURE:
        return []
    free = [i for i in range(count) if i not in sure]
    is_torn = any(scores[a][b] > scores[a][a] + _CLEAR_LEAD for a in free for b in free)
    return [] if is_torn else free


def _is_likeliest(scores: Sequence[float], target: int) -> bool:
    return scores[target] >= max(_LEAST_SCORE, max(scores) - _LEAD)
