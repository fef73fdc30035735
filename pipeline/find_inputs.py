"""Which files of the named paths are read: files as named, folders walked."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import InputError, NianbaoError, UsageError

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
# The inbox puts it beside a file that did not pass.
_REASON = ".reason.txt"
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_STDIN = "-"
# A report document says so in its first line; other JSON files may lie beside it.
_DOCUMENT_MARK, _DOCUMENT_HEAD_BYTES = b'"schema_version"', 256


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the named paths come to.

    Attributes:
        paths: Files to read, in a stable order, each once.
        passed_over: Number of files in folders that are no reports.
        linked_folders: Links to folders met in folders. They are not followed: they may lead in a circle or anywhere.
        problems: Named paths and folders that gave nothing to read, each with its reason.
    """

    paths: tuple[Path, ...]
    passed_over: int = 0
    linked_folders: tuple[Path, ...] = ()
    problems: tuple[NianbaoError, ...] = ()


@dataclass(slots=True)
class _Walk:
    """What one folder holds."""

    reports: list[Path] = field(default_factory=list)
    passed_over: int = 0
    linked_folders: list[Path] = field(default_factory=list)
    problems: list[NianbaoError] = field(default_factory=list)


def find_inputs(named: Sequence[Path], *, leave_out: Sequence[Path] = ()) -> Inputs:
    """The files to read. What is wrong with one of the named paths does not keep the others from being read.

    Args:
        named: Files and folders. A file is read whatever its name; of a folder those that may be reports.
        leave_out: The folders of results; never walked.

    Raises:
        UsageError: there is nothing to read, and a named path does not exist.
        InputError: there is nothing to read: the folders hold no report or cannot be opened.
    """
    found: dict[str, Path] = {}
    whole = _Walk()
    for path in named:
        if path.is_dir():
            walk = _walk(path, leave_out)
            if not walk.reports and not walk.problems:
                walk.problems.append(_no_report(path, walk.passed_over))
            whole.passed_over += walk.passed_over
            whole.linked_folders += walk.linked_folders
            whole.problems += walk.problems
            files = walk.reports
        elif os.path.lexists(path):
            files = [path]
        else:
            whole.problems.append(UsageError("no such file or folder", source=str(path), remedy="check the path"))
            continue
        for file in files:
            found.setdefault(os.path.abspath(file), file)  # noqa: PTH100 - Path.resolve would follow links
    if not found:
        raise _nothing(whole.problems)
    return Inputs(tuple(found.values()), whole.passed_over, tuple(whole.linked_folders), tuple(whole.problems))


def is_url(text: str) -> bool:
    """Whether the text is a URL and no path."""
    return _URL.match(text) is not None


def read_list(file: str) -> list[str]:
    """The names in a list, one a line; ``-`` is standard input. Empty lines, and those that begin with #, are left out.

    Raises:
        UsageError: the list cannot be read.
    """
    try:
        text = sys.stdin.read() if file == _STDIN else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        is_text = not isinstance(exc, UnicodeDecodeError)
        cause = "it is not UTF-8 text" if isinstance(exc, UnicodeDecodeError) else exc.strerror
        remedy = "check the path" if is_text else "save it as UTF-8"
        raise UsageError(f"the list cannot be read: {cause}", source=file, remedy=remedy) from exc
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def find_documents(folder: Path) -> tuple[Path, ...]:
    """The report documents (JSON) in a folder and the folders below, in a stable order; links are not followed."""
    return tuple(walk_documents(folder))


def walk_documents(folder: Path) -> Iterator[Path]:
    """The same one by one, for folders of very many."""
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = Path(where)
        names = sorted(n for n in files if n.lower().endswith(".json") and not n.startswith("."))
        yield from (here / name for name in names if _is_document(here / name))


def _is_document(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return file.is_file() and _DOCUMENT_MARK in stream.read(_DOCUMENT_HEAD_BYTES)
    except OSError:
        return False


def _nothing(problems: Sequence[NianbaoError]) -> NianbaoError:
    if len(problems) == 1:
        return problems[0]
    kind = UsageError if any(isinstance(p, UsageError) for p in problems) else InputError
    return kind("nothing to read: " + "; ".join(str(p) for p in problems))


def _no_report(folder: Path, passed_over: int) -> InputError:
    return InputError(
        f"no report found ({passed_over} other {'file' if passed_over == 1 else 'files'} passed over)",
        source=str(folder),
        remedy="name a folder with PDF, HTML, DOCX or text files",
    )


def _walk(folder: Path, leave_out: Sequence[Path]) -> _Walk:
    barred = {path.resolve() for path in leave_out}
    walk = _Walk()

    def cannot_open(exc: OSError) -> None:
        walk.problems.append(
            InputError(
                f"the folder cannot be opened: {exc.strerror}", source=str(exc.filename), remedy="check its permissions"
            )
        )

    for where, folders, files in os.walk(folder, onerror=cannot_open):
        here = Path(where)
        visible = sorted(name for name in folders if not name.startswith("."))
        linked = [name for name in visible if (here / name).is_symlink()]
        walk.linked_folders += [here / name for name in linked]
        folders[:] = [n for n in visible if n not in linked and (here / n).resolve() not in barred]
        for file in (here / name for name in sorted(files)):
            if _may_be_report(file):
                walk.reports.append(file)
            else:
                walk.passed_over += 1
    return walk


def _may_be_report(file: Path) -> bool:
    name = file.name.lower()
    if name.startswith((".", "~$")) or name.endswith((*_TEMPORARY, _REASON)):
        return False
    # A broken link or a pipe that is called a report is no report, but whoever put it there must hear of it.
    if file.suffix.lower() in REPORT_ENDINGS:
        return True
    return file.suffix.lower() not in _OTHER_ENDINGS and file.is_file() and _starts_like_one(file)


def _starts_like_one(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(64).lstrip().startswith(_MAGICS)
    except OSError:
        # Unreadable, but perhaps a report: opening it later says what is wrong.
        return True
