"""A person before the review page: everything by keyboard, in a real browser."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.errors import DamagedInputError
from models.report import LabelMatch, Report
from pipeline.config import Settings
from pipeline.review.aliases import aliases
from pipeline.review.people import add_person, all_people, change_password, ensure_admin
from pipeline.stages import failed_report, read_report
from pipeline.store.audit import audit_log
from pipeline.store.documents import document, documents, load_report
from pipeline.store.open_store import Store, open_store
from pipeline.store.queue import claim, finish
from tests.e2e.conftest import COMMAND, environment
from tests.e2e.review_browser import (
    PASSWORD,
    PATIENCE,
    Site,
    browsing,
    find_chromium,
    free_port,
    log_in,
    new_page,
    press,
    serving,
    token,
)
from tests.e2e.review_store import SAMPLE, numbers_of, put, right_value, settings_in, with_doubts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
DOUBTS = 20
MOST_PRESSES_PER_CELL = 1.3
BROKEN = SAMPLE.with_name("broken-sums.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing(find_chromium()) as opened:
        yield opened


@pytest.fixture(scope="module")
def sample() -> Report:
    """A report whose sums all hold, as it is read."""
    return read_report(SAMPLE, Settings())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("review")


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    """The store that the server under test works on, with its administrator."""
    with open_store(settings_in(folder)) as opened:
        first = ensure_admin(opened)
        assert first is not None
        change_password(opened, "admin", old=first.password, new=PASSWORD)
        yield opened


@pytest.fixture(scope="module")
def site(folder: Path, store: Store) -> Iterator[Site]:
    with serving(folder, free_port()) as running:
        yield running


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """The queue, before the administrator."""
    opened = new_page(browser)
    failed: list[str] = []
    opened.on("pageerror", lambda error: failed.append(str(error)))
    opened.on("requestfailed", lambda request: failed.append(request.url) if site.address not in request.url else None)
    log_in(opened, site, "admin", PASSWORD)
    yield opened
    opened.context.close()
    assert failed == []


def test_twenty_doubtful_cells_by_keyboard_alone(page: Page, site: Site, store: Store, sample: Report) -> None:
    fields = numbers_of(sample)[:DOUBTS]
    right = {i: sample.fields[i].value for i in fields}
    doubted = with_doubts(sample, fields)
    assert {i: right_value(doubted.fields[i]) for i in fields} == right
    number = put(store, SAMPLE, doubted)

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


def test_a_report_arrives_and_a_finding_is_waived(page: Page, store: Store, folder: Path) -> None:
    inbox = folder / "inbox"
    inbox.mkdir()
    config = folder / "config.yaml"
    config.write_text(
        f"store: {{url: 'sqlite:///{folder / 'nianbao.db'}', originals: '{folder / 'originals'}'}}\n"
        "inbox: {settle_seconds: 0.1}\n",
        encoding="utf-8",
    )
    watch = subprocess.Popen(
        [COMMAND, "watch", inbox, "--config", config], cwd=folder, env=environment(), stderr=subprocess.DEVNULL
    )
    try:
        assert page.locator(f"table.list >> text={BROKEN.name}").count() == 0
        shutil.copy(BROKEN, inbox)
        row = page.locator("table.list tr", has_text=BROKEN.name).locator("a")
        row.wait_for()  # without reloading
    finally:
        watch.send_signal(signal.SIGINT)
        watch.wait(PATIENCE)

    row.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-token^='finding:']")
    number = int(page.url.split("/d/")[1].split("?")[0])
    before = token(page)
    page.keyboard.press("w")
    page.wait_for_selector("dialog[open] input[name=why]")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    page.keyboard.press("w")
    page.wait_for_selector("dialog[open] input[name=why]")
    page.keyboard.type("the agency has published a correction")
    page.keyboard.press("Enter")
    page.wait_for_function("before => document.querySelector('[data-token]')?.dataset.token !== before", arg=before)
    while token(page).startswith("finding:"):
        press(page, "Enter")
    page.wait_for_selector(".all-done")

    done = document(store, number)
    assert done is not None
    assert done.state == "done"
    assert [e.why for e in audit_log(store, number) if e.action == "decided: waive_finding"] == [
        "the agency has published a correction"
    ]


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


def test_the_first_start_and_a_restart_in_the_middle(browser: Browser, tmp_path: Path, sample: Report) -> None:
    fields = numbers_of(sample)[:2]
    page, port = new_page(browser), free_port()
    with open_store(settings_in(tmp_path)) as store:
        number = put(store, SAMPLE, with_doubts(sample, fields))
        with serving(tmp_path, port) as first:
            log_in(page, first, "admin", first.one_time)
            page.goto(f"{first.address}/d/{number}")
            page.wait_for_selector("[data-token^='field:']")
            press(page, "Enter")
            left = token(page).split("|")[0]
        assert first.process.returncode == 0

        with serving(tmp_path, port) as second:
            assert second.one_time == ""
            page.goto(f"{second.address}/d/{number}")  # the session goes on
            page.wait_for_selector(f"[data-token^='{left}|']")
            press(page, "Enter")
            page.wait_for_selector(".all-done")
        page.context.close()
        assert len([e for e in audit_log(store, number) if e.action.startswith("decided")]) == 2


def test_hostile_names_are_shown_as_text(page: Page, site: Site, store: Store, sample: Report) -> None:
    hostile = "<img src=x onerror=\"document.title='owned'\">.pdf"
    field = numbers_of(sample)[0]
    doubted = with_doubts(sample, [field])
    label = LabelMatch(printed="</b><script>document.title='owned'</script>", score=0.5, margin=0.1)
    labelled = {i: v.model_copy(update={"label": label}) for i, v in doubted.fields.items()}
    value = labelled[field].model_copy(update={"reasons": ["<i>reason</i>"]})
    evil = doubted.model_copy(
        update={
            "agency": "<svg onload=\"document.title='owned'\">{{ 7*7 }}",
            "fields": {**labelled, field: value},
        }
    )
    number = put(store, SAMPLE, evil, name=hostile, tags=("<u>tag</u>",))

    page.wait_for_selector(f"table.list a[href='/d/{number}']")
    assert hostile in page.inner_text("table.list")
    page.goto(f"{site.address}/d/{number}")
    page.wait_for_selector("[data-token^='field:']")
    page.keyboard.press("r")
    page.wait_for_selector("dialog[open]")
    assert label.printed in page.inner_text("dialog[open]")
    page.keyboard.press("Escape")
    for path in ("/audit", "/findings", f"/d/{number}/findings", "/dashboards"):
        page.goto(f"{site.address}{path}")
        page.wait_for_selector("main")
        assert page.locator("svg[onload], img[onerror], main script, main u, main i:has-text('reason')").count() == 0
    assert "owned" not in page.title()


def test_upload(page: Page, store: Store) -> None:
    page.set_input_files("#files", str(BROKEN.with_name("word-export.html")))
    page.wait_for_selector("#sent .tag.good")
    (uploaded,) = [d for d in documents(store) if d.name == "word-export.html"]
    assert uploaded.state == "received"
    assert [e.who for e in audit_log(store, uploaded.id)] == ["admin"]

    page.set_input_files("#files", str(BROKEN.with_name("word-export.html")))
    page.wait_for_selector("text=早已收到")
    assert [d for d in documents(store) if d.name == "word-export.html"] == [uploaded]
    claimed = claim(store, "test")
    assert claimed is not None
    assert claimed.document_id == uploaded.id
    finish(store, claimed, failed_report(uploaded.name, DamagedInputError("<b>damaged</b>"), uploaded.sha256))
    with page.expect_navigation():
        page.click("a.figure[href*='state=failed']")
    page.wait_for_selector("table.list >> text=<b>damaged</b>")


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


def test_nothing_without_a_log_in(site: Site, browser: Browser) -> None:
    page = new_page(browser)
    page.goto(f"{site.address}/d/1")
    assert re.search(r"/login\?next=%2Fd%2F1$", page.url)
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", "a guess")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice.bad")
    page.context.close()


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
