"""What writers of large results share: files that appear when a ``with`` block ends without an error."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.export.atomic import output_errors


class ResultFile(ABC):
    """A writer whose file is written under a temporary name inside a ``with`` block.

    A subclass begins its files in ``_begin``, on the stack that it is given, and ends them in ``_finish``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """The writer, its temporary files begun.

        Raises:
            OutputError: a file cannot be created.
        """
        with output_errors(self._path), ExitStack() as stack:
            self._begin(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Puts the files in place, or removes them after an error.

        Raises:
            OutputError: a file could not be finished.
        """
        with output_errors(self._path), self._stack as stack:
            if error is None:
                self._finish()
            # The exit of the stack must see the error, so that unfinished files are removed.
            stack.pop_all().__exit__(kind, error, trace)

    @abstractmethod
    def _begin(self, stack: ExitStack) -> None:
        """Opens what is written to; ``stack`` closes it."""

    @abstractmethod
    def _finish(self) -> None:
        """Writes what is still held; not called after an error."""
