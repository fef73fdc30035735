"""Open a PDF: one pypdfium2 document for routing and quick text, one pdfplumber document for exact positions."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

import pdfplumber
import pdfplumber.page
import pdfplumber.pdf
import pypdfium2 as pdfium
from pdfminer.pdfpage import PDFPage
from pypdfium2 import raw

from models.errors import DamagedInputError, EncryptedInputError, InputError, InputTooLargeError, StageError
from pipeline.extract.pdf_forms import crowded_pages
from pipeline.extract.pdf_streams import unpacked_size

MAX_UNPACKED_BYTES = 256 * 1024 * 1024
MAX_PIXELS = 60_000_000
# Characters of a page; one of a report has some thousands.
MAX_OBJECTS = 100_000
_FETCH_AGAIN = "get the file again from its publisher"
_PRINT_ANEW = "print the file to a new PDF and read that"
_ENCRYPTED_REMEDY = "save a copy without password, or give the password: --password"
# One page may unpack to this share of the whole file: its content is held in pieces that take many times its size.
_PAGE_SHARE = 8
# What pdfium answers for a file that is not encrypted.
_NOT_ENCRYPTED = -1


@dataclass(frozen=True, slots=True)
class PdfDocuments:
    """The same file opened twice. Neither library is thread-safe: one process a file.

    ``data`` is the file as it was opened: without its encryption. ``crowded`` are pages with more characters than a
    reader of text should take on, by 1-based number.
    """

    quick: pdfium.PdfDocument
    exact: pdfplumber.pdf.PDF
    data: bytes = field(repr=False)
    crowded: frozenset[int]
    _pages: tuple[PDFPage, ...] = field(repr=False)

    @property
    def page_count(self) -> int:
        """Number of pages."""
        return len(self.quick)

    def exact_page(self, page_no: int) -> pdfplumber.page.Page:
        """The page with this 1-based number for exact positions.

        Raises:
            StageError: the page is missing or says nonsense about itself.
        """
        try:
            return pdfplumber.page.Page(self.exact, self._pages[page_no - 1], page_number=page_no)
        except Exception as exc:  # whatever pdfplumber meets in sizes and turns that are no numbers
            raise StageError(
                f"page {page_no} cannot be interpreted ({type(exc).__name__})", remedy=_PRINT_ANEW
            ) from exc


@contextmanager
def open_pdf(
    data: bytes,
    name: str,
    *,
    max_pages: int,
    max_unpacked_bytes: int = MAX_UNPACKED_BYTES,
    max_pixels: int = MAX_PIXELS,
    max_objects: int = MAX_OBJECTS,
    password: str | None = None,
) -> Iterator[PdfDocuments]:
    """The opened documents, closed on leaving.

    Args:
        data: The bytes of the file.
        name: The file name for messages.
        max_pages: More pages than this are refused before any is read.
        max_unpacked_bytes: Of all streams but pictures, and of what one page draws; more is refused alike.
        max_pixels: Of one picture, if it is packed so well that it has to be looked at.
        max_objects: A page with more characters is crowded.
        password: Needed where the file is encrypted with a user password.

    Raises:
        EncryptedInputError: a password is needed or wrong.
        DamagedInputError: the file is truncated or broken.
        InputTooLargeError: more of something than allowed.
    """
    quick, data = open_quick(data, name, password)
    try:
        if len(quick) == 0:
            raise DamagedInputError("the PDF has no pages", source=name, remedy=_FETCH_AGAIN)
        if len(quick) > max_pages:
            raise InputTooLargeError(
                f"the PDF has {len(quick)} pages, more than the limit of {max_pages}",
                source=name,
                remedy="split the file, or raise limits.max_pages in config.yaml",
            )
        unpacked_size(data, name, max_bytes=max_unpacked_bytes, max_pixels=max_pixels)
        # Not closed: that would interpret every page once more, and it holds nothing but memory.
        exact = _open_exact(data, name)
        pages = _exact_pages(exact, len(quick), name)
        most = max_unpacked_bytes // _PAGE_SHARE
        crowded = crowded_pages(pages, name, max_bytes=most, max_objects=max_objects)
        yield PdfDocuments(quick, exact, data, crowded, pages)
    finally:
        quick.close()


def open_quick(data: bytes, name: str, password: str | None) -> tuple[pdfium.PdfDocument, bytes]:
    """(the document, the file without its encryption): no reader after this one needs the password."""
    document = _open_as_it_is(data, name, password)
    if raw.FPDF_GetSecurityHandlerRevision(document) == _NOT_ENCRYPTED:
        return document, data
    copy = io.BytesIO()
    try:
        document.save(copy, flags=raw.FPDF_REMOVE_SECURITY)
    except pdfium.PdfiumError as exc:
        raise DamagedInputError(
            "the encryption of the PDF is damaged", source=name, remedy="save a copy without password and read that"
        ) from exc
    finally:
        document.close()
    return _open_as_it_is(copy.getvalue(), name, None), copy.getvalue()


def _open_as_it_is(data: bytes, name: str, password: str | None) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as exc:
        if raw.FPDF_GetLastError() != raw.FPDF_ERR_PASSWORD:
            raise DamagedInputError("the PDF is truncated or damaged", source=name, remedy=_FETCH_AGAIN) from exc
        cause = "the PDF is protected by a password" if password is None else "the password does not open the PDF"
        raise EncryptedInputError(cause, source=name, remedy=_ENCRYPTED_REMEDY) from exc


def _open_exact(data: bytes, name: str) -> pdfplumber.pdf.PDF:
    with _explained(name):
        return pdfplumber.open(io.BytesIO(data), unicode_norm=None)


def _exact_pages(exact: pdfplumber.pdf.PDF, count: int, name: str) -> tuple[PDFPage, ...]:
    """The pages as pdfminer lists them, none of them interpreted."""
    with _explained(name):
        return tuple(islice(PDFPage.create_pages(exact.doc), count))


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """What pdfminer raises where its parsers meet a broken file (KeyError, TypeError, RecursionError ...) in words."""
    try:
        yield
    except (InputError, MemoryError):
        raise
    except Exception as exc:
        raise DamagedInputError(
            f"the structure of the PDF is damaged ({type(exc).__name__})", source=name, remedy=_PRINT_ANEW
        ) from exc
