"""Open a PDF: one pypdfium2 document for routing and quick text, one pdfplumber document for exact positions."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pdfplumber
import pdfplumber.pdf
import pypdfium2 as pdfium
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from models.errors import DamagedInputError, EncryptedInputError, InputTooLargeError


@dataclass(frozen=True, slots=True)
class PdfDocuments:
    """The same file opened twice. Neither library is thread-safe: one process a file."""

    quick: pdfium.PdfDocument
    exact: pdfplumber.pdf.PDF

    @property
    def page_count(self) -> int:
        """Number of pages."""
        return len(self.quick)


@contextmanager
def open_pdf(data: bytes, name: str, *, max_pages: int, password: str | None = None) -> Iterator[PdfDocuments]:
    """The opened documents, closed on leaving.

    Args:
        data: The bytes of the file.
        name: The file name for messages.
        max_pages: More pages than this are refused before any is read.
        password: Needed where the file is encrypted with a user password.

    Raises:
        EncryptedInputError: a password is needed or wrong.
        DamagedInputError: the file is truncated or broken.
        InputTooLargeError: more pages than allowed.
    """
    quick = _open_quick(data, name, password)
    try:
        if len(quick) == 0:
            raise DamagedInputError("the PDF has no pages", source=name, remedy="get the file again from its publisher")
        if len(quick) > max_pages:
            raise InputTooLargeError(
                f"the PDF has {len(quick)} pages, more than the limit of {max_pages}",
                source=name,
                remedy="split the file, or raise limits.max_pages in config.yaml",
            )
        exact = _open_exact(data, name, password)
        try:
            yield PdfDocuments(quick, exact)
        finally:
            exact.close()
    finally:
        quick.close()


def _open_quick(data: bytes, name: str, password: str | None) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as exc:
        if pdfium.raw.FPDF_GetLastError() == pdfium.raw.FPDF_ERR_PASSWORD:
            raise EncryptedInputError(
                "the PDF is protected by a password", source=name, remedy="save a copy without password and read that"
            ) from exc
        raise DamagedInputError(
            "the PDF is truncated or damaged", source=name, remedy="get the file again from its publisher"
        ) from exc


def _open_exact(data: bytes, name: str, password: str | None) -> pdfplumber.pdf.PDF:
    try:
        return pdfplumber.open(io.BytesIO(data), password=password or "", unicode_norm=None)
    except PdfminerException as exc:
        if exc.args and isinstance(exc.args[0], PDFPasswordIncorrect):
            raise EncryptedInputError(
                "the PDF is protected by a password", source=name, remedy="save a copy without password and read that"
            ) from exc
        raise DamagedInputError(
            "the structure of the PDF is damaged", source=name, remedy="print the file to a new PDF and read that"
        ) from exc
    except Exception as exc:  # pdfminer raises what its parsers meet in a broken file: KeyError, TypeError, ...
        raise DamagedInputError(
            f"the structure of the PDF is damaged ({type(exc).__name__})",
            source=name,
            remedy="print the file to a new PDF and read that",
        ) from exc
