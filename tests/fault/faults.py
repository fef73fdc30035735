"""What can go wrong in a worker, by the name of the file. Imported by the workers, so it is a module and no test."""

from __future__ import annotations

import os
import threading
from unittest import mock

from models.errors import ExitCode
from models.report import Report
from pipeline.read_apart import child
from pipeline.read_apart.child import Job

_RAISED: dict[str, BaseException] = {
    "memory": MemoryError(),
    "unexpected": ZeroDivisionError("half a surrogate \ud800 in the message"),
    "deep": RecursionError("too deep"),
}


class _Broken:
    """A result that the parent cannot take over."""

    def model_dump_json(self) -> str:
        return '{"rubbish": true}'


def read(job: Job) -> tuple[Report, ExitCode]:
    """Reads the file, unless its name is that of a fault."""
    match job.path.stem:
        case "crash":
            os._exit(7)
        case "hang":
            threading.Event().wait()
        case "rubbish":
            return _Broken(), ExitCode.OK  # type: ignore[return-value]
        case name if name in _RAISED:
            with mock.patch("pipeline.stages.read_report", side_effect=_RAISED[name]):
                return child.read_file(job)
    return child.read_file(job)
