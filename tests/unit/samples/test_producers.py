"""Every style that needs no browser and no office suite: drawn, opened again, and found to hold what its truth says."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pypdfium2
import pytest
from lxml import html

from models.errors import ExitCode
from samples.catalogue import CATALOGUE
from samples.document import Document
from samples.drawing import draw_report
from samples.generate import main, write_reports
from samples.producers import pdf_chromium, pdf_libreoffice
from samples.style import Style

NeedsFont = Callable[[Document], None]
SEED = 1
DIRECT = [style for style in CATALOGUE.values() if style.producer in ("html", "docx", "text")]
DRAWN = [style for style in CATALOGUE.values() if style.producer == "reportlab"]
CODECS = {"gb18030": "gb18030", "gb18030_undeclared": "gb18030"}


def draw(style: Style, folder: Path) -> tuple[Document, Path]:
    document = draw_report(style, SEED)
    path = folder / f"report.{style.format}"
    write_reports([(document, path)], folder)
    return document, path


def pdf_text(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as opened:
        return "".join(page.get_textpage().get_text_range() for page in opened)


def html_text(path: Path, style: Style) -> str:
    page = path.read_bytes().decode(CODECS.get(style.file.encoding, "utf-8-sig"))
    tree = html.fromstring(page)
    return "".join(str(text) for text in tree.itertext())


def docx_text(path: Path) -> str:
    return "".join(docx.Document(str(path)).element.body.itertext())


def text_of(path: Path, style: Style) -> str:
    match style.format:
        case "pdf":
            text = pdf_text(path)
        case "html":
            text = html_text(path, style)
        case "docx":
            text = docx_text(path)
        case _:
            text = path.read_bytes().decode(CODECS.get(style.file.encoding, "utf-8-sig"))
    return squeezed(text)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]", "", text)


def assert_holds(document: Document, text: str) -> None:
    assert squeezed(document.agency.title) in text
    pictured = tuple(f"{table}." for table in document.style.tables.pictures)
    for name, printed in document.truth.items():
        if printed and not (pictured and name.startswith(pictured)):
            assert printed in text, name


@pytest.mark.parametrize("style", DIRECT, ids=lambda style: style.name)
def test_pages_documents_and_texts_hold_their_truth(style: Style, tmp_path: Path, needs_font: NeedsFont) -> None:
    needs_font(draw_report(style, SEED))
    document, path = draw(style, tmp_path)
    assert_holds(document, text_of(path, style))


@pytest.mark.slow
@pytest.mark.parametrize("style", DRAWN, ids=lambda style: style.name)
def test_drawn_pages_hold_their_truth(style: Style, tmp_path: Path, needs_font: NeedsFont) -> None:
    needs_font(draw_report(style, SEED))
    document, path = draw(style, tmp_path)
    text = text_of(path, style)
    if style.pages.raster == "hidden_layer":
        assert not all(printed in text for printed in document.truth.values() if printed)
    elif style.pages.raster:
        assert text == ""
    elif style.pages.private_use:
        assert not re.search(r"\d", text)
        assert re.search(r"[\ue030-\ue039]{3}", text)
    else:
        assert squeezed(document.agency.title) in text
        # Narrow cells break their numbers, double printing doubles them.
        if not (style.tables.narrow or style.pages.overprint):
            assert_holds(document, text)


@pytest.mark.parametrize("name", ["html-word-export", "docx-tracked-changes", "text-tabs", "pdf-stamped-cells"])
def test_equal_seeds_give_equal_files(name: str, tmp_path: Path, needs_font: NeedsFont) -> None:
    style = CATALOGUE[name]
    needs_font(draw_report(style, SEED))
    files = [draw(style, tmp_path / folder)[1].read_bytes() for folder in ("a", "b")]
    assert files[0] == files[1]


@pytest.mark.parametrize(
    ("name", "least_pages"), [("pdf-cut-row-above", 2), ("pdf-three-pages", 3), ("pdf-cover-and-stamp", 3)]
)
def test_tables_run_over_pages(name: str, least_pages: int, tmp_path: Path, needs_font: NeedsFont) -> None:
    needs_font(draw_report(CATALOGUE[name], SEED))
    _, path = draw(CATALOGUE[name], tmp_path)
    with pypdfium2.PdfDocument(path) as opened:
        assert len(opened) >= least_pages


@pytest.mark.parametrize("split", ["pdf-cut-row-above", "pdf-cut-row-below"])
def test_the_label_of_a_cut_row_stands_on_two_pages(split: str, tmp_path: Path, needs_font: NeedsFont) -> None:
    needs_font(draw_report(CATALOGUE[split], SEED))
    document, path = draw(CATALOGUE[split], tmp_path)
    with pypdfium2.PdfDocument(path) as opened:
        pages = [squeezed(page.get_textpage().get_text_range()) for page in opened]
    sheet = next(sheet for sheet in document.sheets if sheet.name == "requests")
    labels = [squeezed(box.text) for box in sheet.boxes if box.kind == "label"]
    (cut,) = [label for label in labels if not any(label in page for page in pages)]
    upper = next(i for i, page in enumerate(pages) if "申请人情况" in page)
    assert cut[:4] in pages[upper]
    assert cut[-4:] in pages[upper + 1]


def test_drawn_fonts_are_embedded(tmp_path: Path, needs_font: NeedsFont) -> None:
    needs_font(draw_report(CATALOGUE["pdf-plain"], SEED))
    _, path = draw(CATALOGUE["pdf-plain"], tmp_path)
    content = path.read_bytes()
    fonts = re.findall(rb"/Subtype /TrueType", content)
    assert len(fonts) == len(re.findall(rb"/FontFile2", content)) > 0
    assert b"/Type1" not in content


def test_word_documents_have_no_date_of_today(tmp_path: Path) -> None:
    _, path = draw(CATALOGUE["docx-plain"], tmp_path)
    with zipfile.ZipFile(path) as archive:
        assert {info.date_time[:3] for info in archive.infolist()} == {(2024, 1, 1)}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["chromium-shaded", "chromium-narrow"])
def test_the_browser_prints(name: str, tmp_path: Path, chromium: None, needs_font: NeedsFont) -> None:
    needs_font(draw_report(CATALOGUE[name], SEED))
    document, path = draw(CATALOGUE[name], tmp_path)
    assert squeezed(document.agency.title) in text_of(path, document.style)
    assert b"D:20240101000000" in path.read_bytes()


@pytest.mark.slow
def test_the_office_suite_exports(tmp_path: Path, libreoffice: None, needs_font: NeedsFont) -> None:
    style = CATALOGUE["office-2019"]
    needs_font(draw_report(style, SEED))
    document, path = draw(style, tmp_path)
    assert squeezed(document.agency.title) in text_of(path, style)
    assert re.findall(rb"/CreationDate\(D:(\d{14})", path.read_bytes()) == [b"20240101000000"]


@pytest.mark.parametrize(
    ("style", "module", "package"),
    [("chromium-plain", pdf_chromium, "chromium"), ("office-plain", pdf_libreoffice, "libreoffice-writer")],
)
def test_without_its_program_the_command_says_what_to_install(
    style: str,
    module: object,
    package: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(module, "COMMANDS", ("no-such-program",))
    assert main(["--style", style, "--out", str(tmp_path)]) == ExitCode.DEPENDENCY
    assert f"apt-get install {package}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
