from __future__ import annotations

import pytest

from models.report import FieldValue
from pipeline.check.year_pairs import Prior, YearPool, find_prior
from pipeline.check.year_report import YearReport

AGENCY = "青石县人民政府"
TOTAL = "requests.carried_out.total"


def report(
    year: int | None, agency: str | None = AGENCY, *, name: str = "", published: str | None = None, total: str = "1"
) -> YearReport:
    file = name or f"{agency}-{year}.pdf"
    value = FieldValue(value=total, printed=total, kind="number", decision="accept", confidence=1.0)
    return YearReport(file, file, agency, year, "gk2021", published, {TOTAL: value})


def find(subject: YearReport, pool: list[YearReport], *, named: bool) -> Prior:
    return find_prior(subject, YearPool(named=pool) if named else YearPool(beside=pool))


@pytest.mark.parametrize("named", [False, True])
def test_the_year_before_of_the_same_agency_is_found_and_nothing_said(named: bool) -> None:
    subject, prior = report(2023), report(2022)
    pool = [report(2021), report(2022, "青石县教育局"), subject, prior, report(2024)]
    found = find(subject, pool, named=named)
    assert (found.report, found.remarks) == (prior, ())


def test_reports_that_merely_lie_beside_are_no_news() -> None:
    subject = report(2023)
    for pool in ([], [subject], [report(2022, "青石县教育局"), report(2022, None)], [report(2024)]):
        found = find(subject, pool, named=False)
        assert (found.report, found.remarks) == (None, ())


def test_a_named_report_of_another_agency_is_told_and_not_compared() -> None:
    found = find(report(2023), [report(2022, "青石县教育局", name="b.pdf"), report(2022, None)], named=True)
    (remark,) = found.remarks
    assert found.report is None
    assert (remark.rule, remark.severity) == ("years.other_agency", "info")
    assert all(word in remark.message.zh for word in (AGENCY, "b.pdf（青石县教育局）", "机关不明"))
    assert "b.pdf (青石县教育局)" in remark.message.en


@pytest.mark.parametrize(("subject", "word"), [(report(None), "year"), (report(2023, None), "agency")])
def test_a_report_of_an_unknown_year_or_agency_is_not_compared(subject: YearReport, word: str) -> None:
    found = find(subject, [report(2022)], named=True)
    assert found.report is None
    assert [r.rule for r in found.remarks] == ["years.not_compared"]
    assert f"The {word} of this report is not known" in found.remarks[0].message.en
    assert find(subject, [report(2022)], named=False).remarks == ()


def test_the_same_file_is_no_report_of_another_year() -> None:
    found = find(report(2023), [report(2023)], named=True)
    assert found.report is None
    assert [r.rule for r in found.remarks] == ["years.not_compared"]


@pytest.mark.parametrize("named", [False, True])
def test_a_gap_between_years_is_told(named: bool) -> None:
    found = find(report(2023), [report(2020), report(2021)], named=named)
    assert found.report is None
    assert [r.rule for r in found.remarks] == ["years.missing_year"]
    assert "2022 年" in found.remarks[0].message.zh
    assert "2020, 2021" in found.remarks[0].message.en


def test_later_years_leave_no_gap_unless_somebody_named_them() -> None:
    assert find(report(2023), [report(2024)], named=False).remarks == ()
    assert [r.rule for r in find(report(2023), [report(2024)], named=True).remarks] == ["years.missing_year"]


def test_of_two_versions_the_newest_counts() -> None:
    old = report(2022, name="old.pdf", published="2023-01-10", total="1")
    new = report(2022, name="new.pdf", published="2023-03-02", total="2")
    undated = report(2022, name="undated.pdf", total="3")
    for pool in ([old, new, undated], [undated, new, old]):
        found = find(report(2023), pool, named=True)
        (remark,) = found.remarks
        assert found.report is new
        assert (remark.rule, remark.severity) == ("years.doubled", "info")
        assert "new.pdf" in remark.message.zh
        assert "published last, on 2023-03-02" in remark.message.en


def test_versions_without_dates_count_where_their_numbers_are_the_same() -> None:
    one, other = report(2022, name="a.pdf"), report(2022, name="b.pdf")
    found = find(report(2023), [one, other], named=True)
    assert found.report is one
    assert "their numbers are the same" in found.remarks[0].message.en


def test_versions_that_cannot_be_told_apart_are_not_compared() -> None:
    found = find(report(2023), [report(2022, name="a", total="1"), report(2022, name="b", total="2")], named=True)
    assert found.report is None
    assert [r.rule for r in found.remarks] == ["years.doubled"]
    assert "nothing was compared" in found.remarks[0].message.en


def test_one_file_given_twice_is_one_report() -> None:
    prior = report(2022)
    found = find(report(2023), [prior, prior], named=True)
    assert (found.report, found.remarks) == (prior, ())


def test_another_version_of_the_report_itself_is_told() -> None:
    found = find(report(2023), [report(2023, name="twin.pdf"), report(2022)], named=False)
    assert found.report is not None
    assert [r.rule for r in found.remarks] == ["years.doubled"]
    assert "twin.pdf" in found.remarks[0].message.en


def test_a_longer_name_of_the_agency_fits() -> None:
    subject, prior = report(2023, "洪泽区人民政府"), report(2022, "淮安市洪泽区人民政府")
    assert find(subject, [prior], named=False).report is prior


def test_a_short_name_that_fits_two_agencies_fits_none() -> None:
    pool = [report(2022, "南京市鼓楼区人民政府"), report(2022, "福州市鼓楼区人民政府")]
    assert find(report(2023, "鼓楼区人民政府"), pool, named=False).report is None
    assert find(report(2023, "南京市鼓楼区人民政府"), pool, named=False).report is pool[0]
    short = report(2022, "鼓楼区人民政府")
    assert find(report(2023, "南京市鼓楼区人民政府"), [short, pool[1]], named=False).report is None
    own = report(2022, "鼓楼区人民政府")
    assert find(report(2023, "鼓楼区人民政府"), [*pool, own], named=False).report is own


def test_reports_beside_are_not_told_as_named() -> None:
    found = find_prior(
        report(2023), YearPool(named=[report(2022, "青石县教育局")], beside=[report(2022, "青石县水利局")])
    )
    assert "教育局" in found.remarks[0].message.zh
    assert "水利局" not in found.remarks[0].message.zh


def test_a_report_beside_serves_where_the_named_ones_do_not() -> None:
    sibling = report(2022)
    found = find_prior(report(2023), YearPool(named=[report(2022, "青石县教育局")], beside=[sibling]))
    assert (found.report, found.remarks) == (sibling, ())
