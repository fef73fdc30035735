from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.errors import InputError, UsageError
from pipeline.find_inputs import find_documents, find_inputs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder that is the working directory of nobody."""
    made = tmp_path / "reports"
    made.mkdir()
    return made


def put(folder: Path, *names: str, content: bytes = b"x") -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return paths


def test_a_named_file_is_read_whatever_its_name(folder: Path) -> None:
    [file] = put(folder, "report.xyz")

    assert find_inputs([file]).paths == (file,)


def test_a_folder_is_walked_in_order_and_deeper_folders_come_after_its_files(folder: Path) -> None:
    put(folder, "b.pdf", "a.HTML", "2022/z.docx", "2021/y.txt", "x.pdf/inside.pdf")

    found = find_inputs([folder]).paths

    names = ["a.HTML", "b.pdf", "2021/y.txt", "2022/z.docx", "x.pdf/inside.pdf"]
    assert [p.relative_to(folder).as_posix() for p in found] == names


def test_named_paths_keep_their_order_and_are_read_once(folder: Path) -> None:
    a, b = put(folder, "a.pdf", "b.pdf")

    assert find_inputs([b, folder, Path(os.path.relpath(a))]).paths == (b, a)


def test_files_of_other_kinds_are_counted(folder: Path) -> None:
    put(folder, "a.pdf", "a.json", "b.csv", "~$c.docx", ".hidden.pdf", "d.pdf.part", "notes")

    inputs = find_inputs([folder])

    assert (inputs.paths, inputs.passed_over) == ((folder / "a.pdf",), 6)


@pytest.mark.parametrize("start", [b"%PDF-1.7", b"PK\x03\x04", b"\n <!DOCTYPE html>", b"<html"])
def test_a_file_without_ending_is_known_by_its_start(folder: Path, start: bytes) -> None:
    [file] = put(folder, "downloaded", content=start)

    assert find_inputs([folder]).paths == (file,)


def test_results_are_no_inputs(folder: Path) -> None:
    put(folder, "a.txt", "out/b.txt", "deep/out/c.txt")

    found = find_inputs([folder], leave_out=[folder / "out"]).paths

    assert [p.name for p in found] == ["a.txt", "c.txt"]


def test_hidden_folders_are_not_walked(folder: Path) -> None:
    put(folder, "a.txt", ".git/b.txt")

    assert [p.name for p in find_inputs([folder]).paths] == ["a.txt"]


def test_a_missing_path_alone(folder: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find_inputs([folder / "nope.pdf"])

    assert str(caught.value) == f"{folder / 'nope.pdf'}: no such file or folder — check the path"


def test_a_folder_without_reports_alone(folder: Path) -> None:
    put(folder, "a.json")

    with pytest.raises(InputError) as caught:
        find_inputs([folder])

    assert str(caught.value).startswith(f"{folder}: no report found (1 other file passed over) — name a folder with")


def test_nothing_to_read_among_several(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"nothing to read: .*nope.*no such file.*; .*no report found \(0 other"):
        find_inputs([folder / "nope", folder])


def test_problems_do_not_keep_the_rest_from_being_read(folder: Path, tmp_path: Path) -> None:
    [file] = put(folder, "a.pdf")
    empty = tmp_path / "empty"
    empty.mkdir()

    inputs = find_inputs([tmp_path / "nope", empty, folder])

    assert inputs.paths == (file,)
    assert [type(p) for p in inputs.problems] == [UsageError, InputError]
    assert [p.source for p in inputs.problems] == [str(tmp_path / "nope"), str(empty)]


def test_links_to_folders_are_told_and_not_followed(folder: Path) -> None:
    [file] = put(folder, "a.pdf")
    (folder / "again").symlink_to(folder)

    inputs = find_inputs([folder])

    assert (inputs.paths, inputs.linked_folders) == ((file,), (folder / "again",))


def test_a_named_link_to_a_folder_is_walked(folder: Path, tmp_path: Path) -> None:
    put(folder, "a.pdf")
    link = tmp_path / "link"
    link.symlink_to(folder)

    assert find_inputs([link]).paths == (link / "a.pdf",)


def test_broken_links_that_are_called_reports_are_inputs(folder: Path) -> None:
    (folder / "gone.pdf").symlink_to("nowhere")
    (folder / "one.pdf").symlink_to("two.pdf")
    (folder / "two.pdf").symlink_to("one.pdf")
    (folder / "gone").symlink_to("nowhere")

    inputs = find_inputs([folder])

    assert [p.name for p in inputs.paths] == ["gone.pdf", "one.pdf", "two.pdf"]
    assert inputs.passed_over == 1


def test_a_named_broken_link_is_an_input(folder: Path) -> None:
    link = folder / "gone.pdf"
    link.symlink_to("nowhere")

    assert find_inputs([link]).paths == (link,)


def test_a_folder_that_cannot_be_opened_is_a_problem(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "a.pdf", "shut/b.pdf")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)

    inputs = find_inputs([folder])

    assert [p.name for p in inputs.paths] == ["a.pdf"]
    [problem] = inputs.problems
    assert str(problem) == f"{folder / 'shut'}: the folder cannot be opened: Permission denied — check its permissions"


def test_report_documents_in_a_folder_are_told_from_other_json(folder: Path) -> None:
    document = b'{\n "schema_version": "1.0",\n "source": {}}'
    put(folder, "b.json", "2022/a.JSON", ".hidden.json", "c.txt", content=document)
    put(folder, "list.json", "2022/other.json", content=b'{"a": 1}')
    (folder / "gone.json").symlink_to(folder / "nowhere.json")

    found = find_documents(folder)

    assert [p.relative_to(folder).as_posix() for p in found] == ["b.json", "2022/a.JSON"]
