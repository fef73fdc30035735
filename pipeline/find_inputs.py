"""Which files of the named paths are read: files as named, folders walked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import InputError, UsageError

# Endings of files that may be reports. The type itself is decided by content when the file is opened.
REPORT_ENDINGS = frozenset(
    {
        ".pdf",
        ".html",
        ".htm",
        ".shtml",
        ".xhtml",
        ".mht",
        ".mhtml",
        ".docx",
        ".doc",
        ".wps",
        ".rtf",
        ".ofd",
        ".txt",
        ".md",
    }
    | {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp"}
)
# Files without such an ending are taken from a folder when they begin like one of the types that say so themselves.
_MAGICS = (b"%PDF-", b"PK\x03\x04", b"<!DOCTYPE html", b"<!doctype html", b"<html")
# Archives that are no DOCX, and results of our own, have an ending that tells.
_OTHER_ENDINGS = frozenset({".json", ".csv", ".xlsx", ".xls", ".zip", ".jar", ".pptx", ".py", ".yaml", ".yml", ".toml"})
_TEMPORARY = (".part", ".crdownload", ".tmp", ".download")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files to read, in a stable order, and the number of files in folders that were passed over."""

    paths: tuple[Path, ...]
    passed_over: int = 0


def find_inputs(named: Sequence[Path], *, leave_out: Path | None = None) -> Inputs:
    """The files to read.

    Args:
        named: Files and folders. A file is read whatever its name; of a folder those that may be reports.
        leave_out: The folder of results; never walked.

    Raises:
        UsageError: a path does not exist.
        InputError: the folders hold no report.
    """
    found: dict[Path, None] = {}
    passed_over = 0
    for path in named:
        if path.is_dir():
            for file in _walk(path, leave_out):
                if _may_be_report(file):
                    found[file] = None
                else:
                    passed_over += 1
        elif path.exists() or path.is_symlink():
            found[path] = None
        else:
            raise UsageError("no such file or folder", source=str(path), remedy="check the path")
    if not found:
        names = ", ".join(str(p) for p in named)
        raise InputError(
            f"no report found ({passed_over} other files passed over)",
            source=names,
            remedy="name a folder with PDF, HTML, DOCX or text files",
        )
    return Inputs(tuple(found), passed_over)


def _walk(folder: Path, leave_out: Path | None) -> Iterator[Path]:
    barred = leave_out.resolve() if leave_out is not None else None
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(
            f for f in folders if not f.startswith(".") and (barred is None or Path(where, f).resolve() != barred)
        )
        yield from (Path(where, name) for name in sorted(files))


def _may_be_report(file: Path) -> bool:
    name = file.name.lower()
    if name.startswith((".", "~$")) or name.endswith(_TEMPORARY) or (file.is_symlink() and not file.exists()):
        return False
    if file.suffix.lower() in REPORT_ENDINGS:
        return file.is_file()
    return file.is_file() and file.suffix.lower() not in _OTHER_ENDINGS and _starts_like_one(file)


def _starts_like_one(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(64).lstrip().startswith(_MAGICS)
    except OSError:
        # Unreadable, but perhaps a report: opening it later says what is wrong.
        return True
