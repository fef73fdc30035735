"""From a result on record to files where people look for them: the report document, the reason, the file itself."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from models.errors import OutputError
from pipeline.export.atomic import write_bytes
from pipeline.export.json_export import write_report_json
from pipeline.inbox.events import tell
from pipeline.inbox.folders import InboxFolders, choose_target, reason_place, result_place
from pipeline.inbox.place import Move, Moved, make_folders, move_file
from pipeline.inbox.read_again import place_again
from pipeline.inbox.reason_file import ENCODING, reason_text
from pipeline.inbox.trouble import Troubles
from pipeline.store.documents import load_report
from pipeline.store.drops import close_drop, intend_target, leave_drop, outdated_drops, placeable_drops
from pipeline.store.open_store import Store
from pipeline.store.records import Document, Drop, Taken

_STRETCH_SECONDS = 0.2
_AT_ONCE = 50
# What is wrong with a folder or its disk, and not with one file.
_FOLDER_ERRORS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENODEV}
)


@dataclass(slots=True)
class Placing:
    """The way out of the store.

    Attributes:
        folders: The inbox and its companions.
        store: What is to be placed.
        troubles: What cannot be done for now.
        on_closed: Called with each drop whose file has left the inbox.
        clock: Seconds on a clock that never goes back.
    """

    folders: InboxFolders
    store: Store
    troubles: Troubles
    on_closed: Callable[[Drop], None]
    clock: Callable[[], float] = time.monotonic
    _put_off: dict[int, str] = field(default_factory=dict)

    @property
    def stuck(self) -> set[str]:
        """The files that could not be placed when that was tried last, relative to the inbox."""
        return set(self._put_off.values())

    def place_some(self) -> bool:
        """True where there may be more to place at once; False where there is nothing for now.

        Raises:
            StoreError: the store cannot be read or written.
        """
        self.take_up()
        until = self.clock() + _STRETCH_SECONDS
        # Those that cannot be placed now are the oldest, and must not hide the others.
        limit = _AT_ONCE + len(self._put_off)
        found = placeable_drops(self.store, str(self.folders.inbox), limit)
        for taken in found:
            if self.clock() >= until:
                return True
            self._try(taken)
        return len(found) == limit

    def take_up(self) -> None:
        """Nothing; placed files whose report was settled or read again since are then to be placed anew.

        Raises:
            StoreError: the store cannot be read or written.
        """
        while True:
            found = outdated_drops(self.store, str(self.folders.inbox), _AT_ONCE)
            went_on = sum(self._take_up(taken) for taken in found)
            if not went_on or len(found) < _AT_ONCE:
                return

    def _take_up(self, taken: Taken) -> bool:
        """True where something was done about it; False where its file cannot be read for now."""
        topic = f"file {taken.drop.target}"
        if self.troubles.is_waiting(topic):
            return False
        try:
            is_there = place_again(self.store, taken.drop, taken.document.sha256)
        except OSError as exc:
            self.troubles.meet(topic, exc)
            return False
        self.troubles.forget(topic)
        if not is_there:
            leave_drop(self.store, taken.drop.id)
        return True

    def _try(self, taken: Taken) -> None:
        drop, folder = taken.drop, self.folders.of(taken.document.state)
        file_topic, folder_topic = f"placing {drop.path}", f"folder {folder}"
        if self.troubles.is_waiting(file_topic) or self.troubles.is_waiting(folder_topic):
            self._put_off[drop.id] = drop.path
            return
        try:
            make_folders(folder)
        except OSError as exc:
            self._put_off[drop.id] = drop.path
            self.troubles.meet(folder_topic, exc)
            return
        try:
            self._place(drop, taken.document)
        except (OSError, OutputError) as exc:
            self._put_off[drop.id] = drop.path
            # A folder that takes nothing is told once, not once for each file.
            self.troubles.meet(folder_topic if _is_of_folder(exc) else file_topic, exc)
            return
        self._put_off.pop(drop.id, None)
        self.troubles.over(folder_topic)
        self.troubles.forget(file_topic)

    def _place(self, drop: Drop, document: Document) -> None:
        source = self.folders.inbox / drop.path
        while True:
            target = self._target(drop, document, source)
            self._write_results(target, drop, document)
            moved = move_file(Move(source, target, drop.stamp, document.sha256))
            if moved != "target_taken":
                break
            # Somebody put a file there after the place was chosen; its results are not ours to remove.
            drop = self._intend(drop, choose_target(self.folders.of(document.state), self._path_below(drop)))
        self._close(drop, document, source, target, moved)

    def _target(self, drop: Drop, document: Document, source: Path) -> Path:
        folder = self.folders.of(document.state)
        if drop.target is not None and Path(drop.target).is_relative_to(folder):
            return Path(drop.target)
        # A file that was placed before and read again with the same outcome stays where it is.
        stays = source.is_relative_to(folder)
        target = source if stays else choose_target(folder, self._path_below(drop))
        self._intend(drop, target)
        return target

    def _intend(self, drop: Drop, target: Path) -> Drop:
        intend_target(self.store, drop.id, str(target))
        return replace(drop, target=str(target))

    def _path_below(self, drop: Drop) -> str:
        """The path of the file below its folder: of the inbox, or of that in which it was placed before."""
        source = self.folders.inbox / drop.path
        for folder in self.folders.outputs:
            if source.is_relative_to(folder):
                return str(source.relative_to(folder))
        return drop.path

    def _write_results(self, target: Path, drop: Drop, document: Document) -> None:
        stored = load_report(self.store, document.id)
        report = None if stored is None else stored.report
        make_folders(target.parent)
        if report is not None:
            write_report_json(report, result_place(target))
        if document.state == "done":
            with contextlib.suppress(FileNotFoundError):
                reason_place(target).unlink()
        else:
            text = reason_text(document, report, self._path_below(drop))
            write_bytes(reason_place(target), text.encode(ENCODING))

    def _close(self, drop: Drop, document: Document, source: Path, target: Path, moved: Moved) -> None:
        if moved == "gone":
            for place in (result_place(target), reason_place(target)):
                with contextlib.suppress(FileNotFoundError):
                    place.unlink()
            close_drop(self.store, drop.id, "gone")
            tell("gone", logging.WARNING, path=drop.path, document=document.id)
        else:
            if os.path.isabs(drop.path) and source != target:  # noqa: PTH117 - text that need not be UTF-8
                for place in (result_place(source), reason_place(source)):
                    with contextlib.suppress(FileNotFoundError):
                        place.unlink()
            close_drop(self.store, drop.id, "placed", document.revision)
            tell("placed", path=drop.path, document=document.id, state=document.state, target=str(target))
        self.on_closed(drop)


def _is_of_folder(error: Exception) -> bool:
    cause = error.__cause__ if isinstance(error, OutputError) else error
    return isinstance(cause, OSError) and cause.errno in _FOLDER_ERRORS
