"""The figures of the dashboards, as the API gives them."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import FastAPI, Query
from pydantic import BaseModel, ConfigDict

from models.finding import Message
from pipeline.review.api_access import PersonDep, StoreDep
from pipeline.review.dashboard import agencies_beside, dashboard, heat_map
from pipeline.store.records import State

FormId = Literal["gk2021", "gk2019"]
Agencies = Annotated[list[Annotated[str, Query(max_length=200)]] | None, Query(max_length=100)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DayOut(_Model):
    """One day (UTC): documents read, their fields, those of them in review now, decisions given."""

    day: dt.date
    read: int
    fields: int
    in_review: int
    decisions: int


class RuleOut(_Model):
    """A rule that is broken often: findings, and documents with one."""

    rule: str
    name: Message
    findings: int
    documents: int


class FiguresOut(_Model):
    """Documents by state, fields and those accepted, the last days, the rules broken most often."""

    states: dict[State, int]
    fields: int
    accepted: int
    days: list[DayOut]
    rules: list[RuleOut]


class HeatOut(_Model):
    """How often a field was doubted, among the reports that have it."""

    field: str
    doubted: int
    reports: int


class HeatMapOut(_Model):
    """All fields of a form."""

    form: str
    fields: list[HeatOut]


class AgencyYearOut(_Model):
    """The latest report of an agency and year, with the fields by which agencies are compared."""

    document_id: int
    agency: str
    year: int
    state: State
    errors: int
    values: dict[str, str | None]


class AgenciesOut(_Model):
    """Agencies by name, then year."""

    reports: list[AgencyYearOut]


def add_figures(app: FastAPI) -> None:
    """Nothing; the API then has the routes."""
    app.get("/figures", operation_id="get_figures")(_figures)
    app.get("/figures/doubts", operation_id="get_doubts")(_doubts)
    app.get("/figures/agencies", operation_id="get_agencies")(_agencies)


def _figures(store: StoreDep, _: PersonDep) -> FiguresOut:
    """Progress, review load and accept rate by day, rules broken."""
    found = dashboard(store)
    return FiguresOut(
        states=found.progress.states,
        fields=found.progress.fields,
        accepted=found.progress.accepted,
        days=[DayOut(**asdict(day)) for day in found.days],
        rules=[RuleOut(rule=r.rule, name=r.name, findings=r.findings, documents=r.documents) for r in found.rules],
    )


def _doubts(store: StoreDep, _: PersonDep, form: FormId) -> HeatMapOut:
    """Doubtful cells of a form."""
    cells = [cell for table in heat_map(store, form) for _, _, cell in table.cells]
    fields = [HeatOut(field=c.field, doubted=c.doubted, reports=c.reports) for c in cells]
    return HeatMapOut(form=form, fields=fields)


def _agencies(store: StoreDep, _: PersonDep, agency: Agencies = None) -> AgenciesOut:
    """One agency over the years, or several side by side; all of them where none is named."""
    found = agencies_beside(store, tuple(agency or ()))
    return AgenciesOut(reports=[AgencyYearOut(**asdict(one)) for one in found])
