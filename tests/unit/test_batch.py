from __future__ import annotations

import logging
import re
import shutil
import warnings
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import pytest

from models.errors import ExitCode, OutputError, UsageError
from models.report import Report
from pipeline.batch import BatchResult, read_all, read_as_done, run_batch, worst_code
from pipeline.config import BatchSettings, ExtractSettings, OutputSettings, Settings
from pipeline.manifest import MANIFEST_NAME
from pipeline.read_apart.child import quiet_libraries


def settings(out: Path, *formats: str) -> Settings:
    return Settings(output=OutputSettings.model_validate({"dir": out, "formats": formats or ("json",)}))


def one_by_one(base: Settings) -> Settings:
    return base.model_copy(update={"batch": BatchSettings(jobs=1)})


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
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"a.json", "a.txt.json", MANIFEST_NAME}


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
        run_batch(paths, one_by_one(settings(tmp_path / "out", "json", "csv")), on_report=lambda _: None)

    assert {p.name for p in (tmp_path / "out").iterdir()} == {"a.json", "b.json", MANIFEST_NAME}


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


class Reading:
    """Reads as usual, keeps what was read, and may stop in the middle."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.names: list[str] = []
        self._stop_after = stop_after

    def __call__(
        self, paths: Sequence[Path], settings: Settings, password: str | None
    ) -> Generator[tuple[Path, Report, ExitCode], None, None]:
        for path, found, code in read_as_done(paths, settings, password):
            if self._stop_after == len(self.names):
                raise KeyboardInterrupt
            self.names.append(path.name)
            yield path, found, code


def run(paths: Sequence[Path], base: Settings, reading: Reading, *, resume: bool = True) -> BatchResult:
    return run_batch(paths, base, on_report=lambda _: None, read=reading, resume=resume)


def many(tmp_path: Path) -> list[Path]:
    return [report(tmp_path / "in" / f"{letter}.txt") for letter in "abcdef"]


def test_a_batch_that_was_stopped_goes_on(tmp_path: Path) -> None:
    paths, base = many(tmp_path), settings(tmp_path / "out", "json", "csv")
    first, second = Reading(stop_after=3), Reading()
    with pytest.raises(KeyboardInterrupt):
        run(paths, base, first, resume=False)

    result = run(paths, base, second)

    assert sorted(first.names + second.names) == [p.name for p in paths]
    assert len(second.names) == 3
    assert [Path(s.source).name for s in result.summaries] == [p.name for p in paths]
    assert [p.name for p in result.written] == [
        "a.json",
        "b.json",
        "c.json",
        "d.json",
        "e.json",
        "f.json",
        "nianbao.csv",
    ]


def test_a_resumed_batch_has_the_tables_of_a_whole_one(tmp_path: Path) -> None:
    paths = many(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run(paths, settings(tmp_path / "x", "json", "csv"), Reading(stop_after=4), resume=False)
    run(paths, settings(tmp_path / "x", "json", "csv"), Reading())
    run(paths, settings(tmp_path / "y", "json", "csv"), Reading(), resume=False)

    assert (tmp_path / "x" / "nianbao.csv").read_bytes() == (tmp_path / "y" / "nianbao.csv").read_bytes()


def test_without_resume_everything_is_read(tmp_path: Path) -> None:
    paths, base = many(tmp_path), settings(tmp_path / "out")
    run(paths, base, Reading())
    again = Reading()

    run(paths, base, again, resume=False)

    assert sorted(again.names) == [p.name for p in paths]


def test_what_was_changed_is_read_again(tmp_path: Path) -> None:
    paths, base = many(tmp_path), settings(tmp_path / "out")
    run(paths, base, Reading())
    paths[1].write_text("二、主动公开政府信息情况\n", encoding="utf-8")
    (tmp_path / "out" / "d.json").unlink()
    (tmp_path / "out" / "e.json").write_text("{", encoding="utf-8")
    again = Reading()

    result = run(paths, base, again)

    assert sorted(again.names) == ["b.txt", "d.txt", "e.txt"]
    assert [Path(s.source).name for s in result.summaries] == [p.name for p in paths]


def test_other_settings_read_everything_again_and_other_folders_do_not(tmp_path: Path) -> None:
    paths, base = many(tmp_path), settings(tmp_path / "out")
    run(paths, base, Reading())
    same, other = Reading(), Reading()

    run(paths, one_by_one(base).model_copy(update={"output": settings(tmp_path / "out", "json", "csv").output}), same)
    run(paths, base.model_copy(update={"extract": ExtractSettings(cross_check=True)}), other)

    assert (same.names, len(other.names)) == ([], len(paths))


def test_files_that_failed_are_tried_again_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 and nothing")
    base = settings(tmp_path / "out")
    run([path], base, Reading())
    kept, tried = Reading(), Reading()

    result = run([path], base, kept)
    run_batch([path], base, on_report=lambda _: None, read=tried, resume=True, password="open")

    assert (kept.names, tried.names) == ([], ["a.pdf"])
    assert result.exit_code is ExitCode.INPUT


def test_a_document_of_another_file_is_not_taken_for_the_one_of_before(tmp_path: Path) -> None:
    paths, base = many(tmp_path), settings(tmp_path / "out")
    paths[1].write_text("二、主动公开政府信息情况\n", encoding="utf-8")
    run(paths, base, Reading())
    shutil.copy(tmp_path / "out" / "b.json", tmp_path / "out" / "d.json")
    again = Reading()

    result = run(paths, base, again)

    assert again.names == ["d.txt"]
    assert [Path(s.source).name for s in result.summaries] == [p.name for p in paths]


def test_a_new_file_takes_no_name_of_before(tmp_path: Path) -> None:
    old, new = report(tmp_path / "y" / "a.txt"), report(tmp_path / "x" / "a.txt")
    base = settings(tmp_path / "out")
    run([old], base, Reading())

    result = run([new, old], base, Reading())

    assert [p.name for p in result.written] == ["a.txt.json", "a.json"]


def test_there_is_nothing_to_go_on_from_without_documents(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="add json to --format"):
        run([report(tmp_path / "a.txt")], settings(tmp_path / "out", "csv"), Reading())


def test_each_file_is_told_when_its_document_is_there(tmp_path: Path) -> None:
    paths, base = many(tmp_path), settings(tmp_path / "out")
    told: list[tuple[str, bool, bool]] = []

    def run_telling(*, resume: bool) -> None:
        run_batch(
            paths,
            base,
            on_report=lambda _: None,
            on_done=lambda summary, is_kept: told.append(
                (Path(summary.source).name, is_kept, (tmp_path / "out" / f"{Path(summary.source).stem}.json").exists())
            ),
            resume=resume,
        )

    run_telling(resume=False)
    run_telling(resume=True)

    assert sorted(told[:6]) == [(p.name, False, True) for p in paths]
    assert told[6:] == [(p.name, True, True) for p in paths]


@pytest.mark.parametrize("formats", [("json",), ("json", "csv")])
def test_the_number_of_workers_changes_nothing(tmp_path: Path, formats: tuple[str, ...]) -> None:
    samples = Path(__file__).parents[2] / "samples" / "reports"
    paths = sorted(p for p in samples.iterdir() if p.suffix in {".pdf", ".html", ".docx", ".txt"})

    def documents(jobs: int) -> dict[str, str]:
        out = tmp_path / str(jobs)
        base = settings(out, *formats).model_copy(update={"batch": BatchSettings(jobs=jobs)})
        run_batch(paths, base, on_report=lambda _: None)
        # Seconds of the stages are measured, all else is read.
        written = [p for p in out.iterdir() if p.name != MANIFEST_NAME]
        return {p.name: re.sub(r'"timings": \{[^}]*\}', "", p.read_text("utf-8")) for p in written}

    one, two = documents(1), documents(2)

    assert len(one) >= len(paths)
    assert one == two
