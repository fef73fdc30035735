"""Which scans are drawn: a set to tune a reader, a set to report on, with no font, report or damage in common.

Two more are for deciding: one to report on, one to calibrate on, again with nothing in common. Some of their reports
have planted source errors.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from benchmarks.scans.bind import Container
from models.errors import UsageError
from samples.catalogue import CATALOGUE
from samples.style import Style

SetName = Literal["tune", "report", "decide", "calibrate"]

# Rulings of every kind, rows cut by pages, merged and split cells, dense and loose setting, blank cells, both forms.
_STYLES: tuple[str, ...] = (
    "pdf-plain",
    "pdf-cut-row-below",
    "pdf-narrow-columns",
    "pdf-2019-plain",
    "pdf-break-in-group",
    "pdf-thick-frame",
    "pdf-some-blank",
    "pdf-loose-setting",
    "pdf-landscape",
    "pdf-double-rulings",
    "pdf-stray-ruling",
    "pdf-three-pages",
    "pdf-cut-row-above",
    "pdf-rect-rulings",
    "pdf-vertical-font",
    "pdf-broken-column",
    "pdf-dashed",
    "pdf-horizontal-only",
    "pdf-three-line",
    "pdf-grey-rulings",
)
# What turns grey into black or white leaves nothing of these rulings.
_GONE_IN_BILEVEL = frozenset({"pdf-grey-rulings"})
_BILEVEL_KINDS = frozenset({"copy", "fax"})
# Embedded by the producer that draws directly on pages; the last of each set needs the browser.
_TUNE_FONTS, _REPORT_FONTS = ("uming", "microhei", "sungti"), ("kaiti", "zenhei", "ukai")
_FONTS: dict[SetName, tuple[str, ...]] = {
    "tune": _TUNE_FONTS,
    "report": _REPORT_FONTS,
    "decide": _REPORT_FONTS,
    "calibrate": _TUNE_FONTS,
}
_BROWSER_FONT: dict[SetName, str] = {
    "tune": "noto-sans",
    "report": "noto-serif",
    "decide": "noto-serif",
    "calibrate": "noto-sans",
}
_BROWSER_STYLE = "chromium-plain"
_BROWSER_EVERY = 9  # cases
# Digits of a Latin font between Chinese characters, as office suites set them: in the reported sets only.
_LATIN_DIGITS_EVERY = 3  # cases
_LATIN_DIGITS: frozenset[SetName] = frozenset({"report", "decide"})
_FIRST_SEED: dict[SetName, int] = {"tune": 100_000, "report": 200_000, "decide": 300_000, "calibrate": 400_000}
# Share of the reports with planted source errors.
_PLANTED: dict[SetName, float] = {"tune": 0.0, "report": 0.0, "decide": 0.5, "calibrate": 0.3}
# So that a style meets other damage in either set.
_FIRST_STYLE: dict[SetName, int] = {"tune": 0, "report": 7, "decide": 3, "calibrate": 13}
# Below 130 dots an inch too few digits are legible for sums to help.
_DECIDE_COUNTS: dict[str, dict[int, int]] = {
    "clean": {300: 2, 200: 5, 150: 4, 130: 2},
    "office": {300: 4, 200: 12, 150: 8, 130: 4},
    "copy": {300: 2, 200: 6, 150: 2, 130: 2},
    "stamp": {300: 2, 200: 6, 150: 2, 130: 2},
    "photo": {300: 2, 200: 6, 150: 3, 130: 2},
    "showthrough": {200: 4, 150: 2, 130: 2},
    "faint": {200: 4, 150: 2, 130: 2},
    "fax": {200: 4, 130: 2},
}
# Cases by damage and resolution in dots an inch.
_COUNTS: dict[SetName, dict[str, dict[int, int]]] = {
    "tune": {
        "clean": {300: 1, 200: 3, 150: 3, 130: 1, 110: 1},
        "office": {300: 3, 200: 6, 150: 4, 130: 2, 110: 1},
        "copy": {300: 1, 200: 5, 150: 1},
        "stamp": {300: 1, 200: 5, 150: 1},
        "photo": {300: 1, 200: 5, 150: 1},
        "showthrough": {200: 3, 150: 1},
        "faint": {200: 3, 150: 1},
        "fax": {200: 3, 110: 1},
    },
    "report": {
        "clean": {300: 2, 200: 3, 150: 3, 130: 1, 110: 1},
        "office": {300: 3, 200: 5, 150: 4, 130: 2, 110: 2},
        "copy": {300: 1, 200: 5, 150: 1, 130: 1},
        "stamp": {300: 1, 200: 5, 150: 1, 130: 1},
        "photo": {300: 1, 200: 5, 150: 1, 130: 1},
        "showthrough": {200: 2, 150: 1},
        "faint": {200: 2, 150: 1},
        "fax": {200: 2, 110: 1},
    },
    "decide": _DECIDE_COUNTS,
    # To claim that one number in 10,000 is wrong takes more than 10,000 that are right.
    "calibrate": {damage: {dpi: 2 * n for dpi, n in by_dpi.items()} for damage, by_dpi in _DECIDE_COUNTS.items()},
}
# Every so many cases is no PDF. A single picture holds one page; its truth is that of the page.
_CONTAINERS: dict[int, Container] = {6: "tif", 13: "png", 20: "jpg"}
_CONTAINER_CYCLE = 24
SINGLE: frozenset[Container] = frozenset({"png", "jpg"})  # file types of one page


@dataclass(frozen=True, slots=True)
class CaseSpec:
    """A scan to be drawn. ``seed`` is that of the report and of its damage, ``container`` the file type.

    ``planted``: the report has source errors of its own.
    """

    set_name: SetName
    style: str
    font: str
    latin_digits: bool
    damage: str
    dpi: int
    seed: int
    container: Container
    planted: bool = False

    @property
    def name(self) -> str:
        """Unique name of the file, without its ending."""
        return f"{self.style}-{self.damage}-{self.dpi}-s{self.seed}"

    @property
    def file_name(self) -> str:
        """Name of the file."""
        return f"{self.name}.{self.container}"

    def report_style(self) -> Style:
        """The style of the born-digital report, with the font of the case."""
        style = CATALOGUE[self.style]
        return replace(style, pages=replace(style.pages, font=self.font, latin_digits=self.latin_digits))


def plan(
    set_name: SetName,
    *,
    damages: Sequence[str] = (),
    resolutions: Sequence[int] = (),
    count: int | None = None,
) -> tuple[CaseSpec, ...]:
    """The cases of a set, or those of some kinds of damage and resolutions, or a part of them spread evenly.

    A case is the same whichever others are asked for.

    Raises:
        UsageError: no such damage or no such resolution in the set, or a count below one.
    """
    everything = _plan_all(set_name)
    for wanted, known in ((damages, {c.damage for c in everything}), (resolutions, {c.dpi for c in everything})):
        unknown = [str(w) for w in wanted if w not in known]
        if unknown:
            raise UsageError(
                f"no scans of {', '.join(unknown)} in set {set_name}",
                remedy=f"known: {', '.join(sorted(map(str, known)))}",
            )
    chosen = [
        case
        for case in everything
        if (not damages or case.damage in damages) and (not resolutions or case.dpi in resolutions)
    ]
    if count is None or count >= len(chosen):
        return tuple(chosen)
    if count < 1:
        raise UsageError(f"cannot draw {count} scans", remedy="ask for one or more with --count")
    return tuple(chosen[index * len(chosen) // count] for index in range(count))


def _plan_all(set_name: SetName) -> tuple[CaseSpec, ...]:
    wanted = [
        (damage, dpi)
        for damage, by_dpi in _COUNTS[set_name].items()
        for dpi, count in by_dpi.items()
        for _ in range(count)
    ]
    cases: list[CaseSpec] = []
    turn = _FIRST_STYLE[set_name]
    for number, (damage, dpi) in enumerate(wanted):
        browser = number % _BROWSER_EVERY == _BROWSER_EVERY - 1
        while damage in _BILEVEL_KINDS and _STYLES[turn % len(_STYLES)] in _GONE_IN_BILEVEL:
            turn += 1
        fonts = _FONTS[set_name]
        seed = _FIRST_SEED[set_name] + number
        cases.append(
            CaseSpec(
                set_name=set_name,
                style=_BROWSER_STYLE if browser else _STYLES[turn % len(_STYLES)],
                font=_BROWSER_FONT[set_name] if browser else fonts[number % len(fonts)],
                latin_digits=set_name in _LATIN_DIGITS and not browser and number % _LATIN_DIGITS_EVERY == 1,
                damage=damage,
                dpi=dpi,
                seed=seed,
                container=_CONTAINERS.get(number % _CONTAINER_CYCLE, "pdf"),
                # By chance: every second case would be all or none of them where every second one is chosen.
                planted=random.Random(f"planted:{seed}").random() < _PLANTED[set_name],
            )
        )
        turn += not browser
    return tuple(cases)
