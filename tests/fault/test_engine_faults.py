"""An OCR engine that is missing, crashes, stalls or returns rubbish costs what it would have read, and is told."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from models.errors import ExitCode
from models.report import Report
from pipeline.batch import read_all, run_batch
from pipeline.config import LimitSettings, OutputSettings, Settings
from pipeline.read_apart import readers
from tests.fault import engine_faults
from tests.unit import pictures

PAGES = 3


@pytest.fixture(autouse=True)
def _faulty_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    # Workers get the function by its name.
    monkeypatch.setattr(readers, "read_file", engine_faults.read)


@pytest.fixture(scope="module")
def scan() -> bytes:
    """A TIFF of three pages with a small table each."""
    page = Image.new("L", (800, 300), 255)
    page.paste(Image.fromarray(pictures.table(3, 5)), (40, 80))
    # A title, which is looked for by another engine.
    for x in range(60, 200, 14):
        page.paste(0, (x, 40, x + 10, 50))
    stream = io.BytesIO()
    page.save(stream, "TIFF", save_all=True, append_images=[page] * (PAGES - 1), dpi=(72, 72))
    return stream.getvalue()


@pytest.fixture
def read(scan: bytes, tmp_path: Path) -> Callable[..., tuple[Report, ExitCode]]:
    def run(fault: str, *, seconds: float = 300) -> tuple[Report, ExitCode]:
        path = tmp_path / f"{fault}.tiff"
        path.write_bytes(scan)
        limits = LimitSettings(max_seconds_per_file=seconds)
        [(_, report, code)] = read_all([path], Settings(limits=limits))
        return report, code

    return run


def statuses(report: Report) -> list[tuple[int, str, str]]:
    return [(p.page_no, p.status, p.reason) for p in report.pages]


def test_without_a_fault_all_pages_are_read(read: Callable[..., tuple[Report, ExitCode]]) -> None:
    report, _ = read("none")

    assert report.failures == []
    assert statuses(report) == [(n, "extracted", "picture_file") for n in (1, 2, 3)]


@pytest.mark.parametrize("fault", ["raise", *engine_faults.RUBBISH, "nan_steps", "page_rubbish"])
def test_a_page_on_which_the_engine_fails_costs_that_page(
    read: Callable[..., tuple[Report, ExitCode]], fault: str
) -> None:
    report, code = read(fault)

    assert statuses(report) == [
        (1, "extracted", "picture_file"),
        (2, "failed", "stage"),
        (3, "extracted", "picture_file"),
    ]
    [failure] = report.failures
    assert (failure.stage, failure.code) == ("extract", "stage")
    assert failure.message.startswith("page 2: ")
    assert failure.remedy
    assert report.status not in {"ok", "failed"}
    assert code == ExitCode.REVIEW


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        ("missing", "missing_dependency", "onnxruntime is not installed"),
        ("unloadable", "stage", "the OCR engines cannot be loaded (OSError: libgomp.so.1"),
    ],
)
def test_engines_that_are_not_there_are_told_once(
    read: Callable[..., tuple[Report, ExitCode]], fault: str, code: str, told: str
) -> None:
    report, _ = read(fault)

    [failure] = report.failures
    assert (failure.stage, failure.code) == ("ocr", code)
    assert failure.message.startswith(told)
    assert failure.remedy
    assert [p.status for p in report.pages] == ["skipped"] * PAGES
    assert report.status != "ok"


def test_an_engine_that_ends_its_process(read: Callable[..., tuple[Report, ExitCode]]) -> None:
    report, code = read("crash")

    [failure] = report.failures
    assert (report.status, failure.code, code) == ("failed", "stage", ExitCode.BUG)
    assert "exit code 9" in failure.message


def test_an_engine_that_stalls(read: Callable[..., tuple[Report, ExitCode]]) -> None:
    report, _ = read("stall", seconds=6)

    [failure] = report.failures
    assert (report.status, failure.code) == ("failed", "stage_timeout")
    assert "limits.max_seconds_per_file" in failure.remedy


def test_the_other_files_of_a_batch_are_read_and_all_is_written(scan: bytes, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.tiff" for name in ("none", "crash", "nan_steps", "raise")]
    for path in paths:
        path.write_bytes(scan)
    out = tmp_path / "out"

    result = run_batch(paths, Settings(output=OutputSettings(dir=out)), on_report=lambda _: None)

    assert [s.status == "failed" for s in result.summaries] == [False, True, False, False]
    documents = [json.loads((out / f"{p.stem}.json").read_text(encoding="utf-8")) for p in paths]
    assert [len(d["failures"]) for d in documents] == [0, 1, 1, 1]


def test_drawings_that_cannot_be_written_cost_their_report_and_are_told(scan: bytes, tmp_path: Path) -> None:
    path = tmp_path / "none.tiff"
    path.write_bytes(scan)
    settings = Settings(output=OutputSettings(dir=tmp_path / "out", debug_dir=tmp_path / "missing"))

    [(_, report, code)] = read_all([path], settings)

    assert (report.status, code) == ("failed", ExitCode.OUTPUT)
    assert [(f.code, f.message) for f in report.failures] == [("output", "the folder does not exist")]
