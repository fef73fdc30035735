"""One Parquet file for many reports in long form: the rows of the CSV, typed, for programs."""

from __future__ import annotations

from contextlib import ExitStack
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from models.report import Report
from pipeline.export.atomic import atomic_path, output_errors
from pipeline.export.long_rows import LongRow, report_to_long_rows

# Rows held in memory: those of a hundred reports make a row group that is worth reading.
_ROWS_AT_ONCE = 20_000
# Numbers are texts, as in the report document: no number of a report is too long or too exact for its column. Programs
# that want numbers take `number`, which is empty where the value does not fit.
_PRECISION, _SCALE = 38, 6  # digits in all, digits after the point
SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("agency", pa.string()),
        ("year", pa.int32()),
        ("form", pa.string()),
        ("table", pa.string()),
        ("field_id", pa.string()),
        ("row_label", pa.string()),
        ("column_label", pa.string()),
        ("kind", pa.string()),
        ("value", pa.string()),
        ("number", pa.decimal128(_PRECISION, _SCALE)),
        ("printed", pa.string()),
        ("suggested", pa.string()),
        ("decision", pa.string()),
        ("confidence", pa.float64()),
        ("reasons", pa.list_(pa.string())),
        ("page_no", pa.int32()),
        ("reader", pa.string()),
        ("label_printed", pa.string()),
        ("label_score", pa.float64()),
        ("finding_codes", pa.list_(pa.string())),
        ("waived", pa.list_(pa.string())),
    ]
)


class ParquetWriter:
    """Writes reports into one Parquet file as they arrive; it appears when the ``with`` block ends without an error."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stack = ExitStack()
        self._writer: pq.ParquetWriter | None = None
        self._rows: list[dict[str, object]] = []

    def __enter__(self) -> Self:
        """The writer, a temporary file begun.

        Raises:
            OutputError: the file cannot be created.
        """
        with output_errors(self._path), ExitStack() as stack:
            temp = stack.enter_context(atomic_path(self._path))
            self._writer = stack.enter_context(pq.ParquetWriter(temp, SCHEMA, compression="zstd"))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Puts the file in place, or removes it after an error.

        Raises:
            OutputError: the file could not be finished.
        """
        with output_errors(self._path), self._stack as stack:
            if error is None:
                self._flush()
            self._writer = None
            stack.pop_all().__exit__(kind, error, trace)

    def add(self, report: Report) -> None:
        """Nothing; the fields of the report then stand in the file, or will at the end of the block.

        Raises:
            OutputError: the file could not be written.
            RuntimeError: called outside the ``with`` block.
        """
        if self._writer is None:
            raise RuntimeError("ParquetWriter.add() outside its with block")
        self._rows += [_cells(row) for row in report_to_long_rows(report)]
        if len(self._rows) >= _ROWS_AT_ONCE:
            with output_errors(self._path):
                self._flush()

    def _flush(self) -> None:
        if self._writer is not None and self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=SCHEMA))
            self._rows = []


def _cells(row: LongRow) -> dict[str, object]:
    field, label = row.field, row.field.label
    return {
        "source": row.source,
        "agency": row.agency or None,
        "year": row.year,
        "form": row.form,
        "table": row.table,
        "field_id": row.field_id,
        "row_label": row.row_label,
        "column_label": row.column_label,
        "kind": field.kind,
        "value": field.value,
        "number": _number(field.value),
        "printed": field.printed,
        "suggested": field.suggested,
        "decision": field.decision,
        "confidence": field.confidence,
        "reasons": list(field.reasons),
        "page_no": None if row.evidence is None else row.evidence.page_no,
        "reader": row.reader,
        "label_printed": None if label is None else label.printed,
        "label_score": None if label is None else label.score,
        "finding_codes": list(row.mark.codes),
        "waived": list(row.mark.waived),
    }


def _number(value: str | None) -> Decimal | None:
    """The value as a number of the column; None where it is none, or has more digits than the column."""
    if value is None:
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > _SCALE or number.adjusted() >= _PRECISION - _SCALE:
        return None
    return number
