"""Drawings within drawings, through the opening of a PDF."""

from __future__ import annotations

import pytest

from models.errors import DamagedInputError, InputError, InputTooLargeError
from pipeline.extract.pdf_open import open_pdf
from tests.fault.hostile import pdfs
from tests.fault.hostile.pdfs import one_page, stream

FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
TEXT = b"BT /F 10 Tf (1234567890) Tj ET "


def refuse(data: bytes, most: int = 80_000) -> InputError:
    with (
        pytest.raises(InputError) as caught,
        open_pdf(data, "年报.pdf", max_pages=9, max_unpacked_bytes=most),
    ):
        pytest.fail("the file was opened")
    return caught.value


def opens(data: bytes, most: int = 80_000) -> bool:
    with open_pdf(data, "a.pdf", max_pages=9, max_unpacked_bytes=most) as documents:
        return documents.page_count == 1


def nested(levels: int, calls: bytes) -> bytes:
    others = {
        n: stream(calls, FORM + b"/Resources << /XObject << /X %d 0 R >> >>" % (n + 1)) for n in range(6, 6 + levels)
    }
    others[6 + levels] = stream(TEXT, FORM)
    return one_page(stream(TEXT + b"/X Do"), others=others)


def test_a_form_that_draws_itself_is_damage() -> None:
    error = refuse(pdfs.form_that_draws_itself())

    assert isinstance(error, DamagedInputError)
    assert error.message == "a drawing in the PDF calls itself"
    assert error.remedy


def test_a_form_that_lists_itself_and_does_not_call_itself_opens() -> None:
    # Producers give all forms the resources of the page.
    resources = b"/Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >>"

    assert opens(one_page(stream(TEXT + b"/X Do"), others={6: stream(TEXT, FORM + resources)}))


def test_forms_that_multiply_are_refused() -> None:
    error = refuse(nested(6, b"/X Do " * 10))

    assert isinstance(error, InputTooLargeError)
    assert error.message == "what a page draws unpacks to more than 10000 bytes"
    assert "limits.max_pdf_uncompressed_bytes" in error.remedy


def test_few_forms_in_forms_open() -> None:
    assert opens(nested(6, b"/X Do "))


def test_forms_nested_without_end_are_damage() -> None:
    assert isinstance(refuse(nested(50, b"/X Do ")), DamagedInputError)


def test_a_stream_that_a_page_names_again_and_again_counts_each_time() -> None:
    text = stream(TEXT * 100)
    once = one_page(text)

    assert opens(once)
    assert isinstance(
        refuse(once.replace(b"/Contents 4 0 R", b"/Contents [" + b"4 0 R " * 9 + b"]")), InputTooLargeError
    )


@pytest.mark.parametrize(
    ("content", "is_crowded"),
    [
        (b"BT (" + b"1" * 1000 + b") Tj ET", True),
        (b"BT <" + b"31" * 1000 + b"> Tj ET", True),
        (b"BT [" + b"(1\\)2)-3 " * 300 + b"] TJ ET", True),
        (b"q " * 1000, True),
        (b"0 0 9 9 re f " * 1000, False),
        (b"BT (1) Tj ET " * 100, False),
    ],
)
def test_pages_with_more_characters_than_anybody_counts_are_crowded(content: bytes, is_crowded: bool) -> None:
    with open_pdf(one_page(stream(content)), "a.pdf", max_pages=9, max_objects=200) as documents:
        assert documents.crowded == (frozenset({1}) if is_crowded else frozenset())


def test_characters_of_a_form_count_as_often_as_it_is_drawn() -> None:
    data = one_page(stream(b"/X Do " * 10), others={6: stream(b"BT (" + b"1" * 300 + b") Tj ET", FORM)})
    with open_pdf(data, "a.pdf", max_pages=9, max_objects=200) as documents:
        assert documents.crowded == {1}
