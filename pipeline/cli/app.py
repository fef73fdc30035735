"""Entry point: runs a command and turns every outcome into a message and a stable exit code."""

from __future__ import annotations

import sys
import traceback
from importlib import metadata
from typing import Annotated

import typer

from models.errors import ExitCode, NianbaoError
from pipeline.cli import (
    check_command,
    dataset_command,
    diff_command,
    export_command,
    extract_command,
    info_commands,
    review_command,
    rollup_command,
    service_commands,
    show_command,
    waive_command,
    watch_command,
)
from pipeline.cli.output import print_error, print_every_character, print_plain

_EPILOG = (
    "Exit codes: 0 ok · 1 bug · 2 usage or config · 3 input rejected · 4 missing dependency · 5 output not written · "
    "6 finished, needs review · 130 interrupted"
)
_DEBUG = "--debug"

app = typer.Typer(
    name="nianbao",
    help="年报: read Chinese government-information-disclosure annual reports into 200 checked numbers.",
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("extract")(extract_command.extract)
app.command("check")(check_command.check)
app.command("diff")(diff_command.diff)
app.command("show")(show_command.show)
app.command("waive")(waive_command.waive)
app.command("watch")(watch_command.watch)
app.command("review")(review_command.review)
app.command("status")(service_commands.status)
app.command("retry")(service_commands.retry)
app.command("export")(export_command.export)
app.command("dataset")(dataset_command.dataset)
app.command("rollup")(rollup_command.rollup)
app.command("forms")(info_commands.forms)
app.command("schema")(info_commands.schema)
app.command("doctor")(info_commands.doctor)


def _print_version(wanted: bool) -> None:
    if wanted:
        print_plain(f"nianbao {metadata.version('nianbao')}\n")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
    debug: Annotated[bool, typer.Option(_DEBUG, help="Show the traceback of an internal error.")] = False,
) -> None:
    """Nothing: typer wants a function that holds the options of the command as a whole."""


def main() -> None:
    """Runs the command and exits with a code of ``models.errors.ExitCode``."""
    print_every_character()
    sys.exit(run(sys.argv[1:]))


def run(args: list[str]) -> int:
    """The exit code of one command line."""
    try:
        # Without standalone mode typer neither prints nor exits; Ctrl-C it turns into the code 130.
        result = app(args=args, prog_name="nianbao", standalone_mode=False)
    except NianbaoError as exc:
        print_error(str(exc))
        return int(exc.exit_code)
    except typer.TyperException as exc:
        # Without any argument typer has printed the help, and there is no message.
        if message := exc.format_message():
            print_error(f"{message} — `nianbao --help` and `nianbao COMMAND --help` tell what can be given")
        return int(ExitCode.USAGE)
    except Exception as exc:  # noqa: BLE001 - the last line of defence: a message, and the exit code of a bug
        if _DEBUG in args:
            traceback.print_exc()
        print_error(f"internal error: {type(exc).__name__}: {exc} — please report this; `nianbao --debug` shows where")
        return int(ExitCode.BUG)
    if result == ExitCode.INTERRUPTED:
        print_error("interrupted")
    return int(result or 0)
