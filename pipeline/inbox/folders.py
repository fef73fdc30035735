"""The folders of an inbox, and the place of each file and its results in them."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from models.errors import UsageError
from pipeline.config import Settings
from pipeline.export.file_names import MAX_NAME_BYTES
from pipeline.store.records import State

RESULT_ENDING, REASON_ENDING = ".json", ".reason.txt"
_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class InboxFolders:
    """Absolute paths: where files are dropped, and where they go with their results."""

    inbox: Path
    done: Path
    review: Path
    failed: Path

    @property
    def outputs(self) -> tuple[Path, Path, Path]:
        """The three folders that files go to."""
        return self.done, self.review, self.failed

    def of(self, state: State) -> Path:
        """Where the files of a document in this final state lie."""
        return {"done": self.done, "review": self.review}.get(state, self.failed)


def inbox_folders(inbox: Path, settings: Settings) -> InboxFolders:
    """The folders of the inbox; those that are not set lie beside it.

    Raises:
        UsageError: the inbox is no folder, or something that the service writes lies in it, or it lies in that.
    """
    if not inbox.is_dir():
        raise UsageError("there is no such folder", source=str(inbox), remedy="make it, or check the path")
    here = inbox.resolve()
    chosen = settings.inbox
    done, review, failed = (
        (place if place is not None else here.parent / name).resolve()
        for place, name in ((chosen.done, "done"), (chosen.review, "review"), (chosen.failed, "failed"))
    )
    if len({done, review, failed}) < len((done, review, failed)):
        raise UsageError(
            "done, review and failed must be three folders", source=str(inbox), remedy="name different ones"
        )
    written = {"inbox.done": done, "inbox.review": review, "inbox.failed": failed}
    written["store.originals"] = settings.store.originals.resolve()
    url = settings.store.url
    if url.startswith(_SQLITE):
        written["store.url"] = Path(url.removeprefix(_SQLITE)).resolve()
    for key, place in written.items():
        if place.is_relative_to(here):
            raise UsageError(
                f"{key} ({place}) lies in the inbox: what is written there would be taken for new files",
                source=str(inbox),
                remedy=f"set {key} to a place outside of it",
            )
    for key in ("inbox.done", "inbox.review", "inbox.failed"):
        if here.is_relative_to(written[key]):
            raise UsageError(f"the inbox lies in {key} ({written[key]})", source=str(inbox), remedy="set another place")
    return InboxFolders(here, done, review, failed)


def choose_target(folder: Path, path: str, taken: Collection[Path] = ()) -> Path:
    """A place in ``folder``, sub-folders of ``path`` kept, at which neither the file nor its results hide another one.

    ``a.pdf`` becomes ``a-2.pdf`` where there is one already. A name that leaves no room for the endings of the results
    is shortened before its own ending.

    Args:
        folder: One of the folders that files go to.
        path: Of the file, relative to the inbox.
        taken: Places that are promised to other files.
    """
    below, name = os.path.split(path)
    parent = folder / below
    stem, ending = os.path.splitext(name)  # noqa: PTH122 - text that need not be UTF-8
    number = 1
    while True:
        target = parent / _fitted(stem, "" if number == 1 else f"-{number}", ending)
        if target not in taken and not any(map(os.path.lexists, (target, result_place(target), reason_place(target)))):
            return target
        number += 1


def result_place(target: Path) -> Path:
    """Where the report document of a file lies: beside it."""
    return target.with_name(target.name + RESULT_ENDING)


def reason_place(target: Path) -> Path:
    """Where it says why a file did not pass: beside it."""
    return target.with_name(target.name + REASON_ENDING)


def _fitted(stem: str, number: str, ending: str) -> str:
    tail = os.fsencode(number + ending)
    room = MAX_NAME_BYTES - len(REASON_ENDING) - len(tail)
    if room <= 0:  # what looks like an ending is the whole name
        stem, tail, room = stem + ending, os.fsencode(number), MAX_NAME_BYTES - len(REASON_ENDING) - len(number)
    head = os.fsencode(stem)
    while len(head) > room:
        stem = stem[:-1]
        head = os.fsencode(stem)
    return os.fsdecode(head + tail)
