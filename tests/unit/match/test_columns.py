"""Printed headers against the columns of a block."""

from __future__ import annotations

from dataclasses import replace

from models.form import Form, FormBlock
from models.reading import Reading
from models.table import PrintedColumn, PrintedRow, PrintedSection, PrintedValue
from pipeline.match.columns import ColumnMap, section_to_columns


def header(*paths: tuple[str, ...], reading_order: bool = False) -> PrintedSection:
    return PrintedSection("", tuple(PrintedColumn(p) for p in paths), (), "test", header_in_reading_order=reading_order)


def official(block: FormBlock) -> list[tuple[str, ...]]:
    return [c.label for c in block.columns]


def found(columns: ColumnMap, block: FormBlock) -> dict[str, int]:
    """Column id -> index of the printed column."""
    return {block.columns[m.target].id: m.printed for m in columns.matches}


def test_the_official_header_is_its_own(gk2021: Form, gk2019: Form) -> None:
    for form in (gk2021, gk2019):
        for block in form.block_of.values():
            columns = section_to_columns(header(*official(block)), block)
            assert [(m.printed, m.target) for m in columns.matches] == [(n, n) for n in range(len(block.columns))]
            assert {m.score for m in columns.matches} == {1.0}
            assert min(m.margin for m in columns.matches) >= 0.1
            assert columns.quality == 1.0


def test_leaves_alone_are_enough_where_they_differ(requests_block: FormBlock) -> None:
    columns = section_to_columns(header(*((p[-1],) for p in official(requests_block))), requests_block)
    assert len(columns.matches) == 7
    assert columns.quality == 1.0


def test_groups_of_equal_leaves_without_parents_follow_the_order(gk2021: Form) -> None:
    block = gk2021.block_of["disputes"]
    columns = section_to_columns(header(*((p[-1],) for p in official(block))), block)
    assert [(m.printed, m.target) for m in columns.matches] == [(n, n) for n in range(15)]


def test_with_a_group_missing_the_parents_tell_which_groups_are_there(gk2021: Form) -> None:
    block = gk2021.block_of["disputes"]
    printed = official(block)[:5] + official(block)[10:]
    columns = section_to_columns(header(*printed), block)
    assert [(m.printed, m.target) for m in columns.matches] == [
        *((n, n) for n in range(5)),
        *((n, n + 5) for n in range(5, 10)),
    ]


def test_with_a_group_missing_and_no_parents_some_columns_have_no_margin(gk2021: Form) -> None:
    block = gk2021.block_of["disputes"]
    printed = [(p[-1],) for p in official(block)[:10]]
    columns = section_to_columns(header(*printed), block)
    assert all(m.margin < 0.1 for m in columns.matches)


def test_a_missing_column_leaves_the_others_in_place(requests_block: FormBlock) -> None:
    printed = official(requests_block)
    del printed[2]
    columns = section_to_columns(header(*printed), requests_block)
    assert found(columns, requests_block) == {
        "natural_person": 0,
        "commercial_enterprise": 1,
        "social_organization": 2,
        "legal_service": 3,
        "other": 4,
        "total": 5,
    }
    assert columns.quality < 1.0


def test_an_extra_column_belongs_to_nothing(requests_block: FormBlock) -> None:
    printed = official(requests_block)
    printed.insert(6, ("申请人情况", "境外媒体"))
    columns = section_to_columns(header(*printed), requests_block)
    assert found(columns, requests_block)["total"] == 7
    assert 6 not in found(columns, requests_block).values()


def test_the_same_header_twice_leaves_no_margin(requests_block: FormBlock) -> None:
    printed = official(requests_block)
    printed.append(printed[-1])
    columns = section_to_columns(header(*printed), requests_block)
    assert columns.by_target()[6].margin == 0.0
    assert all(m.margin >= 0.1 for m in columns.matches if m.target != 6)


def test_columns_in_another_order_are_not_counted_through(requests_block: FormBlock) -> None:
    printed = official(requests_block)
    printed.insert(0, printed.pop())
    columns = section_to_columns(header(*printed), requests_block)
    assert found(columns, requests_block) == {c.id: n + 1 for n, c in enumerate(requests_block.columns[:-1])}


def test_a_column_without_header_among_others_is_open(requests_block: FormBlock) -> None:
    printed = official(requests_block)
    printed[3] = ()
    columns = section_to_columns(header(*printed), requests_block)
    assert 3 not in columns.by_target()
    assert len(columns.matches) == 6


def test_on_a_scan_its_place_tells_a_column_whose_header_is_lost(requests_block: FormBlock) -> None:
    printed = official(requests_block)
    printed[0] = ()
    # Read by word positions; only the readings of its numbers say that it is a scan.
    number = PrintedValue("3", 0, readings=(Reading("engine", "3", 1.0),))
    section = replace(header(*printed), rows=(PrintedRow(("label",), (number,)),))
    by_place = [(m.printed, m.target) for m in section_to_columns(section, requests_block).matches if m.by_place]
    assert by_place == [(0, 0)]
    assert not [m for m in section_to_columns(header(*printed), requests_block).matches if m.by_place]


def test_without_any_header_the_position_is_a_suggestion_only(requests_block: FormBlock) -> None:
    columns = section_to_columns(header(*[()] * 7), requests_block)
    assert [(m.printed, m.target, m.score, m.margin) for m in columns.matches] == [(n, n, 0.0, 0.0) for n in range(7)]
    assert columns.quality == 0.0


def test_without_any_header_another_number_of_columns_says_nothing(requests_block: FormBlock) -> None:
    for width in (6, 8):
        columns = section_to_columns(header(*[()] * width), requests_block)
        assert columns == ColumnMap((), 0.0)


def test_a_foreign_header_has_no_quality(requests_block: FormBlock) -> None:
    columns = section_to_columns(header(("姓名",), ("职务",), ("电话",)), requests_block)
    assert columns == ColumnMap((), 0.0)


def test_the_header_of_the_other_form_fits_its_own_form_better(gk2021: Form, gk2019: Form) -> None:
    for own, other in ((gk2021, gk2019), (gk2019, gk2021)):
        section = header(*official(own.block_of["article20_1"]))
        at_home = section_to_columns(section, own.block_of["article20_1"]).quality
        assert at_home - section_to_columns(section, other.block_of["article20_1"]).quality > 0.25


def test_header_words_in_reading_order_give_the_order_of_the_values(requests_block: FormBlock) -> None:
    words = [
        "申请人情况",
        "自然人",
        "法人或其他组织",
        "总计",
        "商业企业",
        "科研机构",
        "社会公益组织",
        "法律服务机构",
        "其他",
    ]
    columns = section_to_columns(header(*((w,) for w in words), reading_order=True), requests_block)
    assert [(m.printed, m.target) for m in columns.matches] == [(n, n) for n in range(7)]
    assert columns.quality == 1.0


def test_header_words_in_reading_order_with_a_word_missing_leave_its_column_open(requests_block: FormBlock) -> None:
    words = ["申请人情况", "自然人", "法人或其他组织", "总计", "商业企业", "社会公益组织", "法律服务机构", "其他"]
    columns = section_to_columns(header(*((w,) for w in words), reading_order=True), requests_block)
    assert 2 not in columns.by_target()
    assert columns.quality < 1.0


def test_no_header_words_say_nothing(requests_block: FormBlock) -> None:
    assert section_to_columns(header(reading_order=True), requests_block) == ColumnMap((), 0.0)
