"""Parents against the sums over their units."""

from __future__ import annotations

import pytest

from models.report import Report
from pipeline.rollup.read_units import UnitLine
from pipeline.rollup.roll_up import roll_up
from tests.unit.invented_reports import cell, make_finding, make_report
from tests.unit.rollup.reports import (
    FIELDS,
    NEW,
    OFFICE,
    PARENT,
    UNITS,
    added_up,
    all_reports,
    lines,
    only,
    unit_number,
)

FIRST = FIELDS.index(NEW)


def without(reports: list[tuple[str, Report]], agency: str) -> list[tuple[str, Report]]:
    return [(name, report) for name, report in reports if report.agency != agency]


def test_sums_that_hold() -> None:
    group = added_up()

    assert group.adds_up
    assert (group.year, group.compared, group.equal, group.fields, group.remarks) == (2023, 200, 200, [], [])
    assert [(s.name, s.differ) for s in group.scopes] == [("as_listed", 0)]


def test_a_number_that_differs_is_located() -> None:
    total = sum(unit_number(u, FIRST) for u in range(3))

    group = added_up({PARENT: {NEW: cell(str(total - 7))}})

    (field,) = group.fields
    assert (field.field, field.row, field.column) == (NEW, "requests.new", "total")
    assert (field.parent, field.sum, field.difference) == (str(total - 7), str(total), "-7")
    assert (field.outcome, field.origin, field.explanations) == ("differs", "report", [])
    assert str(total - 7) in field.message.zh
    assert str(total - 7) in field.message.en
    assert not group.adds_up


@pytest.mark.parametrize(("sign", "kind"), [(-1, "left_out"), (1, "counted_twice")])
def test_a_difference_that_is_the_number_of_one_unit(sign: int, kind: str) -> None:
    total = sum(unit_number(u, FIRST) for u in range(3)) + sign * unit_number(1, FIRST)

    (field,) = added_up({PARENT: {NEW: cell(str(total))}}).fields

    assert [(e.kind, e.unit) for e in field.explanations] == [(kind, UNITS[1])]


def test_a_unit_left_out_as_a_whole() -> None:
    reports = without(all_reports(), PARENT)
    sums = {f: cell(str(unit_number(0, i) + unit_number(2, i))) for i, f in enumerate(FIELDS)}

    group = only(roll_up(lines(), [*reports, ("p.json", make_report(PARENT, changes=sums))]))

    assert len(group.fields) == 200
    assert [m.en for m in group.remarks] == [
        f"All differences are the numbers of {UNITS[1]}: the parent probably left it out."
    ]


def test_a_missing_report_is_named_and_the_difference_no_mistake_of_the_agency() -> None:
    group = only(roll_up(lines(), without(all_reports(), UNITS[1])))

    assert [(u.named, u.state) for u in group.units] == [(n, "missing" if n == UNITS[1] else "used") for n in UNITS]
    assert group.remarks[0].zh == f"缺少“{UNITS[1]}”的报告。"
    assert {(f.outcome, f.origin) for f in group.fields} == {("incomplete", "undetermined")}
    field = next(f for f in group.fields if f.field == NEW)
    assert [(d.who, d.why, d.needed) for d in field.doubts] == [(UNITS[1], "missing", str(unit_number(1, FIRST)))]


def test_a_missing_parent() -> None:
    group = only(roll_up(lines(), without(all_reports(), PARENT)))

    assert (group.parent.state, group.compared, group.adds_up) == ("missing", 0, False)
    assert [m.en for m in group.remarks][-1] == "There is no usable report of the parent; nothing is compared."


def test_a_failed_report_is_no_report() -> None:
    reports = without(all_reports(), UNITS[0])

    group = only(roll_up(lines(), [*reports, ("x.json", make_report(UNITS[0], form="unknown", status="failed"))]))

    assert group.units[0].state == "failed"
    assert {d.why for f in group.fields for d in f.doubts} == {"missing"}


def test_a_number_in_review_makes_a_difference_ours() -> None:
    doubtful = cell("999999", decision="review", confidence=0.5)

    group = added_up({UNITS[0]: {NEW: doubtful}})

    (field,) = group.fields
    assert (field.outcome, field.origin) == ("in_review", "reading")
    (doubt,) = field.doubts
    assert (doubt.who, doubt.why, doubt.value, doubt.needed) == (
        UNITS[0],
        "in_review",
        "999999",
        str(unit_number(0, FIRST)),
    )
    assert group.units[0].in_review == 1


def test_the_parents_own_number_in_review() -> None:
    total = sum(unit_number(u, FIRST) for u in range(3))

    (field,) = added_up({PARENT: {NEW: cell("1", decision="review", confidence=0.5)}}).fields

    assert (field.outcome, field.origin, field.doubts[0].needed) == ("in_review", "reading", str(total))


def test_a_number_in_review_that_adds_up_is_no_difference() -> None:
    right = cell(str(unit_number(0, FIRST)), decision="review", confidence=0.5)

    assert added_up({UNITS[0]: {NEW: right}}).adds_up


def test_a_blank_counts_as_nothing_and_is_named_where_the_sum_fails() -> None:
    group = added_up({UNITS[0]: {NEW: cell(None, "blank")}})

    (field,) = group.fields
    assert field.difference == str(unit_number(0, FIRST))
    assert [(d.why, d.needed) for d in field.doubts] == [("blank", str(unit_number(0, FIRST)))]
    # The parent is larger, and its own office is not among the results.
    assert (field.outcome, field.origin) == ("differs", "undetermined")


def test_blanks_everywhere_add_up() -> None:
    blank = {NEW: cell(None, "blank")}

    assert added_up(dict.fromkeys((*UNITS, PARENT), blank)).adds_up


def test_words_in_the_cell_of_the_parent_are_not_compared() -> None:
    (field,) = added_up({PARENT: {NEW: cell(None, "text", printed="见附件")}}).fields

    assert (field.outcome, field.difference, field.origin) == ("not_compared", None, None)


def test_whose_own_sums_fail_at_the_field_is_told() -> None:
    reports = all_reports({PARENT: {NEW: cell("1")}})
    finding = make_finding([NEW], rule="requests.new")
    reports = [(n, r.model_copy(update={"findings": [finding]}) if r.agency == PARENT else r) for n, r in reports]

    (field,) = only(roll_up(lines(), reports)).fields

    assert field.broken_in == [PARENT]


def test_the_parents_own_office_is_tried_where_its_report_is_there() -> None:
    office = {f: cell("3") for f in FIELDS}
    reports = without(all_reports(), PARENT)
    sums = {f: cell(str(sum(unit_number(u, i) for u in range(3)) + 3)) for i, f in enumerate(FIELDS)}
    reports += [("o.json", make_report(OFFICE, changes=office)), ("p.json", make_report(PARENT, changes=sums))]

    group = only(roll_up(lines(), reports))

    assert group.adds_up
    assert [(s.name, s.differ, s.chosen) for s in group.scopes] == [
        ("as_listed", 200, False),
        ("with_office", 0, True),
    ]


def test_an_office_that_is_listed_is_tried_without() -> None:
    reports = [*all_reports(), ("o.json", make_report(OFFICE, changes={f: cell("3") for f in FIELDS}))]

    group = only(roll_up(lines([*UNITS, OFFICE]), reports))

    assert [(s.name, s.differ, s.chosen) for s in group.scopes] == [
        ("as_listed", 200, False),
        ("without_office", 0, True),
    ]


def test_without_a_report_of_the_office_larger_parents_are_undetermined() -> None:
    total = sum(unit_number(u, FIRST) for u in range(3))

    group = added_up({PARENT: {NEW: cell(str(total + 5))}})

    assert [f.origin for f in group.fields] == ["undetermined"]
    assert "own office" in group.remarks[-1].en


def test_a_merged_row_is_compared_with_the_rows_that_it_replaces() -> None:
    parts = [f"requests.other.{r}.total" for r in ("correction_overdue", "fee_overdue", "other")]
    absent = {
        f"requests.other.{r}.{c}": cell(None, "absent")
        for r in ("correction_overdue", "fee_overdue", "other")
        for c in ("natural_person", "total")
    }
    wanted = str(sum(unit_number(0, FIELDS.index(p)) for p in parts))
    people = str(sum(unit_number(0, FIELDS.index(p.replace("total", "natural_person"))) for p in parts))
    merged = {"requests.other_handling.total": cell(wanted), "requests.other_handling.natural_person": cell(people)}

    group = added_up({UNITS[0]: {**absent, **merged}})

    assert [f.field for f in group.fields] == []
    assert group.compared == 200 - 3 * 7 + 7


def test_several_reports_of_one_unit_are_named_and_the_newest_counts() -> None:
    reports = all_reports()
    old = make_report(UNITS[0], changes={f: cell("5") for f in FIELDS}, file="old.pdf", published="2024-01-01")
    reports = [(n, r.model_copy(update={"published": "2024-02-01"}) if r.agency == UNITS[0] else r) for n, r in reports]

    group = only(roll_up(lines(), [("old.json", old), *reports]))

    assert group.adds_up
    assert "old.pdf" in group.remarks[0].en


def test_units_listed_twice_count_once_and_are_named() -> None:
    twice = [*lines(), UnitLine(PARENT, UNITS[0], None, 9), UnitLine(PARENT, f"山东省{UNITS[1]}", None, 10)]

    result = roll_up(twice, all_reports())

    assert only(result).compared == only(result).equal == 200
    assert result.remarks[0].en.startswith("Line 9 of the list repeats line 2")
    assert "mean one report" in only(result).remarks[0].en


def test_codes_file_names_and_check_sums_mean_reports() -> None:
    reports = all_reports()
    sha256 = reports[2][1].source.sha256
    named = [UnitLine("370202", n, None, 2) for n in (f"{UNITS[0]}-2023.pdf", f"{UNITS[1]}.json", sha256[:12])]

    group = only(roll_up(named, reports))

    assert (group.parent.agency, group.adds_up) == (PARENT, True)


def test_a_name_that_fits_two_agencies_is_not_taken() -> None:
    one = make_report("北京市朝阳区财政局", file="a.pdf")
    other = make_report("长春市朝阳区财政局", file="b.pdf")
    listed = [UnitLine(PARENT, "朝阳区财政局", None, 2)]

    group = only(roll_up(listed, [*all_reports(), ("a.json", one), ("b.json", other)]))

    assert group.units[0].state == "missing"
    assert "fits several agencies" in group.remarks[0].en


def test_years_come_from_the_list_or_from_the_reports() -> None:
    next_year = [(f"n{n}", r.model_copy(update={"year": 2024})) for n, r in all_reports()]

    assert [g.year for g in roll_up(lines(), [*all_reports(), *next_year]).groups] == [2023, 2024]
    assert [g.year for g in roll_up(lines(year=2024), [*all_reports(), *next_year]).groups] == [2024]
    assert [g.year for g in roll_up(lines(), []).groups] == [None]


def test_other_forms_are_compared_in_what_both_have() -> None:
    reports = without(all_reports(), UNITS[0])
    old = make_report(UNITS[0], form="gk2019")

    group = only(roll_up(lines(), [*reports, ("x.json", old)]))

    assert "another form (gk2019)" in group.remarks[0].en
    whys = {d.why for f in group.fields if f.field.startswith("proactive.") for d in f.doubts}
    assert "absent" in whys


@pytest.mark.parametrize("spelled", [f" {PARENT[:2]}　{PARENT[2:]}", "parent.json"])
def test_a_parent_named_in_two_ways_is_one(spelled: str) -> None:
    reports = [("parent.json" if report.agency == PARENT else name, report) for name, report in all_reports()]
    first, *others = UNITS
    listed = [UnitLine(PARENT, first, None, 2), *(UnitLine(spelled, unit, None, 3) for unit in others)]

    group = only(roll_up(listed, reports))

    assert (group.parent.named, [u.named for u in group.units]) == (PARENT, [*UNITS])
    assert group.adds_up


def test_a_parent_without_a_report_is_one_however_it_is_spelled() -> None:
    listed = [UnitLine("某某局（本级）", UNITS[0], 2023, 2), UnitLine("某某局(本级)", UNITS[1], 2023, 3)]

    assert len(only(roll_up(listed, all_reports())).units) == 2
