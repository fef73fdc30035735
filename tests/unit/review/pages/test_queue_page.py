from __future__ import annotations

import pytest

from pipeline.config import Settings
from pipeline.review.pages.queue_page import Wanted, queue_context
from pipeline.review.pages.site import Site, Visit
from pipeline.review.pages.templates import render
from pipeline.review.people import Person
from pipeline.store.open_store import Store
from tests.unit.review.made import GRANTED, in_store, read_report, weak

VISIT = Visit(Person(1, "li", "", "reviewer", must_change=False, active=True), "en", "")


@pytest.fixture
def site(store: Store) -> Site:
    return Site(store, Settings())


def test_what_an_address_asks_for() -> None:
    wanted = Wanted.of({"state": "done", "year": "2023", "agency": "某局", "page": "2"})

    assert (wanted.state, wanted.chosen.year, wanted.chosen.agency, wanted.page_index) == ("done", 2023, "某局", 1)
    assert Wanted.of({"state": "<b>", "year": "x", "page": "-1"}) == Wanted.of({})
    assert wanted.href(page=3).startswith("/?state=done&agency=%E6%9F%90%E5%B1%80&year=2023")


def test_open_reports_and_finished_ones(site: Site) -> None:
    number = in_store(site.store, read_report(weak(GRANTED, "5", "6")))
    in_store(site.store, read_report(name="b.pdf"))

    waiting = queue_context(site, VISIT, Wanted.of({}))
    done = queue_context(site, VISIT, Wanted.of({"state": "done"}))

    assert str(waiting["start"]).startswith("/next?")
    assert [row["href"] for row in waiting["rows"]] == [f"/d/{number}"]  # type: ignore[attr-defined]
    assert "某区教育局" in render("queue", **waiting)
    assert "b.pdf" in render("queue", **done)
    assert done["start"] == ""


def test_an_empty_queue_says_so(site: Site) -> None:
    assert VISIT.words.nothing_open in render("queue", **queue_context(site, VISIT, Wanted.of({})))
