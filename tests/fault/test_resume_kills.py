"""A batch ended in the middle, by a kill that nothing can catch and by Ctrl-C, and then resumed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.manifest import MANIFEST_NAME

COMMAND = Path(sys.executable).with_name("nianbao")
JOBS, FILES, DONE_BEFORE = 2, 24, 6
_HANGS_AFTER = 300  # seconds


def command(folder: Path, out: Path, *more: str) -> list[str]:
    formats = ("--format", "json,csv", "--jobs", str(JOBS))
    return [str(COMMAND), "extract", str(folder), "--out", str(out), *formats, *more]


def entries(out: Path) -> list[bytes]:
    manifest = out / MANIFEST_NAME
    return manifest.read_bytes().splitlines() if manifest.exists() else []


def stopped_in_the_middle(folder: Path, out: Path, by: signal.Signals) -> None:
    heeding = ["env", "--default-signal=INT"]  # a shell may have told its background processes to ignore it
    with subprocess.Popen(
        [*heeding, *command(folder, out)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        give_up = time.monotonic() + _HANGS_AFTER
        while len(entries(out)) < DONE_BEFORE:
            assert process.poll() is None
            assert time.monotonic() < give_up
            time.sleep(0.01)
        # A kill hits the command alone, Ctrl-C all that the terminal runs.
        if by == signal.SIGKILL:
            process.send_signal(by)
        else:
            os.killpg(process.pid, by)


@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT])
def test_at_most_what_was_in_hand_is_read_again(tmp_path: Path, repo_root: Path, by: signal.Signals) -> None:
    folder, out, whole = tmp_path / "in", tmp_path / "out", tmp_path / "whole"
    folder.mkdir()
    text = (repo_root / "samples" / "reports" / "broken-sums.html").read_text(encoding="utf-8")
    for number in range(FILES):
        (folder / f"{number:02}.html").write_text(f"{text}<!-- {number} -->", encoding="utf-8")
    stopped_in_the_middle(folder, out, by)
    before = {p.name: p.stat().st_mtime_ns for p in out.glob("*.json")}
    on_record = len(entries(out))
    assert DONE_BEFORE <= on_record < FILES
    assert not (out / "nianbao.csv").exists()

    resumed = subprocess.run(command(folder, out, "--resume"), capture_output=True, timeout=_HANGS_AFTER, check=False)
    subprocess.run(command(folder, whole), capture_output=True, timeout=_HANGS_AFTER, check=False)

    assert resumed.returncode == 6
    assert len(entries(out)) == FILES
    after = {p.name: p.stat().st_mtime_ns for p in out.glob("*.json")}
    read_again = [name for name, written in before.items() if after[name] != written]
    # A result may be in place that is not on record yet.
    assert len(before) - on_record <= 1
    assert len(read_again) == len(before) - on_record
    assert (out / "nianbao.csv").read_bytes() == (whole / "nianbao.csv").read_bytes()
