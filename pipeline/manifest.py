"""What a folder of results holds, one line a file, so that a batch that was stopped goes on where it was.

A line is added after its result is in place, and is on disk before the next one: a result without a line is read again,
a line without its result too. What stands in the way of a line (half of it, a word of somebody else) costs that line.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Self, get_args

from models.errors import ExitCode
from models.report import SCHEMA_VERSION, Report, ReportStatus
from pipeline.config import Settings
from pipeline.export.atomic import output_errors
from pipeline.export.file_names import report_file_name

# It begins with a dot: no result, and no report.
MANIFEST_NAME = ".nianbao-manifest"
# Sections of the settings that change what a report says.
_TELLING = frozenset({"limits", "routing", "extract", "ocr", "tables", "mapping", "decide"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that was read.

    Attributes:
        path: The file, as it was named.
        sha256: Of its content, 64 hexadecimal digits.
        settings: What it was read with, see ``settings_digest``.
        result: The name of its document in the folder.
        status: What its document says.
        code: Its exit code.
    """

    path: str
    sha256: str
    settings: str
    result: str
    status: ReportStatus
    code: ExitCode

    @classmethod
    def from_line(cls, line: bytes) -> Self | None:
        """The entry of a line; None where it is none."""
        try:
            found = cls(**json.loads(line))
            fits = all(isinstance(v, str) for v in (found.path, found.sha256, found.settings, found.result))
            # A name leads nowhere else, whatever somebody wrote there.
            if not fits or found.result != Path(found.result).name or found.status not in get_args(ReportStatus):
                return None
            return cls(found.path, found.sha256, found.settings, found.result, found.status, ExitCode(found.code))
        except (TypeError, ValueError):
            return None

    def to_line(self) -> bytes:
        """The entry as one line of ASCII: JSON escapes all else, also halves of characters in names of files."""
        return json.dumps(asdict(self)).encode("ascii") + b"\n"


class Manifest:
    """The manifest of one folder of results.

    Args:
        folder: The folder; it exists.
        settings: What files are read with.
        resume: Whether what it says is believed; otherwise it begins anew.

    Raises:
        OutputError: it cannot be read or written.
    """

    def __init__(self, folder: Path, settings: Settings, *, resume: bool) -> None:
        self._folder = folder
        self._path = folder / MANIFEST_NAME
        self._settings = settings_digest(settings)
        with output_errors(self._path):
            if not resume:
                self._path.unlink(missing_ok=True)
            content = self._path.read_bytes() if self._path.exists() else b""
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        # What was written last may have been cut off; what follows stands on a line of its own.
        self._head = b"" if not content or content.endswith(b"\n") else b"\n"
        entries = (Entry.from_line(line) for line in content.splitlines())
        self._entries = {entry.path: entry for entry in entries if entry is not None}

    def names(self, paths: Sequence[Path]) -> list[str]:
        """The name of each file's document: that of before, or one that no file has yet."""
        taken = {entry.result.casefold() for entry in self._entries.values()}
        names: list[str] = []
        given: set[str] = set()
        for path in paths:
            entry = self._entries.get(str(path))
            # Two batches that ran at once may have put one name on record for two files.
            is_free = entry is not None and entry.result.casefold() not in given
            names.append(entry.result if entry is not None and is_free else report_file_name(path.name, taken))
            given.add(names[-1].casefold())
        return names

    def kept(self, paths: Sequence[Path], *, try_failed: bool = False) -> Iterator[tuple[int, Entry]]:
        """(number, entry) of each file that need not be read again: it, the settings and its result are as they were.

        Args:
            paths: The files.
            try_failed: Whether those that could not be read are read again.
        """
        for number, path in enumerate(paths):
            entry = self._entries.get(str(path))
            if entry is None or entry.settings != self._settings or (try_failed and entry.status == "failed"):
                continue
            if (self._folder / entry.result).is_file() and file_sha256(path) == entry.sha256:
                yield number, entry

    def add(self, path: Path, result: str, report: Report, code: ExitCode) -> None:
        """Nothing; the file is then on record, whatever happens. Its document is in place already.

        Raises:
            OutputError: the manifest cannot be written.
        """
        content = report.source.sha256 or file_sha256(path)
        if not content:  # it is gone, or no file: there is nothing to know it by
            return
        line = self._head + Entry(str(path), content, self._settings, result, report.status, code).to_line()
        with output_errors(self._path):
            os.write(self._file, line)
            os.fsync(self._file)
        self._head = b""

    def close(self) -> None:
        """Nothing; the file is then closed."""
        os.close(self._file)


def settings_digest(settings: Settings) -> str:
    """What changes results, as 64 hexadecimal digits: thresholds, limits, versions; no folders, jobs and threads."""
    telling = settings.model_dump(mode="json", include=set(_TELLING))
    del telling["ocr"]["threads"]
    facts = [telling, SCHEMA_VERSION, metadata.version("nianbao")]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode("ascii")).hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file; empty where it cannot be read or is no regular file, whose reading might never end."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""
