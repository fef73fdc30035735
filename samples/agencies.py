"""Invented offices: names, numbers of documents, dates, contact data. None of the places exists."""

from __future__ import annotations

import random
from dataclasses import dataclass

from samples.style import Scale

_PLACES: tuple[str, ...] = (
    "汐台市",
    "岚霁县",
    "砚汀县",
    "瑶崧区",
    "棠浦市",
    "槿溪县",
    "澄麓县",
    "穆澜市",
    "翎河县",
    "珩山区",
    "蘅州市",
    "苜原县",
    "绫川市",
    "蓼岸县",
    "螺汀区",
    "鹂州市",
    "岫原县",
    "梧澜市",
    "砚陵区",
    "珞桥县",
    "瑾塘区",
    "槐浦县",
    "枳岭县",
    "藜川市",
)
_PROVINCES: tuple[str, ...] = ("岚海省", "澜原省", "汐岭省", "穆川省", "砚南省")
_BUREAUS: tuple[str, ...] = (
    "财政局",
    "卫生健康委员会",
    "教育局",
    "自然资源和规划局",
    "市场监督管理局",
    "人力资源和社会保障局",
    "发展和改革局",
    "交通运输局",
)
_TOWNS: tuple[str, ...] = ("霁峰镇人民政府", "缨湖乡人民政府", "青砚街道办事处")
# What kind of office has how much to do.
_OFFICES: dict[Scale, tuple[str, ...]] = {
    "empty": _TOWNS,
    "tiny": (*_TOWNS, *_BUREAUS),
    "office": (*_TOWNS, *_BUREAUS, "人民政府办公室"),
    "district": (*_BUREAUS, "人民政府"),
    "city": ("人民政府", "人民政府办公室", "自然资源和规划局"),
    "province": ("人民政府", "人民政府办公厅"),
}
_TITLES: tuple[str, ...] = (
    "{agency}{year}年政府信息公开工作年度报告",
    "{agency}{year}年度政府信息公开工作年度报告",
    "{agency}{year}年政府信息公开年度报告",
    "{year}年{agency}政府信息公开工作年度报告",
)
_STREETS: tuple[str, ...] = ("云汀路", "望砚街", "澄霁大道", "棠梨巷")


@dataclass(frozen=True, slots=True)
class Agency:
    """An invented office and what its report states about itself."""

    name: str
    short: str
    title: str
    published: str
    document_number: str
    contact: str


def draw_agency(year: int, scale: Scale, rng: random.Random) -> Agency:
    """An office of this size with title, date (YYYY-MM-DD), document number and contact of its report on ``year``."""
    place = rng.choice(_PROVINCES if scale == "province" else _PLACES)
    if scale == "city":
        place = place[:-1] + "市"
    name = place + rng.choice(_OFFICES[scale])
    short = "全" + place[-1] if name == place + "人民政府" else "本机关"
    street, house = rng.choice(_STREETS), rng.randint(1, 299)
    return Agency(
        name=name,
        short=short,
        title=rng.choice(_TITLES).format(agency=name, year=year),
        published=f"{year + 1}-01-{rng.randint(4, 31):02d}",
        document_number=f"{place[0]}公开〔{year + 1}〕{rng.randint(1, 60)}号",
        contact=f"地址：{place}{street}{house}号，邮编：000{rng.randint(100, 999)}，"
        f"电话：0000-555{rng.randint(1000, 9999)}",
    )


def chinese_date(date: str) -> str:
    """``2024-01-09`` as 2024年1月9日."""
    year, month, day = (int(part) for part in date.split("-"))
    return f"{year}年{month}月{day}日"
