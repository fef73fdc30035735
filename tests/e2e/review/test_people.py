"""Several people before the review page: at once, switched off, not logged in; what each browser remembers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from models.report import Report
from pipeline.review.people import add_person, all_people
from pipeline.store.audit import audit_log
from pipeline.store.documents import load_report
from pipeline.store.open_store import Store
from tests.e2e.review_browser import (
    Site,
    log_in,
    new_page,
    press,
    token,
)
from tests.e2e.review_store import SAMPLE, numbers_of, put, with_doubts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow


def test_two_reviewers_at_once(page: Page, site: Site, store: Store, sample: Report, browser: Browser) -> None:
    fields = numbers_of(sample)[:3]
    number = put(store, SAMPLE, with_doubts(sample, fields))
    admin = next(p for p in all_people(store) if p.login == "admin")
    made = add_person(store, login="二号", name="<b>二</b>", role="reviewer", by=admin)
    other = new_page(browser)
    log_in(other, site, "二号", made.password)
    item = f"field:{fields[0]}"
    page.goto(f"{site.address}/d/{number}?item={item}")
    page.wait_for_selector(f"[data-token^='{item}|']")

    other.goto(f"{site.address}/d/{number}?item={item}")
    other.wait_for_selector("text=admin 正在处理此项")
    press(other, "Enter")
    assert not token(other).startswith(f"{item}|")
    # The first one still sees the item as it was: the decision is refused, and both are told.
    page.keyboard.press("b")
    page.wait_for_selector(".said.bad")
    assert "二号" in page.inner_text(".said.bad")

    stored = load_report(store, number)
    assert stored is not None
    assert stored.report.fields[fields[0]].value == sample.fields[fields[0]].value
    assert [e.who for e in audit_log(store, number) if e.action.startswith("decided")] == ["二号"]
    assert other.goto(f"{site.address}/people") is not None
    other.wait_for_selector("text=只有管理员可以看")
    other.context.close()


def test_whoever_is_switched_off_does_nothing_any_more(
    page: Page, site: Site, store: Store, sample: Report, browser: Browser
) -> None:
    number = put(store, SAMPLE, with_doubts(sample, numbers_of(sample)[:2]))
    admin = next(p for p in all_people(store) if p.login == "admin")
    made = add_person(store, login="gone", name="", role="reviewer", by=admin)
    other = new_page(browser)
    log_in(other, site, "gone", made.password)
    other.goto(f"{site.address}/d/{number}")
    other.wait_for_selector("[data-token^='field:']")

    page.goto(f"{site.address}/people")
    page.click("button[data-tell=switch][data-value=gone]")
    page.wait_for_selector(".tag.bad")
    with other.expect_navigation():
        other.keyboard.press("Enter")

    other.wait_for_url("**/login")
    assert [e for e in audit_log(store, number) if e.action.startswith("decided")] == []
    other.context.close()


def test_nothing_without_a_log_in(site: Site, browser: Browser) -> None:
    page = new_page(browser)
    page.goto(f"{site.address}/d/1")
    assert re.search(r"/login\?next=%2Fd%2F1$", page.url)
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", "a guess")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice.bad")
    page.context.close()


def test_language_and_colours_are_remembered(page: Page, site: Site) -> None:
    assert page.get_attribute("html", "lang") == "zh-CN"
    with page.expect_navigation():
        page.click("[data-do=language]")
    page.wait_for_selector("text=In review")
    before = page.get_attribute("html", "data-theme")
    page.click("[data-do=theme]")
    after = page.get_attribute("html", "data-theme")
    page.goto(f"{site.address}/audit")
    page.wait_for_selector("main")

    assert {before, after} == {"light", "dark"}
    assert page.get_attribute("html", "data-theme") == after
    assert page.get_attribute("html", "lang") == "en"
