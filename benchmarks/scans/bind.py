"""Binds scanned pages into a file: an image-only PDF, a TIFF of several pages, or a single picture."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from typing import Literal

from PIL import Image
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from benchmarks.scans.damage import Damaged
from benchmarks.scans.paper import POINTS_PER_INCH

Container = Literal["pdf", "tif", "png", "jpg"]


def bind(scans: Sequence[Damaged], dpi: float, container: Container) -> bytes:
    """The bytes of the file; of a single picture, the first scan. The same scans give the same bytes."""
    match container:
        case "pdf":
            return _bind_pdf(scans, dpi)
        case "tif":
            return _bind_tiff(scans, dpi)
        case "png" | "jpg":
            return _save(scans[0], dpi, container)


def _bind_pdf(scans: Sequence[Damaged], dpi: float) -> bytes:
    buffer = io.BytesIO()
    with _binary_streams():
        canvas = Canvas(buffer, invariant=1)
        for scan in scans:
            height, width = scan.transform.size
            size = (width * POINTS_PER_INCH / dpi, height * POINTS_PER_INCH / dpi)
            canvas.setPageSize(size)
            canvas.drawImage(ImageReader(_picture(scan, dpi)), 0, 0, *size)
            canvas.showPage()
        canvas.save()
    return buffer.getvalue()


@contextlib.contextmanager
def _binary_streams() -> Iterator[None]:
    """Pictures as scanners store them; reportlab's own wrapping in printable characters is slow to undo."""
    usual = rl_config.useA85
    rl_config.useA85 = 0
    try:
        yield
    finally:
        rl_config.useA85 = usual


def _picture(scan: Damaged, dpi: float) -> Image.Image | io.BytesIO:
    """What reportlab embeds: a JPEG stream as it is, or the pixels of a scan of one bit, without loss."""
    if scan.quality is None:
        return Image.fromarray(scan.image).convert("L")
    return io.BytesIO(_save(scan, dpi, "jpg"))


def _bind_tiff(scans: Sequence[Damaged], dpi: float) -> bytes:
    """Fax machines and multi-function devices write TIFF: Group 4 for one bit, JPEG or LZW else."""
    pages = [Image.fromarray(scan.image) for scan in scans]
    bilevel = all(scan.quality is None for scan in scans)
    if bilevel:
        pages = [page.convert("1", dither=Image.Dither.NONE) for page in pages]
    else:
        # The loss of a JPEG scan is kept, the container adds none.
        pages = [Image.open(io.BytesIO(_save(scan, dpi, "jpg"))) for scan in scans]
    buffer = io.BytesIO()
    pages[0].save(
        buffer,
        "TIFF",
        save_all=True,
        append_images=pages[1:],
        compression="group4" if bilevel else "tiff_lzw",
        dpi=(dpi, dpi),
    )
    return buffer.getvalue()


def _save(scan: Damaged, dpi: float, container: Literal["png", "jpg"]) -> bytes:
    buffer = io.BytesIO()
    image = Image.fromarray(scan.image)
    if container == "png":
        if scan.quality is not None:  # the loss that its kind of damage has, kept without loss
            image = Image.open(io.BytesIO(_save(scan, dpi, "jpg")))
        image.save(buffer, "PNG", dpi=(dpi, dpi))
    else:
        image.save(buffer, "JPEG", quality=scan.quality or 90, dpi=(round(dpi), round(dpi)))
    return buffer.getvalue()
