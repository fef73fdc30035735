from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2 as pdfium
import pytest

from models.geometry import BBox
from pipeline.extract.page_pictures import PageObjects, media_offset, page_objects
from tests.unit import pictures
from tests.unit.extract.drawn_pdf import HEIGHT, WIDTH, Draw, Pen, both, draw_pdf, nothing, says

PROSE = says(*["本机关认真贯彻落实政府信息公开条例"] * 4)
TABLE = pictures.table()
BOX = BBox(100, 200, 450, 288)


def objects(data: bytes) -> PageObjects:
    document = pdfium.PdfDocument(data)
    try:
        return page_objects(document[0], 1000)
    finally:
        document.close()


def table(pen: Pen) -> None:
    pen.image(TABLE, BOX.x0, BOX.top, BOX.width, BOX.height)


def near(box: BBox, other: BBox) -> bool:
    return box.as_list() == pytest.approx(other.as_list(), abs=0.1)


def with_boxes(
    data: bytes, *, crop: tuple[float, float, float, float], media: tuple[float, float, float, float]
) -> bytes:
    document = pdfium.PdfDocument(data)
    document[0].set_mediabox(*media)
    document[0].set_cropbox(*crop)
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    return stream.getvalue()


def test_a_picture_has_its_place_and_its_resolution() -> None:
    (picture,) = objects(draw_pdf(both(PROSE, table))).pictures
    assert near(picture.box, BOX)
    assert picture.px_per_pt == pytest.approx(2.0, abs=0.02)
    assert picture.text == "none"


def test_a_page_without_pictures_has_none() -> None:
    assert objects(draw_pdf(PROSE)) == PageObjects()
    assert objects(draw_pdf(nothing)) == PageObjects()


def test_a_turned_page_is_looked_at_as_it_is_shown() -> None:
    (picture,) = objects(draw_pdf(table, rotate=90)).pictures
    # Drawn on a page 842 wide; turned clockwise, what was at the left is at the top.
    assert [picture.box.width, picture.box.height, picture.box.top] == pytest.approx([88, 350, 100], abs=0.1)


def test_boxes_count_from_the_media_box() -> None:
    data = with_boxes(draw_pdf(table), crop=(50, 40, 550, 800), media=(0, 0, WIDTH, HEIGHT))
    (picture,) = objects(data).pictures
    assert near(picture.box, BOX)
    document = pdfium.PdfDocument(data)
    assert list(media_offset(document[0])) == pytest.approx([50, 42], abs=0.1)
    document.close()
    moved = with_boxes(draw_pdf(table), crop=(20, 30, 595, 842), media=(20, 30, 595, 842))
    assert near(objects(moved).pictures[0].box, BBox(80, 200, 430, 288))


def test_a_picture_in_a_form_is_found_at_its_place() -> None:
    def in_form(pen: Pen) -> None:
        pen.canvas.beginForm("f")
        pen.image(TABLE, 0, HEIGHT - 44, 175, 44)
        pen.canvas.endForm()
        pen.canvas.translate(100, HEIGHT - 288)
        pen.canvas.scale(2, 2)
        pen.canvas.doForm("f")

    (picture,) = objects(draw_pdf(in_form)).pictures
    assert near(picture.box, BOX)
    assert picture.px_per_pt == pytest.approx(2.0, abs=0.02)


def test_only_what_is_on_the_page_counts() -> None:
    found = objects(draw_pdf(lambda pen: pen.image(TABLE, WIDTH / 2, 0, WIDTH, HEIGHT)))
    assert found.share == pytest.approx(0.5, abs=0.01)
    assert found.pictures[0].box.x1 == pytest.approx(WIDTH, abs=0.5)
    assert objects(draw_pdf(lambda pen: pen.image(TABLE, 2 * WIDTH, 0, 100, 100))).pictures == ()


def cut(rows: int, columns: int) -> Draw:
    """The picture in pieces, as producers write large ones."""

    def draw(pen: Pen) -> None:
        height, width = TABLE.shape
        for r in range(rows):
            for c in range(columns):
                top, bottom = height * r // rows, height * (r + 1) // rows
                left, right = width * c // columns, width * (c + 1) // columns
                pen.image(
                    TABLE[top:bottom, left:right],
                    BOX.x0 + BOX.width * left / width,
                    BOX.top + BOX.height * top / height,
                    BOX.width * (right - left) / width,
                    BOX.height * (bottom - top) / height,
                )

    return draw


@pytest.mark.parametrize(("rows", "columns"), [(8, 1), (1, 4), (4, 4), (20, 20)])
def test_pieces_of_a_picture_are_one(rows: int, columns: int) -> None:
    (picture,) = objects(draw_pdf(cut(rows, columns))).pictures
    assert near(picture.box, BOX)


def test_pictures_apart_stay_apart() -> None:
    found = objects(draw_pdf(both(table, lambda pen: pen.image(TABLE, 100, 400, 350, 88)))).pictures
    assert [round(p.box.top) for p in found] == [200, 400]


def test_a_background_with_text_on_it_does_not_swallow_a_table() -> None:
    paper = pictures.photograph((200, 300))
    found = objects(draw_pdf(both(lambda pen: pen.image(paper, 0, 0, WIDTH, HEIGHT), PROSE, table)))
    assert [(p.text, round(p.box.x0)) for p in found.pictures] == [("shown", 0), ("none", 100)]
    assert found.share == pytest.approx(1.0, abs=0.01)
    assert not found.hidden_text


def words(pen: Pen) -> None:
    for i in range(3):
        pen.text("结果维持结果纠正其他结果尚未审结", 110, 220 + 20 * i)


def invisible(pen: Pen) -> None:
    for i in range(3):
        pen.hidden("结果维持结果纠正其他结果尚未审结", 110, 220 + 20 * i)


def white(pen: Pen) -> None:
    pen.canvas.setFillColorRGB(1, 1, 1)
    words(pen)


@pytest.mark.parametrize(
    ("draw", "text", "hidden"),
    [
        (both(table, words), "shown", False),
        (both(words, table), "hidden", True),
        (both(table, invisible), "hidden", True),
        (both(invisible, table), "hidden", True),
        (both(table, white), "hidden", True),
        (both(table, lambda pen: pen.text("- 3 -", 200, 280)), "none", False),
        (both(PROSE, PROSE, table, invisible), "hidden", False),
    ],
    ids=["on it", "under it", "OCR layer", "OCR layer first", "white", "page number", "beside prose"],
)
def test_what_text_there_is_on_a_picture(draw: Draw, text: str, hidden: bool) -> None:
    found = objects(draw_pdf(draw))
    assert ([p.text for p in found.pictures], found.hidden_text) == ([text], hidden)


def test_a_stamp_one_sees_through_hides_nothing() -> None:
    def stamped(*, alpha: bool) -> Callable[[Pen], None]:
        return lambda pen: pen.image(pictures.stamp(alpha=alpha), 110, 190, 116, 116)

    assert objects(draw_pdf(both(words, stamped(alpha=True)))).pictures[0].text == "shown"
    assert objects(draw_pdf(both(words, stamped(alpha=False)))).pictures[0].text == "hidden"


def test_characters_drawn_as_shapes_are_told_from_rulings() -> None:
    def curves(count: int) -> Draw:
        def draw(pen: Pen) -> None:
            path = pen.canvas.beginPath()
            path.moveTo(100, 100)
            for i in range(count):
                path.curveTo(100 + i % 7, 120, 130, 100 + i % 11, 100 + i % 50, 100 + i % 60)
            pen.canvas.drawPath(path, fill=1)

        return draw

    assert objects(draw_pdf(curves(500))).many_curves
    assert not objects(draw_pdf(curves(60))).many_curves
    assert not objects(draw_pdf(lambda pen: pen.net(tuple(range(0, 500, 5)), tuple(range(0, 500, 5))))).many_curves
