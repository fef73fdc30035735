"""Agency names that tell their division, and those that do not."""

from __future__ import annotations

import pytest

from pipeline.regions.divisions import load_divisions
from pipeline.regions.find_region import find_region


@pytest.mark.parametrize(
    ("agency", "year", "code", "rest"),
    [
        ("青岛市市南区财政局", 2023, "370202", "财政局"),
        ("山东省青岛市市南区财政局", 2023, "370202", "财政局"),
        ("山东省 青岛市\n市南区财政局", 2023, "370202", "财政局"),
        ("市南区财政局", 2023, "370202", "财政局"),
        ("北京市朝阳区人民政府", 2020, "110105", "人民政府"),
        ("江苏省沭阳县人民政府", 2020, "321322", "人民政府"),
        ("上海市人民政府办公厅", 2018, "310000", "人民政府办公厅"),
        ("济源市财政局", 2022, "419001", "财政局"),
        ("吉林省吉林市船营区教育局", 2020, "220204", "教育局"),
        ("吉林市财政局", 2020, "220200", "财政局"),
        ("海南省财政厅", 2020, "460000", "财政厅"),
        ("海南藏族自治州共和县教育局", 2020, "632521", "教育局"),
        ("青岛市市场监督管理局", 2020, "370200", "市场监督管理局"),
        ("青岛市城市管理局", 2020, "370200", "城市管理局"),
        ("青岛市乡村振兴局", 2022, "370200", "乡村振兴局"),
    ],
)
def test_a_place_at_the_beginning_is_told(agency: str, year: int, code: str, rest: str) -> None:
    region = find_region(agency, year)

    assert region.division is not None
    assert (region.division.code, region.rest, region.match, region.reason) == (code, rest, "exact", None)


@pytest.mark.parametrize(
    ("agency", "reason"),
    [
        (None, "no_name"),
        (" ", "no_name"),
        ("财政部", "no_place"),
        ("中华人民共和国财政部", "no_place"),
        ("国家税务总局青岛市税务局", "no_place"),
        ("平潭综合实验区财政金融局", "no_place"),
        ("青岛财政局", "no_place"),
        ("朝阳区人民政府", "ambiguous"),
        ("鼓楼区财政局", "ambiguous"),
        ("城区街道办事处", "no_place"),
        ("东区财政局", "no_place"),
    ],
)
def test_what_may_mean_several_places_or_none_stays_open(agency: str | None, reason: str) -> None:
    region = find_region(agency, 2023)

    assert (region.division, region.reason) == (None, reason)


def test_the_codes_that_a_name_may_mean_are_told() -> None:
    assert find_region("朝阳区人民政府", 2023).candidates == ("110105", "220104")


@pytest.mark.parametrize(
    "agency",
    ["广州市天河区石牌街道办事处", "广州市天河区高新区管委会", "广州市天河区某某镇人民政府"],
)
def test_offices_of_places_below_are_within_the_division(agency: str) -> None:
    region = find_region(agency, 2023)

    assert region.division is not None
    assert (region.division.code, region.match) == ("440106", "within")


@pytest.mark.parametrize(
    ("agency", "year", "code"),
    [
        ("青岛市即墨市财政局", 2015, "370282"),
        ("青岛市即墨区财政局", 2020, "370215"),
        ("襄樊市财政局", 2010, "420600"),
        ("襄阳市财政局", 2015, "420600"),
        ("崇文区人民政府", 2009, "110103"),
        ("南通市崇川区人民政府", 2018, "320602"),
        ("南通市崇川区人民政府", 2022, "320613"),
        ("南通市崇川区人民政府", 2026, "320613"),
    ],
)
def test_former_names_and_codes_by_the_year(agency: str, year: int, code: str) -> None:
    division = find_region(agency, year).division

    assert division is not None
    assert division.code == code


def test_a_change_between_two_lists_stays_open() -> None:
    assert find_region("南通市崇川区人民政府", 2019).reason == "ambiguous_in_time"


def test_without_a_year_a_code_that_changed_stays_open() -> None:
    assert find_region("南通市崇川区人民政府", None).reason == "ambiguous_in_time"


def test_a_name_that_was_given_up_long_before_the_year_is_no_place() -> None:
    assert find_region("襄樊市财政局", 2020).reason == "no_place"


def test_a_former_namesake_counts_only_in_its_years() -> None:
    # 邢台's 桥东区 ended in 2020 at the latest, that of 石家庄 in 2014; 张家口 still has one.
    assert find_region("桥东区财政局", 2018).reason == "ambiguous"
    division = find_region("桥东区财政局", 2023).division
    assert division is not None
    assert division.code == "130702"


def test_the_list_is_whole() -> None:
    divisions = load_divisions()
    current = [d for d in divisions.rows if d.last_seen == divisions.newest]

    assert len({(d.code, d.name) for d in divisions.rows}) == len(divisions.rows)
    assert len([d for d in current if d.level == "province"]) == 34
    # 333 prefecture-level units, without the four municipalities.
    assert len([d for d in current if d.level == "city"]) == 333
    assert all(len(d.code) == 6 and d.code.isdigit() for d in divisions.rows)
    codes = {d.code for d in divisions.rows}
    assert [d for d in divisions.rows if d.parent not in codes | {""}] == []
    assert [d for d in divisions.rows if (d.parent == "") != (d.level == "province")] == []
