from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import SEVERITY_ORDER, Finding, Message
from models.form import Form
from models.report import FieldValue, Report, SourceRecord, UnmappedRow
from pipeline.check.check_report import check_report
from pipeline.check.form_facts import FormFacts, UnreadPage
from pipeline.check.recheck_report import recheck_report

Fill = Callable[..., dict[str, FieldValue]]
GOOD = FormFacts(form="gk2021", year=2023, period_years=(2023,))


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [f.rule for f in found]


def test_sound_report_has_no_findings(form: Form, fill: Fill) -> None:
    result = check_report(form, fill(form), GOOD)
    assert result.findings == ()
    assert result.outcome.model_dump() == {"passed": 42, "failed": 0, "not_evaluable": 0}


def test_findings_are_ordered_by_severity_then_place(form: Form, fill: Fill) -> None:
    cells = {
        "disputes.reconsideration.upheld": "1",
        "requests.other.*": None,
        "requests.other_handling.*": "0",
        "proactive.fees.amount": "-1",
        "proactive.coercion.decisions": "/",
        "requests.new.other": "",
    }
    result = check_report(form, fill(form, cells), FormFacts(form="gk2021", year=2020))
    assert codes(result.findings) == [
        "value.negative_amount",
        "disputes.total[reconsideration]",
        "form.wrong_year",
        "value.not_applicable",
        "value.blank",
        "form.merged_row",
    ]
    ranks = [SEVERITY_ORDER[f.severity] for f in result.findings]
    assert ranks == sorted(ranks)


def test_column_and_total_that_fail_together_are_both_listed(form: Form, fill: Fill) -> None:
    cells = {f"requests.new.{c}": "3" for c in ("natural_person", "total")}
    result = check_report(form, fill(form, cells), GOOD)
    assert codes(result.findings) == ["requests.balance[natural_person]", "requests.balance[total]"]
    assert result.outcome.failed == 2


def test_blank_total_is_told_once(form: Form, fill: Fill) -> None:
    cells = {"requests.carried_out.natural_person": "1", "requests.carried_out.total": ""}
    cells |= {"requests.new.natural_person": "1", "requests.new.total": "1"}
    result = check_report(form, fill(form, cells), GOOD)
    assert codes(result.findings) == ["value.blank_total"]


def test_facts_about_file_and_metadata() -> None:
    facts = FormFacts(
        form="unknown",
        year=2022,
        period_years=(2021,),
        unread_pages=(UnreadPage(3, "no_text_layer"), UnreadPage(4)),
        glued=True,
    )
    result = check_report(None, {}, facts)
    assert codes(result.findings) == ["page.unread", "text.glued", "metadata.period_year", "form.unknown"]
    unread, _, period, _ = result.findings
    assert "第 3、4 页" in unread.message.zh
    assert unread.origin == "reading"
    assert "2021" in period.message.en
    assert "2022" in period.message.en
    assert {f.severity for f in result.findings} == {"warning"}
    assert result.outcome.model_dump() == {"passed": 0, "failed": 0, "not_evaluable": 0}


def test_unknown_year_and_pictures() -> None:
    result = check_report(None, {}, FormFacts(form="legacy", tables_may_be_pictures=True, period_years=(2020,)))
    assert codes(result.findings) == ["page.unread", "metadata.year_unknown", "form.legacy"]


def test_glued_cells_are_told_once(form: Form, fill: Fill) -> None:
    fields = fill(form, {"proactive.*": "700", "requests.*": "713000074人", "disputes.*": "00100"})
    words = [f for f in check_report(form, fields, GOOD).findings if f.rule == "value.text"]
    assert len(words) == 1
    glued = check_report(form, fields, FormFacts(form="gk2021", year=2023, glued=True)).findings
    assert "value.text" not in codes(glued)
    assert "text.glued" in codes(glued)


def test_same_input_same_findings_and_input_untouched(form: Form, fill: Fill) -> None:
    fields = fill(form, {"disputes.reconsideration.upheld": "1", "requests.new.other": ""})
    before = {i: v.model_copy(deep=True) for i, v in fields.items()}
    assert check_report(form, fields, GOOD) == check_report(form, fields, GOOD)
    assert fields == before


@pytest.fixture
def report(form: Form, fill: Fill) -> Report:
    fields = fill(form, {"disputes.reconsideration.upheld": "1", "requests.new.other": ""})
    rows = [UnmappedRow(page_no=1, table="requests", labels=["其他公开"], values=["1"], reason="no_row")]
    facts = FormFacts(form="gk2021", year=2020, period_years=(2019,), unmapped_rows=tuple(rows))
    result = check_report(form, fields, facts)
    foreign = Finding(rule="prose.claim", severity="info", message=Message(zh="一", en="one"))
    return Report(
        source=SourceRecord(name="r.pdf", sha256="", media_type="application/pdf", page_count=1),
        form="gk2021",
        year=2020,
        fields=fields,
        unmapped_rows=rows,
        findings=[*result.findings, foreign],
    )


def test_recheck_of_an_unchanged_report_gives_the_same(report: Report) -> None:
    again = Report.model_validate(report.to_json_dict())
    result = recheck_report(again)
    assert list(result.findings) == report.findings
    assert codes(result.findings) == [
        "disputes.total[reconsideration]",
        "metadata.period_year",
        "form.wrong_year",
        "form.row_unmapped",
        "value.blank",
        "prose.claim",
    ]


def test_recheck_after_a_correction_drops_what_is_mended(report: Report, fill: Fill, form: Form) -> None:
    report.fields["disputes.reconsideration.total"] = fill(form, {"disputes.reconsideration.total": "1"})[
        "disputes.reconsideration.total"
    ]
    result = recheck_report(report)
    assert "disputes.total[reconsideration]" not in codes(result.findings)
    assert "metadata.period_year" in codes(result.findings)
    assert result.outcome.failed == 0


def test_recheck_without_a_known_form() -> None:
    legacy = Report(
        source=SourceRecord(name="r.txt", sha256="", media_type="text/plain", page_count=1), form="legacy", year=2018
    )
    assert codes(recheck_report(legacy).findings) == ["form.legacy"]


def test_recheck_holds_the_prose_against_corrected_fields(form: Form, fill: Fill) -> None:
    sections = {"overview": "全年收到政府信息公开申请15件。"}
    cells = {"requests.new.natural_person": "16", "requests.new.total": "16"}
    facts = FormFacts(form="gk2021", year=2023, agency="甲县财政局", sections=sections)
    result = check_report(form, fill(form, cells), facts)
    report = Report(
        source=SourceRecord(name="r.pdf", sha256="", media_type="application/pdf", page_count=1),
        form="gk2021",
        agency="甲县财政局",
        year=2023,
        sections=sections,
        fields=fill(form, cells),
        claims=list(result.claims),
        findings=list(result.findings),
    )
    assert "prose.differs" in codes(result.findings)
    assert [c.outcome for c in result.claims] == ["differs"]
    assert recheck_report(report).findings == result.findings
    report.fields |= fill(form, {"requests.new.natural_person": "15", "requests.new.total": "15"})
    mended = recheck_report(report)
    assert "prose.differs" not in codes(mended.findings)
    assert [c.outcome for c in mended.claims] == ["agrees"]
