"""Skips what needs a font or a program that is not installed."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from models.errors import MissingDependencyError
from samples.document import Document
from samples.fonts import find_font
from samples.producers import pdf_chromium, pdf_libreoffice

NeedsFont = Callable[[Document], None]


@pytest.fixture
def needs_font() -> NeedsFont:
    """Skips the test where the font of a report is not installed and the report cannot be drawn without it."""

    def check(document: Document) -> None:
        if document.style.format == "pdf" or document.style.tables.pictures:
            try:
                find_font(document.style.pages.font)
            except MissingDependencyError as exc:
                pytest.skip(str(exc))

    return check


@pytest.fixture
def chromium() -> None:
    if not any(shutil.which(name) for name in pdf_chromium.COMMANDS):
        pytest.skip("Chromium not found: apt-get install chromium")


@pytest.fixture
def libreoffice() -> None:
    if not any(shutil.which(name) for name in pdf_libreoffice.COMMANDS):
        pytest.skip("LibreOffice not found: apt-get install libreoffice-writer")
