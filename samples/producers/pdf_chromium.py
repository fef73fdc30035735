"""Prints reports to PDF with Chromium, as an office does that publishes the printout of its web page."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from models.errors import MissingDependencyError, OutputError
from samples.document import Document
from samples.fonts import FONTS, find_font
from samples.producers.html import build_page
from samples.style import Style

COMMANDS: tuple[str, ...] = ("chromium", "chromium-browser", "google-chrome")
_SWITCHES: tuple[str, ...] = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
    "--disable-component-update",
    "--disable-extensions",
    "--no-pdf-header-footer",
)
_TIMEOUT_S = 120
_FIXED_DATE = b"D:20240101000000+00'00'"
_DATE = re.compile(rb"D:\d{14}[+-]\d{2}'\d{2}'")
_BORDERS: dict[str, str] = {
    "full": "border: 0.75pt solid #000",
    "hairline": "border: 0.25pt solid #000",
    "thick_frame": "border: 0.5pt solid #000",
    "double": "border: 2.25pt double #000",
    "dotted": "border: 1pt dotted #000",
    "dashed": "border: 0.75pt dashed #000",
    "open_sides": "border: 0.75pt solid #000",
    "horizontal": "border-top: 0.75pt solid #000; border-bottom: 0.75pt solid #000",
    "three_line": "border: none",
    "none": "border: none",
    "rects": "border: 0.75pt solid #000",
    "grey": "border: 0.75pt solid #bbb",
}


def print_pages(documents: Sequence[tuple[Document, Path]]) -> None:
    """Prints each report to its path, one browser call for each.

    Raises:
        MissingDependencyError: Chromium or a font is not installed.
        OutputError: Chromium wrote no PDF.
    """
    if not documents:
        return
    command = _find_chromium()
    with tempfile.TemporaryDirectory(prefix="samples-chromium-") as folder:
        for index, (document, path) in enumerate(documents):
            find_font(document.style.pages.font)
            page = Path(folder) / f"{index}.html"
            page.write_text(build_page(document, css=_paper_css(document.style)), encoding="utf-8")
            _print_page(command, page, path, Path(folder) / "profile")


def _print_page(command: str, page: Path, path: Path, profile: Path) -> None:
    printed = page.with_suffix(".pdf")
    call = [command, *_SWITCHES, f"--user-data-dir={profile}", f"--print-to-pdf={printed}", page.as_uri()]
    try:
        done = subprocess.run(call, capture_output=True, timeout=_TIMEOUT_S, check=False)  # fixed command
    except subprocess.TimeoutExpired as exc:
        raise OutputError(f"Chromium did not finish in {_TIMEOUT_S} s", source=path.name) from exc
    if done.returncode or not printed.is_file():
        tail = done.stderr.decode("utf-8", "replace")[-300:]
        raise OutputError(f"Chromium wrote no PDF: {tail}", source=path.name)
    # The browser stamps the time of printing; the same seed must give the same file.
    path.write_bytes(_DATE.sub(_FIXED_DATE, printed.read_bytes()))


def _find_chromium() -> str:
    for name in COMMANDS:
        found = shutil.which(name)
        if found:
            return found
    raise MissingDependencyError("Chromium not found", remedy="apt-get install chromium")


def _paper_css(style: Style) -> str:
    pages, tables = style.pages, style.tables
    tall = "padding: 7pt 1pt;" if pages.split == "three_pages" else "padding: 2.5pt 1pt;"
    rows = "auto" if pages.split else "avoid"
    shade = {"caption": "th.caption { background: #c6d9f1 }\n", "header": "th { background: #e7e6e6 }\n"}.get(
        tables.shade, ""
    )
    frame = "table.sheet { border: 2pt solid #000 }\n" if tables.rulings == "thick_frame" else ""
    turned = "td.group { writing-mode: vertical-rl }\n" if tables.group_labels == "vertical" else ""
    width = "60%" if tables.narrow else "100%"
    orientation = "landscape" if pages.landscape else "portrait"
    return (
        f"@page {{ size: A4 {orientation}; margin: 22mm }}\n"
        f"body {{ font-family: '{FONTS[pages.font].family}'; font-size: 12pt; line-height: 1.5; margin: 0 }}\n"
        "h1 { font-size: 18pt; text-align: center; font-weight: normal }\n.meta, .subtitle { text-align: center }\n"
        ".signature { text-align: right }\n"
        f"table.sheet {{ border-collapse: collapse; width: {width}; margin: 0 auto 8pt; table-layout: fixed; "
        f"font-size: {pages.size}pt; line-height: 1.2 }}\ntr {{ break-inside: {rows} }}\n"
        f"table.sheet td, table.sheet th {{ {_BORDERS[tables.rulings]}; {tall} text-align: center; "
        "font-weight: normal; overflow-wrap: anywhere }\n"
        f"td.label {{ text-align: left !important }}\n{shade}{frame}{turned}"
    )
