"""What a benchmark hands over: one table, the targets it is held against, and the data behind them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.machine import Machine
from models.errors import OutputError

_NARROWEST = 3  # characters: Markdown wants three in the line below the heads


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that should be reached, what was measured, and whether that reaches it."""

    text: str
    measured: str
    met: bool


@dataclass(frozen=True, slots=True)
class Result:
    """Outcome of one benchmark. ``data`` holds JSON types: all single measurements, so that others can recompute.

    ``files``: name -> text of further files, such as a diagram, that are written beside the JSON file.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    targets: tuple[Target, ...] = ()
    notes: tuple[str, ...] = ()
    data: dict[str, object] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def markdown_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The rows as a Markdown table with aligned columns: texts of the first column to the left, the others right."""
    widths = [max(_NARROWEST, *(len(row[i]) for row in (columns, *rows))) for i in range(len(columns))]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join((first, *others))} |"

    rule = [":" + "-" * (widths[0] - 1), *("-" * (w - 1) + ":" for w in widths[1:])]
    return "\n".join([line(columns), line(rule), *(line(row) for row in rows)])


def render_result(result: Result, machine: Machine, measured_at: str) -> str:
    """The result as text: title, date, machine, table, targets, notes."""
    parts = [f"## {result.name}: {result.title}", f"{measured_at}; {machine}", ""]
    parts += [markdown_table(result.columns, result.rows), ""]
    parts += [f"- {'met' if t.met else 'MISSED'}: {t.text}; measured {t.measured}" for t in result.targets]
    parts += [f"- {note}" for note in result.notes]
    return "\n".join(parts)


def write_result(result: Result, machine: Machine, measured_at: str, folder: Path) -> Path:
    """Writes the result as JSON to ``folder``; returns the file.

    Raises:
        OutputError: the file could not be written.
    """
    target = folder / f"{result.name}.json"
    document = {
        "benchmark": result.name,
        "title": result.title,
        "measured_at": measured_at,
        "machine": machine.to_json_dict(),
        "table": [dict(zip(result.columns, row, strict=True)) for row in result.rows],
        "targets": [{"text": t.text, "measured": t.measured, "met": t.met} for t in result.targets],
        "notes": list(result.notes),
        "data": result.data,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        for name, text in result.files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as exc:
        raise OutputError(
            f"the result cannot be written: {exc.strerror}", source=str(target), remedy="name another folder with --out"
        ) from exc
    return target
