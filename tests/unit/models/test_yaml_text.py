from __future__ import annotations

import pytest
import yaml

from models.yaml_text import parse_yaml, repeated_key, yaml_line

TEXT = """\
version: 1
list:
- a: 1
  b:
    c: "2"
- a: 3
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("version",), 1),
        (("list", 0), 3),
        (("list", 0, "b", "c"), 5),
        (("list", 1, "a"), 6),
        (("list", 1, "nowhere"), 6),
        (("list", 7, "a"), 3),
        (("nowhere", 0), 1),
    ],
)
def test_the_line_of_a_place(path: tuple[str | int, ...], line: int) -> None:
    assert yaml_line(TEXT, path) == line


def test_no_yaml_has_no_lines() -> None:
    assert yaml_line("a: [", ("a",)) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TEXT, None),
        ("", None),
        ("a: 1\na: 2\n", (2, "a")),
        ("x:\n- a: 1\n  b: {c: 1, c: 1}\n", (3, "c")),
        ('{"a": 1,\n "a": 2}', (2, "a")),
    ],
)
def test_a_key_given_twice(text: str, found: tuple[int, str] | None) -> None:
    assert repeated_key(text) == found


def test_a_node_that_stands_for_itself_is_looked_at_once() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))
    text = f"l0: &l0 [x]\n{levels}\n"

    assert repeated_key(text) is None
    assert set(parse_yaml(text)) == {f"l{n}" for n in range(12)}


def test_keys_of_no_yaml() -> None:
    with pytest.raises(yaml.YAMLError):
        repeated_key("a: [")
