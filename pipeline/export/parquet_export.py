"""One Parquet file for many reports in long form: the rows of the CSV, typed, for programs."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from models.report import Report
from pipeline.export.atomic import atomic_path, output_errors
from pipeline.export.report_rows import Row, field_rows
from pipeline.export.result_file import ResultFile
from pipeline.export.row_schemas import FIELDS_SCHEMA

# Rows held in memory: those of a hundred reports make a row group that is worth reading.
_ROWS_AT_ONCE = 20_000


class ParquetWriter(ResultFile):
    """Writes reports into one Parquet file as they arrive; it appears when the ``with`` block ends without an error."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._writer: pq.ParquetWriter | None = None
        self._rows: list[Row] = []

    def _begin(self, stack: ExitStack) -> None:
        temp = stack.enter_context(atomic_path(self._path))
        self._writer = stack.enter_context(pq.ParquetWriter(temp, FIELDS_SCHEMA, compression="zstd"))

    def _finish(self) -> None:
        self._flush()
        self._writer = None

    def add(self, report: Report) -> None:
        """Nothing; the fields of the report then stand in the file, or will at the end of the block.

        Raises:
            OutputError: the file could not be written.
            RuntimeError: called outside the ``with`` block.
        """
        if self._writer is None:
            raise RuntimeError("ParquetWriter.add() outside its with block")
        self._rows += field_rows(report)
        if len(self._rows) >= _ROWS_AT_ONCE:
            with output_errors(self._path):
                self._flush()

    def _flush(self) -> None:
        if self._writer is not None and self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=FIELDS_SCHEMA))
            self._rows = []
