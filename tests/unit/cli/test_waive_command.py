"""``nianbao waive`` on report documents: what it writes, replaces and removes, and what it refuses."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.finding import Finding, Message, Origin
from models.report import Report, SourceRecord
from pipeline.cli.app import run
from pipeline.export.json_export import write_report_json

BY = ("--reason", "as agreed", "--author", "张三")


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [n for n in os.environ if n.startswith("NIANBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


def finding(rule: str, *fields: str, zh: str = "不平", origin: Origin = "report", **more: Any) -> Finding:
    # Codes that no check of ours makes: `check` takes them over from the document as they are.
    message = Message(zh=zh, en="broken")
    return Finding(rule=rule, severity="error", fields=list(fields), message=message, origin=origin, **more)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    report = Report(
        source=SourceRecord(name="in/a.pdf", sha256="", media_type="", page_count=1),
        form="legacy",
        agency="青石县人民政府",
        year=2018,
        findings=[
            finding("other.sum", "x", "y", left="1", right="2"),
            finding("other.note", "x"),
            finding("other.note", "z"),
            finding("other.row", zh="甲"),
            finding("other.row", zh="乙"),
            finding("page.unread", origin="reading"),
        ],
        status="needs_review",
        status_reasons=["form_legacy", "errors_found"],
    )
    path = tmp_path / "a.json"
    write_report_json(report, path)
    return path


def entries(path: Path) -> list[dict[str, Any]]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert content["version"] == 1
    waivers: list[dict[str, Any]] = content["waivers"]
    return waivers


def test_a_waiver_is_written_beside_the_document(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["waive", "a.json", "other.sum", *BY, "--until", "2999-01-01"]) == 0

    assert capsys.readouterr().out == "waived: other.sum in a.waivers.yaml\n"
    [entry] = entries(document.with_name("a.waivers.yaml"))
    assert entry["report"] == {"agency": "青石县人民政府", "year": 2018, "form": "legacy", "file": "a.pdf"}
    assert (entry["reason"], entry["author"], entry["until"]) == ("as agreed", "张三", "2999-01-01")
    assert entry["values"] == {"x": None, "y": None}
    assert run(["check", "a.json"]) == 6
    assert "5 errors, 1 waived" in capsys.readouterr().out


def test_a_waiver_is_written_beside_the_source_where_it_is_there(document: Path) -> None:
    (document.parent / "in").mkdir()
    (document.parent / "in" / "a.pdf").write_bytes(b"")

    assert run(["waive", "a.json", "other.sum", *BY]) == 0

    assert (document.parent / "in" / "a.waivers.yaml").is_file()
    assert not (document.parent / "a.waivers.yaml").exists()


@pytest.mark.parametrize(("named", "written"), [("my.json", "my.json"), ("folder", "folder/a.waivers.yaml")])
def test_a_waiver_is_written_where_it_is_wanted(document: Path, named: str, written: str) -> None:
    (document.parent / "folder").mkdir()

    assert run(["waive", "a.json", "other.sum", *BY, "--waivers", named]) == 0

    assert len(entries(document.parent / written)) == 1
    assert not (document.parent / "a.waivers.yaml").exists()


def test_others_are_kept_and_the_same_is_replaced(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = document.with_name("a.waivers.yaml")
    run(["waive", "a.json", "other.sum", *BY])
    run(["waive", "a.json", "other.note", "--field", "z", *BY])
    first = entries(file)

    assert run(["waive", "a.json", "other.sum", "--reason", "asked again", "--author", "李四"]) == 0

    assert capsys.readouterr().out.splitlines()[-1] == "replaced: other.sum in a.waivers.yaml"
    assert [(e["rule"], e["author"]) for e in entries(file)] == [("other.note", "张三"), ("other.sum", "李四")]
    assert entries(file)[0] == first[1]


def test_all_findings_of_a_rule(document: Path) -> None:
    assert run(["waive", "a.json", "other.row", "--all", *BY]) == 0

    assert [e["says"] for e in entries(document.with_name("a.waivers.yaml"))] == ["甲", "乙"]


def test_the_author_may_be_a_variable(document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_AUTHOR", "王五")

    assert run(["waive", "a.json", "other.sum", "--reason", "as agreed"]) == 0

    assert entries(document.with_name("a.waivers.yaml"))[0]["author"] == "王五"


def test_list_and_remove(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["waive", "a.json", "other.row", "--all", *BY])
    run(["waive", "a.json", "other.sum", *BY])
    capsys.readouterr()

    assert run(["waive", "--list", "a.json"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("适用 applies other.sum as agreed (张三 ")
    assert run(["waive", "--remove", "a.json", "other.row"]) == 2
    assert "2 waivers of rule other.row — name one with --field, or take them together with --all" in (
        capsys.readouterr().err
    )
    assert run(["waive", "--remove", "a.json", "other.row", "--all"]) == 0
    assert capsys.readouterr().out == "removed: other.row from a.waivers.yaml\n" * 2
    assert [e["rule"] for e in entries(document.with_name("a.waivers.yaml"))] == ["other.sum"]
    assert run(["waive", "--remove", "a.json", "other.row"]) == 2
    assert "no waiver of rule 'other.row' of this report; there are: other.sum" in capsys.readouterr().err


def test_no_waivers_to_list(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["waive", "--list", str(document)]) == 0

    assert capsys.readouterr().out == "没有豁免 no waivers\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["a.json", "other.sum", "--author", "a"], "a waiver needs its reason — give it with --reason"),
        (["a.json", "other.sum", "--reason", " ", "--author", "a"], "a waiver needs its reason"),
        (["a.json", "other.sum", "--reason", "r"], "needs its author — give it with --author, or set NIANBAO_AUTHOR"),
        (["a.json", *BY], "no rule was named"),
        (["a.json", "nope", *BY], "no finding of rule 'nope' to waive; its findings are: other.row, other.sum, o"),
        (["a.json", "page.unread", *BY], "page.unread says that something was not read"),
        (["a.json", "other.note", *BY], "2 findings of rule other.note: x, z — name one with --field"),
        (["a.json", "other.row", *BY], "2 findings of rule other.row — name one with --field, or take them"),
        (["a.json", "other.note", "--field", "q", *BY], "names the field 'q' — its fields are: x, z"),
        (["a.json", "other.sum", *BY, "--until", "soon"], "'soon' is no date — write --until like 2024-12-31"),
        (["a.json", "other.sum", *BY, "--until", "2001-01-01"], "until (2001-01-01) is before date"),
        (["--list", "--remove", "a.json"], "--list and --remove cannot be given together"),
        (["--remove", "a.json", "other.sum"], "no waiver of rule 'other.sum' of this report; there are: none"),
        (["nope.pdf", "other.sum", *BY], "nope.pdf: no such file — name one report"),
        ([".", "other.sum", *BY], "this is no file — name one report"),
        (["--list", "a.json", "--waivers", "no.yaml"], "no.yaml: the waiver file cannot be read"),
    ],
)
def test_what_is_refused(document: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    assert run(["waive", *arguments]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert captured.err.count("\n") == 1
    assert [p.name for p in document.parent.iterdir()] == ["a.json"]


def test_a_file_that_is_not_valid_is_left_alone(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = document.with_name("a.waivers.yaml")
    file.write_text("version: 1\nwaiver: []\n", encoding="utf-8")

    assert run(["waive", "a.json", "other.sum", *BY]) == 2
    assert run(["check", "a.json"]) == 2
    assert capsys.readouterr().err.count("a.waivers.yaml: line 2: waiver is no key of a waiver file") == 2
    assert file.read_text(encoding="utf-8") == "version: 1\nwaiver: []\n"


def test_a_document_whose_waivers_are_gone_says_so(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report.model_validate_json(document.read_text(encoding="utf-8"))
    report.findings[0].waiver = None
    run(["waive", "a.json", "other.sum", *BY])
    from pipeline.waiver_files import WaiverBook, today

    write_report_json(WaiverBook((), today()).apply(report, document), document)
    document.with_name("a.waivers.yaml").unlink()
    capsys.readouterr()

    assert run(["check", "a.json"]) == 6

    captured = capsys.readouterr()
    assert "6 errors" in captured.out
    assert "a.json: 1 waived when it was written, and no waiver file lies beside it or its source" in captured.err


def test_only_waivers_of_this_report_are_removed(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["waive", "a.json", "other.sum", *BY, "--waivers", "all.yaml"])
    file = document.with_name("all.yaml")
    # Another report whose file had the same name, as in folders by year.
    text = file.read_text(encoding="utf-8").replace("year: 2018", "year: 2017")
    file.write_text(text, encoding="utf-8")

    assert run(["waive", "--remove", "a.json", "other.sum", "--waivers", "all.yaml"]) == 2

    assert "there are: none" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == text
