"""The division that an agency belongs to, told from its name alone, or why it stays open. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from models.text import squeeze
from pipeline.regions.divisions import Division, DivisionList, load_divisions

OpenReason = Literal["no_name", "no_place", "ambiguous", "ambiguous_in_time"]
Match = Literal["exact", "within"]

# A name that does not say which place it means unless one above it is named: 东区, 城区.
_SHORT_DISTRICT = re.compile(r".区")
# What goes on like this behind a place that stands first is the name of a town or street (河口街道 has no district
# 河口 in it), so the place is none.
_GOES_ON = re.compile(r"街道|镇(?!压)|乡人民政府|社区|村")
# Behind the place: a place below it that has no code of its own, a town, a street, a zone.
_PLACE_BELOW = re.compile(
    r".{1,15}?(?:街道|(?<![城集乡])镇|(?<!城)乡|苏木|农场|林场|(?<![社城市地辖军])区|(?<![郡])县|旗|(?<![城都])市)"
)
_MONTHS_A_YEAR = ("-01", "-12")


@dataclass(frozen=True, slots=True)
class Region:
    """Where an agency belongs.

    ``division`` is None where that stays open, and ``reason`` then says why. ``match`` is ``exact`` where the agency is
    one of the division, ``within`` where it is one of a place below that has no code (a town, a zone, a district that
    is not in the list). ``path`` are the divisions named, from the largest; ``rest`` is the name behind the place.
    ``candidates`` are the codes that an ambiguous name may mean.
    """

    division: Division | None
    rest: str
    reason: OpenReason | None = None
    match: Match | None = None
    path: tuple[Division, ...] = ()
    candidates: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def find_region(agency: str | None, year: int | None = None) -> Region:
    """The division of an agency.

    Args:
        agency: Its name as the report states it.
        year: The year that the report is about; divisions that did not exist then or in the year after are left out.
    """
    name = squeeze(agency) if agency else ""
    if not name:
        return Region(None, "", "no_name")
    divisions = load_divisions()
    paths = list(_paths(name, divisions, year))
    if not paths:
        return Region(None, name, "no_place")
    longest = max(_length(path) for path in paths)
    ends = [path for path in paths if _length(path) == longest]
    rest = name[longest:]
    if len(ends[0]) == 1 and (_GOES_ON.match(rest) or _SHORT_DISTRICT.fullmatch(ends[0][0].name)):
        return Region(None, name, "no_place")
    codes = sorted({path[-1].code for path in ends})
    if len(codes) > 1:
        ends = _at_year_end(ends, year)
        if len({path[-1].code for path in ends}) != 1:
            places = {(path[-1].parent, path[-1].name) for path in ends}
            reason: OpenReason = "ambiguous_in_time" if len(places) == 1 else "ambiguous"
            return Region(None, rest, reason, candidates=tuple(codes))
    path = max(ends, key=len)
    return Region(path[-1], rest, match="within" if _PLACE_BELOW.match(rest) else "exact", path=path)


def _length(path: Sequence[Division]) -> int:
    return sum(len(division.name) for division in path)


def _paths(name: str, divisions: DivisionList, year: int | None) -> Iterator[tuple[Division, ...]]:
    """All ways to read places at the beginning of a name, each one below the one before."""
    stack: list[tuple[tuple[Division, ...], int]] = [((), 0)]
    while stack:
        path, at = stack.pop()
        for length in range(1, min(divisions.longest_name, len(name) - at) + 1):
            for division in divisions.by_name.get(name[at : at + length], ()):
                if (not path or _is_below(division, path[-1])) and _may_exist(division, divisions, year):
                    longer = (*path, division)
                    yield longer
                    stack.append((longer, at + length))


def _is_below(lower: Division, upper: Division) -> bool:
    """True where a division lies in another one, a level between or not."""
    if upper.level == "province":
        return lower.level != "province" and lower.code[:2] == upper.code[:2]
    return upper.level == "city" and lower.parent == upper.code


def _may_exist(division: Division, divisions: DivisionList, year: int | None) -> bool:
    """False where a list of the year, or of the one after, shows that there was no such division then.

    A report is written in the year after the one it is about, and may name its agency as of either.
    """
    if year is None:
        return True
    before, _ = divisions.beside[division.first_seen]
    _, after = divisions.beside[division.last_seen]
    return before <= f"{year + 1}{_MONTHS_A_YEAR[1]}" and after >= f"{year}{_MONTHS_A_YEAR[0]}"


def _at_year_end(paths: list[tuple[Division, ...]], year: int | None) -> list[tuple[Division, ...]]:
    """The paths whose place stands in the lists on either side of the end of the year, or after the newest list.

    All of them where the year is not known or nothing is left.
    """
    if year is None:
        return paths
    newest, end = load_divisions().newest, f"{year}{_MONTHS_A_YEAR[1]}"
    kept = [
        path
        for path in paths
        if path[-1].first_seen <= end and (path[-1].last_seen >= end or path[-1].last_seen == newest)
    ]
    # One that is in force at the end of the year does not rule out another place of that name.
    elsewhere = {(path[-1].parent, path[-1].name) for path in paths}
    return kept if kept and len(elsewhere) == 1 else paths
