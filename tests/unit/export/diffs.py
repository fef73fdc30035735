"""Invented diffs for the tests of their outputs."""

from __future__ import annotations

from models.diff import CellState, DiffSide, FieldDiff, Piece, ReportDiff, SectionDiff
from models.finding import Message

HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "https://x.example/")


def side(name: str, **more: object) -> DiffSide:
    known: dict[str, object] = {"agency": "青石县人民政府", "year": 2023, "published": None}
    return DiffSide.model_validate({"source": name, "sha256": name, "form": "gk2021", "status": "ok", **known, **more})


def number(value: str, decision: str = "accept") -> CellState:
    return CellState.model_validate({"value": value, "printed": value, "kind": "number", "decision": decision})


BLANK = CellState(value=None, printed="", kind="blank", decision="accept")


def words(printed: str) -> CellState:
    return CellState(value=None, printed=printed, kind="text", decision="review")


def field(
    before: CellState | None, after: CellState | None, name: str = "requests.new.total", **more: object
) -> FieldDiff:
    known: dict[str, object] = {"label": Message(zh="一、本年新收·总计", en="New requests, total"), "change": "changed"}
    return FieldDiff.model_validate({"field": name, "before": before, "after": after, **known, **more})


def diff(*fields: FieldDiff, pieces: tuple[tuple[str, str], ...] = (), **more: object) -> ReportDiff:
    sections = []
    if pieces:
        made = [Piece.model_validate({"kind": kind, "text": text}) for kind, text in pieces]
        heading = Message(zh="一、总体情况", en="Overview")
        sections.append(SectionDiff(section="overview", label=heading, similarity="0.875", pieces=made))
    known: dict[str, object] = {"remarks": [], "compared": 200, "not_comparable": []}
    return ReportDiff.model_validate(
        {"before": side("a.pdf"), "after": side("b.pdf"), "fields": fields, "sections": sections, **known, **more}
    )
