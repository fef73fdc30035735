from __future__ import annotations

import pytest

from models.chinese_numbers import parse_chinese_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("零", 0), ("〇", 0), ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105)),
        *(("一百二十三", 123), ("两千零五", 2005), ("一千零五十", 1050), ("一万两千三百", 12300), ("一万零三", 10003)),
        *(("二〇二三", 2023), ("三千万", 30_000_000), ("一亿零一", 100_000_001)),
    ],
)
def test_numerals_are_read(text: str, number: int) -> None:
    assert parse_chinese_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "百", "万", "一百二", "三万五", "三五", "一百零零五", "五十百", "十余", "12", "个"]
)
def test_what_leaves_the_number_open_is_refused(text: str) -> None:
    assert parse_chinese_number(text) is None
