"""The report document as a JSON file, written and read back."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError
from pydantic_core import from_json

from models.errors import DamagedInputError, InputError, InputTooLargeError, UnsupportedTypeError, UsageError
from models.report import SCHEMA_VERSION, Report
from pipeline.export.atomic import write_text
from pipeline.export.file_names import report_file_name

__all__ = ["read_report_json", "report_file_name", "report_json", "write_report_json"]

INDENT = 1  # spaces: readable, and a third smaller than two for a document of short lines
MAX_REPORT_BYTES = 64 * 1024 * 1024  # a report of 200 numbers takes about 0.2 MB; far more is no report
_WRITE_AGAIN = "run `nianbao extract` on the source again"


def report_json(report: Report) -> str:
    """The report document as JSON text: keys in the order of the schema, Chinese as is, one newline at the end."""
    return report.model_dump_json(indent=INDENT, ensure_ascii=False) + "\n"


def write_report_json(report: Report, path: Path) -> None:
    """Nothing; the report document then stands in ``path``, whole.

    Raises:
        OutputError: the file could not be written.
    """
    write_text(path, report_json(report))


def read_report_json(path: Path) -> Report:
    """The report document in ``path``.

    Raises:
        DamagedInputError: the file is empty, no JSON, or its content contradicts the schema.
        InputTooLargeError: the file is far larger than any report.
        UnsupportedTypeError: JSON, but no report document, or one of another schema version.
        InputError: the file cannot be opened.
        UsageError: there is no such file.
    """
    source = str(path)
    data = _read(path)
    try:
        document = from_json(data.removeprefix(b"\xef\xbb\xbf"))
    except ValueError as exc:
        cause = f"no valid JSON: {exc}" if data.strip() else "the file is empty"
        raise DamagedInputError(
            cause, source=source, remedy=f"give a file that `nianbao extract` wrote, or {_WRITE_AGAIN}"
        ) from exc
    if not isinstance(document, dict) or "schema_version" not in document or "source" not in document:
        raise UnsupportedTypeError(
            "JSON, but not a report document", source=source, remedy="give a file that `nianbao extract` wrote"
        )
    version = document["schema_version"]
    if version != SCHEMA_VERSION:
        raise UnsupportedTypeError(
            f"report document of schema version {version!r}, this program reads {SCHEMA_VERSION!r}",
            source=source,
            remedy=f"{_WRITE_AGAIN}, or use the version of nianbao that wrote it",
        )
    try:
        return Report.model_validate(document)
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DamagedInputError(
            f"the report document is not valid at {place}: {first['msg']} ({exc.error_count()} in all)",
            source=source,
            remedy=f"undo the change that was made by hand, or {_WRITE_AGAIN}",
        ) from exc


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_REPORT_BYTES:
            raise InputTooLargeError(
                f"larger than {MAX_REPORT_BYTES // 1024**2} MB", source=str(path), remedy="give a report document"
            )
        return path.read_bytes()
    except FileNotFoundError as exc:
        raise UsageError("no such file or folder", source=str(path), remedy="check the path") from exc
    except IsADirectoryError as exc:
        raise InputError("this is a folder", source=str(path), remedy="give one JSON file of it") from exc
    except OSError as exc:
        raise InputError(
            f"cannot be opened: {exc.strerror or exc}", source=str(path), remedy="check the permissions"
        ) from exc
