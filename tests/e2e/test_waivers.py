"""Waivers as a user has them: read, waive, read again; and the file replaced by one with other numbers."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from samples.generate import render_one
from tests.e2e.conftest import SEED, Run

STYLE = "html-broken-sum"
REASON = "备案口径不同 counted otherwise"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one report whose sums are broken."""
    drawn = render_one(STYLE, SEED, tmp_path / "drawn").path
    place = tmp_path / "in"
    place.mkdir()
    (place / "report.html").write_bytes(drawn.read_bytes())
    return place


def read(out: Path, name: str = "report") -> dict[str, Any]:
    document: dict[str, Any] = json.loads((out / f"{name}.json").read_text(encoding="utf-8"))
    return document


def waive_all(run: Run, folder: Path, out: Path) -> list[str]:
    """Rules of the findings of the report, each of them now waived."""
    assert run("extract", folder, "--out", out).code == 6
    rules = [f["rule"] for f in read(out)["findings"]]
    assert rules
    for rule in rules:
        ended = run("waive", folder / "report.html", rule, "--reason", REASON, NIANBAO_AUTHOR="张三")
        assert (ended.code, ended.err) == (0, "")
    return rules


def test_a_waived_report_is_ok_and_says_so_everywhere(run: Run, folder: Path, tmp_path: Path) -> None:
    rules = waive_all(run, folder, tmp_path / "before")
    before = read(tmp_path / "before")

    ended = run("extract", folder, "--out", tmp_path / "out", "--format", "json,csv,xlsx")

    assert (ended.code, ended.err) == (0, "")
    assert f"0 errors, {len(rules)} waived" in ended.out
    after = read(tmp_path / "out")
    assert (after["status"], after["status_reasons"]) == ("ok", [])
    assert after["fields"] == before["fields"]
    assert [f["rule"] for f in after["findings"]] == rules
    assert {(f["waiver"]["reason"], f["waiver"]["author"]) for f in after["findings"]} == {(REASON, "张三")}
    with (tmp_path / "out" / "nianbao.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert any(REASON in row["waived"] for row in csv.DictReader(stream))
    sheet = openpyxl.load_workbook(tmp_path / "out" / "nianbao.xlsx")["问题 Findings"]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert sum("已豁免 waived (" in cell for cell in cells) == len(rules)
    checked = run("check", folder / "report.html", tmp_path / "out" / "report.json")
    assert (checked.code, checked.err) == (0, "")
    assert checked.out.count(f"已豁免 waived: {REASON} (张三") == 2 * len(rules)
    assert "已豁免 waived" in run("show", tmp_path / "out" / "report.json").out


def test_the_same_numbers_under_another_name(run: Run, folder: Path, tmp_path: Path) -> None:
    waive_all(run, folder, tmp_path / "before")
    again = tmp_path / "again.html"
    again.write_bytes((folder / "report.html").read_bytes() + b"<!-- published once more -->\n")

    named = run("check", again, "--waivers", folder)
    alone = run("check", again)

    assert (named.code, named.err) == (0, "")
    assert alone.code == 6


def test_a_changed_number_opens_the_finding_again(run: Run, folder: Path, tmp_path: Path) -> None:
    waive_all(run, folder, tmp_path / "before")
    [first, *_] = read(tmp_path / "before")["findings"]
    field = first["fields"][0]
    old = read(tmp_path / "before")["fields"][field]["value"]
    new = str(int(old) + 1000)
    page = (folder / "report.html").read_text(encoding="utf-8")
    cell = f">{old}</td>"
    assert cell in page
    (folder / "report.html").write_text(page.replace(cell, f">{new}</td>"), encoding="utf-8")

    ended = run("extract", folder, "--out", tmp_path / "out")

    assert ended.code == 6
    report = read(tmp_path / "out")
    assert "errors_found" in report["status_reasons"]
    [finding] = [f for f in report["findings"] if f["rule"] == first["rule"]]
    assert finding["waiver"] is None
    assert f"{old} → {new}" in finding["reopened"]["zh"]
    assert "by 张三" in finding["reopened"]["en"]
    assert f"{old} → {new}" in run("check", tmp_path / "out" / "report.json", COLUMNS="400").out
    listed = run("waive", "--list", folder / "report.html")
    assert "数值已变 values changed" in listed.out


def test_a_mended_report_tells_of_waivers_it_needs_no_more(run: Run, folder: Path, tmp_path: Path) -> None:
    rules = waive_all(run, folder, tmp_path / "before")
    clean = render_one("html-clean", SEED, tmp_path / "clean").path
    truth = json.loads((tmp_path / "before" / "report.json").read_text(encoding="utf-8"))
    page = clean.read_text(encoding="utf-8")
    (folder / "report.html").write_text(page, encoding="utf-8")

    ended = run("extract", folder, "--out", tmp_path / "out")

    assert ended.code == 0, truth["agency"]
    findings = read(tmp_path / "out")["findings"]
    assert [(f["rule"], f["severity"]) for f in findings] == [("waiver.unused", "info")] * len(rules)


def test_a_waiver_file_that_is_not_valid_stops_the_run_before_it_begins(run: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "report.waivers.yaml").write_text("version: 1\nwaivers:\n- rule: x\n", encoding="utf-8")

    ended = run("extract", folder, "--out", tmp_path / "out")

    assert (ended.code, ended.out) == (2, "")
    assert "report.waivers.yaml: line 3: waivers[0].report is missing" in ended.err
    assert not (tmp_path / "out").exists()
