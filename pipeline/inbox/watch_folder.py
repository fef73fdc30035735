"""News of a folder, from the system where it tells any; who waits for them waits on a file descriptor."""

from __future__ import annotations

import logging
import os
import threading
from contextlib import suppress
from pathlib import Path

from watchfiles import watch

from pipeline.inbox.events import tell

_DEBOUNCE_MS, _STEP_MS = 100, 50  # news that come together are told once
_LOOK_AT_STOP_MS = 500


class FolderNews:
    """Tells that something has changed in a folder or below it. The periodic scan finds what this one misses.

    Attributes:
        descriptor: Can be read when there are news, or when ``wake`` was called.
    """

    def __init__(self) -> None:
        self.descriptor, self._write = os.pipe()
        os.set_blocking(self.descriptor, False)
        os.set_blocking(self._write, False)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def wake_descriptor(self) -> int:
        """What a signal handler writes to, so that the wait for news ends."""
        return self._write

    def follow(self, folder: Path) -> None:
        """Nothing; news of the folder are then told."""
        self._thread = threading.Thread(target=self._run, args=(folder,), name="inbox news", daemon=True)
        self._thread.start()

    def take(self) -> bool:
        """True where there were news since the last call."""
        found = False
        with suppress(BlockingIOError):
            while os.read(self.descriptor, 4096):
                found = True
        return found

    def close(self) -> None:
        """Nothing; no news are told any more."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        os.close(self.descriptor)
        os.close(self._write)

    def _run(self, folder: Path) -> None:
        try:
            for _ in watch(
                folder,
                watch_filter=None,
                debounce=_DEBOUNCE_MS,
                step=_STEP_MS,
                stop_event=self._stop,
                rust_timeout=_LOOK_AT_STOP_MS,
                raise_interrupt=False,
            ):
                with suppress(BlockingIOError):
                    os.write(self._write, b"n")
        except (OSError, RuntimeError) as exc:
            # Too many watches, a file system without news: the periodic scan goes on.
            tell("no news of the folder", logging.WARNING, path=str(folder), message=str(exc))
