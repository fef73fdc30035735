"""What the command says and how it ends, without a process of its own: wrong arguments, settings and folders."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import info_commands
from pipeline.cli.app import app, run
from pipeline.doctor import Check


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [n for n in os.environ if n.startswith("NIANBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("一、总体情况\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["extract"], 2, "Missing argument 'PATH...'"),
        (["extract", "--nope"], 2, "No such option: --nope"),
        (["nope"], 2, "No such command 'nope'"),
        (["extract", "a.txt", "--jobs", "x"], 2, "Invalid value for '--jobs'"),
        (["extract", "a.txt", "--jobs", "0"], 2, "batch.jobs (command line) must be at least 1, not 0"),
        (["extract", "a.txt", "--format", "pdf"], 2, "must be one of 'json', 'csv', 'xlsx' or 'parquet', not 'pdf'"),
        (["extract", "a.txt", "--config", "no.yaml"], 2, "no.yaml: the config file cannot be read"),
        (["extract", "nope.pdf"], 2, "nope.pdf: no such file or folder — check the path"),
        (["extract", "."], 3, ".: no report found (0 other files passed over) — name a folder"),
        (["check", "nope.pdf"], 2, "nope.pdf: no such file or folder — check the path"),
        (["diff", "nope.pdf", "a.txt"], 2, "nope.pdf: no such file or folder — check the path"),
        (["diff", ".", "a.txt"], 3, ".: this is a folder — name one report or report document"),
        (["diff", "a.txt"], 2, "Missing argument 'B'"),
        (["show", "nope.json"], 2, "nope.json: no such file or folder — check the path"),
        (["show", "."], 3, ".: this is a folder"),
        (["forms", "nope"], 2, "unknown form 'nope'"),
    ],
)
def test_wrong_arguments(capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, told: str) -> None:
    assert run(arguments) == code

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("nianbao: ")
    assert told in captured.err
    assert captured.err.count("\n") == 1


def test_no_arguments_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2

    captured = capsys.readouterr()
    assert "extract" in captured.out + captured.err
    assert "nianbao: —" not in captured.err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("limits: {max_page: 3}", "my.yaml: unknown key limits.max_page — did you mean limits.max_pages?"),
        ("limits: {max_pages: many}", "limits.max_pages (my.yaml) must be a whole number, not 'many'"),
        ("limits: [", "my.yaml: the config file is not valid YAML"),
    ],
)
def test_wrong_config_files(
    capsys: pytest.CaptureFixture[str], report: Path, tmp_path: Path, content: str, told: str
) -> None:
    (tmp_path / "my.yaml").write_text(content, encoding="utf-8")

    assert run(["extract", str(report), "--config", "my.yaml"]) == 2

    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_variables_override_the_config_file_and_flags_the_variables(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, report: Path, tmp_path: Path
) -> None:
    (tmp_path / "my.yaml").write_text("output: {dir: from-file}", encoding="utf-8")
    monkeypatch.setenv("NIANBAO_OUTPUT__DIR", "from-variable")
    monkeypatch.setenv("NIANBAO_LIMITS__MAX_FILE_BYTES", "3")

    codes = [run(["extract", str(report), "--config", "my.yaml", *more]) for more in ((), ("--out", "from-flag"))]

    assert codes == [3, 3]
    assert "the file is larger than the limit of 3 bytes" in capsys.readouterr().out
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_dir()) == ["from-flag", "from-variable"]


@pytest.mark.parametrize("out", ["a.txt", "a.txt/below"])
def test_a_file_in_the_place_of_the_folder_of_results(
    capsys: pytest.CaptureFixture[str], report: Path, out: str
) -> None:
    assert run(["extract", str(report), "--out", out]) == 5

    assert f"{out}: the folder cannot be created" in capsys.readouterr().err


def test_a_bug_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr("pipeline.export.schema.report_schema_text", fail)

    assert run(["schema"]) == 1
    assert capsys.readouterr().err == (
        "nianbao: internal error: ZeroDivisionError: two lines — please report this; `nianbao --debug` shows where\n"
    )
    assert run(["--debug", "schema"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.export.schema.report_schema_text", interrupt)

    assert run(["schema"]) == 130
    assert capsys.readouterr().err == "nianbao: interrupted\n"


def test_the_doctor_prints_brackets_and_whole_commands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = '/some/where/rather/deep/in/a/tree/of/folders/bin/python -m pip install -c constraints.txt -e ".[ocr]"'
    checks = [
        Check("Python", ok=True, found="3.11 [red]", needed_for="everything"),
        Check("lxml", ok=False, found="not installed", needed_for="HTML", remedy=command),
        Check("OCR", ok=False, found="missing", needed_for="scans", remedy="nothing [yet]", required=False),
    ]
    monkeypatch.setattr("pipeline.doctor.run_checks", lambda _config: checks)

    assert run(["doctor"]) == 4

    out = capsys.readouterr().out
    assert f"\n  {command}\n" in out
    assert "nothing [yet]" in out
    assert "3.11 [red]" in out
    assert out.endswith("something is missing, see above\n")


def test_starting_loads_no_reader_and_no_writer(repo_root: Path) -> None:
    slow = (
        "pdfplumber",
        "pdfminer",
        "camelot",
        "pypdfium2",
        "docx",
        "lxml",
        "xlsxwriter",
        "sqlalchemy",
        "pyarrow",
        "watchfiles",
        "numpy",
        "yaml",
    )
    code = f"import sys, pipeline.cli; print([n for n in {slow!r} if n in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], cwd=repo_root, capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_every_command_has_a_help() -> None:
    commands = {c.callback for c in app.registered_commands}

    assert info_commands.doctor in commands
    assert all(c is not None and c.__doc__ for c in commands)


def test_the_folder_for_drawings_is_made_and_is_no_input(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = tmp_path / "drawn"
    drawn.mkdir()
    (drawn / "a-012345-p1.png").write_bytes(b"of a run before")

    assert run(["extract", str(tmp_path), "--out", str(tmp_path / "out"), "--debug", str(drawn)]) == 6

    assert capsys.readouterr().err == ""
    assert [p.name for p in (tmp_path / "out").glob("[!.]*")] == ["a.json"]
    assert run(["extract", str(report), "--debug", str(report)]) == 5
    assert f"{report}: the folder cannot be created" in capsys.readouterr().err
