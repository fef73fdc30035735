from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.geometry import BBox
from models.page import PageContent
from pipeline.picture_rim import RIM_PT, with_rim, without_rim
from pipeline.read_scan import ScannedPage
from pipeline.scan.page_image import PageImage, UprightPage, pack


@pytest.mark.parametrize("shape", [(20, 30), (20, 30, 3)])
def test_the_rim_has_the_tone_of_the_paper(shape: tuple[int, ...]) -> None:
    pixels = np.full(shape, 230, np.uint8)
    pixels[0] = 0
    framed = with_rim(PageImage(1, pixels, 2.0)).pixels
    assert framed.shape == (44, 54, *shape[2:])
    assert (framed[:12] == 230).all()
    assert (framed[12:-12, 12:-12] == pixels).all()


def test_boxes_count_from_the_picture_without_its_rim() -> None:
    upright = UprightPage(1, np.zeros((10, 10), np.uint8), 2.0, np.eye(3))
    scan = ScannedPage((), (), PageContent(1, 5, 5, (), ()), pack(upright))
    box = BBox(10, 20, 30, 40)
    assert without_rim(scan, 2.0).stored(box) == BBox(10 - RIM_PT, 20 - RIM_PT, 30 - RIM_PT, 40 - RIM_PT)
    assert replace(scan).stored(box) == box
