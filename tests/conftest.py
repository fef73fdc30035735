"""Fixtures for all tests: where the project is, where published reports are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgres_server import PostgresServer, find_programs, running_server

ROOT = Path(__file__).resolve().parent.parent
# Modules that take longest, mostly by waiting. They begin first, so that no process is left alone with one at the end.
LONG = ("fault/test_inbox_kills.py", "fault/test_mutations.py", "e2e/test_review*.py")

# How long an example takes says more about the machine than about the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts long modules where processes begin: each takes an equal part of the list, then from the ends of others."""
    parts = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = sorted({item.path for item in items if any(item.path.match(pattern) for pattern in LONG)})
    others = [item for item in items if item.path not in long]
    size = len(others) // parts + 1
    items[:] = [
        item
        for number in range(parts)
        for item in (
            *(item for item in items if item.path in long[number::parts]),
            *others[number * size : (number + 1) * size],
        )
    ]


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The folder of pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of published reports with truth files, kept outside the project; without it the test is skipped."""
    folder = Path(os.environ.get("NIANBAO_CORPUS") or ROOT.parent / "shared" / "corpus")
    if not folder.is_dir():
        pytest.skip(f"no corpus of published reports at {folder}; NIANBAO_CORPUS names another place")
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the tests of this process; where none is installed they are skipped."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (initdb not found); `make test` installs it on Debian")
    with running_server(programs) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The ``store.url`` of an empty PostgreSQL database."""
    with postgres_server.new_database() as url:
        yield url
