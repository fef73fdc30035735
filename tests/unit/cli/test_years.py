"""``check`` over several years and ``diff``, on report documents, without a process of their own."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from models.diff import ReportDiff
from models.form import load_form
from models.report import FieldValue, Report, SourceRecord
from pipeline.cli.app import run
from pipeline.export.json_export import write_report_json

OUT, IN = "requests.carried_out.total", "requests.carried_in.total"
DOUBLED = "years.doubled"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


def document(
    path: Path, year: int, cells: dict[str, str] | None = None, agency: str = "青石县财政局", **more: object
) -> Path:
    """A document of a report that prints zeros but for the given cells."""
    numbers = dict.fromkeys(load_form("gk2021").official_fields, "0") | (cells or {})
    fields = {
        i: FieldValue(value=n, printed=n, kind="number", decision="accept", confidence=1.0) for i, n in numbers.items()
    }
    source = SourceRecord(name=f"{path.stem}.pdf", sha256=path.stem, media_type="application/pdf", page_count=1)
    known = {"source": source, "form": "gk2021", "agency": agency, "year": year, "fields": fields, "status": "ok"}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_report_json(Report.model_validate({**known, **more}), path)
    return path


def carried(number: str, row: str) -> dict[str, str]:
    """Cells that carry a number and keep all sums of the form right."""
    other = "requests.new" if row == "requests.carried_out" else "requests.carried_out"
    return {f"{r}.{c}": number for r in (row, other) for c in ("natural_person", "total")}


def test_a_break_against_a_named_prior(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    prior = document(tmp_path / "p.json", 2022, carried("3", "requests.carried_out"))
    subject = document(tmp_path / "s.json", 2023, carried("1", "requests.carried_in"))

    assert run(["check", "s.json"]) == 0
    assert "years." not in capsys.readouterr().out
    assert run(["check", str(subject), "--against", str(prior)]) == 6

    out = capsys.readouterr().out
    assert out.startswith("needs_review")
    assert "1 error" in out
    assert "比对 compared with: 2022 p.pdf" in out
    assert "错误 error  years.carried_in  1 ≠ 3" in out


def test_years_that_go_on_are_ok_and_say_with_what_they_were_compared(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    document(tmp_path / "p.json", 2022, carried("3", "requests.carried_out"))
    document(tmp_path / "s.json", 2023, carried("3", "requests.carried_in"))

    assert run(["check", "s.json", "--against", "p.json"]) == 0

    out = capsys.readouterr().out
    assert "比对 compared with: 2022 p.pdf" in out
    assert "No findings" in out


def test_a_folder_of_documents_is_paired_by_agency_and_year(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document(tmp_path / "all/2022/a.json", 2022, carried("3", "requests.carried_out"))
    document(tmp_path / "all/2023/b.json", 2023, carried("1", "requests.carried_in"))
    document(tmp_path / "all/2023/c.json", 2023, agency="青石县教育局")
    document(tmp_path / "all/2022/d.json", 2022, carried("9", "requests.carried_out"), agency="青石县水利局")

    assert run(["check", "all"]) == 6

    out = capsys.readouterr().out
    assert out.count("比对 compared with") == out.count("years.") == 1
    assert out.count("No findings") == 3


def test_a_folder_of_priors_may_hold_other_agencies_and_years(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for year in (2020, 2021, 2022):
        document(tmp_path / f"old/a{year}.json", year)
        document(tmp_path / f"old/b{year}.json", year, agency="青石县教育局")
    (tmp_path / "old" / "list.json").write_text("[]", encoding="utf-8")
    document(tmp_path / "s.json", 2023)

    assert run(["check", "s.json", "--against", "old"]) == 0

    captured = capsys.readouterr()
    assert captured.err == ""
    assert "compared with: 2022 a2022.pdf" in captured.out
    assert "No findings" in captured.out


def test_several_priors_by_several_flags_and_two_versions(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document(tmp_path / "old.json", 2022, carried("3", "requests.carried_out"), published="2023-01-05")
    document(tmp_path / "new.json", 2022, published="2023-02-05")
    document(tmp_path / "s.json", 2023)

    assert run(["check", "s.json", "--against", "old.json", "--against", "new.json"]) == 0

    out = capsys.readouterr().out
    assert "compared with: 2022 new.pdf" in out
    assert DOUBLED in out
    assert "years.carried_in" not in out


def test_a_prior_of_another_agency_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document(tmp_path / "p.json", 2022, carried("3", "requests.carried_out"), agency="青石县教育局")
    document(tmp_path / "s.json", 2023)

    assert run(["check", "s.json", "--against", "p.json"]) == 0

    out = capsys.readouterr().out
    assert "提示 info  years.other_agency" in out
    assert "compared with:" not in out


def test_a_prior_that_cannot_be_read_is_told_and_the_check_goes_on(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "p.json").write_text("{}", encoding="utf-8")
    document(tmp_path / "s.json", 2023)

    assert run(["check", "s.json", "--against", "p.json"]) == 3

    captured = capsys.readouterr()
    assert "p.json: JSON, but not a report document" in captured.err
    assert "No findings" in captured.out


def test_a_path_that_is_not_there_leaves_the_documents(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document(tmp_path / "s.json", 2023)

    assert run(["check", "s.json", "nope.pdf", "--against", "none"]) == 2

    captured = capsys.readouterr()
    assert captured.err.count("no such file or folder") == 2
    assert "No findings" in captured.out


def test_diff_in_the_terminal_is_no_error(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document(tmp_path / "a.json", 2022, {OUT: "8"})
    document(tmp_path / "b.json", 2023, {OUT: "10"})

    assert run(["diff", "a.json", "b.json"]) == 0

    captured = capsys.readouterr()
    assert captured.err == ""
    assert "+25.0%" in captured.out


def test_diff_writes_what_is_asked_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document(tmp_path / "a.json", 2022, {OUT: "8"})
    document(tmp_path / "b.json", 2023, {OUT: "10"})

    assert run(["diff", "a.json", "b.json", "--html", "d.html", "--xlsx", "d.xlsx", "--json", "diff.json"]) == 0

    assert capsys.readouterr().out == "written: d.html\nwritten: d.xlsx\nwritten: diff.json\n"
    assert "+25.0%" in (tmp_path / "d.html").read_text(encoding="utf-8")
    assert openpyxl.load_workbook(tmp_path / "d.xlsx").sheetnames == ["概要 Summary", "数字 Numbers", "文字 Prose"]
    found = ReportDiff.model_validate_json((tmp_path / "diff.json").read_text(encoding="utf-8"))
    assert [(f.field, f.difference) for f in found.fields] == [(OUT, "2")]


def test_diff_that_cannot_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document(tmp_path / "a.json", 2022)

    assert run(["diff", "a.json", "a.json", "--html", "none/d.html"]) == 5

    assert "d.html: the folder does not exist" in capsys.readouterr().err


def test_diff_of_something_that_is_no_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document(tmp_path / "a.json", 2022)
    (tmp_path / "b.json").write_text("{}", encoding="utf-8")

    assert run(["diff", "a.json", "b.json"]) == 3

    captured = capsys.readouterr()
    assert captured.out == ""
    assert "b.json: JSON, but not a report document" in captured.err


@pytest.mark.parametrize("targets", [["--json", "a.json"], ["--html", "./d", "--xlsx", "d"]])
def test_diff_writes_over_no_report_and_no_other_result(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, targets: list[str]
) -> None:
    path = document(tmp_path / "a.json", 2022)
    before = path.read_bytes()

    assert run(["diff", "a.json", "a.json", *targets]) == 2

    assert "named twice — give each result a file of its own" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


BREAK = "years.carried_in"
BY = ("--reason", "restated after a review", "--author", "张三")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """s.json carries in 1 where p.json, of the year before, carried over 3."""
    document(tmp_path / "p.json", 2022, carried("3", "requests.carried_out"))
    return document(tmp_path / "s.json", 2023, carried("1", "requests.carried_in"))


def test_a_break_between_years_that_is_waived(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["waive", "s.json", BREAK, *BY]) == 2
    assert "name the report of the year before with --against" in capsys.readouterr().err
    assert run(["waive", "s.json", BREAK, *BY, "--against", "p.json"]) == 0
    assert capsys.readouterr().out == f"waived: {BREAK} in s.waivers.yaml\n"

    assert run(["check", "s.json", "--against", "p.json"]) == 0

    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.startswith("ok ")
    assert "0 errors, 1 waived" in captured.out
    assert "问题 Findings (0, 另 plus 1 已豁免 waived)" in captured.out
    assert "已豁免 waived: restated after a review (张三" in captured.out
    # Both in one folder, as years of one agency lie beside one another.
    assert run(["check", "s.json", "p.json"]) == 0
    assert "0 errors, 1 waived" in capsys.readouterr().out


def test_a_waived_break_is_not_called_unused_where_no_other_year_is_at_hand(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["waive", "s.json", BREAK, *BY, "--against", "p.json"])
    capsys.readouterr()

    assert run(["check", "s.json"]) == 0
    captured = capsys.readouterr()
    assert ("waiver.unused" in captured.out, captured.err) == (False, "")
    assert run(["waive", "--list", "s.json"]) == 0
    assert capsys.readouterr().out.startswith(f"未与上年比对 not compared with the year before {BREAK} ")
    assert run(["waive", "--list", "s.json", "--against", "p.json"]) == 0
    assert capsys.readouterr().out.startswith(f"适用 applies {BREAK} ")


def test_a_waived_break_that_is_gone_is_told(broken: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run(["waive", "s.json", BREAK, *BY, "--against", "p.json"])
    document(tmp_path / "p.json", 2022, carried("1", "requests.carried_out"))
    capsys.readouterr()

    assert run(["check", "s.json", "--against", "p.json"]) == 0

    assert "提示 info  waiver.unused" in capsys.readouterr().out


@pytest.mark.parametrize(("year", "said"), [(2022, "3 → 4"), (2023, "1 → 2")])
def test_a_changed_number_of_either_year_opens_a_waived_break(
    broken: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, year: int, said: str
) -> None:
    run(["waive", "s.json", BREAK, *BY, "--against", "p.json"])
    if year == 2022:
        document(tmp_path / "p.json", 2022, carried("4", "requests.carried_out"))
    else:
        document(tmp_path / "s.json", 2023, carried("2", "requests.carried_in"))
    capsys.readouterr()

    assert run(["check", "s.json", "--against", "p.json"]) == 6

    out = capsys.readouterr().out
    assert out.startswith("needs_review")
    assert ("1 error" in out, "waived" in out.splitlines()[0]) == (True, False)
    assert said in out


def test_another_file_name_of_the_year_before_leaves_a_waived_break(
    broken: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run(["waive", "s.json", BREAK, *BY, "--against", "p.json"])
    document(tmp_path / "renamed.json", 2022, carried("3", "requests.carried_out"))
    capsys.readouterr()

    assert run(["check", "s.json", "--against", "renamed.json"]) == 0

    assert "compared with: 2022 renamed.pdf" in capsys.readouterr().out


def test_pairs_behind_the_first_are_part_of_what_was_waived(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    # The totals stay 0 and 6; how last year's six were divided changes, in columns that differ before and after.
    def prior(persons: str, firms: str) -> None:
        cells = {"total": "6", "natural_person": persons, "commercial_enterprise": firms}
        numbers = {f"{row}.{c}": n for row in ("requests.carried_out", "requests.new") for c, n in cells.items()}
        document(tmp_path / "p.json", 2022, numbers)

    prior("4", "2")
    document(tmp_path / "s.json", 2023)
    assert run(["waive", "s.json", BREAK, *BY, "--against", "p.json"]) == 0
    assert run(["check", "s.json", "--against", "p.json"]) == 0
    prior("3", "3")

    assert run(["check", "s.json", "--against", "p.json"]) == 6

    assert "不再适用" in capsys.readouterr().out


def test_a_waived_break_leaves_other_errors_open(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document(tmp_path / "p.json", 2022, carried("3", "requests.carried_out"))
    document(tmp_path / "s.json", 2023, carried("1", "requests.carried_in") | {"disputes.reconsideration.total": "5"})
    run(["waive", "s.json", BREAK, *BY, "--against", "p.json"])
    capsys.readouterr()

    assert run(["check", "s.json", "--against", "p.json"]) == 6
    assert "1 error, 1 waived" in capsys.readouterr().out
    assert run(["waive", "s.json", "disputes.total[reconsideration]", *BY]) == 0
    assert run(["check", "s.json", "--against", "p.json"]) == 0
    assert "0 errors, 2 waived" in capsys.readouterr().out


def test_a_prior_that_cannot_be_read_shows_in_the_code_of_waive(
    broken: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")

    assert run(["waive", "s.json", BREAK, *BY, "--against", "p.json", "--against", "bad.json"]) == 3

    captured = capsys.readouterr()
    assert captured.out == f"waived: {BREAK} in s.waivers.yaml\n"
    assert "bad.json: JSON, but not a report document" in captured.err


def test_a_waiver_file_in_a_folder_that_is_not_valid_stops_before_priors_are_read(
    broken: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    broken.rename(tmp_path / "in" / "s.json")
    (tmp_path / "in" / "s.waivers.yaml").write_text("version: 1\nwaiver: []\n", encoding="utf-8")

    assert run(["check", "in", "--against", "none.pdf"]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "s.waivers.yaml: line 2: waiver is no key of a waiver file" in captured.err
