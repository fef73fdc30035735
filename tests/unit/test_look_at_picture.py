from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from models.errors import StageError
from pipeline.look_at_picture import Look, look_at_picture
from pipeline.scan.page_image import PageImage
from tests.unit import pictures
from tests.unit.pictures import Pixels


def look(pixels: Pixels, width_pt: float) -> Look:
    return look_at_picture(PageImage(1, pixels, max(pixels.shape[1], 1) / width_pt))


@pytest.mark.parametrize("width_pt", [300, 470])
@pytest.mark.parametrize("rim", [0, 30])
def test_a_net_with_text_in_its_cells_is_a_table(width_pt: float, rim: int) -> None:
    assert look(pictures.table(rim=rim), width_pt) == "table"


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_a_table_on_its_side_or_upside_down_is_one(turn: int) -> None:
    assert look(np.rot90(pictures.table(), turn).copy(), 350 if turn % 2 == 0 else 90) == "table"


def test_a_fine_picture_is_looked_at_coarsely() -> None:
    fine = cv2.resize(pictures.table(), None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    assert look(np.asarray(fine, np.uint8), 350) == "table"


def test_a_tilted_table_is_one() -> None:
    pixels = pictures.table(rim=60)
    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 1.5, 1)
    assert look(np.asarray(cv2.warpAffine(pixels, turn, (width, height), borderValue=(255,)), np.uint8), 400) == "table"


@pytest.mark.parametrize(
    ("draw", "widths"),
    [
        (pictures.stamp, (60, 116, 170)),
        (pictures.logo, (150, 300)),
        (pictures.qr_code, (60, 90, 120, 150, 240)),
        (pictures.photograph, (150, 300, 480)),
        (lambda: np.full((400, 600), 255, np.uint8), (300,)),
    ],
    ids=["stamp", "logo", "QR code", "photograph", "empty"],
)
def test_what_is_no_table_is_none(draw: Callable[[], Pixels], widths: tuple[float, ...]) -> None:
    assert [look(draw(), width) for width in widths] == ["nothing"] * len(widths)


def test_a_frame_with_few_cells_is_none() -> None:
    assert look(pictures.table(1, 4), 280) == "nothing"
    assert look(pictures.table(5, 1), 70) == "nothing"


def test_an_empty_net_is_a_pattern() -> None:
    pixels = np.full((201, 401), 255, np.uint8)
    pixels[::50] = pixels[:, ::50] = 0
    assert look(pixels, 200) == "nothing"


def test_lines_without_rulings_are_text() -> None:
    assert look(pictures.lines(), 470) == "text"
    assert look(pictures.lines(2), 470) == "nothing"


def test_a_picture_that_cannot_be_looked_at_is_told() -> None:
    with pytest.raises(StageError, match="looked at"):
        look(np.zeros((0, 0), np.uint8), 100)


def test_a_picture_of_one_pixel_is_nothing() -> None:
    assert look(np.zeros((1, 1), np.uint8), 0.5) == "nothing"
