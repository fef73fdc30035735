"""Markup out of the templates beside this file. What is put into them is escaped: nothing of a report can be markup."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

Context = dict[str, object]
"""The values of a template by name."""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pipeline.review.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render(template: str, /, **values: object) -> str:
    """The template, filled. A value that it names and that is not given is an error, not an empty place."""
    return _environment().get_template(f"{template}.html").render(**values)
