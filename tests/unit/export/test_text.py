from __future__ import annotations

import pytest

from pipeline.export.text import one_line, shorten, shorten_start, text_width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a\n b\t\u00a0c ", "a b c"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("12\u202e34", "12\ufffd34"),
        ("\ue001", "\ufffd"),
        ("规 章", "规 章"),
    ],
)
def test_one_line(text: str, expected: str) -> None:
    assert one_line(text) == expected


def test_wide_characters_count_two_and_marks_none() -> None:
    assert text_width("规章1e\u0301") == 6


@pytest.mark.parametrize(
    ("text", "width", "expected"), [("规章", 4, "规章"), ("规章制", 5, "规章…"), ("规章制", 4, "规…")]
)
def test_shorten(text: str, width: int, expected: str) -> None:
    assert shorten(text, width) == expected


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [("a/b.pdf", 7, "a/b.pdf"), ("a/b/c.pdf", 8, "…b/c.pdf"), ("年报年报.pdf", 8, "…报.pdf"), ("", 0, "")],
)
def test_paths_keep_their_end(text: str, width: int, expected: str) -> None:
    assert shorten_start(text, width) == expected
