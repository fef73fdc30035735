from __future__ import annotations

import re
from decimal import Decimal

import pytest

from samples.catalogue import CATALOGUE
from samples.document import Document
from samples.drawing import draw_report
from samples.printing import format_number
from samples.proactive_figures import YUAN_PER_10K


def drawn(style: str, seed: int = 0) -> Document:
    return draw_report(CATALOGUE[style], seed)


def texts(document: Document, start: str) -> set[str | None]:
    return {text for name, text in document.truth.items() if name.startswith(start)}


@pytest.mark.parametrize(
    ("number", "thousands", "text"),
    [("0", False, "0"), ("1234567.10", True, "1,234,567.10"), ("1E+3", False, "1000"), ("-71", False, "-71")],
)
def test_numbers_in_plain_digits(number: str, thousands: bool, text: str) -> None:
    assert format_number(Decimal(number), thousands=thousands) == text


def test_blank_zeros_are_empty_and_no_zero_is_printed() -> None:
    document = drawn("pdf-blank-zeros")
    printed = {name for name, text in document.truth.items() if text == ""}
    assert printed == {name for name, number in document.numbers.items() if number == 0}
    assert "0" not in document.truth.values()


def test_only_totals_are_filled_in() -> None:
    filled = {n for n, t in drawn("pdf-only-totals").truth.items() if t and n.startswith("requests.")}
    assert filled
    assert all(name.endswith(".total") for name in filled)


def test_no_row_total_below_the_flow_rows() -> None:
    document = drawn("docx-blank-totals")
    assert document.truth["requests.granted.total"] == ""
    assert document.truth["requests.new.total"] == format_number(document.numbers["requests.new.total"])


def test_full_width_digits_stand_in_the_truth() -> None:
    document = drawn("html-full-width")
    wide = {n: t for n, t in document.truth.items() if t and re.fullmatch("[０-９]+", t)}
    assert wide
    assert all(Decimal(text) == document.numbers[name] for name, text in wide.items())


def test_cells_that_a_person_must_see() -> None:
    document = drawn("pdf-odd-cells")
    assert texts(document, "proactive.regulations.") == {"/"}
    assert texts(document, "proactive.coercion.") <= {"-", "—", "——"}
    assert texts(document, "proactive.licensing.") == {"无"}
    assert re.fullmatch(r"\d+（其中修订\d+件）", document.truth["proactive.normative_documents.issued"] or "")
    assert re.fullmatch(r"\d+\?", document.truth["requests.granted.natural_person"] or "")
    assert {name.split(".")[1] for name in document.review} == {
        "regulations",
        "coercion",
        "licensing",
        "normative_documents",
        "granted",
    }


def test_a_change_in_words_keeps_its_sign() -> None:
    for seed in range(12):
        document = drawn("docx-odd-cells", seed)
        (name,) = [n for n in document.review if n.endswith(".change")][:1]
        word, number = re.fullmatch(r"(增加|减少)(\d+)", document.truth[name] or "").groups()  # type: ignore[union-attr]
        assert document.numbers[name] == (-1 if word == "减少" else 1) * Decimal(number)


def test_a_unit_slip_prints_yuan_in_a_cell_of_10000_yuan() -> None:
    document = drawn("pdf-unit-slip", 19)
    text = document.truth["proactive.fees.amount"] or ""
    assert text.endswith("元")
    assert Decimal(text[:-1]) == int(document.numbers["proactive.fees.amount"] * YUAN_PER_10K)
    assert document.review == ("proactive.fees.amount",)


def test_purchases_of_the_2019_form_have_units_that_fit() -> None:
    seen = set()
    for seed in range(40):
        text = drawn("pdf-2019-plain", seed).truth["proactive.procurement.amount"] or ""
        number, unit = re.fullmatch(r"([\d.]+)(元|万元|)", text).groups()  # type: ignore[union-attr]
        seen.add(unit)
        assert unit != "万元" or Decimal(number) < 1_000_000
    assert seen == {"", "元", "万元"}
