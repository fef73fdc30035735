"""A scan read, and how long deciding it takes: what else runs on a machine slows single calls by factors."""

from __future__ import annotations

import timeit
from dataclasses import dataclass
from pathlib import Path

from models.form import load_form
from models.report import Report
from pipeline.config import Settings
from pipeline.decide.decide_fields import decide_fields
from pipeline.decide.values_under_rules import forget_solved
from pipeline.stages import read_with_cells

# The fastest of so many calls counts.
CALLS = 5


@dataclass(frozen=True, slots=True)
class Timed:
    """A report, and the seconds of the fastest of some calls that decide it; None where cells were read again."""

    report: Report
    fastest: float | None


def read_timed(path: Path, settings: Settings) -> Timed:
    """The report of a file, and what deciding it takes once more.

    Raises:
        InputError: the file cannot be read as a report.
    """
    report, matched = read_with_cells(path, settings)
    if matched is None or "reread" in report.timings:
        return Timed(report, None)
    form = load_form(matched.form_id)
    # What the call before has solved is not known to one for another report.
    seconds = timeit.repeat(
        lambda: decide_fields(form, matched, settings.decide), setup=forget_solved, number=1, repeat=CALLS
    )
    return Timed(report, min(seconds))
