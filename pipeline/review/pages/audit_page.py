"""The audit trail: who did what, when, before, after, why. It can be read and taken away, not changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from models.finding import Message
from models.form import FORM_IDS, load_form
from models.rule import load_rules
from pipeline.review.pages.paging import PER_PAGE, page_index, pages_context
from pipeline.review.pages.shell import frame, markup
from pipeline.review.pages.site import Site, Visit, in_thread, say
from pipeline.review.pages.templates import Context, render
from pipeline.store.audit import audit_page
from pipeline.store.records import AuditEntry

_MOST_CHANGES = 8
# What the log says -> the word for it.
_KEYS = {"item": "log_item"} | {k: k for k in ("state", "login", "role", "findings", "name", "password", "active")}
_STATES = {"password": "password_state"}
_DECISIONS = {"accept": "decided", "review": "l_review"}
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
        "changes": [
            (_what(what, visit), *(_in_words(what, text, visit) for text in sides))
            for what, *sides in changes_of(entry)
        ],
        "why": entry.why,
    }


def _what(key: str, visit: Visit) -> str:
    """The name of what was changed: of a field in words."""
    name = _field_names().get(key)
    return visit.words.get(_KEYS.get(key, ""), key) if name is None else say(name, visit)


def _in_words(key: str, text: str, visit: Visit) -> str:
    """What stands in the log, in words where it is a state, a role, a decision or a field."""
    if key == "state":
        return visit.words.get(_STATES.get(text, text), text)
    if key == "role":
        return visit.words.get(text, text)
    name = _field_names().get(text.removeprefix("field:")) if key == "item" else None
    if name is not None:
        return say(name, visit)
    for decision, word in _DECISIONS.items():
        if text.endswith(f"({decision})"):
            return f"{text.removesuffix(f'({decision})')}({visit.words[word]})"
    return text


@lru_cache(maxsize=1)
def _field_names() -> dict[str, Message]:
    """Field id -> its name; fields that two forms have are called alike."""
    return {i: name for form_id in FORM_IDS for i, name in load_rules(load_form(form_id)).labels.fields.items()}


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
