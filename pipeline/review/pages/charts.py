"""Figures as options of ECharts. Names of agencies are drawn as text: nothing in a chart is markup."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.review.dashboard import AGENCY_FIELDS, AgencyYear, DayFigures, HeatMap, RuleShare
from pipeline.review.pages.site import Visit, say

Options = dict[str, object]

# Told apart also by those who see few colours (after Okabe and Ito); readable on light and dark.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_HEAT = ("#dceef0", "#e69f00", "#b3261e")
_AXIS = "#8a918c"
_PER_CENT = 100
_LONGEST_NAME = 26  # characters of a rule beside its bar


def review_load(days: Sequence[DayFigures], visit: Visit) -> Options:
    """Reports read, numbers in review and decisions by day."""
    words = visit.words
    return {
        **_base(legend=True),
        "xAxis": _names([f"{d.day:%m-%d}" for d in days]),
        "yAxis": _numbers(),
        "series": [
            {"type": "line", "name": words.reports, "data": [d.read for d in days]},
            {"type": "line", "name": words.numbers_doubtful, "data": [d.in_review for d in days]},
            {"type": "line", "name": words.decisions, "data": [d.decisions for d in days]},
        ],
    }


def accept_rate(days: Sequence[DayFigures], visit: Visit) -> Options:
    """Numbers that nobody had to look at, in percent, by day."""
    read = [d for d in days if d.fields]
    return {
        **_base(),
        "xAxis": _names([f"{d.day:%m-%d}" for d in read]),
        "yAxis": {**_numbers(), "max": _PER_CENT, "scale": True, "axisLabel": {"formatter": "{value} %"}},
        "series": [
            {
                "type": "line",
                "name": visit.words.accept_rate,
                "data": [round(_PER_CENT * (1 - d.in_review / d.fields), 2) for d in read],
                "areaStyle": {"opacity": 0.15},
            }
        ],
    }


def broken_rules(rules: Sequence[RuleShare], visit: Visit, *, most: int = 12) -> Options:
    """The rules broken most often, the most frequent on top."""
    shown = list(rules[:most])[::-1]
    return {
        **_base(),
        "xAxis": _numbers(),
        "yAxis": {**_names([_short(say(r.name, visit)) for r in shown]), "axisTick": {"show": False}},
        "series": [{"type": "bar", "name": visit.words.reports, "data": [r.documents for r in shown]}],
    }


def doubt_heat(heat: HeatMap, visit: Visit) -> Options:
    """How often each cell of a table was doubted, in percent of the reports that have it."""
    data = [
        [column, row, round(_PER_CENT * cell.doubted / cell.reports, 1) if cell.reports else 0]
        for row, column, cell in heat.cells
    ]
    most = max((value for _, _, value in data), default=0)
    return {
        **_base(),
        "tooltip": {"renderMode": "richText", "position": "top"},
        "xAxis": {**_names([_short(say(c, visit)) for c in heat.columns]), "axisLabel": {"interval": 0, "rotate": 30}},
        "yAxis": {**_names([_short(say(r, visit)) for r in heat.rows]), "inverse": True, "axisLabel": {"interval": 0}},
        "visualMap": {"min": 0, "max": max(most, 1), "show": False, "inRange": {"color": list(_HEAT)}},
        "series": [
            {"type": "heatmap", "name": "%", "data": data, "itemStyle": {"borderColor": _AXIS, "borderWidth": 0.4}}
        ],
    }


def agency_over_years(reports: Sequence[AgencyYear], names: Sequence[str]) -> Options:
    """One agency: each of ``AGENCY_FIELDS`` over the years; ``names`` are theirs."""
    years = sorted({r.year for r in reports})
    by_year = {r.year: r.values for r in reports}
    return {
        **_base(legend=True),
        "xAxis": _names([str(y) for y in years]),
        "yAxis": _numbers(),
        "series": [
            {"type": "line", "name": name, "data": [_number(by_year[y].get(field)) for y in years]}
            for field, name in zip(AGENCY_FIELDS, names, strict=True)
        ],
    }


def agencies_in_year(reports: Sequence[AgencyYear], field: str, *, most: int = 30) -> Options:
    """Agencies side by side: one number in one year, the largest on top."""
    found = [(r.agency, number) for r in reports if (number := _number(r.values.get(field))) is not None]
    shown = sorted(found, key=lambda pair: pair[1])[-most:]
    return {
        **_base(),
        "xAxis": _numbers(),
        "yAxis": {**_names([_short(name) for name, _ in shown]), "axisTick": {"show": False}},
        "series": [{"type": "bar", "data": [number for _, number in shown]}],
    }


def _base(*, legend: bool = False) -> Options:
    found: Options = {
        "color": list(_COLOURS),
        "animation": False,
        "backgroundColor": "transparent",
        "grid": {"left": 8, "right": 20, "top": 36 if legend else 12, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "aria": {"enabled": True},
    }
    if legend:
        found["legend"] = {"type": "scroll", "top": 0}
    return found


def _names(names: Sequence[str]) -> Options:
    return {"type": "category", "data": list(names), "axisLine": {"lineStyle": {"color": _AXIS}}}


def _numbers() -> Options:
    return {"type": "value", "minInterval": 1, "splitLine": {"lineStyle": {"color": _AXIS, "opacity": 0.3}}}


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _number(text: str | None) -> float | None:
    # For the length of a bar alone.
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
