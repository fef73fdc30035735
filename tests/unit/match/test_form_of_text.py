"""Which form running text belongs to, by the words that only one form has."""

from __future__ import annotations

import pytest

from models.form import Form, load_forms
from models.vocabulary import LEGACY_WORDS
from pipeline.match.form_of_text import form_of_text
from tests.unit.match.printed_form import print_form, sheet_to_lines

FORMS = load_forms()


def text_of(form_id: str, *, merged: bool = False, separator: str = "") -> str:
    return separator.join(line.text for line in sheet_to_lines(print_form(form_id, merged=merged)))


def form_id(form: Form | None) -> str | None:
    return None if form is None else form.id


@pytest.mark.parametrize("separator", ["", " ", "\n", " | "])
@pytest.mark.parametrize(("form", "merged"), [("gk2021", False), ("gk2021", True), ("gk2019", False)])
@pytest.mark.parametrize("year", [None, 2018, 2020, 2023])
def test_the_words_of_a_form_tell_it_whatever_the_year(
    form: str, merged: bool, year: int | None, separator: str
) -> None:
    assert form_id(form_of_text(text_of(form, merged=merged, separator=separator), FORMS, year)) == form


def test_prose_around_the_tables_changes_nothing() -> None:
    prose = "2020年，我局新公开规范性文件3件，行政许可处理决定12件，政府集中采购项目4个。"
    assert form_id(form_of_text(prose + text_of("gk2021") + prose, FORMS, 2020)) == "gk2021"


@pytest.mark.parametrize(("year", "expected"), [(2019, "gk2019"), (2020, "gk2019"), (2021, "gk2021"), (2024, "gk2021")])
def test_the_year_settles_words_that_both_forms_have(year: int, expected: str) -> None:
    sheet = print_form("gk2019")
    sheet.blocks = [b for b in sheet.blocks if b.table_id == "disputes"]
    requests = print_form("gk2019").block("requests")
    requests.rows = [r for r in requests.rows if "其他处理" not in r.labels[-1].text]
    sheet.blocks.append(requests)
    text = "".join(line.text for line in sheet_to_lines(sheet))
    assert form_id(form_of_text(text, FORMS, year)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "".join(LEGACY_WORDS),
        "一、总体情况。2023年，我局认真贯彻落实政府信息公开条例，办理行政许可12件，行政处罚3件，予以公开8件。",
        "0000000000",
    ],
)
def test_blank_text_prose_and_older_tables_are_on_no_form(text: str) -> None:
    assert form_of_text(text, FORMS, 2023) is None
