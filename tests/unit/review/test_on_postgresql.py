"""The same on a PostgreSQL server: queue, decision, undo, people, figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.errors import LoginError
from pipeline.config import Settings, StoreSettings
from pipeline.review.aliases import aliases, learn
from pipeline.review.dashboard import agencies_beside, dashboard, heat_map
from pipeline.review.decide_item import Decision, decide, undo
from pipeline.review.item_view import item_view
from pipeline.review.people import all_people, ensure_admin, log_in, new_token, person_of_session, tokens
from pipeline.review.queue_of_items import QueueFilter, queue_counts, queue_items, queue_reports, take_next
from pipeline.store.audit import audit_page
from pipeline.store.documents import find_documents, load_report
from pipeline.store.open_store import Store, open_store
from tests.unit.review.made import GRANTED, NEW, in_store, read_report, weak
from tests.unit.store.made import Clock

ME, YOU = "zhang", "li"


@pytest.fixture
def store(postgres_url: str, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    settings = Settings(store=StoreSettings(url=postgres_url, originals=tmp_path / "originals"))
    with open_store(settings, clock=clock) as opened:
        yield opened


def test_a_review_from_queue_to_undo(store: Store) -> None:
    read = read_report(weak(NEW, "7", "1"), weak(GRANTED, "5", "6"))
    number = in_store(store, read, "局_%\\", "2024")
    chosen = QueueFilter(tag="局_%\\", agency="某区教育局", reason="models_differ", year=2023)
    assert len(queue_items(store, chosen, ME)) == 2
    assert queue_items(store, QueueFilter(tag="局x%\\"), ME) == []
    assert [r.items for r in queue_reports(store, chosen, ME)] == [2]
    assert find_documents(store, tag="2024", states=["review"])[0] == 1
    mine, yours = take_next(store, ME), take_next(store, YOU)
    assert mine is not None
    assert yours is not None
    for item, who in ((mine, ME), (yours, YOU)):
        version = item_view(store, number, item.item).version
        decided = decide(store, number, Decision("accept", item.item), who=who, version=version)
    assert decided.state == "done"
    assert queue_counts(store, QueueFilter(), ME).items == 0
    assert dashboard(store).progress.states["done"] == 1
    assert sum(c.doubted for t in heat_map(store, "gk2021") for _, _, c in t.cells) == 2
    assert [a.values["requests.new.total"] for a in agencies_beside(store)] == ["7"]
    undo(store, who=ME)
    undo(store, who=YOU)
    found = load_report(store, number)
    assert found is not None
    assert found.report == read
    assert audit_page(store, action="decided", newest_first=True)[0] == 2
    decide(store, number, Decision("skip", mine.item), who=ME, version=None)
    assert queue_items(store, QueueFilter(), ME)[-1].skipped
    assert learn(store, number, "requests.denied.state_secret", "涉及国家秘密的信息", who=ME) in aliases(store)


def test_people(store: Store) -> None:
    pytest.importorskip("argon2", reason="the extra `review` is not installed")
    admin = ensure_admin(store)
    assert admin is not None
    with pytest.raises(LoginError):
        log_in(store, "admin", "wrong", address="::1")
    assert person_of_session(store, log_in(store, "admin", admin.password, address="::1").secret) == admin.person
    new_token(store, admin.person, "script")
    assert [t.name for t in tokens(store)] == ["script"]
    assert all_people(store) == [admin.person]
