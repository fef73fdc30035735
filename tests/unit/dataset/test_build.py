"""Reports in, the panel out: what stands in which table."""

from __future__ import annotations

import csv
import hashlib
import json
import random
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from models.report import OCR_STAGE, Evidence, Report
from pipeline.dataset.build import Panel, build_panel
from tests.unit.invented_reports import DISTRICT, cell, make_finding, make_report

NEW = "requests.new.total"
FEES = "proactive.fees.amount"


def build(reports: Iterable[Report], folder: Path) -> Panel:
    panel = build_panel(((f"{r.source.name}.json", r) for r in reports), folder)
    assert panel is not None
    return panel


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder / f"{table}.parquet").to_pylist()
    return found


def one(folder: Path, table: str, **where: Any) -> dict[str, Any]:
    (row,) = [r for r in rows(folder, table) if all(r[k] == v for k, v in where.items())]
    return row


def test_a_report_in_all_tables(tmp_path: Path) -> None:
    panel = build([make_report(published="2024-01-31")], tmp_path)

    report = one(tmp_path, "reports")
    assert panel.rows["numbers"] == 200
    assert (report["region_code"], report["province"], report["city"]) == ("370202", "山东省", "青岛市")
    assert (report["agency_id"], report["region_match"]) == ("370202:财政局", "exact")
    assert (report["in_panel"], report["left_out"], report["numbers_accepted"]) == (True, None, 200)
    wide = one(tmp_path, "gk2021_requests")
    number = one(tmp_path, "numbers", field_id=NEW)
    assert wide[NEW] == int(number["number"]) == int(number["value"])
    assert (number["row"], number["column"], number["year"]) == ("new", "total", 2023)
    assert rows(tmp_path, "gk2019_requests") == []


def test_blank_zero_and_not_applicable_are_kept_apart(tmp_path: Path) -> None:
    ids = [f"requests.new.{c}" for c in ("natural_person", "commercial_enterprise", "research_institution", "other")]
    changes = {
        ids[0]: cell("0"),
        ids[1]: cell(None, "blank"),
        ids[2]: cell(None, "not_applicable", printed="/"),
        ids[3]: cell(None, "text", printed="见附件", decision="review", confidence=0.5),
    }

    build([make_report(changes=changes)], tmp_path)

    wide = one(tmp_path, "gk2021_requests")
    assert [wide[i] for i in ids] == [0, None, None, None]
    assert [wide[k] for k in ("blank", "not_applicable", "text", "review")] == [[i] for i in ids[1:]] + [[ids[3]]]
    kinds = {r["field_id"]: r["kind"] for r in rows(tmp_path, "numbers")}
    assert [kinds[i] for i in ids] == ["number", "blank", "not_applicable", "text"]


def test_numbers_are_exact_and_never_floats(tmp_path: Path) -> None:
    changes = {
        FEES: cell("4166.241619"),
        NEW: cell("7.5"),
        "requests.granted.total": cell("9" * 40),
        "requests.granted.other": cell("-71"),
    }

    build([make_report(changes=changes)], tmp_path)

    proactive, requests = one(tmp_path, "gk2021_proactive"), one(tmp_path, "gk2021_requests")
    assert proactive[FEES] == Decimal("4166.241619")
    assert (requests[NEW], requests["requests.granted.total"], requests["requests.granted.other"]) == (None, None, -71)
    assert requests["unfit"] == [NEW, "requests.granted.total"]
    long = one(tmp_path, "numbers", field_id="requests.granted.total")
    assert (long["value"], long["number"]) == ("9" * 40, None)
    assert one(tmp_path, "numbers", field_id=NEW)["number"] == Decimal("7.5")


def test_numbers_in_review_are_in_the_long_table_alone(tmp_path: Path) -> None:
    evidence = [Evidence(page_no=3, stage=OCR_STAGE, reader="small", text="5")]
    doubtful = cell("5", decision="review", confidence=0.25, reasons=["low_margin"], evidence=evidence)

    build([make_report(changes={NEW: doubtful})], tmp_path)

    wide, number = one(tmp_path, "gk2021_requests"), one(tmp_path, "numbers", field_id=NEW)
    assert (wide[NEW], wide["review"], wide["min_confidence"]) == (None, [NEW], 1.0)
    assert (number["number"], number["decision"], number["confidence"]) == (Decimal(5), "review", 0.25)
    assert (number["reasons"], number["read_from"], number["page_no"]) == (["low_margin"], "pixels", 3)


def test_findings_by_origin(tmp_path: Path) -> None:
    findings = [
        make_finding([NEW]),
        make_finding([FEES], severity="warning", origin="reading"),
        make_finding([FEES], severity="info", origin="undetermined"),
    ]

    build([make_report(findings=findings)], tmp_path)

    report, wide = one(tmp_path, "reports"), one(tmp_path, "gk2021_requests")
    counts = ("findings_report", "findings_reading", "findings_undetermined")
    assert [report[c] for c in counts] == [1, 1, 0]
    assert [wide[c] for c in counts] == [1, 0, 0]
    number = one(tmp_path, "numbers", field_id=NEW)
    assert (number["findings"], number["origin"]) == (["requests.results_total"], "report")
    assert [(r["finding_no"], r["severity"]) for r in rows(tmp_path, "findings")] == [
        (1, "error"),
        (2, "warning"),
        (3, "info"),
    ]


def test_of_several_versions_the_newest_is_in_the_panel(tmp_path: Path) -> None:
    versions = [
        make_report(published="2024-01-10", file="a.pdf"),
        make_report(f"山东省{DISTRICT}", published="2024-02-20", file="b.pdf"),
        make_report(file="c.pdf"),
        make_report(file="d.pdf", status="failed", form="unknown"),
    ]

    panel = build(versions, tmp_path)

    newest = hashlib.sha256(b"b.pdf").hexdigest()[:16]
    found = {
        r["source"]: (r["in_panel"], r["left_out"], r["superseded_by"], r["superseded_why"])
        for r in rows(tmp_path, "reports")
    }
    assert found["b.pdf"] == (True, None, None, None)
    assert found["a.pdf"] == (False, "superseded", newest, "older")
    assert found["c.pdf"] == (False, "superseded", newest, "undated")
    assert found["d.pdf"][:2] == (False, "failed")
    assert {r["report_id"] for r in rows(tmp_path, "numbers")} == {newest}
    assert (panel.left_out, panel.rows["gk2021_requests"]) == ({"failed": 1, "superseded": 2}, 1)


def test_one_file_read_twice_is_there_once(tmp_path: Path) -> None:
    report = make_report(file="a.pdf")

    panel = build_panel([("2/a.json", report), ("1/a.json", report)], tmp_path)

    assert panel is not None
    assert panel.rows["gk2021_requests"] == 1
    short = report.source.sha256[:16]
    found = [(r["report_id"], r["document"], r["superseded_why"]) for r in rows(tmp_path, "reports")]
    assert found == [(short, "1/a.json", None), (f"{short}-2", "2/a.json", "same_file")]


@pytest.mark.parametrize(
    ("report", "why"),
    [
        (make_report(form="legacy"), "no_form"),
        (make_report(None), "no_agency"),
        (make_report(year=None), "no_year"),
        (make_report(status="failed"), "failed"),
    ],
)
def test_what_has_no_place_in_the_panel_is_listed(report: Report, why: str, tmp_path: Path) -> None:
    panel = build([report, make_report("青岛市教育局")], tmp_path)

    assert one(tmp_path, "reports", in_panel=False)["left_out"] == why
    assert panel.left_out == {why: 1}
    assert len(rows(tmp_path, "gk2021_requests")) == 1


def test_the_order_of_reading_does_not_matter(tmp_path: Path) -> None:
    reports = [make_report(a, y, file=f"{a}{y}{v}.pdf", published=f"2024-01-0{v}")
               for a in (DISTRICT, "青岛市教育局", "朝阳区财政局") for y in (2022, 2023) for v in (1, 2)]  # fmt: skip
    reports += [make_report(None, file="x.pdf"), make_report(year=None, file="y.pdf")]
    shuffled = random.Random(3).sample(reports, len(reports))

    build(reports, tmp_path / "a")
    build(shuffled, tmp_path / "b")

    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert files == sorted(p.name for p in (tmp_path / "b").iterdir())
    assert [f for f in files if (tmp_path / "a" / f).read_bytes() != (tmp_path / "b" / f).read_bytes()] == []


def test_no_reports_no_files(tmp_path: Path) -> None:
    assert build_panel([], tmp_path / "out") is None
    assert list((tmp_path / "out").iterdir()) == []


def test_csv_and_parquet_say_the_same(tmp_path: Path) -> None:
    build([make_report(), make_report("青岛市教育局", form="gk2019", year=2020)], tmp_path)

    for path in sorted(tmp_path.glob("*.parquet")):
        table = pq.read_table(path)
        with path.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
            header, *body = csv.reader(stream)
        assert header == table.column_names
        assert len(body) == table.num_rows
        assert [line[0] for line in body] == table.column(0).to_pylist()


def test_the_order_of_the_fields_is_that_of_the_form(tmp_path: Path) -> None:
    build([make_report()], tmp_path)

    assert [r["field_id"] for r in rows(tmp_path, "numbers")][:2] == [
        "proactive.regulations.issued",
        "proactive.regulations.repealed",
    ]


def test_a_description_does_not_outlive_its_files(tmp_path: Path) -> None:
    build([make_report()], tmp_path)
    first = (tmp_path / "datapackage.json").read_bytes()

    def broken() -> Iterable[tuple[str, Report]]:
        yield "a.json", make_report()
        raise OSError(28, "full")

    with pytest.raises(Exception, match="disk is full"):
        build_panel(broken(), tmp_path)

    assert (tmp_path / "datapackage.json").read_bytes() == first
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_check_sums_in_the_description_are_those_of_the_files(tmp_path: Path) -> None:
    build([make_report()], tmp_path)

    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    parts: Sequence[dict[str, Any]] = [p for r in package["resources"] for p in (r, r["parquet"])]
    assert {p["path"] for p in parts} | {"datapackage.json"} == {p.name for p in tmp_path.iterdir()}
    for part in parts:
        data = (tmp_path / part["path"]).read_bytes()
        assert (part["bytes"], part["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
