"""YAML with the fastest safe loader there is."""

from __future__ import annotations

from typing import Any

import yaml

# libyaml reads several times faster; PyYAML built without a C compiler lacks it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(text: str) -> Any:  # noqa: ANN401 - whatever the text holds; pydantic validates it
    """The content of a YAML text.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader in both cases
