"""Printed rows against the rows of a table: gaps, extra rows, repeats, rows cut by a page break."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.form import Form, FormTable
from models.reading import Reading
from models.table import PrintedRow, PrintedValue
from pipeline.match.rows import RowMatch, TableMatch, match_table, parents_of
from tests.unit.match.printed_form import Block, Label, Row, Sheet, print_form, sheet_to_sections

# Rows of table three in the 2021 form.
OFFICIAL_ROWS = 25
FOREIGN = ["9001", "9002", "9003", "9004", "9005", "9006", "9007"]


def table_of(form: Form, table_id: str) -> FormTable:
    return next(t for t in form.tables if t.id == table_id)


def match(form: Form, sheet: Sheet, table_id: str = "requests") -> TableMatch:
    kept = Sheet(sheet.form_id, [b for b in sheet.blocks if b.table_id == table_id])
    return match_table(form, table_of(form, table_id), list(enumerate(sheet_to_sections(kept))))


def by_id(found: TableMatch) -> dict[str, RowMatch]:
    return {m.form_row.id: m for m in found.matches}


def values(found: RowMatch) -> list[str]:
    return [v.text for v in found.row.values]


def cut(block: Block, row: Row, at: int, upper: list[str], lower: list[str]) -> None:
    """The row begins on one page with the first ``at`` characters of its label, and ends on the next."""
    leaf = row.labels[-1].text
    tail = [Label(leaf[at:])] if leaf[at:] else []
    rest = Row([*row.labels[:-1], *tail], lower, begins_page=True)
    row.labels, row.values = [*row.labels[:-1], Label(leaf[:at])], upper
    block.rows.insert(block.rows.index(row) + 1, rest)


def test_every_row_of_every_table_is_found(gk2021: Form, gk2019: Form) -> None:
    for form in (gk2021, gk2019):
        for table in form.tables:
            found = match(form, print_form(form.id), table.id)
            wanted = [r.id for b in table.blocks for r in b.rows if r.variant is None]
            assert [m.form_row.id for m in found.matches] == wanted
            assert not found.leftover
            assert not found.repeated
            assert all(m.score == 1.0 and m.margin > 0.12 and not m.may_be_cut for m in found.matches)


def test_parents_are_words_that_are_leaves_nowhere(gk2021: Form, gk2019: Form) -> None:
    # （六）其他处理 is a row of its own in the 2019 form and in a variant of the 2021 form.
    assert {"不予公开", "本年度办理结果", "第二十条第五项"} <= parents_of(gk2021)
    assert "其他处理" not in parents_of(gk2021) | parents_of(gk2019)


def test_an_extra_row_is_left_over(gk2021: Form) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    block.rows.insert(5, Row([Label("其中：网上申请")], FOREIGN))
    found = match(gk2021, sheet)
    assert [row.labels for _, row in found.leftover] == [("其中：网上申请",)]
    assert len(found.matches) == OFFICIAL_ROWS


def test_a_missing_row_is_not_filled_by_its_neighbours(gk2021: Form) -> None:
    sheet = print_form()
    sheet.drop_row(sheet.row("2.重复申请"))
    found = by_id(match(gk2021, sheet))
    assert "not_processed.repeated" not in found
    assert len(found) == OFFICIAL_ROWS - 1


def test_a_row_printed_twice_with_other_values_is_repeated(gk2021: Form) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    block.rows.insert(3, Row([Label(x.text) for x in block.rows[2].labels], FOREIGN))
    found = match(gk2021, sheet)
    assert found.repeated == {"granted"}
    assert len(found.leftover) == 1


def test_a_row_of_words_says_nothing_twice(gk2021: Form) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    words = ["结果", "维持", "结果", "纠正", "其他", "审结", "总il"]
    block.rows.insert(2, Row([Label(x.text) for x in block.rows[2].labels], words))
    found = match(gk2021, sheet)
    assert len(found.leftover) == 1
    assert not found.repeated


def test_a_row_printed_twice_with_the_same_values_is_no_repeat(gk2021: Form) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    block.rows.insert(3, Row(block.rows[2].labels, list(block.rows[2].values)))
    found = match(gk2021, sheet)
    assert not found.repeated
    assert len(found.leftover) == 1


def test_rows_in_another_order_are_left_out_rather_than_crossed(gk2021: Form) -> None:
    sheet = print_form()
    rows = sheet.block("requests").rows
    rows[4], rows[5] = rows[5], rows[4]
    found = match(gk2021, sheet)
    assert len(found.leftover) == 1
    crossed = {"denied.state_secret", "denied.prohibited_by_law"} & set(by_id(found))
    assert len(crossed) == 1
    assert by_id(found)[crossed.pop()].margin < 0.12


def test_a_label_cut_by_the_page_break_is_put_together(gk2021: Form) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    row = sheet.row("5.要求行政机关确认")
    numbers = row.values
    cut(block, row, 9, [""] * 7, list(numbers))
    found = match(gk2021, sheet)
    whole = by_id(found)["not_processed.confirmation"]
    assert whole.score == 1.0
    assert values(whole) == numbers
    assert not found.leftover


def test_a_number_above_the_break_and_half_its_label_below(gk2021: Form) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    row = sheet.row("3.补正后申请")
    numbers = row.values
    cut(block, row, 5, list(numbers), [""] * 7)
    whole = by_id(match(gk2021, sheet))["unavailable.unclear_after_correction"]
    assert values(whole) == numbers
    assert whole.score == 1.0


def test_digits_on_both_sides_of_the_break_are_marked(gk2021: Form) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    row = sheet.row("3.补正后申请")
    cut(block, row, 5, ["1"] * 7, ["2"] * 7)
    whole = by_id(match(gk2021, sheet))["unavailable.unclear_after_correction"]
    assert values(whole) == ["12"] * 7
    assert all("cut_by_page" in v.flags for v in whole.row.values)


@pytest.mark.parametrize(("is_read", "found"), [(True, True), (False, False)])
def test_dirt_in_one_half_of_a_cut_row_of_a_scan_is_no_part_of_its_number(
    gk2021: Form, is_read: bool, found: bool
) -> None:
    sheet = print_form()
    row = sheet.row("3.补正后申请")
    numbers = list(row.values)
    cut(sheet.block("requests"), row, 7, ["", "★", *[""] * 5], numbers)
    readings = (Reading("engine", "★", 0.5),) if is_read else ()
    sections = [
        replace(s, rows=tuple(replace(r, values=_with_readings(r, "★", readings)) for r in s.rows))
        for s in sheet_to_sections(sheet)
        if len(s.rows) >= OFFICIAL_ROWS
    ]
    matches = by_id(match_table(gk2021, table_of(gk2021, "requests"), list(enumerate(sections))))
    row_found = matches["unavailable.unclear_after_correction"]
    assert (values(row_found) == numbers) is found
    assert [n for n, v in enumerate(row_found.row.values) if "cut_by_page" in v.flags] == ([1] if found else [])


def _with_readings(row: PrintedRow, text: str, readings: tuple[Reading, ...]) -> tuple[PrintedValue, ...]:
    return tuple(replace(v, readings=readings) if v.text == text else v for v in row.values)


def test_digits_without_a_label_on_the_next_page_are_marked(gk2021: Form) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    row = sheet.row("2.重复申请")
    cut(block, row, len(row.labels[-1].text), ["1"] * 7, ["", "2", "", "", "", "", ""])
    block.rows[block.rows.index(row) + 1].labels = []
    whole = by_id(match(gk2021, sheet))["not_processed.repeated"]
    assert values(whole) == ["1", "12", "1", "1", "1", "1", "1"]
    assert [n for n, v in enumerate(whole.row.values) if "cut_by_page" in v.flags] == [1]


def test_an_unexplained_row_on_the_next_page_leaves_a_doubt(gk2021: Form) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    row = sheet.row("2.重复申请")
    block.rows.insert(block.rows.index(row) + 1, Row([Label("见附件")], FOREIGN, begins_page=True))
    found = by_id(match(gk2021, sheet))
    assert found["not_processed.repeated"].may_be_cut
    assert not found["not_processed.publication"].may_be_cut


def test_two_rows_at_a_page_break_stay_two(gk2021: Form) -> None:
    sheet = print_form()
    sheet.row("3.要求提供公开出版物").begins_page = True
    found = match(gk2021, sheet)
    assert len(found.matches) == OFFICIAL_ROWS
    assert not any(m.may_be_cut for m in found.matches)


def test_the_header_tells_blocks_with_equal_labels_apart(gk2019: Form) -> None:
    # Without titles, and with 行政强制 printed under 第二十条第（五）项's label as well.
    sheet = print_form("gk2019")
    for block in sheet.blocks:
        block.title = None
    found = match(gk2019, sheet, "proactive")
    assert {m.form_row.id: m.block.id for m in found.matches} == {
        "regulations": "article20_1",
        "normative_documents": "article20_1",
        "licensing": "article20_5",
        "other_services": "article20_5",
        "penalties": "article20_6",
        "coercion": "article20_6",
        "fees": "article20_8",
        "procurement": "article20_9",
    }


def test_rows_under_a_foreign_header_are_not_rows_of_the_table(gk2021: Form) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    for column, word in zip(block.columns, "甲乙丙丁戊己庚", strict=True):
        column.labels = [Label(word)]
    found = match(gk2021, sheet)
    assert not found.matches
    assert len(found.leftover) == OFFICIAL_ROWS


def test_nothing_printed_matches_nothing(gk2021: Form) -> None:
    found = match_table(gk2021, table_of(gk2021, "requests"), [])
    assert (found.matches, found.leftover, found.total) == ((), (), 0.0)


@pytest.mark.parametrize(("reader", "found"), [("scan", True), ("pdfplumber", False)])
def test_a_garbled_row_of_a_scan_is_the_one_missing_in_its_place(gk2021: Form, reader: str, found: bool) -> None:
    sheet = print_form()
    row = sheet.row("1.申请人无正当理由")
    row.labels[-1].text = "1人无正当信心公行"
    sections = [replace(s, reader=reader) for s in sheet_to_sections(sheet) if len(s.rows) >= OFFICIAL_ROWS]
    matches = by_id(match_table(gk2021, table_of(gk2021, "requests"), list(enumerate(sections))))
    assert ("other.correction_overdue" in matches) is found
    if found:
        garbled = matches["other.correction_overdue"]
        assert (values(garbled), garbled.margin) == (row.values, 0.0)
        assert not matches["not_processed.confirmation"].may_be_cut


@pytest.mark.parametrize(("label", "row_id"), [("一、本年新收", "new"), ("四、结转下年度", "carried_out")])
def test_the_ends_of_a_table_bound_a_garbled_row_as_well(gk2021: Form, label: str, row_id: str) -> None:
    sheet = print_form()
    sheet.row(label).labels[-1].text = "天"
    sections = [replace(s, reader="scan") for s in sheet_to_sections(sheet) if len(s.rows) >= OFFICIAL_ROWS]
    matches = by_id(match_table(gk2021, table_of(gk2021, "requests"), list(enumerate(sections))))
    assert (values(matches[row_id]), matches[row_id].margin) == (sheet.row("天").values, 0.0)


def test_a_foreign_row_of_a_scan_is_no_garbled_one(gk2021: Form) -> None:
    sheet = print_form()
    sheet.row("1.申请人无正当理由").labels[-1].text = "合计栏目数"
    sections = [replace(s, reader="scan") for s in sheet_to_sections(sheet) if len(s.rows) >= OFFICIAL_ROWS]
    found = match_table(gk2021, table_of(gk2021, "requests"), list(enumerate(sections)))
    assert "other.correction_overdue" not in by_id(found)


@pytest.mark.parametrize(("labels", "found"), [(("A", "七七[D]"), True), (("网上申请数量", "信函申请数量"), False)])
def test_two_rows_whose_labels_a_stamp_covers_are_those_missing_in_their_place(
    gk2021: Form, labels: tuple[str, str], found: bool
) -> None:
    sheet = print_form()
    covered = [sheet.row("二、上年结转"), sheet.row("（一）予以公开")]
    for row, text in zip(covered, labels, strict=True):
        row.labels[-1].text = text
    sections = [replace(s, reader="scan") for s in sheet_to_sections(sheet) if len(s.rows) >= OFFICIAL_ROWS]
    matches = by_id(match_table(gk2021, table_of(gk2021, "requests"), list(enumerate(sections))))
    assert ({"carried_in", "granted"} <= matches.keys()) is found
    if found:
        assert [values(matches[i]) for i in ("carried_in", "granted")] == [row.values for row in covered]
        assert {matches[i].margin for i in ("carried_in", "granted")} == {0.0}
