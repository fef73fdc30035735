"""Three pictures from a panel that ``nianbao dataset`` wrote: requests, results, how far numbers can be trusted.

Needs DuckDB besides Python (``pip install duckdb``), nothing else; the pictures are SVG files that any browser shows.

Run::

    python docs/examples/panel_plots.py dataset plots
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb

# One row a year: reports, requests of the middle agency and of the one that 90 of 100 stay below. Blank is not zero:
# it is NULL here, and quantiles leave it out.
REQUESTS = """
SELECT year, count(*) AS reports, median("requests.new.total") AS middle,
       quantile_cont("requests.new.total", 0.9) AS ninetieth
FROM panel.requests WHERE "requests.new.total" IS NOT NULL GROUP BY year ORDER BY year
"""
# Of the results of a year the share of each group of rows. The long table has one row a number.
RESULTS = """
SELECT year, split_part("row", '.', 1) AS result, sum(number) AS items
FROM panel.numbers
WHERE "table" = 'requests' AND "column" = 'total' AND decision = 'accept'
  AND split_part("row", '.', 1) IN ('granted', 'partially_granted', 'denied', 'unavailable', 'not_processed', 'other')
GROUP BY ALL ORDER BY year, result
"""
# Of the reports of a year the share whose own sums fail, and the share in which a person has something to settle.
QUALITY = """
SELECT year, 100.0 * avg((findings_report > 0)::INT) AS wrong, 100.0 * avg((fields_in_review > 0)::INT) AS in_review
FROM panel.reports WHERE in_panel GROUP BY year ORDER BY year
"""
VIEWS = """
CREATE SCHEMA panel;
CREATE VIEW panel.reports AS FROM read_parquet('{folder}/reports.parquet');
CREATE VIEW panel.numbers AS FROM read_parquet('{folder}/numbers.parquet');
CREATE VIEW panel.requests AS
    FROM read_parquet(['{folder}/gk2019_requests.parquet', '{folder}/gk2021_requests.parquet'], union_by_name = true);
"""

WIDTH, HEIGHT, MARGIN, LEGEND = 640, 320, 48, 150  # pixels of a picture
FONT = 'font-family="sans-serif" font-size="12"'
COLOURS = ("#1b6ca8", "#e07a1f", "#3c8d5a", "#a33b50", "#7a5ba6", "#8c8c8c")


def main(folder: Path, out: Path) -> None:
    """Nothing; the three pictures are then in ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as panel:
        panel.execute(VIEWS.format(folder=folder.as_posix().replace("'", "''")))
        requests = panel.execute(REQUESTS).fetchall()
        results = panel.execute(RESULTS).fetchall()
        quality = panel.execute(QUALITY).fetchall()
    years = [row[0] for row in requests]
    lines = {"中位数 median": [row[2] for row in requests], "90%": [row[3] for row in requests]}
    _write(out / "requests.svg", plot("本年新收申请 Requests received, by agency", years, lines))
    by_result: dict[str, dict[int, float]] = {}
    for year, result, items in results:
        by_result.setdefault(result, {})[year] = float(items or 0)
    years = sorted({row[0] for row in results})
    totals = {year: sum(found.get(year, 0) for found in by_result.values()) for year in years}
    shares = {
        name: [100 * found.get(y, 0) / totals[y] if totals[y] else None for y in years]
        for name, found in by_result.items()
    }
    _write(out / "results.svg", plot("办理结果 Results of requests, %", years, shares))
    years = [row[0] for row in quality]
    trust = {"合计不符 sums fail": [row[1] for row in quality], "待复核 in review": [row[2] for row in quality]}
    _write(out / "quality.svg", plot("报告质量 Reports with doubts, %", years, trust))


def plot(title: str, years: Sequence[int], lines: dict[str, list[float | None]]) -> str:
    """A line for each name over the years, as SVG; years without a number leave a gap in the line, not a zero."""
    top = max((value for line in lines.values() for value in line if value is not None), default=0) or 1
    step = (WIDTH - 2 * MARGIN - LEGEND) / max(1, len(years) - 1)
    places = [MARGIN + step * number for number in range(len(years))]
    floor = HEIGHT - MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{MARGIN}" y="24" font-size="15">{escape(title)}</text>',
        f'<path d="M{MARGIN},{MARGIN} V{floor} H{WIDTH - LEGEND}" fill="none" stroke="#888"/>',
        f'<text x="{MARGIN - 6}" y="{MARGIN + 4}" text-anchor="end">{float(top):.4g}</text>',
        f'<text x="{MARGIN - 6}" y="{floor}" text-anchor="end">0</text>',
    ]
    parts += [
        f'<text x="{x:.1f}" y="{floor + 18}" text-anchor="middle">{y}</text>'
        for x, y in zip(places, years, strict=True)
    ]
    for number, (name, line) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = [
            (x, floor - (floor - MARGIN) * float(value) / float(top)) if value is not None else None
            for x, value in zip(places, line, strict=True)
        ]
        command = "M"
        path = []
        for point in points:
            if point is None:
                command = "M"
                continue
            path.append(f"{command}{point[0]:.1f},{point[1]:.1f}")
            command = "L"
            parts.append(f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="3" fill="{colour}"/>')
        parts.append(f'<path d="{" ".join(path)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        y = MARGIN + 18 * number
        parts.append(f'<text x="{WIDTH - LEGEND + 12}" y="{y}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _write(path: Path, svg: str) -> None:
    path.write_text(svg, encoding="utf-8")
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    if len(sys.argv) != 3 or not (Path(sys.argv[1]) / "reports.parquet").is_file():  # noqa: PLR2004 - itself and two
        sys.exit("panel_plots.py DATASET PLOTS: the folder that `nianbao dataset` wrote, and one for the pictures")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
