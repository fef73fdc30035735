from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.errors import DamagedInputError, MissingDependencyError, OutputError
from models.page import PageInfo
from pipeline.config import OcrSettings, OutputSettings, Settings
from pipeline.scan.page_image import PageImage
from pipeline.scan_pages import Scanner, debug_name
from tests.unit import pictures
from tests.unit.fake_engines import FakeLoader, missing

INFO = PageInfo(4, "ocr", "skipped", "no_text_layer")


def page() -> PageImage:
    return PageImage(4, pictures.table(3, 4, rim=20), pictures.PX_PER_PT)


def test_a_page_is_read_and_its_reason_kept() -> None:
    scanner = Scanner(Settings(), FakeLoader())

    info, tables = scanner.read(INFO, page)

    image = page()
    assert info == PageInfo(4, "ocr", "extracted", "no_text_layer", (image.width, image.height))
    assert tables is not None
    assert [len(grid.cells) for grid in tables.ruled] == [12]
    assert scanner.failures == []


def test_engines_are_loaded_with_the_first_page_and_once() -> None:
    loader = FakeLoader()
    scanner = Scanner(Settings(), loader)
    assert loader.calls == 0

    for _ in range(2):
        scanner.read(INFO, page)

    assert loader.calls == 1


def test_where_ocr_is_switched_off_nothing_is_loaded_and_nothing_is_told() -> None:
    loader = FakeLoader()
    scanner = Scanner(Settings(ocr=OcrSettings(enabled=False)), loader)

    assert scanner.read(INFO, page) == (INFO, None)
    assert (loader.calls, scanner.failures) == (0, [])


def test_a_page_that_cannot_be_rendered_fails_alone() -> None:
    def broken() -> PageImage:
        raise DamagedInputError("page 4 of the picture is truncated", remedy="get it again")

    scanner = Scanner(Settings(), FakeLoader())

    info, tables = scanner.read(INFO, broken)

    assert (info, tables) == (PageInfo(4, "ocr", "failed", "damaged"), None)
    [failure] = scanner.failures
    assert (failure.code, failure.message, failure.remedy) == (
        "damaged",
        "page 4: page 4 of the picture is truncated",
        "get it again",
    )
    assert scanner.read(INFO, page)[0].status == "extracted"


@pytest.mark.parametrize("error", [ZeroDivisionError("no lines"), MissingDependencyError("paddleocr is missing")])
def test_an_engine_that_raises_fails_one_page(error: Exception) -> None:
    scanner = Scanner(Settings(), FakeLoader(error=error))

    info, tables = scanner.read(INFO, page)

    assert (info.status, tables) == ("failed", None)
    [failure] = scanner.failures
    assert failure.code == info.reason
    assert failure.message.startswith("page 4: ")


def test_engines_that_are_missing_are_told_once() -> None:
    scanner = Scanner(Settings(), missing)

    assert [scanner.read(INFO, page) for _ in range(3)] == [(INFO, None)] * 3
    [failure] = scanner.failures
    assert (failure.stage, failure.code, failure.remedy) == ("ocr", "missing_dependency", "install the ocr extra")


def with_debug(folder: Path) -> Settings:
    return Settings(output=OutputSettings(debug_dir=folder))


def test_what_was_read_is_drawn_where_that_is_wanted(tmp_path: Path) -> None:
    scanner = Scanner(with_debug(tmp_path), FakeLoader(), "reports/洪泽区 2023.tiff")

    scanner.read(INFO, page)
    scanner.scan(4, page, is_cropped=True)

    names = sorted(p.name for p in tmp_path.iterdir())
    assert [re.sub("-[0-9a-f]{6}-", "-MARK-", name) for name in names] == [
        "洪泽区 2023-MARK-p4-2.png",
        "洪泽区 2023-MARK-p4.png",
    ]
    assert all(p.read_bytes().startswith(b"\x89PNG") for p in tmp_path.iterdir())


def test_nothing_is_drawn_of_a_page_that_cannot_be_read(tmp_path: Path) -> None:
    Scanner(with_debug(tmp_path), FakeLoader(error=ZeroDivisionError()), "a.png").read(INFO, page)

    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    scanner = Scanner(with_debug(tmp_path / "missing"), FakeLoader(), "a.png")

    with pytest.raises(OutputError, match="the folder does not exist") as caught:
        scanner.read(INFO, page)
    assert caught.value.source.startswith(str(tmp_path / "missing" / "a-"))


def test_names_of_drawings_are_safe_and_tell_files_of_one_name_apart() -> None:
    names = [
        debug_name(source, 12, 1) for source in ("a/年报.pdf", "b/年报.pdf", "../../.hidden", "x:y?.pdf", "长" * 300)
    ]

    assert len(set(names)) == len(names)
    assert all(name.endswith("-p12.png") and len(name.encode()) <= 255 for name in names)
    assert not any(c in name for name in names for c in '/\\:*?"<>|')
    assert not any(name.startswith(".") for name in names)
    assert debug_name("a/年报.pdf", 12, 1) == names[0]
