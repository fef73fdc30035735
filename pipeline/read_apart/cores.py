"""How many files are read at the same time, and how many threads each reading may have: never more than cores."""

from __future__ import annotations

import os

import psutil

# A process that reads scans takes up to this much memory: as many are started at most as fit. Bytes.
_BYTES_A_READER = 2 * 1024**3


def usable_cores() -> int:
    """Number of processors that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def reader_count(wanted: int | None) -> int:
    """Files to read at the same time: as many as wanted; where nothing is said, one a core, as far as memory lasts."""
    if wanted is not None:
        return wanted
    return max(1, min(usable_cores(), psutil.virtual_memory().available // _BYTES_A_READER))


def threads_each(readers: int) -> int:
    """Threads of one reading, so that all of them together have one a core."""
    return max(1, usable_cores() // readers)
