"""A diff loses nothing: the pieces of prose make up both texts again, differences add up."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from models.report import FieldValue, Report, SourceRecord
from pipeline.check.compare_reports import compare_reports, percent_change
from pipeline.check.sentences import same_words
from pipeline.export.diff_text import marked_pieces
from pipeline.export.text import one_line

texts = st.text(alphabet="甲乙丙丁 12ab。；\n，（）", max_size=60)
numbers = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=2)


def report(name: str, text: str, number: Decimal | None = None) -> Report:
    fields = {}
    if number is not None:
        printed = format(number, "f")
        value = FieldValue(value=printed, printed=printed, kind="number", decision="accept", confidence=1.0)
        fields["requests.new.total"] = value
    source = SourceRecord(name=name, sha256=name, media_type="text/plain", page_count=1)
    return Report(source=source, form="gk2021", fields=fields, sections={"overview": text})


@given(texts, texts)
def test_pieces_make_up_both_texts(old: str, new: str) -> None:
    diff = compare_reports(report("a", old), report("b", new))
    if not diff.sections:
        assert same_words(old) == same_words(new)
        return
    pieces = diff.sections[0].pieces
    assert same_words("".join(p.text for p in pieces if p.kind != "insert")) == same_words(old)
    assert same_words("".join(p.text for p in pieces if p.kind != "delete")) == same_words(new)


@given(texts, texts)
def test_marks_inside_a_piece_change_no_character(old: str, new: str) -> None:
    diff = compare_reports(report("a", old), report("b", new))
    for section in diff.sections:
        shown = ["".join(text for text, _ in runs) for _, runs in marked_pieces(section.pieces)]
        assert shown == [one_line(p.text) for p in section.pieces]


@given(numbers, numbers)
def test_differences_are_exact_and_turn_round(a: Decimal, b: Decimal) -> None:
    there = compare_reports(report("a", "", a), report("b", "", b)).fields
    back = compare_reports(report("b", "", b), report("a", "", a)).fields
    assert len(there) == len(back) == (a != b)
    for one, other in zip(there, back, strict=True):
        assert one.difference is not None
        assert other.difference is not None
        assert Decimal(one.difference) == b - a == -Decimal(other.difference)


@given(numbers, numbers)
def test_the_percentage_is_that_of_the_difference(a: Decimal, b: Decimal) -> None:
    percent = percent_change(a, b)
    assert (percent is None) == (a == 0)
    if percent is not None:
        assert abs(Decimal(percent) - (b - a) * 100 / abs(a)) <= Decimal("0.05")
