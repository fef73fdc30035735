from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from models.errors import ExitCode
from pipeline.cli.app import run

SAYS_WHAT_IS_LOADED = """
import sys
from pipeline.cli.app import run
run(sys.argv[1:])
loaded = [name for name in sys.modules if name.partition(".")[0] == "ray" or name.startswith("pipeline.distributed")]
sys.exit("loaded: " + ", ".join(loaded) if loaded else 0)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["extract", "--help"], ["extract", "REPORT", "--out", "OUT"]])
def test_ray_is_loaded_only_where_it_is_asked_for(arguments: list[str], tmp_path: Path, repo_root: Path) -> None:
    report = repo_root / "samples" / "reports" / "word-export.html"
    given = {"REPORT": str(report), "OUT": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-c", SAYS_WHAT_IS_LOADED, *(given.get(word, word) for word in arguments)],
        cwd=repo_root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.pdf", "--engine", "ray", "--store"], "does not go with --store"),
        (["a.pdf", "--engine", "ray", "--format", "csv"], "does not go with --format"),
        (["a.pdf", "--engine", "ray", "--debug", "d"], "does not go with --debug"),
        (["a.pdf", "--address", "host:1"], "add --engine ray"),
        (["s3://bucket/a.pdf"], "add --engine ray"),
        (["a.pdf", "--out", "s3://bucket/out"], "add --engine ray"),
        ([], "Missing argument"),
        (["--files-from", "none.txt"], "the list cannot be read"),
        (["none.pdf", "--engine", "ray"], "no such file"),
        (["nosuch://a/b.pdf", "--engine", "ray"], "this URL cannot be opened"),
    ],
)
def test_what_does_not_go_together_is_told(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(["extract", *arguments]) == ExitCode.USAGE
    assert message in capsys.readouterr().err


def test_an_empty_list_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "list").write_text("# nothing yet\n", encoding="utf-8")

    assert run(["extract", "--files-from", str(tmp_path / "list")]) == ExitCode.USAGE
    assert "the list names no file" in capsys.readouterr().err


def test_a_list_of_files_may_be_read_without_ray(tmp_path: Path, repo_root: Path) -> None:
    (tmp_path / "list").write_text(f"{repo_root}/samples/reports/word-export.html\n", encoding="utf-8")

    assert run(["extract", "--files-from", str(tmp_path / "list"), "--out", str(tmp_path / "out")]) == ExitCode.OK
    assert len(list((tmp_path / "out").glob("*.json"))) == 1


def test_an_address_that_answers_nothing_has_a_stable_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")

    code = run(["extract", "--engine", "ray", "--address", "127.0.0.1:1", str(tmp_path), "--out", str(tmp_path / "o")])

    assert code == ExitCode.DEPENDENCY
    assert "no Ray cluster answers here" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_is_told_before_anything_starts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "file").touch()

    code = run(["extract", "--engine", "ray", str(tmp_path / "a.pdf"), "--out", str(tmp_path / "file" / "out")])

    assert code == ExitCode.OUTPUT
    assert "is a file, not a folder" in capsys.readouterr().err
