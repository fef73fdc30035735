"""Colours that can be told apart, as WCAG 2.1 AA asks: 4.5 for text, 3 for the borders of controls and the focus."""

from __future__ import annotations

import re

import pytest

from pipeline.review.pages.site import static_file

_TEXT, _CONTROL = 4.5, 3.0
_PAIRS = (
    ("ink", "ground", _TEXT),
    ("ink", "card", _TEXT),
    ("ink", "sunk", _TEXT),
    ("ink-soft", "ground", _TEXT),
    ("ink-soft", "card", _TEXT),
    ("ink-soft", "sunk", _TEXT),
    ("accent", "card", _TEXT),
    ("accent", "ground", _TEXT),
    ("accent", "accent-soft", _TEXT),
    ("ink", "accent-soft", _TEXT),
    ("ink-soft", "accent-soft", _TEXT),
    ("accent-ink", "accent", _TEXT),
    ("doubt", "doubt-soft", _TEXT),
    ("good", "good-soft", _TEXT),
    ("good", "card", _TEXT),
    ("good", "accent-soft", _TEXT),
    ("good", "ground", _TEXT),
    ("bad", "bad-soft", _TEXT),
    ("bad", "card", _TEXT),
    ("bad", "accent-soft", _TEXT),
    ("bad", "ground", _TEXT),
    ("line-strong", "card", _CONTROL),
    ("accent", "ground", _CONTROL),
)


def colours(selector: str) -> dict[str, str]:
    css = static_file("review.css").decode()
    block = css[css.index(f"{selector} {{") :]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block[: block.index("}")]))


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("selector", [":root", ':root[data-theme="dark"]'])
@pytest.mark.parametrize(("ink", "ground", "least"), _PAIRS)
def test_colours_have_enough_contrast(selector: str, ink: str, ground: str, least: float) -> None:
    found = colours(selector)

    assert contrast(found[ink], found[ground]) >= least


def test_dark_names_the_same_colours() -> None:
    assert set(colours(":root")) == set(colours(':root[data-theme="dark"]'))


def test_nothing_is_fetched_from_elsewhere() -> None:
    for name in ("review.css", "review.js"):
        assert not re.search(rb"https?://|@import|//[a-z]+\.", static_file(name)), name
