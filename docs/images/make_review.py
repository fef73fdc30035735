"""Takes the pictures of the review page for the README: ``python docs/images/make_review.py``.

A generated scan is read, doubts are put on some of its numbers, and a browser looks at it. Needs the extras ``dev``,
``ocr`` and ``review``, and Chromium.
"""  # noqa: INP001 - a script, not a package

from __future__ import annotations

import io
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PIL import Image

from models.errors import NianbaoError
from models.report import Report
from pipeline.config import Settings
from pipeline.review.people import change_password, ensure_admin
from pipeline.stages import read_report
from pipeline.store.open_store import open_store
from samples.generate import render_one
from tests.e2e.free_port import free_port
from tests.e2e.review_browser import PASSWORD, browsing, find_chromium, log_in, new_page, serving
from tests.e2e.review_store import SAMPLE, numbers_of, put, settings_in, with_doubts

if TYPE_CHECKING:
    from playwright.sync_api import Page

STYLE, SEED = "pdf-scan", 3
DOUBTS = 12
COLOURS = 128  # palette: enough for text and fills, and a third of the size
WIDTH, HEIGHT = 1280, 800  # pixels


def fill(folder: Path) -> int:
    """The document to look at, in a store in the folder that has some more."""
    scan = render_one(STYLE, SEED, folder).path
    read = read_report(scan, Settings())
    broken = SAMPLE.with_name("broken-sums.html")
    with open_store(settings_in(folder)) as store:
        first = ensure_admin(store)
        if first is not None:
            change_password(store, "admin", old=first.password, new=PASSWORD)
        put(store, SAMPLE, read_report(SAMPLE, Settings()), tags=("2024",))
        put(store, broken, read_report(broken, Settings()))
        return put(store, scan, _doubted(read), name="扫描件.pdf", tags=("2021",))


def take(page: Page, path: Path) -> None:
    """Nothing; ``path`` is what the page shows."""
    with Image.open(io.BytesIO(page.screenshot())) as seen:
        seen.convert("RGB").quantize(COLOURS).save(path, optimize=True)


def main() -> int:
    """The exit code."""
    out = Path(__file__).parent
    with TemporaryDirectory() as made, browsing(find_chromium()) as browser:
        folder = Path(made)
        number = fill(folder)
        with serving(folder, free_port()) as site:
            page = new_page(browser, width=WIDTH, height=HEIGHT)
            log_in(page, site, "admin", PASSWORD)
            page.wait_for_selector("table.list")
            take(page, out / "review-queue.png")
            page.goto(f"{site.address}/d/{number}")
            page.wait_for_selector(".leaf .mark.box")
            page.wait_for_function("document.querySelector('.crop img').naturalWidth > 0")
            take(page, out / "review-item.png")
            page.click("[data-do=theme]")
            page.goto(f"{site.address}/dashboards")
            page.wait_for_selector(".chart svg")
            take(page, out / "review-figures.png")
    return 0


def _doubted(report: Report) -> Report:
    return with_doubts(report, numbers_of(report)[:DOUBTS])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NianbaoError as exc:
        sys.exit(str(exc))
