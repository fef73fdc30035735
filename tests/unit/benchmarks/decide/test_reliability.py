from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from benchmarks.decide.reliability import Bin, calibration_error, draw_diagram, equal_bins


def test_bins_hold_as_many_decisions_each() -> None:
    bins = equal_bins([(n / 100, True) for n in range(100)])
    assert [b.count for b in bins] == [10] * 10
    assert bins[0].confidence == pytest.approx(0.045)
    assert bins[-1].confidence == pytest.approx(0.945)


def test_the_order_of_decisions_of_one_confidence_does_not_matter() -> None:
    decisions = [(0.9, n < 15) for n in range(20)]
    assert equal_bins(decisions) == equal_bins(decisions[::-1])
    assert {b.right for b in equal_bins(decisions)} == {0.75}


def test_fewer_decisions_than_bins() -> None:
    assert [b.count for b in equal_bins([(0.5, True), (0.7, False)])] == [1, 1]
    assert equal_bins([]) == ()


def test_the_error_is_the_mean_distance_weighed_by_count() -> None:
    assert calibration_error([Bin(30, 0.9, 1.0), Bin(10, 0.5, 0.3)]) == pytest.approx(0.125)
    assert calibration_error([]) == 0.0


def test_confidences_that_are_kept_have_no_error() -> None:
    assert calibration_error(equal_bins([(0.8, n % 5 != 0) for n in range(100)])) == pytest.approx(0.0)


def test_the_diagram_has_a_mark_for_each_bin_inside_its_frame() -> None:
    bins = [Bin(10, 0.5, 0.4), Bin(90, 0.9999, 1.0), Bin(5, 1.0, 0.0)]
    root = ET.fromstring(draw_diagram(bins))
    marks = [e for e in root.iter() if e.tag.endswith("circle")]
    assert len(marks) == len(bins)
    places = [(float(m.attrib["cx"]), float(m.attrib["cy"])) for m in marks]
    assert all(48 <= x <= 312 and 48 <= y <= 312 for x, y in places)
    assert places[1][1] == 312  # no error: the lower edge
    assert places[2] == (48, 48)  # surest, always wrong
