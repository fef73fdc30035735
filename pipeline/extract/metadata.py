"""Who reports on which year: title, agency, year, dates and number of a report, from whatever place states them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.document import Opened
from pipeline.extract.chinese_dates import YEAR, compact, first_date, is_date_only, parse_year
from pipeline.extract.report_title import find_title, is_body
from pipeline.extract.sections import PREAMBLE, lines_to_sections
from pipeline.extract.stated_facts import Fact, read_stated_facts

# Lines from the end among which the signature is looked for; web pages put links and addresses below it.
SIGNATURE_WINDOW = 40
# Lines at the head in which a document number may stand alone.
NUMBER_WINDOW = 15
# Characters before a period of time within which a word must say that it is the period of the statistics.
PERIOD_CONTEXT_CHARS = 40

_TITLE_KEYS = ("articletitle", "title", "og:title", "dc.title")
_AGENCY_KEYS = ("contentsource", "source", "publisher", "department", "author", "dc.publisher", "dc.creator")
_DATE_KEYS = (
    "pubdate",
    "publishdate",
    "publish_date",
    "releasedate",
    "article:published_time",
    "dc.date",
    "dc.date.issued",
    "date",
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,20}[〔\[【(]20[0-9]{2}[〕\]】)]第?[0-9]{1,5}号")
# What programs write into the title of a file ("Microsoft Word - 1.doc") is no title of a report.
_ABOUT_DISCLOSURE = re.compile(r"公开|年报|年度报告")
_LEADING_NAME = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff()·]*")
_SIGNATURE = re.compile(rf"(?P<name>[\u4e00-\u9fff]{{4,30}})(?P<date>{YEAR}[年].{{2,9}}日)$")
# Misprints stay readable: 自2018月1日起 has lost "年1".
_PERIOD = re.compile(
    rf"(?P<start>{YEAR})年?(?:[0-9]{{0,2}}月)?(?:[0-9]{{1,2}}日)?起?,?(?:至|到|[-—–~])(?:(?P<stop>{YEAR})年?)?(?:12月|年?底)"
)
_PERIOD_WORDS = re.compile(r"统计|数据|期限|时限|起止|时间")
_NAMED_YEAR = re.compile(rf"({YEAR})年")
# Names that begin below the level of a city are common to many places.
_LOCAL_NAME = re.compile(r"(?!.*(?:省|市|自治区|州|盟))|[^省市州盟]{1,12}?(?:区|县|旗|镇|乡|街道)")
_PLACE = r"(?:(?!全|我|本|各|该|省|市)[\u4e00-\u9fff]{2,8}?(?:省|市|自治区|自治州|州|盟|地区|县|区))"
# A place name in running text begins behind one of these.
_BEFORE_PLACE = re.compile(r".*[由请与向经是为对将从及,。:;、“(]")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the report says about itself; None where nothing states it.

    ``published`` is YYYY-MM-DD. ``period_years`` are the years in which the stated period of the statistics begins and
    ends.
    """

    title: str | None
    agency: str | None
    year: int | None
    published: str | None
    document_number: str | None
    period_years: tuple[int, int] | None


def read_metadata(opened: Opened) -> Metadata:
    """Title, agency, year, date, number and period of an opened report.

    The title counts first. Agency: then the body that published it, then the signature, then the source. Year: then the
    period of the statistics, then the year that the first section names most often.
    """
    lines = [line.text for line in opened.lines]
    facts = read_stated_facts(lines, opened.grids)
    metadata = opened.metadata
    stated = [*facts.get("title", ()), *_values(metadata, _TITLE_KEYS)]
    title = find_title(lines, stated)
    signed = _signature(lines)
    agency = title.agency if title is not None else None
    if agency is None:
        agency = _first_body(_agency_statements(facts, metadata, signed))
    period = _period_years(lines)
    year = title.year if title is not None else None
    if year is None:
        year = period[1] if period is not None else _most_named_year(opened)
    return Metadata(
        title=title.text if title is not None else next(filter(_ABOUT_DISCLOSURE.search, stated), None),
        agency=_fuller_name(agency, lines) if agency else None,
        year=year,
        published=_published(facts, metadata, signed),
        document_number=_document_number(facts, lines),
        period_years=period,
    )


def _values(metadata: Mapping[str, str], keys: Iterable[str]) -> list[str]:
    return [metadata[key] for key in keys if metadata.get(key)]


def _agency_statements(
    facts: Mapping[Fact, list[str]], metadata: Mapping[str, str], signed: tuple[str, str] | None
) -> Iterator[str]:
    yield from facts.get("agency", ())
    yield from _values(metadata, _AGENCY_KEYS)
    if signed is not None:
        yield signed[0]
    yield from facts.get("weak_agency", ())


def _first_body(statements: Iterable[str]) -> str | None:
    """The first statement that is a name of a body; whatever stands behind the name (links, counters) is cut off."""
    for statement in statements:
        name = _LEADING_NAME.match(compact(statement))
        if name is not None and is_body(name.group()):
            return name.group()
    return None


def _published(
    facts: Mapping[Fact, list[str]], metadata: Mapping[str, str], signed: tuple[str, str] | None
) -> str | None:
    statements = (*facts.get("published", ()), *_values(metadata, _DATE_KEYS), *facts.get("written", ()))
    dates = (first_date(compact(s)) for s in statements)
    return next((d for d in dates if d is not None), first_date(signed[1]) if signed is not None else None)


def _document_number(facts: Mapping[Fact, list[str]], lines: Sequence[str]) -> str | None:
    """The report's own number: labelled, or alone in a line at its head; numbers quoted in sentences are others'."""
    for value in facts.get("number", ()):
        found = _NUMBER.search(value)
        if found is not None:
            return found.group()
    alone = (compact(line) for line in lines[:NUMBER_WINDOW])
    return next((line for line in alone if _NUMBER.fullmatch(line)), None)


def _signature(lines: Sequence[str]) -> tuple[str, str] | None:
    """(body, date) printed at the end of the report, in one line or in two; None where there is no such pair."""
    tail = [compact(line) for line in lines[-SIGNATURE_WINDOW:]]
    for i in range(len(tail) - 1, -1, -1):
        match = _SIGNATURE.search(tail[i])
        if match is not None and first_date(match.group("date")) and is_body(match.group("name")):
            return match.group("name"), match.group("date")
        if i and is_date_only(tail[i]) and is_body(tail[i - 1]):
            return tail[i - 1], tail[i]
    return None


def _period_years(lines: Sequence[str]) -> tuple[int, int] | None:
    text = "".join(compact(line) for line in lines)
    for match in _PERIOD.finditer(text):
        if not _PERIOD_WORDS.search(text[max(match.start() - PERIOD_CONTEXT_CHARS, 0) : match.start()]):
            continue
        start = parse_year(match.group("start"))
        stop = parse_year(match.group("stop")) if match.group("stop") else start
        if start is not None and stop is not None:
            return start, stop
    return None


def _most_named_year(opened: Opened) -> int | None:
    """The year that the first section names most often, the later of equals; without sections the text before them."""
    sections = lines_to_sections(opened.lines, join_wrapped=False)
    text = sections.get("overview") or sections.get(PREAMBLE) or ""
    named = Counter(year for y in _NAMED_YEAR.findall(compact(text)) if (year := parse_year(y)) is not None)
    return max(named, key=lambda year: (named[year], year), default=None)


def _fuller_name(agency: str, lines: Sequence[str]) -> str:
    """The agency with the city or province before it, where the report prints it so: many districts share a name."""
    if not _LOCAL_NAME.match(agency):
        return agency
    text = "".join(compact(line) for line in lines)
    found = Counter(
        place
        for match in re.finditer(rf"({_PLACE}{{1,2}}){re.escape(agency)}", text)
        if re.fullmatch(rf"{_PLACE}{{1,2}}", place := _BEFORE_PLACE.sub("", match.group(1)))
    )
    best = max(found, key=lambda place: found[place], default="")
    return best + agency
