"""Turns reports into PDF the way offices do: a text document, exported by LibreOffice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from models.errors import MissingDependencyError, OutputError
from samples.document import Document
from samples.fonts import find_font
from samples.producers.docx import write_docx

COMMANDS: tuple[str, ...] = ("soffice", "libreoffice")
_TIMEOUT_S = 300
_DATE = re.compile(rb"D:\d{14}(?=[Z+-])")
_FIXED_DATE = b"D:20240101000000"
_IDENTIFIER = re.compile(rb"(?<=<)[0-9A-F]{32}(?=>)")
_CHECKSUM = re.compile(rb"(?<=/DocChecksum /)[0-9A-F]{32}")


def convert_documents(documents: Sequence[tuple[Document, Path]]) -> None:
    """Writes each report as PDF to its path; one call of the office suite for all of them.

    Raises:
        MissingDependencyError: LibreOffice or a font is not installed.
        OutputError: LibreOffice wrote no PDF.
    """
    if not documents:
        return
    command = _find_soffice()
    with tempfile.TemporaryDirectory(prefix="samples-office-") as name:
        folder = Path(name)
        sources = []
        for index, (document, _) in enumerate(documents):
            find_font(document.style.pages.font)
            sources.append(folder / f"{index}.docx")
            write_docx(document, sources[-1])
        _convert(command, sources, folder)
        for source, (_, path) in zip(sources, documents, strict=True):
            made = source.with_suffix(".pdf")
            if not made.is_file():
                raise OutputError(
                    "LibreOffice wrote no PDF", source=path.name, remedy="apt-get install libreoffice-writer"
                )
            path.write_bytes(_without_dates(made.read_bytes()))


def _convert(command: str, sources: Sequence[Path], folder: Path) -> None:
    profile = (folder / "profile").as_uri()
    call = [
        command,
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        *(str(source) for source in sources),
    ]
    try:
        done = subprocess.run(
            call,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
            env=os.environ | {"TZ": "UTC"},  # its dates are written with the time zone
        )
    except subprocess.TimeoutExpired as exc:
        raise OutputError(f"LibreOffice did not finish in {_TIMEOUT_S} s") from exc
    if done.returncode:
        raise OutputError(f"LibreOffice failed: {done.stderr.decode('utf-8', 'replace')[-300:]}")


def _find_soffice() -> str:
    for name in COMMANDS:
        found = shutil.which(name)
        if found:
            return found
    raise MissingDependencyError("LibreOffice not found", remedy="apt-get install libreoffice-writer")


def _without_dates(pdf: bytes) -> bytes:
    """The same file with fixed dates and identifiers of the same length, so that offsets still hold."""
    for pattern, fixed in ((_DATE, _FIXED_DATE), (_IDENTIFIER, b"0" * 32), (_CHECKSUM, b"0" * 32)):
        pdf = pattern.sub(fixed, pdf)
    return pdf
