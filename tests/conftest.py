"""Fixtures for all tests: where the project is, where published reports are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


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
