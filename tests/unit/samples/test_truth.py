from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.form import load_form
from samples.catalogue import CATALOGUE
from samples.drawing import draw_report
from samples.style import Style
from samples.truth import to_truth, truth_path_of, write_truth

STYLES = list(CATALOGUE.values())


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_truth_names_every_field_of_the_form(style: Style) -> None:
    truth = to_truth(draw_report(style, 1))
    form = load_form(style.form)
    merged = style.tables.merged_other and not style.legacy
    wanted = set(form.fields) if merged else set(form.official_fields)
    assert set(truth["fields"]) == wanted
    assert all(text is None or isinstance(text, str) for text in truth["fields"].values())
    if merged:
        assert {text for name, text in truth["fields"].items() if name.startswith("requests.other.")} == {None}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_a_person_is_asked_only_about_cells_that_exist(style: Style) -> None:
    truth = to_truth(draw_report(style, 2))
    assert all(truth["fields"][name] is not None for name in truth["review_fields"])
    if truth["expect"] == "exact":
        assert truth["review_fields"] == []


def test_truth_is_what_is_printed_without_padding() -> None:
    document = draw_report(CATALOGUE["html-word-export"], 3)
    shown = {box.field: box.text for sheet in document.sheets for box in sheet.boxes if box.field}
    assert any(text != document.truth[name] for name, text in shown.items())
    assert all(text.strip(" \u00a0\u3000") == document.truth[name] for name, text in shown.items())


def test_legacy_reports_have_no_field_of_the_form() -> None:
    truth = to_truth(draw_report(CATALOGUE["html-legacy"], 4))
    assert truth["form"] == "legacy"
    assert set(truth["fields"].values()) == {None}


def test_truth_stands_beside_the_report(tmp_path: Path) -> None:
    document = draw_report(CATALOGUE["pdf-broken-flow"], 5)
    path = write_truth(document, tmp_path / "a.b.pdf")
    assert path == truth_path_of(tmp_path / "a.b.pdf") == tmp_path / "a.b.truth.json"
    read = json.loads(path.read_text(encoding="utf-8"))
    assert {v["rule"] for v in read["violations"]} == {"first+second=third+fourth", "dispute_sum"}
    assert read["agency"] in read["title"]
    assert read["style"]["name"] == "pdf-broken-flow"
