from __future__ import annotations

from pathlib import Path

import fsspec
import pytest

from models.errors import InputError, InputTooLargeError, UsageError
from pipeline.distributed.places import open_place
from pipeline.distributed.sources import fetch, find_sources
from pipeline.find_inputs import read_list

PDF = b"%PDF-1.4"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "reports" / "2024"
    inside.mkdir(parents=True)
    for name in ("b.pdf", "a.html", "notes.json", "~$b.docx", ".hidden.pdf"):
        (inside / name).write_bytes(PDF)
    return tmp_path / "reports"


def test_a_path_and_its_url_give_the_same_files_under_the_names_given(folder: Path) -> None:
    by_path = find_sources([str(folder)], leave_out="out")
    by_url = find_sources([folder.as_uri()], leave_out="out")

    assert [Path(p.name).name for p in by_path.places] == ["a.html", "b.pdf"]
    assert [p.path for p in by_path.places] == [p.path for p in by_url.places]
    assert by_url.places[0].name == f"{folder.as_uri()}/2024/a.html"
    assert by_url.passed_over == 2


def test_each_file_is_read_once(folder: Path) -> None:
    found = find_sources([str(folder), str(folder / "2024" / "b.pdf")], leave_out="out")

    assert len(found.places) == 2


@pytest.mark.parametrize("as_url", [False, True])
def test_results_are_no_sources(folder: Path, as_url: bool) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "x.pdf").write_bytes(PDF)
    name, out = str(folder), str(folder / "out")
    if as_url:
        name, out = folder.as_uri(), (folder / "out").as_uri()

    assert len(find_sources([name], leave_out=out).places) == 2


def test_what_is_wrong_with_one_name_is_told_and_the_others_are_read(folder: Path) -> None:
    found = find_sources([f"{folder.as_uri()}/nowhere", str(folder)], leave_out="out")

    assert len(found.places) == 2
    assert [str(p).partition(" — ")[0] for p in found.problems] == [
        f"{folder.as_uri()}/nowhere: no such file or folder"
    ]


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no report found"):
        find_sources([tmp_path.as_uri()], leave_out="out")
    with pytest.raises(UsageError, match="no such file"):
        find_sources([str(tmp_path / "a"), tmp_path.as_uri()], leave_out="out")


def test_an_object_is_fetched_within_the_limit() -> None:
    with fsspec.open("memory://fetch/a.pdf", "wb") as file:
        file.write(PDF)
    [place] = find_sources(["memory://fetch"], leave_out="out").places

    assert fetch(place, 8) == PDF
    with pytest.raises(InputTooLargeError):
        fetch(place, 7)
    with pytest.raises(InputError, match="no such file"):
        fetch(open_place("memory://fetch/b.pdf"), 8)


def test_messages_about_a_file_have_the_name_that_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(InputError) as caught:
        fetch(open_place("a.pdf"), 8)
    assert caught.value.source == "a.pdf"


def test_a_list_has_one_name_a_line(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("\ufeff# of 2024\ns3://b/年 报.pdf\n\n a.pdf \r\n", encoding="utf-8")

    assert read_list(str(tmp_path / "list")) == ["s3://b/年 报.pdf", "a.pdf"]
    with pytest.raises(UsageError, match="cannot be read"):
        read_list(str(tmp_path / "none"))
    (tmp_path / "gbk").write_bytes("年报.pdf".encode("gb18030"))
    with pytest.raises(UsageError, match="save it as UTF-8"):
        read_list(str(tmp_path / "gbk"))


def test_one_file_system_is_opened_for_a_long_list(tmp_path: Path) -> None:
    base = f"{tmp_path.as_uri()}/年%20报"

    found = find_sources([f"{base}/{number}.pdf" for number in range(200)], leave_out="out")

    assert {place.root for place in found.places} == {"file:///"}
    assert found.places[0].path == f"{tmp_path}/年 报/0.pdf"
    assert not found.places[0].exists()


def test_a_path_and_a_url_of_one_file_are_one_source(folder: Path) -> None:
    file = folder / "2024" / "b.pdf"

    assert len(find_sources([str(file), file.as_uri()], leave_out="out").places) == 1
