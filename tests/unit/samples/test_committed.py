"""The reports kept in the project are those that the generator draws today."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from samples.catalogue import CATALOGUE
from samples.drawing import draw_report
from samples.generate import COMMITTED, COMMITTED_FOLDER, CommittedSample, write_reports
from samples.truth import to_truth, truth_path_of

MOST_BYTES = 1_500_000
IDS = [entry.file_name for entry in COMMITTED]


def kept_truth(entry: CommittedSample) -> dict[str, Any]:
    text = truth_path_of(COMMITTED_FOLDER / entry.file_name).read_text(encoding="utf-8")
    truth: dict[str, Any] = json.loads(text)
    return truth


@pytest.mark.parametrize("entry", COMMITTED, ids=IDS)
def test_truth_is_what_the_generator_draws(entry: CommittedSample) -> None:
    drawn = json.loads(json.dumps(to_truth(draw_report(CATALOGUE[entry.style], entry.seed)), ensure_ascii=False))
    kept = kept_truth(entry)
    for truth in (drawn, kept):
        del truth["style"]["pages"]["font"]  # may be a substitute
    assert kept == drawn


@pytest.mark.parametrize(
    "entry", [e for e in COMMITTED if e.file_name.endswith((".html", ".txt"))], ids=lambda e: e.file_name
)
def test_pages_and_texts_are_what_the_generator_writes(entry: CommittedSample, tmp_path: Path) -> None:
    # Others depend on versions of fonts and programs.
    font = kept_truth(entry)["style"]["pages"]["font"]
    document = draw_report(CATALOGUE[entry.style], entry.seed)
    if document.style.pages.font != font:
        pytest.skip(f"font {font} not installed")
    write_reports([(document, tmp_path / entry.file_name)], tmp_path)
    assert (COMMITTED_FOLDER / entry.file_name).read_bytes() == (tmp_path / entry.file_name).read_bytes()


def test_nothing_else_is_kept_and_it_is_small() -> None:
    wanted = {name for e in COMMITTED for name in (e.file_name, truth_path_of(Path(e.file_name)).name)}
    files = list(COMMITTED_FOLDER.iterdir())
    assert {path.name for path in files} == wanted
    assert sum(path.stat().st_size for path in files) < MOST_BYTES


def test_the_set_shows_the_variety() -> None:
    styles = [CATALOGUE[entry.style] for entry in COMMITTED]
    assert {style.producer for style in styles} == {"reportlab", "chromium", "libreoffice", "html", "docx", "text"}
    assert {style.form for style in styles} == {"gk2021", "gk2019"}
    assert any(kept_truth(entry)["violations"] for entry in COMMITTED)
    slips = [kept_truth(e)["fields"]["proactive.fees.amount"] for e in COMMITTED if "slip" in e.style]
    assert [re.fullmatch(r"\d+元", text) is not None for text in slips] == [True]
