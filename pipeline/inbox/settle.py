"""Which files hold still: their size and time stay as they are, and nobody has them open for writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.inbox.names import Found
from pipeline.store.records import FileStamp

# An empty file is likely one that somebody is about to fill.
EMPTY_PATIENCE = 10.0  # times the usual wait


@dataclass(slots=True)
class Settling:
    """What is known of the files of an inbox that are not taken yet.

    Attributes:
        seconds: How long a file must hold still.
    """

    seconds: float
    _seen: dict[str, tuple[FileStamp, float]] = field(default_factory=dict)
    _restless: set[str] = field(default_factory=set)

    def observe(self, files: Sequence[Found], now: float) -> list[Found]:
        """The files that have held still, in the order given; the others are looked at again later.

        How long is measured by our own clock from look to look: clocks of file servers are wrong.

        Args:
            files: All files that lie there and are not taken, as they are now.
            now: Seconds on a clock that never goes back.
        """
        seen: dict[str, tuple[FileStamp, float]] = {}
        ready: list[Found] = []
        for file in files:
            before = self._seen.get(file.path)
            is_same = before is not None and before[0] == file.stamp
            since = before[1] if before is not None and is_same else now
            if before is not None and not is_same:
                self._restless.add(file.path)
            seen[file.path] = (file.stamp, since)
            if now - since >= self._patience(file.stamp):
                ready.append(file)
        self._seen = seen
        self._restless &= seen.keys()
        return ready

    def start_again(self, path: str, now: float) -> None:
        """Nothing; the file has to hold still once more, for it turned out to be in use."""
        if path in self._seen:
            self._seen[path] = (self._seen[path][0], now)
            self._restless.add(path)

    def forget(self, path: str) -> None:
        """Nothing; the file is taken."""
        self._seen.pop(path, None)
        self._restless.discard(path)

    @property
    def restless(self) -> frozenset[str]:
        """The files that changed, or were in use, since they were first seen."""
        return frozenset(self._restless)

    def next_look(self) -> float | None:
        """When, on the clock of ``observe``, the next file may have held still; None where none is waited for."""
        return min((since + self._patience(stamp) for stamp, since in self._seen.values()), default=None)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that were there at the last look and are not taken."""
        return tuple(self._seen)

    def _patience(self, stamp: FileStamp) -> float:
        return self.seconds if stamp.byte_size else self.seconds * EMPTY_PATIENCE
