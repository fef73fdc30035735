"""Whether the person before an open page is still logged in: a page that stays open outlives its session otherwise."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from nicegui import ui

from models.errors import LoginError, StoreError
from pipeline.review.pages.site import Site, Visit, in_thread
from pipeline.review.people import IDLE_SECONDS, person_of_session

# A page that only watches asks no more often. Seconds.
_ASK_AGAIN = 30.0


@dataclass(slots=True)
class Presence:
    """One open page.

    A page that draws itself anew is no sign of life: after ``IDLE_SECONDS`` without one its session is left to end.
    """

    site: Site
    visit: Visit
    acted_at: float = field(default_factory=time.monotonic)
    asked_at: float = field(default_factory=time.monotonic)

    async def may_act(self) -> bool:
        """True where the person is logged in; else the log-in is shown. To be asked before anything is done."""
        self.acted_at = time.monotonic()
        return await self._is_in()

    async def may_watch(self) -> bool:
        """True where the page may go on drawing itself anew; else the log-in is shown."""
        now = time.monotonic()
        if now - self.acted_at > IDLE_SECONDS:
            ui.navigate.to("/login")
            return False
        if now - self.asked_at < _ASK_AGAIN:
            return True
        return await self._is_in()

    async def _is_in(self) -> bool:
        self.asked_at = time.monotonic()
        try:
            person = await in_thread(person_of_session, self.site.store, self.visit.session)
        except LoginError:
            ui.navigate.to("/login")
            return False
        except StoreError:
            return True  # what is done next says what is wrong with the store, and changes nothing
        return person.login == self.visit.person.login
