"""A batch that is told to stop."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.errors import ExitCode
from pipeline import batch
from pipeline.cli.app import run


def test_termination_leaves_no_half_of_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_until_terminated(*_: object) -> Iterator[None]:
        os.kill(os.getpid(), signal.SIGTERM)
        yield None

    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)  # without a handler of its own the test would end, too
    monkeypatch.setattr(batch, "read_as_done", read_until_terminated)
    (tmp_path / "a.txt").write_text("一、总体情况\n", encoding="utf-8")
    out = tmp_path / "out"
    try:
        code = run(["extract", str(tmp_path / "a.txt"), "--out", str(out), "--format", "json,csv"])
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)

    assert code == ExitCode.INTERRUPTED
    assert [path.name for path in out.iterdir()] == [".nianbao-manifest"]
