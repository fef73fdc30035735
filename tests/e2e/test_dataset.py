"""``nianbao dataset``: the results of a run as tables."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

from tests.e2e.conftest import Extracted, Run


def test_results_become_a_panel_that_the_example_draws(
    run: Run, extracted: Extracted, repo_root: Path, tmp_path: Path
) -> None:
    ended = run("dataset", extracted.out, "--out", tmp_path / "panel")

    assert (ended.code, ended.err) == (0, "")
    assert "gk2021_requests" in ended.out
    package = json.loads((tmp_path / "panel" / "datapackage.json").read_text(encoding="utf-8"))
    counts = {r["name"]: r["rows"] for r in package["resources"]}
    with (tmp_path / "panel" / "reports.csv").open(encoding="utf-8", newline="") as stream:
        inside = [row for row in csv.DictReader(stream) if row["in_panel"] == "true"]
    assert len(inside) == counts["gk2021-requests"] + counts["gk2019-requests"] > 0
    script = repo_root / "docs" / "examples" / "panel_plots.py"
    drawn = subprocess.run([sys.executable, script, tmp_path / "panel", tmp_path / "plots"], check=False)
    assert drawn.returncode == 0
    assert "<path" in (tmp_path / "plots" / "requests.svg").read_text(encoding="utf-8")


def test_what_cannot_be_read_is_told_and_the_rest_is_written(run: Run, extracted: Extracted, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('{"schema_version": "1.0", "source"', encoding="utf-8")

    ended = run("dataset", tmp_path / "broken.json", extracted.out / "plain.json", "--out", tmp_path / "panel")

    assert ended.code == 3
    assert "broken.json: no valid JSON" in ended.err
    assert (tmp_path / "panel" / "datapackage.json").exists()


def test_nothing_to_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    ended = run("dataset", tmp_path / "empty", tmp_path / "none", "--out", tmp_path / "panel")

    assert ended.code == 2
    assert "no such file or folder" in ended.err
    assert "no report documents in this folder — name report documents" in ended.err
    assert not (tmp_path / "panel" / "reports.csv").exists()
