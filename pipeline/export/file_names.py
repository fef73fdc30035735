"""Names of result files, safe on every file system whatever the source is called."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

from pipeline.export.text import is_unsafe

MAX_NAME_BYTES = 255  # bytes in UTF-8: the limit of a file name on ext4, APFS (and, in UTF-16 units, NTFS)
_SUFFIX = ".json"
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")  # `1.年度报告` has no extension, `report.html` has
_FORBIDDEN = frozenset('/\\:*?"<>|')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)")
_FALLBACK = "report"


def report_file_name(source_name: str, taken: set[str]) -> str:
    """The name of the JSON file of one report, different from all names given before.

    ``hongze-2023.pdf`` gives ``hongze-2023.json``; a second source of that name gives its full name,
    ``hongze-2023.html.json``, and further ones ``hongze-2023.html-2.json``. Names that differ only in upper and lower
    case count as the same.

    Args:
        source_name: Name or path of the source file.
        taken: The names given so far, case-folded; the new one is added.
    """
    full = _safe(PurePath(source_name).name)
    stem = _safe(_EXTENSION.sub("", full))
    name = _fitted(stem, "")
    if name.casefold() in taken:
        name = _fitted(full, "")
    number = 2
    while name.casefold() in taken:
        name = _fitted(full, f"-{number}")
        number += 1
    taken.add(name.casefold())
    return name


def _safe(name: str) -> str:
    kept = "".join(
        "_" if c in _FORBIDDEN or unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else "" if is_unsafe(c) else c
        for c in unicodedata.normalize("NFC", name)
    )
    # A leading dot hides the file, a leading dash reads as a flag, Windows drops dots and spaces at the end.
    kept = kept.lstrip(". ").rstrip(". ")
    if _RESERVED.match(kept) or kept.startswith("-"):
        kept = f"_{kept}"
    return kept or _FALLBACK


def _fitted(stem: str, number: str) -> str:
    room = MAX_NAME_BYTES - len(f"{number}{_SUFFIX}".encode())
    cut = stem.encode("utf-8")[:room].decode("utf-8", errors="ignore").rstrip(". ")
    return f"{cut}{number}{_SUFFIX}"
