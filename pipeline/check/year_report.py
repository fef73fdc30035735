"""What a comparison across years needs of one report, and whether two names are those of one agency."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath

from models.figures import number_of
from models.finding import Origin
from models.report import Claim, FieldValue, FormName, Report
from models.text import squeeze

# Rows and columns whose numbers bind one year to the next.
CARRIED_IN, CARRIED_OUT = "carried_in", "carried_out"
IN_FORCE, ISSUED, REPEALED = "in_force", "issued", "repealed"
PRIOR_ITEMS, CHANGE = "prior_items", "change"
_ROWS = frozenset({CARRIED_IN, CARRIED_OUT})
_COLUMNS = frozenset({IN_FORCE, ISSUED, REPEALED, PRIOR_ITEMS, CHANGE})

_TOTAL = "total"
_SINGLE = frozenset({"proactive"})
# Units of a stated change.
_PERCENT = frozenset({"%", "％"})

# The finding that the statistical period is that of another year.
_OTHER_PERIOD = "metadata.period_year"
_NOT_NAME = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]")
_HAN = r"[\u3400-\u9fff]"
_STARTS_WITH_PLACE = re.compile(rf"{_HAN}县|{_HAN}{{2,10}}?[省市区县州盟旗]")
_PLACES_ABOVE = re.compile(rf"{_HAN}{{2,20}}[省市区县州盟旗]")


@dataclass(frozen=True, slots=True)
class YearReport:
    """The part of a report that is compared with other years; far smaller than the report.

    ``agency`` is the name as it is compared, None where it is not known. ``published`` is YYYY-MM-DD. ``fields`` are
    those that bind years together or are totals, without their evidence; ``sections`` the prose, ``changes`` what it
    says in percent about the year before. ``year_is_doubtful`` where the
    report states its statistics for another year than its own.
    """

    source: str
    sha256: str
    agency: str | None
    year: int | None
    form: FormName = "unknown"
    published: str | None = None
    fields: dict[str, FieldValue] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    changes: tuple[Claim, ...] = ()
    year_is_doubtful: bool = False

    @property
    def file_name(self) -> str:
        """The name of the file without its folders, for sentences."""
        return PurePath(self.source.replace("\\", "/")).name or self.source


def year_report(report: Report) -> YearReport:
    """The part of a report that is compared with other years."""
    return YearReport(
        source=report.source.name,
        sha256=report.source.sha256,
        agency=agency_key(report.agency),
        year=report.year,
        form=report.form,
        published=report.published,
        fields={
            i: value.model_copy(update={"evidence": [], "label": None})
            for i, value in report.fields.items()
            if _binds_years(i)
        },
        sections=dict(report.sections),
        changes=tuple(c for c in report.claims if c.scope == "change" and c.unit in _PERCENT and c.fields),
        year_is_doubtful=any(f.rule == _OTHER_PERIOD for f in report.findings),
    )


def agency_key(name: str | None) -> str | None:
    """The name of an agency as it is compared: folded, without blanks and punctuation; None where nothing is left."""
    return _NOT_NAME.sub("", squeeze(name)) or None if name else None


def same_agency(one: str, other: str) -> bool:
    """True for two keys of one agency: equal, or equal but for the city or province before a district or county.

    A name that does not begin with a place (``财政局``) could be that of any place, and is only equal to itself.
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return (
        long.endswith(short)
        and _STARTS_WITH_PLACE.match(short) is not None
        and _PLACES_ABOVE.fullmatch(long.removesuffix(short)) is not None
    )


def _binds_years(field_id: str) -> bool:
    """True for what rules across years are about, and for totals and single numbers, whose changes prose states."""
    parts = field_id.split(".")
    return parts[-1] in _COLUMNS or parts[0] in _SINGLE or parts[-1] == _TOTAL or (len(parts) > 1 and parts[1] in _ROWS)


def numbers_of(ids: Sequence[str], fields: Mapping[str, FieldValue]) -> list[Decimal] | None:
    """The numbers of all the fields; None where one of them holds none: a blank is not 0."""
    numbers = [n for i in ids for n in [number_of(fields.get(i))] if n is not None]
    return numbers if len(numbers) == len(ids) else None


def origin_of(values: Iterable[FieldValue | None]) -> Origin:
    """The report, where every cell was accepted; else it may be our reading."""
    return "report" if all(v is not None and v.decision == "accept" for v in values) else "undetermined"
