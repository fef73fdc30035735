from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import openpyxl
import pytest
from jsonschema import Draft202012Validator

from samples.generate import render_one
from tests.e2e.conftest import SEED, STYLES, Extracted, Run

IN_ORDER = ["broken.pdf", "office.docx", "page.html", "plain.pdf", "scan.pdf", "saved.txt"]


def test_the_worst_report_makes_the_exit_code(extracted: Extracted) -> None:
    assert extracted.ended.code == 6, extracted.ended


def test_results_go_to_stdout_and_nothing_to_stderr(extracted: Extracted) -> None:
    assert extracted.ended.err == ""
    assert "\x1b" not in extracted.ended.out


def test_one_line_a_report_in_the_order_of_the_inputs(extracted: Extracted) -> None:
    lines = extracted.ended.out.splitlines()[: len(IN_ORDER)]

    assert [re.split(r"\s+", line)[1].rpartition("/")[2] for line in lines] == IN_ORDER
    assert [line.split()[0] for line in lines] == ["needs_review", "ok", "ok", "ok", "ok", "ok"]


def test_a_summary_ends_the_output(extracted: Extracted) -> None:
    table = extracted.ended.out.partition("汇总 Summary")[2]

    assert [name for name in IN_ORDER if name not in table] == []
    assert "1 not ok" in table
    assert "6 reports" in table
    assert "3 files of other kinds passed over" in table
    assert f"8 files written to {extracted.out}" in table


def test_one_json_a_report(extracted: Extracted) -> None:
    names = {Path(name).with_suffix(".json").name for name in STYLES}

    assert {p.name for p in extracted.out.iterdir()} == {*names, "nianbao.csv", "nianbao.xlsx", ".nianbao-manifest"}


@pytest.mark.parametrize("name", STYLES)
def test_every_number_is_the_one_that_was_drawn(extracted: Extracted, tmp_path: Path, name: str) -> None:
    sample = render_one(STYLES[name], SEED, tmp_path)
    truth = json.loads(sample.truth_path.read_text(encoding="utf-8"))["fields"]
    report = json.loads((extracted.out / name).with_suffix(".json").read_text(encoding="utf-8"))

    # A blank cell is an empty string in the truth file and null in the document.
    read = {field: cell["value"] or "" for field, cell in report["fields"].items() if field in truth}

    assert len(read) == 200
    assert read == truth


def test_documents_fit_the_published_schema(extracted: Extracted, run: Run) -> None:
    schema = json.loads(run("schema").out)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    for file in extracted.out.glob("*.json"):
        assert [e.message for e in validator.iter_errors(json.loads(file.read_text(encoding="utf-8")))] == []


def test_the_csv_holds_all_reports_in_order(extracted: Extracted) -> None:
    with (extracted.out / "nianbao.csv").open(encoding="utf-8-sig", newline="") as stream:
        sources = [Path(row["source"]).name for row in csv.DictReader(stream)]

    assert list(dict.fromkeys(sources)) == IN_ORDER


def test_the_workbook_opens(extracted: Extracted) -> None:
    book = openpyxl.load_workbook(extracted.out / "nianbao.xlsx")

    cells = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row}
    assert any("plain.pdf" in cell for cell in cells)


def test_one_worker_writes_what_two_write(extracted: Extracted, run: Run, reports: Path, tmp_path: Path) -> None:
    again = run("extract", reports, "--out", tmp_path, "--format", "csv", "--jobs", "1")

    assert again.code == 6
    assert (tmp_path / "nianbao.csv").read_bytes() == (extracted.out / "nianbao.csv").read_bytes()
    lines = len(IN_ORDER)
    assert again.out.splitlines()[:lines] == extracted.ended.out.splitlines()[:lines]


def test_one_good_report_is_ok_and_goes_to_out(run: Run, reports: Path, tmp_path: Path) -> None:
    ended = run("extract", reports / "page.html", cwd=tmp_path)

    assert (ended.code, ended.err) == (0, "")
    assert [p.name for p in (tmp_path / "out").glob("[!.]*")] == ["page.json"]


def test_results_of_before_are_not_read(run: Run, text_report: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(text_report)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b.txt").write_bytes(text_report)

    ended = run("extract", ".", cwd=tmp_path)

    assert ended.code == 0
    assert "1 reports" in ended.out
    assert {p.name for p in (tmp_path / "out").glob("[!.]*")} == {"a.json", "b.txt"}


def test_the_second_opinion_agrees(run: Run, reports: Path, tmp_path: Path) -> None:
    ended = run("extract", reports / "plain.pdf", "--cross-check", "--out", tmp_path)

    assert (ended.code, ended.err) == (0, ""), ended.out


def test_colours_only_where_wanted(run: Run, reports: Path, tmp_path: Path) -> None:
    colour = re.compile(r"\x1b\[[0-9;]*3[0-7]")
    arguments = ("extract", reports / "2023", "--out", tmp_path)

    assert colour.search(run(*arguments, FORCE_COLOR="1").out)
    assert not colour.search(run(*arguments, FORCE_COLOR="1", NO_COLOR="1").out)
