"""From matched cells to decided fields: what is accepted, what is for a person, what is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from models.form import Form, load_form
from models.geometry import BBox
from models.match import LabelScore, LeftoverRow, Matched, OtherReading, PrintedField
from models.reading import Reading
from models.report import FieldValue
from pipeline.config import DecideSettings
from pipeline.decide.decide_fields import decide_fields
from tests.unit.decide.scanned import reading, report, sure, weak

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


def test_rows_that_a_variant_seems_to_replace_are_asked_for_where_numbers_are_left_over() -> None:
    """Of a garbled table the label of a merged cell looks like the row of a variant; its rows were printed."""
    left = LeftoverRow(2, "requests", (), ("1", "0", "0"), "no_row")
    found = replace(matched(variants=("merged_other_handling",)), leftovers=(left,))
    replaced = decided(FORM, found)["requests.other.correction_overdue.total"]
    assert (replaced.decision, replaced.confidence, replaced.reasons) == (
        "review",
        0.0,
        ["replaced_by_variant", "row_missing"],
    )


# Cells of scans: how they are decided is tested beside ``decide_scan``; here, what becomes of it.
NATURAL = "requests.granted.natural_person"


def test_a_scanned_report_without_doubt_is_accepted_with_what_both_engines_read() -> None:
    found = decide_fields(FORM, matched(*report().values()), DecideSettings())
    assert {f.decision for f in found.fields.values()} == {"accept"}
    assert found.repairs == ()
    field = found.fields[NATURAL]
    assert (field.value, field.printed, field.kind, field.reasons) == ("5", "5", "number", [])
    assert 0.9999 <= field.confidence <= 1.0
    assert [(e.stage, e.reader, e.text) for e in field.evidence] == [("ocr", "first", "5"), ("ocr", "second", "5")]
    assert field.label is not None


def test_a_repair_is_told_beside_the_field() -> None:
    def again(cells: Sequence[PrintedField]) -> list[tuple[Reading, ...]]:
        crops = [f"{engine}/{crop}" for engine in ("first", "second") for crop in ("wide", "soft", "coarse")]
        return [tuple(reading("5", reader=name) for name in crops) for _ in cells]

    found = decide_fields(FORM, matched(*report(weak(NATURAL, "6", "5")).values()), DecideSettings(), again)
    field = found.fields[NATURAL]
    assert (field.value, field.decision, field.reasons) == ("5", "accept", ["repaired"])
    [repair] = found.repairs
    assert (repair.field, repair.before, repair.after, repair.accepted) == (NATURAL, "6", "5", True)
    # What was read first can still be seen.
    assert [e.text for e in field.evidence][:2] == ["6", "5"]
    assert [a.text for a in field.evidence[0].alternatives] == ["5"]


def test_a_repair_that_two_sums_alone_ask_for_is_left_to_a_person() -> None:
    found = decide_fields(FORM, matched(*report(weak(NATURAL, "6", "5")).values()), DecideSettings())
    assert (found.fields[NATURAL].value, found.fields[NATURAL].decision) == ("5", "review")
    assert [r.accepted for r in found.repairs] == [False]


def test_readings_that_were_added_are_evidence_too() -> None:
    def again(cells: Sequence[PrintedField]) -> list[tuple[Reading, ...]]:
        return [(reading("5", reader="first/wide"),) for _ in cells]

    found = decide_fields(FORM, matched(*report(weak(NATURAL, "6", "5")).values()), DecideSettings(), again)
    assert [e.reader for e in found.fields[NATURAL].evidence] == ["first", "second", "first/wide"]


def test_the_error_rate_aimed_at_decides_what_is_accepted() -> None:
    cells = matched(*report().values())
    none = decide_fields(FORM, cells, DecideSettings(accept_error_rate=1e-12)).fields
    assert {(f.decision, *f.reasons) for f in none.values()} == {("review", "low_score")}


def test_stated_text_is_never_read_again_or_changed() -> None:
    def never(cells: Sequence[PrintedField]) -> list[tuple[Reading, ...]]:
        raise AssertionError(cells)

    stated = [replace(c, readings=()) for c in report().values() if c.field_id != NATURAL]
    wrong = replace(sure(NATURAL, "6"), readings=())
    found = decide_fields(FORM, matched(*stated, wrong), DecideSettings(), never)
    assert (found.fields[NATURAL].value, found.fields[NATURAL].decision) == ("6", "accept")
    assert found.repairs == ()


def test_a_scanned_cell_that_is_not_there_is_absent() -> None:
    cells = report()
    cells[NATURAL] = replace(cells[NATURAL], text=None, reasons=frozenset({"cell_missing"}))
    found = decide_fields(FORM, matched(*cells.values()), DecideSettings()).fields
    assert (found[NATURAL].kind, found[NATURAL].decision) == ("absent", "review")
    assert found[NATURAL].reasons == ["cell_missing"]


def test_doubts_about_rows_are_settled_in_complete_tables_only() -> None:
    cells = report(sure(NATURAL, "5", "row_may_be_cut"))
    whole = matched(*cells.values())
    assert decide_fields(FORM, whole, DecideSettings()).fields[NATURAL].decision == "accept"
    missing = replace(whole, missing_rows=("requests.carried_in",))
    elsewhere = replace(whole, missing_rows=("disputes.",))
    left = LeftoverRow(page_no=1, table="requests", labels=("?",), values=("3",), reason="no_row")
    words = replace(left, values=("备注",))
    for found, decision in (
        (missing, "review"),
        (elsewhere, "accept"),
        (replace(whole, leftovers=(left,)), "review"),
        (replace(whole, leftovers=(words,)), "accept"),
    ):
        assert decide_fields(FORM, found, DecideSettings()).fields[NATURAL].decision == decision
