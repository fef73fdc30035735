"""Entry point: runs a command and turns every outcome into a message and a stable exit code."""

from __future__ import annotations

import os
import sys
import traceback

import click
import typer
from rich.console import Console

from models.errors import ExitCode, NianbaoError
from pipeline.cli import check_command, extract_command, info_commands, show_command

_EPILOG = (
    "Exit codes: 0 ok · 1 bug · 2 usage or config · 3 input rejected · 4 missing dependency · 5 output not written · "
    "6 finished, needs review · 130 interrupted"
)

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
app.command("show")(show_command.show)
app.command("forms")(info_commands.forms)
app.command("schema")(info_commands.schema)
app.command("doctor")(info_commands.doctor)


def main() -> None:
    """Runs the command and exits with a code of ``models.errors.ExitCode``."""
    sys.exit(run(sys.argv[1:]))


def run(args: list[str]) -> int:  # noqa: PLR0911 - one exit for each kind of outcome
    """The exit code of one command line."""
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        result = app(args=args, prog_name="nianbao", standalone_mode=False)
    except NianbaoError as exc:
        errors.print(f"nianbao: {exc}", style="red", markup=False)
        return int(exc.exit_code)
    except click.exceptions.Abort:
        return int(ExitCode.INTERRUPTED)
    except click.ClickException as exc:
        exc.show()
        return int(exc.exit_code)
    except KeyboardInterrupt:
        errors.print("nianbao: interrupted", style="red")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output went away (`nianbao show … | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.OK)
    except Exception as exc:  # noqa: BLE001 - the last line of defence: a message, and the exit code of a bug
        if os.environ.get("NIANBAO_DEBUG"):
            traceback.print_exc()
        errors.print(
            f"nianbao: internal error: {type(exc).__name__}: {exc} — please report this; NIANBAO_DEBUG=1 shows where",
            style="red",
            markup=False,
        )
        return int(ExitCode.BUG)
    return int(result or 0)
