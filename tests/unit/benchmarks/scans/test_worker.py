from __future__ import annotations

import os

import pytest

from benchmarks.scans.plan import plan
from benchmarks.scans.worker import Worker, peak_mib
from models.errors import StageError, UsageError

MIB = 1024**2


def test_calls_run_in_one_other_process_and_errors_come_back() -> None:
    with Worker() as worker:
        first = worker.call(os.getpid)
        assert first.value != os.getpid()
        assert worker.call(os.getpid).value == first.value
        large = worker.call(bytearray, 64 * MIB)
        assert large.peak_mib >= 64 + first.peak_mib / 2
        assert large.seconds > 0
        with pytest.raises(StageError, match="ValueError"):
            worker.call(int, "x")
        with pytest.raises(UsageError, match="cannot draw 0 scans"):
            worker.call(plan, "tune", count=0)
        with pytest.raises(StageError, match="exit code 3"):
            worker.call(os._exit, 3)
        assert worker.call(os.getpid).value != first.value


def test_this_process_has_a_peak() -> None:
    assert peak_mib() > 1
