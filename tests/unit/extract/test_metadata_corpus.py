"""Agency and year of published HTML, DOCX and text reports, against what a person read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from models.document import Opened, SourceInfo
from pipeline.config import Settings
from pipeline.extract.metadata import Metadata, read_metadata
from pipeline.extract.sections import lines_to_sections
from pipeline.ingest.open_docx import open_docx
from pipeline.ingest.open_html import open_html
from pipeline.ingest.open_text import open_text
from pipeline.stages import open_bytes

OPENERS: dict[str, Callable[[bytes, str, SourceInfo], Opened]] = {
    "html": open_html,
    "docx": open_docx,
    "text": open_text,
}


def opened_files(corpus: Path) -> dict[str, Opened]:
    return {
        path.name.split(".")[0]: open_file(path.read_bytes(), path.name, SourceInfo(path.name, "", "", 1))
        for folder, open_file in OPENERS.items()
        for path in sorted((corpus / folder).iterdir())
    }


@pytest.fixture(scope="module")
def opened(corpus: Path) -> dict[str, Opened]:
    return opened_files(corpus)


@pytest.fixture(scope="module")
def found(opened: dict[str, Opened]) -> dict[str, Metadata]:
    return {name: read_metadata(file) for name, file in opened.items()}


def test_years_and_agencies_are_those_of_the_truth(corpus: Path, found: dict[str, Metadata]) -> None:
    checked = 0
    for name, metadata in found.items():
        path = corpus / "truth" / f"{name}.json"
        if not path.exists():
            continue
        truth = json.loads(path.read_text(encoding="utf-8"))
        assert metadata.year == truth["year"], name
        # The truth adds remarks in brackets, and spells out a name that one report abbreviates throughout.
        expected = re.sub(r"（.*", "", truth["agency"]).replace("科学技术委员会", "科委")
        assert metadata.agency == expected, name
        checked += 1
    assert checked >= 18


def test_titles_of_pdf_files_are_put_together_from_two_lines(corpus: Path) -> None:
    for year in (2023, 2024):
        path = corpus / "pdf" / f"hongze-{year}.pdf"
        metadata = read_metadata(open_bytes(path.read_bytes(), path.name, Settings()).opened)
        assert (metadata.agency, metadata.year) == ("淮安市洪泽区人民政府", year)
        assert metadata.title is not None
        assert metadata.title.endswith(f"洪泽区人民政府{year}年政府信息公开工作年度报告")
        assert metadata.period_years == (year, year)


def test_dates_are_those_that_the_pages_state(opened: dict[str, Opened], found: dict[str, Metadata]) -> None:
    stated = 0
    for name, file in opened.items():
        text = "\n".join(line.text for line in file.lines[:12])
        match = re.search(r"发布(?:时间|日期)\s*[:：]\s*(20\d\d-\d\d-\d\d)", text)
        if match:
            assert found[name].published == match.group(1), name
            stated += 1
    assert stated >= 16


def test_no_report_is_given_a_number_that_it_only_quotes(found: dict[str, Metadata]) -> None:
    assert {name: m.document_number for name, m in found.items() if m.document_number} == {}


def test_the_blank_form_has_six_sections_and_names_nobody(
    opened: dict[str, Opened], found: dict[str, Metadata]
) -> None:
    assert found["blank-form"] == Metadata(None, None, None, None, None, None)
    sections = lines_to_sections(opened["blank-form"].lines, join_wrapped=False)
    assert list(sections) == ["preamble", "overview", "proactive", "requests", "disputes", "problems", "other"]
    assert [(g.n_rows, g.n_cols) for g in opened["blank-form"].grids] == [(14, 4), (28, 10), (4, 15)]


def test_complete_pages_have_their_sections(opened: dict[str, Opened]) -> None:
    for name in ("shfb-2019", "shuyang-fgj-2023", "wuzhishan-2021"):
        sections = lines_to_sections(opened[name].lines, join_wrapped=False)
        assert set(sections) == {"preamble", "overview", "proactive", "requests", "disputes", "problems", "other"}, name
        assert sections["other"], name
