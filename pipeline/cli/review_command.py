"""``nianbao review``: the page on which a person settles what the machine would not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import MissingDependencyError
from pipeline.cli.options import ConfigOption
from pipeline.cli.output import print_plain

_PORT = 8080
_LAST_PORT = 65535


def review(
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on; 0.0.0.0 for all of this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", min=1, max=_LAST_PORT, help="Port to listen on.")] = _PORT,
    store: Annotated[
        str | None, typer.Option("--store", metavar="URL", help="The database.", show_default="store.url")
    ] = None,
    originals: Annotated[
        Path | None,
        typer.Option("--originals", metavar="DIR", help="The files as they came.", show_default="store.originals"),
    ] = None,
    config: ConfigOption = None,
) -> int:
    """Serve the page for people: the queue, each doubtful number with its picture, findings, figures."""
    from pipeline.config import load_settings

    overrides: dict[str, object] = {"store.url": store, "store.originals": originals}
    settings = load_settings(config, {k: v for k, v in overrides.items() if v is not None})
    try:
        from pipeline.review.pages.serve import serve
    except ModuleNotFoundError as exc:
        raise MissingDependencyError(
            f"the package {exc.name} is not installed",
            remedy='install the review extra: pip install -c constraints.txt -e ".[review]"',
        ) from exc
    serve(settings, host=host, port=port, tell=lambda line: print_plain(line + "\n"))
    return 0
