from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.errors import ExitCode, OutputError
from pipeline.batch import read_all, run_batch, worst_code
from pipeline.config import OutputSettings, Settings
from pipeline.read_apart.child import quiet_libraries


def settings(out: Path, *formats: str) -> Settings:
    return Settings(output=OutputSettings.model_validate({"dir": out, "formats": formats or ("json",)}))


def report(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("一、总体情况\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("codes", "worst"),
    [
        ([], ExitCode.OK),
        ([ExitCode.OK, ExitCode.REVIEW], ExitCode.REVIEW),
        ([ExitCode.REVIEW, ExitCode.INPUT, ExitCode.OK], ExitCode.INPUT),
        ([ExitCode.INPUT, ExitCode.BUG], ExitCode.BUG),
        ([ExitCode.INPUT, ExitCode.USAGE], ExitCode.USAGE),
    ],
)
def test_worst_code(codes: list[ExitCode], worst: ExitCode) -> None:
    assert worst_code(codes) is worst


def test_every_exit_code_has_its_gravity() -> None:
    assert [worst_code([code, ExitCode.OK]) for code in ExitCode] == list(ExitCode)


def test_files_of_one_name_get_documents_of_different_names(tmp_path: Path) -> None:
    paths = [report(tmp_path / folder / "a.txt") for folder in ("x", "y")]

    result = run_batch(paths, settings(tmp_path / "out"), on_report=lambda _: None)

    assert [p.name for p in result.written] == ["a.json", "a.txt.json"]
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"a.json", "a.txt.json"}


def test_a_file_that_vanishes_costs_itself_alone(tmp_path: Path) -> None:
    paths = [report(tmp_path / name) for name in ("a.txt", "b.txt", "c.txt")]
    paths[1].unlink()

    read = [(p, r.status, code) for p, r, code in read_all(paths, settings(tmp_path))]

    assert read == [
        (paths[0], "needs_review", ExitCode.REVIEW),
        (paths[1], "failed", ExitCode.INPUT),
        (paths[2], "needs_review", ExitCode.REVIEW),
    ]


def test_no_files(tmp_path: Path) -> None:
    assert list(read_all([], settings(tmp_path))) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    file = report(tmp_path / "a.txt")

    with pytest.raises(OutputError, match=r"the folder cannot be created: .* — name another folder with --out"):
        run_batch([file], settings(file / "below"), on_report=lambda _: None)


def test_a_result_that_cannot_be_written_keeps_those_before(tmp_path: Path) -> None:
    paths = [report(tmp_path / name) for name in ("a.txt", "b.txt")]
    (tmp_path / "out" / "b.json").mkdir(parents=True)

    with pytest.raises(OutputError, match=r"b\.json: this is a folder, not a file"):
        run_batch(paths, settings(tmp_path / "out", "json", "csv"), on_report=lambda _: None)

    assert {p.name for p in (tmp_path / "out").iterdir()} == {"a.json", "b.json"}


@pytest.fixture
def _loud() -> Iterator[None]:
    logger = logging.getLogger("pdfminer")
    before = logger.level
    with warnings.catch_warnings():
        yield
    logger.setLevel(before)


@pytest.mark.usefixtures("_loud")
def test_libraries_are_quiet(caplog: pytest.LogCaptureFixture) -> None:
    quiet_libraries()

    logging.getLogger("pdfminer.pdffont").warning("Could not get FontBBox from font descriptor")

    assert caplog.records == []


def test_a_folder_for_drawings_that_cannot_be_made_stops_the_batch(tmp_path: Path) -> None:
    file = report(tmp_path / "a.txt")
    output = OutputSettings(dir=tmp_path / "out", debug_dir=file / "drawn")

    with pytest.raises(OutputError, match=r"the folder cannot be created: .* — name another folder with --debug"):
        run_batch([file], Settings(output=output), on_report=lambda _: None)
