"""The colours of the pages: contrast as WCAG 2.2 AA asks for it, worked out over all pairs of both themes."""

from __future__ import annotations

import itertools
import re

import pytest

pytest.importorskip("nicegui", reason="the extra `review` is not installed")

from pipeline.review.pages.site import THEMES, static_file

TEXT, PARTS = 4.5, 3.0  # least contrast of text, and of borders and marks that one must see
GROUNDS = ("ground", "card", "sunk")
INKS = ("ink", "ink-soft", "accent", "doubt", "good", "bad")
# Ink on the ground of the same meaning, and what else is written on coloured grounds.
COLOURED = [(f"{name}", f"{name}-soft") for name in ("accent", "doubt", "good", "bad")]
COLOURED += [("accent-ink", "accent"), ("ink", "accent-soft"), ("ink-soft", "accent-soft")]


def colours(theme: str) -> dict[str, str]:
    css = static_file("review.css").decode()
    blocks = {
        "light": re.search(r":root \{(.*?)\}", css, re.DOTALL),
        "dark": re.search(r'"dark"\] \{(.*?)\}', css, re.DOTALL),
    }
    found: dict[str, str] = {}
    for name in ("light", theme):  # what a theme leaves out is as in the light one
        block = blocks[name]
        assert block is not None
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block[1]))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_definition() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), [*itertools.product(INKS, GROUNDS), *COLOURED])
def test_text_can_be_read(theme: str, ink: str, ground: str) -> None:
    found = colours(theme)
    assert contrast(found[ink], found[ground]) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("part", ["line-strong", "accent", "box"])
def test_borders_of_controls_and_the_focus_can_be_seen(theme: str, part: str, ground: str) -> None:
    found = colours(theme)
    assert contrast(found[part], found[ground]) >= PARTS


def test_no_text_is_made_paler_by_opacity() -> None:
    css = static_file("review.css").decode()
    paler = re.findall(r"([^{}]+)\{[^{}]*opacity: 0\.\d+[^{}]*\}", css)
    # What cannot be used may be pale.
    assert [rule.strip() for rule in paler if "[disabled]" not in rule] == []
