from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import UsageError
from pipeline.cli.password import given_password


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "password"


def test_none_is_given() -> None:
    assert given_password(None, None) is None


def test_what_is_typed_counts_as_it_is() -> None:
    assert given_password(" a ", None) == " a "


@pytest.mark.parametrize("content", [b"a b", b"a b\n", b"a b\r\nmore\n", b"\xef\xbb\xbfa b\n"])
def test_of_a_file_the_first_line_counts(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    assert given_password(None, file) == "a b"


@pytest.mark.parametrize(
    ("content", "told"), [(b"", "holds no password"), (b"\n1", "holds no password"), (b"\xff", "not UTF-8")]
)
def test_a_file_without_one_is_told(file: Path, content: bytes, told: str) -> None:
    file.write_bytes(content)

    with pytest.raises(UsageError, match=told) as caught:
        given_password(None, file)
    assert caught.value.source == str(file)


def test_a_file_that_is_not_there_is_told(file: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        given_password(None, file)


def test_two_are_one_too_many(file: Path) -> None:
    with pytest.raises(UsageError, match="both given"):
        given_password("a", file)
