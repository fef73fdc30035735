"""A process that ends when the one that started it ends, however that ends."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
from multiprocessing.connection import wait
from multiprocessing.process import parent_process

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_INIT = 1  # adopts whose parent is dead


def end_with_forking_process() -> None:
    """Nothing; the system then ends this process when the one that forked it ends."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == _INIT:
        # It ended before the system was told.
        os._exit(1)


def end_with_starting_process() -> None:
    """Nothing; a thread then ends this process when the one that asked for it ends, which need not have forked it."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), name="parent", daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
