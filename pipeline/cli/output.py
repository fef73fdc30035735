"""Where the commands print: results to stdout, notes and errors to stderr; a reader that goes away stops no command."""

from __future__ import annotations

import os
import sys
from typing import IO

from rich.console import Console

from pipeline.export.text import one_line


class PipeConsole(Console):
    """A console that falls silent when the reader of its output goes away (``nianbao extract … | head``)."""

    def on_broken_pipe(self) -> None:
        """Nothing; what is printed from now on goes nowhere, and the command does the rest of its work."""
        self.quiet = True
        _discard(sys.stderr if self.stderr else sys.stdout)


def stdout_console(*, soft_wrap: bool = False) -> PipeConsole:
    """The console for results. With ``soft_wrap`` a line stays one line whatever the width."""
    return PipeConsole(highlight=False, soft_wrap=soft_wrap)


def stderr_console() -> PipeConsole:
    """The console for notes and errors: one message, one line."""
    return PipeConsole(stderr=True, highlight=False, soft_wrap=True)


def print_error(message: str) -> None:
    """Nothing; the message stands on stderr, on one line, whatever names of files are in it."""
    stderr_console().print(f"nianbao: {one_line(message)}", style="red", markup=False)


def print_note(message: str) -> None:
    """Nothing; the message stands on stderr, on one line."""
    stderr_console().print(f"nianbao: {one_line(message)}", style="yellow", markup=False)


def print_plain(text: str) -> None:
    """Nothing; the text stands on stdout as it is, for programs."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout)


def print_every_character() -> None:
    """Nothing; characters that the terminal's encoding lacks are from now on printed as ``?``, not refused."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _discard(stream: IO[str]) -> None:
    # The interpreter flushes the stream once more at its end, and would complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
