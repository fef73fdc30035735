"""What all pages have around them: head, bar with the menu, help."""

from __future__ import annotations

from nicegui import ui

from pipeline.review.pages.site import THEME_SCRIPT, Visit, static_url
from pipeline.review.pages.templates import render

_PLACES = (("/", "queue"), ("/findings", "findings"), ("/dashboards", "dashboards"), ("/audit", "audit"))
_ADMIN_PLACES = (("/people", "people"),)
# Keys, and the word that says what they do.
HELP_KEYS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("Enter",), "a_accept"),
    (("1", "…", "9"), "k_choose"),
    (("↑", "↓"), "k_preview"),
    (("t", "."), "k_type"),
    (("b",), "a_blank"),
    (("p",), "a_printed"),
    (("r",), "a_remap"),
    (("o",), "a_remap_column"),
    (("x",), "a_reject"),
    (("w",), "a_waive"),
    (("a",), "a_proven"),
    (("l",), "k_learn"),
    (("s",), "a_skip"),
    (("u",), "a_undo"),
    (("j", "→"), "a_next"),
    (("k", "←"), "a_previous"),
    (("+", "-", "0", "c"), "k_zoom"),
    (("g",), "k_queue"),
    (("?",), "k_help"),
)
_HTML_LANGUAGE = {"zh": "zh-CN", "en": "en"}


def frame(visit: Visit, *, here: str, title: str) -> None:
    """Nothing; head and bar of the page are there. To be called first."""
    ui.page_title(f"{title} · Nianbao")
    ui.add_head_html(
        f"<script>{THEME_SCRIPT};document.documentElement.lang='{_HTML_LANGUAGE[visit.language]}'</script>"
        f'<link rel="stylesheet" href="{static_url("review.css")}">'
        f'<script src="{static_url("review.js")}" defer></script>'
    )
    places = _PLACES + (_ADMIN_PLACES if visit.person.is_admin else ())
    markup(
        render(
            "bar",
            w=visit.words,
            lang=visit.language,
            places=[{"href": href, "word": word} for href, word in places],
            here=here,
            person=visit.person.name or visit.person.login,
            help_keys=HELP_KEYS,
        )
    )


def markup(rendered: str) -> ui.html:
    """An element that shows what a template made. Templates escape what they are given: nothing is taken out here."""
    return ui.html(rendered, sanitize=False)


def sorry(visit: Visit, message: str) -> None:
    """Nothing; the page says why there is nothing to see."""
    frame(visit, here="", title="Nianbao")
    markup(render("sorry", w=visit.words, message=message))
