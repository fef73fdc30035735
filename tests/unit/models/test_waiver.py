from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from models.finding import Finding, Message
from models.report import FieldValue, Report, SourceRecord
from models.waiver import UNREAD_CODES, UNUSED_CODE, WaivedReport, Waiver, is_waivable, said_by, value_text

ENTRY: dict[str, Any] = {
    "report": {"agency": "青石县人民政府", "year": 2023, "form": "gk2021", "file": "a.pdf"},
    "rule": "requests.balance[total]",
    "reason": "as agreed",
    "author": "张三",
    "date": "2024-03-01",
}


def report(**more: Any) -> Report:
    facts: dict[str, Any] = {"form": "gk2021", "agency": "青石县人民政府", "year": 2023}
    name = more.pop("name", "elsewhere/a.pdf")
    return Report(source=SourceRecord(name=name, sha256="", media_type="", page_count=1), **(facts | more))


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"name": "another-scan.pdf"}, True),
        ({"agency": "青石县 人民政府"}, True),
        ({"agency": "青石市人民政府"}, False),
        ({"agency": None}, False),
        ({"year": 2022}, False),
        ({"form": "gk2019"}, False),
    ],
)
def test_a_report_is_known_by_what_it_says_of_itself(change: dict[str, Any], same: bool) -> None:
    assert WaivedReport.model_validate(ENTRY["report"]).is_of(report(**change)) is same


@pytest.mark.parametrize(("name", "same"), [("elsewhere/a.pdf", True), ("b.pdf", False)])
def test_one_that_says_nothing_of_itself_is_known_by_its_name_too(name: str, same: bool) -> None:
    nameless = WaivedReport(agency=None, year=2023, form="gk2021", file="a.pdf")

    assert nameless.is_of(report(agency=None, name=name)) is same
    assert not nameless.is_of(report(name="a.pdf"))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, None),
        (("absent", None, ""), None),
        (("blank", None, ""), ""),
        (("number", "12", "１２"), "12"),
        (("text", None, "见附件"), "见附件"),
        (("not_applicable", "/", "/"), "/"),
    ],
)
def test_the_value_that_is_noted(cell: tuple[Any, str | None, str] | None, text: str | None) -> None:
    value = (
        None
        if cell is None
        else FieldValue(kind=cell[0], value=cell[1], printed=cell[2], decision="accept", confidence=1)
    )

    assert value_text(value) == text


def finding(rule: str, **more: Any) -> Finding:
    return Finding(rule=rule, severity="warning", message=Message(zh="第 3、4 页的“x”一行", en="x"), **more)


def test_what_a_finding_says_is_noted_without_pages_and_where_it_compares_nothing_only() -> None:
    assert said_by(finding("form.row_unmapped")) == "第…页的“x”一行"
    assert said_by(finding("sum", left="1", right="2")) is None
    assert said_by(finding("value.blank_total", left="1")) == "第…页的“x”一行"


def test_a_break_between_years_is_noted_with_all_its_pairs_and_without_the_file_of_the_other_year() -> None:
    sentence = "2023 年“上年结转”与 2022 年报告（{}）“结转下年度”不一致：“总计”1 与 3、“自然人”（一）1 与 3。"
    first, second = (
        finding("years.carried_in", left="1", right="3").model_copy(
            update={"message": Message(zh=sentence.format(name), en="x")}
        )
        for name in ("a.pdf", "scan of 2022.pdf")
    )

    assert said_by(first) == said_by(second) == sentence.replace("（{}）", "")
    assert said_by(finding("years.in_force[x]", left="1", right="3")) is None


def test_what_was_not_read_cannot_be_waived() -> None:
    assert is_waivable(finding("requests.balance[total]"))
    assert not any(is_waivable(finding(code)) for code in (*UNREAD_CODES, UNUSED_CODE))
    assert not is_waivable(finding("new.code", origin="reading"))


def test_dates_may_be_text_or_dates_of_yaml() -> None:
    day = dt.date(2024, 3, 1)

    assert Waiver.model_validate(ENTRY).date == Waiver.model_validate({**ENTRY, "date": day}).date == day


@pytest.mark.parametrize(
    "change",
    [
        {"date": 1709251200},
        {"date": dt.datetime(2024, 3, 1, tzinfo=dt.UTC)},
        {"date": "March"},
        {"until": "2024-02-29"},
        {"reason": "  "},
        {"author": ""},
        {"values": {"a": 1}},
        {"left": 3},
        {"why": "a slip"},
        {"report": {**ENTRY["report"], "year": "2023"}},
        {"report": {**ENTRY["report"], "form": "gk2030"}},
    ],
)
def test_entries_that_are_not_valid(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Waiver.model_validate({**ENTRY, **change})


def test_the_last_day_is_part_of_it() -> None:
    waiver = Waiver.model_validate({**ENTRY, "until": "2024-12-31"})

    assert not waiver.expired(dt.date(2024, 12, 31))
    assert waiver.expired(dt.date(2025, 1, 1))
    assert not Waiver.model_validate(ENTRY).expired(dt.date(2999, 1, 1))
