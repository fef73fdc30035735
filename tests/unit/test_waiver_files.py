from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import pytest

from models.errors import OutputError, UsageError
from models.finding import Finding, Message
from models.report import Report, SourceRecord
from models.waiver import Waiver
from pipeline.waiver_files import (
    WAIVER_ENDINGS,
    WaiverBook,
    file_to_write,
    files_beside,
    open_book,
    read_waivers,
    write_waivers,
)

TODAY = dt.date(2024, 6, 1)
ENTRY = """\
version: 1
waivers:
- report: {agency: 青石县人民政府, year: 2023, form: gk2021, file: a.pdf}
  rule: requests.balance[total]
  reason: as agreed
  author: 张三
  date: 2024-03-01
  left: "3"
  values:
    x: "1"
    y: null
"""


def waiver(**more: Any) -> Waiver:
    entry: dict[str, Any] = {
        "report": {"agency": "青石县人民政府", "year": 2023, "form": "gk2021", "file": "a.pdf"},
        "rule": "sum",
        "reason": "as agreed",
        "author": "张三",
        "date": "2024-03-01",
        "left": "1",
        "right": "2",
    }
    return Waiver.model_validate(entry | more)


def report(name: str = "a.pdf", **more: Any) -> Report:
    facts: dict[str, Any] = {"agency": "青石县人民政府", "year": 2023, "form": "gk2021"}
    finding = Finding(rule="sum", severity="error", left="1", right="2", message=Message(zh="不平", en="broken"))
    source = SourceRecord(name=name, sha256="", media_type="", page_count=1)
    return Report(source=source, findings=[finding], status="needs_review", **(facts | more))


def test_yaml_and_json_hold_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.waivers.yaml").write_text(ENTRY, encoding="utf-8")
    read = read_waivers(tmp_path / "a.waivers.yaml")

    write_waivers(tmp_path / "a.waivers.json", read)

    assert [w.values for w in read] == [{"x": "1", "y": None}]
    assert json.loads((tmp_path / "a.waivers.json").read_text(encoding="utf-8"))["version"] == 1
    assert read_waivers(tmp_path / "a.waivers.json") == read


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    (tmp_path / "a.waivers.yaml").write_text(ENTRY, encoding="utf-8-sig")

    assert len(read_waivers(tmp_path / "a.waivers.yaml")) == 1


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("author: 张三", "autor: 张三", "line 6: waivers[0].autor is no key of a waiver file"),
        ("  author: 张三\n", "", "line 3: waivers[0].author is missing"),
        ("reason: as agreed", "reason: ' '", "line 5: waivers[0].reason is not valid: String should have at least 1"),
        ('x: "1"', "x: 1", "line 10: waivers[0].values.x must be text: put it in quotes"),
        ('left: "3"', "left: 3.10", "line 8: waivers[0].left must be text: put it in quotes"),
        ("date: 2024-03-01", "date: March", "line 7: waivers[0].date is not valid: Invalid isoformat string: 'March'"),
        ("date: 2024-03-01", "date: 20240301", "line 7: waivers[0].date is not valid: must be a date such as"),
        ('left: "3"', "until: 2024-01-01", "line 3: waivers[0] is not valid: until (2024-01-01) is before date"),
        ("author: 张三", "author: 张三\n  author: 李四", "line 7: author is given twice"),
        ("version: 1", "version: 2", "line 1: version is not valid"),
        ("version: 1\n", "", "line 1: version is missing"),
        ("form: gk2021", "form: gk2030", "line 3: waivers[0].report.form is not valid"),
        ("waivers:", "waivers: [", "the waiver file is not valid YAML"),
        ("reason: as agreed", "reason: !!python/object:os.system x", "the waiver file is not valid YAML"),
        (ENTRY, "[]", "a waiver file has the keys version and waivers"),
        (ENTRY, "", "a waiver file has the keys version and waivers"),
        (ENTRY, "[" * 5000, "the waiver file is not valid YAML"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_key(tmp_path: Path, before: str, after: str, told: str) -> None:
    file = tmp_path / "a.waivers.yaml"
    assert before in ENTRY
    file.write_text(ENTRY.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(UsageError) as caught:
        read_waivers(file)

    assert caught.value.source == str(file)
    assert caught.value.message.startswith(told), caught.value.message
    assert "nianbao waive" in caught.value.remedy


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "gbk.waivers.yaml").write_bytes("张三".encode("gb18030"))
    (tmp_path / "dir.waivers.yaml").mkdir()

    for name, told in {"gbk": "is not UTF-8 text", "dir": "Is a directory", "no": "No such file"}.items():
        with pytest.raises(UsageError, match=told):
            read_waivers(tmp_path / f"{name}.waivers.yaml")


def test_the_names_of_waiver_files(tmp_path: Path) -> None:
    place = tmp_path / "2023.report.pdf"
    assert file_to_write(place) == tmp_path / "2023.report.waivers.yaml"
    assert files_beside(place) == []

    for ending in reversed(WAIVER_ENDINGS):
        write_waivers(tmp_path / f"2023.report{ending}", [])
        assert file_to_write(place) == tmp_path / f"2023.report{ending}"
    assert files_beside(place.with_suffix(".json")) == [tmp_path / f"2023.report{e}" for e in WAIVER_ENDINGS]


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.waivers.yaml").symlink_to("gone.yaml")

    with pytest.raises(UsageError, match="cannot be read"):
        WaiverBook((), TODAY).load([tmp_path / "a.pdf"])


def test_writing_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_waivers(tmp_path / "no folder" / "a.waivers.yaml", [waiver()])


def test_waivers_beside_the_report_and_in_a_named_folder(tmp_path: Path) -> None:
    folder = tmp_path / "waivers"
    (folder / "below").mkdir(parents=True)
    write_waivers(tmp_path / "a.waivers.yaml", [waiver(rule="beside")])
    write_waivers(folder / "below" / "any.waivers.json", [waiver(rule="shared")])
    (folder / "notes.yaml").write_text("no: waivers", encoding="utf-8")

    book = open_book(folder, TODAY)

    assert [w.rule for w in book.concerning(report(), tmp_path / "a.pdf")] == ["beside", "shared"]
    assert [w.rule for w in book.concerning(report("b.pdf"), tmp_path / "b.pdf")] == ["shared"]
    assert book.left_over() == []


def test_a_file_that_is_named_and_lies_beside_counts_once(tmp_path: Path) -> None:
    file = tmp_path / "a.waivers.yaml"
    write_waivers(file, [waiver()])

    assert len(open_book(file, TODAY).concerning(report(), tmp_path / "a.pdf")) == 1


def test_waivers_of_reports_that_were_not_read_are_told(tmp_path: Path) -> None:
    other = {"agency": None, "year": 2020, "form": "gk2019", "file": "b.pdf"}
    write_waivers(tmp_path / "all.waivers.yaml", [waiver(), waiver(report=other), waiver(report=other)])
    book = open_book(tmp_path / "all.waivers.yaml", TODAY)

    applied = book.apply(report(), tmp_path / "a.pdf")

    assert [f.rule for f in applied.findings] == ["sum"]
    assert applied.status == "ok"
    [told] = book.left_over()
    assert told.endswith("waivers of reports that were not read this time: 2 (— 2020 gk2019)")


def test_a_waiver_beside_a_report_that_has_become_another_is_told_in_it(tmp_path: Path) -> None:
    write_waivers(tmp_path / "a.waivers.yaml", [waiver()])
    book = WaiverBook((), TODAY)

    applied = book.apply(report(year=2024), tmp_path / "a.pdf")

    assert [f.rule for f in applied.findings] == ["sum", "waiver.unused"]
    assert book.left_over() == []


def test_named_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no waiver file"):
        open_book(tmp_path, TODAY)
    with pytest.raises(UsageError, match="No such file"):
        open_book(tmp_path / "no.yaml", TODAY)

    assert open_book(tmp_path, TODAY, must_exist=False).shared == ()
    assert open_book(tmp_path / "no.yaml", TODAY, must_exist=False).shared == ()


def test_a_folder_has_no_waivers_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    write_waivers(tmp_path / "in.waivers.yaml", [waiver()])

    assert files_beside(Path()) == files_beside(tmp_path / "in") == []


@pytest.mark.parametrize("name", ["坏" * 83 + ".pdf", "坏" * 83 + "a.pdf", "x" * 255])
def test_the_longest_names_have_waiver_files_of_their_own(tmp_path: Path, name: str) -> None:
    report = tmp_path / name
    report.write_bytes(b"")

    file = file_to_write(report)
    write_waivers(file, [])

    assert len(os.fsencode(file.name)) <= 255
    assert files_beside(report) == [file]
    assert files_beside(tmp_path / f"{name[:80]}z{name[81:]}") == []
