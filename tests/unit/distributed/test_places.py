from __future__ import annotations

import pickle
import uuid
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from models.errors import InputError, OutputError, UsageError
from pipeline.distributed.places import Place, open_place


@pytest.fixture
def in_memory() -> Iterator[str]:
    url = f"memory://{uuid.uuid4().hex}"
    yield url
    fsspec.filesystem("memory").rm(url, recursive=True)


@pytest.fixture(params=["path", "file URL", "fsspec"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, in_memory: str) -> Place:
    named = {"path": str(tmp_path), "file URL": tmp_path.as_uri(), "fsspec": in_memory}[request.param]
    fsspec.filesystem("memory").mkdir(in_memory)
    return open_place(named)


def test_what_is_written_is_read(folder: Place) -> None:
    file = folder.below("a", "报告.bin")

    file.write(b"first")
    file.write(b"second")

    assert file.exists()
    assert file.read() == b"second"
    assert [str(info.path) for info in folder.files()] == [file.path]


def test_a_removed_file_is_gone_and_may_be_removed_again(folder: Place) -> None:
    file = folder.below("a.bin")
    file.write(b"x")

    file.remove()
    file.remove()

    assert not file.exists()
    assert folder.below("nowhere").files() == []


def test_a_file_that_is_not_there_is_an_input_error_with_its_name(folder: Place) -> None:
    with pytest.raises(InputError, match="missing") as caught:
        folder.below("missing.pdf").read()

    assert caught.value.remedy


def test_a_place_goes_to_other_processes(tmp_path: Path) -> None:
    place = open_place(tmp_path.as_uri())
    place.below("x").write(b"1")

    assert pickle.loads(pickle.dumps(place)).below("x").read() == b"1"


def test_nothing_half_written_stays_when_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()

    with pytest.raises(OutputError) as caught:
        open_place(str(tmp_path)).below("a").write(b"x")

    assert caught.value.source == f"{tmp_path}/a"
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_options_of_an_object_store_are_no_part_of_a_path() -> None:
    place = open_place("s3://bucket/a/b.pdf?region=cn-north-1&endpoint_override=localhost:1")

    assert place.path == "bucket/a/b.pdf"
    assert place.file_system.region == "cn-north-1"
    assert not place.is_local


def test_a_url_that_no_file_system_knows_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="nosuch://"):
        open_place("nosuch://bucket/reports")
