from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.inputs import PUBLISHED, Case, Inputs, evenly, find_published
from models.errors import UsageError

TRUTH = json.dumps({"fields": {"a": "1"}})


def put(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_truth_stands_in_its_folder_or_beside_the_report(tmp_path: Path) -> None:
    pdf = put(tmp_path / "pdf" / "a-2023.pdf")
    glued = put(tmp_path / "text" / "b-2021.glued.txt")
    beside = put(tmp_path / "c.html")
    put(tmp_path / "text" / "without-truth.txt")
    put(tmp_path / "README.md")
    for file in ("truth/a-2023.json", "truth/b-2021.json", "c.truth.json"):
        put(tmp_path / file, TRUTH)
    found = find_published(tmp_path)
    assert {case.path for case in found} == {pdf, glued, beside}
    assert {case.group for case in found} == {PUBLISHED}
    assert Inputs(tmp_path, corpus=tmp_path).published() == found


def test_no_folder_named_means_no_published_reports(tmp_path: Path) -> None:
    assert Inputs(tmp_path).published() == ()


def test_a_folder_without_truth_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf")
    with pytest.raises(UsageError, match="no report with a truth file"):
        find_published(tmp_path)


@pytest.mark.parametrize("text", ["no json", "[]", "{}"])
def test_a_truth_file_without_fields_is_refused(text: str, tmp_path: Path) -> None:
    put(tmp_path / "a.pdf")
    put(tmp_path / "a.truth.json", text)
    with pytest.raises(UsageError, match="truth file"):
        find_published(tmp_path)


def test_drawn_scans_have_no_text_layer() -> None:
    def drawn(raster: str) -> Case:
        return Case(Path("r.pdf"), {"fields": {}, "style": {"pages": {"raster": raster}}}, "exact")

    assert drawn("").has_text_layer
    assert not drawn("scan").has_text_layer
    assert Case(Path("r.pdf"), {"fields": {}}, PUBLISHED).has_text_layer


def test_evenly_takes_the_first_and_spreads_the_rest() -> None:
    assert evenly(range(10), 4) == (0, 2, 5, 7)
    assert evenly("ab", 5) == ("a", "b")
