from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from models.errors import ExitCode, OutputError, UsageError
from samples.catalogue import CATALOGUE
from samples.generate import FORMATS, STYLES, build_set, main, render_one


def test_list_names_every_style(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == ExitCode.OK
    assert capsys.readouterr().out.split() == list(STYLES)


def test_one_style_is_drawn_with_its_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--style", "text-bars", "--seed", "7", "--out", str(tmp_path)]) == ExitCode.OK
    assert sorted(p.name for p in tmp_path.iterdir()) == ["text-bars-7.truth.json", "text-bars-7.txt"]
    assert capsys.readouterr().out.split() == [str(tmp_path / "text-bars-7.txt"), "text-bars", "exact"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--style", "no-such-style", "--out", "{out}"], "known styles: "),
        (["--formats", "odt", "--out", "{out}"], "known formats: pdf"),
        (["--count", "0", "--out", "{out}"], "--count"),
        ([], "add --out DIR"),
    ],
)
def test_wrong_use_is_told_and_writes_nothing(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main([a.format(out=out) for a in arguments]) == ExitCode.USAGE
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_a_file_in_the_place_of_the_folder_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="writable folder"):
        render_one("text-lines", 1, tmp_path / "out")


def test_a_set_cycles_over_the_styles_of_its_formats(tmp_path: Path) -> None:
    texts = [style.name for style in CATALOGUE.values() if style.format == "txt"]
    samples = build_set(tmp_path, seed=3, count=len(texts) + 1, formats=("txt",))
    assert [s.style for s in samples] == [*texts, texts[0]]
    assert samples[0].path.read_bytes() != samples[-1].path.read_bytes()
    assert all(s.path.is_file() and s.truth_path.is_file() for s in samples)


def test_a_set_of_no_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no style"):
        build_set(tmp_path, formats=())


def test_the_catalogue_covers_what_it_should() -> None:
    by_format = Counter(style.format for style in CATALOGUE.values())
    assert set(by_format) == set(FORMATS)
    assert len(CATALOGUE) >= 60
    assert {s.producer for s in list(CATALOGUE.values())[:16]} == {s.producer for s in CATALOGUE.values()}
    assert all(style.name == name for name, style in CATALOGUE.items())


def test_the_readme_lists_every_style(repo_root: Path) -> None:
    text = (repo_root / "samples" / "README.md").read_text(encoding="utf-8")
    starred = {style.name for style in CATALOGUE.values() if style.expect == "review"}
    listed = re.findall(r"`((?:pdf|office|chromium|html|docx|text)-[a-z0-9-]+)`(\*?)", text.partition("## Styles")[2])
    assert sorted(listed) == sorted((name, "*" if name in starred else "") for name in STYLES)
