"""The queue: what waits for a person, the weightiest first; drawn anew as reports come in and others decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from pipeline.review.pages.presence import Presence
from pipeline.review.pages.shell import frame, markup
from pipeline.review.pages.site import Site, Visit, in_thread, visit_of
from pipeline.review.pages.templates import Context, render
from pipeline.review.queue_of_items import QueueFilter, next_item, queue_counts, queue_reports
from pipeline.store.documents import find_documents
from pipeline.store.health import health
from pipeline.store.records import STATES, Document, State

# How soon a report that was read, or a decision of somebody else, is seen. Seconds.
_LOOK_AGAIN = 2.0
_PER_PAGE = 50
_FILTERS = ("agency", "year", "tag", "rule")
_STATE_WORDS: dict[State, str] = {
    "received": "received",
    "running": "running",
    "review": "review",
    "done": "done",
    "failed": "failed",
    "password": "password_state",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the page asks for."""

    state: State
    chosen: QueueFilter
    page_index: int

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """What the query says; what it cannot mean is left out."""
        state: State = next((s for s in STATES if s == query.get("state")), "review")
        year = query.get("year", "")
        page = query.get("page", "")
        return cls(
            state,
            QueueFilter(
                agency=query.get("agency") or None,
                year=int(year) if year.isdecimal() else None,
                tag=query.get("tag") or None,
                rule=query.get("rule") or None,
            ),
            max(int(page) - 1, 0) if page.isdecimal() else 0,
        )

    def href(self, **changes: object) -> str:
        """The address with some parts changed."""
        parts = {
            "state": self.state,
            "agency": self.chosen.agency,
            "year": self.chosen.year,
            "tag": self.chosen.tag,
            "rule": self.chosen.rule,
            "page": self.page_index + 1,
            **changes,
        }
        return "/?" + urlencode({k: v for k, v in parts.items() if v not in {None, ""}})


def queue_routes(site: Site) -> APIRouter:
    """The route behind *Start*: the item that is best decided next, apart from what others work on."""
    router = APIRouter()

    @router.get("/next")
    def _next(request: Request) -> Response:
        chosen = Wanted.of(request.query_params).chosen
        item = next_item(site.store, visit_of(request).person.login, chosen)
        place = "/" if item is None else f"/d/{item.document_id}?item={quote(item.item, safe=':')}"
        return RedirectResponse(place, 303)

    return router


async def build_queue_page(site: Site, visit: Visit, query: Mapping[str, str]) -> None:
    """Nothing; the page is drawn, and draws itself anew."""
    frame(visit, here="/", title=visit.words.queue)
    wanted = Wanted.of(query)
    with ui.element("main").props("id=main").classes("sheet-of-page"):
        markup(render("drop", w=visit.words))
        queue = markup("")

    presence = Presence(site, visit)

    async def look() -> None:
        if not await presence.may_watch():
            return
        queue.set_content(render("queue", **await in_thread(queue_context, site, visit, wanted)))

    await look()
    ui.timer(_LOOK_AGAIN, look, immediate=False)


def queue_context(site: Site, visit: Visit, wanted: Wanted) -> Context:
    """What the template shows."""
    who, words = visit.person.login, visit.words
    counts = queue_counts(site.store, wanted.chosen, who)
    states = health(site.store).states
    rows, total = (
        _open_rows(site, visit, wanted, counts.documents)
        if wanted.state == "review"
        else _document_rows(site, visit, wanted)
    )
    values = {"agency": counts.agencies, "year": counts.years, "tag": counts.tags, "rule": counts.rules}
    current = {
        "agency": wanted.chosen.agency,
        "year": wanted.chosen.year,
        "tag": wanted.chosen.tag,
        "rule": wanted.chosen.rule,
    }
    pages = max(1, -(-total // _PER_PAGE))
    return {
        "w": words,
        "figures": [
            {
                "word": words[_STATE_WORDS[state]],
                "count": states[state],
                "href": wanted.href(state=state, page=1),
                "current": state == wanted.state,
            }
            for state in ("review", "received", "running", "done", "failed", "password")
            if states[state] or state in {"review", "received", "running", "done", "failed"}
        ],
        "items": counts.items,
        "state": wanted.state,
        "filters": [
            {
                "name": name,
                "word": words[name],
                "values": [str(v) for v in values[name]],
                "current": "" if current[name] is None else str(current[name]),
            }
            for name in _FILTERS
        ]
        if wanted.state == "review"
        else [],
        "rows": rows,
        "start": f"/next{wanted.href()[1:]}" if rows and wanted.state == "review" else "",
        "previous": wanted.href(page=wanted.page_index) if wanted.page_index else "",
        "next": wanted.href(page=wanted.page_index + 2) if wanted.page_index + 1 < pages else "",
        "page": wanted.page_index + 1,
        "pages": pages,
    }


def _open_rows(site: Site, visit: Visit, wanted: Wanted, total: int) -> tuple[list[Context], int]:
    found = queue_reports(
        site.store, wanted.chosen, visit.person.login, limit=_PER_PAGE, offset=wanted.page_index * _PER_PAGE
    )
    most = max((r.weight for r in found), default=1.0) or 1.0
    return [
        {
            "href": f"/d/{r.document_id}",
            "name": r.agency or visit.words.unknown_agency,
            "year": "" if r.year is None else r.year,
            "file": r.name,
            "tags": r.tags,
            "items": r.items,
            "weight": round(100 * r.weight / most),
            "held": ", ".join(r.held_by),
            "state": "review",
            "message": "",
        }
        for r in found
    ], total


def _document_rows(site: Site, visit: Visit, wanted: Wanted) -> tuple[list[Context], int]:
    total, found = find_documents(
        site.store, states=(wanted.state,), limit=_PER_PAGE, offset=wanted.page_index * _PER_PAGE
    )
    return [_document_row(d, visit) for d in found], total


def _document_row(found: Document, visit: Visit) -> Context:
    return {
        "href": f"/d/{found.id}" if found.state in {"review", "done"} else "",
        "name": found.agency or (visit.words.unknown_agency if found.is_final else visit.words.not_read_yet),
        "year": "" if found.year is None else found.year,
        "file": found.name,
        "tags": found.tags,
        "items": "",
        "weight": None,
        "held": "",
        "state": found.state,
        "message": found.failure_message or "",
    }
