"""A roll-up as rows: the differences and the units, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from models.rollup import Rollup
from pipeline.export import rollup_text as words
from pipeline.export.atomic import write_bytes
from pipeline.export.csv_export import neutral_cell
from pipeline.export.words import STATUS

# (heading, width in characters of a spreadsheet)
DIFFERENCE_COLUMNS: tuple[tuple[str, float], ...] = (
    ("上级 Parent", 34),
    ("年度 Year", 9),
    ("字段", 34),
    ("Field", 40),
    ("字段 id", 40),
    ("上级数 Parent's", 13),
    ("合计 Sum", 13),
    ("差 Difference", 13),
    ("结果 Outcome", 26),
    ("来源 Origin", 26),
    ("说明 Notes", 70),
)
UNIT_COLUMNS: tuple[tuple[str, float], ...] = (
    ("上级 Parent", 34),
    ("年度 Year", 9),
    ("单位 Unit", 34),
    ("报告机关 Agency", 34),
    ("状态 State", 20),
    ("报告状态 Status", 24),
    ("待复核 In review", 12),
    ("源文件 Source", 50),
)
REMARK_COLUMNS: tuple[tuple[str, float], ...] = (("上级 Parent", 34), ("年度 Year", 9), ("说明", 70), ("Remark", 70))


def difference_rows(rollup: Rollup) -> Iterator[tuple[str, ...]]:
    """One row a field that is not equal; cells as in DIFFERENCE_COLUMNS."""
    for group in rollup.groups:
        for field in group.fields:
            yield (
                group.parent.agency or group.parent.named,
                _year(group.year),
                field.label.zh,
                field.label.en,
                field.field,
                field.parent or "",
                field.sum or "",
                field.difference or "",
                words.OUTCOME[field.outcome],
                words.origin_text(field),
                words.notes(field),
            )


def unit_rows(rollup: Rollup) -> Iterator[tuple[str, ...]]:
    """One row a unit; cells as in UNIT_COLUMNS."""
    for group in rollup.groups:
        for unit in (group.parent, *group.units):
            yield (
                group.parent.agency or group.parent.named,
                _year(group.year),
                unit.named,
                unit.agency or "",
                words.UNIT_STATE[unit.state],
                "" if unit.status is None else STATUS[unit.status],
                str(unit.in_review),
                unit.source or "",
            )


def remark_rows(rollup: Rollup) -> Iterator[tuple[str, ...]]:
    """Remarks and ways of summing; cells as in REMARK_COLUMNS."""
    for remark in rollup.remarks:
        yield "", "", remark.zh, remark.en
    for group in rollup.groups:
        for message in (*(s.message for s in group.scopes), *group.remarks):
            yield group.parent.agency or group.parent.named, _year(group.year), message.zh, message.en


def write_rollup_csv(rollup: Rollup, path: Path) -> None:
    """Nothing; ``path`` then holds the differences, UTF-8 with byte order mark as Excel wants it.

    Raises:
        OutputError: the file could not be written.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([name for name, _ in DIFFERENCE_COLUMNS])
    writer.writerows([neutral_cell(cell) for cell in row] for row in difference_rows(rollup))
    write_bytes(path, text.getvalue().encode("utf-8-sig"))


def _year(year: int | None) -> str:
    return "" if year is None else str(year)
