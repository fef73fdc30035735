"""Many machines: two nodes of a Ray cluster on this one, one of them killed in the middle."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.dataset as pads
import pytest

from models.errors import ExitCode
from pipeline.export.json_export import read_report_json
from pipeline.export.report_rows import TABLE_NAMES, TableName, report_to_rows
from pipeline.export.row_schemas import ROW_SCHEMAS
from tests.e2e.conftest import without_progress
from tests.e2e.free_port import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed: pip install -e '.[ray]'"),
]
ROOT = Path(__file__).parent.parent.parent
COPIES = 3
PATIENCE_SECONDS = 240.0
LOOK_SECONDS = 0.1
NIANBAO = (sys.executable, "-c", "from pipeline.cli import main; main()", "extract")


@dataclass
class Nodes:
    """Two nodes with one core each, their token in ``environment``."""

    address: str
    environment: dict[str, str]
    head: subprocess.Popen[bytes]
    other: subprocess.Popen[bytes]

    def extract(self, *arguments: object) -> subprocess.Popen[str]:
        command = [*NIANBAO, "--engine", "ray", "--address", self.address, *map(str, arguments)]
        return subprocess.Popen(
            command, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )


def test_same_rows_as_one_machine_when_a_node_is_killed(nodes: Nodes, tmp_path: Path) -> None:
    reports = _reports(tmp_path / "in")
    one, many = tmp_path / "one", tmp_path / "many"

    job = nodes.extract(reports, "--out", many)
    _wait_until(lambda: len(_kept(many)) >= 2 and _reads(nodes.other), job)
    raylet = next(p for p in psutil.Process(nodes.other.pid).children(recursive=True) if p.name() == "raylet")
    raylet.kill()
    before = len(_kept(many))
    output, _ = job.communicate(timeout=PATIENCE_SECONDS)

    assert before < len(list(reports.iterdir())), "the node was killed too late"
    single = subprocess.run(
        [*NIANBAO, str(reports), "--jobs", "2", "--out", str(one)],
        env=nodes.environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    assert job.returncode == single.returncode == ExitCode.INPUT, output
    for table in TABLE_NAMES:
        assert _rows_of_dataset(many, table) == _rows_of_documents(one, table), table
    assert (many / "_complete.json").is_file()

    kept = {path: path.stat().st_mtime_ns for path in _kept(many)}
    again = nodes.extract(reports, "--out", many)
    output, _ = again.communicate(timeout=PATIENCE_SECONDS)
    assert again.returncode == ExitCode.INPUT
    assert f"{len(kept)} of {len(kept)} had been read before" in output
    assert {path: path.stat().st_mtime_ns for path in _kept(many)} == kept
    assert max(Counter(row["source"] for row in pads.dataset(many / "reports").to_table().to_pylist()).values()) == 1


@pytest.mark.exhaustive
def test_a_job_of_this_machine_that_is_killed_goes_on(tmp_path: Path) -> None:
    reports, out = _reports(tmp_path / "in"), tmp_path / "out"
    command = [*NIANBAO, "--engine", "ray", "--jobs", "2", str(reports), "--out", str(out)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    job = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    _wait_until(lambda: len(_kept(out)) >= 2, job)
    started = psutil.Process(job.pid).children(recursive=True)
    open_to_others = [address for process in [psutil.Process(job.pid), *started] for address in _listens(process)]
    job.kill()
    job.wait()
    kept = len(_kept(out))
    _, left = psutil.wait_procs(started, timeout=PATIENCE_SECONDS)
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    assert open_to_others == []
    assert left == []
    assert done.returncode == ExitCode.INPUT, done.stderr
    assert without_progress(done.stderr) == ""
    before = re.search(r"(\d+) of (\d+) had been read before", done.stdout)
    assert before is not None, done.stdout
    assert kept - 1 <= int(before[1]) < int(before[2]) == len(list(reports.iterdir()))
    sources = Counter(row["source"] for row in pads.dataset(out / "reports").to_table().to_pylist())
    assert sources == Counter(map(str, reports.iterdir()))


@pytest.fixture
def nodes() -> Iterator[Nodes]:
    # Sockets lie below it, and their names have little room.
    folder = Path(tempfile.mkdtemp(prefix="nr-"))
    port = free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_worker_niceness": "0",
        "RAY_health_check_period_ms": "500",
        "RAY_health_check_failure_threshold": "4",
        "RAY_TMPDIR": str(folder),
    }
    started: list[subprocess.Popen[bytes]] = []
    try:
        for where in (("--head", f"--port={port}", "--include-dashboard=false"), (f"--address=127.0.0.1:{port}",)):
            command = [sys.executable, "-m", "ray.scripts.scripts", "start", *where, "--num-cpus=1", "--block"]
            command += ["--object-store-memory=200000000", "--disable-usage-stats"]
            with (folder / f"{len(started)}.log").open("wb") as log:
                started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT))
            _wait_until(lambda: _answers(port) and "raylet" in _names(started[-1]), started[-1])
        yield Nodes(f"127.0.0.1:{port}", environment, *started)
    finally:
        for process in started:
            _end(process)
        shutil.rmtree(folder, ignore_errors=True)


def _reports(folder: Path) -> Path:
    """Several of each sample and one that is broken."""
    folder.mkdir()
    for name in ("office-export.pdf", "row-cut-by-page.pdf", "word-export.html", "broken-sums.html"):
        for number in range(COPIES):
            shutil.copy(ROOT / "samples" / "reports" / name, folder / f"{number}-{name}")
    (folder / "broken.pdf").write_bytes((folder / "0-office-export.pdf").read_bytes()[:3000])
    return folder


def _rows_of_dataset(folder: Path, table: TableName) -> list[str]:
    rows = pads.dataset(folder / table, partitioning="hive").to_table().to_pylist()
    return sorted(repr(sorted((key, value) for key, value in row.items() if key != "run")) for row in rows)


def _rows_of_documents(folder: Path, table: TableName) -> list[str]:
    rows = []
    for document in folder.glob("*.json"):
        report = read_report_json(document)
        code = {"ok": ExitCode.OK, "failed": ExitCode.INPUT}.get(report.status, ExitCode.REVIEW)
        rows += report_to_rows(report, code)[table]
    typed = pa.Table.from_pylist(rows, schema=ROW_SCHEMAS[table]).to_pylist()
    return sorted(repr(sorted(row.items())) for row in typed)


def _kept(folder: Path) -> list[Path]:
    return list((folder / "_read").rglob("*.json.gz"))


def _reads(node: subprocess.Popen[bytes]) -> bool:
    """Whether a process on the node reads documents."""
    with contextlib.suppress(psutil.Error):
        for process in psutil.Process(node.pid).children(recursive=True):
            if any("read_apart" in word for word in process.cmdline()):
                return True
    return False


def _listens(process: psutil.Process) -> list[str]:
    """Where the process listens, other than for this machine."""
    with contextlib.suppress(psutil.Error):
        addresses = [c.laddr.ip for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN]
        return [address for address in addresses if not address.removeprefix("::ffff:").startswith("127.")]
    return []


def _names(process: subprocess.Popen[bytes]) -> list[str]:
    with contextlib.suppress(psutil.Error):
        return [child.name() for child in psutil.Process(process.pid).children(recursive=True)]
    return []


def _wait_until(is_so: Callable[[], bool], process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert process.poll() is None, process.stdout and process.stdout.read()
        assert time.monotonic() < end, "it takes too long"
        time.sleep(LOOK_SECONDS)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()
    process.kill()
    process.wait()
