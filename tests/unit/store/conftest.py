"""A store in each kind of database, with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config import Settings, StoreSettings
from pipeline.store.open_store import Store, open_store
from tests.unit.store.made import Clock
from tests.unit.store.writers import PATIENCE


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that does not exist yet, or is empty."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'nianbao.db'}"
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:
    return Settings(store=StoreSettings(url=url, originals=tmp_path / "originals", busy_seconds=PATIENCE))


@pytest.fixture
def store(settings: Settings, clock: Clock) -> Iterator[Store]:
    with open_store(settings, clock=clock) as opened:
        yield opened
