"""The order in which files are begun: that of the inputs, except for one that all others would have to wait for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

# A file costs this much beside its size: small files take time as well. Bytes.
_BYTES_A_FILE = 100_000


class Order:
    """Which file is begun next.

    A long file that is begun last keeps one process busy while all others have nothing to do. So a file is begun before
    its turn where, by its size, it takes as long as all that is left shared among the processes. Of a long batch these
    are the last few; they are read the longest first.

    Args:
        sizes: Bytes of each file.
        readers: Files read at the same time.
    """

    def __init__(self, sizes: Sequence[int], readers: int) -> None:
        self._costs = [size + _BYTES_A_FILE for size in sizes]
        self._readers = readers
        self._left = sum(self._costs)
        self._begun = [False] * len(sizes)
        self._next = 0
        self._longest = sorted(range(len(sizes)), key=lambda n: (-self._costs[n], n))
        self._longest_next = 0

    @property
    def is_done(self) -> bool:
        """Whether all files are begun."""
        return self.first == len(self._costs)

    @property
    def first(self) -> int:
        """The number of the first file that is not begun; that of files where all are."""
        while self._next < len(self._costs) and self._begun[self._next]:
            self._next += 1
        return self._next

    def take(self, *, in_turn: bool = False) -> int:
        """The number of the file to begin now; it counts as begun. With ``in_turn`` it is the first that is left."""
        number = self.first
        if not in_turn:
            longest = self._first_of_longest()
            if self._costs[longest] * self._readers >= self._left:
                number = longest
        self._begun[number] = True
        self._left -= self._costs[number]
        return number

    def _first_of_longest(self) -> int:
        while self._begun[self._longest[self._longest_next]]:
            self._longest_next += 1
        return self._longest[self._longest_next]


def file_size(path: Path) -> int:
    """Bytes of the file; 0 where it cannot be told."""
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0
