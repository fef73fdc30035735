"""The report in force of one document as a file."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, get_args

from models.report import Report
from pipeline.export.table_files import table_files, table_paths

ExportFormat = Literal["json", "csv", "xlsx", "parquet"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)
# The type of each format, as an answer names it.
MEDIA_TYPES: dict[ExportFormat, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to download; ``name`` is plain ASCII."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


def export_file(document_id: int, report: Report, kind: ExportFormat) -> ExportFile:
    """The report as a file of this format.

    Raises:
        OutputError: the file could not be made.
    """
    name, media_type = f"report-{document_id}.{kind}", MEDIA_TYPES[kind]
    if kind == "json":
        text = json.dumps(report.to_json_dict(), ensure_ascii=False, indent=2) + "\n"
        return ExportFile(name, media_type, text.encode())
    with TemporaryDirectory(prefix="nianbao-") as folder:
        with table_files(Path(folder), [kind]) as writers:
            for writer in writers:
                writer.add(report)
        (path,) = table_paths(Path(folder), [kind])
        return ExportFile(name, media_type, path.read_bytes())
