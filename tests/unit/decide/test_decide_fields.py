"""From matched cells to decided fields: what is accepted, what is for a person, what is not there."""

from __future__ import annotations

import pytest

from models.form import Form, load_form
from models.geometry import BBox
from models.match import LabelScore, Matched, OtherReading, PrintedField
from models.report import FieldValue
from pipeline.config import DecideSettings
from pipeline.decide.decide_fields import decide_fields, decide_nothing

FORM: Form = load_form("gk2021")
FIELD = "requests.granted.total"
MERGED = "requests.other_handling.total"


def cell(field_id: str, text: str | None, *reasons: str, others: tuple[OtherReading, ...] = ()) -> PrintedField:
    return PrintedField(
        field_id=field_id,
        text=text,
        reasons=frozenset(reasons),
        page_no=2,
        bbox=BBox(1.0, 2.0, 3.0, 4.0),
        reader="pdfplumber",
        label=LabelScore("（一）予以公开", 0.98, 0.6),
        column_score=1.0,
        others=others,
    )


def decided(form: Form, found: Matched) -> dict[str, FieldValue]:
    return decide_fields(form, found, DecideSettings()).fields


def matched(*cells: PrintedField, variants: tuple[str, ...] = ()) -> Matched:
    return Matched(
        form_id=FORM.id,
        cells={c.field_id: c for c in cells},
        leftovers=(),
        missing_rows=(),
        missing_tables=(),
        variants=variants,
        uncertain_rows=(),
        other_form_blocks=(),
        total=1.0,
    )


@pytest.mark.parametrize(
    ("printed", "kind", "value"),
    [("12", "number", "12"), (" 1,234 ", "number", "1234"), ("", "blank", None), ("/", "not_applicable", "/")],
)
def test_a_cell_without_doubts_is_accepted(printed: str, kind: str, value: str | None) -> None:
    field = decided(FORM, matched(cell(FIELD, printed)))[FIELD]
    assert (field.kind, field.value, field.printed) == (kind, value, printed)
    assert (field.decision, field.confidence, field.reasons) == ("accept", 1.0, [])


@pytest.mark.parametrize("reason", ["label_uncertain", "column_uncertain", "readers_differ", "superscript"])
def test_any_doubt_about_the_cell_asks_a_person_and_keeps_the_number(reason: str) -> None:
    field = decided(FORM, matched(cell(FIELD, "12", reason)))[FIELD]
    assert (field.kind, field.value, field.decision, field.reasons) == ("number", "12", "review", [reason])
    assert field.confidence < 1.0


def test_any_doubt_about_the_value_asks_a_person_and_suggests() -> None:
    field = decided(FORM, matched(cell(FIELD, "22（其中修订16件）")))[FIELD]
    assert (field.value, field.suggested, field.decision) == ("22", "22", "review")
    assert field.reasons == ["trailing_note"]


def test_doubts_of_both_kinds_are_listed_in_order() -> None:
    field = decided(FORM, matched(cell(FIELD, "5?", "row_repeated", "label_uncertain")))[FIELD]
    assert field.reasons == ["label_uncertain", "row_repeated", "trailing_mark"]


def test_words_in_a_cell_have_no_value() -> None:
    field = decided(FORM, matched(cell(FIELD, "本单位未制作规章")))[FIELD]
    assert (field.kind, field.value, field.printed, field.decision) == ("text", None, "本单位未制作规章", "review")


def test_the_unit_is_that_of_the_column() -> None:
    amount = "proactive.fees.amount"
    fields = decided(FORM, matched(cell(amount, "152790元"), cell(FIELD, "3件")))
    assert (fields[amount].value, fields[amount].suggested) == ("152790", "15.279")
    assert fields[amount].reasons == ["unit_mismatch"]
    assert (fields[FIELD].value, fields[FIELD].decision) == ("3", "accept")


def test_a_column_of_changes_may_be_negative_in_words() -> None:
    form = load_form("gk2019")
    change = next(i for i, f in form.fields.items() if f.column.signed)
    field = decided(form, matched(cell(change, "减少5")))[change]
    assert (field.value, field.suggested, field.reasons) == ("5", "-5", ["change_in_words"])


def test_the_evidence_says_where_the_cell_was_read_and_what_others_read() -> None:
    field = decided(FORM, matched(cell(FIELD, "12", others=(OtherReading("camelot", "17"),))))[FIELD]
    [evidence] = field.evidence
    assert (evidence.page_no, evidence.bbox, evidence.reader, evidence.text) == (2, [1, 2, 3, 4], "pdfplumber", "12")
    assert [a.text for a in evidence.alternatives] == ["17"]
    assert field.label is not None
    assert (field.label.printed, field.label.score, field.label.margin) == ("（一）予以公开", 0.98, 0.6)


def test_a_row_that_is_not_printed_is_absent_and_for_review() -> None:
    fields = decided(FORM, matched())
    assert list(fields) == list(FORM.official_fields)
    assert {(f.kind, f.value, f.decision, f.confidence, *f.reasons) for f in fields.values()} == {
        ("absent", None, "review", 0.0, "row_missing")
    }


def test_a_cell_that_its_row_lacks_is_absent_and_for_review() -> None:
    field = decided(FORM, matched(cell(FIELD, None, "cell_missing")))[FIELD]
    assert (field.kind, field.value, field.decision, field.reasons) == ("absent", None, "review", ["cell_missing"])
    assert field.label is not None


def test_fields_of_a_variant_are_there_only_where_it_is_printed() -> None:
    assert MERGED not in decided(FORM, matched(cell(MERGED, "1")))
    fields = decided(FORM, matched(cell(MERGED, "1"), variants=("merged_other_handling",)))
    assert (fields[MERGED].value, fields[MERGED].decision) == ("1", "accept")
    assert len(fields) == 207


def test_rows_that_a_variant_replaces_are_no_question() -> None:
    fields = decided(FORM, matched(variants=("merged_other_handling",)))
    replaced = fields["requests.other.correction_overdue.total"]
    assert (replaced.kind, replaced.decision, replaced.reasons) == ("absent", "accept", ["replaced_by_variant"])
    assert fields["requests.other_handling.total"].reasons == ["row_missing"]
    assert fields[FIELD].decision == "review"


def test_a_report_whose_cells_cannot_be_told_apart_is_all_for_review() -> None:
    fields = decide_nothing(FORM, "glued_text", "713000074")
    assert list(fields) == list(FORM.official_fields)
    assert {(f.kind, f.value, f.printed, f.decision, *f.reasons) for f in fields.values()} == {
        ("text", None, "713000074", "review", "glued_text")
    }
