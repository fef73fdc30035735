"""What several test processes need and one makes: the first asks a lock, the others find it on the disk."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder of this name, filled by ``make``; one for all processes of the run. Nobody may change what is in it.

    Args:
        factory: Of pytest.
        name: A name of its own for each kind of content.
        make: Fills an empty folder; where it fails, the next process tries again.
    """
    base = factory.getbasetemp()
    # Workers of pytest-xdist have folders of their own in that of the run.
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made-once"
    shared.mkdir(exist_ok=True)
    place, unfinished = shared / name, shared / f"{name}.unfinished"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.is_dir():
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(place)
    return place
