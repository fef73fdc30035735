from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.errors import OutputError
from models.finding import Finding
from models.report import Report
from pipeline.export.csv_export import CSV_COLUMNS, CsvWriter, neutral_cell, write_csv


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-71", "-71"),
        ("0.50", "0.50"),
        ("规章", "规章"),
        ("", ""),
        ("-", "'-"),
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("＝1+1", "'＝1+1"),
        ("－71", "'－71"),
        ("-1+1", "'-1+1"),
        ("'quoted", "''quoted"),
        ("-７", "'-７"),
    ],
)
def test_formulas_are_neutralised_and_numbers_are_not(text: str, expected: str) -> None:
    assert neutral_cell(text) == expected


def test_one_row_a_field_for_all_reports(tmp_path: Path, make_report: Callable[..., Report]) -> None:
    write_csv([make_report(), make_report("gk2019", name="b.docx"), make_report(merged=True)], tmp_path / "r.csv")
    found = rows(tmp_path / "r.csv")
    assert len(found) == 200 + 198 + 207
    assert (tmp_path / "r.csv").read_bytes().startswith(b"\xef\xbb\xbfsource,agency,")
    assert tuple(found[0]) == CSV_COLUMNS
    assert found[0] | {"label_printed": ""} == dict.fromkeys(CSV_COLUMNS, "") | {
        "source": "qingshi-2023.pdf",
        "agency": "青石县人民政府",
        "year": "2023",
        "form": "gk2021",
        "table": "proactive",
        "field_id": "proactive.regulations.issued",
        "row_label": "第二十条第（一）项 / 规章",
        "column_label": "本年制发件数",
        "kind": "number",
        "value": "0",
        "printed": "0",
        "decision": "accept",
        "confidence": "1",
        "page_no": "1",
        "reader": "pdfplumber",
        "label_score": "1",
    }


def test_blank_is_not_zero_and_codes_are_listed(
    tmp_path: Path, make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    changed = "requests.new.natural_person"
    blank = {"value": None, "printed": "", "kind": "blank", "decision": "review", "reasons": ["a", "b"]}
    report = make_report(
        changes={changed: blank, "requests.new.total": {"value": "-71", "printed": "=cmd", "suggested": "71"}},
        findings=[
            make_finding("w", "warning", [changed]),
            make_finding("e", "error", [changed]),
            make_finding("p", "error", [changed], outcome="pass"),
        ],
    )
    write_csv([report], tmp_path / "r.csv")
    by_id = {r["field_id"]: r for r in rows(tmp_path / "r.csv")}
    assert (by_id[changed]["kind"], by_id[changed]["value"]) == ("blank", "")
    assert by_id[changed]["reasons"] == "a; b"
    assert by_id[changed]["finding_codes"] == "e; w"
    total = by_id["requests.new.total"]
    assert (total["value"], total["printed"], total["suggested"]) == ("-71", "'=cmd", "71")


def test_a_field_that_the_form_does_not_know_is_not_dropped(tmp_path: Path, make_report: Callable[..., Report]) -> None:
    report = make_report()
    report.fields["extra.row.column"] = report.fields["requests.new.total"]
    write_csv([report], tmp_path / "r.csv")
    last = rows(tmp_path / "r.csv")[-1]
    assert (last["table"], last["field_id"], last["row_label"]) == ("extra", "extra.row.column", "行")


def test_no_reports_give_a_header(tmp_path: Path) -> None:
    write_csv([], tmp_path / "r.csv")
    assert rows(tmp_path / "r.csv") == []


def test_an_error_in_the_batch_leaves_the_old_file(tmp_path: Path, make_report: Callable[..., Report]) -> None:
    (tmp_path / "r.csv").write_text("old")

    def broken_batch() -> Iterator[Report]:
        yield make_report()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_csv(broken_batch(), tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["r.csv"]


def test_an_os_error_of_the_batch_is_not_taken_for_one_of_the_output(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), CsvWriter(tmp_path / "r.csv"):
        (tmp_path / "missing").read_text()


def test_misuse_and_missing_folder(tmp_path: Path, make_report: Callable[..., Report]) -> None:
    with pytest.raises(RuntimeError):
        CsvWriter(tmp_path / "r.csv").add(make_report())
    with pytest.raises(OutputError, match="folder does not exist"):
        write_csv([], tmp_path / "missing" / "r.csv")
