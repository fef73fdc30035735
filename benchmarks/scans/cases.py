"""Draws scans with their truth files: ``python -m benchmarks.scans.cases --set tune --out DIR [--damage office,copy]``.

A report of the generator is drawn as born-digital PDF, its pages are rendered, damaged and bound again as images.
The same case gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pypdfium2

from benchmarks.decide.plant_document import draw_planted, to_json
from benchmarks.decide.planted import Planted
from benchmarks.scans.bind import bind
from benchmarks.scans.damage import KINDS
from benchmarks.scans.geometry import Bytes, Transform
from benchmarks.scans.paper import POINTS_PER_INCH
from benchmarks.scans.plan import SINGLE, CaseSpec, SetName, plan
from benchmarks.scans.true_cells import TrueCell, find_cells
from models.errors import NianbaoError, OutputError, UsageError
from samples.drawing import draw_report
from samples.fonts import find_font
from samples.generate import write_reports
from samples.truth import TRUTH_SUFFIX


@dataclass(frozen=True, slots=True)
class ScanCase:
    """A drawn scan: its file, its truth, and where each number stands on it.

    ``cells``: field id -> cell of the undamaged page (points, origin top left). ``ways``: 1-based number of the page in
    the file -> transform from the page rendered at ``spec.dpi`` onto the scan.
    """

    spec: CaseSpec
    path: Path
    truth: dict[str, Any]
    cells: dict[str, TrueCell]
    ways: dict[int, Transform]


def draw_cases(specs: Sequence[CaseSpec], out: Path) -> Iterator[ScanCase]:
    """The cases one by one, each as soon as its files are in ``out``.

    Raises:
        MissingDependencyError: a font or the browser is not installed.
        OutputError: a file could not be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for spec in specs:
            yield draw_case(spec, out)
    except OSError as exc:
        raise OutputError(f"cannot write scans: {exc}", source=str(out), remedy="choose a writable folder") from exc


def draw_case(spec: CaseSpec, out: Path) -> ScanCase:
    """The case, its scan and its truth file written to ``out``.

    Raises:
        MissingDependencyError: a font or the browser is not installed.
    """
    # The generator draws a font that is not installed by a like one, which may be a font of the other set.
    find_font(spec.font)
    with tempfile.TemporaryDirectory(prefix="nianbao-scan-") as folder:
        born = Path(folder) / "report.pdf"
        slips: tuple[Planted, ...] = ()
        if spec.planted:
            document, slips = draw_planted(spec.report_style(), spec.seed)
        else:
            document = draw_report(spec.report_style(), spec.seed)
        sample = write_reports([(document, born)], Path(folder))[0]
        truth: dict[str, Any] = json.loads(sample.truth_path.read_text(encoding="utf-8"))
        cells = find_cells(sample.path, truth)
        pages = render_pages(sample.path, spec.dpi)
    if spec.container in SINGLE:
        chosen = _fullest_page(cells)
        pages = [pages[chosen - 1]]
        cells = {field: cell.on_page(1) for field, cell in cells.items() if cell.page_no == chosen}
        truth["fields"] = {field: text if field in cells else None for field, text in truth["fields"].items()}
        truth["violations"] = [v for v in truth["violations"] if set(v["cells"]) <= set(cells)]
        slips = tuple(s for s in slips if set(s.cells) <= set(cells))
    if spec.planted:
        truth["planted"] = to_json(slips)
    truth["scan"] = {"set": spec.set_name, "damage": spec.damage, "dpi": spec.dpi, "seed": spec.seed}
    kind = KINDS[spec.damage]
    scans = [kind(page, spec.dpi, np.random.default_rng((spec.seed, index))) for index, page in enumerate(pages)]
    path = out / spec.file_name
    path.write_bytes(bind(scans, spec.dpi, spec.container))
    text = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
    path.with_suffix(TRUTH_SUFFIX).write_text(text, encoding="utf-8")
    return ScanCase(spec, path, truth, cells, {index + 1: scan.transform for index, scan in enumerate(scans)})


def render_pages(pdf: Path, dpi: float) -> list[Bytes]:
    """The pages as uint8 (H, W, 3) RGB; (H, W) where a page has no colour."""
    pages: list[Bytes] = []
    with pypdfium2.PdfDocument(pdf) as opened:
        for page in opened:
            image = page.render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True).to_numpy()[:, :, :3]
            grey = bool((image[:, :, 0] == image[:, :, 1]).all() and (image[:, :, 1] == image[:, :, 2]).all())
            pages.append(np.ascontiguousarray(image[:, :, 0] if grey else image))
    return pages


def _fullest_page(cells: dict[str, TrueCell]) -> int:
    """1-based number of the page with most numbers."""
    numbers = [cell.page_no for cell in cells.values()]
    return max(set(numbers), key=numbers.count)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status of the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scans.cases", description="Draw scans of reports.")
    parser.add_argument("--set", dest="set_name", required=True, choices=get_args(SetName))
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to")
    parser.add_argument("--damage", default="", metavar="LIST", help=f"some of {','.join(KINDS)}")
    parser.add_argument("--dpi", default="", metavar="LIST", help="some of the resolutions of the set")
    parser.add_argument("--count", type=int, help="at most so many, spread evenly")
    options = parser.parse_args(arguments)
    try:
        specs = plan(
            options.set_name,
            damages=_split(options.damage),
            resolutions=[_to_number(text) for text in _split(options.dpi)],
            count=options.count,
        )
        for case in draw_cases(specs, options.out):
            print(case.path, flush=True)
    except NianbaoError as exc:
        print(exc, file=sys.stderr)
        return int(exc.exit_code)
    return 0


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _to_number(text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"no resolution: {text}", remedy="give whole dots an inch, such as --dpi 200,150")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
