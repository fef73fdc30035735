from __future__ import annotations

import pytest

from models.errors import DamagedInputError, EncryptedInputError, InputError, InputTooLargeError, StageError
from pipeline.extract.pdf_open import open_pdf
from tests.unit.extract.drawn_pdf import Pen, draw_pdf, says


def latin(pen: Pen) -> None:
    pen.text("secret", 72, 100, font="Helvetica")


def refuse(data: bytes, *, max_pages: int = 10, password: str | None = None) -> InputError:
    with (
        pytest.raises(InputError) as caught,
        open_pdf(data, "报告.pdf", max_pages=max_pages, password=password),
    ):
        pytest.fail("the file was opened")
    return caught.value


def test_both_libraries_see_the_same_pages() -> None:
    data = draw_pdf(says("one"), says("two"))
    with open_pdf(data, "a.pdf", max_pages=2) as documents:
        assert documents.page_count == 2
        assert [p.extract_text() for p in documents.exact.pages] == ["one", "two"]
        assert documents.quick[1].get_textpage().get_text_range() == "two"


def test_text_is_not_normalised_on_opening() -> None:
    with open_pdf(draw_pdf(says("（一）２３")), "a.pdf", max_pages=1) as documents:
        assert documents.exact.pages[0].extract_text() == "（一）２３"


def test_a_file_with_a_password_is_refused_with_a_remedy() -> None:
    error = refuse(draw_pdf(says("secret"), password="open sesame"))
    assert isinstance(error, EncryptedInputError)
    assert (error.source, error.code) == ("报告.pdf", "encrypted")
    assert "without password" in error.remedy


def test_a_wrong_password_is_refused_and_not_repeated() -> None:
    error = refuse(draw_pdf(says("secret"), password="sesame"), password="0penBarley")
    assert isinstance(error, EncryptedInputError)
    assert error.message == "the password does not open the PDF"
    assert "0penBarley" not in str(error)


def test_the_right_password_opens() -> None:
    data = draw_pdf(latin, password="sesame")
    with open_pdf(data, "a.pdf", max_pages=1, password="sesame") as documents:
        assert documents.exact.pages[0].extract_text() == "secret"


def test_what_is_opened_needs_its_password_no_more() -> None:
    with open_pdf(draw_pdf(latin, password="sesame"), "a.pdf", max_pages=1, password="sesame") as documents:
        data = documents.data
    with open_pdf(data, "a.pdf", max_pages=1) as documents:
        assert documents.exact.pages[0].extract_text() == "secret"


def test_a_file_without_encryption_stays_as_it_is() -> None:
    data = draw_pdf(latin)
    with open_pdf(data, "a.pdf", max_pages=1, password="for others") as documents:
        assert documents.data is data


def test_a_bomb_under_a_password_is_refused() -> None:
    def many_words(pen: Pen) -> None:
        for _ in range(500):
            pen.text("secret", 72, 100, font="Helvetica")

    data = draw_pdf(many_words, password="sesame")
    with (
        pytest.raises(InputTooLargeError),
        open_pdf(data, "a.pdf", max_pages=1, max_unpacked_bytes=9000, password="sesame"),
    ):
        pytest.fail("the file was opened")


def test_a_page_that_says_nonsense_about_its_size_costs_itself() -> None:
    data = draw_pdf(latin, latin).replace(b"/MediaBox [ 0 0 595 842 ]", b"/MediaBox [ 0 (b) 595 8 ]", 1)
    with open_pdf(data, "a.pdf", max_pages=2) as documents:
        with pytest.raises(StageError, match="page 1 cannot be interpreted"):
            documents.exact_page(1)
        assert documents.exact_page(2).extract_text() == "secret"


def test_a_file_that_only_restricts_printing_opens_without_password() -> None:
    with open_pdf(draw_pdf(latin, password=""), "a.pdf", max_pages=1) as documents:
        assert documents.exact.pages[0].extract_text() == "secret"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.4\n",
        b"<html><body>no PDF</body></html>",
        draw_pdf(says("cut off"))[:300],
        b"%PDF-1.7\n" + bytes(range(256)) * 20,
    ],
    ids=["empty", "header alone", "web page", "truncated", "noise"],
)
def test_what_is_no_whole_pdf_is_damaged(data: bytes) -> None:
    error = refuse(data)
    assert isinstance(error, DamagedInputError)
    assert error.source == "报告.pdf"
    assert error.remedy


def test_a_pdf_without_pages_is_damaged() -> None:
    data = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )
    assert isinstance(refuse(data), DamagedInputError)


def test_too_many_pages_are_refused_before_any_is_read() -> None:
    error = refuse(draw_pdf(*[says("page")] * 4), max_pages=3)
    assert isinstance(error, InputTooLargeError)
    assert "4 pages" in error.message
    assert "limits.max_pages" in error.remedy


def test_as_many_pages_as_allowed_open() -> None:
    with open_pdf(draw_pdf(*[says("page")] * 3), "a.pdf", max_pages=3) as documents:
        assert documents.page_count == 3


def test_the_file_is_closed_on_leaving_even_by_an_error() -> None:
    with pytest.raises(KeyError), open_pdf(draw_pdf(says("one")), "a.pdf", max_pages=1) as documents:  # noqa: PT012
        kept = documents
        raise KeyError
    assert kept.quick.raw is None
