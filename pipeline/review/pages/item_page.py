"""The page on which one item is decided: what is shown, and what each key does.

Every key press names the item that was on the screen; one that comes when another item is there is dropped, so nobody
decides what they have not seen. Presses of one page are worked off one after the other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from nicegui import ui
from nicegui.events import GenericEventArguments

from models.errors import NianbaoError, StaleItemError, UnknownItemError
from pipeline.review.aliases import learn, offer
from pipeline.review.decide_item import Action, Decided, Decision, decide, undo
from pipeline.review.item_view import ItemView, sums_with
from pipeline.review.pages.item_context import has_pictures, report_name
from pipeline.review.pages.item_options import candidate_at, columns_to_choose, options_of, rows_to_choose
from pipeline.review.pages.item_screen import ItemScreen
from pipeline.review.pages.presence import Presence
from pipeline.review.pages.shell import frame, markup, sorry
from pipeline.review.pages.site import Site, Visit, in_thread, say
from pipeline.review.pages.templates import render
from pipeline.review.queue_of_items import items_of_document, release_items
from pipeline.store.verdicts import review_state

# A person who looks at an item for long still works on it; others' decisions are shown this soon. Seconds.
_HOLD_AGAIN = 45.0


@dataclass(slots=True)
class ItemPage(ItemScreen):
    """What keys and buttons do on it."""

    async def on_event(self, event: GenericEventArguments) -> None:
        """Nothing; what the person did in the browser is done."""
        what, token, value = event.args.get("what"), event.args.get("token"), event.args.get("value")
        async with self.one_at_a_time:
            if token != self.token or what not in _HANDLERS or not await self.presence.may_act():
                return
            try:
                await _HANDLERS[what](self, value)
            except StaleItemError as exc:
                key = self.view.key if self.view else None
                await self.show(key)
                self.tell(exc.message, "bad")
            except NianbaoError as exc:
                self.tell(" — ".join(filter(None, (exc.message, exc.remedy))), "bad")

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
        self.draw_desk()
        candidate = candidate_at(view, self.chosen)
        if candidate is None:
            self.draw_sums(view.sums)
        else:
            self.draw_sums(sums_with(view.report, view.fields[0], candidate.text))

    async def typing(self, value: object) -> None:
        """The sums follow what is being typed."""
        view = self.view
        if view is None or view.kind != "number":
            return
        text = value if isinstance(value, str) else ""
        self.draw_sums(sums_with(view.report, view.fields[0], text) if text.strip() else view.sums)

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
            self.ask_why(
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
        elif view.column is not None:
            await self.remap_column_to(view.column.candidates[number].key)

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
        view, words = self.view, self.visit.words
        if view is not None and view.column is not None:
            await self.remap_column(None)
        elif view is None or view.row is None:
            self.tell(words.not_here)
        else:
            about = f"{words.printed_label}: {view.row.printed or '—'}"
            choices = rows_to_choose(view, self.visit)
            self.dialog("row_dialog", title=words.choose_row, about=about, tell="remap_to", choices=choices)

    async def remap_column(self, _value: object) -> None:
        """Asks which column it really is."""
        view, words = self.view, self.visit.words
        choices = [] if view is None else columns_to_choose(view, self.visit)
        if not choices:
            self.tell(words.not_here)
            return
        self.dialog("row_dialog", title=words.choose_column, about="", tell="remap_column_to", choices=choices)

    async def remap_column_to(self, value: object) -> None:
        """Moves the whole column."""
        view = self.view
        if view is not None and view.column is not None and str(value) == view.column.key:
            await self._decide("confirm_column")
        elif view is not None:
            await self._decide("remap_column", to_column=str(value))

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
        self.ask_why("waive_finding", self.visit.words.why_waive, "")

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
        to_column: str | None = None,
        why: str = "",
        item: str | None = None,
    ) -> None:
        view = self.view
        if view is None:
            return
        decision = Decision(action, item or view.key, text=text, to_row=to_row, to_column=to_column, why=why)
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
    "remap_column": ItemPage.remap_column,
    "remap_column_to": ItemPage.remap_column_to,
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
    page = ItemPage(Presence(site, visit), document_id, desk, sums, acts, said, form, overlay=markup(""))
    await page.show(key)
    page.tell("")
    ui.on("nianbao", page.on_event)
    ui.timer(_HOLD_AGAIN, page.look_again, immediate=False)

    async def release() -> None:
        await in_thread(release_items, site.store, visit.person.login, document_id)

    ui.context.client.on_delete(release)


_CONFIRM: dict[str, Action] = {"row": "confirm_row", "column": "confirm_column"}


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
