"""What can go wrong in a worker, by the name of the file. Imported by the workers, so it is a module and no test."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any, NoReturn
from unittest import mock

from models.errors import ExitCode
from models.report import Report
from pipeline import batch
from pipeline.config import Settings

_RAISED: dict[str, BaseException] = {
    "memory": MemoryError(),
    "unexpected": ZeroDivisionError("half a surrogate \ud800 in the message"),
    "deep": RecursionError("too deep"),
}


class _Broken:
    """A result that the parent cannot take over."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (_refuse, ())


def _refuse() -> NoReturn:
    raise TypeError("rubbish")


def read(path: Path, settings: Settings) -> tuple[Report, ExitCode]:
    """Reads the file, unless its name is that of a fault."""
    match path.stem:
        case "crash":
            os._exit(7)
        case "hang":
            threading.Event().wait()
        case "rubbish":
            return _Broken()  # type: ignore[return-value]
        case name if name in _RAISED:
            with mock.patch("pipeline.stages.read_report", side_effect=_RAISED[name]):
                return batch._read(path, settings)
    return batch._read(path, settings)
