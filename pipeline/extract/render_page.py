"""Pages of a PDF as pixels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from models.errors import StageError
from models.geometry import BBox
from pipeline.extract.page_pictures import media_offset

_POINTS_AN_INCH = 72
# Scans are rendered at their own resolution within these limits, so that no pixel is invented or lost. Dots an inch.
_LEAST_DPI, _MOST_DPI = 100.0, 300.0
# So many times the pixels asked for are too many; a strip as thin as a pixel cannot be made coarser.
_MOST_STRETCHED = 2
# The renderer rounds outwards: a page drawn this much smaller is not stretched by a pixel, which would blur all of it.
# Pixels.
_SLACK = 0.05
# A picture that covers less of the page does not tell the page's resolution.
_TELLING_SHARE = 0.5


def render_page(
    document: pdfium.PdfDocument, page_no: int, *, dpi: float, max_pixels: int
) -> tuple[NDArray[np.uint8], float]:
    """(the page as uint8 (H, W, 3) RGB, pixels a point).

    Args:
        document: The opened PDF.
        page_no: 1-based.
        dpi: Resolution of a page that is no scan.
        max_pixels: A page that would have more is rendered coarser.

    Raises:
        StageError: the page cannot be rendered.
    """
    try:
        page = document[page_no - 1]
        width, height = page.get_size()
        scale = (_scan_dpi(page) or dpi) / _POINTS_AN_INCH
        scale = min(scale, (max_pixels / max(width * height, 1.0)) ** 0.5)
        columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
        _refuse_strip(page_no, (width, height), columns * rows, max_pixels)
        across, down = (columns - _SLACK) / max(width, _SLACK), (rows - _SLACK) / max(height, _SLACK)
        pixels = _draw(page, (across, down), (_SLACK / 2, _SLACK / 2), (columns, rows), in_grey=False)
        page.close()
    except (pdfium.PdfiumError, MemoryError, ValueError) as exc:
        raise StageError(
            f"page {page_no} cannot be rendered ({type(exc).__name__})",
            remedy="print the file to a new PDF and read that",
        ) from exc
    return pixels, scale


def render_region(
    document: pdfium.PdfDocument,
    page_no: int,
    box: BBox,
    *,
    px_per_pt: float,
    max_pixels: int,
    least: float = _LEAST_DPI / _POINTS_AN_INCH,
    in_grey: bool = False,
) -> tuple[NDArray[np.uint8], float]:
    """(a part of the page as uint8 (H, W, 3) RGB, pixels a point); its first pixel begins at the corner of the box.

    Args:
        document: The opened PDF.
        page_no: 1-based.
        box: In points of the page as shown, origin at the top left corner of its media box.
        px_per_pt: Resolution of the picture that lies there; more than that of fine scans is not rendered.
        max_pixels: A part that would have more is rendered coarser.
        least: Coarser pictures are rendered like this, in pixels a point.
        in_grey: The part is wanted as (H, W).

    Raises:
        StageError: the page cannot be rendered.
    """
    scale = min(max(px_per_pt, least), _MOST_DPI / _POINTS_AN_INCH)
    scale = min(scale, (max_pixels / max(box.area, 1.0)) ** 0.5)
    width, height = max(1, round(box.width * scale)), max(1, round(box.height * scale))
    _refuse_strip(page_no, (box.width, box.height), width * height, max_pixels)
    try:
        page = document[page_no - 1]
        left, top = media_offset(page)
        # The box begins on a pixel, so that pixels of the picture fall on pixels of the rendering.
        corner = (left - box.x0) * scale, (top - box.top) * scale
        pixels = _draw(page, (scale, scale), corner, (width, height), in_grey=in_grey)
        page.close()
    except (pdfium.PdfiumError, MemoryError, ValueError) as exc:
        raise StageError(
            f"a picture on page {page_no} cannot be rendered ({type(exc).__name__})",
            remedy="print the file to a new PDF and read that",
        ) from exc
    return pixels, scale


def _refuse_strip(page_no: int, size: tuple[float, float], pixels: int, most: int) -> None:
    """Nothing; an error for a page so long and thin that one pixel across makes too many of them along it."""
    if pixels > _MOST_STRETCHED * most:
        raise StageError(
            f"page {page_no} is {size[0]:g} by {size[1]:g} points large, as no paper is",
            remedy="print the file to a new PDF and read that",
        )


def _draw(
    page: pdfium.PdfPage,
    scale: tuple[float, float],
    corner: tuple[float, float],
    size: tuple[int, int],
    *,
    in_grey: bool,
) -> NDArray[np.uint8]:
    """A page as uint8 (H, W, 3) RGB, or (H, W).

    Args:
        page: The page.
        scale: Pixels a point, across and down.
        corner: Where its upper left corner comes to lie, in pixels.
        size: Width and height of the picture.
        in_grey: It is wanted as (H, W).
    """
    kind, flags = (
        (raw.FPDFBitmap_Gray, raw.FPDF_GRAYSCALE) if in_grey else (raw.FPDFBitmap_BGR, raw.FPDF_REVERSE_BYTE_ORDER)
    )
    bitmap = pdfium.PdfBitmap.new_native(*size, kind, rev_byteorder=not in_grey)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
    matrix = raw.FS_MATRIX(scale[0], 0, 0, scale[1], *corner)
    raw.FPDF_RenderPageBitmapWithMatrix(bitmap, page, matrix, raw.FS_RECTF(0, 0, *size), flags | raw.FPDF_ANNOT)
    pixels: NDArray[np.uint8] = bitmap.to_numpy().copy()
    return pixels


def _scan_dpi(page: pdfium.PdfPage) -> float | None:
    """The resolution of the picture that covers the page; None where no picture does."""
    width, height = page.get_size()
    best = max(_pictures(page), default=None)
    if best is None or best[0] < _TELLING_SHARE * width * height:
        return None
    return min(max(best[1], _LEAST_DPI), _MOST_DPI)


def _pictures(page: pdfium.PdfPage) -> Iterator[tuple[float, float]]:
    """(area in square points, dots an inch) of each picture."""
    for obj in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = obj.get_bounds()
        area = (right - left) * (top - bottom)
        columns, rows = obj.get_px_size()
        if area > 0:
            yield area, (columns * rows / area) ** 0.5 * _POINTS_AN_INCH
