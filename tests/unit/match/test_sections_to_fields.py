"""From printed sections to fields: whole reports, complete, incomplete and of mixed forms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.form import Form, load_forms
from models.match import Matched
from models.table import PrintedColumn, PrintedRow, PrintedSection, PrintedValue
from pipeline.match.sections_to_fields import match_report
from tests.unit.match.printed_form import (
    READERS,
    Label,
    Row,
    Sheet,
    accepted,
    decide,
    print_form,
    read_sections,
    sheet_to_sections,
    wrong_fields,
)

FOREIGN = ["9001", "9002", "9003", "9004", "9005", "9006", "9007"]
KINDS = (("gk2021", False), ("gk2021", True), ("gk2019", False))


def match(sheet: Sheet, year: int | None = None) -> Matched:
    return read_sections(sheet_to_sections(sheet), year)


def reasons(matched: Matched, prefix: str) -> list[frozenset[str]]:
    return [c.reasons for i, c in matched.cells.items() if i.startswith(prefix)]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("form_id", "merged"), KINDS)
def test_every_number_of_a_well_printed_form_is_accepted(reader: str, form_id: str, merged: bool) -> None:
    sheet = print_form(form_id, merged=merged)
    matched = read_sections(READERS[reader](sheet))
    assert matched.form_id == form_id
    assert accepted(decide(matched)) == sheet.truth
    assert matched.leftovers == ()
    assert matched.missing_rows == matched.missing_tables == matched.other_form_blocks == ()


def test_the_number_of_fields_is_that_of_the_form() -> None:
    assert len(match(print_form("gk2021")).cells) == 200
    assert len(match(print_form("gk2019")).cells) == 198


def test_a_cell_tells_where_it_was_read() -> None:
    cell = match(print_form()).cells["requests.denied.state_secret.total"]
    assert cell.label.printed == "三、本年度办理结果 / （三）不予公开 / 1.属于国家秘密"
    assert (cell.label.score, cell.column_score, cell.reader, cell.page_no) == (1.0, 1.0, "pdfplumber", 1)


def test_an_extra_row_lands_in_the_leftovers() -> None:
    sheet = print_form()
    sheet.block("requests").rows.insert(2, Row([Label("其中：网上申请")], FOREIGN))
    matched = match(sheet)
    assert [(r.table, r.labels, r.values, r.reason) for r in matched.leftovers] == [
        ("requests", ("其中：网上申请",), tuple(FOREIGN), "no_row")
    ]
    assert accepted(decide(matched)) == sheet.truth


def test_a_blank_extra_row_says_nothing() -> None:
    sheet = print_form()
    sheet.block("requests").rows.append(Row([], [""] * 7))
    assert not match(sheet).leftovers


def test_a_missing_row_is_absent_and_goes_to_review() -> None:
    sheet = print_form()
    sheet.drop_row(sheet.row("2.重复申请"))
    matched = match(sheet)
    assert matched.missing_rows == ("requests.not_processed.repeated",)
    fields = decide(matched)
    gone = [f for i, f in fields.items() if i.startswith("requests.not_processed.repeated.")]
    assert [(f.kind, f.value, f.decision, f.reasons) for f in gone] == [("absent", None, "review", ["row_missing"])] * 7
    assert accepted(fields) == sheet.truth


def test_a_missing_table_is_named() -> None:
    sheet = print_form()
    sheet.blocks = [b for b in sheet.blocks if b.table_id != "disputes"]
    matched = match(sheet)
    assert matched.missing_tables == ("disputes",)
    assert matched.missing_rows == ("disputes",)
    assert not any(i.startswith("disputes") for i in accepted(decide(matched)))


def test_a_row_with_a_cell_too_few_asks_for_review_there_alone() -> None:
    sheet = print_form()
    row = sheet.row("2.重复申请")
    row.values.pop()
    fields = decide(match(sheet))
    cell = fields["requests.not_processed.repeated.total"]
    assert (cell.kind, cell.decision, cell.reasons) == ("absent", "review", ["cell_missing"])
    assert fields["requests.not_processed.repeated.other"].decision == "accept"


def test_the_merged_row_of_the_2021_form_has_fields_of_its_own() -> None:
    sheet = print_form(merged=True)
    matched = match(sheet)
    assert matched.variants == ("merged_other_handling",)
    fields = decide(matched)
    assert len(fields) == 207
    assert fields["requests.other_handling.total"].decision == "accept"
    replaced = [f for i, f in fields.items() if i.startswith("requests.other.")]
    assert len(replaced) == 21
    assert {(f.kind, f.value, f.decision, *f.reasons) for f in replaced} == {
        ("absent", None, "accept", "replaced_by_variant")
    }


def test_the_blank_parent_row_above_the_three_rows_is_no_variant() -> None:
    sheet = print_form()
    rows = sheet.block("requests").rows
    first = rows.index(sheet.row("1.申请人无正当理由"))
    rows.insert(first, Row(rows[first].labels[:2], [""] * 7))
    matched = match(sheet)
    assert matched.variants == ()
    assert len(decide(matched)) == 200
    assert accepted(decide(matched)) == sheet.truth


def test_the_merged_row_printed_blank_is_the_variant() -> None:
    sheet = print_form(merged=True)
    row = sheet.row("（六）其他处理")
    row.values = [""] * 7
    fields = decide(match(sheet))
    assert [f.kind for i, f in fields.items() if i.startswith("requests.other_handling.")] == ["blank"] * 7


def test_a_table_printed_twice_with_other_numbers_is_all_for_review() -> None:
    sheet = print_form()
    sheet.blocks.append(print_form(first_number=5001).block("requests"))
    matched = match(sheet)
    assert all("row_repeated" in r for r in reasons(matched, "requests."))
    assert not any(i.startswith("requests.") for i in accepted(decide(matched)))
    assert len([i for i in accepted(decide(matched)) if i.startswith("proactive.")]) == 10


def test_a_table_printed_twice_with_the_same_numbers_is_read_once() -> None:
    sheet = print_form()
    sheet.blocks.append(print_form().block("requests"))
    assert accepted(decide(match(sheet))) == sheet.truth


def test_a_row_printed_twice_with_other_numbers_is_for_review() -> None:
    sheet = print_form()
    rows = sheet.block("requests").rows
    rows.insert(3, Row(rows[2].labels, FOREIGN))
    matched = match(sheet)
    assert all("row_repeated" in r for r in reasons(matched, "requests.granted."))
    assert not wrong_fields(sheet, decide(matched))
    assert len(accepted(decide(matched))) == 193


def test_two_reports_in_one_file_are_never_mixed() -> None:
    sheet = print_form()
    sheet.blocks += print_form(first_number=5001).blocks
    assert not accepted(decide(match(sheet)))


def test_swapped_rows_are_never_crossed() -> None:
    sheet = print_form()
    rows = sheet.block("requests").rows
    rows[4], rows[5] = rows[5], rows[4]
    fields = decide(match(sheet))
    assert not wrong_fields(sheet, fields)
    assert len(accepted(fields)) == 186


def test_tables_in_another_order_are_told_by_their_content() -> None:
    sheet = print_form()
    sheet.blocks.reverse()
    fields = decide(match(sheet))
    assert not wrong_fields(sheet, fields)
    assert len([i for i in accepted(fields) if not i.startswith("proactive.")]) == 190


def test_a_hybrid_keeps_its_form_and_sends_the_old_block_to_review(gk2021: Form) -> None:
    sheet = print_form("gk2021")
    for row in sheet.blocks[0].rows:
        sheet.forget(row)
    sheet.blocks[0] = print_form("gk2019", first_number=5001).blocks[0]
    matched = match(sheet)
    assert matched.form_id == "gk2021"
    assert matched.other_form_blocks == ("第二十条第（一）项:gk2019",)
    fields = decide(matched)
    assert accepted(fields) == sheet.truth
    assert all(fields[i].decision == "review" for i in gk2021.official_fields[:6])


def test_the_form_is_told_by_the_content_and_not_by_the_year() -> None:
    assert match(print_form("gk2019"), 2022).form_id == "gk2019"
    assert match(print_form("gk2021", merged=True), 2019).form_id == "gk2021"


@pytest.mark.parametrize(("year", "form_id"), [(2020, "gk2019"), (2023, "gk2021")])
def test_the_year_settles_what_both_forms_have(year: int, form_id: str) -> None:
    sheet = print_form("gk2019")
    sheet.blocks = [b for b in sheet.blocks if b.table_id == "requests"]
    assert match(sheet, year).form_id == form_id


def test_a_header_without_words_makes_its_columns_uncertain() -> None:
    sheet = print_form()
    for column in sheet.block("requests").columns:
        column.labels = []
    matched = match(sheet)
    assert all("column_uncertain" in r for r in reasons(matched, "requests."))
    assert len(matched.uncertain_columns) == 175
    assert not any(i.startswith("requests.") for i in accepted(decide(matched)))


def test_values_under_a_foreign_column_are_left_over() -> None:
    sheet = print_form()
    block = sheet.block("disputes")
    block.add_column(15, "备注", ["9001"])
    matched = match(sheet)
    assert [(r.table, r.values, r.reason) for r in matched.leftovers] == [("disputes", ("9001",), "no_column")]
    fields = decide(matched)
    assert not wrong_fields(sheet, fields)
    assert fields["disputes.litigation_after_reconsideration.total"].value == "1200"


def test_values_without_a_column_are_left_over() -> None:
    sections = sheet_to_sections(print_form())
    stray = PrintedValue("9001", None, flags=frozenset({"no_column"}))
    row = sections[-1].rows[0]
    row = PrintedRow(row.labels, (*row.values, stray))
    sections[-1] = PrintedSection("", sections[-1].columns, (row,), "pdfplumber")
    assert [(r.table, r.values, r.reason) for r in read_sections(sections).leftovers] == [
        ("disputes", ("9001",), "no_column")
    ]


def test_flags_of_a_cell_become_reasons_of_its_field() -> None:
    sections = sheet_to_sections(print_form())
    row = sections[-1].rows[0]
    doubtful = PrintedValue("1199", 0, flags=frozenset({"superscript"}))
    row = PrintedRow(row.labels, (doubtful, *row.values[1:]))
    sections[-1] = PrintedSection("", sections[-1].columns, (row,), "pdfplumber")
    cells = read_sections(sections).cells
    assert cells["disputes.reconsideration.upheld"].reasons == {"superscript"}
    assert cells["disputes.reconsideration.corrected"].reasons == frozenset()


def test_a_damaged_label_is_uncertain() -> None:
    sheet = print_form()
    sheet.row("规章", "proactive").labels[-1].text = "规囗"
    matched = match(sheet)
    assert matched.uncertain_rows == ("proactive.regulations",)
    assert all("label_uncertain" in r for r in reasons(matched, "proactive.regulations."))


def test_thresholds_are_those_that_the_caller_gives() -> None:
    sections = sheet_to_sections(print_form())
    strict = match_report(sections, load_forms(), row_threshold=(1.0, 2.0), column_threshold=(1.0, 2.0))
    assert strict is not None
    assert all({"label_uncertain", "column_uncertain"} <= c.reasons for c in strict.cells.values())
    assert match_report(sections, load_forms(), form_min_total=100.0) is None


@pytest.mark.parametrize(
    "columns", [(), ("指标名称", "计量单位", "统计数"), ("姓名", "职务", "电话"), ("2023年", "2024年", "增减")]
)
def test_a_table_of_no_form_matches_none(columns: tuple[str, ...]) -> None:
    values = tuple(PrintedValue("1", n) for n in range(len(columns)))
    rows = tuple(PrintedRow((t,), values) for t in ("主动公开文件数", "受理申请总数", "张三"))
    section = PrintedSection("", tuple(PrintedColumn((c,)) for c in columns), rows, "pdfplumber")
    assert match_report([section], load_forms()) is None
    assert match_report([], load_forms()) is None


def test_a_table_beside_the_form_takes_nothing_from_it() -> None:
    sheet = print_form()
    columns = (PrintedColumn(("序号",)), PrintedColumn(("数量",)))
    foreign = PrintedSection(
        "", columns, (PrintedRow(("公众号推文",), (PrintedValue("1", 0), PrintedValue("9001", 1))),), "pdfplumber"
    )
    matched = read_sections([foreign, *sheet_to_sections(sheet)])
    assert accepted(decide(matched)) == sheet.truth
    assert [r.labels for r in matched.leftovers] == [("公众号推文",)]


def test_lines_with_a_value_too_many_or_too_few_in_a_row_are_for_review() -> None:
    for values in (FOREIGN[:6], [*FOREIGN, "9008"]):
        sheet = print_form()
        row = sheet.row("2.重复申请")
        sheet.forget(row)
        row.values = values
        matched = read_sections(READERS["lines"](sheet))
        assert all("value_count" in r for r in reasons(matched, "requests.not_processed.repeated."))
        assert accepted(decide(matched)) == sheet.truth


def test_values_right_of_the_last_column_are_stray() -> None:
    sections = sheet_to_sections(print_form("gk2021"))
    cut = [replace(s, columns=s.columns[:-1]) for s in sections]

    matched = read_sections(cut)

    assert all("value_beside" in found for found in reasons(matched, "requests.new."))
