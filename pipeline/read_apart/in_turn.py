"""Reports that are done before their turn: packed, so that hundreds of them take little memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from models.errors import ExitCode
from models.report import Report

# A document shrinks to a twelfth; more effort gains little.
_EFFORT = 1


class InTurn:
    """Takes reports by number in any order and gives them from 0 upwards; a number that is missing stops the others."""

    def __init__(self) -> None:
        self._packed: dict[int, tuple[bytes, ExitCode]] = {}
        self._next = 0

    def add(self, number: int, report: Report, code: ExitCode) -> Iterator[tuple[int, Report, ExitCode]]:
        """(number, report, exit code) of all whose turn it now is."""
        if number != self._next:
            self._packed[number] = (zlib.compress(report.model_dump_json().encode("utf-8"), _EFFORT), code)
            return
        self._next += 1
        yield number, report, code
        while self._next in self._packed:
            packed, code_then = self._packed.pop(self._next)
            self._next += 1
            yield self._next - 1, Report.model_validate_json(zlib.decompress(packed)), code_then
