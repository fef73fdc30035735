"""Report documents kept on disk between reading them and writing them in the order of the panel.

An SQLite file of its own, thrown away afterwards: memory does not grow with the number of reports, and each document is
read once, in whatever order.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from models.form import FORM_IDS
from models.report import Evidence, FieldValue, Report
from pipeline.dataset.identity import agency_id
from pipeline.dataset.versions import LeftOut, SupersededWhy, Version, version_of, why_left_out, why_superseded
from pipeline.export.atomic import output_errors

ID_DIGITS = 16  # hexadecimal digits of a report id: enough to tell millions of files apart
_CACHE_KIB = 16 * 1024  # KiB of the file that SQLite keeps in memory
_FAST = 1  # zlib level: a tenth of the size at little cost
_TABLE = """
CREATE TABLE document (
    agency_id TEXT, year INTEGER, sha256 TEXT NOT NULL, name TEXT NOT NULL, content INTEGER NOT NULL,
    usable INTEGER NOT NULL, published TEXT NOT NULL, status TEXT NOT NULL, copy INTEGER, body BLOB NOT NULL
)
"""
# Copies of one file are numbered in an order that does not depend on the order of reading.
_NUMBER_COPIES = """
UPDATE document SET copy = numbered.copy FROM (
    SELECT rowid AS id, ROW_NUMBER() OVER (PARTITION BY sha256 ORDER BY name, content) AS copy FROM document
) AS numbered WHERE document.rowid = numbered.id
"""
_IN_ORDER = """
SELECT agency_id, year, rowid, sha256, copy, usable, published, status, name FROM document
ORDER BY agency_id IS NULL, agency_id, year IS NULL, year, sha256, copy
"""


@dataclass(frozen=True, slots=True)
class Placed:
    """A report at its place in the panel.

    ``left_out`` is None where its numbers count; ``superseded_by`` is the id of the report that counts instead.
    """

    report_id: str
    agency_id: str | None
    document: str
    report: Report
    left_out: LeftOut | None = None
    superseded_by: str | None = None
    superseded_why: SupersededWhy | None = None


class Spool:
    """The reports of one run. ``add`` them all, then go through ``placed``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._connection.executescript(
            f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-{_CACHE_KIB}"
        )
        self._connection.execute(_TABLE)
        self.count = 0
        """Reports kept so far."""

    def add(self, report: Report, document: str) -> None:
        """Nothing; the report is kept, without what the panel has no use for."""
        version = version_of(report, document)
        body = zlib.compress(_slim(report).model_dump_json(exclude_defaults=True).encode("utf-8"), _FAST)
        row = (
            agency_id(report.agency, report.year),
            report.year,
            version.sha256,
            document,
            zlib.crc32(body),
            version.usable,
            version.published,
            version.status,
            body,
        )
        self._connection.execute(
            "INSERT INTO document (agency_id, year, sha256, name, content, usable, published, status, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        self.count += 1

    def placed(self) -> Iterator[Placed]:
        """The reports by agency, year and file; those without an agency, then those without a year, last."""
        self._connection.execute(_NUMBER_COPIES)
        rows = self._connection.execute(_IN_ORDER)
        for (agency, year), group in groupby(rows, key=itemgetter(0, 1)):
            if agency is None or year is None:
                for row in group:
                    yield self._place(row, None)
                continue
            versions = list(group)
            best = min(versions, key=lambda row: _version(row).order)
            for row in versions:
                yield self._place(row, best if _version(best).usable else None)

    def _place(self, row: tuple[Any, ...], best: tuple[Any, ...] | None) -> Placed:
        (body,) = self._connection.execute("SELECT body FROM document WHERE rowid = ?", (row[2],)).fetchone()
        report = Report.model_validate_json(zlib.decompress(body))
        placed = Placed(_report_id(row), row[0], row[8], report, why_left_out(report))
        if best is None or row is best:
            return placed
        return Placed(
            placed.report_id,
            placed.agency_id,
            placed.document,
            report,
            # What failed, or is on no form, has nothing that could be superseded.
            placed.left_out or "superseded",
            _report_id(best),
            why_superseded(_version(row), _version(best)),
        )


@contextmanager
def open_spool(beside: Path) -> Iterator[Spool]:
    """An empty spool in a temporary folder in ``beside``, gone at the end of the block.

    Raises:
        OutputError: the disk refused it.
    """
    with (
        output_errors(beside),
        TemporaryDirectory(prefix=".nianbao-", dir=beside, ignore_cleanup_errors=True) as folder,
        closing(sqlite3.connect(Path(folder) / "spool.sqlite", isolation_level=None)) as connection,
    ):
        try:
            yield Spool(connection)
        except sqlite3.OperationalError as exc:
            raise OSError(f"the temporary file could not be used: {exc}") from exc


def _slim(report: Report) -> Report:
    """The report without prose, pages and second evidence; its numbers, findings and counts stay."""
    fields = {
        i: value.model_copy(update={"evidence": _first(value), "label": None}) for i, value in report.fields.items()
    }
    return report.model_copy(
        update={
            "sections": {},
            "pages": [],
            "fields": fields if report.form in FORM_IDS else {},
            "claims": [],
            "tables": [],
            "unmapped_rows": [],
            "repairs": [],
            "timings": {},
        }
    )


def _first(value: FieldValue) -> list[Evidence]:
    return [e.model_copy(update={"alternatives": [], "text": ""}) for e in value.evidence[:1]]


def _version(row: tuple[Any, ...]) -> Version:
    return Version(usable=bool(row[5]), published=row[6], status=row[7], sha256=row[3], document=f"{row[8]}\0{row[4]}")


def _report_id(row: tuple[Any, ...]) -> str:
    return str(row[3])[:ID_DIGITS] + (f"-{row[4]}" if row[4] > 1 else "")
