"""Draws invented annual reports with their truth files: ``python -m samples.generate --out DIR``.

Source of every number: a pseudo-random generator. The same seed gives the same reports.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import NianbaoError, OutputError, UsageError
from samples.catalogue import CATALOGUE
from samples.document import Document
from samples.drawing import draw_report
from samples.producers.docx import write_docx
from samples.producers.html import write_html
from samples.producers.pdf_chromium import print_pages
from samples.producers.pdf_libreoffice import convert_documents
from samples.producers.pdf_reportlab import write_pdf
from samples.producers.pdf_scan import write_scan
from samples.producers.text import write_text
from samples.style import Expect, Format
from samples.truth import write_truth

STYLES: tuple[str, ...] = tuple(CATALOGUE)
FORMATS: tuple[Format, ...] = ("pdf", "html", "docx", "txt")
COMMITTED_FOLDER = Path(__file__).parent / "reports"
_SEED_STEP = 1_000_000  # seeds of two sets never meet below this many reports


@dataclass(frozen=True, slots=True)
class Sample:
    """A written report: where it is, where its truth is, how it looks, and whether a person should be asked."""

    path: Path
    truth_path: Path
    style: str
    expect: Expect


@dataclass(frozen=True, slots=True)
class CommittedSample:
    """A report kept in the project: file name, style, seed."""

    file_name: str
    style: str
    seed: int


COMMITTED: tuple[CommittedSample, ...] = (
    CommittedSample("row-cut-by-page.pdf", "pdf-cut-row-above", 11),
    CommittedSample("web-printout.pdf", "chromium-plain", 12),
    CommittedSample("office-export.pdf", "office-free-break", 13),
    CommittedSample("word-export.html", "html-word-export", 14),
    CommittedSample("office.docx", "docx-plain", 15),
    CommittedSample("one-cell-per-line.txt", "text-lines-bar", 16),
    CommittedSample("form-2019.pdf", "pdf-2019-plain", 17),
    CommittedSample("broken-sums.html", "html-broken-sum", 18),
    CommittedSample("yuan-for-10k-yuan.pdf", "pdf-unit-slip", 19),
)


def build_set(out: Path, seed: int = 0, count: int | None = None, formats: Sequence[Format] = FORMATS) -> list[Sample]:
    """The reports written to ``out``, cycling over all styles of the formats; one of each style without ``count``.

    Raises:
        UsageError: no style has one of the formats, or ``count`` is below one.
        MissingDependencyError: a font or a producer is not installed.
        OutputError: a report could not be written.
    """
    styles = [style for style in CATALOGUE.values() if style.format in formats]
    if not styles:
        raise UsageError(f"no style for formats {', '.join(formats)}", remedy=f"known formats: {', '.join(FORMATS)}")
    if count is not None and count < 1:
        raise UsageError(f"cannot draw {count} reports", remedy="ask for one or more with --count")
    jobs: list[tuple[Document, Path]] = []
    for index in range(len(styles) if count is None else count):
        style = styles[index % len(styles)]
        document = draw_report(style, seed * _SEED_STEP + index)
        jobs.append((document, out / f"{index:04d}-{style.name}.{style.format}"))
    return write_reports(jobs, out)


def render_one(style_name: str, seed: int, out: Path) -> Sample:
    """One report in the named style, written to ``out``.

    Raises:
        UsageError: no such style.
        MissingDependencyError: a font or a producer is not installed.
        OutputError: the report could not be written.
    """
    style = CATALOGUE.get(style_name)
    if style is None:
        raise UsageError(f"unknown style {style_name!r}", remedy=f"known styles: {', '.join(STYLES)}")
    path = out / f"{style.name}-{seed}.{style.format}"
    return write_reports([(draw_report(style, seed), path)], out)[0]


def build_committed(out: Path = COMMITTED_FOLDER) -> list[Sample]:
    """The few reports that are kept in the project.

    Raises:
        MissingDependencyError: a font or a producer is not installed.
        OutputError: a report could not be written.
    """
    jobs = [(draw_report(CATALOGUE[entry.style], entry.seed), out / entry.file_name) for entry in COMMITTED]
    return write_reports(jobs, out)


def write_reports(jobs: Sequence[tuple[Document, Path]], out: Path) -> list[Sample]:
    """The samples of all reports, each drawn by its producer; office and browser runs are batched.

    Raises:
        MissingDependencyError: a font or a producer is not installed.
        OutputError: a report could not be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for document, path in jobs:
            _write_directly(document, path)
        print_pages([job for job in jobs if job[0].style.producer == "chromium"])
        convert_documents([job for job in jobs if job[0].style.producer == "libreoffice"])
        return [
            Sample(path, write_truth(document, path), document.style.name, document.style.expect)
            for document, path in jobs
        ]
    except OSError as exc:
        raise OutputError(f"cannot write reports: {exc}", source=str(out), remedy="choose a writable folder") from exc


def _write_directly(document: Document, path: Path) -> None:
    match document.style.producer:
        case "reportlab":
            (write_scan if document.style.pages.raster else write_pdf)(document, path)
        case "html":
            write_html(document, path)
        case "docx":
            write_docx(document, path)
        case "text":
            write_text(document, path)
        case "chromium" | "libreoffice":
            pass  # written in batches


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status of the command."""
    parser = argparse.ArgumentParser(prog="python -m samples.generate", description="Draw invented annual reports.")
    parser.add_argument("--out", type=Path, help="folder to write to")
    parser.add_argument("--count", type=int, help="number of reports; one of each style by default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--formats", default=",".join(FORMATS), help=f"some of {','.join(FORMATS)}")
    parser.add_argument("--style", help="only this style")
    parser.add_argument("--committed", action="store_true", help="rewrite the reports kept in the project")
    parser.add_argument("--list", action="store_true", help="list the styles and stop")
    options = parser.parse_args(arguments)
    try:
        samples = _run(options)
    except NianbaoError as exc:
        print(exc, file=sys.stderr)
        return int(exc.exit_code)
    for sample in samples:
        print(f"{sample.path}  {sample.style}  {sample.expect}")
    return 0


def _run(options: argparse.Namespace) -> list[Sample]:
    if options.list:
        print("\n".join(STYLES))
        return []
    if options.committed:
        return build_committed(options.out or COMMITTED_FOLDER)
    if options.out is None:
        raise UsageError("no folder given", remedy="add --out DIR")
    if options.style:
        return [render_one(options.style, options.seed, options.out)]
    formats: list[Format] = []
    for name in options.formats.split(","):
        known = next((f for f in FORMATS if f == name.strip()), None)
        if known is None:
            raise UsageError(f"unknown format {name!r}", remedy=f"known formats: {', '.join(FORMATS)}")
        formats.append(known)
    return build_set(options.out, options.seed, options.count, formats)


if __name__ == "__main__":
    sys.exit(main())
