"""Items decided by keyboard alone, in a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.report import LabelMatch, Report
from pipeline.review.aliases import aliases
from pipeline.store.audit import audit_log
from pipeline.store.documents import document, load_report
from pipeline.store.open_store import Store
from tests.e2e.review_browser import (
    Site,
    press,
    token,
)
from tests.e2e.review_store import SAMPLE, numbers_of, put, right_value, with_doubts

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
DOUBTS = 20
MOST_PRESSES_PER_CELL = 1.3


def test_twenty_doubtful_cells_by_keyboard_alone(page: Page, site: Site, store: Store, sample: Report) -> None:
    fields = numbers_of(sample)[:DOUBTS]
    right = {i: sample.fields[i].value for i in fields}
    doubted = with_doubts(sample, fields)
    assert {i: right_value(doubted.fields[i]) for i in fields} == right
    number = put(store, SAMPLE, doubted, tags=("twenty",))
    page.goto(f"{site.address}/?tag=twenty")

    page.wait_for_selector("#start")  # the queue draws itself anew
    page.focus("#start")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-token^='field:']")
    presses = 0
    while (key := token(page).split("|")[0]).startswith("field:"):
        press(page, _key_for(page, right[key.removeprefix("field:")]))
        presses += 1
    page.wait_for_selector(".all-done")

    assert key == f"document:{number}"
    assert presses <= DOUBTS * MOST_PRESSES_PER_CELL
    done = document(store, number)
    assert done is not None
    assert done.state == "done"
    stored = load_report(store, number)
    assert stored is not None
    assert {i: stored.report.fields[i].value for i in fields} == right
    assert [i for i, v in stored.report.fields.items() if v.decision == "review"] == []
    decided = [e for e in audit_log(store, number) if e.action.startswith("decided")]
    assert len(decided) == presses
    assert {e.who for e in decided} == {"admin"}

    with page.expect_download() as download:
        page.click("a[href$='.json']")
    exported = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert {i: exported["fields"][i]["value"] for i in fields} == right

    page.goto(f"{site.address}/audit?document={number}")
    assert page.locator("td[title^='decided']").count() == presses


def _key_for(page: Page, right: str | None) -> str:
    """The key of the option that is right; Enter where it is the first."""
    options = page.locator(".candidate b").all_inner_texts()
    number = options.index(right or "")
    return "Enter" if number == 0 else str(number + 1)


def test_sums_follow_what_is_looked_at_and_typed(page: Page, site: Site, store: Store, sample: Report) -> None:
    field = "requests.new.total"
    number = put(store, SAMPLE, with_doubts(sample, [field]))
    right = sample.fields[field].value or ""
    page.goto(f"{site.address}/d/{number}?item=field:{field}")
    page.wait_for_selector(".sum.holds-yes")
    assert page.locator(".sum.holds-no").count() == 0

    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".sum.holds-no")
    page.keyboard.press("ArrowUp")
    page.wait_for_selector(".sum.holds-no", state="detached")
    page.keyboard.press("t")
    page.keyboard.type("1")
    page.wait_for_selector(".sum.holds-no")
    page.keyboard.press("Escape")
    page.wait_for_selector(".sum.holds-no", state="detached")
    page.keyboard.press("t")
    page.keyboard.type(right)
    page.wait_for_selector(".sum.holds-yes")
    press(page, "Enter")

    page.wait_for_selector(".all-done")
    stored = load_report(store, number)
    assert stored is not None
    assert stored.report.fields[field].value == right
    page.keyboard.press("u")
    page.wait_for_selector(f"[data-token^='field:{field}|']")
    taken_back = document(store, number)
    assert taken_back is not None
    assert taken_back.state == "review"


def test_the_page_and_the_crop_are_shown(page: Page, site: Site, store: Store, sample: Report) -> None:
    number = put(store, SAMPLE, with_doubts(sample, numbers_of(sample)[:2]))
    page.goto(f"{site.address}/d/{number}")

    page.wait_for_selector(".leaf .mark.box")
    page.wait_for_function("document.querySelector('.crop img').naturalWidth > 0")
    page.wait_for_function("document.querySelector('.leaf img').naturalWidth > 0")

    assert page.locator(".mark.lit").count() == 2
    assert page.locator(".form td.current").count() == 1
    assert page.locator(".form td.review").count() == 2
    page.locator(".form td[data-field='disputes.reconsideration.total'] button").click()
    page.wait_for_selector("[data-token^='field:disputes.reconsideration.total|']")
    assert page.url.endswith("item=field:disputes.reconsideration.total")


def test_a_key_pressed_twice_decides_once(page: Page, site: Site, store: Store, sample: Report) -> None:
    fields = numbers_of(sample)[:4]
    number = put(store, SAMPLE, with_doubts(sample, fields))
    page.goto(f"{site.address}/d/{number}")
    page.wait_for_selector("[data-token^='field:']")
    page.wait_for_function("window.did_handshake")
    before = token(page)

    # Both presses come before the page has changed: only the item that was seen is decided.
    page.evaluate(
        "() => { for (let n = 0; n < 2; n++)"
        " document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true})); }"
    )
    page.wait_for_function("before => document.querySelector('[data-token]')?.dataset.token !== before", arg=before)
    press(page, "j")

    assert len([e for e in audit_log(store, number) if e.action.startswith("decided")]) == 1


def test_a_key_right_after_a_dialog_is_closed_is_not_lost(page: Page, site: Site, store: Store, sample: Report) -> None:
    number = put(store, SAMPLE, with_doubts(sample, numbers_of(sample)[:2]))
    page.goto(f"{site.address}/d/{number}")
    page.wait_for_selector("[data-token^='field:']")
    page.keyboard.press("r")
    page.wait_for_selector("dialog[open] input[data-filter]:focus")
    before = token(page)

    # The browser takes the focus out of the closed dialog only with the next frame: the key still goes there.
    went_to = page.evaluate(
        "() => { document.querySelector('dialog[open]').close(); const target = document.activeElement;"
        " target.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', bubbles: true})); return target.tagName; }"
    )
    page.wait_for_function("before => document.querySelector('[data-token]')?.dataset.token !== before", arg=before)

    assert went_to == "INPUT"


def test_a_row_is_moved_and_its_label_learnt(page: Page, site: Site, store: Store, sample: Report) -> None:
    printed = "（二）公开一部分的"
    row = "requests.partially_granted."
    doubt = {
        "decision": "review",
        "reasons": ["label_uncertain"],
        "label": LabelMatch(printed=printed, score=0.6, margin=0),
    }
    fields = {i: v.model_copy(update=doubt) if i.startswith(row) else v for i, v in sample.fields.items()}
    number = put(store, SAMPLE, with_doubts(sample.model_copy(update={"fields": fields}), []))
    page.goto(f"{site.address}/d/{number}")
    page.wait_for_selector("[data-token^='row:requests.partially_granted|']")
    assert printed in page.inner_text(".desk")

    page.keyboard.press("r")
    page.wait_for_selector("dialog[open] input[data-filter]")
    page.keyboard.type("4.保护第三方")
    before = token(page)
    page.keyboard.press("Enter")
    page.wait_for_function("before => document.querySelector('[data-token]')?.dataset.token !== before", arg=before)
    page.wait_for_selector("button[data-tell=learn]")
    page.keyboard.press("l")
    page.wait_for_selector("text=已学会")

    stored = load_report(store, number)
    assert stored is not None
    moved = stored.report.fields["requests.denied.third_party_rights.total"]
    assert moved.value == sample.fields[f"{row}total"].value
    assert [(a.label, a.row) for a in aliases(store)] == [(printed, "requests.denied.third_party_rights")]
    page.goto(f"{site.address}/people")
    page.click("button[data-tell=unlearn]")
    page.wait_for_selector(".notice.good")
    assert aliases(store) == []


def test_a_column_is_moved(page: Page, site: Site, store: Store, sample: Report) -> None:
    doubt = {"decision": "review", "reasons": ["column_uncertain"]}
    column = [i for i in sample.fields if i.startswith("requests.") and i.endswith(".natural_person")]
    fields = {i: v.model_copy(update=doubt) if i in column else v for i, v in sample.fields.items()}
    number = put(store, SAMPLE, with_doubts(sample.model_copy(update={"fields": fields}), []))
    page.goto(f"{site.address}/d/{number}")
    page.wait_for_selector("[data-token^='column:requests.natural_person|']")

    page.keyboard.press("r")
    page.wait_for_selector("dialog[open] input[data-filter]")
    page.keyboard.type("法律服务")
    before = token(page)
    page.keyboard.press("Enter")
    page.wait_for_function("before => document.querySelector('[data-token]')?.dataset.token !== before", arg=before)

    stored = load_report(store, number)
    assert stored is not None
    for i in column:
        other = i.replace("natural_person", "legal_service")
        assert (stored.report.fields[i].value, stored.report.fields[other].value) == (
            sample.fields[other].value,
            sample.fields[i].value,
        )
    page.keyboard.press("u")
    page.wait_for_selector("[data-token^='column:requests.natural_person|']")
