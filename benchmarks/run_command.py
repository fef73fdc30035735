"""The command as it is installed, run on a folder of reports while the benchmark looks on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from models.errors import MissingDependencyError, StageError

_EXPECTED_EXITS = frozenset({0, 3, 6})  # all well, an input rejected, a person is needed


def installed_command() -> Path:
    """The ``nianbao`` beside this Python.

    Raises:
        MissingDependencyError: it is not installed there.
    """
    command = Path(sys.executable).with_name("nianbao")
    if not command.is_file():
        raise MissingDependencyError(
            f"there is no {command}", remedy="run `make setup`, and this with .venv/bin/python"
        )
    return command


@contextmanager
def running(source: Path, out: Path, *arguments: str, cores: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """The running ``nianbao extract``; it is killed where the block ends before it.

    Args:
        source: The folder of reports.
        out: The folder of results.
        arguments: Further ones.
        cores: On how many cores it may run; None for all of this process.

    Raises:
        MissingDependencyError: the command is not installed beside this Python.
    """
    command = installed_command()
    mine = sorted(os.sched_getaffinity(0))[:cores]
    # What it prints is of no use here, and a full pipe would stop it.
    with subprocess.Popen(
        [str(command), "extract", str(source), "--out", str(out), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=partial(os.sched_setaffinity, 0, mine),  # noqa: PLW1509 - a system call, and there are no threads
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def expect_all(exit_code: int, told: int, total: int) -> None:
    """Nothing where the command did all that it was asked.

    Raises:
        StageError: it ended otherwise than a batch should, or before all reports were read.
    """
    if exit_code not in _EXPECTED_EXITS or told < total:
        raise StageError(
            f"nianbao extract ended with exit code {exit_code} after {told} of {total} reports",
            remedy="run it by hand on a folder of reports",
        )
