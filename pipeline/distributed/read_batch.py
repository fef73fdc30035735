"""What a task of the cluster does: some documents to reports, each kept as soon as it is read.

One process reads at a time for each task, apart from it and under limits (``read_apart``): what a document does to its
reader costs that document. The process and its models stay for the next tasks of the same worker.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from models.errors import ExitCode, InputError
from models.report import Report
from pipeline.batch import with_waivers
from pipeline.config import Settings
from pipeline.distributed.checkpoint import Checkpoint, Kept, done_file, is_final, tried_file
from pipeline.distributed.places import Place
from pipeline.distributed.sources import fetch
from pipeline.export.summary import ReportSummary
from pipeline.ingest.open_file import sha256_hex
from pipeline.read_apart.child import Job, failed, plain
from pipeline.read_apart.readers import Readers
from pipeline.waiver_files import WaiverBook

# Columns of what goes into a task, one row a document.
SOURCE_COLUMNS = ("number", "root", "path", "name")


@dataclass(frozen=True, slots=True)
class Task:
    """What all tasks of a job have in common; ``password`` stands in no result and no message."""

    settings: Settings
    checkpoint: Checkpoint
    run: str
    waivers: WaiverBook
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document; its report lies in the checkpoint.

    Attributes:
        number: Its place among the inputs.
        file: The name of its report in the checkpoint.
        stamp: Digest of its report with its waivers: equal where the rows are.
        code: Its exit code.
        is_kept: Whether it was read by an earlier job.
        summary: Its figures.
    """

    number: int
    file: str
    stamp: str
    code: ExitCode
    is_kept: bool
    summary: ReportSummary

    def to_row(self) -> dict[str, object]:
        """The outcome as a row of Ray Data."""
        return {
            "number": self.number,
            "file": self.file,
            "stamp": self.stamp,
            "code": int(self.code),
            "is_kept": self.is_kept,
            "summary": json.dumps(asdict(self.summary)),
        }

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Outcome:
        """The outcome of a row."""
        values = json.loads(row["summary"])
        lists = {f.name: tuple(values[f.name]) for f in fields(ReportSummary) if isinstance(values[f.name], list)}
        summary = ReportSummary(**{**values, **lists})
        return cls(row["number"], row["file"], row["stamp"], ExitCode(row["code"]), row["is_kept"], summary)


def read_batch(batch: dict[str, Any], task: Task) -> Iterator[dict[str, list[object]]]:
    """The outcomes of some documents, as a batch of Ray Data; at the end all are kept.

    Raises:
        OutputError: a report cannot be kept.
    """
    for values in zip(*(batch[column] for column in SOURCE_COLUMNS), strict=True):
        number, root, path, name = values
        row = read_one(int(number), Place(str(root), str(path), str(name)), task).to_row()
        yield {key: [value] for key, value in row.items()}


def read_one(number: int, place: Place, task: Task) -> Outcome:
    """The outcome of one document: taken from the checkpoint, or read and kept.

    Raises:
        OutputError: its report cannot be kept.
    """
    name = plain(place.name)
    try:
        data = fetch(place, task.settings.limits.max_file_bytes)
    except InputError as exc:
        # Without its content it has no key: the next job tries again.
        file, kept = tried_file(name), Kept(*failed(name, exc), task.run)
        task.checkpoint.put(file, kept)
    else:
        file = done_file(name, sha256_hex(data))
        before = task.checkpoint.get(file)
        if before is not None:
            kept = before
        else:
            report, code, is_answer = _read_apart(data, name, task)
            kept = Kept(report, code, task.run)
            if not is_answer or not is_final(report):
                file = tried_file(name)
            task.checkpoint.put(file, kept)
    report, code = with_waivers(task.waivers, kept.report, kept.code, place.local_path)
    summary = ReportSummary.from_report(report)
    return Outcome(number, file, _stamp(report, code, kept.run), code, kept.run != task.run, summary)


def _stamp(report: Report, code: ExitCode, run: str) -> str:
    # Times are in no row, and differ where a document is read twice.
    document = report.model_copy(update={"timings": {}}).model_dump_json()
    text = f"{run}\n{int(code)}\n{document}"
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _read_apart(data: bytes, name: str, task: Task) -> tuple[Report, ExitCode, bool]:
    """(report, exit code, whether the reader answered) of a document."""
    settings = _for_one_core(task.settings)
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        # A copy of its own: what is read has the digest that was taken, whatever happens to the source meanwhile.
        copy = Path(folder) / "document"
        copy.write_bytes(data)
        readers = _readers(settings.limits.model_dump_json(), settings)
        readers.begin(0, Job(copy, name, settings, task.password))
        done = readers.wait()
        while not done:
            done = readers.wait()
    return done[0].report, done[0].code, done[0].ending == "answered"


def _for_one_core(settings: Settings) -> Settings:
    """The settings of a reader that has one core: the cluster counts on it."""
    if settings.ocr.threads:
        return settings
    return settings.model_copy(update={"ocr": settings.ocr.model_copy(update={"threads": 1})})


_READERS: dict[str, Readers] = {}


def _readers(limits: str, settings: Settings) -> Readers:
    """The reader of this process, started once."""
    if limits not in _READERS:
        _forget_main_file()
        _READERS[limits] = Readers(1, settings.limits)
    return _READERS[limits]


def _forget_main_file() -> None:
    """Nothing; processes that are started do not load the program of the worker (Ray's) as their main module."""
    main = sys.modules["__main__"]
    if getattr(main, "__spec__", None) is None and hasattr(main, "__file__"):
        del main.__file__
