"""Draws the pictures of the README from a generated report with broken sums: ``python docs/images/make.py``.

``show.svg`` is the form as ``nianbao show`` prints it, ``form.png`` the sheet of the same report in the workbook, as
LibreOffice prints it. Needs the development extra and LibreOffice.
"""  # noqa: INP001 - a script, not a package

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html import escape, unescape
from io import StringIO
from itertools import groupby, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from PIL import Image, ImageChops
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment, Segments
from rich.terminal_theme import SVG_EXPORT_THEME

from models.errors import MissingDependencyError, NianbaoError
from models.report import Report
from pipeline.config import Settings
from pipeline.export.terminal import render_report
from pipeline.export.terminal_form import LEGEND
from pipeline.export.xlsx_export import write_xlsx
from pipeline.stages import read_report
from samples.generate import render_one

STYLE, SEED = "html-broken-sum", 18
WIDTH = 92  # columns of the terminal in the picture
DPI = 170  # resolution of form.png
COLOURS = 64  # palette of form.png: enough for text and fills, and a third of the size
MARGIN = 12  # pixels of paper around the form
OFFICE_SECONDS = 120  # LibreOffice takes a few seconds; the first start of a new profile takes longer

_TEXT = re.compile(r'<text ([^>]*)x="([\d.]+)" ([^>]*)textLength="([\d.]+)"([^>]*)>([^<]+)</text>')
# rich's own template loads a font from the network, which no viewer of a README does.
SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: "Sarasa Mono SC", "Noto Sans Mono CJK SC", Menlo, Consolas, monospace;
font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def draw_terminal(report: Report, path: Path) -> None:
    """Nothing; ``path`` then is the form of the report in a terminal, without the findings below it."""
    console = Console(width=WIDTH, record=True, force_terminal=True, color_system="truecolor", file=StringIO())
    legend = LEGEND.plain.strip()
    lines = console.render_lines(render_report(report, width=WIDTH), pad=False)
    form = takewhile(lambda line: "".join(part.text for part in line).strip() != legend, lines)
    for line in form:
        console.print(Segments([*line, Segment.line()]), end="")
    console.print(LEGEND)
    svg = console.export_svg(
        title=f"nianbao show {Path(report.source.name).stem}.json", theme=SVG_EXPORT_THEME, code_format=SVG
    )
    path.write_text(_TEXT.sub(_in_columns, svg), encoding="utf-8")


def _in_columns(found: re.Match[str]) -> str:
    """The text element as one element a run of characters of equal width, each at its own column.

    rich counts one column a character, but a Chinese one takes two; and a viewer spreads the characters of one element
    evenly, whatever their widths.
    """
    first, x, between, length, last, escaped = found.groups()
    text = unescape(escaped).replace("\N{NO-BREAK SPACE}", " ")
    unit, column, runs = float(length) / len(text), 0, []
    for width, characters in groupby(text, cell_len):
        run = "".join(characters)
        start = column + len(run) - len(run.lstrip())
        column += width * len(run)
        if shown := escape(run.strip()).replace(" ", "&#160;"):
            where = f'x="{float(x) + start * unit:g}" {between}textLength="{cell_len(run.strip()) * unit:g}"'
            runs.append(f"<text {first}{where}{last}>{shown}</text>")
    return "".join(runs)


def draw_sheet(report: Report, path: Path, folder: Path) -> None:
    """Nothing; ``path`` then is the printed sheet of the report.

    Args:
        report: The report.
        path: The picture, a PNG.
        folder: A folder for what arises on the way.

    Raises:
        MissingDependencyError: LibreOffice is not installed.
    """
    office = shutil.which("soffice")
    if office is None:
        raise MissingDependencyError("LibreOffice is not installed", remedy="apt-get install libreoffice-calc")
    book = folder / "book.xlsx"
    write_xlsx([report], book)
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=OFFICE_SECONDS)
    pages = pypdfium2.PdfDocument(book.with_suffix(".pdf"))
    picture = pages[len(pages) - 1].render(scale=DPI / 72).to_pil().convert("RGB")
    pages.close()
    ink = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    if ink is not None:
        left, top, right, bottom = ink
        picture = picture.crop((left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN))
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> int:
    """The exit code; the pictures then lie beside this script."""
    here = Path(__file__).parent
    try:
        with TemporaryDirectory() as name:
            source = render_one(STYLE, SEED, Path(name)).path
            report = read_report(source, Settings())
            report.source.name = source.name
            draw_terminal(report, here / "show.svg")
            draw_sheet(report, here / "form.png", Path(name))
    except NianbaoError as exc:
        sys.stderr.write(f"{exc}\n")
        return int(exc.exit_code)
    return 0


if __name__ == "__main__":
    sys.exit(main())
