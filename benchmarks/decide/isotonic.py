"""Isotonic regression of "the value is right" on the margin, and how sure so many decisions allow one to be.

Source: pool adjacent violators, Ayer et al. 1955; (errors + 1) / (n + 2) is Laplace's rule of succession.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

# Margins are told apart to so many decimals of a nat.
_DECIMALS = 2


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
    """(margin, confidence) of a curve that is level over each block and straight between them. Two or more points."""
    points: list[tuple[float, float]] = []
    for block in blocks:
        points += [(margin, block.confidence) for margin in dict.fromkeys((block.low, block.high))]
    if len(points) == 1:
        points.append((points[0][0] + 1, points[0][1]))
    return points
