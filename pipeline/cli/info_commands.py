"""``nianbao forms``, ``nianbao schema``, ``nianbao doctor``: what the program knows and what the machine has."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from models.errors import ExitCode
from models.form import load_form, load_forms, row_key
from pipeline.cli.options import ConfigOption
from pipeline.doctor import all_required_ok, run_checks
from pipeline.export.schema import report_schema_text


def forms(
    form_id: Annotated[
        str | None, typer.Argument(metavar="[FORM]", help="Show the rows and columns of one form.")
    ] = None,
    fields: Annotated[bool, typer.Option("--fields", help="One line a field id, for scripts.")] = False,
) -> None:
    """List the known forms, or the rows, columns and field ids of one."""
    console = Console(highlight=False)
    if form_id is None:
        table = Table("id", "title", "issued by", "years", "fields")
        for form in load_forms().values():
            years = f"{form.first_year}–{form.last_year or ''}"
            table.add_row(
                form.id, f"{form.title_zh}\n{form.title_en}", form.issued_by, years, str(len(form.official_fields))
            )
        console.print(table)
        return
    form = load_form(form_id)
    if fields:
        for field in form.fields.values():
            typer.echo(field.id)
        return
    for table_of_form in form.tables:
        console.print(Text(table_of_form.heading, style="bold"))
        for block in table_of_form.blocks:
            columns = ", ".join(f"{c.id} {c.label[-1]}" for c in block.columns)
            console.print(Text(f"  columns: {columns}", style="dim"))
            for row in block.rows:
                label = " / ".join(row.label) or "(one row without a label)"
                variant = f"  [{row.variant}]" if row.variant else ""
                console.print(Text(f"    {row_key(table_of_form, row)}  {label}{variant}"))


def schema() -> None:
    """Print the JSON Schema of the report document."""
    typer.echo(report_schema_text(), nl=False)


def doctor(config: ConfigOption = None) -> int:
    """Tell what is installed, what is missing, and what to do about it."""
    console = Console(highlight=False)
    checks = run_checks(config)
    table = Table("", "what", "found", "needed for", "remedy")
    for item in checks:
        mark = Text("ok", style="green") if item.ok else Text("missing", style="red" if item.required else "yellow")
        table.add_row(mark, item.name, item.found, item.needed_for, item.remedy)
    console.print(table)
    ok = all_required_ok(checks)
    console.print(Text("everything that reading reports needs is here" if ok else "something is missing, see above"))
    return int(ExitCode.OK if ok else ExitCode.DEPENDENCY)
