"""Prints that look like the form and are not: numbers that once were, or could be, accepted for another field."""

from __future__ import annotations

import pytest

from models.report import FieldValue
from models.table import PrintedSection
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
readers = pytest.mark.parametrize("reader", READERS)


def read(sheet: Sheet, reader: str) -> dict[str, FieldValue]:
    sections: list[PrintedSection] = READERS[reader](sheet)
    return decide(read_sections(sections))


def moved(n: int, stop: int, to: int) -> list[int]:
    """The order of ``stop`` columns with column ``n`` moved to place ``to``."""
    order = list(range(stop))
    order.insert(to, order.pop(n))
    return order


@readers
@pytest.mark.parametrize(("column", "to"), [(6, 0), (0, 6), (6, 1), (3, 5)])
def test_a_column_moved_with_its_header(reader: str, column: int, to: int) -> None:
    sheet = print_form()
    sheet.block("requests").order_columns(moved(column, 7, to))
    assert not wrong_fields(sheet, read(sheet, reader))


@readers
def test_two_distant_columns_that_have_changed_places(reader: str) -> None:
    sheet = print_form()
    sheet.block("requests").swap_columns(4, 6)
    assert not wrong_fields(sheet, read(sheet, reader))


@readers
@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_foreign_column_that_keeps_the_number_of_columns(reader: str, place: int) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    gone = {row.values[2] for row in block.rows}
    block.drop_column(2)
    block.add_column(place, "境外机构", [str(9001 + n) for n in range(len(block.rows))])
    sheet.truth = {i: v for i, v in sheet.truth.items() if v not in gone}
    assert not wrong_fields(sheet, read(sheet, reader))


@readers
@pytest.mark.parametrize(("first", "second"), [(0, 5), (5, 10), (0, 10)])
def test_groups_of_equal_columns_that_have_changed_places(reader: str, first: int, second: int) -> None:
    sheet = print_form()
    order = list(range(15))
    order[first : first + 5], order[second : second + 5] = order[second : second + 5], order[first : first + 5]
    sheet.block("disputes").order_columns(order)
    assert not wrong_fields(sheet, read(sheet, reader))


@readers
@pytest.mark.parametrize("label", ["（六）其他", "（六） 其 他", "六、其他", "（六）其他情况"])
def test_the_merged_row_with_characters_missing_is_not_the_row_below_it(reader: str, label: str) -> None:
    sheet = print_form(merged=True)
    sheet.row("（六）其他处理").labels[-1].text = label
    assert not wrong_fields(sheet, read(sheet, reader))


@readers
def test_the_merged_row_called_others_without_number_is_not_the_row_below_it(reader: str) -> None:
    sheet = print_form(merged=True)
    sheet.row("（六）其他处理").labels[-1].text = "其他"
    assert not wrong_fields(sheet, read(sheet, reader))


@readers
def test_a_row_with_a_damaged_label_and_a_better_one_that_is_not_it(reader: str) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    row = sheet.row("7.属于行政执法案卷")
    again = Row([*row.labels[:2], Label("7.属于行政执法案卷")], FOREIGN)
    row.labels[-1].text = "7.属于行囗执法案"
    block.rows.insert(block.rows.index(row) + 1, again)
    assert not wrong_fields(sheet, read(sheet, reader))


@readers
def test_a_short_row_with_a_damaged_label_and_a_better_one_that_is_not_it(reader: str) -> None:
    sheet = print_form()
    block = sheet.block("proactive", 2)
    block.rows.append(Row([Label("行政强制")], ["9001"]))
    block.rows[1].labels[-1].text = "行政弦制"
    assert not wrong_fields(sheet, read(sheet, reader))


@readers
@pytest.mark.parametrize("added", ["（八）其他", "3.其他", "其他"])
def test_another_row_called_others(reader: str, added: str) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    sheet.row("3.其他").labels[-1].text = "3.具他"
    total = sheet.row("（七）总计")
    block.rows.insert(block.rows.index(total) + 1, Row([total.labels[0], Label(added)], FOREIGN))
    assert not wrong_fields(sheet, read(sheet, reader))


@readers
@pytest.mark.parametrize("added", ["9.其他", "6.其他", "小计"])
@pytest.mark.parametrize("missing", ["3.其他", "（七）总计"])
def test_a_row_of_another_group_does_not_stand_in_for_a_missing_one(reader: str, added: str, missing: str) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    sheet.drop_row(sheet.row(missing))
    for before in ("8.属于行政查询事项", "5.要求行政机关确认"):
        row = sheet.row(before)
        block.rows.insert(block.rows.index(row) + 1, Row([*row.labels[:2], Label(added)], FOREIGN))
        assert not wrong_fields(sheet, read(sheet, reader))


@pytest.mark.parametrize("at", [0, 1, 2, 6])
@pytest.mark.parametrize("numbers_above", [True, False])
@pytest.mark.parametrize("label", ["2.重复申请", "（七）总计", "1.属于国家秘密", "四、结转下年度继续办理"])
def test_a_row_cut_by_the_page_break_at_any_place(label: str, at: int, numbers_above: bool) -> None:
    sheet = print_form()
    block = sheet.block("requests")
    row = sheet.row(label)
    blank = [""] * 7
    upper, lower = (row.values, blank) if numbers_above else (blank, row.values)
    rest = Row([*row.labels[:-1], Label(label[at:])], list(lower), begins_page=True)
    row.labels, row.values = [*row.labels[:-1], Label(label[:at])], list(upper)
    block.rows.insert(block.rows.index(row) + 1, rest)
    fields = decide(read_sections(sheet_to_sections(sheet)))
    assert not wrong_fields(sheet, fields)
    assert len(accepted(fields)) >= 193


@pytest.mark.parametrize("added", ["其中：网上申请", "备注", "其中：重复"])
def test_lines_of_a_row_without_values_before_an_added_row(added: str) -> None:
    # Blank cells leave no line, so the two labels run together.
    sheet = print_form()
    block = sheet.block("requests")
    row = sheet.row("（二）部分公开")
    sheet.forget(row)
    row.values = [""] * 7
    block.rows.insert(block.rows.index(row) + 1, Row([Label(added)], FOREIGN))
    assert not wrong_fields(sheet, read(sheet, "lines"))
