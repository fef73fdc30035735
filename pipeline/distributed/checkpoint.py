"""What was read already: one file a document, named by its content, its name and what it was read with.

A file is written whole under a name that says what is in it. A task that is done twice writes the same file twice; a
job that is started again finds it and does not read the document.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Self

from pydantic import ValidationError

from models.errors import ExitCode, InputError
from models.report import Report
from pipeline.config import Settings
from pipeline.distributed.places import Place
from pipeline.manifest import settings_digest

# It begins with an underscore: programs that read data sets pass over such folders.
CHECKPOINT_FOLDER = "_read"
_SETTINGS_NAME = "settings.json"
_FOLDER_DIGITS = 12  # hexadecimal, of the settings' digest
_SHELF_DIGITS = 2  # hexadecimal: 256 folders, a thousand files each in a national year
# Failures that another try may not have: a password, a machine that has the OCR packages.
_TRY_AGAIN = frozenset({"encrypted", "missing_dependency"})
_LEVEL = 6  # of gzip


@dataclass(frozen=True, slots=True)
class Kept:
    """What a document came to.

    Attributes:
        report: As read, before any waiver.
        code: The exit code of its reading.
        run: The run that read it.
    """

    report: Report
    code: ExitCode
    run: str

    def to_bytes(self) -> bytes:
        """The content of its file: the same for the same reading."""
        head = json.dumps({"run": self.run, "code": int(self.code)})
        text = f"{head}\n{self.report.model_dump_json()}\n"
        return gzip.compress(text.encode("utf-8"), compresslevel=_LEVEL, mtime=0)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """What was kept.

        Raises:
            ValueError: the file is damaged, or of another version of the program.
        """
        try:
            head, _, body = gzip.decompress(data).partition(b"\n")
            facts = json.loads(head)
            return cls(Report.model_validate_json(body), ExitCode(facts["code"]), str(facts["run"]))
        except (OSError, EOFError, KeyError, TypeError, ValidationError, ValueError) as exc:
            raise ValueError(str(exc)) from exc


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The documents that were read with one set of settings.

    Attributes:
        folder: Where their files lie.
    """

    folder: Place

    @classmethod
    def of(cls, out: Place, settings: Settings) -> Self:
        """The checkpoint in a folder of results."""
        return cls(out.below(CHECKPOINT_FOLDER, settings_digest(settings)[:_FOLDER_DIGITS]))

    def begin(self, settings: Settings) -> None:
        """Nothing; the folder then says what its documents were read with, and has been written to.

        Raises:
            OutputError: it cannot be written to.
        """
        self.folder.below(_SETTINGS_NAME).write(settings.model_dump_json(indent=1).encode("utf-8"))

    def get(self, file: str) -> Kept | None:
        """What is kept under this name; None where nothing is, or nothing that can be read."""
        place = self._place(file)
        try:
            return Kept.from_bytes(place.read()) if place.exists() else None
        except (InputError, ValueError):
            return None

    def put(self, file: str, kept: Kept) -> None:
        """Nothing; it is then kept, whatever happens.

        Raises:
            OutputError: it cannot be written.
        """
        self._place(file).write(kept.to_bytes())

    def _place(self, file: str) -> Place:
        return self.folder.below(file[:_SHELF_DIGITS], file)


def done_file(name: str, sha256: str) -> str:
    """The file of a document that was read: no other document, and no other name of it, has it."""
    return f"{_digest('read', name, sha256)}.json.gz"


def tried_file(name: str) -> str:
    """The file of a document that could not be read this time, and is tried again by the next job."""
    return f"{_digest('tried', name)}.tried.json.gz"


def is_final(report: Report) -> bool:
    """Whether reading the same document again would say the same."""
    return not any(failure.code in _TRY_AGAIN for failure in report.failures)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
