from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import ExitCode, OutputError
from pipeline.batch import BatchResult, read_all, run_batch
from pipeline.config import BatchSettings, LimitSettings, OutputSettings, Settings
from pipeline.export.summary import ReportSummary
from pipeline.manifest import MANIFEST_NAME
from pipeline.read_apart import readers
from tests.fault import faults

NOTHING_IN_IT = "一、总体情况\n本单位全年未收到申请。\n"


@pytest.fixture(autouse=True)
def _faulty_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    # Workers get the function by its name.
    monkeypatch.setattr(readers, "read_file", faults.read)


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[Path]]:
    def write(*names: str) -> list[Path]:
        paths = [tmp_path / f"{name}.txt" for name in names]
        for path in paths:
            path.write_text(NOTHING_IN_IT, encoding="utf-8")
        return paths

    return write


def settings(out: Path, *, jobs: int = 2, seconds: float = 300, formats: tuple[str, ...] = ("json",)) -> Settings:
    return Settings(
        batch=BatchSettings(jobs=jobs),
        limits=LimitSettings(max_seconds_per_file=seconds),
        output=OutputSettings.model_validate({"dir": out, "formats": formats}),
    )


def names_and_codes(result: BatchResult) -> list[tuple[str, str]]:
    return [(Path(s.source).stem, s.status) for s in result.summaries]


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        ("crash", "stage", "the process that read the file died (exit code 7)"),
        ("memory", "stage_memory", "reading needs more memory than there is"),
        ("unexpected", "internal", "internal error: ZeroDivisionError: half a surrogate \N{REPLACEMENT CHARACTER} in"),
        ("deep", "internal", "internal error: RecursionError"),
        ("rubbish", "stage", "the process that read the file died"),
    ],
)
def test_a_fault_costs_one_file(
    files: Callable[..., list[Path]], tmp_path: Path, fault: str, code: str, told: str
) -> None:
    paths = files("a", "b", fault, "c", "d")

    result = run_batch(paths, settings(tmp_path / "out"), on_report=lambda _: None)

    assert names_and_codes(result) == [
        ("a", "needs_review"),
        ("b", "needs_review"),
        (fault, "failed"),
        ("c", "needs_review"),
        ("d", "needs_review"),
    ]
    assert result.exit_code == ExitCode.BUG
    document = json.loads((tmp_path / "out" / f"{fault}.json").read_text(encoding="utf-8"))
    assert document["status"] == "failed"
    assert document["source"]["name"] == str(paths[2])
    [failure] = document["failures"]
    assert failure["code"] == code
    assert failure["message"].startswith(told)
    assert failure["remedy"]


def test_the_only_file_may_crash_too(files: Callable[..., list[Path]], tmp_path: Path) -> None:
    [(path, report, code)] = read_all(files("crash"), settings(tmp_path))

    assert (path.stem, report.status, code) == ("crash", "failed", ExitCode.BUG)


def test_a_file_that_takes_too_long(files: Callable[..., list[Path]], tmp_path: Path) -> None:
    # Long enough for the others on a busy machine.
    limits = settings(tmp_path, seconds=10)

    read = list(read_all(files("a", "hang", "b"), limits))

    assert [report.status for _, report, _ in read] == ["needs_review", "failed", "needs_review"]
    [failure] = read[1][1].failures
    assert (failure.code, failure.message) == ("stage_timeout", "reading took longer than 10 seconds")
    assert "limits.max_seconds_per_file" in failure.remedy


def test_one_worker_that_dies_again_and_again(files: Callable[..., list[Path]], tmp_path: Path) -> None:
    paths = [*files("crash", "rubbish")] * 2 + files("last")

    read = list(read_all(paths, settings(tmp_path, jobs=1)))

    assert [path for path, _, _ in read] == paths
    assert [report.status for _, report, _ in read] == ["failed"] * 4 + ["needs_review"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), OutputError("the disk is full")])
def test_a_batch_that_is_stopped_leaves_whole_files_and_no_worker(
    files: Callable[..., list[Path]], tmp_path: Path, stop: BaseException
) -> None:
    out = tmp_path / "out"

    def stop_at_first(_: ReportSummary) -> None:
        raise stop

    with pytest.raises(type(stop)):
        run_batch(files("a", "hang", "b"), settings(out, formats=("json", "csv", "xlsx")), on_report=stop_at_first)

    assert multiprocessing.active_children() == []
    assert sorted(p.name for p in out.iterdir()) == [MANIFEST_NAME, "a.json"]
