"""Dates and years as Chinese documents print them."""

from __future__ import annotations

import pytest

from pipeline.extract.chinese_dates import compact, first_date, is_date_only, parse_year


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024年1月17日", "2024-01-17"),
        ("２０２４ 年 1 月 17 日", "2024-01-17"),
        ("2024年01月07号", "2024-01-07"),
        ("发布日期：2024-01-17 09:12", "2024-01-17"),
        ("2024/1/7", "2024-01-07"),
        ("2024.12.31", "2024-12-31"),
        ("2024-01-17T09:12:00+08:00", "2024-01-17"),
        ("2024-01-1709:12", "2024-01-17"),
        ("二〇二四年一月十七日", "2024-01-17"),
        ("二○二三年十二月三十一日", "2023-12-31"),
        ("二零二二年十月二十日", "2022-10-20"),
        ("2023年2月30日，2024年1月8日", "2024-01-08"),
    ],
)
def test_dates_are_read_in_all_their_forms(text: str, date: str) -> None:
    assert first_date(compact(text)) == date


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024年",
        "2024年1月",
        "2024年13月1日",
        "2024年2月30日",
        "1999年1月1日",
        "12024-01-17",
        "2024-01.17",
        "电话0517-8722-12",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert first_date(compact(text)) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2023", 2023),
        ("二〇二三", 2023),
        ("二零二零", 2020),
        ("二OO八", 2008),
        ("2007", None),
        ("23", None),
        ("二百零三", None),
    ],
)
def test_years(text: str, year: int | None) -> None:
    assert parse_year(text) == year


def test_a_date_alone_is_told_from_a_sentence_with_one() -> None:
    assert is_date_only(compact("2024 年 1 月 17 日"))
    assert not is_date_only("截至2024年1月17日")
    assert not is_date_only("2024年")
