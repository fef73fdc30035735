"""One table of the panel as a Parquet and a CSV file, written as rows arrive."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from models.figures import plain
from pipeline.dataset.columns import LIST_SEPARATOR, PRECISION, SCALE, ColumnType, Table
from pipeline.export.atomic import atomic_path, output_errors
from pipeline.export.csv_export import neutral_cell
from pipeline.export.result_file import ResultFile

if TYPE_CHECKING:
    from _csv import Writer

Value = str | int | Decimal | float | bool | dt.date | list[str] | None
Row = Mapping[str, Value]

# Cells held in memory until a row group is written: those of two hundred reports in the longest table.
_CELLS_AT_ONCE = 500_000
_TYPES: dict[ColumnType, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "decimal": pa.decimal128(PRECISION, SCALE),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "list": pa.list_(pa.string()),
}
_INTEGERS = range(-(2**63), 2**63)


class TableWriter(ResultFile):
    """Writes the rows of one table; both files appear when the ``with`` block ends without an error.

    The CSV is UTF-8 without byte order mark, with commas and line feeds, empty where there is no value, and no text in
    it is a formula for a spreadsheet.
    """

    def __init__(self, table: Table, folder: Path) -> None:
        super().__init__(folder / f"{table.name}.parquet")
        self._table = table
        self._csv_path = folder / f"{table.name}.csv"
        self._schema = pa.schema([(c.name, _TYPES[c.type]) for c in table.columns])
        self._rows_at_once = max(1, _CELLS_AT_ONCE // len(table.columns))
        self._parquet: pq.ParquetWriter | None = None
        self._csv: Writer | None = None
        self._rows: list[Row] = []
        self.count = 0
        """Rows taken so far."""

    def _begin(self, stack: ExitStack) -> None:
        text = stack.enter_context(atomic_path(self._csv_path))
        stream = stack.enter_context(text.open("w", encoding="utf-8", newline=""))
        self._csv = csv.writer(stream, lineterminator="\n")
        self._csv.writerow([c.name for c in self._table.columns])
        temp = stack.enter_context(atomic_path(self._path))
        self._parquet = stack.enter_context(pq.ParquetWriter(temp, self._schema, compression="zstd"))

    def _finish(self) -> None:
        self._flush()

    def add(self, row: Row) -> None:
        """Nothing; the row then stands in the files, or will at the end of the block.

        Raises:
            OutputError: a file could not be written.
        """
        self._rows.append(row)
        self.count += 1
        if len(self._rows) >= self._rows_at_once:
            with output_errors(self._path):
                self._flush()

    def _flush(self) -> None:
        if self._parquet is None or self._csv is None:
            raise RuntimeError("TableWriter.add() outside its with block")
        if self._rows:
            self._parquet.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            names = [c.name for c in self._table.columns]
            self._csv.writerows([csv_cell(row.get(name)) for name in names] for row in self._rows)
            self._rows = []


def csv_cell(value: Value) -> str:
    """A value as the CSV has it: numbers without exponent, ``true``, ISO dates, lists as one text."""
    if isinstance(value, str | list):
        return neutral_cell(value if isinstance(value, str) else LIST_SEPARATOR.join(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def fitted_integer(number: Decimal) -> int | None:
    """The number for an ``integer`` column (64 bits); None where it is no whole number or too long."""
    whole = number == number.to_integral_value() if number.adjusted() < PRECISION else False
    return int(number) if whole and int(number) in _INTEGERS else None


def fitted_decimal(number: Decimal) -> Decimal | None:
    """The number for a ``decimal`` column; None where it has more digits or places than fit."""
    exponent = number.as_tuple().exponent
    fits = isinstance(exponent, int) and -exponent <= SCALE and number.adjusted() < PRECISION - SCALE
    return number if fits else None
