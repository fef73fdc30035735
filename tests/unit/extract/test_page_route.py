from __future__ import annotations

from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from pipeline.extract.page_route import PageProbe, RoutedPage, probe_page, route_pages
from tests.unit.extract.drawn_pdf import HEIGHT, WIDTH, Draw, Pen, both, draw_pdf, nothing, says

TABLE = ("1.属于国家秘密", "2.重复申请", "商业企业", "科研机构")
TEXT = PageProbe(1, "x" * 100, 100, 0.0, 0.0, hidden_text=False, hints=0, cell_numbers=0)


def probe(data: bytes, index: int = 0) -> PageProbe:
    document = pdfium.PdfDocument(data)
    try:
        return probe_page(document, index, 100_000)
    finally:
        document.close()


def route(*probes: PageProbe) -> list[RoutedPage]:
    return route_pages(probes, min_chars=20, max_bad_share=0.05, full_page_image_share=0.85)


def brief(data: bytes) -> tuple[str, str, str]:
    (page,) = route(probe(data))
    return page.info.route, page.info.status, page.info.reason


def scan(pen: Pen) -> None:
    pen.picture(0, 0, WIDTH, HEIGHT)


def scan_with_hidden_text(pen: Pen) -> None:
    scan(pen)
    for number, text in enumerate(TABLE * 3):
        pen.hidden(text, 72, 100 + 20 * number)


def text_under_a_scan(pen: Pen) -> None:
    says(*TABLE * 3)(pen)
    scan(pen)


def text_on_paper(pen: Pen) -> None:
    scan(pen)
    says(*TABLE * 3)(pen)


def picture_among_text(pen: Pen) -> None:
    says(*TABLE * 3)(pen)
    pen.picture(72, 400, 450, 250)


def private_use(pen: Pen) -> None:
    pen.text("总计" * 10 + "\ue123\ue124\ue125", 72, 100)


def replacements(pen: Pen) -> None:
    pen.text("总计" * 10 + "\ufffd" * 3, 72, 100)


def no_chinese(pen: Pen) -> None:
    for i in range(4):
        pen.text("7KLV SDJH ZDV VDYHG ZLWKRXW WKH WDEOH RI LWV FKDUDFWHUV", 72, 100 + 20 * i, font="Helvetica")


def spaces(pen: Pen) -> None:
    pen.text("   　 　  ", 72, 100)
    pen.hidden("    ", 72, 140)


def shapes(pen: Pen) -> None:
    path = pen.canvas.beginPath()
    path.moveTo(100, 100)
    for i in range(500):
        path.curveTo(100 + i % 7, 120, 130, 100 + i % 11, 100 + i % 50, 100 + i % 60)
    pen.canvas.drawPath(path)


def strips(pen: Pen) -> None:
    for i in range(10):
        pen.picture(0, i * HEIGHT / 10, WIDTH, HEIGHT / 10)


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        (says(*TABLE * 3), ("text", "extracted", "")),
        (nothing, ("none", "skipped", "blank_page")),
        (scan, ("ocr", "skipped", "no_text_layer")),
        (scan_with_hidden_text, ("ocr", "skipped", "hidden_text_under_scan")),
        (text_under_a_scan, ("ocr", "skipped", "hidden_text_under_scan")),
        (private_use, ("ocr", "skipped", "unusable_characters")),
        (replacements, ("ocr", "skipped", "unusable_characters")),
        (no_chinese, ("ocr", "skipped", "unusable_characters")),
        (both(scan, spaces), ("ocr", "skipped", "no_text_layer")),
        (spaces, ("none", "skipped", "blank_page")),
        (shapes, ("ocr", "skipped", "no_text_layer")),
        (both(says(*TABLE * 3), shapes), ("text", "extracted", "")),
        (strips, ("ocr", "skipped", "no_text_layer")),
        (lambda pen: pen.picture(72, 72, 300, 250), ("mixed", "extracted", "pictures_on_page")),
        (text_on_paper, ("mixed", "extracted", "pictures_on_page")),
        (picture_among_text, ("mixed", "extracted", "pictures_on_page")),
        (lambda pen: pen.picture(72, 72, 80, 80), ("text", "extracted", "")),
        (says("- 3 -"), ("text", "extracted", "")),
    ],
    ids=[
        *("text", "blank", "scan", "OCR layer", "text under", "private use", "replacements", "no Chinese"),
        *(
            "spaces over scan",
            "spaces",
            "shapes",
            "shapes among text",
            "strips",
            "photograph",
            "paper",
            "picture",
            "seal",
        ),
        "page number",
    ],
)
def test_the_route_of_a_page_and_why(draw: Draw, expected: tuple[str, str, str]) -> None:
    assert brief(draw_pdf(draw)) == expected


def test_a_scan_with_a_page_number_as_its_only_text_is_a_scan() -> None:
    def draw(pen: Pen) -> None:
        scan(pen)
        pen.text("- 3 -", 290, 800)

    assert brief(draw_pdf(draw)) == ("ocr", "skipped", "no_text_layer")


def test_a_page_that_cannot_be_loaded_is_failed() -> None:
    (page,) = route(replace(TEXT, is_broken=True, n_chars=0))
    assert (page.info.route, page.info.status, page.info.reason) == ("none", "failed", "page_damaged")


def test_a_broken_page_is_told_by_its_probe() -> None:
    data = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj 7 endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    assert probe(data).is_broken


@pytest.mark.parametrize(("share", "expected"), [(0.05, "text"), (0.06, "ocr")])
def test_a_few_bad_characters_are_borne(share: float, expected: str) -> None:
    assert route(replace(TEXT, bad_share=share))[0].info.route == expected


@pytest.mark.parametrize(("share", "expected"), [(0.84, "mixed"), (0.85, "ocr")])
def test_text_under_a_picture_that_leaves_room_is_read(share: float, expected: str) -> None:
    assert route(replace(TEXT, hidden_text=True, image_share=share))[0].info.route == expected


def test_what_a_probe_counts() -> None:
    found = probe(draw_pdf(says("一、总体情况", *TABLE, "3 0 12", "重复申请 1 2 3", "共4件，其中 3")))
    assert (found.page_no, found.is_broken, found.bad_share, found.image_share) == (1, False, 0.0, 0.0)
    # 重复申请 stands in prose as well and is no hint.
    assert found.hints == 3
    assert found.cell_numbers == 6
    assert "属于国家秘密" in found.text


@pytest.mark.parametrize("line", ["2023年1月1日", "全年公开 12 条，办结 4 件", "重复申请 3", "— / -"])
def test_numbers_in_prose_are_no_cells(line: str) -> None:
    assert probe(draw_pdf(says(line))).cell_numbers == 0


def test_pictures_that_may_be_tables_are_named() -> None:
    def pictures(pen: Pen) -> None:
        says(*TABLE * 3)(pen)
        pen.picture(72, 400, 450, 90)
        pen.picture(72, 600, 90, 150)
        pen.picture(300, 600, 60, 60)
        pen.picture(200, 700, 300, 20)

    (page,) = route(probe(draw_pdf(pictures)))
    assert [(round(p.box.x0), round(p.box.top)) for p in page.pictures] == [(72, 400), (72, 600)]
    assert (page.info.route, page.needs_positions) == ("mixed", True)
    assert route(probe(draw_pdf(scan)))[0].pictures == ()
    assert route(probe(draw_pdf(text_on_paper)))[0].pictures == ()


def test_a_garbled_page_is_read_by_ocr_only_where_a_table_may_be() -> None:
    garbled = replace(TEXT, is_garbled=True)
    pages = [replace(p, page_no=n) for n, p in enumerate((garbled, TEXT, FORM, garbled, TEXT, garbled), start=1)]
    assert [p.info.route for p in route(*pages)] == ["text", "text", "text", "ocr", "text", "text"]
    assert [p.info.route for p in route(garbled, replace(garbled, page_no=2))] == ["ocr", "ocr"]


def test_the_share_of_a_picture_is_that_of_its_part_on_the_page() -> None:
    assert probe(draw_pdf(lambda pen: pen.picture(WIDTH / 2, 0, WIDTH, HEIGHT))).image_share == pytest.approx(0.5)


def wanted(*probes: PageProbe) -> list[int]:
    numbered = [replace(p, page_no=n) for n, p in enumerate(probes, start=1)]
    return [p.probe.page_no for p in route(*numbered) if p.needs_positions]


FORM, ROWS = replace(TEXT, hints=3), replace(TEXT, cell_numbers=3)


@pytest.mark.parametrize(
    ("probes", "expected"),
    [
        ((TEXT, FORM, TEXT), [2]),
        ((TEXT, FORM, TEXT, FORM, TEXT), [2, 3, 4]),
        ((TEXT, FORM, ROWS, ROWS, TEXT), [2, 3, 4]),
        ((ROWS, FORM, TEXT), [1, 2]),
        ((ROWS, TEXT, FORM), [3]),
        ((TEXT, replace(TEXT, hints=2), TEXT), [1, 2, 3]),
        ((TEXT, FORM, replace(TEXT, is_garbled=True), TEXT), [2, 3]),
        ((replace(TEXT, is_drawn=True), TEXT, FORM), [1, 3]),
    ],
    ids=[
        *("one page", "what lies between", "continuation pages", "page before", "apart", "no hint anywhere"),
        *("garbled page after", "shapes anywhere"),
    ],
)
def test_pages_that_may_hold_a_part_of_the_tables(probes: tuple[PageProbe, ...], expected: list[int]) -> None:
    assert wanted(*probes) == expected


def test_a_long_file_without_any_hint_is_looked_through_in_part() -> None:
    assert wanted(*[TEXT] * 60) == list(range(1, 41))


@pytest.mark.parametrize("draw", [says("一" * 60), lambda pen: pen.net(tuple(range(40)), tuple(range(40)))])
def test_a_page_with_more_than_anybody_counts_is_read_from_its_pixels(draw: Draw) -> None:
    document = pdfium.PdfDocument(draw_pdf(draw))
    try:
        (crowded,), (usual,) = route(probe_page(document, 0, 50)), route(probe_page(document, 0, 500))
    finally:
        document.close()

    assert (crowded.info.route, crowded.info.status, crowded.info.reason) == ("ocr", "skipped", "too_many_objects")
    assert usual.info.reason != "too_many_objects"
