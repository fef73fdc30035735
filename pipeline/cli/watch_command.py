"""``nianbao watch``: a folder as a service."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import UsageError
from pipeline.cli.options import ConfigOption
from pipeline.cli.output import print_note

if TYPE_CHECKING:
    from pipeline.inbox.events import LogFormat
    from pipeline.inbox.service import Outcome

_FORMATS = ("text", "json")


def watch(
    inbox: Annotated[Path, typer.Argument(metavar="INBOX", help="The folder in which reports are dropped.")],
    done: Annotated[
        Path | None, typer.Option("--done", metavar="DIR", help="Where reports go that are fine.", show_default=False)
    ] = None,
    review: Annotated[
        Path | None,
        typer.Option("--review", metavar="DIR", help="Where reports go that a person must see.", show_default=False),
    ] = None,
    failed: Annotated[
        Path | None,
        typer.Option("--failed", metavar="DIR", help="Where files go that cannot be read.", show_default=False),
    ] = None,
    poll: Annotated[
        bool | None,
        typer.Option("--poll", help="Look through the folder again and again: for network shares.", show_default=False),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", help="Files read at once.", show_default="1")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Take what is there, finish it, stop.")] = False,
    log_format: Annotated[
        str, typer.Option("--log-format", metavar="text|json", help="The log on stderr, one event a line.")
    ] = "text",
    config: ConfigOption = None,
) -> int:
    """Watch a folder: read each file that is dropped in it once, move it to done, review or failed with its result."""
    from pipeline.config import load_settings
    from pipeline.inbox.events import start_log, stop_log
    from pipeline.inbox.service import watch as run_service

    overrides: dict[str, object] = {
        "inbox.done": done,
        "inbox.review": review,
        "inbox.failed": failed,
        "inbox.poll": poll,
        "batch.jobs": jobs,
    }
    settings = load_settings(config, {k: v for k, v in overrides.items() if v is not None})
    handler = start_log(sys.stderr, _log_format(log_format))
    try:
        outcome = run_service(inbox, settings, once=once)
    finally:
        stop_log(handler)
    _print_left(outcome)
    return int(outcome.code)


def _log_format(text: str) -> LogFormat:
    if text == "json":
        return "json"
    if text == "text":
        return "text"
    raise UsageError(f"unknown log format {text!r}", remedy=f"give one of {', '.join(_FORMATS)}")


def _print_left(outcome: Outcome) -> None:
    for path in outcome.left:
        print_note(f"{path}: left in the inbox, see the log above")
