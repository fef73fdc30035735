"""An empty SQLite store with all its tables, made once for a process: to make them takes longer than most tests."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from pipeline.config import Settings, StoreSettings
from pipeline.store.open_store import open_store


def put_ready_store(file: Path) -> None:
    """Nothing; the file is then an empty store that is up to date."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_content())


@functools.cache
def _content() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "nianbao.db"
        with open_store(Settings(store=StoreSettings(url=f"sqlite:///{file}", originals=Path(name)))):
            pass
        assert {p.name for p in file.parent.iterdir()} == {file.name}, "the write-ahead log is part of the file"
        return file.read_bytes()
