"""The inbox as an office runs it: a service of its own, files dropped while it runs."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import openpyxl
import pyarrow.parquet as pq
import pytest

from tests.e2e.conftest import COMMAND, Run, environment

# A service that takes longer hangs; it is no measure of speed.
_HANGS_AFTER = 300  # seconds


class Service:
    """A running `nianbao watch` with its log as JSON, read while it grows."""

    def __init__(self, office: Path, *arguments: str) -> None:
        self.office = office
        (office / "inbox").mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [COMMAND, "watch", "inbox", "--log-format", "json", *arguments],
            cwd=office,
            env=environment(**ENV),
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.timer = threading.Timer(_HANGS_AFTER, self.process.kill)
        self.timer.start()

    def wait_for(self, event: str, **facts: object) -> dict[str, object]:
        """The next event of that name with these facts."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            found: dict[str, object] = json.loads(line)
            if found["event"] == event and all(found.get(k) == v for k, v in facts.items()):
                return found
        raise AssertionError(f"the service ended before it told of {event} {facts}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait()

    def __enter__(self) -> Self:
        self.wait_for("started")
        return self

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()
        self.process.kill()
        self.process.wait()
        assert self.process.stderr is not None
        self.process.stderr.close()


ENV = {"NIANBAO_INBOX__SETTLE_SECONDS": "0.2", "NIANBAO_INBOX__SCAN_SECONDS": "1", "NIANBAO_STORE__RETRY_SECONDS": "0"}


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path


@pytest.fixture
def service(office: Path) -> Iterator[Service]:
    with Service(office) as running:
        yield running


def lying(office: Path) -> set[str]:
    return {
        str(path.relative_to(office))
        for name in ("inbox", "done", "review", "failed")
        for path in (office / name).rglob("*")
        if path.is_file() and path.name != ".nianbao.lock"
    }


def test_files_dropped_while_it_runs(service: Service, reports: Path, text_report: bytes) -> None:
    inbox = service.office / "inbox"
    (inbox / "2023" / "某局").mkdir(parents=True)
    (inbox / "2023" / "某局" / "saved.txt").write_bytes(text_report)
    service.wait_for("placed", path="2023/某局/saved.txt")
    shutil.copy(reports / "broken.pdf", inbox / "broken.pdf.part")
    (inbox / "broken.pdf.part").rename(inbox / "broken.pdf")
    (inbox / "rubbish.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    service.wait_for("placed", path="rubbish.pdf")
    (inbox / "note.pdf").write_text("年度报告下周再发。\n", encoding="utf-8")
    service.wait_for("placed", path="note.pdf")
    (inbox / "named.pdf").write_bytes((reports / "page.html").read_bytes())
    service.wait_for("placed", path="named.pdf")
    (inbox / "again.txt").write_bytes(text_report)
    service.wait_for("placed", path="again.txt")

    assert service.stop() == 0
    assert lying(service.office) == {
        "done/2023/某局/saved.txt",
        "done/2023/某局/saved.txt.json",
        "done/again.txt",
        "done/again.txt.json",
        "review/broken.pdf",
        "review/broken.pdf.json",
        "review/broken.pdf.reason.txt",
        "failed/rubbish.pdf",
        "failed/rubbish.pdf.json",
        "failed/rubbish.pdf.reason.txt",
        "failed/note.pdf",
        "failed/note.pdf.json",
        "failed/note.pdf.reason.txt",
        "done/named.pdf",
        "done/named.pdf.json",
    }
    reason = (service.office / "failed" / "note.pdf.reason.txt").read_text(encoding="utf-8-sig")
    assert "不支持的文件类型" in reason
    assert "the name says a PDF, but this is plain text" in reason


def test_what_is_waived_by_command_moves_to_done(office: Path, run: Run, reports: Path) -> None:
    shutil.copy(reports / "broken.pdf", office / "inbox" / "broken.pdf")
    assert run("watch", "inbox", "--once", cwd=office, **ENV).code == 6
    document = json.loads((office / "review" / "broken.pdf.json").read_bytes())
    rules = dict.fromkeys(f["rule"] for f in document["findings"] if f["severity"] == "error")
    assert rules
    for rule in rules:
        said = ("--reason", "counted otherwise", "--author", "张三", "--all")
        assert run("waive", "review/broken.pdf.json", rule, *said, cwd=office).code == 0

    ended = run("watch", "inbox", "--once", cwd=office, **{**ENV, "NIANBAO_INBOX__SETTLE_SECONDS": "0"})

    assert ended.code == 0, ended.err
    assert lying(office) == {"done/broken.pdf", "done/broken.pdf.json", "done/broken.pdf.waivers.yaml"}
    assert json.loads((office / "done" / "broken.pdf.json").read_bytes())["status"] == "ok"


def test_ctrl_c_stops_it_cleanly_and_the_next_start_goes_on(service: Service, run: Run, reports: Path) -> None:
    for number in range(4):
        data = (reports / "plain.pdf").read_bytes()
        (service.office / "inbox" / f"{number}.pdf").write_bytes(data + b"\n%% %d\n" % number)
    service.wait_for("taken", path="3.pdf")

    assert service.stop(signal.SIGINT) == 130
    ended = run("watch", "inbox", "--once", cwd=service.office, **ENV)

    assert ended.code == 0, ended.err
    assert {name for name in lying(service.office) if name.endswith(".pdf")} == {f"done/{n}.pdf" for n in range(4)}
    figures = json.loads(run("status", "inbox", "--json", cwd=service.office).out)
    assert figures["states"]["done"] == 4
    assert figures["unplaced_files"] == 0


def test_a_second_service_is_refused(service: Service, run: Run) -> None:
    ended = run("watch", "inbox", "--once", cwd=service.office)

    assert ended.code == 2
    assert f"another process ({service.process.pid}) watches this inbox" in ended.err
    assert "running" in run("status", "inbox", cwd=service.office).out


def test_network_shares_are_polled(office: Path, text_report: bytes) -> None:
    with Service(office, "--poll") as service:
        (office / "inbox" / "a.txt").write_bytes(text_report)
        service.wait_for("placed", path="a.txt")
        assert service.stop() == 0


def test_output_in_the_inbox_is_refused(office: Path, run: Run) -> None:
    ended = run("watch", "inbox", "--once", "--done", "inbox/done", cwd=office)

    assert ended.code == 2
    assert "lies in the inbox" in ended.err


@pytest.mark.parametrize("given", ["--log-format", "inbox-that-is-not-there"])
def test_wrong_arguments(office: Path, run: Run, given: str) -> None:
    arguments = ("inbox", "--log-format", "xml") if given == "--log-format" else (given,)

    assert run("watch", *arguments, "--once", cwd=office).code == 2


def test_status_retry_and_export(office: Path, run: Run, reports: Path, text_report: bytes) -> None:
    (office / "inbox" / "saved.txt").write_bytes(text_report)
    (office / "inbox" / "=cmd|calc.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    first = run("watch", "inbox", "--once", cwd=office, **ENV)
    assert first.code == 3, first.err

    listed = run("status", cwd=office)
    assert "=cmd|calc.pdf" in listed.out
    assert "失败 failed" in listed.out
    assert run("retry", "--all-failed", cwd=office).out.strip() in {"1 =cmd|calc.pdf", "2 =cmd|calc.pdf"}
    assert run("retry", "7", cwd=office).code == 2
    assert run("retry", cwd=office).code == 2
    again = run("watch", "inbox", "--once", cwd=office, **ENV)
    assert again.err.count(" read ") == 1
    assert "failed/=cmd|calc.pdf" in lying(office)

    ended = run("export", "--format", "json,csv,xlsx,parquet", "--out", "out", "--since", "2020-01-01", cwd=office)
    assert ended.code == 0, ended.err
    assert {p.name for p in (office / "out").iterdir()} >= {"nianbao.csv", "nianbao.xlsx", "nianbao.parquet"}
    with (office / "out" / "nianbao.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 200
    assert [r["value"] or "" for r in pq.read_table(office / "out" / "nianbao.parquet").to_pylist()] == [
        row["value"] for row in rows
    ]
    assert openpyxl.load_workbook(office / "out" / "nianbao.xlsx").sheetnames
    assert run("export", "--since", "2999-01-01", "--out", "none", cwd=office).out.startswith("0 reports")
    assert run("export", "--since", "yesterday", cwd=office).code == 2


def test_a_batch_in_the_store_is_not_read_twice(office: Path, run: Run, reports: Path) -> None:
    batch = office / "batch"
    batch.mkdir()
    for name in ("plain.pdf", "page.html"):
        shutil.copy(reports / name, batch / name)
    plain = run("extract", "batch", "--out", "plain", cwd=office)
    first = run("extract", "batch", "--store", "--out", "first", cwd=office)
    shutil.copy(reports / "broken.pdf", batch / "broken.pdf")

    second = run("extract", "batch", "--store", "--out", "second", "--format", "json,csv", cwd=office)

    assert (plain.code, first.code, second.code) == (0, 0, 6), second.err
    for name in ("plain.json", "page.json"):
        documents = [json.loads((office / out / name).read_bytes()) for out in ("plain", "first", "second")]
        assert documents[1] == documents[2], "timings are those of the only reading"
        for document in documents:
            del document["timings"]
        assert documents[0] == documents[1]
    assert json.loads(run("status", "--json", cwd=office).out)["states"]["review"] == 1


def test_names_of_all_kinds_are_safe(office: Path, run: Run, text_report: bytes) -> None:
    names = [
        b"line\nbreak.txt",
        "\u202efdp.txt".encode(),
        ("年" * 83 + ".txt").encode(),
        b"\xff\xfe.txt",
        b"--help.txt",
    ]
    for number, name in enumerate(names):
        (office / "inbox" / os.fsdecode(name)).write_bytes(text_report + b"\n" * number)

    ended = run("watch", "inbox", "--once", cwd=office, **ENV)

    assert "\u202e" not in ended.err
    assert not [line for line in ended.err.splitlines() if line.startswith("break.txt")]
    assert list((office / "inbox").glob("*.txt")) == []
    placed = [os.fsencode(p.name) for p in (office / "done").iterdir() if not p.name.endswith(".json")]
    assert len(placed) == len(names)
    assert len(list((office / "done").glob("*.json"))) == len(names)
    assert run("status", cwd=office).code == 0
