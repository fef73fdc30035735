from __future__ import annotations

import random
from itertools import pairwise

import pytest

from benchmarks.decide.isotonic import Block, pool, to_points


def test_shares_that_fall_are_pooled() -> None:
    decisions = [(1.0, False)] * 5 + [(1.0, True)] * 5 + [(2.0, True)] * 30 + [(3.0, False)] * 2 + [(3.0, True)] * 30
    assert pool(decisions) == (Block(1.0, 1.0, 10, 5), Block(2.0, 3.0, 62, 2))


def test_a_block_claims_no_more_than_its_count_allows() -> None:
    (block,) = pool([(4.0, True)] * 98)
    assert block.share == 1.0
    assert block.confidence == pytest.approx(0.99)


def test_a_small_block_without_errors_is_joined_to_the_one_below() -> None:
    blocks = pool([(1.0, False), *[(1.0, True)] * 999, *[(2.0, True)] * 3])
    assert blocks == (Block(1.0, 2.0, 1003, 1),)


def test_margins_that_differ_by_less_than_a_hundredth_are_one() -> None:
    assert pool([(1.001, True), (1.004, False)]) == (Block(1.0, 1.0, 2, 1),)


def test_no_decisions_give_no_blocks() -> None:
    assert pool([]) == ()


def test_blocks_rise_and_lose_no_decision() -> None:
    rng = random.Random(4)
    margins = [rng.uniform(0, 15) for _ in range(3000)]
    decisions = [(m, rng.random() > 0.4 * 0.6**m) for m in margins]
    blocks = pool(decisions)
    assert len(blocks) > 3
    assert sum(b.count for b in blocks) == 3000
    assert sum(b.errors for b in blocks) == sum(not right for _, right in decisions)
    for lower, higher in pairwise(blocks):
        assert lower.high < higher.low
        assert lower.confidence < higher.confidence
        assert lower.share < higher.share


def test_the_curve_is_level_over_a_block() -> None:
    blocks = (Block(0.0, 0.0, 8, 4), Block(5.0, 6.0, 98, 0))
    points = to_points(blocks)
    assert points[0] == (0.0, 0.5)
    upper = [p for p in points if p[0] >= 5]
    assert [m for m, _ in upper] == [5.0, 5.5, 6.0]
    assert [c for _, c in upper] == pytest.approx([0.99] * 3)
    assert points == sorted(points)


def test_the_curve_claims_no_more_than_the_margin_says() -> None:
    points = dict(to_points([Block(1.0, 12.0, 998_998, 0)]))
    assert points[1.0] == pytest.approx(0.7311, abs=1e-4)
    assert points[9.0] == pytest.approx(1 - 1.234e-4, abs=1e-6)
    assert points[12.0] == pytest.approx(1 - 6.14e-6, abs=1e-7)


def test_a_curve_has_two_points_at_least() -> None:
    assert to_points([Block(2.0, 2.0, 8, 4)]) == [(2.0, 0.5), (3.0, 0.5)]
