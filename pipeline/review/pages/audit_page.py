"""The audit trail: who did what, when, before, after, why. It can be read and taken away, not changed."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pipeline.review.pages.paging import PER_PAGE, page_index, pages_context
from pipeline.review.pages.shell import frame, markup
from pipeline.review.pages.site import Site, Visit, in_thread
from pipeline.review.pages.templates import Context, render
from pipeline.store.audit import audit_page
from pipeline.store.records import AuditEntry

_MOST_CHANGES = 8
# Ids of rows of the store: in the CSV, and of no use to a reader.
_NUMBERS_OF_ROWS = frozenset({"verdict", "session", "run"})


async def build_audit_page(site: Site, visit: Visit, query: Mapping[str, str]) -> None:
    """Nothing; the page is drawn."""
    frame(visit, here="/audit", title=visit.words.audit)
    markup(render("audit", **await in_thread(audit_context, site, visit, dict(query))))


def audit_context(site: Site, visit: Visit, query: Mapping[str, str]) -> Context:
    """What the template shows."""
    document = query.get("document", "")
    document_id = int(document) if document.isascii() and document.isdecimal() else None
    who = query.get("who") or None
    total, entries = audit_page(
        site.store,
        document_id=document_id,
        who=who,
        newest_first=True,
        limit=PER_PAGE,
        offset=page_index(query) * PER_PAGE,
    )
    return {
        "w": visit.words,
        "rows": [_row(e, visit) for e in entries],
        "document": document_id or "",
        "who": who or "",
        **pages_context("/audit", query, total),
    }


def _row(entry: AuditEntry, visit: Visit) -> Context:
    key = f"did_{entry.action.removeprefix('decided: ').replace(' ', '_')}"
    return {
        "at": f"{entry.at:%Y-%m-%d %H:%M:%S}",
        "who": entry.who,
        "action": visit.words.get(key, entry.action),
        "code": entry.action,
        "document": entry.document_id,
        "changes": changes_of(entry),
        "why": entry.why,
    }


def changes_of(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """(What, before, after) for the parts that differ; fields each by itself, the first of very many."""
    before, after = entry.before or {}, entry.after or {}
    found: list[tuple[str, str, str]] = []
    for key in dict.fromkeys(k for k in (*before, *after) if k not in _NUMBERS_OF_ROWS):
        old, new = before.get(key), after.get(key)
        if key == "fields" and isinstance(old, dict) and isinstance(new, dict):
            found += [(field, _brief(old.get(field)), _brief(new.get(field))) for field in dict.fromkeys((*old, *new))]
        elif old != new:
            found.append((key, _brief(old), _brief(new)))
    left = len(found) - _MOST_CHANGES
    return found if left <= 0 else [*found[:_MOST_CHANGES], (f"+ {left}", "", "")]


def _brief(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, dict) and "kind" in value:
        number = value.get("value")
        return f"{value.get('kind') if number is None else number} ({value.get('decision')})"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "—"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
