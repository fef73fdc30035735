from __future__ import annotations

from types import SimpleNamespace

import psutil
import pytest

from pipeline.read_apart import cores


@pytest.mark.parametrize(("readers", "threads"), [(1, 8), (2, 4), (3, 2), (8, 1), (20, 1)])
def test_readers_share_the_cores(monkeypatch: pytest.MonkeyPatch, readers: int, threads: int) -> None:
    monkeypatch.setattr(cores, "usable_cores", lambda: 8)

    assert cores.threads_each(readers) == threads


@pytest.mark.parametrize(("free_gib", "count"), [(64, 8), (7, 3), (1, 1)])
def test_as_many_readers_as_there_are_cores_and_memory(
    monkeypatch: pytest.MonkeyPatch, free_gib: int, count: int
) -> None:
    monkeypatch.setattr(cores, "usable_cores", lambda: 8)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=free_gib * 1024**3))

    assert cores.reader_count(None) == count
    assert cores.reader_count(5) == 5


def test_the_cores_of_this_process() -> None:
    assert cores.usable_cores() >= 1
