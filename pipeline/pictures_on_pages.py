"""The pictures on text pages of a PDF that may be tables: which of them are read, and what becomes of their pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from models.errors import NianbaoError
from models.page import PageInfo
from models.report import FailureRecord
from pipeline.config import LimitSettings
from pipeline.extract.page_pictures import PagePicture
from pipeline.extract.page_route import RoutedPage
from pipeline.extract.pdf_open import PdfDocuments
from pipeline.extract.render_page import render_region
from pipeline.page_tables import PageTables, with_picture
from pipeline.placed_scan import PlacedScan
from pipeline.scan.page_image import PageImage
from pipeline.scan_pages import Scanner, page_failure
from pipeline.text_pages import shown_box

READ, PARTLY_READ = "picture_read", "pictures_partly_read"
NO_TABLE, UNREAD = "picture_without_table", "picture_unread"


@dataclass(slots=True)
class Chosen:
    """The pictures of one page: those to be read, how many hold no table, how many nobody looked at."""

    wanted: list[PagePicture] = field(default_factory=list)
    without_table: int = 0
    not_looked_at: int = 0


def choose_pictures(
    documents: PdfDocuments, pages: Iterable[RoutedPage], limits: LimitSettings, *, is_complete: bool
) -> tuple[dict[int, Chosen], list[FailureRecord]]:
    """(page number -> the pictures of that page, for pages that have any; looks that failed).

    A picture is worth reading where it holds a net of rulings; where it holds lines of text only if the form is not
    complete without it, if the page has no other text, or if that text lies hidden under it.

    Args:
        documents: The opened PDF.
        pages: Pages with their routes.
        limits: How many pictures are looked at, and how large they may be.
        is_complete: The whole form is in the text of the file.
    """
    chosen: dict[int, Chosen] = {}
    failures: list[FailureRecord] = []
    looked_at = 0
    for page in pages:
        for picture in page.pictures:
            of_page = chosen.setdefault(page.info.page_no, Chosen())
            looked_at += 1
            try:
                if looked_at > limits.max_pictures:
                    of_page.not_looked_at += 1
                elif _is_worth_reading(documents, page, picture, limits, is_complete=is_complete):
                    of_page.wanted.append(picture)
                else:
                    of_page.without_table += 1
            except NianbaoError as exc:
                of_page.not_looked_at += 1
                failures.append(page_failure(page.info.page_no, exc))
    return chosen, failures


def read_pictures(
    documents: PdfDocuments, scanner: Scanner, page: tuple[PageInfo, PageTables], chosen: Chosen, pixels: int
) -> tuple[PageInfo, PageTables]:
    """(how the page was treated, its tables and lines with those of the pictures).

    Args:
        documents: The opened PDF.
        scanner: Reads pixels.
        page: The page as read from its text.
        chosen: Its pictures.
        pixels: A picture with more is rendered coarser.
    """
    info, tables = page
    unread, failed = chosen.not_looked_at, ""
    for picture in chosen.wanted:
        found, code = scanner.scan(
            info.page_no, partial(_render, documents, info.page_no, picture, pixels), is_cropped=True
        )
        if found is None:
            unread, failed = unread + 1, failed or code
        else:
            tables = with_picture(tables, PlacedScan(found, picture.box, shown_box(picture.box, tables.content)))
    if failed:
        return replace(info, status="failed", reason=failed), tables
    if unread:
        return replace(info, reason=UNREAD), tables
    if not chosen.wanted:
        return replace(info, reason=NO_TABLE), tables
    return replace(info, reason=PARTLY_READ if chosen.without_table else READ), tables


def _is_worth_reading(
    documents: PdfDocuments, page: RoutedPage, picture: PagePicture, limits: LimitSettings, *, is_complete: bool
) -> bool:
    # OpenCV is loaded with the first picture.
    from pipeline.look_at_picture import PX_PER_PT, look_at_picture

    coarse = replace(picture, px_per_pt=min(picture.px_per_pt, PX_PER_PT))
    look = look_at_picture(_render(documents, page.info.page_no, coarse, limits.max_page_pixels))
    is_needed = not is_complete or page.lacks_text or picture.text == "hidden"
    return look == "table" or (look == "text" and is_needed)


def _render(documents: PdfDocuments, page_no: int, picture: PagePicture, max_pixels: int) -> PageImage:
    pixels, scale = render_region(
        documents.quick, page_no, picture.box, px_per_pt=picture.px_per_pt, max_pixels=max_pixels
    )
    return PageImage(page_no, pixels, scale)
