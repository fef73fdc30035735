"""What stands on the item page: loads an item, draws it, says what happened."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from nicegui import ui

from models.errors import NianbaoError, UnknownItemError
from models.report import Report
from pipeline.review.aliases import Offer
from pipeline.review.decide_item import provable
from pipeline.review.item_view import ItemView, SumView, view_of
from pipeline.review.pages.form_table import form_tables
from pipeline.review.pages.item_context import (
    desk_context,
    paper_data,
    places_ahead,
    report_name,
    sums_context,
    token_of,
)
from pipeline.review.pages.presence import Presence
from pipeline.review.pages.site import Site, Visit, in_thread, say
from pipeline.review.pages.templates import Context, render
from pipeline.review.queue_of_items import QueueItem, hold_item, items_of_document, next_item
from pipeline.store.verdicts import review_state

# Items whose pictures are fetched before they are asked for.
_AHEAD = 3


@dataclass(slots=True)
class ItemScreen:
    """One open page.

    Attributes:
        presence: Who looks at it.
        document_id: The report.
        view: The item on the screen; None where all is settled.
        items: Open items of the report, in the order in which they are decided.
        chosen: Number of the option that is looked at, from 0.
        most: Open items when the page was opened, for the progress bar.
        token: What a key press must name.
        held_by: Login of who works on the item.
        next_document: Where Enter leads when all is settled.
        dialogs: Number of dialogs shown so far.
        offered: A label that may be learnt from the last decision.
        shown_form: The report whose form is drawn.
    """

    presence: Presence
    document_id: int
    desk: ui.html
    sums: ui.html
    acts: ui.html
    said: ui.html
    form: ui.html
    overlay: ui.html
    view: ItemView | None = None
    items: list[QueueItem] = field(default_factory=list)
    chosen: int = 0
    most: int = 0
    token: str = ""
    held_by: str = ""
    next_document: int | None = None
    dialogs: int = 0
    offered: Offer | None = None
    shown_form: Report | None = None
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def site(self) -> Site:
        """The store."""
        return self.presence.site

    @property
    def visit(self) -> Visit:
        """Who looks, and how."""
        return self.presence.visit

    @property
    def who(self) -> str:
        """The login of who decides."""
        return self.visit.person.login

    async def show(self, key: str | None) -> None:
        """Nothing; the item is then on the screen, or the next one where it is gone, or that all is settled."""
        await in_thread(self._load, key)
        self.chosen = 0
        if self.view is None:
            await self._show_finished()
            return
        self.token = token_of(self.view)
        self.draw_desk()
        self.draw_sums(self.view.sums)
        self.acts.set_content(render("acts", acts=_acts(self.view, self.visit)))
        self.draw_form(self.view.report)

    def _load(self, key: str | None) -> None:
        store = self.site.store
        self.items = items_of_document(store, self.document_id, self.who)
        self.most = max(self.most, len(self.items))
        state = review_state(store, self.document_id)
        wanted = [key] if key else []
        fresh = sorted(self.items, key=lambda i: (i.skipped, i.held_by not in {None, self.who}))
        self.view = None
        for candidate in (*wanted, *(i.item for i in fresh)):
            try:
                self.view = view_of(state, candidate)
            except UnknownItemError:
                continue
            self.held_by = hold_item(store, self.document_id, candidate, self.who)
            return

    def draw_desk(self) -> None:
        """Nothing; the upper part of the desk shows the item and its options."""
        view = self.view
        if view is None:
            return
        words = self.visit.words
        keys = [i.item for i in self.items]
        number = keys.index(view.key) if view.key in keys else None
        after = self.items[(number if number is not None else -1) + 1 :][:_AHEAD]
        ahead = places_ahead(view.report, view.document, [i.fields for i in after])
        context: Context = {
            **desk_context(view, self.visit, chosen=self.chosen),
            "place": words.left_n.format(len(self.items))
            if number is None
            else words.item_n.format(number + 1, len(keys)),
            "done_share": round(100 * (self.most - len(keys)) / self.most) if self.most else None,
            "held": "" if self.held_by in {"", self.who} else words.held_by.format(self.held_by),
            "proven": len(provable(view.report)) if len(keys) > 1 else 0,
            "paper": paper_data(view, ahead=ahead),
        }
        self.desk.set_content(render("desk", **context))

    def draw_sums(self, sums: Sequence[SumView]) -> None:
        """Nothing; the sums are shown."""
        view = self.view
        if view is not None:
            self.sums.set_content(render("sums", **sums_context(sums, self.visit, say_none=view.kind == "number")))

    def draw_form(self, report: Report) -> None:
        """Nothing; the form shows the report."""
        # A form is 200 cells: drawn anew only where a number has changed.
        if self.shown_form is not None and _same_cells(self.shown_form, report):
            return
        self.shown_form = report
        current = self.view.fields if self.view is not None else ()
        self.form.set_content(
            render("form", w=self.visit.words, tables=form_tables(report), current=current, no_form="—")
        )

    async def _show_finished(self) -> None:
        store, words = self.site.store, self.visit.words
        state = await in_thread(review_state, store, self.document_id)
        following = await in_thread(partial(next_item, store, self.who, after=(self.document_id, "")))
        self.next_document = following.document_id if following and following.document_id != self.document_id else None
        base = f"/export/{self.document_id}"
        self.desk.set_content(
            render(
                "finished",
                w=words,
                document=self.document_id,
                paper='{"src":"","marks":[],"fields":[],"ahead":[],"path":""}',
                title=report_name(state.document, self.visit),
                next_href=self.next_document is not None,
                links=[
                    {"href": f"{base}.{kind}", "text": f"{words.export} {kind.upper()}", "download": True}
                    for kind in ("xlsx", "json", "csv")
                ]
                + [{"href": f"/d/{self.document_id}/findings", "text": words.findings, "download": False}]
                + [{"href": "/", "text": words.queue, "download": False}],
            )
        )
        self.token = f"document:{self.document_id}|"
        self.sums.set_content("")
        self.acts.set_content("")
        self.draw_form(state.report)

    def tell(self, text: str, look: str = "") -> None:
        """Nothing; the line below says so, and screen readers read it out."""
        offered = "" if self.offered is None else self.visit.words.learn.format(self.offered.label)
        self.said.set_content(render("said", text=text, look=look, offered=offered))

    def ask_why(self, action: str, title: str, suggestion: str) -> None:
        """Nothing; a dialog asks for the reason, with which ``action`` comes back."""
        about = say(self.view.why, self.visit) if self.view is not None else ""
        self.dialog("why_dialog", tell=action, title=title, about=about, suggestion=suggestion)

    def dialog(self, template: str, **values: object) -> None:
        """Nothing; the dialog is open."""
        # Numbered, for the same markup twice would not be drawn again.
        self.dialogs += 1
        self.overlay.set_content(render(template, w=self.visit.words, number=self.dialogs, **values))

    async def look_again(self) -> None:
        """Nothing; the item is still held, and what others decided is shown."""
        async with self.one_at_a_time:
            view = self.view
            if not await self.presence.may_watch() or view is None:
                return
            try:
                state = await in_thread(review_state, self.site.store, self.document_id)
                await in_thread(hold_item, self.site.store, self.document_id, view.key, self.who)
            except NianbaoError:
                return
            self.draw_form(state.report)


# What Enter says, by kind of item.
_YES = {"number": "a_accept", "finding": "a_confirm_finding", "unmapped": "a_noted", "report": "a_noted"}


def _same_cells(a: Report, b: Report) -> bool:
    return a.fields == b.fields and a.findings == b.findings


def _acts(view: ItemView, visit: Visit) -> list[Context]:
    words = visit.words

    def act(tell: str, word: str, key: str, do: str = "") -> Context:
        return {"tell": tell, "text": words[word], "key": key, "do": do}

    found = [act("accept", _YES.get(view.kind, "a_confirm"), "Enter")]
    if view.kind == "number":
        found += [act("blank", "a_blank", "b"), act("as_printed", "a_printed", "p")]
        found.append({"tell": "", "do": "type", "text": words.type_number, "key": "t"})
    if view.kind == "number" and view.repair is not None:
        found.append(act("reject", "a_reject", "x"))
    if view.row is not None:
        found.append(act("remap", "a_remap", "r"))
    if view.column is not None:
        found.append(act("remap_column", "a_remap_column", "r"))
    if view.kind == "finding":
        found.append(act("waive", "a_waive", "w"))
    found += [act("skip", "a_skip", "s"), act("undo", "a_undo", "u"), act("next", "a_next", "j")]
    return found
