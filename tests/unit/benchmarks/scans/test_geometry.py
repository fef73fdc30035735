from __future__ import annotations

import numpy as np
import pytest

from benchmarks.scans.geometry import Curl, Floats, Transform, skewed, through_corners, unmoved

POINTS = np.array([[0.0, 0.0], [30.0, 10.0], [99.0, 149.0]])
CURLS = (Curl(6.0, 1.2, 3.0, at_left=False, size=(150, 100)), Curl(-4.0, 0.0, 2.0, at_left=True, size=(150, 100)))


def test_nothing_moves_on_an_unmoved_page() -> None:
    np.testing.assert_allclose(unmoved((150, 100)).apply(POINTS), POINTS)


def test_a_skewed_page_turns_clockwise_about_its_middle() -> None:
    way = skewed((150, 100), 90.0)
    np.testing.assert_allclose(way.apply(np.array([[50.0, 75.0], [60.0, 75.0]])), [[50, 75], [50, 85]], atol=1e-9)


def test_corners_go_where_they_are_wanted() -> None:
    corners = np.array([[5.0, 3.0], [110.0, 8.0], [104.0, 160.0], [2.0, 155.0]])
    way = through_corners((150, 100), corners, (170, 120))
    flat = np.array([[0.0, 0.0], [99.0, 0.0], [99.0, 149.0], [0.0, 149.0]])
    np.testing.assert_allclose(way.apply(flat), corners, atol=1e-3)


@pytest.mark.parametrize("curl", CURLS)
def test_a_curl_bends_one_edge_and_leaves_the_other(curl: Curl) -> None:
    ends = np.array([[0.0, 0.0], [100.0, 0.0]])
    moved = (curl.bend(ends) - ends)[:, 1]
    bent, flat = (moved[0], moved[1]) if curl.at_left else (moved[1], moved[0])
    assert bent == pytest.approx(curl.lift)
    assert flat == pytest.approx(0)


@pytest.mark.parametrize("curl", [None, *CURLS])
def test_there_and_back(curl: Curl | None) -> None:
    corners = np.array([[5.0, 3.0], [110.0, 8.0], [104.0, 160.0], [2.0, 155.0]])
    way = through_corners((150, 100), corners, (170, 120), curl)
    np.testing.assert_allclose(way.undo(way.apply(POINTS)), POINTS, atol=1e-6)


@pytest.mark.parametrize("curl", [None, *CURLS])
def test_an_image_is_warped_as_points_are_and_straightened_again(curl: Curl | None) -> None:
    page = np.zeros((150, 100), dtype=np.float32)
    page[68:73, 28:33] = 1.0
    way = through_corners((150, 100), np.array([[5.0, 3.0], [110, 8], [104, 160], [2, 155]]), (170, 120), curl)
    scan = np.clip(way.warp(page, 0.0), 0, 1)
    assert scan.shape == (170, 120)
    np.testing.assert_allclose(_middle(scan), way.apply(np.array([[30.0, 70.0]]))[0], atol=0.3)
    straight = way.straighten((scan * 255).astype(np.uint8))
    assert straight.shape == page.shape
    np.testing.assert_allclose(_middle(straight.astype(np.float32)), [30, 70], atol=0.3)


def test_the_border_stands_where_there_is_no_page() -> None:
    way = Transform(np.array([[1.0, 0, 20], [0, 1, 0], [0, 0, 1]]), (40, 40), (40, 60))
    scan = way.warp(np.ones((40, 40), dtype=np.float32), 0.25)
    assert scan[20, 5] == pytest.approx(0.25)
    assert scan[20, 40] == pytest.approx(1.0)


def _middle(image: Floats) -> tuple[float, float]:
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    return float((image * columns).sum() / image.sum()), float((image * rows).sum() / image.sum())
