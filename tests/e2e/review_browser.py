"""A running ``nianbao review`` and a browser before it."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from pipeline.doctor import _CHROMIUM_COMMANDS
from tests.e2e.conftest import COMMAND, environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "four plain words here"
# Whatever takes longer hangs; no measure of speed: a busy machine takes a minute to start a server.
PATIENCE = 180.0  # seconds
_STEP = 0.05


@dataclass(frozen=True)
class Site:
    """A server under test. ``one_time`` is the first password of ``admin``, empty where there are people already."""

    address: str
    one_time: str
    process: subprocess.Popen[str]


def find_chromium() -> str:
    """The program; without it, or without the package that drives it, the test is skipped."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e .[dev]")
    found = next(filter(None, map(shutil.which, _CHROMIUM_COMMANDS)), None)
    if found is None:
        pytest.skip("no Chromium: apt-get install chromium")
    return found


@contextmanager
def serving(folder: Path, port: int) -> Iterator[Site]:
    """The server over the store in the folder (see ``review_store.settings_in``)."""
    process = subprocess.Popen(
        [COMMAND, "review", "--port", str(port), "--store", f"sqlite:///{folder / 'nianbao.db'}", "--originals",
         str(folder / "originals")],
        cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=sys.stderr, text=True, encoding="utf-8",
    )  # fmt: skip
    try:
        assert process.stdout is not None
        one_time = ""
        for line in process.stdout:
            if match := re.search(r"one-time password: (\S+)", line):
                one_time = match[1]
            if line.startswith("http://"):
                break
        site = Site(f"http://127.0.0.1:{port}", one_time, process)
        wait_for(lambda: _answers(site))
        yield site
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            if process.stdout is not None:
                process.stdout.close()


def wait_for(condition: Callable[[], bool]) -> None:
    """Nothing; the condition holds then."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(_STEP)


@contextmanager
def browsing(chromium: str) -> Iterator[Browser]:
    """A browser without a window that reaches nothing but this machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        try:
            yield browser
        finally:
            browser.close()


def new_page(
    browser: Browser, *, locale: str = "zh-CN", width: int = 1280, height: int = 800, storage_state: Any = None
) -> Page:
    """A page of a visitor of its own. A script that fails, or anything asked of another machine, fails the test."""
    context = browser.new_context(
        locale=locale, viewport={"width": width, "height": height}, storage_state=storage_state
    )
    context.set_default_timeout(PATIENCE * 1000)
    return context.new_page()


def log_in(page: Page, site: Site, login: str, password: str) -> None:
    """The queue, after a log-in; a password of somebody else is changed to ``PASSWORD``."""
    page.goto(f"{site.address}/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    if page.url.endswith("/password"):
        page.fill("[name=old]", password)
        page.fill("[name=new]", PASSWORD)
        page.fill("[name=again]", PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.wait_for_selector("main")


def token(page: Page) -> str:
    """What the page shows: key and version of the item."""
    return page.get_attribute("[data-token]", "data-token") or ""


def press(page: Page, key: str) -> None:
    """Nothing; the key was pressed, and the page shows another item then."""
    before = token(page)
    page.keyboard.press(key)
    page.wait_for_function("before => document.querySelector('[data-token]')?.dataset.token !== before", arg=before)


def _answers(site: Site) -> bool:
    assert site.process.poll() is None, "the server has ended"
    try:
        with urlopen(f"{site.address}/login", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
