"""The reports that a list of units means, out of all that there are; of the others nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath

from models.figures import number_of
from models.report import Decision, FormName, Kind, Report, ReportStatus
from models.text import squeeze
from pipeline.check.year_report import agency_key, same_agency
from pipeline.dataset.identity import agency_id
from pipeline.dataset.versions import Version, version_of
from pipeline.export.form_view import field_marks
from pipeline.rollup.read_units import UnitLine

_CODE = re.compile(r"[0-9]{6}")
# The beginning of the check sum of a file, or the id of a report.
_CHECK_SUM = re.compile(r"[0-9a-f]{8,64}(-[0-9]+)?")
_SHORTEST_NAME = 3  # characters of the name of an agency that may stand for a longer one
# What stands behind the place in the name of the agency that a division code alone means, the likeliest first.
_GOVERNMENT = ("人民政府", "", "人民政府办公室", "人民政府办公厅")
# What the name of its own office adds to the name of an agency.
OFFICE_ENDINGS = ("办公室", "办公厅", "机关", "本级", "机关本级")


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a kept report; ``number`` is None unless ``kind`` is number."""

    kind: Kind
    number: Decimal | None
    decision: Decision


@dataclass(frozen=True, slots=True)
class KeptReport:
    """What a roll-up needs of a report. ``broken`` are the fields at which its own sums fail."""

    source: str
    document: str
    sha256: str
    agency: str | None
    agency_id: str | None
    year: int | None
    form: FormName
    status: ReportStatus
    version: Version
    cells: dict[str, Cell] = field(repr=False)
    broken: frozenset[str] = field(repr=False)

    @property
    def in_review(self) -> int:
        """How many of its fields wait for a person."""
        return sum(cell.decision == "review" for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class Picked:
    """The report that a name means in a year. ``others`` are further ones that it fits, not used."""

    report: KeptReport | None
    others: tuple[KeptReport, ...] = ()
    several_agencies: bool = False
    """True where the name fits more than one agency, so that none is taken."""


class ReportPicker:
    """Keeps of all reports those that the list names, or their own offices."""

    def __init__(self, lines: Sequence[UnitLine]) -> None:
        self._names = tuple(dict.fromkeys(name for line in lines for name in (line.parent, line.unit)))
        self._parents = tuple(dict.fromkeys(line.parent for line in lines))
        self._kept: dict[str, list[KeptReport]] = {name: [] for name in self._names}
        self._offices: dict[str, list[KeptReport]] = {name: [] for name in self._parents}
        self._check_sums = tuple(n for n in self._names if _CHECK_SUM.fullmatch(n) and not _CODE.fullmatch(n))
        self._endings: dict[str, list[str]] = {}
        """End of a name, as agencies are compared -> the names that end so."""
        for name in self._names:
            for end in _ends(agency_key(name) or ""):
                self._endings.setdefault(end, []).append(name)
        self._ids: dict[int | None, dict[str, list[str]]] = {}

    def add_all(self, reports: Iterable[tuple[str, Report]]) -> None:
        """Nothing; what the list needs of the reports, as (name of the document, report), is kept."""
        for document, report in reports:
            own = agency_id(report.agency, report.year)
            wanted = self._named(report, document, own)
            offices = self._offices_of(report, own)
            if wanted or offices:
                kept = _keep(report, document, own)
                for name in wanted:
                    self._kept[name].append(kept)
                for name in offices:
                    self._offices[name].append(kept)

    def years(self, names: Iterable[str]) -> list[int]:
        """The years of the reports that the names mean, in order."""
        return sorted({r.year for name in names for r in self._kept[name] if r.year is not None})

    def meaning(self, name: str) -> object:
        """What is equal for two names of one agency: the reports that count for it; without any, the name squeezed."""
        picked = [(year, self.pick(name, year).report) for year in self.years([name])]
        return tuple((year, r.document) for year, r in picked if r is not None) or squeeze(name)

    def pick(self, name: str, year: int | None) -> Picked:
        """The report that counts for a name in a year."""
        return _pick([r for r in self._kept[name] if r.year == year], name)

    def office(self, parent: str, year: int | None) -> KeptReport | None:
        """The report of the parent's own office; None where there is none, or no single agency is it."""
        return _pick([r for r in self._offices[parent] if r.year == year], parent).report

    def _named(self, report: Report, document: str, own: str | None) -> list[str]:
        """The names in the list that mean the report: of a file, a division, an agency."""
        found = [name for name in _file_names(report, document) if name in self._kept]
        found += [n for n in self._check_sums if report.source.sha256.startswith(n.partition("-")[0])]
        if own is not None:
            found += self._ids_of(report.year).get(own, [])
            code, _, rest = own.partition(":")
            if code in self._kept and rest in _GOVERNMENT:
                found.append(code)
        key = agency_key(report.agency)
        if key is not None:
            alike = [*self._endings.get(key, []), *(n for e in _ends(key) for n in self._endings.get(e, []))]
            found += [n for n in alike if same_agency(agency_key(n) or "", key)]
        return list(dict.fromkeys(found))

    def _offices_of(self, report: Report, own: str | None) -> list[str]:
        """The parents whose own office the agency of the report is."""
        found: list[str] = []
        for end in OFFICE_ENDINGS:
            if own is not None and own.endswith(end):
                above = own.removesuffix(end)
                found += self._ids_of(report.year).get(above, [])
                code, _, rest = above.partition(":")
                if rest == _GOVERNMENT[0]:
                    found.append(code)
        return [name for name in dict.fromkeys(found) if name in self._offices]

    def _ids_of(self, year: int | None) -> dict[str, list[str]]:
        """Agency id in a year -> the names in the list that have it."""
        if year not in self._ids:
            ids: dict[str, list[str]] = {}
            for name in self._names:
                known = agency_id(name, year)
                if known is not None:
                    ids.setdefault(known, []).append(name)
            self._ids[year] = ids
        return self._ids[year]


def _ends(key: str) -> list[str]:
    return [key[at:] for at in range(len(key) - _SHORTEST_NAME + 1)]


def _pick(found: list[KeptReport], name: str) -> Picked:
    if _CODE.fullmatch(name):
        # A government is meant before its office.
        ranks = {
            r: _GOVERNMENT.index(rest) for rest in _GOVERNMENT for r in range(len(found)) if _rest(found[r]) == rest
        }
        best = min(ranks.values(), default=None)
        found = [r for n, r in enumerate(found) if ranks.get(n) == best]
    if not found:
        return Picked(None)
    agencies = {r.agency_id for r in found}
    ordered = sorted(found, key=lambda r: r.version.order)
    if len(agencies) > 1:
        exact = [r for r in ordered if squeeze(r.agency or "") == squeeze(name)]
        if len({r.agency_id for r in exact}) != 1:
            return Picked(None, tuple(ordered), several_agencies=True)
        ordered = [*exact, *(r for r in ordered if r not in exact)]
    return Picked(ordered[0], tuple(r for r in ordered[1:] if r.agency_id == ordered[0].agency_id))


def _rest(report: KeptReport) -> str:
    return (report.agency_id or "").partition(":")[2]


def _file_names(report: Report, document: str) -> list[str]:
    """What a person may call the file: its name, that of its document, both without their ending."""
    paths = [PurePath(report.source.name.replace("\\", "/")), PurePath(document)]
    return [text for path in paths for text in (str(path), path.name, path.stem)]


def _keep(report: Report, document: str, own: str | None) -> KeptReport:
    return KeptReport(
        source=report.source.name,
        document=document,
        sha256=report.source.sha256,
        agency=report.agency,
        agency_id=own,
        year=report.year,
        form=report.form,
        status=report.status,
        version=version_of(report, document),
        cells={i: Cell(value.kind, number_of(value), value.decision) for i, value in report.fields.items()},
        broken=frozenset(i for i, mark in field_marks(report).items() if mark.broken),
    )
