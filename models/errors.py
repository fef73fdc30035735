"""Exceptions of the project and the exit code that each of them ends with.

::

    NianbaoError                    1  a bug, or something nobody foresaw
    ├── UsageError                  2  wrong flag, wrong config value, unknown key
    ├── InputError                  3  the file cannot be read as a report
    │   ├── UnsupportedTypeError
    │   ├── EncryptedInputError
    │   ├── DamagedInputError
    │   ├── InputTooLargeError
    │   └── MisplacedFileError
    ├── MissingDependencyError      4  a package or a system part is not installed
    ├── OutputError                 5  a result could not be written
    ├── StageError                  1  a stage failed on an input that was opened
    │   ├── StageTimeoutError
    │   └── StageMemoryError
    ├── StoreError                  1  the database or the kept originals cannot be used
    │   ├── StoreUnavailableError      right now: locked, disk full, read-only, connection lost
    │   ├── StoreDamagedError
    │   └── LeaseLostError             a result came too late: another worker has the document
    └── ReviewError                 2  what a person asked of the review cannot be done
        ├── UnknownItemError           no such document, item, person or verdict
        ├── StaleItemError             the item was changed since the person saw it
        ├── LoginError                 wrong name or password, ended session, unknown token
        ├── TooManyTriesError          log-ins are refused for some time
        └── NotAllowedError            the role of the person does not cover it

Third-party exceptions are wrapped where they arise; nothing above that place looks at their text.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """Exit status of the ``nianbao`` command. Stable: scripts may rely on it."""

    OK = 0
    BUG = 1
    USAGE = 2
    INPUT = 3
    DEPENDENCY = 4
    OUTPUT = 5
    REVIEW = 6
    INTERRUPTED = 130


class NianbaoError(Exception):
    """Base of all errors that the project raises on purpose.

    Args:
        message: The cause in one sentence, without the file name.
        source: The file concerned, as the user named it; empty where there is none.
        remedy: What the user can do about it; empty where nothing helps.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.BUG
    code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, source: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.remedy = remedy

    def __str__(self) -> str:
        head = f"{self.source}: {self.message}" if self.source else self.message
        return f"{head} — {self.remedy}" if self.remedy else head

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders in a batch; the default pickling would lose the keyword arguments.
        return (_rebuild, (type(self), self.message, self.source, self.remedy))


def _rebuild(kind: type[NianbaoError], message: str, source: str, remedy: str) -> NianbaoError:
    return kind(message, source=source, remedy=remedy)


class UsageError(NianbaoError):
    """A flag, an argument or a config value is wrong."""

    exit_code = ExitCode.USAGE
    code = "usage"


class InputError(NianbaoError):
    """A file cannot be read as a report."""

    exit_code = ExitCode.INPUT
    code = "input"


class UnsupportedTypeError(InputError):
    """The content is of a type that no reader knows."""

    code = "unsupported_type"


class EncryptedInputError(InputError):
    """The file asks for a password."""

    code = "encrypted"


class DamagedInputError(InputError):
    """The file is empty, truncated or broken."""

    code = "damaged"


class InputTooLargeError(InputError):
    """The file exceeds a limit of config.yaml."""

    code = "too_large"


class MisplacedFileError(InputError):
    """The file is no report and belongs elsewhere."""

    code = "misplaced"


class MissingDependencyError(NianbaoError):
    """A package or system part that this job needs is not installed."""

    exit_code = ExitCode.DEPENDENCY
    code = "missing_dependency"


class OutputError(NianbaoError):
    """A result could not be written."""

    exit_code = ExitCode.OUTPUT
    code = "output"


class StageError(NianbaoError):
    """A stage failed on a file that was opened; becomes a failure record of the report."""

    code = "stage"


class StageTimeoutError(StageError):
    """A stage ran longer than its limit."""

    code = "stage_timeout"


class StageMemoryError(StageError):
    """A stage used more memory than its limit."""

    code = "stage_memory"


class StoreError(NianbaoError):
    """The database or the kept originals could not be read or written."""

    code = "store"


class StoreUnavailableError(StoreError):
    """The store cannot be used right now; what was tried changed nothing, and is worth trying again."""

    code = "store_unavailable"


class StoreDamagedError(StoreError):
    """The database file or a kept original is not what was written."""

    code = "store_damaged"


class LeaseLostError(StoreError):
    """The document was given to another worker in the meantime; nothing was written."""

    code = "lease_lost"


class ReviewError(NianbaoError):
    """What a person asked of the review cannot be done; nothing was changed."""

    exit_code = ExitCode.USAGE
    code = "review"


class UnknownItemError(ReviewError):
    """There is no such document, item, person or verdict."""

    code = "unknown_item"


class StaleItemError(ReviewError):
    """The item is no longer what the person saw when deciding."""

    code = "stale_item"


class LoginError(ReviewError):
    """Name or password are wrong, the session has ended, or the token is not known."""

    code = "login"


class TooManyTriesError(LoginError):
    """Too many log-ins failed; more are refused for some time."""

    code = "too_many_tries"


class NotAllowedError(ReviewError):
    """The role of the person does not cover it."""

    code = "not_allowed"


def exit_code_of(code: str) -> ExitCode:
    """The exit code of the errors with this code; that of a bug where no error has it."""
    kinds: list[type[NianbaoError]] = [NianbaoError]
    while kinds:
        kind = kinds.pop()
        if kind.code == code:
            return kind.exit_code
        kinds += kind.__subclasses__()
    return ExitCode.BUG
