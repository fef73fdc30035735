"""Figures over all reports: progress, load, rules broken, doubtful cells, agencies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nicegui import ui

from models.form import FORM_IDS, load_form
from pipeline.review.dashboard import (
    AGENCY_FIELDS,
    AgencyYear,
    Dashboard,
    HeatMap,
    agencies_beside,
    dashboard,
    heat_map,
)
from pipeline.review.item_view import field_names
from pipeline.review.pages import charts
from pipeline.review.pages.charts import Options
from pipeline.review.pages.shell import frame, markup
from pipeline.review.pages.site import Site, Visit, in_thread, say
from pipeline.review.pages.templates import render

# Columns of a heat map whose names can be read where three charts stand side by side.
_MOST_BESIDE = 8
# Room for one row of a chart of bars or of a heat map, and around them. Pixels.
_ROW_PX, _AROUND_PX = 22, 110
_LEAST_PX = 240


@dataclass(frozen=True, slots=True)
class _Figures:
    """All that the page shows."""

    all: Dashboard
    heat: tuple[HeatMap, ...]
    agencies: list[AgencyYear]


async def build_dashboard_page(site: Site, visit: Visit, query: Mapping[str, str]) -> None:
    """Nothing; the page is drawn, with the agency, year and number that the query asks for."""
    form_id = next((f for f in FORM_IDS if f == query.get("form")), FORM_IDS[0])
    found = await in_thread(_read, site, form_id)
    words = visit.words
    frame(visit, here="/dashboards", title=words.dashboards)
    agencies = sorted({a.agency for a in found.agencies})
    agency = query.get("agency") if query.get("agency") in agencies else next(iter(agencies), "")
    years = sorted({a.year for a in found.agencies}, reverse=True)
    year = next((y for y in years if str(y) == query.get("year")), years[0] if years else 0)
    field = next((f for f in AGENCY_FIELDS if f == query.get("field")), AGENCY_FIELDS[0])
    names = [say(field_names(load_form(FORM_IDS[0]), f).name, visit) for f in AGENCY_FIELDS]
    now = found.all.progress
    with ui.element("main").props("id=main").classes("sheet-of-page"):
        markup(
            render(
                "dashboard",
                w=words,
                states=[
                    (words.password_state if state == "password" else words[state], count)
                    for state, count in now.states.items()
                ],
                accepted=f"{100 * now.accepted / now.fields:.2f} %" if now.fields else "—",
                filters=[
                    ("agency", words.agency, agency, [(a, a) for a in agencies]),
                    ("year", words.year, str(year), [(str(y), str(y)) for y in years]),
                    ("field", words.number, field, list(zip(AGENCY_FIELDS, names, strict=True))),
                    ("form", words.form, form_id, [(f, f) for f in FORM_IDS]),
                ],
            )
        )
        with ui.element("div").classes("grid2"):
            _chart(
                words.load, charts.review_load(found.all.days, visit), empty=not found.all.days, words=words.no_figures
            )
            _chart(
                words.accept_rate,
                charts.accept_rate(found.all.days, visit),
                empty=not found.all.days,
                words=words.no_figures,
            )
            _chart(
                words.rules_broken,
                charts.broken_rules(found.all.rules, visit),
                empty=not found.all.rules,
                words=words.no_figures,
            )
            mine = [a for a in found.agencies if a.agency == agency]
            _chart(
                f"{words.agency_years} · {agency}",
                charts.agency_over_years(mine, names),
                empty=not mine,
                words=words.no_figures,
            )
            beside = [a for a in found.agencies if a.year == year]
            _chart(
                f"{words.agencies} · {year} · {names[AGENCY_FIELDS.index(field)]}",
                charts.agencies_in_year(beside, field),
                empty=not beside,
                words=words.no_figures,
                rows=min(len(beside), 30),
            )
            for heat in found.heat:
                _chart(
                    f"{words.heat} · {say(heat.name, visit)}",
                    charts.doubt_heat(heat, visit),
                    empty=not any(cell.reports for _, _, cell in heat.cells),
                    words=words.no_figures,
                    rows=len(heat.rows),
                    is_wide=len(heat.columns) > _MOST_BESIDE,
                )


def _read(site: Site, form_id: str) -> _Figures:
    return _Figures(dashboard(site.store), heat_map(site.store, form_id), agencies_beside(site.store))


def _chart(title: str, options: Options, *, empty: bool, words: str, rows: int = 0, is_wide: bool = False) -> None:
    with ui.element("section").classes("card pad wide" if is_wide else "card pad").props("role=group"):
        markup(render("chart_title", title=title, empty=words if empty else ""))
        if not empty:
            height = max(_LEAST_PX, rows * _ROW_PX + _AROUND_PX)
            ui.echart(options, renderer="svg").classes("chart").style(f"height:{height}px")
