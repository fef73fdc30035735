from __future__ import annotations

import io
from collections.abc import Callable

import pdfplumber
import pytest

from models.errors import StageError
from models.page import PageContent, Ruling
from pipeline.extract.pdf_to_page import pdf_to_page
from tests.unit.extract.drawn_pdf import HEIGHT, WIDTH, Draw, Pen, draw_pdf, nothing


def read(data: bytes, index: int = 0) -> PageContent:
    with pdfplumber.open(io.BytesIO(data), unicode_norm=None) as document:
        return pdf_to_page(document.pages[index])


def text_of(page: PageContent) -> str:
    return "".join(c.text for c in page.chars)


def brief(ruling: Ruling) -> tuple[str, float, float, float]:
    figures = (round(v, 1) for v in (ruling.position, ruling.start, ruling.stop))
    position, start, stop = figures
    return "h" if ruling.horizontal else "v", position, start, stop


def rulings(draw: Draw) -> list[tuple[str, float, float, float]]:
    return sorted(brief(r) for r in read(draw_pdf(draw)).rulings)


def upright(pen: Pen) -> None:
    pen.text("总计12", 100, 200)
    pen.line(90, 210, 300, 210)


def test_characters_have_boxes_from_the_top_left() -> None:
    page = read(draw_pdf(upright))
    assert (page.page_no, page.width, page.height, page.quarter_turns) == (1, WIDTH, HEIGHT, 0)
    assert text_of(page) == "总计12"
    first, one = page.chars[0], page.chars[2]
    assert (first.x0, first.x1, first.size) == pytest.approx((100, 110, 10))
    assert (one.x0, one.x1) == pytest.approx((120, 125), abs=1)
    assert first.top < 200 < first.bottom < 205


def test_the_page_number_is_that_of_the_file() -> None:
    assert read(draw_pdf(nothing, upright), 1).page_no == 2


def test_what_is_printed_is_not_normalised() -> None:
    assert text_of(read(draw_pdf(lambda pen: pen.text("（一）２３", 100, 200)))) == "（一）２３"


def test_white_space_is_no_character() -> None:
    assert text_of(read(draw_pdf(lambda pen: pen.text("总 计　1", 100, 200)))) == "总计1"


def test_a_blank_page_has_nothing() -> None:
    page = read(draw_pdf(nothing))
    assert (page.chars, page.rulings, page.images) == ((), (), ())


def test_pictures_have_boxes() -> None:
    page = read(draw_pdf(lambda pen: pen.picture(100, 200, 50, 60)))
    assert [b.as_list() for b in page.images] == [[100, 200, 150, 260]]


def test_text_outside_the_page_is_not_on_paper() -> None:
    def draw(pen: Pen) -> None:
        upright(pen)
        pen.text("99", 700, 100)
        pen.text("99", 100, -50)

    assert text_of(read(draw_pdf(draw))) == "总计12"


def colour(name: str, *values: float) -> Callable[[Pen], None]:
    return lambda pen: getattr(pen.canvas, name)(*values)


@pytest.mark.parametrize(
    "ink",
    [
        colour("setFillGray", 1.0),
        colour("setFillColorRGB", 1, 1, 1),
        colour("setFillColorRGB", 0.99, 1, 0.99),
        colour("setFillColorCMYK", 0, 0, 0, 0),
    ],
    ids=["grey", "RGB", "nearly", "CMYK"],
)
def test_white_text_on_white_paper_is_left_out(ink: Draw) -> None:
    def draw(pen: Pen) -> None:
        upright(pen)
        ink(pen)
        pen.text("99", 100, 300)

    assert text_of(read(draw_pdf(draw))) == "总计12"


def test_white_text_on_a_dark_header_is_read() -> None:
    def draw(pen: Pen) -> None:
        pen.canvas.setFillColorRGB(0, 0, 0.5)
        pen.canvas.rect(90, HEIGHT - 220, 200, 40, stroke=0, fill=1)
        pen.canvas.setFillColorRGB(1, 1, 1)
        pen.text("总计", 100, 200)

    assert text_of(read(draw_pdf(draw))) == "总计"


@pytest.mark.parametrize("ink", [colour("setFillGray", 0.5), colour("setFillColorRGB", 1, 0, 0)], ids=["grey", "red"])
def test_text_in_other_colours_is_read(ink: Draw) -> None:
    def draw(pen: Pen) -> None:
        ink(pen)
        upright(pen)

    assert text_of(read(draw_pdf(draw))) == "总计12"


def test_type_too_small_to_be_read_on_paper_is_left_out() -> None:
    assert text_of(read(draw_pdf(lambda pen: pen.text("99", 100, 200, 0.5)))) == ""


@pytest.mark.parametrize(("dx", "dy"), [(0.3, 0.0), (0.6, 0.0), (0.4, 0.4), (0.0, 1.0)])
def test_fake_bold_is_read_once(dx: float, dy: float) -> None:
    def draw(pen: Pen) -> None:
        pen.text("总计112", 100, 200)
        pen.text("总计112", 100 + dx, 200 + dy)

    assert text_of(read(draw_pdf(draw))) == "总计112"


def test_the_same_digit_twice_is_two_digits() -> None:
    assert text_of(read(draw_pdf(lambda pen: pen.text("1111", 100, 200, 6, font="Helvetica")))) == "1111"


def test_lines_are_rulings() -> None:
    def draw(pen: Pen) -> None:
        pen.line(100, 200, 300, 200)
        pen.line(100, 300, 100, 200)
        pen.line(100, 400, 300, 400.5)
        pen.line(100, 500, 300, 540)

    assert rulings(draw) == [("h", 200, 100, 300), ("h", 400.2, 100, 300), ("v", 100, 200, 300)]


def test_a_drawn_frame_is_four_rulings_and_shading_none() -> None:
    def draw(pen: Pen) -> None:
        pen.canvas.rect(100, HEIGHT - 250, 200, 50, stroke=1, fill=0)
        pen.canvas.rect(100, HEIGHT - 450, 200, 50, stroke=0, fill=1)

    assert rulings(draw) == [("h", 200, 100, 300), ("h", 250, 100, 300), ("v", 100, 200, 250), ("v", 300, 200, 250)]


def test_thin_filled_rectangles_are_rulings() -> None:
    def draw(pen: Pen) -> None:
        pen.canvas.rect(100, HEIGHT - 201, 200, 1, stroke=0, fill=1)
        pen.canvas.rect(99.5, HEIGHT - 300, 1, 100, stroke=0, fill=1)

    assert rulings(draw) == [("h", 200.5, 100, 300), ("v", 100, 200, 300)]


def test_a_dot_is_a_piece_of_a_ruling_in_either_direction() -> None:
    assert rulings(lambda pen: pen.canvas.rect(100, HEIGHT - 201, 1, 1, stroke=0, fill=1)) == [
        ("h", 200.5, 100, 101),
        ("v", 100.5, 200, 201),
    ]


def test_lines_of_one_path_are_rulings_each() -> None:
    def draw(pen: Pen) -> None:
        path = pen.canvas.beginPath()
        path.moveTo(100, HEIGHT - 200)
        path.lineTo(300, HEIGHT - 200)
        path.lineTo(300, HEIGHT - 260)
        pen.canvas.drawPath(path)

    assert rulings(draw) == [("h", 200, 100, 300), ("v", 300, 200, 260)]


def turned_text(degrees: int) -> Draw:
    """The same page content turned counterclockwise, as on a landscape table of a portrait page."""

    def draw(pen: Pen) -> None:
        pen.canvas.translate(WIDTH / 2, HEIGHT / 2)
        pen.canvas.rotate(degrees)
        pen.canvas.setFont("STSong-Light", 10)
        pen.canvas.drawString(-150, 100, "总计12")
        pen.canvas.line(-160, 90, 40, 90)

    return draw


@pytest.mark.parametrize(("degrees", "turns"), [(0, 0), (90, 1), (180, 2), (270, 3)])
def test_turned_text_is_brought_upright(degrees: int, turns: int) -> None:
    page = read(draw_pdf(turned_text(degrees)))
    assert page.quarter_turns == turns
    assert (page.width, page.height) == ((HEIGHT, WIDTH) if turns % 2 else (WIDTH, HEIGHT))
    assert text_of(page) == "总计12"
    middle_x, middle_y = page.width / 2, page.height / 2
    assert [round(c.x0 - middle_x) for c in page.chars] == pytest.approx([-150, -140, -130, -125], abs=1)
    assert {round((c.top + c.bottom) / 2 - middle_y, 1) for c in page.chars} == {
        round((page.chars[0].top + page.chars[0].bottom) / 2 - middle_y, 1)
    }
    assert page.chars[0].top < middle_y - 100 < page.chars[0].bottom
    (ruling,) = page.rulings
    assert brief(ruling) == ("h", *(round(v, 1) for v in (middle_y - 90, middle_x - 160, middle_x + 40)))


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_boxes_of_a_turned_page_find_their_way_back(degrees: int) -> None:
    page = read(draw_pdf(turned_text(degrees)))
    stored = page.to_stored(page.chars[0].bbox)
    assert stored.width == pytest.approx(page.chars[0].bbox.height if degrees != 180 else 10)
    for_radius = [(stored.center[0] - WIDTH / 2) ** 2 + (stored.center[1] - HEIGHT / 2) ** 2]
    assert for_radius == pytest.approx([145**2 + 103**2], rel=0.02)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_shown_turned_is_brought_upright_too(rotate: int) -> None:
    page = read(draw_pdf(upright, rotate=rotate))
    assert text_of(page) == "总计12"
    assert (page.width, page.height) == pytest.approx((WIDTH, HEIGHT))
    assert page.chars[0].bbox.as_list()[0] == pytest.approx(100, abs=0.5)
    assert [brief(r) for r in page.rulings] == [("h", 210, 90, 300)]


def test_a_landscape_page_shown_as_intended_stays_as_it_is() -> None:
    # Content turned by 90 degrees and the page turned back: what office suites write for wide tables.
    page = read(draw_pdf(turned_text(90), rotate=90))
    assert page.quarter_turns == 0
    assert (page.width, page.height) == (HEIGHT, WIDTH)
    assert text_of(page) == "总计12"


@pytest.mark.parametrize("corner", [(0.0, 0.0), (20.0, 30.0), (-40.0, -10.0)])
def test_a_page_whose_box_does_not_begin_at_the_origin(corner: tuple[float, float]) -> None:
    left, bottom = corner
    data = draw_pdf(lambda pen: upright(Pen(_moved(pen, left, bottom), HEIGHT)))
    box = f"/MediaBox [ {left} {bottom} {left + WIDTH} {bottom + HEIGHT} ]".encode()
    page = read(_with_media_box(data, box))
    assert (page.width, page.height) == pytest.approx((WIDTH, HEIGHT))
    assert page.chars[0].bbox.as_list()[0] == pytest.approx(100, abs=0.5)
    assert page.chars[0].top < 200 < page.chars[0].bottom
    assert [brief(r) for r in page.rulings] == [("h", 210, 90, 300)]


def _moved(pen: Pen, left: float, bottom: float) -> object:
    pen.canvas.translate(left, bottom)
    return pen.canvas


def _with_media_box(data: bytes, box: bytes) -> bytes:
    start = data.index(b"/MediaBox")
    stop = data.index(b"]", start) + 1
    return data[:start] + box + data[stop:]


@pytest.mark.xfail(strict=True, reason="the whole media box is read, also what the crop box keeps from view")
def test_only_what_the_crop_box_shows_is_read() -> None:
    def draw(pen: Pen) -> None:
        pen.canvas.setCropBox((50, 42, 545, 792))
        pen.text("总计", 150, 200)
        pen.text("99", 20, 200)

    page = read(draw_pdf(draw))
    assert text_of(page) == "总计"
    assert (page.width, page.height) == (495, 750)
    assert page.chars[0].bbox.as_list()[:1] == pytest.approx([100], abs=0.5)
    assert page.chars[0].top < 150 < page.chars[0].bottom


def test_a_page_that_cannot_be_interpreted_is_a_stage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> object:
        raise TypeError("broken content stream")

    monkeypatch.setattr(pdfplumber.page.Page, "layout", property(fail))
    with pytest.raises(StageError, match="page 1 cannot be interpreted") as caught:
        read(draw_pdf(upright))
    assert caught.value.remedy
