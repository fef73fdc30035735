"""How likely a slip it is that a number was printed instead of another one.

A slip of a kind turns a number into each of a few others: one of its digits into one of nine, its digits into those of
a cell beside it. So the cost of an explanation is the log odds of kind and outcome together, and of the number meant:
how a total falls into parts is as likely as any other way, but for parts that are known to be the larger ones.

Source: the noisy channel of spelling correction, Kernighan, Church and Gale 1990; the Dirichlet-multinomial
distribution, Mosimann 1962.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.figures import plain
from models.finding import Slip

SHIFTED_ROW_COST, SWAPPED_CELLS_COST = 4.5, 2.2
"""How unlikely it is that the numbers of a row slipped by a column, or that two numbers changed places; nats."""

# Other readings of a cell are likelier than any slip of its author. Nats.
_READ = 0.5
# The kinds of slips are about as frequent as one another; a number that has nothing to do with the one meant is rare.
_UNRELATED = 0.05
# Forms come with their zeros: who leaves one there types nothing that could go wrong.
_TYPED_ZERO = 0.1
# A count of n is as frequent as this power of n + 1 says, and a zero so many times as that.
_FALL, _ZEROS = 1.2, 3.0
_SMALLEST = 1e-9


@dataclass(frozen=True, slots=True)
class Split:
    """The place of a part in its total.

    ``rest`` is the sum of the other parts; ``weight`` says how large the part usually is, ``weights`` how large all
    parts are together: 1 for each of which nothing is known.
    """

    rest: Decimal
    weight: float
    weights: float

    def gain(self, printed: Decimal, meant: Decimal) -> float:
        """By how much likelier the split of the total is with one number than with another, in nats."""
        return self._log_odds(meant) - self._log_odds(printed)

    def _log_odds(self, number: Decimal) -> float:
        part = max(float(number), 0.0)
        total = max(float(self.rest), 0.0) + part
        whole = math.lgamma(total + 1) - math.lgamma(total + self.weights)
        return whole + math.lgamma(part + self.weight) - math.lgamma(part + 1)


def misprint_cost(
    printed: Decimal,
    meant: Decimal,
    neighbours: Sequence[Decimal],
    proposed: Collection[str],
    parts: Sequence[Decimal] | None = None,
    split: Split | None = None,
) -> float:
    """How unlikely it is that one number was meant and another printed, in nats.

    Args:
        printed: What the report prints.
        meant: What it would have to be.
        neighbours: Numbers of the cells around.
        proposed: Other readings of the cell.
        parts: The numbers of which a total is the sum; None where the number is no total.
        split: The place of the number in a total; None where it is part of none.
    """
    if plain(meant) in proposed:
        return _READ
    share = _mistyped(printed, meant, neighbours)
    if parts is None:
        gain = split.gain(printed, meant) if split is not None else _log_frequency(meant) - _log_frequency(printed)
        return -gain - math.log(share)
    # A total is what its parts make it: no total is unusual.
    off = abs(float(meant - printed))
    forgotten = sum(part == meant - printed for part in parts if part)
    share += forgotten / (2 * max(len(parts), 1)) + 1 / (4 * max(off, 1))
    return -math.log(share)


def _mistyped(printed: Decimal, meant: Decimal, neighbours: Sequence[Decimal]) -> float:
    """How many of the slips in one number lead from the one to the other, each kind counting as one."""
    a, b = plain(printed).lstrip("-"), plain(meant).lstrip("-")
    share = max(_UNRELATED * math.exp(_log_frequency(printed)), _SMALLEST)
    # A zero is left out rather than copied.
    copied = sum(number == printed for number in neighbours) / max(len(neighbours), 1) if printed else 1
    if not meant:
        return copied + _TYPED_ZERO * (share + (len(a) == 1) / 9)
    share += copied
    if printed == -meant:
        return share + 1
    if (printed < 0) != (meant < 0) and printed:
        return share
    different = [n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
    if len(a) == len(b):
        share += (len(different) == 1) / (9 * len(b)) + _is_swap(a, b, different) / max(len(b) - 1, 1)
    share += _ways(b, a) / len(b)
    # A digit more is one of ten, or as likely the one beside it typed twice.
    return share + _ways(a, b) / len(b) * (0.5 if _doubles(a, b) else 0.05)


def _log_frequency(number: Decimal) -> float:
    return math.log(_ZEROS) if not number else -_FALL * math.log(abs(float(number)) + 1)


def _ways(longer: str, shorter: str) -> int:
    """In how many places one digit can be taken out of the longer one so that the shorter one is left."""
    return sum(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer)))


def _doubles(longer: str, shorter: str) -> bool:
    """True where the longer one is the shorter one with a digit typed twice."""
    return any(shorter[: n + 1] + shorter[n:] == longer for n in range(len(shorter)))


def slip_of(  # noqa: PLR0911 - one for each kind of slip
    printed: Decimal, meant: Decimal, neighbours: Collection[Decimal], proposed: Collection[str]
) -> Slip:
    """The likeliest slip that makes one number of another.

    Args:
        printed: What the report prints.
        meant: What it would have to be.
        neighbours: Numbers of the cells around.
        proposed: Other readings of the cell.
    """
    a, b = plain(printed), plain(meant)
    if b in proposed:
        return "read"
    if not printed:
        # Most numbers of a form are 0: where one is printed, a number was left out, not a digit mistyped.
        return "left_out"
    if printed == -meant:
        return "sign"
    digits_a, digits_b = a.lstrip("-"), b.lstrip("-")
    one_sign = a.startswith("-") == b.startswith("-")
    if one_sign and len(digits_a) == len(digits_b):
        different = [n for n, (x, y) in enumerate(zip(digits_a, digits_b, strict=True)) if x != y]
        if len(different) == 1:
            return "digit"
        if _is_swap(digits_a, digits_b, different):
            return "swapped_digits"
    if printed in neighbours:
        return "neighbour"
    if one_sign and len(digits_a) > 1 and _ways(digits_a, digits_b):
        return "extra_digit"
    if one_sign and _ways(digits_b, digits_a):
        return "missing_digit"
    return "other"


def _is_swap(a: str, b: str, different: list[int]) -> bool:
    if len(different) != 2 or different[1] != different[0] + 1:  # noqa: PLR2004 - two neighbouring digits
        return False
    i, j = different
    return a[i] == b[j] and a[j] == b[i]
