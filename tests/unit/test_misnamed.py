"""A false name: a report under it is read, what is none is told apart from a report that needs a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import UnsupportedTypeError
from models.report import Report
from pipeline.stages import read_report
from tests.unit.sampled import DEFAULTS, draw

NOTE = "各位同事：\n附件请见共享文件夹，年度报告下周再发。\n\n张三\n"
PAGE = "<!DOCTYPE html><html><head><title>404</title></head><body><h1>404</h1><p>您访问的页面不存在</p></body></html>"
TABLE = "<html><body><table><tr><td>项目</td><td>数量</td></tr><tr><td>会议</td><td>3</td></tr></table></body></html>"
PICTURE = '<html><body><p>2023年政府信息公开工作年度报告</p><img src="table.png"></body></html>'


def named(tmp_path: Path, name: str, content: str | bytes) -> Report:
    place = tmp_path / "content"
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_report(place, DEFAULTS, name=f"2023/{name}")


@pytest.mark.parametrize("name", ["bad.pdf", "BAD.PDF", "bad.docx", "bad.doc", "bad.wps", "bad.ofd", "bad.jpg"])
def test_plain_text_under_another_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsupportedTypeError, match="but this is plain text, and it has no table") as caught:
        named(tmp_path, name, NOTE)

    assert caught.value.source == f"2023/{name}"
    assert "fetch the report again" in caught.value.remedy


@pytest.mark.parametrize("name", ["404.pdf", "404.docx", "404.png"])
def test_an_error_page_under_another_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsupportedTypeError, match="but this is a web page"):
        named(tmp_path, name, PAGE)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("note.txt", NOTE),
        ("note", NOTE),
        ("404.html", PAGE),
        ("404.doc", PAGE),  # office programs save web pages so
        ("table.pdf", TABLE),  # perhaps an older report
        ("picture.pdf", PICTURE),
    ],
)
def test_what_may_be_a_report_is_left_to_a_person(tmp_path: Path, name: str, content: str) -> None:
    report = named(tmp_path, name, content)

    assert (report.form, report.status) == ("unknown", "needs_review")


@pytest.mark.parametrize("style", ["text-bars", "html-clean"])
@pytest.mark.parametrize("name", ["report.pdf", "report.doc", "report.png"])
def test_a_report_under_another_name_is_read(tmp_path: Path, style: str, name: str) -> None:
    report = named(tmp_path, name, draw(style, tmp_path).path.read_bytes())

    assert (report.form, report.status) == ("gk2021", "ok")
