from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from benchmarks.scans.cases import draw_case, main
from benchmarks.scans.load_pages import load_pages
from benchmarks.scans.plan import CaseSpec
from models.errors import ExitCode, MissingDependencyError
from samples import fonts
from samples.fonts import find_font

SPEC = CaseSpec("tune", "pdf-three-line", "uming", latin_digits=False, damage="office", dpi=50, seed=5, container="pdf")


@pytest.fixture(autouse=True)
def _font() -> None:
    try:
        find_font(SPEC.font)
    except MissingDependencyError as exc:
        pytest.skip(str(exc))


def test_the_same_case_gives_the_same_bytes(tmp_path: Path) -> None:
    first, again = (draw_case(SPEC, folder) for folder in _folders(tmp_path))
    assert first.path.read_bytes() == again.path.read_bytes()
    assert first.truth == again.truth


def test_a_scan_is_pictures_alone_as_large_as_the_paper(tmp_path: Path) -> None:
    case = draw_case(SPEC, tmp_path)
    with pypdfium2.PdfDocument(case.path) as pdf:
        assert len(pdf) == len(case.ways)
        for page in pdf:
            assert page.get_textpage().get_text_range() == ""
            assert page.get_size() == pytest.approx((595, 842), abs=2)
    pages = load_pages(case.path, SPEC.dpi)
    assert [p.shape[:2] for p in pages] == [pytest.approx(way.size, abs=1) for way in case.ways.values()]


def test_the_truth_is_that_of_the_generator_and_every_number_has_a_place(tmp_path: Path) -> None:
    case = draw_case(SPEC, tmp_path)
    written = json.loads((tmp_path / f"{SPEC.name}.truth.json").read_text(encoding="utf-8"))
    assert written == case.truth
    printed = {field: text for field, text in written["fields"].items() if text is not None}
    assert {field: cell.printed for field, cell in case.cells.items()} == printed
    assert written["scan"] == {"set": "tune", "damage": "office", "dpi": 50, "seed": 5}


def test_numbers_without_rulings_get_room_that_does_not_overlap(tmp_path: Path) -> None:
    cells = draw_case(SPEC, tmp_path).cells
    row = sorted((c.bbox for f, c in cells.items() if f.startswith("requests.new.")), key=lambda box: box.x0)
    assert len(row) == 7
    assert all(left.x1 <= right.x0 + 0.01 for left, right in pairwise(row))
    assert all(box.width > 15 for box in row)


def test_a_single_picture_has_the_truth_of_its_page(tmp_path: Path) -> None:
    whole = draw_case(SPEC, tmp_path)
    case = draw_case(replace(SPEC, container="png"), tmp_path)
    printed = {field for field, text in case.truth["fields"].items() if text is not None}
    assert printed == set(case.cells) < set(whole.cells)
    assert {cell.page_no for cell in case.cells.values()} == set(case.ways) == {1}
    with Image.open(case.path) as image:
        assert image.size == tuple(reversed(case.ways[1].size))
        assert image.info["dpi"] == pytest.approx((50, 50), abs=0.1)


@pytest.mark.parametrize(("damage", "compression"), [("fax", "group4"), ("office", "tiff_lzw")])
def test_a_tiff_has_all_pages_and_its_resolution(damage: str, compression: str, tmp_path: Path) -> None:
    case = draw_case(replace(SPEC, damage=damage, container="tif"), tmp_path)
    with Image.open(case.path) as image:
        assert getattr(image, "n_frames", 1) == len(case.ways) > 1
        assert image.info["compression"] == compression
        assert image.info["dpi"] == pytest.approx((50, 50), abs=0.1)
    assert [p.shape[:2] for p in load_pages(case.path, 50)] == [way.size for way in case.ways.values()]


def test_planted_errors_are_in_the_truth_and_on_the_pages(tmp_path: Path) -> None:
    case = draw_case(replace(SPEC, planted=True), tmp_path)
    assert case.truth["planted"]
    for slip in case.truth["planted"]:
        for cell, meant, printed in zip(slip["cells"], slip["meant"], slip["printed"], strict=True):
            assert case.truth["fields"][cell] == case.cells[cell].printed == printed != meant
    assert case.truth["violations"]
    assert "planted" not in draw_case(SPEC, tmp_path).truth


def test_the_command_tells_what_it_does_not_know(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--damage", "scorched"], ["--dpi", "many"], ["--dpi", "77"]):
        assert main(["--set", "tune", "--out", str(tmp_path), *arguments]) == ExitCode.USAGE
    assert "scorched" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def _folders(base: Path) -> tuple[Path, Path]:
    folders = base / "a", base / "b"
    for folder in folders:
        folder.mkdir()
    return folders


def test_a_font_that_is_not_installed_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FONT_ROOTS", (tmp_path,))
    with pytest.raises(MissingDependencyError):
        draw_case(replace(SPEC, font="microhei"), tmp_path)
