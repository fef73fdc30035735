"""What lies in an inbox: files to take, files that wait for their real name, things that are never touched."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.store.records import FileStamp

# What programs call a file that they have not finished.
_UNFINISHED_ENDINGS = (".part", ".partial", ".crdownload", ".download", ".filepart", ".tmp", ".temp", ".swp", ".!ut")
_UNFINISHED_STARTS = (".", "~$", "~wrl")
# Left behind by file managers.
_LITTER = frozenset({"thumbs.db", "desktop.ini", "$recycle.bin", "system volume information"})
MAX_DEPTH = 32  # folders below one another; people have a few
_YEAR = re.compile(r"(?:19|20)\d\d(?=年?(?:度)?$)")

Refusal = Literal["link", "pipe", "socket", "device", "folder_unreadable", "too_deep"]


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file with a finished name. ``path`` is relative to the inbox, as ``os.fsdecode`` gives it."""

    path: str
    stamp: FileStamp


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that is no file to take, and why."""

    path: str
    reason: Refusal


@dataclass(frozen=True, slots=True)
class Scan:
    """All that lies in an inbox, in the order of names. ``unfinished`` counts names that wait."""

    files: tuple[Found, ...]
    refused: tuple[Refused, ...]
    unfinished: int


def scan_inbox(inbox: Path) -> Scan:
    """What lies in the inbox now. Links are not followed, hidden folders not entered, nothing is opened.

    Raises:
        OSError: the inbox itself cannot be listed.
    """
    files: list[Found] = []
    refused: list[Refused] = []
    unfinished = 0
    for found in _walk(inbox, "", 0):
        if isinstance(found, Found):
            files.append(found)
        elif isinstance(found, Refused):
            refused.append(found)
        else:
            unfinished += 1
    return Scan(tuple(files), tuple(refused), unfinished)


def is_unfinished(name: str) -> bool:
    """True for hidden and temporary names: what has one waits until it is renamed."""
    lower = name.casefold()
    return lower.startswith(_UNFINISHED_STARTS) or lower.endswith((*_UNFINISHED_ENDINGS, "~")) or lower in _LITTER


def stamp_of(status: os.stat_result) -> FileStamp:
    """What tells this file from another that may lie there later."""
    return FileStamp(status.st_size, status.st_mtime_ns, f"{status.st_dev}:{status.st_ino}")


def tags_of(path: str) -> tuple[str, ...]:
    """The names of the folders that the file lies in, outermost first; of ``2023年度`` the year alone."""
    tags: list[str] = []
    for part in Path(path).parts[:-1]:
        year = _YEAR.match(part)
        tags.append(year.group() if year else part)
    return tuple(dict.fromkeys(tags))


def _walk(inbox: Path, below: str, depth: int) -> Iterator[Found | Refused | None]:
    try:
        with os.scandir(inbox / below) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        if not below:
            raise
        yield Refused(below, "folder_unreadable")
        return
    for entry in found:
        path = os.path.join(below, entry.name)  # noqa: PTH118 - text that need not be UTF-8
        if is_unfinished(entry.name):
            # Our own lock file and those of office programs are hidden too, and no news to anyone.
            if not entry.name.startswith(".") and entry.name.casefold() not in _LITTER:
                yield None
            continue
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:  # gone meanwhile, or unreadable: the next scan tells
            continue
        if stat.S_ISDIR(status.st_mode):
            if depth >= MAX_DEPTH:
                yield Refused(path, "too_deep")
            else:
                yield from _walk(inbox, path, depth + 1)
        elif stat.S_ISREG(status.st_mode):
            yield Found(path, stamp_of(status))
        else:
            yield Refused(path, _kind(status.st_mode))


def _kind(mode: int) -> Refusal:
    if stat.S_ISLNK(mode):
        return "link"
    if stat.S_ISFIFO(mode):
        return "pipe"
    return "socket" if stat.S_ISSOCK(mode) else "device"
