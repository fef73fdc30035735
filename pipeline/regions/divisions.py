"""The administrative divisions as data: ``models/regions/divisions.csv``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal, cast

Level = Literal["province", "city", "county"]
LEVELS: tuple[Level, ...] = ("province", "city", "county")


@dataclass(frozen=True, slots=True)
class Division:
    """A division under one of its names.

    ``code`` has six digits; ``parent`` is the code above, empty for provinces. ``first_seen`` and ``last_seen`` are
    the months (YYYY-MM) of the first and last list with it.
    """

    code: str
    name: str
    level: Level
    parent: str
    first_seen: str
    last_seen: str


@dataclass(frozen=True)
class DivisionList:
    """All divisions, by name; ``months`` are those in which something begins or ends, in order."""

    rows: tuple[Division, ...]
    by_name: Mapping[str, tuple[Division, ...]]
    newest_of: Mapping[str, Division]
    """Code -> the division under its newest name."""
    months: tuple[str, ...]
    longest_name: int
    """Characters of the longest name."""
    beside: Mapping[str, tuple[str, str]]
    """Month -> the months of the list before it and of the one after it, empty and ``9999`` where there is none.

    A division began after the list before the first one with it, and may have lasted until the one after the last."""

    @property
    def newest(self) -> str:
        """The month of the newest list."""
        return self.months[-1]


@lru_cache(maxsize=1)
def load_divisions() -> DivisionList:
    """The shipped list."""
    text = resources.files("models.regions").joinpath("divisions.csv").read_text(encoding="utf-8")
    rows = tuple(
        Division(
            code=row["code"],
            name=row["name"],
            level=cast(Level, row["level"]),
            parent=row["parent"],
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
        )
        for row in csv.DictReader(text.splitlines())
    )
    by_name: dict[str, tuple[Division, ...]] = {}
    for row in rows:
        by_name[row.name] = (*by_name.get(row.name, ()), row)
    newest_of = {row.code: row for row in sorted(rows, key=lambda row: row.last_seen)}
    months = tuple(sorted({month for row in rows for month in (row.first_seen, row.last_seen)}))
    around = zip(("", *months), months, (*months[1:], "9999"), strict=False)
    beside = {month: (before, after) for before, month, after in around}
    return DivisionList(rows, by_name, newest_of, months, max(map(len, by_name)), beside)
