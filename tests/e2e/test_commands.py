from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from importlib import metadata
from pathlib import Path

from tests.e2e.conftest import COMMAND, Extracted, Run, environment, without_progress


def test_version(run: Run) -> None:
    ended = run("--version")

    assert (ended.code, ended.out, ended.err) == (0, f"nianbao {metadata.version('nianbao')}\n", "")


def test_help_names_commands_and_exit_codes(run: Run) -> None:
    ended = run("--help")

    assert (ended.code, ended.err) == (0, "")
    assert [c for c in ("extract", "check", "diff", "show", "forms", "schema", "doctor") if c not in ended.out] == []
    assert "6 finished, needs review" in ended.out


def test_check_of_a_report_with_broken_sums(run: Run, reports: Path) -> None:
    ended = run("check", reports / "broken.pdf")

    assert (ended.code, ended.err) == (6, "")
    assert "错误" in ended.out
    assert "≠" in ended.out


def test_check_of_documents_and_files_together(run: Run, reports: Path, extracted: Extracted) -> None:
    ended = run("check", reports / "page.html", extracted.out / "plain.json")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.count("No findings") == 2


def test_check_goes_on_after_a_file_that_is_no_document(run: Run, extracted: Extracted, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")

    ended = run("check", tmp_path / "other.json", extracted.out / "plain.json")

    assert ended.code == 3
    assert ended.err.count("\n") == 1
    assert "other.json: JSON, but not a report document — give" in ended.err
    assert "No findings" in ended.out


def test_show(run: Run, extracted: Extracted) -> None:
    ended = run("show", extracted.out / "broken.json")

    assert (ended.code, ended.err) == (0, "")
    assert "三、" in ended.out
    assert "≠" in ended.out


def test_forms(run: Run) -> None:
    ended = run("forms")

    assert (ended.code, ended.err) == (0, "")
    assert all(name in ended.out for name in ("gk2021", "gk2019", "200", "198"))


def test_field_ids_for_scripts(run: Run, extracted: Extracted) -> None:
    ended = run("forms", "gk2021", "--fields")
    report = json.loads((extracted.out / "plain.json").read_text(encoding="utf-8"))

    assert ended.code == 0
    assert set(report["fields"]) <= set(ended.out.splitlines())


def test_doctor_prints_remedies_that_can_be_copied(run: Run) -> None:
    ended = run("doctor", COLUMNS="60")

    assert (ended.code, ended.err) == (0, "")
    assert "everything that reading reports needs is here" in ended.out
    if "OCR extra, for" in ended.out:
        assert '-m pip install -c constraints.txt -e ".[ocr]"\n' in ended.out


def test_doctor_tells_of_a_wrong_config(run: Run, tmp_path: Path) -> None:
    (tmp_path / "my.yaml").write_text("limit: {}\n", encoding="utf-8")

    ended = run("doctor", "--config", tmp_path / "my.yaml")

    assert ended.code == 4
    assert "did you mean limits?" in ended.out


def test_output_that_nobody_reads_any_more_stops_nothing(reports: Path, tmp_path: Path) -> None:
    command: list[str | Path] = [COMMAND, "extract", reports / "2023", reports / "page.html", "--out", tmp_path]
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert without_progress(process.stderr.read()) == ""

    assert process.returncode == 0
    assert {p.name for p in tmp_path.glob("[!.]*")} == {"saved.json", "page.json"}


def test_ctrl_c_ends_the_command_and_leaves_whole_files_only(text_report: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number:03}.txt").write_bytes(text_report)
    out = tmp_path / "out"
    # Where tests run in the background of a shell, the signal is ignored, and that is inherited.
    heeding = ["env", "--default-signal=INT"]
    command: list[str | Path] = [
        *heeding,
        COMMAND,
        "extract",
        folder,
        "--out",
        out,
        "--format",
        "json,csv,xlsx",
        "--jobs",
        "2",
    ]
    with subprocess.Popen(
        command,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        # A terminal sends it to all processes of the command.
        os.killpg(process.pid, signal.SIGINT)
        process.stdout.read()
        errors = without_progress(process.stderr.read())

    assert process.returncode == 128 + signal.SIGINT
    stopped, interrupted = errors.splitlines()
    assert re.fullmatch(r"nianbao: stopped after \d+/30 reports, .* — the same command with --resume goes on", stopped)
    assert interrupted == "nianbao: interrupted"
    left = {file.name for file in out.glob("[!.]*")}
    assert 0 < len(left) < 30
    assert all(json.loads((out / name).read_text(encoding="utf-8"))["fields"] for name in left)
