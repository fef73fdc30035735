"""Glued rows become fields: accepted where only one number can be meant."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from models.form import Form, load_form
from models.glued import GluedRow, GluedTables
from models.match import LabelScore
from models.report import FieldValue
from pipeline.decide.split_glued import AMBIGUOUS, BREAKS_SUMS, TOO_FEW, decide_glued

FORM, OLD = load_form("gk2021"), load_form("gk2019")
COLUMNS = [c.id for c in FORM.block_of["requests"].columns]


def tables(rows: Mapping[str, str | None], form: Form = FORM, reasons: frozenset[str] = frozenset()) -> GluedTables:
    """A form of zeros with some rows replaced; None: the row is not printed."""
    found: dict[str, GluedRow] = {}
    for field in form.fields.values():
        key = f"{field.table.id}.{field.row.id}".rstrip(".")
        text = rows.get(key, "0" * len(field.block.columns) if field.row.variant is None else None)
        if text is not None:
            found[key] = GluedRow(key, (text,), reasons, LabelScore("", 1.0, 1.0), 1)
    variants = tuple(v.id for v in form.variants if set(v.by) & found.keys())
    return GluedTables(found, variants)


def decide(rows: Mapping[str, str | None], form: Form = FORM) -> dict[str, FieldValue]:
    return decide_glued(form, tables(rows, form))


def values(fields: Mapping[str, FieldValue], row: str) -> list[str | None]:
    return [f.value for i, f in fields.items() if i.startswith(f"{row}.")]


def doubts(fields: Mapping[str, FieldValue]) -> dict[str, list[str]]:
    return {i: f.reasons for i, f in fields.items() if f.decision == "review"}


def test_a_form_of_zeros_needs_nobody() -> None:
    fields = decide({})
    assert len(fields) == 200
    assert {(f.value, f.decision, f.kind) for f in fields.values()} == {("0", "accept", "number")}


def test_sums_split_a_row_and_columns_confirm_it() -> None:
    rows = {"new": "713000074", "granted": "713000074", "results_total": "713000074"}
    fields = decide({f"requests.{k}": v for k, v in rows.items()})
    assert values(fields, "requests.new") == ["71", "3", "0", "0", "0", "0", "74"]
    assert doubts(fields) == {}
    assert fields["requests.new.total"].evidence[0].text == "713000074"
    assert fields["requests.new.total"].printed == "74"


def test_columns_choose_where_the_row_leaves_two_ways() -> None:
    rows = {"new": "220000325", "granted": "220000325", "results_total": "22 0 0 0 0 3 25"}
    fields = decide({f"requests.{k}": v for k, v in rows.items()})
    assert values(fields, "requests.granted") == ["22", "0", "0", "0", "0", "3", "25"]
    assert doubts(fields) == {}


def test_a_tie_goes_to_review_with_its_candidates() -> None:
    rows = {"new": "220000325", "granted": "220000325", "results_total": "220000325"}
    fields = decide({f"requests.{k}": v for k, v in rows.items()})
    open_cells = {f"requests.{r}.{c}" for r in rows for c in ("natural_person", "commercial_enterprise")}
    assert doubts(fields) == {key: [AMBIGUOUS] for key in open_cells}
    assert fields["requests.new.total"].value == "25"
    named = {a.text for a in fields["requests.new.natural_person"].evidence[0].alternatives}
    assert named == {"22 0 0 0 0 3 25", "2 20 0 0 0 3 25"}


def test_seven_digits_can_only_be_seven_numbers() -> None:
    fields = decide({"requests.new": "3000003"})
    assert values(fields, "requests.new") == ["3", "0", "0", "0", "0", "0", "3"]
    assert doubts(fields) == {}


def test_a_row_that_breaks_its_sum_is_not_made_to_add_up() -> None:
    rows = {"new": "713000074", "granted": "713000074", "results_total": "713000075"}
    fields = decide({f"requests.{k}": v for k, v in rows.items()})
    broken = {i for i, reasons in doubts(fields).items() if BREAKS_SUMS in reasons}
    assert broken == {f"requests.results_total.{c}" for c in COLUMNS}
    assert fields["requests.results_total.total"].value in {"75", None}
    assert fields["requests.new.natural_person"].decision == "accept"
    assert values(fields, "requests.new") == ["71", "3", "0", "0", "0", "0", "74"]


def test_a_coincidence_of_one_row_is_not_enough() -> None:
    # Printed 2 20 0 0 0 0 22 in the wrong columns: the row adds up as 22 0 as well, and the columns say nothing.
    fields = decide({"requests.granted": "220000022"})
    assert fields["requests.granted.natural_person"].decision == "review"


def test_blanks_part_cells_whatever_they_add_up_to() -> None:
    fields = decide({"requests.new": "71 3 0 0 0 0 75"})
    assert values(fields, "requests.new") == ["71", "3", "0", "0", "0", "0", "75"]
    assert doubts(fields) == {}


def test_cells_left_blank_leave_the_columns_open() -> None:
    rows = {"new": "2323", "granted": "2323", "results_total": "2323", "carried_in": ""}
    fields = decide({f"requests.{k}": v for k, v in rows.items()})
    assert {i for i, r in doubts(fields).items() if TOO_FEW in r} == {
        f"requests.{r}.{c}" for r in ("new", "granted", "results_total") for c in COLUMNS
    }
    assert values(fields, "requests.new") == ["23", None, None, None, None, None, "23"]
    blank = fields["requests.carried_in.total"]
    assert (blank.kind, blank.value, blank.decision) == ("blank", None, "accept")


def test_a_blank_cell_among_zeros_is_not_bridged() -> None:
    rows = {"new": "23000023", "granted": "230000023", "results_total": "230000023"}
    fields = decide({f"requests.{k}": v for k, v in rows.items()})
    assert all(fields[f"requests.new.{c}"].decision == "review" for c in COLUMNS)


def test_marks_count_as_nothing() -> None:
    fields = decide({"requests.new": "1/////1", "requests.granted": "1/////1", "requests.results_total": "1000001"})
    assert values(fields, "requests.new") == ["1", "/", "/", "/", "/", "/", "1"]
    assert fields["requests.new.other"].kind == "not_applicable"
    assert doubts(fields) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("000", ["0", "0", "0"]), ("007", ["0", "0", "7"]), ("609", ["6", "0", "9"]), ("6 0 16", ["6", "0", "16"])],
)
def test_rows_without_a_sum_are_accepted_where_one_way_is_left(text: str, expected: list[str]) -> None:
    fields = decide({"proactive.normative_documents": text})
    assert values(fields, "proactive.normative_documents") == expected
    assert doubts(fields) == {}


def test_rows_without_a_sum_are_reviewed_where_more_ways_are_left() -> None:
    fields = decide({"proactive.normative_documents": "20 155"})
    assert set(doubts(fields)) == {f"proactive.normative_documents.{c}" for c in ("issued", "repealed", "in_force")}
    alternatives = {a.text for a in fields["proactive.normative_documents.issued"].evidence[0].alternatives}
    assert alternatives == {"20 1 55", "20 15 5", "2 0 155"}


def test_too_few_digits_may_stand_in_any_column() -> None:
    fields = decide({"proactive.normative_documents": "88"})
    assert {f.value for i, f in fields.items() if i.startswith("proactive.normative_documents")} == {None}
    assert len(doubts(fields)) == 3


def test_a_row_without_a_sum_needs_zeros_printed_in_its_table() -> None:
    rows = {"proactive.regulations": "135", "proactive.normative_documents": "8340"}
    fields = decide(rows)
    assert {i for i in doubts(fields) if i.startswith("proactive.regulations.")} == {
        f"proactive.regulations.{c}" for c in ("issued", "repealed", "in_force")
    }


def test_a_row_without_a_sum_is_doubted_where_the_report_leaves_cells_blank() -> None:
    fields = decide({"proactive.normative_documents": "135", "requests.new": "11"})
    assert fields["proactive.normative_documents.issued"].decision == "review"
    assert fields["proactive.regulations.issued"].decision == "accept"


def test_a_single_column_takes_all_digits() -> None:
    fields = decide({"proactive.licensing": "10690", "proactive.fees": "24252.311082"})
    assert (fields["proactive.licensing.decisions"].value, fields["proactive.fees.amount"].value) == (
        "10690",
        "24252.311082",
    )
    assert doubts(fields) == {}


def test_what_all_ways_share_is_accepted() -> None:
    fields = decide({"proactive.penalties": "2648-18538"}, OLD)
    assert fields["proactive.penalties.prior_items"].value == "2648"
    assert set(doubts(fields)) == {"proactive.penalties.change", "proactive.penalties.decisions"}


def test_disputes_of_fifteen_digits() -> None:
    fields = decide({"disputes": "101020110200000"})
    assert doubts(fields) == {}
    assert fields["disputes.reconsideration.total"].value == "2"


def test_disputes_with_larger_numbers_stand_only_where_one_wrong_sum_changes_nothing() -> None:
    fields = decide({"disputes": "10203120001200000"})
    assert fields["disputes.litigation_direct.upheld"].value == "12"
    assert fields["disputes.litigation_direct.upheld"].decision == "review"
    assert fields["disputes.litigation_after_reconsideration.total"].value == "0"
    assert fields["disputes.litigation_after_reconsideration.total"].decision == "accept"


def test_disputes_that_do_not_add_up_are_reviewed() -> None:
    fields = decide({"disputes": "101000110200000"})
    assert set(doubts(fields)) == {i for i in fields if i.startswith("disputes.")}


def test_a_row_that_is_not_printed_counts_as_zeros() -> None:
    rows: dict[str, str | None] = {f"requests.{k}": "713000074" for k in ("new", "granted", "results_total")}
    fields = decide({**rows, "requests.not_processed.repeated": None})
    assert {r for reasons in doubts(fields).values() for r in reasons} == {"row_missing"}
    assert len(doubts(fields)) == 7


def test_a_merged_row_replaces_its_parts() -> None:
    parts = dict.fromkeys([f"requests.other.{p}" for p in ("correction_overdue", "fee_overdue", "other")])
    rows = {"new": "713000074", "other_handling": "713000074", "results_total": "713000074"}
    fields = decide({**parts, **{f"requests.{k}": v for k, v in rows.items()}})
    assert fields["requests.other_handling.natural_person"].value == "71"
    assert fields["requests.other.other.total"].reasons == ["replaced_by_variant"]
    assert doubts(fields) == {}


def test_doubts_of_the_reading_stay() -> None:
    fields = decide_glued(FORM, tables({}, reasons=frozenset({"column_uncertain"})))
    assert {(f.value, f.decision, tuple(f.reasons)) for f in fields.values()} == {
        ("0", "review", ("column_uncertain",))
    }


def test_text_that_is_no_number_is_reviewed() -> None:
    fields = decide({"proactive.licensing": "1.2.3"})
    assert (fields["proactive.licensing.decisions"].value, fields["proactive.licensing.decisions"].decision) == (
        None,
        "review",
    )
