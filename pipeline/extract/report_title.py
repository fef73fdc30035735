"""The title of a report: found among lines and metadata, taken apart into agency and year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.extract.chinese_dates import YEAR, compact, parse_year

# Lines at the head of a document among which the title stands; web pages put navigation before it.
TITLE_WINDOW = 60
# Lines that one title may be broken into.
MAX_TITLE_LINES = 3
MAX_TITLE_CHARS = 80
MAX_AGENCY_CHARS = 40

_AGENCY = rf"[\u4e00-\u9fffA-Za-z()·]{{2,{MAX_AGENCY_CHARS}}}?"
_KIND = (
    r"(?:政府信息与政务|政府信息|政务信息|信息|政务)公开(?:工作)?(?:情况)?的?(?:年度)?(?:工作)?(?:情况)?的?(?:年度)?(?:工作)?"
    r"(?:总结)?(?:报告|年报)"
)
_AFTER = rf"(?:\(?(?P<late_year>{YEAR})年?度?\)?)?(?:\((?:全文|正文|公开版|文字版)\))?(?:的?公告|的?通知)?"
_YEAR_PART = rf"(?P<year>{YEAR})年?(?:年?度)?"
_FORMS = (
    # 某局2023年度政府信息公开工作年度报告; the year may be missing or stand at the end
    re.compile(rf"(?P<agency>{_AGENCY})(?:关于)?的?(?:{_YEAR_PART})?的?(?:{_KIND}){_AFTER}"),
    # 2023年某局政府信息公开工作年度报告
    re.compile(rf"(?:关于)?{_YEAR_PART}(?P<agency>{_AGENCY})的?(?:{_KIND}){_AFTER}"),
    re.compile(rf"(?:{_YEAR_PART})?(?P<agency>)(?:{_KIND}){_AFTER}"),
)
# Before the title proper: labels, enclosures, the path of a web page.
_PREFIX = re.compile(r"^\s*(?:标题|名称|题目|信息名称|文件名称|信息标题|公文名称|附件[0-9一二三]?)[:：]?")
_SEGMENTS = re.compile(r"\s*[>＞»›|｜_]\s*|\s+[-–—]\s+|[-–—](?=[^\d])")
# What a body that reports is called; a line above the title is taken for its agency only with one of these endings.
_BODY_END = re.compile(
    r"(?:政府|局|委|委员会|办|办公室|办公厅|厅|部|院|会|中心|处|站|所|署|司|社|队|馆|校|大学|学院|集团|公司|银行|分行|支行|街道|"
    r"省|市|区|县|旗|盟|州|乡|镇|园区|开发区|农场|林场|分局|支队|总队|大队)$"
)
_NOT_IN_AGENCY = re.compile(r"根据|按照|依据|现将|公布|编制|本报告|以下简称|年度报告|年报|信息公开|栏目|首页|网站|附件")


@dataclass(frozen=True, slots=True)
class ReportTitle:
    """A title as printed without its white space, and what it says; None for what it does not say."""

    text: str
    agency: str | None
    year: int | None

    @property
    def completeness(self) -> int:
        """Larger where more is said; the agency counts more than the year, which other places state too."""
        return 2 * (self.agency is not None) + (self.year is not None)


def find_title(lines: Sequence[str], stated: Iterable[str]) -> ReportTitle | None:
    """The most complete title; among equals the one printed first, before titles from metadata.

    Args:
        lines: Text lines of the document in reading order.
        stated: Titles that the file or the page states about itself, most trusted first.
    """
    head = lines[:TITLE_WINDOW]
    whole = [t for line in head for t in _titles_in(line)]
    broken = list(_broken_titles(head))
    outside = [t for text in stated for t in _titles_in(text)]
    glued = [t for line in head if (t := _title_at_start(line)) is not None]
    candidates = [*whole, *broken, *outside, *glued]
    return max(candidates, key=lambda t: t.completeness, default=None)


def parse_title(text: str) -> ReportTitle | None:
    """The title that the text is, agency and year split off; None where the text is no title of such a report."""
    plain = _PREFIX.sub("", compact(text).strip('《》〈〉"“”*#'), count=1)
    if len(plain) > MAX_TITLE_CHARS:
        return None
    for form in _FORMS:
        match = form.fullmatch(plain)
        if match is not None:
            title = _from_match(match, plain)
            if title is not None:
                return title
    return None


def is_body(name: str) -> bool:
    """True where the (compact) name is what a reporting body is called: no sentence, a known ending."""
    core = re.sub(r"\([^()]*\)$", "", name)
    return (
        re.fullmatch(_AGENCY, name) is not None
        and _BODY_END.search(core) is not None
        and _NOT_IN_AGENCY.search(name) is None
    )


def _from_match(match: re.Match[str], plain: str) -> ReportTitle | None:
    agency = re.sub(r"(?:关于(?:印发|公布|发布|公开)?|的)$", "", match.group("agency"))
    # The last form covers what has no name before these words.
    if _NOT_IN_AGENCY.search(agency) or agency in {"政府", "政务"}:
        return None
    # 某市人民政府信息公开年度报告: "政府" is printed once and belongs to both words.
    if agency.endswith("人民"):
        agency += "政府"
    named = match.group("year") or match.group("late_year")
    year = parse_year(named) if named else None
    if year is None and "年" not in plain:
        return None
    return ReportTitle(plain, agency or None, year)


def _titles_in(line: str) -> Iterator[ReportTitle]:
    # White space in single spaces: the pattern would look at each run of it from each of its characters.
    for text in (line, *_SEGMENTS.split(" ".join(line.split()))):
        title = parse_title(text)
        if title is not None:
            yield title


def _broken_titles(lines: Sequence[str]) -> Iterator[ReportTitle]:
    """Titles printed over two or three lines, agency above or the sentence broken anywhere."""
    for start in range(len(lines)):
        for stop in range(start + 2, min(start + MAX_TITLE_LINES, len(lines)) + 1):
            parts = [_PREFIX.sub("", line.strip(), count=1) for line in lines[start:stop]]
            if not all(parts) or sum(len(p) for p in parts) > MAX_TITLE_CHARS:
                continue
            title = parse_title("".join(parts))
            # A line above that is no name (正文, a heading of the site) must not become the agency.
            if title is not None and (title.agency is None or is_body(title.agency)):
                yield title


def _title_at_start(line: str) -> ReportTitle | None:
    """A title with agency and year at the beginning of a line in which everything is glued together."""
    plain = _PREFIX.sub("", compact(line), count=1)
    for form in _FORMS[:2]:
        match = form.match(plain)
        if match is not None:
            title = _from_match(match, match.group())
            if title is not None and title.agency and title.year and is_body(title.agency):
                return title
    return None
