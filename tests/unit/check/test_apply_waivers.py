from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from models.finding import Finding, Message
from models.form import load_form
from models.report import FieldValue, Report, SourceRecord, UnmappedRow
from models.waiver import UNUSED_CODE, Waiver, new_waiver
from pipeline.check.apply_waivers import apply_waivers, match_waivers
from pipeline.check.check_report import check_report
from pipeline.check.form_facts import FormFacts

Cells = dict[str, FieldValue]
Fill = Callable[..., Cells]

GIVEN = dt.date(2024, 3, 1)
TODAY = dt.date(2024, 6, 1)
RULE = "disputes.total[reconsideration]"
TOTAL, UPHELD = "disputes.reconsideration.total", "disputes.reconsideration.upheld"


@pytest.fixture
def read(fill: Fill) -> Callable[..., Report]:
    """``read({field: printed}, name=..., unmapped=...)``: a report as the reader leaves it, nothing waived."""
    form = load_form("gk2021")

    def make(cells: dict[str, Any] | None = None, *, unmapped: tuple[UnmappedRow, ...] = (), **more: Any) -> Report:
        name = more.pop("name", "a.pdf")
        fields = fill(form, cells)
        result = check_report(form, fields, FormFacts(form="gk2021", year=2023, unmapped_rows=unmapped))
        reasons = ["fields_to_review"] * any(f.decision == "review" for f in fields.values())
        reasons += ["unmapped_rows"] * bool(unmapped)
        reasons += ["errors_found"] * any(f.severity == "error" for f in result.findings)
        facts: dict[str, Any] = {"form": "gk2021", "agency": "青石县人民政府", "year": 2023}
        return Report(
            source=SourceRecord(name=name, sha256=name, media_type="", page_count=1),
            fields=fields,
            unmapped_rows=list(unmapped),
            findings=list(result.findings),
            rules=result.outcome,
            status="needs_review" if reasons else "ok",
            status_reasons=reasons,
            **(facts | more),
        )

    return make


Read = Callable[..., Report]


def waive(report: Report, rule: str, *, until: dt.date | None = None) -> list[Waiver]:
    """Waivers of all findings of a rule; there must be one."""
    found = [f for f in report.findings if f.rule == rule]
    assert found, [f.rule for f in report.findings]
    return [new_waiver(report, f, reason="as agreed", author="张三", date=GIVEN, until=until) for f in found]


def only(report: Report, rule: str) -> Finding:
    [finding] = [f for f in report.findings if f.rule == rule]
    return finding


def unmapped(label: str, page_no: int = 2) -> UnmappedRow:
    return UnmappedRow(page_no=page_no, table="requests", labels=[label], values=["3"], reason="no_row")


def test_a_waived_finding_stays_and_counts_no_more(read: Read) -> None:
    report = read({TOTAL: "5", UPHELD: "3"})
    before = report.model_copy(deep=True)

    waived = apply_waivers(report, waive(report, RULE), TODAY)

    assert only(report, RULE).severity == "error"
    mark = only(waived, RULE).waiver
    assert mark is not None
    assert (mark.reason, mark.author, mark.date, mark.until) == ("as agreed", "张三", GIVEN, None)
    assert (waived.status, waived.status_reasons) == ("ok", [])
    assert waived.model_copy(update={"findings": before.findings, "status": before.status,
                                     "status_reasons": before.status_reasons}) == before  # fmt: skip
    assert report == before


def test_another_finding_keeps_the_report_open(read: Read) -> None:
    report = read({TOTAL: "5", UPHELD: "3", "requests.new.total": "4"})

    waived = apply_waivers(report, waive(report, RULE), TODAY)

    assert waived.status_reasons == ["errors_found"]
    assert [f.rule for f in waived.findings if f.waiver] == [RULE]


def test_doubts_of_the_reading_are_not_waived_with_a_finding(read: Read, make: Callable[..., FieldValue]) -> None:
    doubtful = make("5", decision="review", reasons=("low_score",))
    report = read({TOTAL: doubtful, UPHELD: "3"})

    waived = apply_waivers(report, waive(report, RULE), TODAY)

    assert (waived.status, waived.status_reasons) == ("needs_review", ["fields_to_review"])
    assert waived.fields == report.fields


def test_the_same_numbers_in_another_file_are_waived_too(read: Read) -> None:
    waivers = waive(read({TOTAL: "5", UPHELD: "3"}), RULE)

    again = apply_waivers(read({TOTAL: "5.0", UPHELD: "3"}, name="scan of 2024.pdf"), waivers, TODAY)

    assert only(again, RULE).waiver is not None


@pytest.mark.parametrize(
    ("cells", "zh", "en"),
    [
        ({TOTAL: "5", UPHELD: "4"}, "行政复议·结果维持 3 → 4", "reconsideration upheld 3 → 4"),
        ({TOTAL: "6", UPHELD: "3"}, "总计 5 → 6", "total 5 → 6"),
        ({TOTAL: "", UPHELD: "3", "disputes.reconsideration.other": "1"}, None, None),
    ],
)
def test_a_changed_value_opens_it_again(read: Read, cells: dict[str, str], zh: str | None, en: str | None) -> None:
    waivers = waive(read({TOTAL: "5", UPHELD: "3"}), RULE)

    changed = apply_waivers(read(cells), waivers, TODAY)

    if zh is None:
        # The sum fails no longer: a total left blank is another finding, and the waiver is one of nothing.
        assert not [f for f in changed.findings if f.waiver]
        assert only(changed, UNUSED_CODE).severity == "info"
        return
    finding = only(changed, RULE)
    assert finding.waiver is None
    assert finding.reopened is not None
    assert zh in finding.reopened.zh
    assert "张三 于 2024-03-01" in finding.reopened.zh
    assert en is not None
    assert en in finding.reopened.en
    assert "waiver of 2024-03-01 by 张三" in finding.reopened.en
    assert changed.status_reasons == ["errors_found"]
    assert UNUSED_CODE not in {f.rule for f in changed.findings}


def test_values_that_change_without_changing_the_sums_open_it_too(read: Read) -> None:
    waivers = waive(read({TOTAL: "5", UPHELD: "3"}), RULE)

    swapped = apply_waivers(read({TOTAL: "5", "disputes.reconsideration.corrected": "3"}), waivers, TODAY)

    note = only(swapped, RULE).reopened
    assert note is not None
    assert "3 → 0" in note.en
    assert "0 → 3" in note.en


def test_a_waiver_that_is_over(read: Read) -> None:
    report = read({TOTAL: "5", UPHELD: "3"})
    waivers = waive(report, RULE, until=TODAY)

    assert only(apply_waivers(report, waivers, TODAY), RULE).waiver is not None
    finding = only(apply_waivers(report, waivers, TODAY + dt.timedelta(days=1)), RULE)
    assert finding.waiver is None
    assert finding.reopened is not None
    assert "有效期至 2024-06-01" in finding.reopened.zh


def test_a_waiver_in_force_outweighs_one_that_is_over(read: Read) -> None:
    report = read({TOTAL: "5", UPHELD: "3"})
    waivers = waive(report, RULE, until=GIVEN) + waive(report, RULE)

    waived = apply_waivers(report, waivers, TODAY)

    assert only(waived, RULE).waiver is not None
    assert only(waived, RULE).reopened is None
    assert only(waived, UNUSED_CODE).severity == "info"


def test_a_waiver_of_a_finding_that_is_gone_is_told(read: Read) -> None:
    waivers = waive(read({TOTAL: "5", UPHELD: "3"}), RULE)

    mended = apply_waivers(read({TOTAL: "3", UPHELD: "3"}), waivers, TODAY)

    assert mended.status == "ok"
    message = only(mended, UNUSED_CODE).message
    assert RULE in message.zh
    assert "no such finding any more" in message.en


@pytest.mark.parametrize("change", [{"year": 2022}, {"agency": "别处人民政府"}])
def test_a_waiver_of_another_report_waives_nothing(read: Read, change: dict[str, Any]) -> None:
    waivers = waive(read({TOTAL: "5", UPHELD: "3"}), RULE)

    other = apply_waivers(read({TOTAL: "5", UPHELD: "3"}, **change), waivers, TODAY)

    assert only(other, RULE).waiver is None
    assert only(other, RULE).reopened is None
    assert "it is of another report (青石县人民政府 2023 gk2021)" in only(other, UNUSED_CODE).message.en
    assert other.status == "needs_review"


def test_one_of_several_findings_of_a_rule(read: Read, make: Callable[..., FieldValue]) -> None:
    noted = make("3", reasons=("trailing_note",))
    report = read({TOTAL: noted, UPHELD: noted})
    [waiver, _] = waive(report, "value.note")

    waived = apply_waivers(report, [waiver], TODAY)

    states = {f.fields[0]: (f.waiver is not None, f.reopened) for f in waived.findings if f.rule == "value.note"}
    assert states == {i: (i in waiver.values, None) for i in (TOTAL, UPHELD)}


def test_a_remark_that_changes_beside_the_same_number(read: Read, make: Callable[..., FieldValue]) -> None:
    noted = make("3", reasons=("trailing_note",))
    waivers = waive(read({UPHELD: noted, TOTAL: "3"}), "value.note")
    other = noted.model_copy(update={"printed": "3（不含上年）"})

    changed = only(apply_waivers(read({UPHELD: other, TOTAL: "3"}), waivers, TODAY), "value.note")

    assert changed.waiver is None
    assert changed.reopened is not None
    assert "says something else" in changed.reopened.en


def test_more_blank_cells_than_were_waived(read: Read) -> None:
    waivers = waive(read({TOTAL: ""}), "value.blank")

    changed = apply_waivers(read({TOTAL: "", UPHELD: "", "requests.new.total": ""}), waivers, TODAY)

    notes = {f.fields[0]: f.reopened and f.reopened.en for f in changed.findings if f.rule == "value.blank"}
    assert notes["requests.new.total"] is None
    assert "it is about other cells now" in str(notes[UPHELD])
    assert not any(f.waiver for f in changed.findings)


def test_rows_outside_the_form_are_settled_when_all_are_waived(read: Read) -> None:
    report = read(unmapped=(unmapped("其他甲"), unmapped("其他乙")))
    waivers = waive(report, "form.row_unmapped")

    assert report.status_reasons == ["unmapped_rows"]
    assert apply_waivers(report, waivers[:1], TODAY).status_reasons == ["unmapped_rows"]
    assert apply_waivers(report, waivers, TODAY).status == "ok"
    elsewhere = read(unmapped=(unmapped("其他甲", 7), unmapped("其他乙", 9)))
    assert apply_waivers(elsewhere, waivers, TODAY).status == "ok"
    renamed = apply_waivers(read(unmapped=(unmapped("其他丙"),)), waivers[:1], TODAY)
    note = only(renamed, "form.row_unmapped").reopened
    assert note is not None
    assert "其他甲" in note.zh


def test_what_was_not_read_stays_open_whatever_a_file_says(read: Read) -> None:
    report = read()
    unread = Finding.model_validate(
        {"rule": "page.unread", "severity": "warning", "origin": "reading", "message": {"zh": "第 1 页", "en": "p"}}
    )
    report = report.model_copy(
        update={"findings": [unread], "status": "needs_review", "status_reasons": ["pages_unread"]}
    )

    waived = apply_waivers(report, waive(report, "page.unread"), TODAY)

    assert only(waived, "page.unread").waiver is None
    assert waived.status_reasons == ["pages_unread"]
    assert "stay open" in only(waived, UNUSED_CODE).message.en


def test_waivers_of_before_are_forgotten(read: Read) -> None:
    report = read({TOTAL: "5", UPHELD: "3"})
    waived = apply_waivers(report, [*waive(report, RULE), *waive(report, RULE, until=GIVEN)], TODAY)

    assert apply_waivers(waived, [], TODAY) == report
    assert apply_waivers(waived, waive(report, RULE), TODAY) == apply_waivers(report, waive(report, RULE), TODAY)


def test_a_report_with_failures_stays_partial(read: Read) -> None:
    report = read({TOTAL: "5", UPHELD: "3"}).model_copy(
        update={"status": "partial", "status_reasons": ["pages_unread", "errors_found", "failures"]}
    )

    waived = apply_waivers(report, waive(report, RULE), TODAY)

    assert (waived.status, waived.status_reasons) == ("partial", ["pages_unread", "failures"])
    assert apply_waivers(waived, [], TODAY).status_reasons == ["pages_unread", "errors_found", "failures"]


def test_a_report_that_could_not_be_read_has_nothing_to_waive(read: Read) -> None:
    waivers = waive(read({TOTAL: "5", UPHELD: "3"}), RULE)
    source = SourceRecord(name="a.pdf", sha256="", media_type="", page_count=0)
    failed = Report(source=source, status="failed", status_reasons=["damaged"])

    assert apply_waivers(failed, waivers, TODAY) == failed


def test_states(read: Read) -> None:
    report = read({TOTAL: "5", UPHELD: "3"})
    applies, over = waive(report, RULE)[0], waive(report, RULE, until=GIVEN)[0]
    changed = waive(read({TOTAL: "9", UPHELD: "3"}), RULE)[0]

    assert [m.state for m in match_waivers(report, [applies], TODAY)] == ["applies"]
    assert [m.state for m in match_waivers(report, [over, changed], TODAY)] == ["expired", "changed"]
    assert [m.state for m in match_waivers(report, [changed, applies], TODAY)] == ["unused", "applies"]


def test_a_break_between_years_that_was_not_looked_for_is_not_called_gone(read: Read) -> None:
    broken = Finding(
        rule="years.carried_in", severity="error", fields=[TOTAL], left="5", right="4", message=Message(zh="二", en="x")
    )
    report = read({TOTAL: "3", UPHELD: "3"})
    [waiver] = waive(report.model_copy(update={"findings": [broken]}), broken.rule)

    assert [m.state for m in match_waivers(report, [waiver], TODAY)] == ["not_compared"]
    assert apply_waivers(report, [waiver], TODAY) == report
    assert [m.state for m in match_waivers(report, [waiver], TODAY, years_compared=True)] == ["unused"]
    compared = apply_waivers(report, [waiver], TODAY, years_compared=True)
    assert (compared.status, [f.rule for f in compared.findings]) == ("ok", [UNUSED_CODE])
    elsewhere = read({TOTAL: "3", UPHELD: "3"}, year=2022)
    assert [m.state for m in match_waivers(elsewhere, [waiver], TODAY)] == ["unused"]
