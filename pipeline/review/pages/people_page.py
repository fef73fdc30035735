"""Accounts: of all people for administrators, the own one with its API tokens for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nicegui import ui
from nicegui.events import GenericEventArguments

from models.errors import NianbaoError
from pipeline.review.aliases import aliases, withdraw_alias
from pipeline.review.pages.presence import Presence
from pipeline.review.pages.shell import frame, markup, sorry
from pipeline.review.pages.site import Site, Visit, in_thread
from pipeline.review.pages.templates import Context, render
from pipeline.review.people import (
    Role,
    add_person,
    all_people,
    new_token,
    reset_password,
    set_active,
    set_role,
    tokens,
    withdraw_token,
)

# (What is said, how it looks).
_Said = tuple[str, str]
_ROLES: dict[str, Role] = {"reviewer": "reviewer", "admin": "admin"}


async def build_people_page(site: Site, visit: Visit) -> None:
    """Nothing; the page is drawn. What is done on it is checked again where it is done."""
    if not visit.person.is_admin:
        sorry(visit, visit.words.admins_only)
        return
    frame(visit, here="/people", title=visit.words.people)
    page = markup("")

    def draw(said: _Said = ("", "")) -> Context:
        return {
            "w": visit.words,
            "people": all_people(site.store),
            "me": visit.person.login,
            "aliases": [
                {
                    "id": a.id,
                    "label": a.label,
                    "row": f"{a.form} {a.row}",
                    "who": a.added_by,
                    "at": f"{a.added_at:%Y-%m-%d}",
                }
                for a in aliases(site.store)
            ],
            "said": said[0],
            "look": said[1],
        }

    await _live(
        Presence(site, visit),
        page,
        "people",
        draw,
        {
            "add_person": partial(_add, site, visit),
            "reset": partial(_reset, site, visit),
            "switch": partial(_switch, site, visit),
            "role": partial(_role, site, visit),
            "unlearn": partial(_unlearn, site, visit),
        },
    )


async def build_account_page(site: Site, visit: Visit) -> None:
    """Nothing; the page of the own account is drawn."""
    frame(visit, here="", title=visit.person.login)
    page = markup("")

    def draw(said: _Said = ("", "")) -> Context:
        return {
            "w": visit.words,
            "person": visit.person,
            "tokens": [
                {"id": t.id, "name": t.name, "until": f"{t.expires_at:%Y-%m-%d}", "used": f"{t.used_at:%Y-%m-%d %H:%M}"}
                for t in tokens(site.store, visit.person.login)
            ],
            "said": said[0],
            "look": said[1],
        }

    await _live(
        Presence(site, visit),
        page,
        "account",
        draw,
        {
            "new_token": partial(_new_token, site, visit),
            "withdraw": partial(_withdraw, site, visit),
        },
    )


async def _live(
    presence: Presence,
    page: ui.html,
    template: str,
    draw: Callable[..., Context],
    actions: dict[str, Callable[[object], _Said]],
) -> None:
    page.set_content(render(template, **await in_thread(draw)))

    async def on_event(event: GenericEventArguments) -> None:
        action = actions.get(str(event.args.get("what")))
        if action is None or not await presence.may_act():
            return
        try:
            said = await in_thread(action, event.args.get("value"))
        except NianbaoError as exc:
            said = (" — ".join(filter(None, (exc.message, exc.remedy))), "bad")
        page.set_content(render(template, **await in_thread(draw, said)))

    ui.on("nianbao", on_event)


def _text(value: object, key: str) -> str:
    return str(value.get(key, "")).strip() if isinstance(value, dict) else ""


def _add(site: Site, visit: Visit, value: object) -> _Said:
    role = _ROLES.get(_text(value, "role"), "reviewer")
    made = add_person(site.store, login=_text(value, "login"), name=_text(value, "name"), role=role, by=visit.person)
    return f"{visit.words.one_time_for.format(made.person.login)} {made.password}", "good"


def _reset(site: Site, visit: Visit, value: object) -> _Said:
    made = reset_password(site.store, str(value), by=visit.person)
    return f"{visit.words.one_time_for.format(made.person.login)} {made.password}", "good"


def _switch(site: Site, visit: Visit, value: object) -> _Said:
    login = str(value)
    now = next((p.active for p in all_people(site.store) if p.login == login), False)
    set_active(site.store, login, active=not now, by=visit.person)
    return "", ""


def _role(site: Site, visit: Visit, value: object) -> _Said:
    login = str(value)
    now = next((p.role for p in all_people(site.store) if p.login == login), "reviewer")
    set_role(site.store, login, "reviewer" if now == "admin" else "admin", by=visit.person)
    return "", ""


def _unlearn(site: Site, visit: Visit, value: object) -> _Said:
    alias = withdraw_alias(site.store, int(str(value)) if str(value).isdecimal() else -1, who=visit.person.login)
    return f"{visit.words.did_label_withdrawn}: {alias.label}", "good"


def _new_token(site: Site, visit: Visit, value: object) -> _Said:
    return f"{visit.words.token_once} {new_token(site.store, visit.person, _text(value, 'name'))}", "good"


def _withdraw(site: Site, visit: Visit, value: object) -> _Said:
    withdraw_token(site.store, int(str(value)) if str(value).isdecimal() else -1, by=visit.person)
    return "", ""
