"""A store in a file of its own, with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config import Settings, StoreSettings
from pipeline.store.open_store import Store, open_store
from tests.unit.store.made import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'nianbao.db'}"
    settings = Settings(store=StoreSettings(url=url, originals=tmp_path / "originals", busy_seconds=5))
    with open_store(settings, clock=clock) as opened:
        yield opened
