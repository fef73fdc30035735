"""YAML with the fastest safe loader there is."""

from __future__ import annotations

from collections.abc import Sequence
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


def yaml_line(text: str, path: Sequence[str | int]) -> int | None:
    """The line (from 1) of what stands at ``path`` (keys and list indices), or of the nearest part above that is there.

    None where the text is no YAML.
    """
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError:
        return None
    line = None
    for step in (*path, None):
        if node is None:
            break
        line = node.start_mark.line + 1
        node = _below(node, step)
    return line


def repeated_key(text: str) -> tuple[int, str] | None:
    """(line from 1, key) of a key that is given twice in one mapping, of which YAML takes the last; None without one.

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    left = [yaml.compose(text, Loader=_LOADER)]
    looked_at: set[int] = set()  # an alias is the node it stands for
    while left:
        node = left.pop()
        if node is None or id(node) in looked_at:
            continue
        looked_at.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            left += node.value
        elif isinstance(node, yaml.MappingNode):
            keys: set[str] = set()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in keys:
                        return key.start_mark.line + 1, key.value
                    keys.add(key.value)
                left.append(value)
    return None


def _below(node: yaml.Node, step: str | int | None) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if 0 <= step < len(node.value) else None
    if isinstance(node, yaml.MappingNode) and step is not None:
        return next((value for key, value in node.value if key.value == str(step)), None)
    return None
