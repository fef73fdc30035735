"""Titles: found among lines and metadata, taken apart into agency and year."""

from __future__ import annotations

import pytest

from pipeline.extract.report_title import find_title, is_body, parse_title


@pytest.mark.parametrize(
    ("text", "agency", "year"),
    [
        ("某县发展和改革局2023年政府信息公开工作年度报告", "某县发展和改革局", 2023),
        ("某县发展和改革局 2023 年度政府信息公开年度报告", "某县发展和改革局", 2023),
        ("2023年某市人民政府办公室政府信息公开工作年度报告", "某市人民政府办公室", 2023),
        ("某局关于2022年度政府信息公开工作的年度报告", "某局", 2022),
        ("某镇政府信息公开工作年度报告（2021年）", "某镇", 2021),
        ("某市人民政府信息公开工作年度报告（2021年度）", "某市人民政府", 2021),
        ("某局二〇二二年政府信息公开工作年度报告", "某局", 2022),
        ("某局２０２３年度政府信息公开年报", "某局", 2023),
        ("标题：某局2023年政务公开工作年度报告", "某局", 2023),
        ("《某局2023年政府信息公开工作年度报告》", "某局", 2023),
        ("2023年政府信息公开工作年度报告", None, 2023),
        ("政府信息公开工作年度报告", None, None),
        ("某局政府信息公开工作年度报告", "某局", None),
        ("平潭综合实验区2019年度政府信息公开工作年度报告", "平潭综合实验区", 2019),
    ],
)
def test_titles_are_taken_apart(text: str, agency: str | None, year: int | None) -> None:
    title = parse_title(text)
    assert title is not None
    assert (title.agency, title.year) == (agency, year)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "一、总体情况",
        "政府信息公开指南",
        "政府信息公开报告",
        "根据《中华人民共和国政府信息公开条例》，现公布2018年度政府信息公开年度报告。",
        "本报告为某局2023年政府信息公开工作年度报告",
        "某" * 90 + "2023年政府信息公开工作年度报告",
    ],
)
def test_what_is_no_title_is_none(text: str) -> None:
    assert parse_title(text) is None


def test_a_title_over_two_or_three_lines_is_joined() -> None:
    for lines in (
        ["某市某区人民政府", "2024 年政府信息公开工作年度报告", "本报告由"],
        ["某市某区人民政府", "2024 年政府信息公开工作", "年度报告"],
        ["某市某区人民政府2024年政府信", "息公开工作年度报告"],
    ):
        title = find_title(lines, [])
        assert title is not None
        assert (title.agency, title.year) == ("某市某区人民政府", 2024)


def test_a_line_above_that_is_no_body_does_not_become_the_agency() -> None:
    title = find_title(["正文", "2024年政府信息公开工作年度报告"], [])
    assert title is not None
    assert (title.agency, title.year) == (None, 2024)


def test_the_more_complete_title_wins_and_the_printed_one_among_equals() -> None:
    short, stated = "2023年政府信息公开工作年度报告", "某局2023年政府信息公开工作年度报告"
    found = find_title([short], [stated])
    assert found is not None
    assert found.agency == "某局"
    found = find_title(["甲局2023年政府信息公开工作年度报告"], ["乙局2022年政府信息公开工作年度报告"])
    assert found is not None
    assert (found.agency, found.year) == ("甲局", 2023)


def test_a_title_is_found_in_the_path_of_a_page_and_before_glued_text() -> None:
    title = "某局2023年政府信息公开工作年度报告"
    for line in (
        f"首页 > 年报 > {title}",
        f"{title}_某县人民政府",
        f"{title}-某县某局",
        f"{title}一、总体情况2023年，",
    ):
        found = find_title([line], [])
        assert found is not None
        assert found.text == title


def test_without_a_title_there_is_none() -> None:
    assert find_title(["一、总体情况", "本局认真贯彻条例。"], ["某局网站"]) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("某县人民政府办公室", True),
        ("某区管委会", True),
        ("国家税务总局某市税务局(本级)", True),
        ("政府信息公开", False),
        ("根据上级要求，某局", False),
        ("本报告由某局", False),
        ("首页", False),
    ],
)
def test_names_of_bodies_are_told_from_sentences(name: str, *, expected: bool) -> None:
    assert is_body(name) is expected
