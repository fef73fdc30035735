"""What a reader does with a file, by its name. Imported by the readers, so it is a module and no test."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import stat
import subprocess
import sys
import threading

from models.errors import ExitCode
from models.report import Report, SourceRecord
from pipeline.read_apart.child import HEADER, Job


def read(job: Job) -> tuple[Report, ExitCode]:
    """Does what the name says, then answers with facts of the process as the title."""
    title = ""
    match job.path.name:
        case "hang":
            threading.Event().wait()
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hog":
            title = str(len(bytearray(4 * 1024**3)))
        case "child":
            # A process that the reader has started, and that would outlive it.
            started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            job.path.write_text(str(started.pid), encoding="ascii")
            threading.Event().wait()
        case "endless":
            _spin_after_using_up_the_processor()
        case "limits":
            kinds = (resource.RLIMIT_DATA, resource.RLIMIT_CORE)
            title = str([resource.getrlimit(kind)[1] for kind in kinds] + [os.getpgid(0) == os.getpid()])
        case "half":
            # The answer begins and never ends.
            os.write(_pipe(), HEADER.pack(0, 1000) + b"{")
            threading.Event().wait()
        case "pid":
            title = str(os.getpid())
    return Report(source=SourceRecord(name=job.name, sha256="", media_type="", page_count=0), title=title), ExitCode.OK


def _spin_after_using_up_the_processor() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (1, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    while True:
        pass


def _pipe() -> int:
    """The end of the pipe to the parent: the socket with the lowest number."""
    for descriptor in range(3, 256):
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                return descriptor
    raise AssertionError("no pipe")
