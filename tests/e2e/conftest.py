"""The command as a user runs it: a process of its own, with reports drawn for the occasion."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path

import pytest

from samples.generate import render_one
from tests.made_once import made_once
from tests.scanned_pages import with_scans

COMMAND = Path(sys.executable).with_name("nianbao")
# File name -> style: one of each reader, one with broken sums, one with a scanned page.
STYLES = {
    "broken.pdf": "pdf-broken-column",
    "office.docx": "docx-plain",
    "page.html": "html-clean",
    "plain.pdf": "pdf-plain",
    "saved.txt": "text-bars",
    "scan.pdf": "pdf-plain",
}
SEED = 3
# Pages of scan.pdf that are pictures, counted from 0; to read one takes longer than all other files together.
SCANNED = {2}
# A command that takes longer hangs; it is no measure of speed.
_HANGS_AFTER = 300  # seconds
_PROGRESS = re.compile(r"nianbao: \d+/\d+ reports, ")


@dataclass(frozen=True)
class Ended:
    """A command that has ended; ``err`` without lines of progress."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


def without_progress(stderr: str) -> str:
    """What was said but for the lines of progress, which come after half a minute: only on a busy machine."""
    return "".join(line for line in stderr.splitlines(keepends=True) if not _PROGRESS.match(line))


def environment(**more: str) -> dict[str, str]:
    """The environment of a terminal 100 columns wide, without settings of whoever runs the tests."""
    ours = {
        k: v for k, v in os.environ.items() if not k.startswith("NIANBAO_") and k not in {"FORCE_COLOR", "NO_COLOR"}
    }
    return {**ours, "COLUMNS": "100", **more}


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs ``nianbao`` with arguments in a folder; says how it ended. No traceback is ever right."""
    elsewhere = tmp_path_factory.mktemp("cwd")

    def run_command(*arguments: str | Path, cwd: Path = elsewhere, **variables: str) -> Ended:
        done = subprocess.run(
            [COMMAND, *arguments],
            cwd=cwd,
            env=environment(**variables),
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=_HANGS_AFTER,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return Ended(done.returncode, done.stdout, without_progress(done.stderr))

    return run_command


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of drawn reports, one in a folder below, beside a file of another kind and unfinished ones."""
    drawn = tmp_path_factory.mktemp("drawn")

    def draw(folder: Path) -> None:
        (folder / "2023").mkdir()
        for name, style in STYLES.items():
            place = folder / "2023" if name == "saved.txt" else folder
            shutil.copy(render_one(style, SEED, drawn).path, place / name)
        (folder / "scan.pdf").write_bytes(with_scans(folder / "scan.pdf", SCANNED))
        (folder / "list.json").write_text("[]", encoding="utf-8")
        (folder / "half.pdf.part").write_bytes(b"%PDF-1.7")
        (folder / "~$office.docx").write_bytes(b"")

    return made_once(tmp_path_factory, "reports", draw)


@pytest.fixture(scope="session")
def text_report(reports: Path) -> bytes:
    """The quickest report to read."""
    return (reports / "2023" / "saved.txt").read_bytes()


@dataclass(frozen=True)
class Extracted:
    """A finished run of extract over the folder of reports, into all formats, by two workers."""

    ended: Ended
    out: Path


@pytest.fixture(scope="session")
def extracted(run: Run, reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Extracted:
    def extract(folder: Path) -> None:
        out = folder / "made" / "later"
        ended = run("extract", reports, "--out", out, "--format", "json,csv,xlsx", "--jobs", "2")
        (folder / "ended.json").write_text(json.dumps([str(out), *astuple(ended)]), encoding="utf-8")

    folder = made_once(tmp_path_factory, "extracted", extract)
    out = folder / "made" / "later"
    written_to, code, said, errors = json.loads((folder / "ended.json").read_text(encoding="utf-8"))
    return Extracted(Ended(code, said.replace(written_to, str(out)), errors), out)
