"""What all pages share: the store, who looks at a page, in which language and colours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from typing import TypeVar

from fastapi import Request
from markupsafe import Markup

from models.finding import Message
from pipeline.config import Settings
from pipeline.review.pages.guard import VISITOR, session_secret
from pipeline.review.pages.words import LANGUAGES, WORDS, Language, Words
from pipeline.review.people import Person
from pipeline.store.open_store import Store

T = TypeVar("T")

LANGUAGE_COOKIE = "nianbao_language"
THEME_COOKIE = "nianbao_theme"
THEMES = ("light", "dark")
# Run before anything is drawn: colours never change after the first look at a page.
THEME_SCRIPT = Markup(  # noqa: S704 - nothing in it is of others
    f"document.documentElement.dataset.theme=(document.cookie.match(/{THEME_COOKIE}=(light|dark)/)||[])[1]"
    "||(matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light')"
)


@dataclass(frozen=True, slots=True)
class Site:
    """The store behind the pages, and the settings that uploads are held against."""

    store: Store
    settings: Settings


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a page. ``theme`` is empty where the browser's own choice holds; ``session`` is its secret."""

    person: Person
    language: Language
    theme: str
    session: str = field(default="", repr=False)

    @property
    def words(self) -> Words:
        """The words in the language of the visit."""
        return WORDS[self.language]

    def pick(self, zh: str, en: str) -> str:
        """The one of the two texts that is in the language of the visit."""
        return zh if self.language == "zh" else en


def visit_of(request: Request) -> Visit:
    """Who looks at the page, and how. The guard has let the request through, so somebody does."""
    person: Person = request.scope[VISITOR]
    return Visit(person, language_of(request), theme_of(request), session_secret(request.headers) or "")


def language_of(request: Request) -> Language:
    """As remembered by the browser, else as it asks for, else Chinese."""
    remembered = request.cookies.get(LANGUAGE_COOKIE)
    for language in LANGUAGES:
        if language == remembered:
            return language
    wanted = request.headers.get("accept-language", "").lower()
    return "en" if wanted.startswith("en") and "zh" not in wanted else "zh"


def theme_of(request: Request) -> str:
    """As remembered by the browser; empty where nothing is."""
    remembered = request.cookies.get(THEME_COOKIE, "")
    return remembered if remembered in THEMES else ""


def say(message: Message, visit: Visit) -> str:
    """The message in the language of the visit."""
    return visit.pick(message.zh, message.en)


async def in_thread(work: Callable[..., T], *args: object) -> T:
    """What ``work`` returns. The database is waited for in a thread, so that all other pages stay alive."""
    return await asyncio.to_thread(work, *args)


@lru_cache(maxsize=4)
def static_file(name: str) -> bytes:
    """The content of a file of ours."""
    return resources.files("pipeline.review.pages").joinpath("static", name).read_bytes()


@lru_cache(maxsize=4)
def static_url(name: str) -> str:
    """The address of a file of ours; another one when it changes, so that browsers may keep it."""
    return f"/static/{sha256(static_file(name)).hexdigest()[:12]}/{name}"
