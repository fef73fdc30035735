"""A parent and its units whose numbers add up, and what is changed of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.form import load_form
from models.report import FieldValue, Report
from models.rollup import Rollup, RollupGroup
from pipeline.rollup.read_units import UnitLine
from pipeline.rollup.roll_up import roll_up
from tests.unit.invented_reports import cell, make_report

PARENT = "青岛市市南区人民政府"
OFFICE = "青岛市市南区人民政府办公室"
UNITS = ("青岛市市南区财政局", "青岛市市南区教育局", "青岛市市南区民政局")
FIELDS = load_form("gk2021").official_fields
NEW = "requests.new.total"

Changes = Mapping[str, Mapping[str, FieldValue]]


def unit_number(unit: int, field: int) -> int:
    """The number of a field in the report of a unit; different for every unit."""
    return (unit + 1) * 1000 + field


def all_reports(changes: Changes | None = None, units: Sequence[str] = UNITS) -> list[tuple[str, Report]]:
    """The reports of the units and of the parent, which is their sum; then single cells changed, by agency."""
    numbers = {name: [unit_number(u, f) for f in range(len(FIELDS))] for u, name in enumerate(units)}
    numbers[PARENT] = [sum(column) for column in zip(*numbers.values(), strict=True)]
    found = []
    for name, values in numbers.items():
        cells = {f: cell(str(v)) for f, v in zip(FIELDS, values, strict=True)}
        found.append((f"{name}.json", make_report(name, changes=cells | dict((changes or {}).get(name, {})))))
    return found


def lines(units: Sequence[str] = UNITS, parent: str = PARENT, year: int | None = None) -> list[UnitLine]:
    """The list of units."""
    return [UnitLine(parent, unit, year, n) for n, unit in enumerate(units, start=2)]


def added_up(changes: Changes | None = None) -> RollupGroup:
    """The only group of a parent with three units."""
    return only(roll_up(lines(), all_reports(changes)))


def only(rollup: Rollup) -> RollupGroup:
    """The only group."""
    (group,) = rollup.groups
    return group
