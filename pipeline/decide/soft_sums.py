"""One option for each cell, and sums that should hold: what is to be made as cheap as can be. Whole numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SoftSum:
    """A sum that should be 0: ``constant`` plus, for each (cell, numbers), the number of the option chosen there."""

    constant: int
    terms: tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class SoftSums:
    """The cells of a part, and the sums over them.

    ``costs``: of each option of each cell; the first costs nothing, the others 0 or more. ``broken_cost``: of each sum
    that does not hold. ``most``: margins above it are not told apart.
    """

    costs: Sequence[Sequence[int]]
    sums: Sequence[SoftSum]
    broken_cost: int
    most: int

    def worth_a_look(self) -> list[list[int]]:
        """The options of each cell that may be part of a cheapest choice, the first among them.

        Another one can be replaced by the first: no more sums than those over the cell then fail.
        """
        over = [0] * len(self.costs)
        for wanted in self.sums:
            for cell in {k for k, _ in wanted.terms}:
                over[cell] += 1
        return [
            [0, *(o for o in range(1, len(own)) if own[o] < self.broken_cost * count)]
            for own, count in zip(self.costs, over, strict=True)
        ]
