"""Pages and crops: where boxes lie, which way is up, what has no pages."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import Image

from models.errors import DamagedInputError, StoreError, UnknownItemError
from models.report import PageRecord, Report
from pipeline.review.page_picture import PagePicture, crop_picture, page_picture, turn_of_page
from pipeline.store.open_store import Store
from pipeline.store.originals import Originals
from tests.unit.review.made import FORM, in_store, read_report

PAGE_PT = (300.0, 400.0)
# A black box on a white page, in points.
BOX = (200.0, 50.0, 240.0, 70.0)


def pdf_page(turned: int) -> bytes:
    """A page with one black box; ``turned`` degrees is how the page is to be shown."""
    width, height = PAGE_PT
    x0, top, x1, bottom = BOX
    content = f"{x0} {height - bottom} {x1 - x0} {bottom - top} re f".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Rotate {turned}/Contents 4 0 R>>".encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    ]
    out, places = b"%PDF-1.4\n", []
    for n, text in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


def picture_file() -> bytes:
    scale = 2
    pixels = np.full((round(PAGE_PT[1] * scale), round(PAGE_PT[0] * scale)), 255, np.uint8)
    x0, top, x1, bottom = (round(v * scale) for v in BOX)
    pixels[top:bottom, x0:x1] = 0
    stream = io.BytesIO()
    # No credible paper has this size, so the longer side is taken for that of A4.
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def kept(store: Store, data: bytes, media_type: str, report: Report | None = None) -> int:
    original = store.originals.add(io.BytesIO(data))
    read = report or read_report()
    source = read.source.model_copy(update={"sha256": original.sha256, "media_type": media_type})
    return in_store(store, read.model_copy(update={"source": source}))


def black_box(picture: PagePicture) -> tuple[float, ...]:
    pixels = np.asarray(Image.open(io.BytesIO(picture.data)).convert("L"))
    assert pixels.shape == (picture.height, picture.width)
    rows, columns = np.nonzero(pixels < 128)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


@pytest.mark.parametrize(("media_type", "route", "expected"), [
    ("image", "ocr", "image/jpeg"), ("application/pdf", "ocr", "image/jpeg"), ("application/pdf", "text", "image/png"),
])  # fmt: skip
def test_scans_are_sent_as_jpeg_and_cells_as_they_are(
    store: Store, media_type: str, route: Literal["ocr", "text"], expected: str
) -> None:
    pages = [PageRecord(page_no=1, route=route, status="extracted")]
    report = read_report().model_copy(update={"pages": pages})
    number = kept(store, picture_file() if media_type == "image" else pdf_page(0), media_type, report)
    page, crop = page_picture(store, number, 1), crop_picture(store, number, 1, BOX)
    assert (page.media_type, crop.media_type) == (expected, "image/png")
    assert [Image.open(io.BytesIO(p.data)).get_format_mimetype() for p in (page, crop)] == [expected, "image/png"]


def turned_report(turned: int) -> Report:
    """A report whose rows run in another direction on the page as stored: it must be turned by so much."""
    read = read_report()
    fields = dict(read.fields)
    for n, (i, field) in enumerate((i, f) for i, f in FORM.fields.items() if f.table.id == "requests" and i in fields):
        column = [c.id for c in field.block.columns].index(field.column.id)
        across, down = 30.0 * column, 2.0 * (n // 7)
        x, y = {
            0: (across, down),
            90: (down, 250 - across),
            180: (250 - across, 300 - down),
            270: (250 - down, across),
        }[turned]
        evidence = [e.model_copy(update={"bbox": [x, y, x + 5, y + 5]}) for e in fields[i].evidence]
        fields[i] = fields[i].model_copy(update={"evidence": evidence})
    return read.model_copy(update={"fields": fields})


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("make", [lambda: (pdf_page(0), "application/pdf"), lambda: (picture_file(), "image")])
def test_a_box_of_the_report_lies_where_the_picture_shows_it(
    store: Store, turned: int, make: Callable[[], tuple[bytes, str]]
) -> None:
    data, media_type = make()
    number = kept(store, data, media_type, turned_report(turned))
    scale = 841.9 / PAGE_PT[1] if media_type == "image" else 1.0
    box = tuple(v * scale for v in BOX)

    page = page_picture(store, number, 1, px_per_pt=2.0)
    crop = crop_picture(store, number, 1, (box[0], box[1], box[2], box[3]), px_per_pt=4.0)

    for picture in (page, crop):
        assert picture.turned == turned
        assert black_box(picture) == pytest.approx(picture.to_pixels((box[0], box[1], box[2], box[3])), abs=3)
    upright = page.width < page.height
    assert upright == (turned in {0, 180})


def test_a_page_that_is_shown_turned_has_boxes_as_shown(store: Store) -> None:
    number = kept(store, pdf_page(90), "application/pdf")

    page = page_picture(store, number, 1)

    x0, top, x1, bottom = BOX
    shown = (PAGE_PT[1] - bottom, x0, PAGE_PT[1] - top, x1)
    assert page.width > page.height
    assert black_box(page) == pytest.approx(page.to_pixels(shown), abs=2)


def test_the_turn_is_told_by_the_rows() -> None:
    assert [turn_of_page(turned_report(t), 1) for t in (0, 90, 180, 270)] == [0, 90, 180, 270]
    assert turn_of_page(turned_report(90), 2) == 0
    assert turn_of_page(read_report(), 1) == 0
    assert turn_of_page(read_report().model_copy(update={"form": "unknown"}), 1) == 0


def test_a_crop_outside_of_the_page_is_the_page(store: Store) -> None:
    for data, media_type in ((pdf_page(0), "application/pdf"), (picture_file(), "image")):
        number = kept(store, data, media_type)
        crop = crop_picture(store, number, 1, (5000.0, 5000.0, 5100.0, 5100.0), px_per_pt=1.0)
        assert crop.height > crop.width > 200


def test_what_has_no_such_page_is_told(store: Store) -> None:
    number = kept(store, pdf_page(0), "application/pdf")
    with pytest.raises(UnknownItemError, match="no page 2"):
        page_picture(store, number, 2)
    with pytest.raises(UnknownItemError):
        page_picture(store, kept(store, picture_file(), "image"), 2)
    with pytest.raises(UnknownItemError, match="no pages"):
        page_picture(store, kept(store, b"<html>", "text/html"), 1)
    with pytest.raises(DamagedInputError):
        page_picture(store, kept(store, b"%PDF-1.4 broken", "application/pdf"), 1)
    with pytest.raises(UnknownItemError):
        page_picture(store, 99, 1)


def test_a_damaged_original_is_told(store: Store) -> None:
    data = pdf_page(0) + b"\n"
    number = kept(store, data, "application/pdf")
    (path,) = [p for p in Path(store.originals.folder).rglob("*") if p.is_file()]
    path.chmod(0o644)
    path.write_bytes(b"%PDF-1.4 other")
    with pytest.raises(StoreError):
        page_picture(store, number, 1)


def test_an_original_is_held_against_its_hash_once_and_again_when_it_changed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[str] = []
    check = Originals.checked_path

    def counted(self: Originals, sha256: str) -> Path:
        checks.append(sha256)
        return check(self, sha256)

    number = kept(store, pdf_page(0) + b"\n\n", "application/pdf")
    monkeypatch.setattr(Originals, "checked_path", counted)
    for rim in (3.0, 4.0, 5.0):
        crop_picture(store, number, 1, (100, 100, 120, 120), rim=rim)
    assert len(checks) == 1
    (path,) = [p for p in Path(store.originals.folder).rglob("*") if p.is_file()]
    path.chmod(0o644)
    path.write_bytes(b"%PDF-1.4 other")
    with pytest.raises(StoreError):
        page_picture(store, number, 1)
