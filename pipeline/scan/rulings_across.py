"""Where rulings cross one another or meet."""

from __future__ import annotations

from collections.abc import Sequence

from models.page import Ruling


def positions_across(ruling: Ruling, others: Sequence[Ruling], *, long: float, meet: float) -> list[float]:
    """Where rulings from a length on cross a ruling or meet its ends, ascending, in points.

    Args:
        ruling: In points.
        others: In points, of both directions.
        long: The length, points.
        meet: They may stop short of it, and it of them, by so much. Points.
    """
    return sorted(
        o.position
        for o in others
        if o.horizontal != ruling.horizontal
        and o.stop - o.start >= long
        and o.start - meet <= ruling.position <= o.stop + meet
        and ruling.start - meet <= o.position <= ruling.stop + meet
    )
