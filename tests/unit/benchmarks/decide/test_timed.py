from __future__ import annotations

from pathlib import Path

from benchmarks.decide.timed import read_timed
from pipeline.config import load_settings
from pipeline.stages import read_report
from samples.catalogue import CATALOGUE
from samples.drawing import draw_report
from samples.generate import write_reports


def test_the_report_is_that_of_the_reader_and_deciding_it_once_more_takes_time(tmp_path: Path) -> None:
    document = draw_report(CATALOGUE["pdf-plain"], 7)
    path = write_reports([(document, tmp_path / "plain.pdf")], tmp_path)[0].path
    timed = read_timed(path, load_settings())
    assert timed.report.fields == read_report(path, load_settings()).fields
    assert timed.fastest is not None
    assert timed.fastest > 0


def test_a_file_that_is_no_report_is_not_decided_again(tmp_path: Path) -> None:
    path = tmp_path / "prose.txt"
    path.write_text("本年度工作平稳有序。", encoding="utf-8")
    assert read_timed(path, load_settings()).fastest is None
