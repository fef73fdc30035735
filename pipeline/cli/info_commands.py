"""``nianbao forms``, ``nianbao schema``, ``nianbao doctor``: what the program knows and what the machine has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import ExitCode
from pipeline.cli.options import ConfigOption
from pipeline.cli.output import print_plain, stdout_console

if TYPE_CHECKING:
    from rich.text import Text

    from models.form import Form
    from pipeline.doctor import Check


def forms(
    form_id: Annotated[
        str | None, typer.Argument(metavar="[FORM]", help="Show the rows and columns of one form.")
    ] = None,
    fields: Annotated[bool, typer.Option("--fields", help="One line a field id, for scripts.")] = False,
) -> None:
    """List the known forms, or the rows, columns and field ids of one; with --fields alone those of all."""
    from models.form import load_form, load_forms

    chosen = [load_form(form_id)] if form_id is not None else list(load_forms().values())
    if fields:
        print_plain("".join(f"{name}\n" for name in dict.fromkeys(f for form in chosen for f in form.fields)))
    elif form_id is None:
        _print_list(chosen)
    else:
        _print_rows(chosen[0])


def _print_list(known: list[Form]) -> None:
    from rich.table import Table

    table = Table("id", "title", "issued by", "years", "fields")
    for form in known:
        years = f"{form.first_year}–{form.last_year or ''}"
        table.add_row(
            form.id, f"{form.title_zh}\n{form.title_en}", form.issued_by, years, str(len(form.official_fields))
        )
    stdout_console().print(table)


def _print_rows(form: Form) -> None:
    from rich.text import Text

    from models.form import row_key

    console = stdout_console()
    for table in form.tables:
        console.print(Text(table.heading, style="bold"))
        for block in table.blocks:
            columns = ", ".join(f"{c.id} {c.label[-1]}" for c in block.columns)
            console.print(Text(f"  columns: {columns}", style="dim"))
            for row in block.rows:
                label = " / ".join(row.label) or "(one row without a label)"
                variant = f"  [{row.variant}]" if row.variant else ""
                console.print(Text(f"    {row_key(table, row)}  {label}{variant}"))


def schema() -> None:
    """Print the JSON Schema of the report document."""
    from pipeline.export.schema import report_schema_text

    print_plain(report_schema_text())


def doctor(config: ConfigOption = None) -> int:
    """Tell what is installed, what is missing, and what to do about it."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from pipeline.doctor import all_required_ok, run_checks

    console = stdout_console()
    checks = run_checks(config)
    table = Table("", "what", "found", "needed for", box=box.SIMPLE_HEAD)
    for item in checks:
        # Text, never markup: what is found and what is to be typed may have brackets.
        table.add_row(_mark(item), Text(item.name), Text(item.found, overflow="fold"), Text(item.needed_for))
    console.print(table)
    for item in checks:
        if not item.ok and item.remedy:
            # Below the table and on one line each, so that commands can be copied.
            console.print(Text(f"{item.name}, for {item.needed_for}:"))
            console.print(Text(f"  {item.remedy}", style="bold"), soft_wrap=True)
    ok = all_required_ok(checks)
    console.print(Text("everything that reading reports needs is here" if ok else "something is missing, see above"))
    return int(ExitCode.OK if ok else ExitCode.DEPENDENCY)


def _mark(item: Check) -> Text:
    from rich.text import Text

    if item.ok:
        return Text("ok", style="green")
    return Text("missing", style="red") if item.required else Text("optional", style="yellow")
