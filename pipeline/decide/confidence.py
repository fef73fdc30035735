"""From the margin of a decision to the probability that it is right: a calibration measured on generated scans."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import UsageError
from models.yaml_text import parse_yaml

_FILE = "calibration.yaml"


class _Curve(BaseModel):
    """``points``: (margin in nats, confidence 0..1), both rising."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    points: tuple[tuple[float, float], ...] = Field(min_length=2)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rising curve through (margin in nats, confidence 0..1), straight between its points."""

    margins: tuple[float, ...]
    values: tuple[float, ...]

    def confidence(self, margin: float) -> float:
        """The confidence at a margin; that of the first and last point outside of them."""
        place = bisect_right(self.margins, margin)
        if place == 0:
            return self.values[0]
        if place == len(self.margins):
            return self.values[-1]
        (m0, m1), (v0, v1) = self.margins[place - 1 : place + 1], self.values[place - 1 : place + 1]
        return v0 + (v1 - v0) * (margin - m0) / (m1 - m0)


def calibration_of(points: Sequence[tuple[float, float]]) -> Calibration:
    """The curve through some points.

    Raises:
        ValueError: margins or values do not rise, or a value lies outside of 0..1.
    """
    margins, values = tuple(m for m, _ in points), tuple(v for _, v in points)
    if list(margins) != sorted(set(margins)) or list(values) != sorted(values):
        raise ValueError("margins and confidences must rise")
    if not all(math.isfinite(m) for m in margins):
        raise ValueError("margins are finite")
    if not all(0 <= v <= 1 for v in values):
        raise ValueError("confidences lie between 0 and 1")
    return Calibration(margins, values)


@lru_cache(maxsize=1)
def load_calibration() -> Calibration:
    """The curve that comes with this version: ``models/calibration.yaml``.

    Raises:
        UsageError: the file is not valid.
    """
    text = resources.files("models").joinpath(_FILE).read_text(encoding="utf-8")
    try:
        return calibration_of(_Curve.model_validate(parse_yaml(text)).points)
    except (yaml.YAMLError, ValidationError, ValueError) as exc:
        raise UsageError(f"models/{_FILE} is no calibration: {exc}", remedy="install nianbao again") from exc
