"""Lists of units as people keep them, and the ways in which they are wrong."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from models.errors import InputError, UsageError
from pipeline.rollup.read_units import UnitLine, read_units

LIST = "parent,unit,year\n市南区人民政府,市南区财政局,2023\n市南区人民政府,市南区教育局,\n"
WANTED = [UnitLine("市南区人民政府", "市南区财政局", 2023, 2), UnitLine("市南区人民政府", "市南区教育局", None, 3)]


@pytest.mark.parametrize(
    "data",
    [
        LIST.encode(),
        codecs.BOM_UTF8 + LIST.encode(),
        LIST.replace("\n", "\r\n").encode("gbk"),
        LIST.replace(",", "\t").encode("utf-16"),
        LIST.replace(",", ";").encode(),
        LIST.replace("parent,unit,year", "上级,单位,年度").encode("gbk"),
        LIST.replace("parent,unit,year", " Parent , UNIT,Year").encode(),
        LIST.replace("2023", "2023年").encode(),
    ],
)
def test_encodings_delimiters_and_headings(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(data)

    assert read_units(path) == WANTED


def test_the_year_may_be_left_out_and_blank_lines_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text('unit,parent\n\n"a,b",c\n,\n', encoding="utf-8")

    assert read_units(path) == [UnitLine("c", "a,b", None, 3)]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "the list of units is empty"),
        ("parent,unit\n", "no units below the first line"),
        ("parent,agency\na,b\n", "line 1: unknown column 'agency'"),
        ("parent\na\n", "line 1: no column 'unit'"),
        ("unit,unit,parent\na,b,c\n", "line 1: column 'unit' stands twice"),
        ("parent,unit\na,b\n\na,\n", "line 4: 'unit' is empty"),
        ("parent,unit\n,b\n", "line 2: 'parent' is empty"),
        ("parent,unit,year\na,b,23\n", "line 2: '23' is no year"),
        ("parent,unit\na,b,c\n", "line 2: more cells than columns"),
        ('parent,unit\na,b\na,"c\na,d\n', "line 4: unexpected end of data"),
        ("parent,unit\na,a\n", "line 2: 'a' is named as its own parent"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_remedy(text: str, cause: str, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError) as caught:
        read_units(path)

    assert str(caught.value).startswith(f"{path}: {cause}")
    assert caught.value.remedy


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_units(tmp_path / "units.csv")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="this is a folder"):
        read_units(tmp_path)


@pytest.mark.parametrize(("data", "cause"), [(b"PK\x03\x04abc", "a workbook"), (b"\xff\x00a\x81", "neither UTF-8")])
def test_no_text(data: bytes, cause: str, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(data)

    with pytest.raises(InputError, match=cause):
        read_units(path)
