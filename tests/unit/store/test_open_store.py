"""Opening: made, brought up to date, or refused with a reason."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from models.errors import MissingDependencyError, StoreDamagedError, StoreError, StoreUnavailableError, UsageError
from pipeline.config import OcrSettings, Settings, StoreSettings
from pipeline.store import engine as engine_module
from pipeline.store.documents import documents
from pipeline.store.engine import make_engine
from pipeline.store.open_store import Store, open_store, schema_version, settings_digest
from pipeline.store.queue import claim, retry
from pipeline.store.tables import HEAD
from tests.unit.store.made import registered


def sqlite_settings(file: Path, **more: object) -> Settings:
    return Settings(
        store=StoreSettings(url=f"sqlite:///{file}", originals=file.parent / "originals", busy_seconds=0.2).model_copy(
            update=more
        )
    )


def register_many(store: Store) -> None:
    for number in range(1000):
        registered(store, f"{number}.pdf")


def finish_all_and_fail(store: Store) -> None:
    with store.write() as session:
        session.execute(text("UPDATE documents SET state = 'done'"))
        raise ZeroDivisionError


def test_a_store_is_made_and_found_again(settings: Settings) -> None:
    with open_store(settings) as store:
        assert schema_version(store.engine) == HEAD
        registered(store)

    with open_store(settings) as store:
        assert [d.name for d in documents(store)] == ["a.pdf"]


def test_many_open_a_new_store_at_once(settings: Settings) -> None:
    def work(_number: int) -> str | None:
        with open_store(settings) as store:
            return schema_version(store.engine)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [HEAD] * 8


def test_a_store_of_a_newer_version_is_refused(settings: Settings) -> None:
    with open_store(settings) as store, store.write() as session:
        session.execute(text("UPDATE nianbao_version SET version_num = '9999'"))

    with pytest.raises(StoreError, match=r"newer version of nianbao \(tables 9999, this one knows") as caught:
        open_store(settings)

    assert "update nianbao" in caught.value.remedy


def test_sqlite_is_set_up_for_several_processes(tmp_path: Path) -> None:
    with open_store(sqlite_settings(tmp_path / "a b%.db")) as store, store.read() as session:
        found = [
            session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys", "synchronous")
        ]
    assert found == ["wal", 1, 2]


def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    open_store(sqlite_settings(tmp_path / "new" / "folder" / "s.db")).close()

    assert (tmp_path / "new" / "folder" / "s.db").is_file()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(StoreUnavailableError, match="folder of the store cannot be made"):
        open_store(sqlite_settings(tmp_path / "file" / "s.db"))


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    file = tmp_path / "s.db"
    file.write_bytes(b"%PDF-1.7 " * 1000)

    with pytest.raises(StoreDamagedError, match="no SQLite database") as caught:
        open_store(sqlite_settings(file))

    assert caught.value.source == str(file)
    assert file.read_bytes() == b"%PDF-1.7 " * 1000


def test_a_damaged_file(tmp_path: Path) -> None:
    file = tmp_path / "s.db"
    with open_store(sqlite_settings(file)) as store:
        registered(store)
    size = file.stat().st_size
    with file.open("r+b") as raw:
        raw.seek(4096)
        raw.write(b"\xff" * (size - 4096))

    with pytest.raises(StoreDamagedError, match="damaged"), open_store(sqlite_settings(file)) as store:
        documents(store)


def test_a_locked_file(tmp_path: Path) -> None:
    file = tmp_path / "s.db"
    with open_store(sqlite_settings(file)) as store:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreUnavailableError, match="another process keeps it locked"):
            registered(store)

        assert documents(store) == []  # reading goes on
        other.execute("ROLLBACK")
        other.close()
        assert registered(store).id == 1


def test_a_read_only_database(store: Store) -> None:
    postgres = store.engine.dialect.name == "postgresql"
    with store.write() as session:
        # Permissions stop nobody who is root.
        if postgres:
            session.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
        else:
            session.execute(text("PRAGMA query_only = ON"))

    with pytest.raises(StoreUnavailableError, match="read-only"):
        registered(store)

    assert documents(store) == []


def test_a_full_disk_changes_nothing_and_passes(tmp_path: Path) -> None:
    with open_store(sqlite_settings(tmp_path / "s.db")) as store:
        registered(store)
        with store.write() as session:
            pages = session.execute(text("PRAGMA page_count")).scalar_one()
            session.execute(text(f"PRAGMA max_page_count = {pages}"))
        with pytest.raises(StoreUnavailableError, match="the disk is full"):
            register_many(store)
        known = len(documents(store))
        with store.write() as session:
            session.execute(text("PRAGMA max_page_count = 100000"))

        registered(store, "last.pdf")

        assert len(documents(store)) == known + 1


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    url = f"postgresql://user:secret@/nianbao?host={tmp_path}"

    with pytest.raises(StoreUnavailableError, match="no connection") as caught:
        open_store(Settings(store=StoreSettings(url=url)))

    assert "secret" not in str(caught.value)


def test_a_database_that_does_not_exist(postgres_url: str) -> None:
    wrong = postgres_url.replace("/test_", "/no_test_")

    with pytest.raises(StoreUnavailableError, match="does not exist"):
        open_store(Settings(store=StoreSettings(url=wrong)))


def test_a_connection_that_was_cut_is_made_again(postgres_url: str, tmp_path: Path) -> None:
    settings = Settings(store=StoreSettings(url=postgres_url, originals=tmp_path))
    with open_store(settings) as store, open_store(settings) as other:
        with other.read() as session:
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            )

        assert registered(store).id == 1


def test_postgresql_without_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("No module named 'psycopg'")

    monkeypatch.setattr(engine_module, "create_engine", missing)

    with pytest.raises(MissingDependencyError, match="driver for PostgreSQL") as caught:
        make_engine("postgresql://me:secret@host/db", 1)

    assert "secret" not in str(caught.value)
    assert "[postgres]" in caught.value.remedy


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nianbao.db", "no URL"),
        ("mysql://host/db", "unknown kind of database: mysql"),
        ("postgresql+asyncpg://host/db", "unknown kind"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite:///file:x?mode=memory&uri=true", "must name a file"),
    ],
)
def test_urls_that_are_refused(url: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        make_engine(url, 1)

    assert "sqlite:///path" in caught.value.remedy


def test_options_of_the_url_are_kept(postgres_url: str, tmp_path: Path) -> None:
    url = f"{postgres_url}&options=-c%20statement_timeout%3D7000&application_name=other"
    settings = Settings(store=StoreSettings(url=url, originals=tmp_path, busy_seconds=5))
    with open_store(settings) as store, store.read() as session:
        found = [
            session.execute(text(f"SHOW {name}")).scalar()
            for name in ("statement_timeout", "lock_timeout", "application_name")
        ]
    assert found == ["7s", "5s", "other"]


def test_a_locked_row_is_told(postgres_url: str, tmp_path: Path) -> None:
    settings = Settings(store=StoreSettings(url=postgres_url, originals=tmp_path, busy_seconds=0.2))
    with open_store(settings) as store, open_store(settings) as other:
        one = registered(store)
        with other.write() as session:
            session.execute(text("SELECT * FROM documents FOR UPDATE"))
            with pytest.raises(StoreUnavailableError, match="another process keeps it locked"):
                retry(store, one.id, who="lee")


@pytest.mark.parametrize(
    "url", ["postgresql://u:secret@h/d", "postgres://u:secret@h/d", "postgresql+psycopg://u:secret@h/d"]
)
def test_urls_of_postgresql(url: str) -> None:
    engine, place = make_engine(url, 1)

    assert engine.driver == "psycopg"
    assert "secret" not in place


def test_the_digest_is_of_settings_that_a_result_depends_on() -> None:
    base = Settings()
    other_place = base.model_copy(update={"store": StoreSettings(url="sqlite:///elsewhere.db")})
    other_limit = base.model_copy(update={"limits": base.limits.model_copy(update={"max_pages": 3})})

    assert settings_digest(other_place) == settings_digest(base)
    assert settings_digest(other_limit) != settings_digest(base)


def test_the_digest_is_of_the_forms_too_and_not_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    base = Settings()
    before = settings_digest(base)

    assert settings_digest(base.model_copy(update={"ocr": OcrSettings(threads=2)})) == before
    assert settings_digest(base.model_copy(update={"ocr": OcrSettings(enabled=False)})) != before
    monkeypatch.setattr("pipeline.store.open_store.data_digest", lambda: "another form")
    assert settings_digest(base) != before


def test_a_session_that_fails_changes_nothing(store: Store) -> None:
    registered(store)

    with pytest.raises(ZeroDivisionError):
        finish_all_and_fail(store)

    assert claim(store, "w") is not None


def test_a_thread_that_waits_too_long_for_its_turn_to_write_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'nianbao.db'}"
    settings = Settings(store=StoreSettings(url=url, originals=tmp_path / "originals", busy_seconds=0.1))
    with open_store(settings) as store:
        with store.writing, pytest.raises(StoreUnavailableError, match="locked"), store.write():
            pass
        with store.write() as session:
            assert session.is_active
