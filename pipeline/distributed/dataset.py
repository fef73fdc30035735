"""The data set: five tables as Parquet, in folders by form and year, made of the reports in the checkpoint.

A part holds the rows of some reports in each table. Its name is a digest of what is in it: a part that is written twice
is the same file, and one that is there already need not be written again. ``_complete.json`` is taken away before
anything is changed and stands there again, last, when all parts are in place and no other ones.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from models.errors import OutputError
from pipeline.batch import with_waivers
from pipeline.distributed.places import Place
from pipeline.distributed.read_batch import Outcome, Task
from pipeline.export.report_rows import TABLE_NAMES, Row, TableName, report_to_rows
from pipeline.export.row_schemas import ROW_SCHEMAS, ROWS_VERSION

COMPLETE_NAME = "_complete.json"
# Folders say form and year, as in Hive; a year that is not known has the name that Hive gives it.
_NO_YEAR = "__HIVE_DEFAULT_PARTITION__"
_IN_FOLDERS = ("form", "year")
# Reports of a part. Fields of a thousand reports are some megabytes; rows of a hundred are held in memory at once.
REPORTS_PER_PART, _REPORTS_AT_ONCE = 1000, 100
_NAME_DIGITS = 16  # hexadecimal
_PART_NAME = re.compile(rf"part-[0-9a-f]{{{_NAME_DIGITS}}}\.parquet")


@dataclass(frozen=True, slots=True)
class Part:
    """Some reports of one form and year.

    Attributes:
        folder: ``form=gk2021/year=2024``.
        name: The name of its file in each table.
        reports: (file in the checkpoint, path of the source where it lies on a disk) of each report, in order.
    """

    folder: str
    name: str
    reports: tuple[tuple[str, str], ...]

    def place(self, out: Place, table: TableName) -> Place:
        """Its file in a table."""
        return out.below(table, self.folder, self.name)


def dataset_schema(table: TableName) -> pa.Schema:
    """The columns of the files of a table; ``form`` and ``year`` are in the names of their folders.

    ``run`` is the run that read the report.
    """
    columns = [column for column in ROW_SCHEMAS[table] if column.name not in _IN_FOLDERS]
    return pa.schema([pa.field("run", pa.string()), *columns])


def to_parts(outcomes: Iterable[Outcome], paths: Sequence[str]) -> list[Part]:
    """The parts of a data set, whatever the order in which the reports were read.

    Args:
        outcomes: Of all reports.
        paths: The path of each source on a disk, by the number of its outcome.
    """
    folders: dict[str, list[Outcome]] = {}
    for outcome in sorted(outcomes, key=lambda o: (o.summary.source, o.number)):
        year = _NO_YEAR if outcome.summary.year is None else str(outcome.summary.year)
        folders.setdefault(f"form={outcome.summary.form}/year={year}", []).append(outcome)
    parts = []
    for folder, members in sorted(folders.items()):
        for start in range(0, len(members), REPORTS_PER_PART):
            some = members[start : start + REPORTS_PER_PART]
            facts = [ROWS_VERSION, folder, *(o.stamp for o in some)]
            digest = hashlib.sha256("\n".join(facts).encode("utf-8")).hexdigest()[:_NAME_DIGITS]
            reports = tuple((o.file, paths[o.number]) for o in some)
            parts.append(Part(folder, f"part-{digest}.parquet", reports))
    return parts


def begin(out: Place, parts: Sequence[Part]) -> list[Part]:
    """The parts that are still to be written; what is no part of the data set is then gone.

    Raises:
        OutputError: files cannot be removed.
    """
    out.below(COMPLETE_NAME).remove()
    there: Counter[str] = Counter()
    wanted = {f"{part.folder}/{part.name}" for part in parts}
    for table in TABLE_NAMES:
        folder = out.below(table)
        for info in folder.files():
            below = str(info.path)[len(folder.path) :].lstrip("/")
            if below in wanted:
                there[below] += 1
            elif _PART_NAME.fullmatch(below.rpartition("/")[2]):
                folder.below(below).remove()
    return [part for part in parts if there[f"{part.folder}/{part.name}"] < len(TABLE_NAMES)]


def write_part(part: Part, out: Place, task: Task) -> None:
    """Nothing; the part then stands in all tables.

    Raises:
        OutputError: a file cannot be written, or a report of the checkpoint is gone.
    """
    sinks = {table: pa.BufferOutputStream() for table in TABLE_NAMES}
    schemas = {table: dataset_schema(table) for table in TABLE_NAMES}
    writers = {table: pq.ParquetWriter(sinks[table], schemas[table], compression="zstd") for table in TABLE_NAMES}
    for start in range(0, len(part.reports), _REPORTS_AT_ONCE):
        rows: dict[TableName, list[Row]] = {table: [] for table in TABLE_NAMES}
        for own in _rows(part.reports[start : start + _REPORTS_AT_ONCE], task):
            for table in TABLE_NAMES:
                rows[table] += own[table]
        for table, writer in writers.items():
            writer.write_table(pa.Table.from_pylist(rows[table], schema=schemas[table]))
    for table, writer in writers.items():
        writer.close()
        part.place(out, table).write(sinks[table].getvalue().to_pybytes())


def complete(out: Place, parts: Sequence[Part], run: str, settings: str, reports: int) -> int:
    """The number of files of the data set, which is then marked as complete.

    Raises:
        OutputError: the mark cannot be written.
    """
    files = [f"{table}/{part.folder}/{part.name}" for table in TABLE_NAMES for part in parts]
    mark = {"rows_version": ROWS_VERSION, "run": run, "settings": settings, "reports": reports, "files": files}
    out.below(COMPLETE_NAME).write((json.dumps(mark, indent=1) + "\n").encode("utf-8"))
    return len(files)


def _rows(reports: Sequence[tuple[str, str]], task: Task) -> Iterator[dict[TableName, list[Row]]]:
    for file, path in reports:
        kept = task.checkpoint.get(file)
        if kept is None:
            raise OutputError(
                "a report that was read is gone or damaged",
                source=f"{task.checkpoint.folder.name}/{file}",
                remedy="run the same command again: it is read once more",
            )
        report, code = with_waivers(task.waivers, kept.report, kept.code, Path(path))
        tables = report_to_rows(report, code)
        yield {name: [{**row, "run": kept.run} for row in rows] for name, rows in tables.items()}


def write_parts(batch: dict[str, Any], out: Place, task: Task) -> dict[str, list[str]]:
    """The names of the parts of a batch of Ray Data, which are then written.

    Raises:
        OutputError: as ``write_part``.
    """
    parts = [_part_of_json(str(text)) for text in batch["part"]]
    for part in parts:
        write_part(part, out, task)
    return {"name": [part.name for part in parts]}


def part_to_json(part: Part) -> str:
    """The part as text, for a column of Ray Data."""
    return json.dumps([part.folder, part.name, part.reports])


def _part_of_json(text: str) -> Part:
    folder, name, reports = json.loads(text)
    return Part(folder, name, tuple((file, path) for file, path in reports))
