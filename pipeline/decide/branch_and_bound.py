"""The cheapest choice of one option per cell under soft sums, where little is in doubt. Whole numbers only.

All cells begin with their cheapest option, which costs nothing. What can be gained from there lies in sums that do not
hold: each is paid for, or one of its cells is changed, which may break others. An option that costs as much as all sums
over its cell is never worth it. Where options are dear the search ends after a few steps; where they are cheap and many
it is given up, and a solver has to do it.

Source: branch and bound, Land and Doig 1960.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.decide.soft_sums import SoftSums


def cheapest_nearby(part: SoftSums, *, steps: int) -> list[tuple[int, int]] | None:
    """(option, margin) of each cell; None where so many steps do not suffice.

    The margin is what the cheapest choice with another option there costs more, ``part.most`` at most.
    """
    search = _Search(part, steps)
    try:
        least, chosen = search.best(len(part.sums) * part.broken_cost + 1)
        margins = []
        for cell, option in enumerate(chosen):
            bound = least + part.most
            for other in (o for o in range(len(part.costs[cell])) if o != option):
                bound = search.best_with(cell, other, bound)
            margins.append(bound - least)
    except _OutOfSteps:
        return None
    return list(zip(chosen, margins, strict=True))


class _OutOfSteps(Exception):  # noqa: N818 - no error: another way is taken
    pass


@dataclass
class _Search:
    part: SoftSums
    steps: int
    _options: list[list[int]] = field(init=False)  # cell -> its options that are worth a look
    _over: list[list[tuple[int, tuple[int, ...]]]] = field(init=False)  # cell -> (sum, numbers) of its sums
    _inside: list[list[int]] = field(init=False)  # sum -> its cells, those with cheap options first
    _least: list[int] = field(init=False)  # sum -> what it costs at least where it does not hold
    _values: list[int] = field(init=False)  # sum -> what it comes to
    _broken: set[int] = field(init=False)  # sums that do not hold and are not paid for
    _paid: set[int] = field(init=False)
    _fixed: list[bool] = field(init=False)
    _chosen: list[int] = field(init=False)
    _bound: int = 0  # only what costs less is looked for
    _found: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        costs, sums, count = self.part.costs, self.part.sums, len(self.part.costs)
        self._over = [[] for _ in range(count)]
        for n, wanted in enumerate(sums):
            for cell, numbers in wanted.terms:
                self._over[cell].append((n, numbers))
        self._options = self.part.worth_a_look()
        dear = self.part.broken_cost
        second = [
            min((own[o] for o in options[1:]), default=dear) for own, options in zip(costs, self._options, strict=True)
        ]
        self._inside = [sorted({k for k, _ in s.terms}, key=lambda k: second[k]) for s in sums]
        self._least = [min([dear, *(second[k] for k in inside)]) for inside in self._inside]
        self._values = [s.constant + sum(numbers[0] for _, numbers in s.terms) for s in sums]
        self._broken = {n for n, value in enumerate(self._values) if value}
        self._paid = set()
        self._fixed = [False] * count
        self._chosen = [0] * count

    def best(self, bound: int) -> tuple[int, list[int]]:
        """(cost, options) of the cheapest choice; it costs less than ``bound``."""
        self._bound = bound
        self._descend(0)
        return self._bound, self._found

    def best_with(self, cell: int, option: int, bound: int) -> int:
        """What the cheapest choice with this option costs; ``bound`` where it is no less."""
        self._bound = bound
        self._try(cell, option, 0)
        return self._bound

    def _descend(self, spent: int) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise _OutOfSteps
        if spent >= self._bound:
            return
        if not self._broken:
            self._bound, self._found = spent, self._chosen.copy()
            return
        if spent + max(self._least[n] for n in self._broken) >= self._bound:
            return
        wanted = min(self._broken)
        free = [k for k in self._inside[wanted] if not self._fixed[k]]
        # No cell is changed and the sum paid for; or one is, and none of those before it.
        for k in free:
            self._fixed[k] = True
        self._broken.discard(wanted)
        self._paid.add(wanted)
        self._descend(spent + self.part.broken_cost)
        self._paid.discard(wanted)
        self._broken.add(wanted)
        for k in free:
            self._fixed[k] = False
        for k in free:
            for option in self._options[k][1:]:
                self._try(k, option, spent)
            self._fixed[k] = True
        for k in free:
            self._fixed[k] = False

    def _try(self, cell: int, option: int, spent: int) -> None:
        spent += self.part.costs[cell][option]
        if spent >= self._bound:
            return
        self._move(cell, 0, option)
        self._fixed[cell], self._chosen[cell] = True, option
        self._descend(spent)
        self._fixed[cell], self._chosen[cell] = False, 0
        self._move(cell, option, 0)

    def _move(self, cell: int, old: int, new: int) -> None:
        for n, numbers in self._over[cell]:
            self._values[n] += numbers[new] - numbers[old]
            if n not in self._paid:
                (self._broken.add if self._values[n] else self._broken.discard)(n)
