"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Engine(StrEnum):
    """What a batch runs on."""

    LOCAL = "local"
    RAY = "ray"


EngineOption = Annotated[
    Engine,
    typer.Option(
        "--engine",
        help="local: processes of this machine. ray: Ray, here or on a cluster; writes a Parquet data set, and what it "
        "has read it does not read again.",
    ),
]
AddressOption = Annotated[
    str | None,
    typer.Option(
        "--address",
        metavar="HOST:PORT",
        help="The Ray cluster that this machine belongs to; without it Ray is started here.",
        show_default=False,
    ),
]
FilesFromOption = Annotated[
    str | None,
    typer.Option(
        "--files-from", metavar="LIST", help="A file with more paths, one a line; - is stdin.", show_default=False
    ),
]
WaiversOption = Annotated[
    Path | None,
    typer.Option(
        "--waivers",
        metavar="FILE|DIR",
        help="Waivers beside those that lie by the reports (REPORT.waivers.yaml).",
        show_default=False,
    ),
]
PasswordOption = Annotated[
    str | None,
    typer.Option(
        "--password",
        metavar="TEXT",
        help="Opens encrypted PDF files. Other users may see it in the list of processes: better give a file.",
        show_default=False,
    ),
]
PasswordFileOption = Annotated[
    Path | None,
    typer.Option(
        "--password-file", metavar="FILE", help="A file with the password in its first line.", show_default=False
    ),
]
AgainstOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--against",
        metavar="PRIOR",
        help="A report of the year before, its document (.json), or a folder of such; may be given several times.",
        show_default=False,
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings beside the defaults of config.yaml.", show_default=False),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results.", show_default="out")
]
FormatOption = Annotated[
    str | None,
    typer.Option("--format", metavar="LIST", help="json, csv, xlsx, parquet; several by comma.", show_default="json"),
]
