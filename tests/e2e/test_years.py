"""Two years of one agency, as a user compares them: files, saved documents, folders."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.e2e.conftest import Extracted, Run

YEAR = re.compile(r"(20\d\d)(?=[年-])")


@pytest.fixture
def years(text_report: bytes, tmp_path: Path) -> Path:
    """A folder with a report and the same one a year on: everything but the years is taken over."""
    text = text_report.decode("utf-8")
    folder = tmp_path / "years"
    folder.mkdir()
    (folder / "first.txt").write_text(text, encoding="utf-8")
    (folder / "second.txt").write_text(YEAR.sub(lambda m: str(int(m[1]) + 1), text), encoding="utf-8")
    return folder


def test_a_folder_of_two_years(run: Run, years: Path) -> None:
    ended = run("check", years)

    assert (ended.code, ended.err) == (6, "")
    assert ended.out.count("比对 compared with") == 1
    assert "years.carried_in" in ended.out
    assert "years.in_force[normative_documents]" in ended.out
    assert "years.same_text" in ended.out
    assert "first.txt" in ended.out


def test_a_report_against_another(run: Run, years: Path, text_report: bytes, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_bytes(text_report)

    assert "years." not in run("check", years / "second.txt").out
    ended = run("check", years / "second.txt", "--against", tmp_path / "other.txt")

    assert ended.code == 6
    assert "years.carried_in" in ended.out
    assert ended.out.count("规则 rules:") == 1


def test_a_saved_document_against_one_that_goes_on_in_it(run: Run, extracted: Extracted, tmp_path: Path) -> None:
    subject = json.loads((extracted.out / "plain.json").read_text(encoding="utf-8"))
    prior = json.loads((extracted.out / "plain.json").read_text(encoding="utf-8"))
    prior["year"] -= 1
    prior["source"] |= {"name": "prior.pdf", "sha256": "1" * 64}
    prior["sections"] = {}
    for field_id, value in subject["fields"].items():
        if field_id.startswith("requests.carried_in."):
            prior["fields"][field_id.replace("carried_in", "carried_out")] = value
    (tmp_path / "prior.json").write_text(json.dumps(prior), encoding="utf-8")

    ended = run("check", extracted.out / "plain.json", "--against", tmp_path / "prior.json")

    assert (ended.code, ended.err) == (0, "")
    assert "比对 compared with" in ended.out
    assert "years.carried_in" not in ended.out


def test_diff_of_a_file_and_a_document(run: Run, reports: Path, extracted: Extracted) -> None:
    ended = run("diff", extracted.out / "plain.json", reports / "broken.pdf")

    assert (ended.code, ended.err) == (0, "")
    assert "数字 Numbers" in ended.out
    assert "文字 Prose" in ended.out


def test_diff_of_two_years_in_all_formats(run: Run, years: Path, tmp_path: Path) -> None:
    names = ("d.html", "d.xlsx", "d.json")
    targets = [tmp_path / name for name in names]
    ended = run(
        "diff", years / "first.txt", years / "second.txt",
        "--html", targets[0], "--xlsx", targets[1], "--json", targets[2],
    )  # fmt: skip

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.count("written: ") == 3
    assert all(target.stat().st_size > 1000 for target in targets)
    found = json.loads(targets[2].read_text(encoding="utf-8"))
    assert found["fields"] == []
    assert "overview" in {s["section"] for s in found["sections"]}


def test_diff_of_a_file_that_is_no_report(run: Run, reports: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")

    ended = run("diff", reports / "plain.pdf", tmp_path / "broken.pdf")

    assert ended.code == 3
    assert ended.out == ""
    assert "broken.pdf" in ended.err


def test_breaks_between_years_are_waived_and_the_rest_stays(run: Run, years: Path) -> None:
    first, second = years / "first.txt", years / "second.txt"
    told = ("--reason", "因机构改革调整 restated", "--author", "张三")
    assert run("waive", second, "years.carried_in", *told).code == 2

    ended = run("waive", second, "years.carried_in", *told, "--against", first)

    assert (ended.code, ended.err) == (0, "")
    assert (years / "second.waivers.yaml").is_file()
    for arguments in (("check", second, "--against", first), ("check", years)):
        checked = run(*arguments)
        assert (checked.code, checked.err) == (0, "")
        assert checked.out.count("1 waived") == 1
        assert "years.same_text" in checked.out
        assert "已豁免 waived: 因机构改革调整 restated (张三" in checked.out
    alone = run("check", second)
    assert (alone.code, alone.err) == (0, "")
    assert "years." not in alone.out
