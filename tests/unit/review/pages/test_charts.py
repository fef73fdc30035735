from __future__ import annotations

import datetime as dt

from models.finding import Message
from pipeline.review.dashboard import AGENCY_FIELDS, AgencyYear, DayFigures, HeatCell, HeatMap, RuleShare
from pipeline.review.pages import charts
from pipeline.review.pages.site import Visit
from pipeline.review.people import Person

VISIT = Visit(Person(1, "li", "", "reviewer", must_change=False, active=True), "en", "")
EVIL = "<img src=x onerror=alert(1)>"
DAYS = [DayFigures(dt.date(2024, 1, 30), 2, 400, 10, 3), DayFigures(dt.date(2024, 1, 31), 0, 0, 0, 7)]


def name(text: str) -> Message:
    return Message(zh=text, en=text)


def agency(year: int, value: str | None, called: str = "A") -> AgencyYear:
    return AgencyYear(1, called, year, "done", 0, {AGENCY_FIELDS[0]: value})


def series(options: charts.Options) -> list[object]:
    return [one["data"] for one in options["series"]]  # type: ignore[attr-defined]


def test_load_and_accept_rate_by_day() -> None:
    assert series(charts.review_load(DAYS, VISIT)) == [[2, 0], [10, 0], [3, 7]]
    # A day on which nothing was read has no rate.
    assert series(charts.accept_rate(DAYS, VISIT)) == [[97.5]]


def test_the_rule_broken_most_often_is_on_top() -> None:
    rules = [RuleShare("a", name("first"), 9, 5), RuleShare("b", name("second"), 2, 1)]

    options = charts.broken_rules(rules, VISIT)

    assert series(options) == [[1, 5]]
    assert options["yAxis"]["data"] == ["second", "first"]  # type: ignore[index]


def test_heat_is_the_share_of_reports() -> None:
    cell = HeatCell("f", name("r"), name("c"), 1, 8)
    unseen = HeatCell("g", name("r"), name("d"), 0, 0)
    heat = HeatMap(
        "gk2021", "requests", name("t"), (name("r"),), (name("c"), name("d")), ((0, 0, cell), (0, 1, unseen))
    )

    assert series(charts.doubt_heat(heat, VISIT)) == [[[0, 0, 12.5], [1, 0, 0]]]


def test_agencies_over_years_and_side_by_side() -> None:
    reports = [agency(2023, "5"), agency(2022, None), agency(2023, "7", "B"), agency(2023, "no number", "C")]

    assert series(charts.agency_over_years(reports[:2], AGENCY_FIELDS))[0] == [None, 5.0]
    assert series(charts.agencies_in_year(reports, AGENCY_FIELDS[0])) == [[5.0, 7.0]]


def test_tips_are_text_not_markup() -> None:
    rules = [RuleShare("a", name(EVIL), 1, 1)]
    for options in (
        charts.review_load(DAYS, VISIT),
        charts.broken_rules(rules, VISIT),
        charts.agencies_in_year([agency(2023, "5", EVIL)], AGENCY_FIELDS[0]),
    ):
        assert options["tooltip"]["renderMode"] == "richText"  # type: ignore[index]
