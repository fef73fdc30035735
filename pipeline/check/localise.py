"""All smallest sets of numbers whose change would satisfy every rule, exactly and without a ceiling on values.

A set explains the rules that do not hold when the linear equations over its numbers alone have a solution. Sets are
grown from rules that none of their numbers touches, and, where the equations contradict each other, by the numbers of
the rules in that contradiction: any solution must hold one of them, so no smallest set is missed.

Source: error localisation under linear edits, Fellegi and Holt 1976; the contradiction is Fredholm's alternative.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

# Larger sets, and more of them, tell a person nothing.
MOST_FIELDS, MOST_SETS = 5, 24
# Sets that are looked at; a bound on the work that is the same on every machine.
MOST_STEPS = 1500

Changes = Mapping[str, Decimal]
"""Field id -> the number it would have to be."""


@dataclass(frozen=True, slots=True)
class Equation:
    """A rule: the signed numbers of ``terms`` (field id, 1 or -1) should add up to 0 and add up to ``excess``."""

    terms: tuple[tuple[str, int], ...]
    excess: Decimal


@dataclass(frozen=True)
class Localised:
    """The smallest sets of changes; ``complete`` is False where there may be more, or larger ones."""

    sets: tuple[Changes, ...]
    complete: bool


def localise(
    equations: Sequence[Equation],
    numbers: Mapping[str, Decimal],
    admits: Callable[[str, Decimal], bool],
    *,
    most_fields: int = MOST_FIELDS,
    most_steps: int = MOST_STEPS,
) -> Localised:
    """The smallest sets of numbers whose change satisfies all equations of a connected part.

    Args:
        equations: The rules that can be evaluated.
        numbers: Field id -> its number; of every field in the equations.
        admits: True where a field may hold a number.
        most_fields: Size of the largest sets that are looked for.
        most_steps: How many sets are looked at.
    """
    search = _Search(equations, numbers, admits, most_steps)
    for size in range(1, most_fields + 1):
        search.look_for(size)
        if search.found or search.steps >= most_steps:
            break
    complete = bool(search.found) and search.steps < most_steps and len(search.found) <= MOST_SETS
    return Localised(tuple(search.found[:MOST_SETS]), complete)


@dataclass
class _Search:
    equations: Sequence[Equation]
    numbers: Mapping[str, Decimal]
    admits: Callable[[str, Decimal], bool]
    most_steps: int
    steps: int = 0
    found: list[Changes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.touching: dict[str, list[int]] = {}
        for n, equation in enumerate(self.equations):
            for field_id, _ in equation.terms:
                self.touching.setdefault(field_id, []).append(n)
        self.failed = [n for n, e in enumerate(self.equations) if e.excess]
        self.seen: set[frozenset[str]] = set()

    def look_for(self, size: int) -> None:
        self.seen.clear()
        self._grow(frozenset(), size)

    def _grow(self, chosen: frozenset[str], size: int) -> None:
        if chosen in self.seen or self.steps >= self.most_steps or len(self.found) > MOST_SETS:
            return
        self.seen.add(chosen)
        self.steps += 1
        room = size - len(chosen)
        untouched = [n for n in self.failed if not any(f in chosen for f, _ in self.equations[n].terms)]
        if untouched:
            if len(untouched) <= room * self._most_touched(untouched):
                shortest = min(untouched, key=lambda n: len(self.equations[n].terms))
                self._grow_by([shortest], chosen, size)
            return
        system = sorted({n for f in chosen for n in self.touching[f]})
        solution = _solve(sorted(chosen), [self.equations[n] for n in system])
        if solution.contradiction:
            if room:
                self._grow_by([system[n] for n in solution.contradiction], chosen, size)
            return
        changes = next(self._admitted(sorted(chosen), solution), None) if not room else None
        if changes is not None:
            self.found.append(changes)
        elif room:
            self._grow_by(system, chosen, size)

    def _grow_by(self, equations: Sequence[int], chosen: frozenset[str], size: int) -> None:
        for field_id in dict.fromkeys(f for n in equations for f, _ in self.equations[n].terms):
            if field_id not in chosen:
                self._grow(chosen | {field_id}, size)

    def _most_touched(self, untouched: Sequence[int]) -> int:
        """How many of the equations one field can touch at most."""
        counts = Counter(f for n in untouched for f, _ in self.equations[n].terms)
        return max(counts.values())

    def _admitted(self, chosen: Sequence[str], solution: _Solution) -> Iterator[Changes]:
        """The changes of a solution if every number does change, and to one that its field may hold."""
        for shift in solution.shifts(chosen, self.numbers):
            changes: dict[str, Decimal] = {}
            for field_id, by in zip(chosen, shift, strict=True):
                number = _decimal(Fraction(self.numbers[field_id]) + by)
                if not by or number is None or not self.admits(field_id, number):
                    break
                changes[field_id] = number
            else:
                yield changes


@dataclass(frozen=True, slots=True)
class _Solution:
    """Shifts that solve a system: ``base`` plus any multiple of ``free`` where there is one.

    ``contradiction`` names the equations that cannot hold together; there is then no solution.
    """

    base: tuple[Fraction, ...] = ()
    free: tuple[Fraction, ...] | None = None
    contradiction: tuple[int, ...] = ()

    def shifts(self, chosen: Sequence[str], numbers: Mapping[str, Decimal]) -> Iterator[tuple[Fraction, ...]]:
        """The solution, or of a line of them those around the places where a number would become negative."""
        if self.free is None:
            if self.base:
                yield self.base
            return
        places = {Fraction(0)}
        for field_id, base, slope in zip(chosen, self.base, self.free, strict=True):
            if slope:
                least = (-Fraction(numbers[field_id]) - base) / slope
                places |= {Fraction(math.floor(least) + n) for n in range(-1, 3)}
                places |= {Fraction(math.floor(-base / slope) + n) for n in range(-1, 3)}
        for t in sorted(places, key=abs):
            yield tuple(b + t * s for b, s in zip(self.base, self.free, strict=True))


@dataclass(slots=True)
class _Row:
    coefficients: list[Fraction]
    wanted: Fraction
    sources: frozenset[int]


def _solve(chosen: Sequence[str], equations: Sequence[Equation]) -> _Solution:
    """The shifts of the chosen fields that satisfy the equations. More than one free direction gives no solution."""
    pivots: dict[int, _Row] = {}
    for n, equation in enumerate(equations):
        signs = dict(equation.terms)
        row = _Row([Fraction(signs.get(f, 0)) for f in chosen], -Fraction(equation.excess), frozenset({n}))
        for column, pivot in pivots.items():
            _subtract(row, pivot, row.coefficients[column])
        column = next((c for c, v in enumerate(row.coefficients) if v), -1)
        if column < 0:
            if row.wanted:
                return _Solution(contradiction=tuple(sorted(row.sources)))
            continue
        factor = row.coefficients[column]
        row.coefficients = [v / factor for v in row.coefficients]
        row.wanted /= factor
        for other in pivots.values():
            _subtract(other, row, other.coefficients[column])
        pivots[column] = row
    return _shifts_of(pivots, len(chosen))


def _shifts_of(pivots: Mapping[int, _Row], count: int) -> _Solution:
    """The solution that reduced rows (column -> row) stand for."""
    open_columns = [c for c in range(count) if c not in pivots]
    if len(open_columns) > 1:
        return _Solution()
    base = [pivots[c].wanted if c in pivots else Fraction(0) for c in range(count)]
    if not open_columns:
        return _Solution(tuple(base))
    (free,) = open_columns
    slopes = [-pivots[c].coefficients[free] if c in pivots else Fraction(1) for c in range(count)]
    return _Solution(tuple(base), tuple(slopes))


def _subtract(row: _Row, pivot: _Row, factor: Fraction) -> None:
    if factor:
        row.coefficients = [a - factor * b for a, b in zip(row.coefficients, pivot.coefficients, strict=True)]
        row.wanted -= factor * pivot.wanted
        row.sources |= pivot.sources


def _decimal(number: Fraction) -> Decimal | None:
    """The number as a decimal; None where it has none that ends."""
    rest, places = number.denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    while rest % 2 == 0 or rest % 5 == 0:
        rest, places = (rest // 2 if rest % 2 == 0 else rest // 5), places + 1
    if rest != 1:
        return None
    digits = number.numerator * 10**places // number.denominator
    return Decimal((0 if digits >= 0 else 1, tuple(int(c) for c in str(abs(digits))), -places))
