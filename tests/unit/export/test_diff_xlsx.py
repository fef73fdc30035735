from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from models.diff import ReportDiff
from models.errors import OutputError
from models.finding import Message
from pipeline.export.diff_xlsx import write_diff_xlsx
from tests.unit.export.diffs import BLANK, FORMULAS, diff, field, number, side, words

NUMBERS, PROSE, SUMMARY = "数字 Numbers", "文字 Prose", "概要 Summary"


def written(tmp_path: Path, what: ReportDiff) -> Workbook:
    write_diff_xlsx(what, tmp_path / "d.xlsx")
    assert [p.name for p in tmp_path.iterdir()] == ["d.xlsx"]
    return openpyxl.load_workbook(tmp_path / "d.xlsx")


def rows(book: Workbook, name: str) -> list[tuple[object, ...]]:
    return list(book[name].iter_rows(min_row=2, values_only=True))


def test_numbers_are_numbers_and_blanks_are_words(tmp_path: Path) -> None:
    book = written(
        tmp_path,
        diff(
            field(number("8"), number("10.5"), difference="2.5", percent="+31.3"),
            field(number("10"), number("8"), difference="-2", percent="-20.0"),
            field(BLANK, number("0")),
            field(None, number("0"), change="added"),
            field(number("3", "review"), number("3"), change="same"),
        ),
    )
    found = [row[3:7] for row in rows(book, NUMBERS)]
    assert found == [
        (8, 10.5, 2.5, 31.3),
        (10, 8, -2, -20),
        ("空白 blank", 0, None, None),
        ("缺失 absent", 0, None, None),
        (3, 3, None, None),
    ]
    assert [row[7] for row in rows(book, NUMBERS)][-2:] == ["新增 added", "复核 review → 采用 accept"]


def test_a_number_that_a_spreadsheet_would_round_stays_text(tmp_path: Path) -> None:
    long = "12345678901234567890"
    book = written(tmp_path, diff(field(number(long), number("1"), difference=f"-{long}")))
    assert rows(book, NUMBERS)[0][3:6] == (long, 1, f"-{long}")


def test_prose_with_its_marks(tmp_path: Path) -> None:
    book = written(tmp_path, diff(pieces=(("equal", "甲。"), ("delete", "乙。"), ("insert", "丙。" * 20_000))))
    found = rows(book, PROSE)
    assert [row[2] for row in found] == [" ", "-", "+", "+"]
    assert [row[1] for row in found] == [0.875] * 4
    assert "".join(str(row[3]) for row in found[2:]) == "丙。" * 20_000


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_of_a_report_becomes_a_formula_or_a_link(tmp_path: Path, text: str) -> None:
    what = diff(
        field(words(text), words(text), text, label=Message(zh=text, en=text)),
        pieces=(("insert", text),),
        before=side(text, agency=text),
        remarks=[Message(zh=text, en=text)],
        not_comparable=[text],
    )
    book = written(tmp_path, what)
    cells = [c for s in book.worksheets for line in s.iter_rows() for c in line]
    assert not [c.coordinate for c in cells if c.data_type == "f" or c.hyperlink is not None]
    texts = [c.value for c in cells if c.data_type == "s" and isinstance(c.value, str) and text.strip() in c.value]
    assert len(texts) >= 10
    with zipfile.ZipFile(tmp_path / "d.xlsx") as archive:
        parts = {n: archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/")}
    assert not [n for n, data in parts.items() if b"<f>" in data or b"<hyperlink" in data]


def test_the_summary_names_both_reports(tmp_path: Path) -> None:
    what = diff(after=side("b.pdf", year=2024), remarks=[Message(zh="不同", en="other")], not_comparable=["x.y"])
    found = rows(written(tmp_path, what), SUMMARY)
    assert ("文件 Source", "a.pdf", "b.pdf") in found
    assert ("年度 Year", "2023", "2024") in found
    assert ("说明 Remarks", "不同", "other") in found
    assert any(row[1] == "x.y" for row in found)


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "d.xlsx").mkdir()
    with pytest.raises(OutputError, match="folder"):
        write_diff_xlsx(diff(), tmp_path / "d.xlsx")
    assert [p.name for p in tmp_path.iterdir()] == ["d.xlsx"]
