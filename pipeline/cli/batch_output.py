"""What a batch prints: a line a report as they are done, and its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from pipeline.cli.output import PipeConsole, print_note, stdout_console

if TYPE_CHECKING:
    from pipeline.export.summary import ReportSummary

Result = TypeVar("Result")

# A table longer than this is no summary; the totals and what needs a person are.
_LONGEST_SUMMARY = 60
_STYLES = {"ok": "green", "needs_review": "yellow", "partial": "magenta", "failed": "red"}


def with_progress(run: Callable[..., Result], count: int, console: PipeConsole, go_on: str) -> Result:
    """The result of a batch whose reports are printed one by one; ``go_on`` says how one that is stopped goes on."""
    from rich.text import Text

    from pipeline.cli.progress import Tally, shown_progress
    from pipeline.export.terminal import summary_line

    def on_report(summary: ReportSummary) -> None:
        console.print(Text(summary_line(summary), style=_STYLES[summary.status]))

    tally = Tally(count)
    try:
        with shown_progress(tally) as on_done:
            return run(on_report=on_report, on_done=on_done)
    except KeyboardInterrupt:
        if tally.done:
            print_note(f"stopped after {tally.line()}" + (f" — {go_on}" if go_on else ""))
        raise


def print_end(
    summaries: Sequence[ReportSummary], written: int, passed_over: int, where: str, console: PipeConsole
) -> None:
    """Nothing; the summary of a batch is then printed, and how many files were written to which folder."""
    from pipeline.export.terminal import render_summary
    from pipeline.export.text import one_line

    console.print()
    shown = list(summaries)
    if len(shown) > _LONGEST_SUMMARY:
        shown = [s for s in shown if s.status != "ok"][:_LONGEST_SUMMARY]
        console.print(f"{len(summaries)} reports; below the first {len(shown)} that are not ok")
    stdout_console().print(render_summary(shown))
    if passed_over:
        console.print(f"{_count(passed_over, 'file')} of other kinds passed over")
    console.print(f"{_count(written, 'file')} written to {one_line(where)}", markup=False)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
