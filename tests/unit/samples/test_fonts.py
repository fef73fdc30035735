from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import ExitCode, MissingDependencyError
from samples import fonts
from samples.catalogue import CATALOGUE
from samples.drawing import draw_report
from samples.fonts import FONTS, find_font, font_keys, installed_font
from samples.generate import main
from samples.producers.reportlab_pen import register_font


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "fonts"
    monkeypatch.setattr(fonts, "FONT_ROOTS", (tmp_path / "missing", folder))
    # Another test may have set type in this process.
    register_font.cache_clear()
    folder.mkdir()
    return folder


def put(root: Path, key: str) -> Path:
    path = root / "deep" / FONTS[key].file_name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    return path


def test_a_font_is_found_in_any_folder(root: Path) -> None:
    path = put(root, "uming")
    assert find_font("uming") == path


def test_a_missing_font_names_its_package(root: Path) -> None:
    with pytest.raises(MissingDependencyError, match="apt-get install fonts-wqy-zenhei"):
        find_font("zenhei")


def test_a_substitute_is_taken_only_where_the_font_itself_is_missing(root: Path) -> None:
    assert installed_font("sungti") == "sungti"
    put(root, "uming")
    assert installed_font("sungti") == "uming"
    put(root, "sungti")
    assert installed_font("sungti") == "sungti"


def test_substitutes_are_of_the_same_kind_and_need_none_themselves() -> None:
    for font in FONTS.values():
        if font.substitute:
            other = FONTS[font.substitute]
            assert (other.outlines, other.substitute) == (font.outlines, "")
            assert other.radicals >= font.radicals


def test_the_figures_do_not_depend_on_the_fonts(root: Path) -> None:
    for seed in range(6):
        bare = draw_report(CATALOGUE["pdf-plain"], seed)
        for key in font_keys():
            if not FONTS[key].substitute:
                put(root, key)
        full = draw_report(CATALOGUE["pdf-plain"], seed)
        assert (bare.items, bare.truth) == (full.items, full.truth)
        assert not FONTS[full.style.pages.font].substitute


@pytest.mark.parametrize("style", ["pdf-plain", "pdf-scan", "html-picture-table"])
def test_without_fonts_the_command_says_what_to_install(
    style: str, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["--style", style, "--out", str(tmp_path / "out")])
    assert status == ExitCode.DEPENDENCY
    assert "apt-get install fonts-" in capsys.readouterr().err
