"""Which reports are read: paths, folders, lists of them, URLs of files and of folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pyarrow import fs as pafs

from models.errors import InputError, InputTooLargeError, NianbaoError, UsageError
from pipeline.distributed.places import Place, cannot_be_read, open_place
from pipeline.find_inputs import REPORT_ENDINGS, find_inputs, is_url
from pipeline.ingest.open_file import BYTES_PER_MIB, read_bytes
from pipeline.read_apart.child import plain


@dataclass(frozen=True, slots=True)
class Sources:
    """What the named paths and URLs come to.

    Attributes:
        places: Files to read, in a stable order, each once.
        passed_over: Number of files in folders that are no reports.
        problems: Names that gave nothing to read, each with its reason.
    """

    places: tuple[Place, ...]
    passed_over: int = 0
    problems: tuple[NianbaoError, ...] = ()


def find_sources(named: Sequence[str], *, leave_out: str) -> Sources:
    """The files to read. What is wrong with one name does not keep the others from being read.

    Folders of a file system of this machine are walked as by ``find_inputs``; of URLs those files are taken that have
    the ending of a report, because looking into each file would fetch it.

    Args:
        named: Paths and URLs of files and folders.
        leave_out: The folder of results; never walked.

    Raises:
        UsageError: there is nothing to read.
        InputError: there is nothing to read: folders hold no report or cannot be listed.
    """
    found: dict[tuple[str, str], Place] = {}
    problems: list[NianbaoError] = []
    passed_over = 0
    barred = open_place(leave_out)
    for name in named:
        try:
            places, others = _of_url(name, barred) if is_url(name) else _of_path(name, barred)
        except NianbaoError as exc:
            problems.append(exc)
            continue
        passed_over += others
        for place in places:
            found.setdefault(("" if place.is_local else place.root, place.path), place)
    if not found:
        raise _nothing(problems)
    return Sources(tuple(found.values()), passed_over, tuple(problems))


def fetch(place: Place, max_bytes: int) -> bytes:
    """The content of a source, refused as ``read_bytes`` refuses it.

    Raises:
        InputTooLargeError: it is larger than ``max_bytes``.
        InputError: it cannot be read.
    """
    name = plain(place.name)
    if place.is_local:
        try:
            return read_bytes(Path(place.path), max_bytes)
        except InputError as exc:
            raise type(exc)(exc.message, source=name, remedy=exc.remedy) from exc
    try:
        info = place.file_system.get_file_info(place.path)
    except OSError as exc:
        raise cannot_be_read(exc, name) from exc
    if info.type != pafs.FileType.File:
        raise InputError("there is no such file", source=name, remedy="check the URL")
    if info.size is not None and info.size > max_bytes:
        raise InputTooLargeError(
            f"the file is larger than the limit of {max_bytes / BYTES_PER_MIB:.0f} MiB",
            source=name,
            remedy="split the file or raise the limit",
        )
    return place.read()


def _of_path(name: str, barred: Place) -> tuple[list[Place], int]:
    inputs = find_inputs([Path(name)], leave_out=[Path(barred.path)] if barred.is_local else [])
    if inputs.problems:
        raise inputs.problems[0]
    return [open_place(str(path)) for path in inputs.paths], inputs.passed_over


def _of_url(url: str, barred: Place) -> tuple[list[Place], int]:
    folder = open_place(url)
    if PurePosixPath(folder.path).suffix.lower() in REPORT_ENDINGS:
        # Asking for each of a long list would take as long as fetching it; what is not there is a failed report.
        return [folder], 0
    kind = folder.kind()
    if kind == pafs.FileType.File:
        return [folder], 0
    if kind != pafs.FileType.Directory:
        raise UsageError("no such file or folder", source=url, remedy="check the URL")
    taken: list[Place] = []
    passed_over = 0
    base = url.partition("?")[0].rstrip("/")
    same_system = folder.file_system.equals(barred.file_system)
    for info in folder.files():
        path = str(info.path)
        below = PurePosixPath(path[len(folder.path) :].lstrip("/"))
        if any(part.startswith(".") for part in below.parts) or (same_system and path.startswith(f"{barred.path}/")):
            continue
        if below.suffix.lower() in REPORT_ENDINGS and not below.name.startswith("~$"):
            taken.append(Place(folder.root, path, f"{base}/{below}"))
        else:
            passed_over += 1
    if not taken:
        raise InputError(
            f"no report found ({passed_over} other files passed over)",
            source=url,
            remedy="name a folder with PDF, HTML, DOCX or text files",
        )
    return taken, passed_over


def _nothing(problems: Sequence[NianbaoError]) -> NianbaoError:
    if len(problems) == 1:
        return problems[0]
    kind = UsageError if not problems or any(isinstance(p, UsageError) for p in problems) else InputError
    return kind("nothing to read: " + "; ".join(str(p) for p in problems), remedy="name files, folders or URLs")
