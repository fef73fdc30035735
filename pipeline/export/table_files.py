"""The files that hold many reports at once, by format; JSON documents are one a report."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.export.csv_export import CsvWriter
    from pipeline.export.parquet_export import ParquetWriter
    from pipeline.export.xlsx_export import XlsxWriter

CSV_NAME, XLSX_NAME, PARQUET_NAME = "nianbao.csv", "nianbao.xlsx", "nianbao.parquet"
_NAMES = {"csv": CSV_NAME, "xlsx": XLSX_NAME, "parquet": PARQUET_NAME}


def table_paths(folder: Path, formats: Collection[str]) -> list[Path]:
    """Where the tables of these formats lie."""
    return [folder / name for kind, name in _NAMES.items() if kind in formats]


@contextmanager
def table_files(folder: Path, formats: Collection[str]) -> Iterator[list[CsvWriter | XlsxWriter | ParquetWriter]]:
    """A writer for each of the formats that is a table; the files appear when the block ends without an error.

    Raises:
        OutputError: a file could not be written.
    """
    with ExitStack() as stack:
        writers: list[CsvWriter | XlsxWriter | ParquetWriter] = []
        for writer in _writers(folder, formats):
            stack.enter_context(writer)
            writers.append(writer)
        yield writers


def _writers(folder: Path, formats: Collection[str]) -> Iterator[CsvWriter | XlsxWriter | ParquetWriter]:
    if "csv" in formats:
        from pipeline.export.csv_export import CsvWriter

        yield CsvWriter(folder / CSV_NAME)
    if "xlsx" in formats:
        from pipeline.export.xlsx_export import XlsxWriter

        yield XlsxWriter(folder / XLSX_NAME)
    if "parquet" in formats:
        from pipeline.export.parquet_export import ParquetWriter

        yield ParquetWriter(folder / PARQUET_NAME)
