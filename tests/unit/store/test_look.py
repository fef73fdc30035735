"""A look at the store makes nothing and changes nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import text

from models.errors import StoreDamagedError, StoreError
from pipeline.config import Settings, StoreSettings
from pipeline.store.documents import register
from pipeline.store.look import look_at_store
from pipeline.store.open_store import open_store
from pipeline.store.records import Content
from pipeline.store.tables import HEAD
from tests.unit.store.made import registered


def test_no_store_yet(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "s.db"

    look = look_at_store(Settings(store=StoreSettings(url=f"sqlite:///{file}")))

    assert (look.place, look.version, look.health) == (str(file), None, None)
    assert not file.parent.exists()


def test_an_empty_database(settings: Settings) -> None:
    assert look_at_store(settings).version is None


def test_a_store_in_use(settings: Settings) -> None:
    with open_store(settings) as store:
        original = store.originals.add(io.BytesIO(b"abc"))
        register(store, Content(original.sha256, 3, "a.pdf"), who="me")

    look = look_at_store(settings)

    assert look.version == HEAD
    assert look.health is not None
    assert look.health.ready == 1


def test_missing_originals_are_told(settings: Settings) -> None:
    with open_store(settings) as store:
        sha256 = registered(store).sha256

    with pytest.raises(StoreDamagedError, match=f"missing: 1, the first is {sha256}"):
        look_at_store(settings)


def test_older_and_newer_stores(settings: Settings) -> None:
    for version, newer in (("0000", False), ("9999", True)):
        with open_store(settings) as store:
            with store.write() as session:
                session.execute(text(f"UPDATE nianbao_version SET version_num = '{version}'"))
            if newer:
                with pytest.raises(StoreError, match="newer version"):
                    look_at_store(settings)
            else:
                assert look_at_store(settings).health is None
            with store.write() as session:
                session.execute(text(f"UPDATE nianbao_version SET version_num = '{HEAD}'"))


def test_a_damaged_database(tmp_path: Path) -> None:
    settings = Settings(store=StoreSettings(url=f"sqlite:///{tmp_path / 's.db'}", originals=tmp_path))
    with open_store(settings) as store:
        for number in range(50):
            registered(store, f"{number}")
    file = tmp_path / "s.db"
    data = bytearray(file.read_bytes())
    data[4096 * 3 : 4096 * 6] = b"\x00" * 4096 * 3
    file.write_bytes(data)

    with pytest.raises(StoreDamagedError, match="damaged"):
        look_at_store(settings)
