"""Isotonic regression of "the value is right" on the margin, and how sure so many decisions allow one to be.

Source: pool adjacent violators, Ayer et al. 1955; (errors + 1) / (n + 2) is Laplace's rule of succession.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

# Margins are told apart to so many decimals of a nat.
_DECIMALS = 2
# The curve has a point at every multiple of this. Nats.
_STEP = 0.5


@dataclass(frozen=True, slots=True)
class Block:
    """Decisions with margins ``low`` to ``high`` (nats): how many, and how many of them were wrong."""

    low: float
    high: float
    count: int
    errors: int

    @property
    def share(self) -> float:
        """Share of them that was right."""
        return 1 - self.errors / self.count

    @property
    def confidence(self) -> float:
        """The most confidence that so many decisions allow."""
        return 1 - (self.errors + 1) / (self.count + 2)

    def join(self, higher: Block) -> Block:
        """Both in one."""
        return Block(self.low, higher.high, self.count + higher.count, self.errors + higher.errors)


def pool(decisions: Iterable[tuple[float, bool]]) -> tuple[Block, ...]:
    """Blocks by rising margin of (margin in nats, right): shares rise strictly, and so do the confidences.

    First the blocks of the isotonic regression, then those joined that are too small to allow what a lower one does.
    """
    ordered = sorted((round(margin, _DECIMALS), right) for margin, right in decisions)
    single = []
    for margin, same in groupby(ordered, key=lambda decision: decision[0]):
        outcomes = [right for _, right in same]
        single.append(Block(margin, margin, len(outcomes), outcomes.count(False)))
    return tuple(_joined(_joined(single, key="share"), key="confidence"))


def _joined(blocks: Iterable[Block], *, key: str) -> list[Block]:
    """Neighbours joined until the key rises strictly."""
    found: list[Block] = []
    for block in blocks:
        found.append(block)
        while len(found) > 1 and getattr(found[-2], key) >= getattr(found[-1], key):
            higher = found.pop()
            found[-1] = found[-1].join(higher)
    return found


def to_points(blocks: Iterable[Block]) -> list[tuple[float, float]]:
    """(margin, confidence) of a curve of two or more points, straight between them.

    It is level over each block, but nowhere claims more than the margin says, which is the logarithm of odds: a block
    without errors that spans many margins says little about its lower end, where few decisions lie.
    """
    found = list(blocks)
    steps = (n * _STEP for n in range(int(found[0].low / _STEP), int(found[-1].high / _STEP) + 1))
    edges = {edge for block in found for edge in (block.low, block.high)}
    margins = sorted({round(m, _DECIMALS) for m in (*edges, *steps) if m >= found[0].low})
    points = [(m, min(_level(found, m), 1 / (1 + math.exp(-m)))) for m in margins]
    if len(points) == 1:
        points.append((points[0][0] + 1, points[0][1]))
    return points


def _level(blocks: Sequence[Block], margin: float) -> float:
    """The confidence of the last block that begins at a margin or below it."""
    return max(b.confidence for b in blocks if b.low <= margin)
