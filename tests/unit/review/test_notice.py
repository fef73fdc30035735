"""Findings as a notice for the agency."""

from __future__ import annotations

import io

from docx import Document

from models.match import PrintedField
from pipeline.review.decide_item import Decision, decide
from pipeline.review.notice import notice_docx, notice_html, notice_of
from pipeline.store.open_store import Store
from tests.unit.review.made import in_store, read_report, sure, weak

BROKEN: PrintedField = sure("requests.carried_out.total", "3")
HOSTILE = "<script>alert(1)</script>\x01局"


def confirmed(store: Store, agency: str = HOSTILE) -> int:
    number = in_store(store, read_report(BROKEN, agency=agency))
    item = f"field:{BROKEN.field_id}"
    decide(store, number, Decision("as_printed", item, why="与纸质件一致<b>"), who="zhang", version=None)
    return number


def test_a_notice_tells_what_is_wrong_and_what_may_be_meant(store: Store) -> None:
    notice = notice_of(store, confirmed(store))

    assert [f.severity for f in notice.findings] == ["错误", "错误"]
    assert {v.printed for v in notice.findings[0].values} >= {"3", "7"}
    assert all(v.page_no == 1 for v in notice.findings[0].values)
    assert any("应为 2" in text for text in notice.findings[0].explanations)
    assert notice.date == "2024 年 1 月 31 日"


def test_what_we_may_have_misread_is_not_told(store: Store) -> None:
    number = in_store(store, read_report(BROKEN, weak("requests.carried_in.total", "0", "9")))

    notice = notice_of(store, number)

    assert notice.findings == ()
    assert "未发现" in notice_html(notice)


def test_the_page_is_whole_and_harmless(store: Store) -> None:
    page = notice_html(notice_of(store, confirmed(store)))

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "与纸质件一致&lt;b&gt;" in page
    assert "http://" not in page
    assert "default-src &#x27;none&#x27;" in page


def test_the_document_opens_and_says_the_same(store: Store) -> None:
    notice = notice_of(store, confirmed(store))

    document = Document(io.BytesIO(notice_docx(notice)))

    text = "\n".join(p.text for p in document.paragraphs)
    assert "政府信息公开工作年度报告核对情况告知" in text
    assert "<script>alert(1)</script>" in text
    assert len(document.tables) == len(notice.findings) == 2
    assert [c.text for c in document.tables[0].rows[0].cells] == ["单元格", "报告所载", "所在页", "原件截图"]
