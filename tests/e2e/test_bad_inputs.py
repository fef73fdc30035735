"""Files and arguments that are wrong: each is told with its name, cause and remedy, and the rest is done."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.e2e.conftest import Ended, Run

# Names that a shell, a terminal, a flag parser or a markup language could take for something else.
AWKWARD_NAMES = ("政府 年报.txt", "two\nlines.txt", "-x.txt", "--out.txt", "[red]x.txt", "\x1b[31mesc.txt")
GBK_NAME = "年报".encode("gb18030") + b".txt"

# File name -> what is said of it.
REJECTED = {
    "empty.pdf": "the file is empty — fetch it again",
    "fifo.pdf": "this is not a regular file — name a report file",
    "gone.pdf": "cannot be read: No such file or directory — check the path",
    "loop.pdf": "cannot be read: Too many levels of symbolic links — check the path",
    "long.pdf": "the PDF has 2000 pages, more than the limit of 500 — split the file, or raise limits.max_pages",
    "password.pdf": "the PDF is protected by a password — save a copy without password, or give the password",
    "truncated.pdf": "the PDF is truncated or damaged — get the file again from its publisher",
}


def write_pdf(path: Path, pages: int, encrypt: StandardEncryption | None = None) -> None:
    canvas = Canvas(str(path), encrypt=encrypt)
    for _ in range(pages):
        canvas.showPage()
    canvas.save()


@dataclass(frozen=True)
class Batch:
    ended: Ended
    out: Path
    documents: dict[str, dict[str, object]]
    """Name of the source -> report document."""


@pytest.fixture(scope="module")
def batch(run: Run, reports: Path, text_report: bytes, tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """One run over a folder in which nearly everything is wrong."""
    folder = tmp_path_factory.mktemp("bad")
    pdf = (reports / "plain.pdf").read_bytes()
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "truncated.pdf").write_bytes(pdf[: len(pdf) // 2])
    write_pdf(folder / "password.pdf", 1, StandardEncryption("user", "owner"))
    write_pdf(folder / "long.pdf", 2000)
    os.mkfifo(folder / "fifo.pdf")
    (folder / "gone.pdf").symlink_to("nowhere")
    (folder / "loop.pdf").symlink_to("loop.pdf")
    (folder / "circle").symlink_to(folder)
    (folder / "page.pdf").write_bytes((reports / "page.html").read_bytes())
    Image.new("RGB", (9, 9)).save(folder / "picture.pdf", format="PNG")
    for name in AWKWARD_NAMES:
        (folder / name).write_bytes(text_report)
    Path(os.fsdecode(os.fsencode(folder) + b"/" + GBK_NAME)).write_bytes(text_report)
    (folder / "folder.pdf").mkdir()
    (folder / "folder.pdf" / "-x.txt").write_bytes(text_report)
    out = tmp_path_factory.mktemp("out")
    ended = run("extract", folder, "nowhere.pdf", "--out", out, "--format", "json,csv,xlsx", "--jobs", "2")
    documents = [json.loads(file.read_text(encoding="utf-8")) for file in out.glob("*.json")]
    return Batch(ended, out, {d["source"]["name"].removeprefix(f"{folder}/"): d for d in documents})


def test_the_exit_code_tells_the_gravest(batch: Batch) -> None:
    # The path that is not there outweighs the files that are no reports.
    assert batch.ended.code == 2


def test_a_missing_path_and_a_link_are_told_on_stderr(batch: Batch) -> None:
    missing, link = batch.ended.err.splitlines()

    assert missing == "nianbao: nowhere.pdf: no such file or folder — check the path"
    assert link.endswith("/circle: a link to a folder was not followed — name it to have it read")


@pytest.mark.parametrize(("name", "told"), REJECTED.items())
def test_a_file_that_cannot_be_read(batch: Batch, name: str, told: str) -> None:
    [line] = [ln for ln in batch.ended.out.splitlines() if ln.startswith("failed") and f"{name} " in ln and "·" in ln]

    assert told in line
    document = batch.documents[name]
    assert document["status"] == "failed"
    assert document["fields"] == {}
    assert document["failures"]


def test_content_decides_what_a_file_is(batch: Batch) -> None:
    assert batch.documents["page.pdf"]["status"] == "ok"
    picture = batch.documents["picture.pdf"]
    assert picture["status"] == "needs_review"
    pages = picture["pages"]
    assert isinstance(pages, list)
    assert [(p["route"], p["status"], p["reason"]) for p in pages] == [("ocr", "extracted", "picture_file")]


@pytest.mark.parametrize("name", AWKWARD_NAMES)
def test_awkward_names_are_files_like_others(batch: Batch, name: str) -> None:
    assert batch.documents[name]["status"] == "ok"


def test_a_name_that_is_no_utf_8(batch: Batch) -> None:
    [name] = [n for n in batch.documents if "\N{REPLACEMENT CHARACTER}" in n]

    assert name.endswith(".txt")
    assert batch.documents[name]["status"] == "ok"


def test_names_do_not_reach_the_terminal_as_commands(batch: Batch) -> None:
    assert "\x1b" not in batch.ended.out
    assert "[red]x.txt" in batch.ended.out
    assert "two lines.txt" in batch.ended.out


def test_a_folder_that_is_called_a_report_is_walked(batch: Batch) -> None:
    assert batch.documents["folder.pdf/-x.txt"]["status"] == "ok"


def test_every_file_has_its_document(batch: Batch) -> None:
    count = len(REJECTED) + len(AWKWARD_NAMES) + len(("page.pdf", "picture.pdf", GBK_NAME, "folder.pdf/-x.txt"))

    assert len(batch.documents) == count
    assert f"{count} reports" in batch.ended.out
    assert {p.name for p in batch.out.glob("[!.]*") if p.suffix != ".json"} == {"nianbao.csv", "nianbao.xlsx"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(run: Run, text_report: bytes, tmp_path: Path) -> None:
    file = tmp_path / "shut.txt"
    file.write_bytes(text_report)
    file.chmod(0)

    ended = run("extract", file, "--out", tmp_path / "out")

    assert ended.code == 3
    assert "cannot be read: Permission denied — check the path and its permissions" in ended.out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_results_without_permission(run: Run, reports: Path, tmp_path: Path) -> None:
    out = tmp_path / "shut"
    out.mkdir(mode=0o500)

    ended = run("extract", reports / "page.html", "--out", out)

    assert ended.code == 5
    assert "no permission to write here" in ended.err
