"""Reports that come in while the review page is open: seen without reloading, settled, exported, restarted."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from PIL import ImageDraw

from models.errors import DamagedInputError
from models.report import LabelMatch, Report
from pipeline.stages import failed_report
from pipeline.store.audit import audit_log
from pipeline.store.documents import document, documents, load_report
from pipeline.store.open_store import Store, open_store
from pipeline.store.queue import claim, finish
from tests.e2e.conftest import COMMAND, environment
from tests.e2e.free_port import free_port
from tests.e2e.review_browser import (
    PATIENCE,
    Site,
    log_in,
    new_page,
    press,
    serving,
    token,
)
from tests.e2e.review_store import SAMPLE, numbers_of, put, settings_in, with_doubts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.slow
BROKEN = SAMPLE.with_name("broken-sums.html")


@contextmanager
def watching(folder: Path) -> Iterator[Path]:
    """An inbox with its service, over the store of the server under test."""
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
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
        yield inbox
    finally:
        watch.send_signal(signal.SIGINT)
        watch.wait(PATIENCE)


def arrived(page: Page, name: str) -> Locator:
    """The row of the queue, which comes without reloading."""
    row = page.locator("table.list tr", has_text=name).locator("a")
    row.wait_for()
    return row


def draw_scan(sample: Report, place: Path) -> tuple[str, str]:
    """(a field, the number in it) of a scan of the page with most numbers, on which a stain hides that number."""
    dots = 200 / 72  # pixels a point
    where = {i: v.evidence[0] for i, v in sample.fields.items() if v.evidence and v.evidence[0].bbox is not None}
    page_no = Counter(e.page_no for e in where.values()).most_common(1)[0][0]
    field = "requests.granted.natural_person"
    document = pypdfium2.PdfDocument(SAMPLE)
    picture = document[page_no - 1].render(scale=dots).to_pil().convert("L")
    x0, top, x1, bottom = (n * dots for n in where[field].bbox or ())
    middle = (top + bottom) / 2
    # Through the middle of the digits: something was printed there, and nobody can read it.
    ImageDraw.Draw(picture).rectangle((x0 - 2, middle - 5, x1 + 2, middle + 5), fill=70)
    picture.save(place, dpi=(200, 200))
    assert where[field].page_no == page_no
    return field, sample.fields[field].value or ""


def test_reports_arrive_and_are_settled_by_keyboard_alone(
    page: Page, site: Site, store: Store, folder: Path, sample: Report, tmp_path: Path
) -> None:
    field, right = draw_scan(sample, tmp_path / "扫描件.png")
    with watching(folder) as inbox:
        assert page.locator("table.list", has_text="扫描件.png").count() == 0
        for file in (tmp_path / "扫描件.png", BROKEN):
            shutil.copy(file, inbox)
        found = [arrived(page, name) for name in ("扫描件.png", BROKEN.name)]
    found[0].focus()
    page.keyboard.press("Enter")
    settle_scan(page, site, store, sample, field, right)
    page.goto(site.address)
    arrived(page, BROKEN.name).focus()
    page.keyboard.press("Enter")
    waive_finding(page, store)


def settle_scan(page: Page, site: Site, store: Store, sample: Report, field: str, right: str) -> None:
    """Nothing; all of the scan is settled, exported, and in the audit trail."""
    page.wait_for_selector("[data-token*='|']")
    number = int(page.url.split("/d/")[1].split("?")[0])
    decisions: list[str] = []
    while page.locator(".all-done").count() == 0:
        key = token(page).split("|")[0]
        kind, _, name = key.partition(":")
        if kind == "field":
            page.keyboard.press("t")
            page.keyboard.type(sample.fields[name].value or "")
            press(page, "Enter")
        elif kind in {"report", "unmapped"}:
            before = token(page)
            page.keyboard.press("Enter")
            page.wait_for_selector("dialog[open] input[name=why]")
            page.keyboard.press("Enter")
            page.wait_for_function("b => document.querySelector('[data-token]')?.dataset.token !== b", arg=before)
        else:
            press(page, "Enter")
        decisions.append(key)

    assert f"field:{field}" in decisions
    done = document(store, number)
    assert done is not None
    assert done.state == "done"
    stored = load_report(store, number)
    assert stored is not None
    assert stored.report.fields[field].value == right
    assert [i for i, v in stored.report.fields.items() if v.decision == "review"] == []
    with page.expect_download() as download:
        page.click("a[href$='.json']")
    exported = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert exported["fields"][field]["value"] == right
    decided = [e for e in audit_log(store, number) if e.action.startswith("decided")]
    assert [(e.after or {})["item"] for e in decided] == decisions
    page.goto(f"{site.address}/audit?document={number}")
    assert page.locator("td[title^='decided']").count() == len(decisions)


def waive_finding(page: Page, store: Store) -> None:
    """Nothing; the report with broken sums is done: one finding waived with a reason, the others confirmed."""
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

        # The open page would load itself again when the server is back, and break off what is loaded here.
        page.goto("about:blank")
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
