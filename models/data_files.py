"""The data files of the project: forms, rules, words, calibration. What is read depends on them as on settings."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

_ENDING = ".yaml"


@functools.cache
def data_digest() -> str:
    """The sha256, in hex, over names and contents of all data files."""
    digest = hashlib.sha256()
    for name, content in sorted(_files(resources.files("models"), "")):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _files(folder: Traversable, below: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        name = f"{below}{entry.name}"
        if entry.is_dir():
            yield from _files(entry, f"{name}/")
        elif name.endswith(_ENDING):
            yield name, entry.read_bytes()
