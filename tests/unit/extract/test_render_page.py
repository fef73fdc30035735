from __future__ import annotations

import numpy as np
import pypdfium2 as pdfium
import pytest

from models.errors import StageError
from models.geometry import BBox
from pipeline.extract.render_page import render_page, render_region
from tests.unit import pictures
from tests.unit.extract.drawn_pdf import HEIGHT, WIDTH, Pen, draw_pdf

TABLE = pictures.table()
BOX = BBox(100, 200, 100 + TABLE.shape[1] / 2, 200 + TABLE.shape[0] / 2)


def table(pen: Pen) -> None:
    pen.image(TABLE, BOX.x0, BOX.top, BOX.width, BOX.height)
    pen.text("说明", 20, 150)


def region(
    data: bytes, box: BBox = BOX, *, px_per_pt: float = 2.0, max_pixels: int = 10**7
) -> tuple[np.ndarray, float]:
    document = pdfium.PdfDocument(data)
    try:
        return render_region(document, 1, box, px_per_pt=px_per_pt, max_pixels=max_pixels)
    finally:
        document.close()


def test_a_picture_comes_back_pixel_by_pixel() -> None:
    pixels, size = region(draw_pdf(table))
    assert (pixels.shape, size) == ((*TABLE.shape, 3), 2.0)
    assert float(np.abs(pixels[:, :, 0].astype(int) - TABLE).mean()) < 2


def test_the_corner_of_the_box_is_the_first_pixel_wherever_it_lies() -> None:
    odd = BBox(BOX.x0 + 0.37, BOX.top + 0.21, BOX.x1 + 0.37, BOX.bottom + 0.21)
    pixels, _ = region(draw_pdf(lambda pen: pen.image(TABLE, odd.x0, odd.top, odd.width, odd.height)), odd)
    assert float(np.abs(pixels[:, :, 0].astype(int) - TABLE).mean()) < 2


def test_a_turned_page_gives_the_picture_as_it_is_shown() -> None:
    box = BBox(HEIGHT - BOX.bottom, BOX.x0, HEIGHT - BOX.top, BOX.x1)
    # drawn_pdf exchanges the sides of a page that lies; what is drawn keeps its place on the page as stored.
    data = draw_pdf(table, size=(WIDTH, HEIGHT), rotate=180)
    turned = BBox(WIDTH - BOX.x1, HEIGHT - BOX.bottom, WIDTH - BOX.x0, HEIGHT - BOX.top)
    pixels, _ = region(data, turned)
    assert float(np.abs(pixels[::-1, ::-1, 0].astype(int) - TABLE).mean()) < 2
    assert box.width == pytest.approx(BOX.height)


def test_colour_is_kept_and_grey_is_one_channel() -> None:
    data = draw_pdf(lambda pen: pen.image(np.full((10, 10, 3), (214, 26, 30), np.uint8), 0, 0, 50, 50))
    pixels, _ = region(data, BBox(10, 10, 40, 40))
    assert pixels[5, 5].tolist() == [214, 26, 30]
    document = pdfium.PdfDocument(data)
    grey, size = render_region(document, 1, BBox(0, 0, 100, 100), px_per_pt=1, max_pixels=10**6, least=0, in_grey=True)
    document.close()
    assert (grey.shape, size) == ((100, 100), 1.0)
    assert int(grey[60, 60]) == 255 > int(grey[20, 20])


@pytest.mark.parametrize(("asked", "given"), [(0.5, 100 / 72), (2.0, 2.0), (9.0, 300 / 72)])
def test_the_resolution_stays_within_that_of_scans(asked: float, given: float) -> None:
    assert region(draw_pdf(table), px_per_pt=asked)[1] == pytest.approx(given)


def test_a_part_with_too_many_pixels_is_rendered_coarser() -> None:
    pixels, size = region(draw_pdf(table), max_pixels=10_000)
    assert pixels.shape[0] * pixels.shape[1] <= 10_100
    assert size < 1


def test_a_scan_is_rendered_at_its_own_resolution() -> None:
    scan = np.full((1684, 1190), 255, np.uint8)
    document = pdfium.PdfDocument(draw_pdf(lambda pen: pen.image(scan, 0, 0, WIDTH, HEIGHT)))
    pixels, size = render_page(document, 1, dpi=100, max_pixels=10**7)
    document.close()
    assert size == pytest.approx(2.0, abs=0.01)
    assert abs(pixels.shape[0] - 1684) <= 1


@pytest.mark.parametrize("dpi", [110, 130, 150, 200, 300])
def test_no_pixel_of_a_scan_is_invented_or_blurred(dpi: int) -> None:
    # Black and white in a fine pattern: any stretching leaves grey.
    scan = (np.random.default_rng(dpi).random((round(11.69 * dpi), round(8.27 * dpi))) < 0.5).astype(np.uint8) * 255
    size = (scan.shape[1] * 72 / dpi, scan.shape[0] * 72 / dpi)
    data = draw_pdf(lambda pen: pen.image(scan, 0, 0, *size), size=size)
    with pdfium.PdfDocument(data) as document:
        pixels, _ = render_page(document, 1, dpi=200, max_pixels=10**8)
    assert pixels.shape[:2] == scan.shape
    assert np.array_equal(pixels[:, :, 0] if pixels.ndim == 3 else pixels, scan)


def test_a_page_that_is_not_there_is_told() -> None:
    document = pdfium.PdfDocument(draw_pdf(table))
    with pytest.raises(StageError, match="page 7"):
        render_region(document, 7, BOX, px_per_pt=2, max_pixels=10**6)
    document.close()


def test_a_drawn_page_is_rendered_as_asked_and_one_that_is_too_large_coarser() -> None:
    document = pdfium.PdfDocument(draw_pdf(table))
    pixels, size = render_page(document, 1, dpi=144, max_pixels=10**7)
    coarse, coarse_size = render_page(document, 1, dpi=144, max_pixels=100_000)
    document.close()
    assert (pixels.shape, size) == ((2 * HEIGHT, 2 * WIDTH, 3), 2.0)
    assert 90_000 < coarse.shape[0] * coarse.shape[1] <= 101_000
    assert coarse.shape[0] == pytest.approx(HEIGHT * coarse_size, abs=1)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_turned_scan_is_rendered_as_it_is_shown(rotate: int) -> None:
    scan = np.full((421, 297), 255, np.uint8)
    scan[:100, :100] = 0
    data = draw_pdf(lambda pen: pen.image(scan, 0, 0, WIDTH, HEIGHT), size=(WIDTH, HEIGHT), rotate=rotate)
    document = pdfium.PdfDocument(data)
    pixels, size = render_page(document, 1, dpi=200, max_pixels=10**7)
    document.close()
    # drawn_pdf turns clockwise, np.rot90 against the clock.
    shown = np.rot90(scan, -(rotate // 90))
    corners = [(5, 5), (5, -5), (-5, 5), (-5, -5)]
    # 36 dots an inch are raised to the least that scans are rendered at.
    assert size == pytest.approx(100 / 72)
    assert (pixels.shape[0] > pixels.shape[1]) == (shown.shape[0] > shown.shape[1])
    assert [int(pixels[y, x, 0]) < 128 for y, x in corners] == [int(shown[y, x]) < 128 for y, x in corners]


@pytest.mark.parametrize("box", [BBox(0, 0, 1e40, 842), BBox(0, 0, 0.001, 1e9)])
def test_a_strip_with_more_pixels_than_any_memory_is_told(box: BBox) -> None:
    with pytest.raises(StageError, match=r"page 1 is .* points large, as no paper is"):
        region(draw_pdf(table), box)
