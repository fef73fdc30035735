from __future__ import annotations

import numpy as np
import pytest

from benchmarks.scans.geometry import skewed
from benchmarks.scans.rivals import SeenText, is_installed, place


def test_a_text_of_the_scan_is_placed_on_the_page_in_points() -> None:
    way = skewed((842, 595), 3.0, shift=(4, -2))
    page = np.array([[100.0, 200], [130, 200], [130, 212], [100, 212]])
    seen = SeenText("15", 0.9, way.apply(page - 0.5))
    (placed,) = place([seen], way, 72.0)
    assert placed.text == "15"
    assert placed.bbox.as_list() == pytest.approx([100, 200, 130, 212], abs=0.01)


def test_a_package_that_is_not_installed_is_not_there() -> None:
    assert is_installed("numpy")
    assert not is_installed("no_such_reader_of_tables")
