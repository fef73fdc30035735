"""The list of units: a CSV as people keep it, from a text editor or from a spreadsheet."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from pathlib import Path

from models.errors import InputError, UsageError
from models.text import squeeze

MAX_BYTES = 64 * 1024 * 1024  # bytes: a list of a million units is smaller
_HEADERS: dict[str, tuple[str, ...]] = {
    "parent": ("parent", "上级", "上级机关", "汇总单位"),
    "unit": ("unit", "单位", "下级", "下属单位"),
    "year": ("year", "年度", "年份"),
}
_DELIMITERS = (",", ";", "\t", "，")
_YEAR = re.compile(r"(20[0-9]{2})年?度?")
_EXAMPLE = "the first line must be `parent,unit` or `parent,unit,year`"


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One line of the list; ``year`` is None where it holds for all years. ``line`` counts from 1."""

    parent: str
    unit: str
    year: int | None
    line: int


def read_units(path: Path) -> list[UnitLine]:
    """The lines of a list of units, in their order. UTF-8 with or without BOM, GB 18030, and UTF-16 with BOM are read.

    Raises:
        UsageError: there is no such file, or a line is not as it should be.
        InputError: the file cannot be opened, is too large, or is no text.
    """
    text = _decode(_read(path), path)
    lines = text.splitlines(keepends=True)
    head = next((line for line in lines if line.strip()), "")
    if not head:
        raise UsageError("the list of units is empty", source=str(path), remedy=_EXAMPLE)
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    columns: dict[str, int] | None = None
    found: list[UnitLine] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(cells, path, reader.line_num)
            else:
                found.append(_line(cells, columns, path, reader.line_num))
    except csv.Error as exc:
        raise UsageError(
            f"line {reader.line_num}: {exc}", source=str(path), remedy="look for a quotation mark that is not closed"
        ) from exc
    if not found:
        raise UsageError("no units below the first line", source=str(path), remedy="give one line a unit")
    return found


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"larger than {MAX_BYTES // 1024**2} MB", source=str(path), remedy="give a list of units")
        return path.read_bytes()
    except FileNotFoundError as exc:
        raise UsageError("no such file", source=str(path), remedy="check the path after --units") from exc
    except IsADirectoryError as exc:
        raise UsageError("this is a folder", source=str(path), remedy="name the CSV file with the units") from exc
    except OSError as exc:
        raise InputError(
            f"cannot be opened: {exc.strerror or exc}", source=str(path), remedy="check the permissions"
        ) from exc


def _decode(data: bytes, path: Path) -> str:
    if data.startswith(b"PK\x03\x04"):
        raise InputError("this is a workbook, not a CSV file", source=str(path), remedy="save the sheet as CSV")
    encodings = ("utf-16",) if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError("the text is neither UTF-8 nor GBK", source=str(path), remedy="save the list as CSV UTF-8")


def _columns(cells: list[str], path: Path, line: int) -> dict[str, int]:
    """Name of the column -> its place."""
    known = {word: name for name, words in _HEADERS.items() for word in words}
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = known.get(squeeze(cell).lower())
        if name is None and cell.strip():
            raise UsageError(f"line {line}: unknown column {cell.strip()!r}", source=str(path), remedy=_EXAMPLE)
        if name in columns:
            raise UsageError(f"line {line}: column {name!r} stands twice", source=str(path), remedy=_EXAMPLE)
        if name is not None:
            columns[name] = place
    missing = [name for name in ("parent", "unit") if name not in columns]
    if missing:
        raise UsageError(f"line {line}: no column {missing[0]!r}", source=str(path), remedy=_EXAMPLE)
    return columns


def _line(cells: list[str], columns: dict[str, int], path: Path, line: int) -> UnitLine:
    if any(cell.strip() for cell in cells[max(columns.values()) + 1 :]):
        raise UsageError(
            f"line {line}: more cells than columns",
            source=str(path),
            remedy="put names with a comma in quotation marks",
        )
    texts = {name: cells[place].strip() if place < len(cells) else "" for name, place in columns.items()}
    for name in ("parent", "unit"):
        if not texts[name]:
            raise UsageError(
                f"line {line}: {name!r} is empty", source=str(path), remedy="fill it in, or take the line out"
            )
    if texts["parent"] == texts["unit"]:
        raise UsageError(
            f"line {line}: {texts['unit']!r} is named as its own parent", source=str(path), remedy="correct the line"
        )
    year = texts.get("year", "")
    stated = _YEAR.fullmatch(squeeze(year)) if year else None
    if year and stated is None:
        raise UsageError(
            f"line {line}: {year!r} is no year", source=str(path), remedy="give one like 2023, or leave the cell empty"
        )
    return UnitLine(texts["parent"], texts["unit"], int(stated.group(1)) if stated else None, line)
