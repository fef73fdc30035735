"""Findings: of one report with the pictures of their numbers, and over all reports."""

from __future__ import annotations

from collections.abc import Mapping

from models.errors import UnknownItemError
from models.finding import SEVERITY_ORDER, Finding
from pipeline.review.item_view import field_names, place_of
from pipeline.review.pages.form_table import cell_text
from pipeline.review.pages.item_context import crop_source, report_name
from pipeline.review.pages.paging import PER_PAGE, page_index, pages_context
from pipeline.review.pages.shell import frame, markup, sorry
from pipeline.review.pages.site import Site, Visit, in_thread, say
from pipeline.review.pages.templates import Context, render
from pipeline.store.browse import browse_findings, finding_filters
from pipeline.store.verdicts import ReviewState, review_state
from pipeline.verdicts.given_values import form_of
from pipeline.verdicts.open_items import finding_keys

_MOST_CROPS = 12


async def build_findings_page(site: Site, visit: Visit, query: Mapping[str, str]) -> None:
    """Nothing; the findings over all reports are drawn."""
    frame(visit, here="/findings", title=visit.words.findings)
    markup(render("findings", **await in_thread(findings_context, site, visit, dict(query))))


async def build_report_findings_page(site: Site, visit: Visit, document_id: int) -> None:
    """Nothing; the findings of one report are drawn."""
    try:
        state = await in_thread(review_state, site.store, document_id)
    except UnknownItemError as exc:
        sorry(visit, exc.message)
        return
    frame(visit, here="/findings", title=report_name(state.document, visit))
    markup(render("report_findings", **report_findings_context(state, visit)))


def findings_context(site: Site, visit: Visit, query: Mapping[str, str]) -> Context:
    """What the template of all findings shows."""
    words = visit.words
    severity, rule, agency = (query.get(k) or None for k in ("severity", "rule", "agency"))
    found, total = browse_findings(
        site.store, severity=severity, rule=rule, agency=agency, limit=PER_PAGE, offset=page_index(query) * PER_PAGE
    )
    rules, agencies = finding_filters(site.store)
    return {
        "w": words,
        "filters": [
            {
                "name": "severity",
                "word": words.severity,
                "current": severity or "",
                "values": [(s, words[s]) for s in SEVERITY_ORDER],
            },
            {"name": "rule", "word": words.rule, "current": rule or "", "values": [(r, r) for r in rules]},
            {"name": "agency", "word": words.agency, "current": agency or "", "values": [(a, a) for a in agencies]},
        ],
        "rows": [
            {
                "href": f"/d/{f.document_id}/findings",
                "name": f.agency or f.name,
                "year": f.year or "",
                "severity": f.severity,
                "severity_word": words[f.severity],
                "origin": words[f"origin_{f.origin}"],
                "rule": f.rule,
                "message": visit.pick(f.message_zh, f.message_en),
                "closed": words.waived if f.waived else "",
            }
            for f in found
        ],
        **pages_context("/findings", query, total),
    }


def report_findings_context(state: ReviewState, visit: Visit) -> Context:
    """What the template of one report's findings shows; open errors first."""
    keyed = sorted(
        finding_keys(state.report),
        key=lambda pair: (_is_closed(pair[0]), SEVERITY_ORDER[pair[0].severity]),
    )
    return {
        "w": visit.words,
        "title": report_name(state.document, visit),
        "document": state.document.id,
        "findings": [_finding(state, finding, key, visit) for finding, key in keyed],
    }


def _finding(state: ReviewState, finding: Finding, key: str, visit: Visit) -> Context:
    words, fields = visit.words, state.report.fields
    known = form_of(state.report).fields if state.report.form in {"gk2021", "gk2019"} else {}

    def name(field: str) -> str:
        return say(field_names(form_of(state.report), field).name, visit) if field in known else field

    closed = ""
    if finding.waiver is not None:
        closed = f"{words.waived}: {finding.waiver.reason} ({finding.waiver.author} {finding.waiver.date})"
    elif finding.confirmed is not None:
        closed = f"{words.confirmed} ({finding.confirmed.author} {finding.confirmed.date})"
    return {
        "href": f"/d/{state.document.id}?item={key}",
        "rule": finding.rule,
        "severity": finding.severity,
        "severity_word": words[finding.severity],
        "origin": words[f"origin_{finding.origin}"],
        "message": say(finding.message, visit),
        "closed": closed,
        "suspects": [
            " + ".join(f"{name(s.field)}{' → ' + s.suggested if s.suggested is not None else ''}" for s in group)
            for group in finding.suspects
        ],
        "crops": [
            {
                "name": name(field),
                "text": cell_text(fields.get(field)),
                "src": crop_source(state.document, place_of(fields.get(field))),
            }
            for field in finding.fields[:_MOST_CROPS]
        ],
    }


def _is_closed(finding: Finding) -> bool:
    return finding.waiver is not None or finding.confirmed is not None
