"""Pages of a PDF as pictures of themselves."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium


def with_scans(path: Path, scanned: set[int]) -> bytes:
    """The PDF with some of its pages, counted from 0, as pictures of themselves."""
    source, made = pdfium.PdfDocument(path), pdfium.PdfDocument.new()
    for index in range(len(source)):
        if index not in scanned:
            made.import_pages(source, [index])
            continue
        width, height = source[index].get_size()
        page, picture, jpeg = made.new_page(width, height), pdfium.PdfImage.new(made), io.BytesIO()
        source[index].render(scale=2.5).to_pil().convert("RGB").save(jpeg, "JPEG", quality=80)
        picture.load_jpeg(jpeg, inline=True)
        picture.set_matrix(pdfium.PdfMatrix(width, 0, 0, height, 0, 0))
        page.insert_obj(picture)
        page.gen_content()
    stream = io.BytesIO()
    made.save(stream)
    made.close()
    source.close()
    return stream.getvalue()
