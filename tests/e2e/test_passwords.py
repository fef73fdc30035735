"""Encrypted PDFs: a password opens them and is found in no output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import Run
from tests.unit.extract.drawn_pdf import draw_pdf, says

SECRET = "Sesam1234"
PROSE = says("一、总体情况", "本年度未收到政府信息公开申请。", "本机关未发生行政复议和行政诉讼。")


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    path = tmp_path / "locked.pdf"
    path.write_bytes(draw_pdf(PROSE, password=SECRET))
    return path


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_bytes(f"\ufeff{SECRET}\r\nnot this\n".encode())
    return path


@pytest.mark.parametrize("by_file", [False, True])
def test_the_password_opens_and_is_in_no_output(
    run: Run, locked: Path, password_file: Path, tmp_path: Path, by_file: bool
) -> None:
    out = tmp_path / "out"
    given = ("--password-file", password_file) if by_file else ("--password", SECRET)

    ended = run("extract", locked, "--out", out, "--format", "json,csv,xlsx", *given)

    assert ended.code == 6
    document = json.loads((out / "locked.json").read_text(encoding="utf-8"))
    assert document["sections"]
    assert document["failures"] == []
    everything = ended.out + ended.err + "".join(f.read_bytes().decode("latin-1") for f in out.iterdir())
    assert SECRET not in everything


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((), "the PDF is protected by a password — save a copy without password, or give the password: --password"),
        (("--password", "Barley9"), "the password does not open the PDF — save a copy without password"),
    ],
)
def test_without_the_right_one_it_stays_shut(
    run: Run, locked: Path, tmp_path: Path, given: tuple[str, ...], told: str
) -> None:
    ended = run("extract", locked, "--out", tmp_path / "out", *given)

    assert ended.code == 3
    assert told in ended.out
    assert "Barley9" not in ended.out + ended.err
    [failure] = json.loads((tmp_path / "out" / "locked.json").read_text(encoding="utf-8"))["failures"]
    assert failure["code"] == "encrypted"
