from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from models.errors import OutputError
from models.finding import Message
from pipeline.export.diff_html import diff_html, write_diff_html
from tests.unit.export.diffs import BLANK, HOSTILE, diff, field, number, side, words

OURS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "table", "tr", "th", "td", "small"}
OURS |= {"p", "div", "br", "span", "ins", "del", "b"}


class Page(HTMLParser):
    """Tags with their attributes, and the text as a reader sees it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_numbers_prose_and_both_languages_are_there() -> None:
    html = diff_html(
        diff(
            field(number("8"), number("10"), difference="2", percent="+25.0"),
            field(BLANK, number("0"), "requests.granted.total"),
            pieces=(("equal", "甲。"), ("delete", "办理21件。"), ("insert", "办理17件。")),
        )
    )
    page = Page(html)
    for part in (
        "前 A",
        "后 B",
        "增减 Change",
        "+2",
        "+25.0%",
        "空白 blank",
        "一、本年新收·总计",
        "New requests, total",
    ):
        assert part in page.text
    assert "<del>办理<b>21</b>件。</del>" in html
    assert "<ins>办理<b>17</b>件。</ins>" in html


def test_nothing_in_a_report_becomes_markup() -> None:
    hostile = diff(
        field(words(HOSTILE), words(HOSTILE), HOSTILE, label=Message(zh=HOSTILE, en=HOSTILE)),
        pieces=(("equal", HOSTILE), ("delete", HOSTILE + "甲"), ("insert", HOSTILE + "乙")),
        before=side(HOSTILE, agency=HOSTILE, published=HOSTILE),
        remarks=[Message(zh=HOSTILE, en=HOSTILE)],
        not_comparable=[HOSTILE],
    )
    html = diff_html(hostile)
    page = Page(html)
    assert {tag for tag, _ in page.tags} == OURS
    assert "<script" not in html
    assert "<img" not in html
    assert not [a for _, attributes in page.tags for a in attributes if a.startswith("on")]
    # The title, two names, source, agency, date, cells, remarks, ids and pieces: all of it is text, whole.
    assert page.text.count(HOSTILE) >= 12


def test_the_page_needs_and_runs_nothing() -> None:
    page = Page(diff_html(diff(field(number("1"), number("2")))))
    attributes = {name for _, attributes in page.tags for name in attributes}
    assert attributes.isdisjoint({"src", "href", "srcset", "action"})
    policies = [a["content"] for tag, a in page.tags if tag == "meta" and "http-equiv" in a]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_control_and_direction_characters_do_not_survive() -> None:
    html = diff_html(diff(field(words("1\u202e2\x1b[31m"), words("3\x00"))))
    assert not {"\u202e", "\x1b", "\x00"} & set(html)


def test_no_difference_is_said() -> None:
    assert Page(diff_html(diff())).text.count("没有差别 Nothing differs") == 2


def test_an_unwritable_place_leaves_the_old_page(tmp_path: Path) -> None:
    write_diff_html(diff(), tmp_path / "d.html")
    assert (tmp_path / "d.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    with pytest.raises(OutputError):
        write_diff_html(diff(), tmp_path / "none" / "d.html")
    assert [p.name for p in tmp_path.iterdir()] == ["d.html"]
