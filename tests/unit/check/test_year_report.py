from __future__ import annotations

import pytest

from models.report import Evidence, FieldValue, Report, SourceRecord
from pipeline.check.year_report import agency_key, same_agency, year_report


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("洪泽区 人民政府", "洪泽区人民政府"),
        ("青石县财政局（国资委）", "青石县财政局国资委"),
        ("⻘石县财政局", "青石县财政局"),
        (" ", None),
        ("", None),
        (None, None),
    ],
)
def test_names_are_compared_without_blanks_and_punctuation(name: str | None, key: str | None) -> None:
    assert agency_key(name) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("洪泽区人民政府", "洪泽区人民政府"),
        ("洪泽区人民政府", "淮安市洪泽区人民政府"),
        ("江苏省淮安市洪泽区人民政府", "洪泽区人民政府"),
        ("福州市鼓楼区教育局", "鼓楼区教育局"),
        ("徐州市沛县人民政府", "沛县人民政府"),
    ],
)
def test_a_district_with_its_city_is_the_same_agency(one: str, other: str) -> None:
    assert same_agency(one, other)
    assert same_agency(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("青石县财政局", "青石县教育局"),
        ("财政局", "青石县财政局"),  # the bureau of any place
        ("青石县人民政府", "青石县人民政府办公室"),  # the office reports for itself
        ("南京市鼓楼区人民政府", "福州市鼓楼区人民政府"),
        ("甲市财政局", "市财政局"),
        ("石县人民政府", "青石县人民政府"),  # what stands before is no place
    ],
)
def test_other_agencies(one: str, other: str) -> None:
    assert not same_agency(one, other)
    assert not same_agency(other, one)


def test_what_binds_years_together_and_totals_are_kept() -> None:
    evidence = Evidence(page_no=1, stage="tables", reader="pdfplumber", text="3")
    value = FieldValue(value="3", printed="3", kind="number", decision="accept", confidence=1.0, evidence=[evidence])
    kept_ids = [
        "requests.carried_in.other",
        "requests.new.total",
        "proactive.regulations.in_force",
        "proactive.fees.amount",
    ]
    ids = [*kept_ids, "requests.granted.other", "disputes.reconsideration.upheld"]
    report = Report(
        source=SourceRecord(name="d/2023/a.pdf", sha256="1", media_type="application/pdf", page_count=1),
        agency="青石县 人民政府",
        year=2023,
        form="gk2021",
        published="2024-01-02",
        fields=dict.fromkeys(ids, value),
        sections={"overview": "全年"},
    )
    kept = year_report(report)
    assert list(kept.fields) == kept_ids
    assert all(v.evidence == [] for v in kept.fields.values())
    assert report.fields["requests.carried_in.other"].evidence == [evidence]
    assert (kept.agency, kept.year, kept.published, kept.file_name) == (
        "青石县人民政府",
        2023,
        "2024-01-02",
        "a.pdf",
    )
