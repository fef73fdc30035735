from __future__ import annotations

import math
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UsageError
from pipeline.decide.confidence import Calibration, calibration_of, load_calibration

CURVE = calibration_of([(0.0, 0.5), (2.0, 0.9), (5.0, 0.9999)])
finite = st.floats(min_value=-100, max_value=100)


@pytest.mark.parametrize(
    ("margin", "wanted"), [(0.0, 0.5), (1.0, 0.7), (2.0, 0.9), (3.5, 0.94995), (5.0, 0.9999), (5.001, 0.9999)]
)
def test_between_the_points_the_curve_is_straight(margin: float, wanted: float) -> None:
    assert CURVE.confidence(margin) == pytest.approx(wanted)


@pytest.mark.parametrize(("margin", "wanted"), [(-1.0, 0.5), (-math.inf, 0.5), (99.0, 0.9999), (math.inf, 0.9999)])
def test_beyond_its_ends_it_is_level(margin: float, wanted: float) -> None:
    assert CURVE.confidence(margin) == wanted


@given(
    margins=st.lists(finite, min_size=2, max_size=6, unique=True),
    values=st.lists(st.floats(min_value=0, max_value=1), min_size=6, max_size=6),
    one=finite,
    two=finite,
)
def test_a_wider_margin_is_never_less_sure(margins: list[float], values: list[float], one: float, two: float) -> None:
    points = list(zip(sorted(margins), sorted(values), strict=False))
    curve = calibration_of(points)
    low, high = curve.confidence(min(one, two)), curve.confidence(max(one, two))
    assert low <= high + 1e-9
    assert points[0][1] - 1e-9 <= low
    assert high <= points[-1][1] + 1e-9


@pytest.mark.parametrize(
    "points",
    [
        [(0.0, 0.9), (1.0, 0.5)],
        [(1.0, 0.5), (0.0, 0.9)],
        [(1.0, 0.5), (1.0, 0.9)],
        [(0.0, -0.1), (1.0, 0.9)],
        [(0.0, 0.5), (1.0, 1.1)],
        [(0.0, 0.5), (1.0, math.nan)],
        [(math.nan, 0.5), (1.0, 0.6)],
        [(0.0, 0.5), (math.inf, 0.6)],
    ],
)
def test_a_curve_that_does_not_rise_within_0_and_1_is_none(points: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match=r"confidences|margins"):
        calibration_of(points)


def test_the_curve_of_this_version_is_valid() -> None:
    curve = load_calibration()
    assert len(curve.margins) >= 2
    assert curve.confidence(0.0) < 0.9999, "a tie is no certainty"
    assert curve is load_calibration()


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Calibration]:
    """Loads a calibration from a text, past the one that is kept."""
    monkeypatch.setattr(resources, "files", lambda _: tmp_path)

    def load(text: str) -> Calibration:
        (tmp_path / "calibration.yaml").write_text(text, encoding="utf-8")
        return load_calibration.__wrapped__()

    return load


def test_points_are_read_from_the_file(loaded: Callable[[str], Calibration]) -> None:
    assert loaded("points: [[0, 0.5], [4, 1]]") == Calibration((0.0, 4.0), (0.5, 1.0))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "points: []",
        "points: [[0, 0.5]]",
        "points: [[0, 0.5], [1, 0.4]]",
        "points: [[0, 0.5], [1, 2]]",
        "points: [[0, 0.5], [1]]",
        "points: [[0, 0.5], [1, high]]",
        "points: [[0, 0.5], [1, 0.6]]\nother: 1",
        "points: [[0, 0.5",
    ],
)
def test_a_file_that_is_no_calibration_is_named_with_a_remedy(loaded: Callable[[str], Calibration], text: str) -> None:
    with pytest.raises(UsageError, match=r"models/calibration\.yaml") as caught:
        loaded(text)
    assert caught.value.remedy
