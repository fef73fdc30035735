"""One browser, one store and one server for all tests of the review page, and one log-in of the administrator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from models.report import Report
from pipeline.config import Settings
from pipeline.review.people import change_password, ensure_admin
from pipeline.stages import read_report
from pipeline.store.open_store import Store, open_store
from tests.e2e.free_port import free_port
from tests.e2e.review_browser import PASSWORD, Site, browsing, find_chromium, log_in, new_page, serving
from tests.e2e.review_store import SAMPLE, settings_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with browsing(find_chromium()) as opened:
        yield opened


@pytest.fixture(scope="session")
def sample() -> Report:
    """A report whose sums all hold, as it is read."""
    return read_report(SAMPLE, Settings())


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("review")


@pytest.fixture(scope="session")
def store(folder: Path) -> Iterator[Store]:
    """The store that the server under test works on, with its administrator."""
    with open_store(settings_in(folder)) as opened:
        first = ensure_admin(opened)
        assert first is not None
        change_password(opened, "admin", old=first.password, new=PASSWORD)
        yield opened


@pytest.fixture(scope="session")
def site(folder: Path, store: Store) -> Iterator[Site]:
    with serving(folder, free_port()) as running:
        yield running


@pytest.fixture(scope="session")
def signed_in(browser: Browser, site: Site) -> Any:
    """The cookies of the administrator after the log-in."""
    first = new_page(browser)
    log_in(first, site, "admin", PASSWORD)
    state = first.context.storage_state()
    first.context.close()
    return state


@pytest.fixture
def page(browser: Browser, site: Site, signed_in: Any) -> Iterator[Page]:
    """The queue, before the administrator."""
    opened = new_page(browser, storage_state=signed_in)
    failed: list[str] = []
    opened.on("pageerror", lambda error: failed.append(str(error)))
    opened.on("requestfailed", lambda request: failed.append(request.url) if site.address not in request.url else None)
    opened.goto(site.address)
    opened.wait_for_selector("main")
    yield opened
    opened.context.close()
    assert failed == []
