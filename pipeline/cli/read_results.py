"""Report documents as named on a command line, taken as they are, one at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import ExitCode, InputError, NianbaoError, UsageError
from pipeline.cli.output import print_error

if TYPE_CHECKING:
    from models.report import Report

NO_RESULTS = "name report documents (.json) as `nianbao extract` writes them, or folders of them"


class ResultReader:
    """Goes through report documents; what cannot be read is told, counted in ``codes``, and stops nothing."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self.codes: list[ExitCode] = []
        self.count = 0
        """Documents read so far."""

    def __iter__(self) -> Iterator[tuple[str, Report]]:
        """(path in the named folder, or name of the named file; report), each path in turn, each document once."""
        from pipeline.export.json_export import read_report_json

        seen: set[str] = set()
        for root, document in self._documents():
            place = os.path.abspath(document)  # noqa: PTH100 - Path.resolve would follow links
            if place in seen:
                continue
            seen.add(place)
            try:
                report = read_report_json(document)
            except NianbaoError as exc:
                self._tell(exc)
                continue
            self.count += 1
            yield document.relative_to(root).as_posix(), report

    def _documents(self) -> Iterator[tuple[Path, Path]]:
        from pipeline.find_inputs import walk_documents

        for path in self._paths:
            if not path.exists():
                self._tell(UsageError("no such file or folder", source=str(path), remedy="check the path"))
            elif path.is_dir():
                empty = True
                for document in walk_documents(path):
                    empty = False
                    yield path, document
                if empty:
                    self._tell(InputError("no report documents in this folder", source=str(path), remedy=NO_RESULTS))
            else:
                yield path.parent, path

    def _tell(self, error: NianbaoError) -> None:
        print_error(str(error))
        self.codes.append(error.exit_code)
