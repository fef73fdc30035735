"""What runs in the process that reads: its limits, the wait for files, the answer as JSON.

The answer is JSON and no pickle: a process that reads hostile files is not trusted with objects of ours.
"""

from __future__ import annotations

import logging
import math
import os
import re
import resource
import signal
import struct
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from models.errors import ExitCode, NianbaoError, StageMemoryError
from models.report import Report
from pipeline.config import LimitSettings, Settings
from pipeline.read_apart.die_with_parent import end_with_forking_process, end_with_starting_process

# Exit code of the reading, then bytes of the document that follows.
HEADER = struct.Struct("!BQ")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CHATTY = ("pdfminer.psparser", "pdfminer.pdfinterp")
# The clock of the parent ends a reading in time; CPU time is limited for the case that the parent is kept from it.
_CPU_GRACE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read; ``name`` stands in its document and in messages, ``password`` nowhere."""

    path: Path
    name: str
    settings: Settings
    password: str | None = field(default=None, repr=False)


ReadFile = Callable[[Job], tuple[Report, ExitCode]]


def serve(tasks: Connection, read: ReadFile, limits: LimitSettings, threads: int) -> None:
    """Nothing; reads what ``tasks`` asks for until its other end is closed, or until this process is ended."""
    _tie_to_parent()
    _limit_memory(limits.max_memory_bytes)
    # OpenCV looks at it when it first shares out work, which the process that this one was forked from never did.
    os.environ["OPENCV_FOR_THREADS_NUM"] = str(threads)
    quiet_libraries()
    while True:
        try:
            job: Job = tasks.recv()
        except (EOFError, OSError):
            return
        _limit_cpu(job.settings.limits.max_seconds_per_file)
        report, code = read(job)
        body = report.model_dump_json().encode("utf-8")
        try:
            _send(tasks.fileno(), HEADER.pack(int(code), len(body)) + body)
        except OSError:  # nobody waits for it any more
            return


def read_file(job: Job) -> tuple[Report, ExitCode]:
    """(report document, exit code) of a file; of one that cannot be read, a failed report. Never raises."""
    from pipeline.stages import read_report

    try:
        report = read_report(job.path, job.settings, name=job.name, password=job.password)
    except NianbaoError as exc:
        return failed(job.name, exc)
    except MemoryError:
        return failed(job.name, out_of_memory(job.name))
    except Exception as exc:  # noqa: BLE001 - a bug must cost one file and not the batch; the code says that it is one
        return failed(job.name, bug(job.name, exc))
    return report, ExitCode.OK if report.status == "ok" else ExitCode.REVIEW


def failed(name: str, error: NianbaoError) -> tuple[Report, ExitCode]:
    """The report document of a file that could not be read, and the exit code that says why."""
    from pipeline.stages import failed_report

    return failed_report(name, error), error.exit_code


def out_of_memory(name: str) -> StageMemoryError:
    """The error of a file that needs more memory than a reading may take."""
    return StageMemoryError(
        "reading needs more memory than there is",
        source=name,
        remedy="split the file, raise limits.max_memory_bytes in config.yaml, or lower batch.jobs",
    )


def bug(name: str, exc: Exception) -> NianbaoError:
    """The error of a file at which the program itself failed."""
    return NianbaoError(
        plain(f"internal error: {type(exc).__name__}: {exc}"),
        source=name,
        remedy="please report this, with the file",
    )


def plain(text: str) -> str:
    """The text without halves of characters: file names that are no UTF-8 have them, JSON may not."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def quiet_libraries() -> None:
    """Silences the remarks of PDF libraries on every odd font and colour, and Python's on their code."""
    for name in ("pdfminer", "pdfplumber", "camelot", "playa", "pypdfium2", "docx", "charset_normalizer"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    for name in _CHATTY:
        # Asked once for each token of a page, it takes a twentieth of the time to say that nothing is to be told.
        logging.getLogger(name).debug = _say_nothing  # type: ignore[assignment, method-assign]
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def _say_nothing(*_: object) -> None:
    pass


def _tie_to_parent() -> None:
    """A process group of its own, which can be ended as a whole; the end of the parent is the end of this process."""
    with suppress(OSError):
        os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the parent, which stops the readers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_forking_process()
    end_with_starting_process()


def _limit_memory(most_bytes: int) -> None:
    # Memory of its own, not address space: models and files that are mapped cost nothing until they are read.
    _set_limit(resource.RLIMIT_DATA, most_bytes)
    # A core dump of a reader is as large as its memory, and holds what the file says.
    _set_limit(resource.RLIMIT_CORE, 0)


def _limit_cpu(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    processors = os.cpu_count() or 1
    allowed = math.ceil(used.ru_utime + used.ru_stime + seconds * processors) + _CPU_GRACE_SECONDS
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (allowed if hard == resource.RLIM_INFINITY else min(allowed, hard), hard))


def _set_limit(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (lowest, lowest))


def _send(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
