"""Reading a file into memory: every refusal names its cause."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.errors import InputError, InputTooLargeError
from pipeline.ingest.open_file import read_bytes, sha256_hex


def test_content_is_returned_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    assert read_bytes(path, 5) == b"12345"
    with pytest.raises(InputTooLargeError, match="limit of 4 bytes"):
        read_bytes(path, 4)


def test_the_limit_is_told_in_mebibytes(tmp_path: Path) -> None:
    path = tmp_path / "big.pdf"
    with path.open("wb") as stream:
        stream.truncate(3 * 1024 * 1024)
    with pytest.raises(InputTooLargeError, match="limit of 2 MiB"):
        read_bytes(path, 2 * 1024 * 1024)


def test_missing_files_folders_and_impossible_names_are_input_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_bytes(tmp_path / "none.pdf", 10)
    with pytest.raises(InputError, match="folder"):
        read_bytes(tmp_path, 10)
    with pytest.raises(InputError, match="not valid"):
        read_bytes(Path("a\0b"), 10)


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="not a regular file"):
        read_bytes(pipe, 10)


def test_sha256_is_lower_case_hex() -> None:
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
