from __future__ import annotations

import pytest

from pipeline.check.sentences import MAX_SENTENCES, same_words, to_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n ", []),
        ("甲。乙！丙", ["甲。", "乙！", "丙"]),
        ("主动公\n开信息 。公开 12 件。", ["主动公开信息。", "公开12件。"]),
        ("see\nthe page; end", ["see the page;", "end"]),
        ("第一段\n\n  第二段。", ["第一段第二段。"]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert to_sentences(text) == sentences


def test_of_endless_text_the_rest_is_one_piece() -> None:
    found = to_sentences("甲。" * (MAX_SENTENCES + 7))
    assert len(found) == MAX_SENTENCES
    assert found[-1] == "甲。" * 8


def test_width_and_blanks_do_not_tell_sentences_apart() -> None:
    assert same_words("（一）公开 １２件，") == same_words("(一)公开12件,")
