from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from models.errors import UnknownItemError
from pipeline.review.pages.audit_page import changes_of
from pipeline.review.pages.files import audit_lines, plain_name
from pipeline.review.pages.paging import PER_PAGE, page_index, pages_context
from pipeline.review.pages.pictures import box_of
from pipeline.store.records import AuditEntry

AT = dt.datetime(2024, 1, 31, 8, tzinfo=dt.UTC)


def entry(before: dict[str, object] | None, after: dict[str, object] | None, why: str = "") -> AuditEntry:
    return AuditEntry(1, AT, "li", "decided: typed", 7, before, after, why)


def test_the_audit_trail_as_csv() -> None:
    text = "".join(audit_lines([entry(None, {"值": "1,2"}, '=HYPERLINK("http://evil")')]))
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))

    assert rows[0][:4] == ["id", "at", "who", "action"]
    assert rows[1][2:7] == ["li", "decided: typed", "7", "", '{"值": "1,2"}']
    assert rows[1][7] == '\'=HYPERLINK("http://evil")'


def test_changes_name_each_field() -> None:
    before = {"fields": {"a": {"kind": "number", "value": "1", "decision": "review"}}, "findings": ["x"], "verdict": 1}
    after = {"fields": {"a": {"kind": "blank", "value": None, "decision": "accept"}}, "findings": ["x"], "verdict": 2}

    assert changes_of(entry(before, after)) == [("a", "1 (review)", "blank (accept)")]


def test_many_changes_are_counted() -> None:
    fields = {str(n): {"kind": "number", "value": "1", "decision": "review"} for n in range(20)}

    assert changes_of(entry({"fields": fields}, {"fields": {}}))[-1] == ("+ 12", "", "")


def test_names_have_no_invisible_characters() -> None:
    assert plain_name("年报\u202e\x00\n.pdf") == "年报.pdf"


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "1,2,3,nan", "1,2,3,inf", "1,2,3,1e9"])
def test_what_is_no_box(text: str) -> None:
    with pytest.raises(UnknownItemError):
        box_of(text)


def test_a_box() -> None:
    assert box_of("1,2.5,3,4") == (1.0, 2.5, 3.0, 4.0)


@pytest.mark.parametrize(("page", "index"), [("", 0), ("1", 0), ("3", 2), ("0", 0), ("-1", 0), ("x", 0), ("²", 0)])
def test_pages_of_an_address(page: str, index: int) -> None:
    assert page_index({"page": page}) == index


def test_links_to_other_pages_keep_the_filters() -> None:
    found = pages_context("/audit", {"who": "a&b", "page": "2"}, 3 * PER_PAGE)

    assert (found["page"], found["pages"]) == (2, 3)
    assert found["previous"] == "/audit?who=a%26b&page=1"
    assert found["next"] == "/audit?who=a%26b&page=3"
