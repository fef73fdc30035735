from __future__ import annotations

import numpy as np
import pytest

from benchmarks.scans.damage import KINDS, Damaged
from benchmarks.scans.geometry import Bytes, Floats, Points

DPI = 100.0
SIZE = (300, 240)
RADIUS = 7
MARKS: Points = np.array([[x, y] for y in (60, 150, 240) for x in (60.0, 120.0, 180.0)])


def marked_page(*, colour: bool) -> Bytes:
    """A white page with black discs."""
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]]
    page: Bytes = np.full(SIZE, 255, dtype=np.uint8)
    for x, y in MARKS:
        page[np.hypot(columns - x, rows - y) <= RADIUS] = 0
    return np.repeat(page[:, :, None], 3, axis=2) if colour else page


def damaged(kind: str, seed: int = 3, *, colour: bool = False) -> Damaged:
    return KINDS[kind](marked_page(colour=colour), DPI, np.random.default_rng(seed))


def middle_of_ink(grey: Floats, near: Points) -> Points:
    """Where the dark pixels around a place have their middle."""
    reach = RADIUS + 5
    x, y = (round(float(v)) for v in near)
    window = grey[y - reach : y + reach + 1, x - reach : x + reach + 1]
    rows, columns = np.nonzero(window < (window.min() + window.max()) / 2)
    return np.array([columns.mean() + x - reach, rows.mean() + y - reach])


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_chance_does_the_same_damage_and_leaves_the_page_alone(kind: str) -> None:
    page = marked_page(colour=True)
    before = page.copy()
    first, again = (KINDS[kind](page, DPI, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first.image, again.image)
    np.testing.assert_array_equal(first.transform.matrix, again.transform.matrix)
    assert (first.quality, first.transform.curl) == (again.quality, again.transform.curl)
    np.testing.assert_array_equal(page, before)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "clean"])
def test_other_chance_does_other_damage(kind: str) -> None:
    first, other = damaged(kind, 1), damaged(kind, 2)
    assert first.image.shape != other.image.shape or (first.image != other.image).any()


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_a_scan_is_bytes_of_the_size_that_its_transform_tells(kind: str, colour: bool) -> None:
    scan = damaged(kind, colour=colour)
    assert scan.image.dtype == np.uint8
    assert scan.image.shape in (scan.transform.size, (*scan.transform.size, 3))
    assert scan.transform.page == SIZE


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_points_of_the_page_are_found_where_the_transform_says(kind: str, seed: int) -> None:
    scan = damaged(kind, seed)
    grey = scan.image.mean(axis=2) if scan.image.ndim == 3 else scan.image.astype(np.float64)
    expected = scan.transform.apply(MARKS)
    off = [np.hypot(*(middle_of_ink(grey.astype(np.float32), at) - at)) for at in expected]
    # Stamps and signatures may cover some of the marks.
    assert np.median(off) < 1.0


@pytest.mark.parametrize("kind", KINDS)
def test_the_way_back_leads_to_the_same_points(kind: str) -> None:
    way = damaged(kind).transform
    np.testing.assert_allclose(way.undo(way.apply(MARKS)), MARKS, atol=1e-6)


def test_a_fax_is_black_and_white() -> None:
    scan = damaged("fax")
    assert set(np.unique(scan.image)) == {0, 255}
    assert scan.quality is None


@pytest.mark.parametrize(
    ("kind", "worst", "best"), [("clean", 90, 90), ("office", 60, 80), ("stamp", 60, 80), ("photo", 50, 70)]
)
def test_compression_is_as_strong_as_the_kind_promises(kind: str, worst: int, best: int) -> None:
    found = {damaged(kind, seed).quality for seed in range(4)}
    assert all(quality is not None and worst <= quality <= best for quality in found)


def _paper_and_ink(kind: str) -> tuple[float, float]:
    scan = damaged(kind, 5)
    return float(np.median(scan.image)), float(scan.image.min())


def test_low_toner_is_lighter_than_full_toner() -> None:
    paper, ink = _paper_and_ink("faint")
    _, full = _paper_and_ink("office")
    assert full + 30 < ink < paper


def _tilt(kind: str, seed: int) -> float:
    """Degrees by which the upper edge of the page is turned."""
    ends = damaged(kind, seed).transform.apply(np.array([[0.0, 0.0], [SIZE[1], 0.0]]))
    across, down = ends[1] - ends[0]
    return abs(float(np.degrees(np.arctan2(down, across))))


@pytest.mark.parametrize(("kind", "most"), [("office", 1.5), ("copy", 2.5), ("fax", 1.0), ("photo", 8.0)])
def test_pages_lie_askew_within_bounds(kind: str, most: float) -> None:
    tilts = [_tilt(kind, seed) for seed in range(5)]
    assert 0.1 < max(tilts) <= most


@pytest.mark.parametrize("kind", ["showthrough", "stamp"])
def test_what_is_added_makes_the_page_darker(kind: str) -> None:
    def dark(scan: Damaged) -> float:
        grey = scan.image.mean(axis=2) if scan.image.ndim == 3 else scan.image
        return float(np.percentile(grey, 12) / np.median(grey))

    clear = np.mean([dark(damaged("office", seed)) for seed in range(3)])
    assert np.mean([dark(damaged(kind, seed)) for seed in range(3)]) < clear
