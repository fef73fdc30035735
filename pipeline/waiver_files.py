"""Waiver files: where they lie, how they are read and written, and which of their waivers concern which report."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import yaml
from pydantic import ValidationError

from models.errors import UsageError
from models.report import Report
from models.waiver import WAIVER_FILE_VERSION, Waiver, WaiverFile
from models.yaml_text import parse_yaml, repeated_key, yaml_line
from pipeline.check.apply_waivers import WaiverMatch, apply_waivers, match_waivers
from pipeline.export.atomic import write_text
from pipeline.export.file_names import MAX_NAME_BYTES

# `report.pdf` has `report.waivers.yaml` beside it; the first is the one that is written, the others are read too.
WAIVER_ENDINGS = (".waivers.yaml", ".waivers.yml", ".waivers.json")
# Hexadecimal digits that tell long names with the same beginning apart.
_MARK_DIGITS = 8
_LINE_WIDTH = 120  # columns of a written YAML file
_INDENT = 2  # spaces of a written JSON file
_HEADER = """\
# Findings that were accepted as they are, each tied to the values that stood there. Written by `nianbao waive`.
# A change of a value opens the finding again. Comments other than these are not kept when the file is written anew.
"""
_REMEDY = "correct it by hand, or remove the entry and waive the finding again with `nianbao waive`"


@dataclass(slots=True)
class WaiverBook:
    """The waivers of one run.

    Attributes:
        shared: Waiver files that were named; they may be about any report.
        today: The day on which waivers may be over.
    """

    shared: tuple[Path, ...]
    today: dt.date
    _read: dict[Path, tuple[Waiver, ...]] = field(default_factory=dict)
    _met: set[tuple[Path, int]] = field(default_factory=set)

    def load(self, places: Sequence[Path]) -> None:
        """Nothing; all files that concern the reports at ``places`` are then read, before any work is done.

        Raises:
            UsageError: one of them is not valid.
        """
        for file in (*self.shared, *(f for place in places for f in files_beside(place))):
            self._waivers(file)

    def apply(self, report: Report, *places: Path, years_compared: bool = False) -> Report:
        """The report with its waivers; ``places`` are its file, its document: waiver files beside them count.

        Raises:
            UsageError: a waiver file is not valid.
        """
        return apply_waivers(report, self.concerning(report, *places), self.today, years_compared=years_compared)

    def matches(self, report: Report, *places: Path, years_compared: bool = False) -> list[WaiverMatch]:
        """What becomes of each waiver that concerns the report, in the order of the files.

        Raises:
            UsageError: a waiver file is not valid.
        """
        return match_waivers(report, self.concerning(report, *places), self.today, years_compared=years_compared)

    def concerning(self, report: Report, *places: Path) -> list[Waiver]:
        """The waivers of this report; beside it also those that name its file, although it is another report by now.

        Raises:
            UsageError: a waiver file is not valid.
        """
        beside = [file.resolve() for place in places for file in files_beside(place)]
        shared = [file.resolve() for file in self.shared]
        found: list[Waiver] = []
        for file in dict.fromkeys((*beside, *shared)):
            for number, waiver in enumerate(self._waivers(file)):
                if waiver.report.is_of(report) or (file in beside and waiver.report.has_name_of(report)):
                    found.append(waiver)
                    self._met.add((file, number))
        return found

    def left_over(self) -> list[str]:
        """One sentence a file with waivers that concern no report of this run."""
        sentences = []
        for file, waivers in self._read.items():
            others = [w.report for number, w in enumerate(waivers) if (file, number) not in self._met]
            if others:
                named = dict.fromkeys(f"{r.agency or '—'} {r.year or '—'} {r.form}" for r in others)
                sentences.append(
                    f"{file}: waivers of reports that were not read this time: {len(others)} ({'; '.join(named)})"
                )
        return sentences

    def _waivers(self, file: Path) -> tuple[Waiver, ...]:
        known = file.resolve()
        if known not in self._read:
            self._read[known] = read_waivers(file)
        return self._read[known]


def open_book(named: Path | None, today: dt.date, *, must_exist: bool = True) -> WaiverBook:
    """The waivers of a run: those beside its reports, and those of ``named``, a waiver file or a folder of such files.

    Without ``must_exist`` the file may be one that is yet to be written, and the folder empty.

    Raises:
        UsageError: there is no such file, or no waiver file in the folder, or one of them is not valid.
    """
    files: tuple[Path, ...] = ()
    if named is not None and named.is_dir():
        files = tuple(
            Path(where) / name
            for where, _, names in sorted(os.walk(named))
            for name in sorted(names)
            if name.endswith(WAIVER_ENDINGS)
        )
        if must_exist and not files:
            raise UsageError(
                "the folder holds no waiver file", source=str(named), remedy="their names end in .waivers.yaml"
            )
    elif named is not None and (must_exist or named.exists()):
        files = (named,)
    book = WaiverBook(files, today)
    book.load(())
    return book


def today() -> dt.date:
    """The day where this machine stands."""
    return dt.datetime.now().astimezone().date()


def is_waiver_file(name: str) -> bool:
    """True for the names that waiver files have."""
    return name.lower().endswith(WAIVER_ENDINGS)


def files_beside(place: Path) -> list[Path]:
    """The waiver files that lie beside a report or a report document; none beside a folder."""
    if not place.name or place.is_dir():
        return []
    stem = place.with_suffix("") if place.suffix else place
    files = [_named_after(stem, ending) for ending in WAIVER_ENDINGS]
    # A broken link, or a folder of that name, is told when it is read.
    return [file for file in files if os.path.lexists(file)]


def file_to_write(place: Path) -> Path:
    """The waiver file of a report: the first that lies beside it, or the one to be made."""
    stem = place.with_suffix("") if place.suffix else place
    return next(iter(files_beside(place)), _named_after(stem, WAIVER_ENDINGS[0]))


def _named_after(stem: Path, ending: str) -> Path:
    """The waiver file of a report; where its name leaves no room, the beginning of it and a mark of the whole."""
    whole = os.fsencode(stem.name)
    room = MAX_NAME_BYTES - len(ending)
    if len(whole) > room:
        mark = f"-{sha256(whole).hexdigest()[:_MARK_DIGITS]}"
        begin = stem.name.encode("utf-8", "replace")[: room - len(mark)].decode("utf-8", errors="ignore")
        return stem.with_name(f"{begin}{mark}{ending}")
    return stem.with_name(stem.name + ending)


def read_waivers(file: Path) -> tuple[Waiver, ...]:
    """The waivers of a file, YAML or JSON.

    Raises:
        UsageError: it cannot be read, or is not valid; the message names line and key.
    """
    source = str(file)
    try:
        data = file.read_bytes()
    except OSError as exc:
        raise UsageError(
            f"the waiver file cannot be read ({exc.strerror})",
            source=source,
            remedy="check the path and its permissions",
        ) from exc
    return waivers_of_text(data, source)


def waivers_of_text(data: bytes, source: str) -> tuple[Waiver, ...]:
    """The waivers in the content of a file, YAML or JSON; ``source`` is what messages call it.

    Raises:
        UsageError: it is not valid; the message names line and key.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise UsageError("the waiver file is not UTF-8 text", source=source, remedy="save it as UTF-8") from exc
    try:
        content = parse_yaml(text)
        repeated = repeated_key(text)
    except (yaml.YAMLError, RecursionError, ValueError) as exc:
        raise UsageError(f"the waiver file is not valid YAML: {exc}", source=source, remedy=_REMEDY) from exc
    if repeated is not None:
        line, key = repeated
        raise UsageError(f"line {line}: {key} is given twice", source=source, remedy=_REMEDY)
    if not isinstance(content, dict):
        raise UsageError("a waiver file has the keys version and waivers", source=source, remedy=_REMEDY)
    try:
        return tuple(WaiverFile.model_validate(content).waivers)
    except ValidationError as exc:
        # A misspelt key is also a missing one, and says more.
        error = min(exc.errors(include_url=False), key=lambda e: e["type"] != "extra_forbidden")
        raise UsageError(
            _in_words(error["loc"], error["type"], error["msg"], text), source=source, remedy=_REMEDY
        ) from exc


def write_waivers(file: Path, waivers: Sequence[Waiver]) -> None:
    """Nothing; the file then holds these waivers, whole, as YAML or, by its name, as JSON.

    Raises:
        OutputError: the file could not be written.
    """
    content = {
        "version": WAIVER_FILE_VERSION,
        "waivers": [_without_nothing(w) for w in waivers],
    }
    if file.suffix.lower() == ".json":
        write_text(file, json.dumps(content, ensure_ascii=False, indent=_INDENT) + "\n")
    else:
        body = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=_LINE_WIDTH)
        write_text(file, _HEADER + body)


def _without_nothing(waiver: Waiver) -> dict[str, object]:
    # Keys that say nothing are left out; within the report and the values, null is a fact.
    return {key: value for key, value in waiver.model_dump(mode="json").items() if value is not None}


def _in_words(loc: tuple[int | str, ...], kind: str, said: str, text: str) -> str:
    line = yaml_line(text, loc)
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    if kind == "missing":
        what = "is missing"
    elif kind == "extra_forbidden":
        what = "is no key of a waiver file"
    elif kind == "string_type":
        what = "must be text: put it in quotes"
    else:
        what = f"is not valid: {said.removeprefix('Value error, ')}"
    return f"line {line or 1}: {key} {what}"
