"""A store in a file of its own, with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config import Settings, StoreSettings
from pipeline.store.open_store import Store, open_store
from tests.ready_store import put_ready_store
from tests.unit.store.made import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _quick_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as ever, but not slowly."""
    argon2 = pytest.importorskip("argon2") if "store" in request.fixturenames else None
    if argon2 is not None:
        quick = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr("pipeline.review.people._hasher", lambda: quick)


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    put_ready_store(tmp_path / "nianbao.db")
    url = f"sqlite:///{tmp_path / 'nianbao.db'}"
    settings = Settings(store=StoreSettings(url=url, originals=tmp_path / "originals", busy_seconds=5))
    with open_store(settings, clock=clock) as opened:
        yield opened
