"""Whether confidences are kept: calibration error over bins of equal mass, and a diagram of it as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

BINS = 10
# Of the diagram, in pixels; its axes are shares of wrong values, from 1 down to this.
_SIZE, _EDGE, _LEAST = 360, 48, 1e-5
_LARGEST_RADIUS, _SMALLEST_RADIUS = 9.0, 4.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Decisions of like confidence: how many, mean confidence, share of them that was right."""

    count: int
    confidence: float
    right: float


def equal_bins(decisions: Iterable[tuple[float, bool]], bins: int = BINS) -> tuple[Bin, ...]:
    """(confidence, right) in bins of as many decisions each as can be, from the least sure to the surest.

    Decisions of one confidence that fall into several bins count there with the share of them that is right, so that
    their order does not matter.
    """
    ordered = sorted(decisions, key=lambda decision: decision[0])
    by_confidence: dict[float, list[bool]] = {}
    for confidence, right in ordered:
        by_confidence.setdefault(confidence, []).append(right)
    share = {confidence: sum(rights) / len(rights) for confidence, rights in by_confidence.items()}
    edges = [n * len(ordered) // bins for n in range(bins + 1)]
    found = []
    for start, stop in pairwise(edges):
        inside = [confidence for confidence, _ in ordered[start:stop]]
        if inside:
            count = len(inside)
            found.append(Bin(count, sum(inside) / count, sum(share[c] for c in inside) / count))
    return tuple(found)


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error: mean distance of confidence and share right, weighed by count; 0 of nothing."""
    total = sum(b.count for b in bins)
    return sum(b.count * abs(b.confidence - b.right) for b in bins) / total if total else 0.0


def draw_diagram(bins: Sequence[Bin]) -> str:
    """The bins as SVG: share expected to be wrong against share that was, both on logarithmic axes.

    Bins without an error stand on the lower edge; below the diagonal there are fewer errors than claimed.
    """
    ticks = [10.0**-n for n in range(round(-math.log10(_LEAST)) + 1)]
    low, high = _EDGE, _SIZE - _EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE} {_SIZE}" font-family="sans" font-size="10">',
        f'<rect width="{_SIZE}" height="{_SIZE}" fill="white"/>',
        f'<rect x="{low}" y="{low}" width="{high - low}" height="{high - low}" fill="none" stroke="#888"/>',
        f'<line x1="{low}" y1="{high}" x2="{high}" y2="{low}" stroke="#888" stroke-dasharray="4 3"/>',
    ]
    for tick in ticks:
        x, y = _place(tick), _SIZE - _place(tick)
        parts += [
            f'<text x="{x:.1f}" y="{high + 14}" text-anchor="middle">{tick:g}</text>',
            f'<text x="{low - 4}" y="{y + 3:.1f}" text-anchor="end">{tick:g}</text>',
        ]
    most = max((b.count for b in bins), default=1)
    for b in bins:
        radius = max(_LARGEST_RADIUS * math.sqrt(b.count / most), _SMALLEST_RADIUS)
        x, y = _place(1 - b.confidence), _SIZE - _place(1 - b.right)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#26c" fill-opacity="0.5">'
            f"<title>{b.count}: {b.confidence:.5f} claimed, {b.right:.5f} right</title></circle>"
        )
    middle = _SIZE // 2
    parts += [
        f'<text x="{middle}" y="{_SIZE - 12}" text-anchor="middle">1 - confidence</text>',
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">share wrong</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _place(share: float) -> float:
    """Pixels from the left (from below) of a share of wrong values."""
    exponent = math.log10(max(share, _LEAST)) / math.log10(_LEAST)
    return (_SIZE - _EDGE) - exponent * (_SIZE - 2 * _EDGE)
