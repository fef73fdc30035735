"""Writes a report as a scan: pages of images, upright, turned, or with a hidden text layer that is wrong in places."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from pathlib import Path

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from samples.document import Document
from samples.producers.pdf_reportlab import draw_pdf
from samples.producers.picture import encode_jpeg, rasterise_pages
from samples.producers.reportlab_pen import INVISIBLE, make_pen

_TURNS = {"scan_90": 90, "scan_180": 180}


def write_scan(document: Document, path: Path) -> None:
    """Writes the scanned report as PDF.

    Raises:
        MissingDependencyError: the font is not installed.
    """
    pen = make_pen(document.style.pages)
    raster = document.style.pages.raster
    pages = rasterise_pages(draw_pdf(document, pen), turn=_TURNS.get(raster, 0))
    if raster != "hidden_layer":
        path.write_bytes(_bind_images(pages))
        return
    wrong = replace(pen, mode=INVISIBLE, misread=random.Random(document.seed))

    def paint(canvas: Canvas, page_no: int) -> None:
        canvas.drawImage(ImageReader(encode_jpeg(pages[page_no - 1])), 0, 0, A4[0], A4[1])

    path.write_bytes(draw_pdf(document, wrong, paint))


def _bind_images(pages: list[Image.Image]) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for image in pages:
        wide = image.width > image.height
        width, height = (A4[1], A4[0]) if wide else A4
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(encode_jpeg(image)), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
