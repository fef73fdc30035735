"""``nianbao rollup``: units added up against their parent."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from pipeline.export.json_export import write_report_json
from tests.e2e.conftest import Run
from tests.unit.invented_reports import cell
from tests.unit.rollup.reports import NEW, PARENT, UNITS, Changes, all_reports

LIST = "parent,unit\n" + "".join(f"{PARENT},{unit}\n" for unit in UNITS)


def put(folder: Path, changes: Changes | None = None) -> Path:
    """A folder of documents beside a list of units as Excel saves it in China."""
    results = folder / "results"
    results.mkdir()
    for name, report in all_reports(changes):
        write_report_json(report, results / name)
    (folder / "units.csv").write_bytes(LIST.encode("gbk"))
    return results


def test_sums_that_hold(run: Run, tmp_path: Path) -> None:
    ended = run("rollup", "--units", tmp_path / "units.csv", put(tmp_path))

    assert (ended.code, ended.err) == (0, "")
    assert "逐项相符" in ended.out
    assert "200 / 200" in ended.out


def test_differences_and_missing_reports(run: Run, tmp_path: Path) -> None:
    results = put(tmp_path, {PARENT: {NEW: cell("5")}})
    (results / f"{UNITS[2]}.json").unlink()
    files = {kind: tmp_path / f"found.{kind}" for kind in ("json", "xlsx", "csv")}

    shown = run("rollup", results, "--units", tmp_path / "units.csv")
    options = [part for kind, file in files.items() for part in (f"--{kind}", file)]
    written = run("rollup", results, "--units", tmp_path / "units.csv", *options)

    assert (shown.code, written.code) == (6, 6)
    assert f"缺少“{UNITS[2]}”的报告" in shown.out
    (group,) = json.loads(files["json"].read_text(encoding="utf-8"))["groups"]
    assert [u["state"] for u in group["units"]] == ["used", "used", "missing"]
    with files["csv"].open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(group["fields"]) == 200
    assert next(r for r in rows if r["字段 id"] == NEW)["上级数 Parent's"] == "5"
    book = openpyxl.load_workbook(files["xlsx"])
    assert book.sheetnames == ["差异 Differences", "单位 Units", "说明 Remarks"]
    assert book["单位 Units"].max_row == 5


@pytest.mark.parametrize(
    ("text", "cause"),
    [("parent,agency\n", "line 1: unknown column 'agency'"), ("parent,unit\na,\n", "line 2: 'unit' is empty")],
)
def test_a_bad_list(text: str, cause: str, run: Run, tmp_path: Path) -> None:
    results = put(tmp_path)
    (tmp_path / "units.csv").write_text(text, encoding="utf-8")

    ended = run("rollup", "--units", tmp_path / "units.csv", results)

    assert ended.code == 2
    assert f"units.csv: {cause} — " in ended.err
