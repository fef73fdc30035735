"""The page on which one item is decided: what is shown, and what each key does.

Every key press names the item that was on the screen; one that comes when another item is there is dropped, so nobody
decides what they have not seen. Presses of one page are worked off one after the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from nicegui import ui
from nicegui.events import GenericEventArguments

from models.errors import NianbaoError, StaleItemError, UnknownItemError
from models.report import Report
from pipeline.review.aliases import Offer, learn, offer
from pipeline.review.decide_item import Action, Decided, Decision, decide, provable, undo
from pipeline.review.item_view import ItemView, SumView, sums_with, view_of
from pipeline.review.pages.form_table import form_tables
from pipeline.review.pages.item_context import (
    Context,
    candidate_at,
    desk_context,
    has_pictures,
    options_of,
    paper_data,
    places_ahead,
    report_name,
    say,
    sums_context,
    token_of,
)
from pipeline.review.pages.shell import frame, markup, sorry
from pipeline.review.pages.site import Site, Visit, in_thread
from pipeline.review.pages.templates import render
from pipeline.review.queue_of_items import QueueItem, hold_item, items_of_document, next_item, release_items
from pipeline.store.verdicts import review_state

# Items whose pictures are fetched before they are asked for.
_AHEAD = 3
# A person who looks at an item for long still works on it; others' decisions are shown this soon. Seconds.
_HOLD_AGAIN = 45.0


@dataclass(slots=True)
class ItemPage:
    """One open page.

    Attributes:
        site: The store.
        visit: Who looks.
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

    site: Site
    visit: Visit
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
        self._draw_desk()
        self._draw_sums(self.view.sums)
        self.acts.set_content(render("acts", acts=_acts(self.view, self.visit)))
        self._draw_form(self.view.report)

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

    def _draw_desk(self) -> None:
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

    def _draw_sums(self, sums: Sequence[SumView]) -> None:
        view = self.view
        if view is not None:
            self.sums.set_content(render("sums", **sums_context(sums, self.visit, say_none=view.kind == "number")))

    def _draw_form(self, report: Report) -> None:
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
        self._draw_form(state.report)

    def tell(self, text: str, look: str = "") -> None:
        """Nothing; the line below says so, and screen readers read it out."""
        offered = "" if self.offered is None else self.visit.words.learn.format(self.offered.label)
        self.said.set_content(render("said", text=text, look=look, offered=offered))

    async def on_event(self, event: GenericEventArguments) -> None:
        """Nothing; what the person did in the browser is done."""
        what, token, value = event.args.get("what"), event.args.get("token"), event.args.get("value")
        async with self.one_at_a_time:
            if token != self.token or what not in _HANDLERS:
                return
            try:
                await _HANDLERS[what](self, value)
            except StaleItemError as exc:
                key = self.view.key if self.view else None
                await self.show(key)
                self.tell(exc.message, "bad")
            except NianbaoError as exc:
                self.tell(" — ".join(filter(None, (exc.message, exc.remedy))), "bad")

    # What keys and buttons do.

    async def move(self, _value: object, *, by: int) -> None:
        """Shows the next or previous item, around the end."""
        keys = [i.item for i in self.items]
        if not keys:
            return
        here = keys.index(self.view.key) if self.view is not None and self.view.key in keys else -1 if by > 0 else 0
        await self.show(keys[(here + by) % len(keys)])
        self.tell("")

    async def open(self, value: object) -> None:
        """Shows the item with this key: a click on a cell of the form."""
        await self.show(str(value))
        self.tell("")

    async def preview(self, _value: object, *, by: int) -> None:
        """Looks at another option; the sums follow."""
        view = self.view
        if view is None or view.kind != "number":
            return
        options = options_of(view, self.visit)
        self.chosen = (self.chosen + by) % len(options)
        self._draw_desk()
        candidate = candidate_at(view, self.chosen)
        if candidate is None:
            self._draw_sums(view.sums)
        else:
            self._draw_sums(sums_with(view.report, view.fields[0], candidate.text))

    async def typing(self, value: object) -> None:
        """The sums follow what is being typed."""
        view = self.view
        if view is None or view.kind != "number":
            return
        text = value if isinstance(value, str) else ""
        self._draw_sums(sums_with(view.report, view.fields[0], text) if text.strip() else view.sums)

    async def typed(self, value: object) -> None:
        """Decides on the number typed."""
        await self._decide("typed", text=str(value or ""))

    async def accept(self, _value: object) -> None:
        """Decides on the option that is looked at; goes on to the next report where all is settled."""
        view = self.view
        if view is None:
            if self.next_document is not None:
                ui.navigate.to(f"/d/{self.next_document}")
            return
        if view.kind == "number":
            await self._decide_option(self.chosen)
        elif view.kind in {"unmapped", "report"}:
            self._ask_why(
                "acknowledge", self.visit.words.a_accept, self.visit.pick("已看过原件", "seen in the original")
            )
        else:
            await self._decide(_CONFIRM.get(view.kind, "confirm_finding"))

    async def choose(self, value: object) -> None:
        """Decides on the option with this number, from 1."""
        view = self.view
        number = int(str(value)) - 1 if str(value).isdecimal() else -1
        if view is None or not 0 <= number < len(options_of(view, self.visit)):
            self.tell(self.visit.words.not_here)
        elif view.kind == "number":
            await self._decide_option(number)
        elif view.row is not None:
            await self.remap_to(view.row.candidates[number].key)

    async def _decide_option(self, number: int) -> None:
        view = self.view
        if view is None:
            return
        candidate = candidate_at(view, number)
        if number == 0:
            await self._decide("confirm_repair" if view.repair is not None and view.is_open else "accept")
        elif candidate is not None:
            await self._decide("alternative", text=candidate.text)

    async def plain(self, _value: object, *, action: Action) -> None:
        """Decides without a value: blank, as printed, skip, reject."""
        if action == "as_printed" and self.view is not None and self.view.kind == "number" and self.chosen:
            self.chosen = 0
        await self._decide(action)

    async def remap(self, _value: object) -> None:
        """Asks which row it really is."""
        view = self.view
        if view is None or view.row is None:
            self.tell(self.visit.words.not_here)
            return
        self._dialog(
            "row_dialog",
            printed=view.row.printed,
            choices=[
                {"key": c.key, "name": say(c.name, self.visit), "score": f"{c.score:.2f}"}
                for c in view.row.candidates
                if c.key != view.row.key
            ],
        )

    async def remap_to(self, value: object) -> None:
        """Moves the whole row."""
        view = self.view
        if view is None or view.row is None:
            return
        if str(value) == view.row.key:
            await self._decide("confirm_row")
            return
        await self._decide("remap_row", to_row=str(value))

    async def waive(self, _value: object) -> None:
        """Asks why the finding is waived."""
        if self.view is None or self.view.kind != "finding":
            self.tell(self.visit.words.not_here)
            return
        self._ask_why("waive_finding", self.visit.words.why_waive, "")

    async def with_why(self, value: object, *, action: Action) -> None:
        """Decides with the reason given."""
        await self._decide(action, why=str(value.get("why", "")) if isinstance(value, dict) else "")

    async def proven(self, _value: object) -> None:
        """Accepts all that the sums prove, in one decision."""
        await self._decide("accept_proven", item=f"document:{self.document_id}")

    async def take_back(self, _value: object) -> None:
        """Takes the last decision of this person in this report back, and shows its item."""
        undone = await in_thread(partial(undo, self.site.store, who=self.who, document_id=self.document_id))
        await self.show(None if undone.item.startswith("document:") else undone.item)
        self.tell(self.visit.words.undone)

    async def learn(self, _value: object) -> None:
        """Learns the label of the row that was moved last, for reports to come."""
        offered, self.offered = self.offered, None
        if offered is None:
            self.tell(self.visit.words.not_here)
            return
        await in_thread(partial(learn, self.site.store, self.document_id, offered.row, offered.label, who=self.who))
        self.tell(self.visit.words.learnt.format(offered.label), "good")

    async def queue(self, _value: object) -> None:
        """Goes back to the queue."""
        ui.navigate.to("/")

    async def _decide(
        self,
        action: Action,
        *,
        text: str | None = None,
        to_row: str | None = None,
        why: str = "",
        item: str | None = None,
    ) -> None:
        view = self.view
        if view is None:
            return
        decision = Decision(action, item or view.key, text=text, to_row=to_row, why=why)
        version = view.version if item is None else None
        keys = [i.item for i in self.items]
        here = keys.index(view.key) if view.key in keys else -1
        offered = offer(view.report, view.key, to_row) if to_row is not None else None
        decided = await in_thread(
            partial(decide, self.site.store, self.document_id, decision, who=self.who, version=version)
        )
        following = keys[here + 1 :] + keys[: max(here, 0)]
        left = {i.item for i in await in_thread(items_of_document, self.site.store, self.document_id, self.who)}
        await self.show(next((k for k in following if k in left), None))
        self.offered = offered
        self.tell(_decided_text(decided, decision, view, self.visit), "" if action == "skip" else "good")

    def _ask_why(self, action: str, title: str, suggestion: str) -> None:
        about = say(self.view.why, self.visit) if self.view is not None else ""
        self._dialog("why_dialog", tell=action, title=title, about=about, suggestion=suggestion)

    def _dialog(self, template: str, **values: object) -> None:
        # Numbered, for the same markup twice would not be drawn again.
        self.dialogs += 1
        self.overlay.set_content(render(template, w=self.visit.words, number=self.dialogs, **values))

    async def look_again(self) -> None:
        """Nothing; the item is still held, and what others decided is shown."""
        async with self.one_at_a_time:
            view = self.view
            if view is None:
                return
            try:
                state = await in_thread(review_state, self.site.store, self.document_id)
                await in_thread(hold_item, self.site.store, self.document_id, view.key, self.who)
            except NianbaoError:
                return
            self._draw_form(state.report)


Handler = Callable[[ItemPage, object], Awaitable[None]]
_HANDLERS: dict[str, Handler] = {
    "next": partial(ItemPage.move, by=1),
    "previous": partial(ItemPage.move, by=-1),
    "preview_next": partial(ItemPage.preview, by=1),
    "preview_previous": partial(ItemPage.preview, by=-1),
    "open": ItemPage.open,
    "typing": ItemPage.typing,
    "typed": ItemPage.typed,
    "accept": ItemPage.accept,
    "choose": ItemPage.choose,
    "blank": partial(ItemPage.plain, action="blank"),
    "as_printed": partial(ItemPage.plain, action="as_printed"),
    "skip": partial(ItemPage.plain, action="skip"),
    "reject": partial(ItemPage.plain, action="reject_repair"),
    "remap": ItemPage.remap,
    "remap_to": ItemPage.remap_to,
    "waive": ItemPage.waive,
    "waive_finding": partial(ItemPage.with_why, action="waive_finding"),
    "acknowledge": partial(ItemPage.with_why, action="acknowledge"),
    "proven": ItemPage.proven,
    "learn": ItemPage.learn,
    "undo": ItemPage.take_back,
    "queue": ItemPage.queue,
}


async def build_item_page(site: Site, visit: Visit, document_id: int, key: str | None) -> None:
    """Nothing; the page is drawn, with its first item."""
    try:
        state = await in_thread(review_state, site.store, document_id)
    except UnknownItemError as exc:
        sorry(visit, exc.message)
        return
    title = report_name(state.document, visit)
    frame(visit, here="/d", title=title)
    drawn = has_pictures(state.document)
    with (
        ui.element("main")
        .props('id=main aria-label="review"')
        .classes("item-page" if drawn else "item-page no-picture")
    ):
        if drawn:
            markup(render("paper", w=visit.words, title=title)).style("display:contents")
        else:
            # Nothing to look at but the numbers: the form takes the place of the page.
            with ui.element("section").classes("paper"):
                form = markup("").classes("form")
        with ui.element("section").classes("desk"):
            desk = markup("").style("display:contents")
            markup(render("entry", w=visit.words))
            sums = markup("")
            with ui.element("div").classes("acts-bar"):
                said = markup("").props("role=status aria-live=polite")
                acts = markup("")
    if drawn:
        form = markup("").classes("form")
    page = ItemPage(site, visit, document_id, desk, sums, acts, said, form, overlay=markup(""))
    await page.show(key)
    page.tell("")
    ui.on("nianbao", page.on_event)
    ui.timer(_HOLD_AGAIN, page.look_again, immediate=False)
    ui.context.client.on_delete(partial(release_items, site.store, visit.person.login, document_id))


_CONFIRM: dict[str, Action] = {"row": "confirm_row", "column": "confirm_column"}
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
    if view.kind == "finding":
        found.append(act("waive", "a_waive", "w"))
    found += [act("skip", "a_skip", "s"), act("undo", "a_undo", "u"), act("next", "a_next", "j")]
    return found


def _decided_text(decided: Decided, decision: Decision, view: ItemView, visit: Visit) -> str:
    words = visit.words
    if decision.action == "skip":
        return words.a_skip
    what = say(view.names[0].name, visit) if view.names else words.decided
    parts = [f"✓ {what}{': ' + decision.text if decision.text else ''}"]
    more = len(decided.settled) + (len(decided.fields) if decision.action == "accept_proven" else 0)
    if more:
        parts.append(words.settled_more.format(more))
    return " · ".join(parts)
