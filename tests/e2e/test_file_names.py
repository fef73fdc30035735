"""File names as people and attackers write them: safe in every output of every command."""

from __future__ import annotations

import csv
import json
import os
import unicodedata
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.e2e.conftest import Ended, Run

LONGEST = 255  # bytes
NAMES = (
    "年" * 83 + ".txt",
    "年" * 83 + ".md",
    "年" * 82 + "xxxxx.txt",
    "a\nb\r.txt",
    "\u202etxt.fdp.txt",
    "\x1b]0;title\x07\x1b[2J.txt",
    "\u2028\u2029\u200b\ufeff.txt",
    "=cmd|' !C calc'!A0.txt",
    "+1+2.txt",
    "@SUM(1).txt",
    "con.txt",
    "a:b|c?.txt",
    "%n{0}$(touch evil);'\".txt",
    "[bold red]x[bold].txt",
    "e\u0301.txt",
    "\u00e9.txt",
    os.fsdecode(b"\xff\xfe.txt"),
)


def unsafe(text: str) -> list[str]:
    return [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}]


@pytest.fixture(scope="module")
def folder(text_report: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("names")
    for name in NAMES:
        (place / name).write_bytes(text_report)
    return place


@pytest.fixture(scope="module")
def extracted(run: Run, folder: Path) -> Ended:
    # Named as they are: a path before a name would hide what the name begins with.
    return run("extract", *(f"./{n}" for n in NAMES), "--out", "out", "--format", "json,csv,xlsx", cwd=folder)


def test_each_has_a_document_with_a_safe_name(extracted: Ended, folder: Path) -> None:
    assert extracted.code == 0
    names = [p.name for p in (folder / "out").glob("*.json")]
    assert len(names) == len(NAMES)
    assert all(len(os.fsencode(n)) <= LONGEST and unsafe(n) == [] for n in names)
    sources = {json.loads((folder / "out" / n).read_text(encoding="utf-8"))["source"]["name"] for n in names}
    assert len(sources) == len(NAMES)


def test_nothing_steers_the_terminal(extracted: Ended, folder: Path, run: Run) -> None:
    shown = [extracted, *(run("show", p, cwd=folder) for p in sorted((folder / "out").glob("*.json"))[:4])]
    shown += [run("check", f"./{NAMES[n]}", cwd=folder) for n in (0, 3, 4, 5)]

    assert [unsafe(e.out + e.err) for e in shown] == [[]] * len(shown)


def test_no_cell_is_computed(extracted: Ended, folder: Path) -> None:
    assert extracted.code == 0
    with (folder / "out" / "nianbao.csv").open(encoding="utf-8-sig", newline="") as stream:
        sources = {row["source"] for row in csv.DictReader(stream)}
    assert len(sources) == len(NAMES)
    assert [s for s in sources if s.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))] == []
    book = load_workbook(folder / "out" / "nianbao.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [c.value for c in cells if c.data_type == "f"] == []
    assert [c.hyperlink for c in cells if c.hyperlink is not None and c.hyperlink.target] == []


def test_findings_of_a_file_with_the_longest_name_can_be_waived(run: Run, reports: Path, tmp_path: Path) -> None:
    file = tmp_path / ("坏" * 83 + ".pdf")
    file.write_bytes((reports / "broken.pdf").read_bytes())
    rules = [ln.split()[0] for ln in run("check", file, cwd=tmp_path).out.splitlines() if ln.startswith("sum.")]
    out = run("extract", file, "--out", tmp_path / "out", cwd=tmp_path)
    assert out.code == 6
    [document] = (tmp_path / "out").glob("*.json")
    rules = [f["rule"] for f in json.loads(document.read_text(encoding="utf-8"))["findings"]]

    waived = run("waive", file, rules[0], "--all", "--reason", "so printed", "--author", "me", cwd=tmp_path)

    assert waived.code in {0, 6}, waived.err
    assert all(len(os.fsencode(p.name)) <= LONGEST for p in tmp_path.iterdir())
    assert run("waive", file, "--list", cwd=tmp_path).out.count("so printed") >= 1
