"""The benchmarks of scale on a few reports: do they measure what they say?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pypdfium2
import pytest

from benchmarks import scale_jobs, scale_profile, scale_workers
from benchmarks.memory import Look, copy_reports
from benchmarks.run_command import expect_all
from benchmarks.scale_jobs import Moment
from models.errors import StageError

REPORTS = Path(__file__).parents[3] / "samples" / "reports"


@pytest.mark.slow
def test_a_run_is_followed_killed_and_resumed(tmp_path: Path) -> None:
    copy_reports([REPORTS / "broken-sums.html", REPORTS / "one-cell-per-line.txt"], tmp_path / "in", 16)

    moments = scale_jobs._run_through(tmp_path, 16)
    resumed = scale_jobs._kill_and_resume(tmp_path, 16)

    counts = [m.look.reports for m in moments]
    assert counts == sorted(set(counts))
    assert all(m.look.parent > 1 and m.look.workers > 1 for m in moments)
    assert 8 <= resumed.on_record <= 16
    assert resumed.read_twice == 0
    assert resumed.not_on_record <= 1
    assert scale_jobs._csv(tmp_path / "whole") == scale_jobs._csv(tmp_path / "killed")


@pytest.mark.slow
def test_a_batch_on_one_core(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(REPORTS / "form-2019.pdf", tmp_path / "in")
    (tmp_path / "config.yaml").write_text("limits: {max_seconds_per_file: 7200}\n", encoding="utf-8")

    seconds, pages = scale_workers._batch_seconds(tmp_path / "in", tmp_path, 1, 1)

    assert seconds > 0
    assert pages >= 3
    assert not (tmp_path / "out").exists()


def test_a_run_that_ends_too_early_is_told() -> None:
    expect_all(6, 3, 3)
    with pytest.raises(StageError, match="exit code 0 after 2 of 3 reports"):
        expect_all(0, 2, 3)
    with pytest.raises(StageError, match="exit code -9"):
        expect_all(-9, 3, 3)


def test_the_pace_of_both_ends() -> None:
    moments = [Moment(float(n), Look(n, 1.0, {})) for n in range(1, 9)]
    moments += [Moment(8.0 + 2 * n, Look(8 + n, 1.0, {})) for n in range(1, 9)]

    assert scale_jobs._pace(moments) == (1.0, 2.0)


def test_the_cost_of_a_report(tmp_path: Path) -> None:
    cost = scale_profile._cost(REPORTS / "form-2019.pdf", tmp_path)

    assert cost.pages >= 3
    assert cost.core_seconds > 0
    assert {"open", "match", "check", "write"} <= set(cost.stages)
    assert cost.json_bytes > 10 * cost.packed_bytes > 0
    table = scale_profile._year_table({".pdf": [cost], ".html": [cost]})
    assert "| PDF with text" in table
    assert "core-hours" in table


def test_a_report_is_made_longer(tmp_path: Path) -> None:
    short, long = (scale_profile._longer(REPORTS / "form-2019.pdf", count, tmp_path) for count in (0, 6))

    with pypdfium2.PdfDocument(short) as a, pypdfium2.PdfDocument(long) as b:
        assert len(b) == len(a) + 6


def test_the_profile_names_packages_and_functions(tmp_path: Path) -> None:
    packages, functions = scale_profile._profile([REPORTS / "form-2019.pdf"], tmp_path)

    assert packages[0][0] == "pdfminer"
    assert sum(share for _, share in packages) <= 1.0001
    assert "drawn_objects.drawn_objects" in functions
    assert any(name.startswith("pipeline.") for name, _ in packages)
