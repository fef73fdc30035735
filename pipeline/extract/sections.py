"""Running text -> the six sections of the report's prose, found by their headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from models.page import TextLine
from pipeline.extract.join_lines import TextLayout, join_lines, measure_layout

PREAMBLE = "preamble"
# Similarity, 0..100, of a printed heading to one of the known wordings.
HEADING_SCORE = 80.0
# Without its number, or inside a long line, a heading must be nearly exact.
BARE_HEADING_SCORE = 90.0
# Characters that a heading may have more or fewer than the wording it is compared to.
LENGTH_SLACK = 3
# Characters between two items of a list of headings: a comma, or a comma and "and".
MAX_LIST_GAP = 2
# Longest line, in characters, that may be a heading and nothing else.
MAX_HEADING_CHARS = 60

# Wordings seen at the head of each section; the official ones of 2021 and 2019 first.
_WORDINGS: dict[str, tuple[str, ...]] = {
    "overview": ("总体情况", "政府信息公开工作总体情况", "政府信息公开总体情况", "概述", "基本情况"),
    "proactive": ("主动公开政府信息情况", "主动公开政府信息的情况", "政府信息主动公开情况", "主动公开情况"),
    "requests": (
        "收到和处理政府信息公开申请情况",
        "政府信息公开申请情况",
        "依申请公开政府信息情况",
        "政府信息依申请公开工作情况",
        "政府信息公开申请办理情况",
        "依申请公开情况",
    ),
    "disputes": (
        "政府信息公开行政复议、行政诉讼情况",
        "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "因政府信息公开申请行政复议、提起行政诉讼的情况",
        "政府信息公开工作被申请行政复议和提起行政诉讼情况",
        "行政复议、行政诉讼情况",
    ),
    "problems": (
        "存在的主要问题及改进情况",
        "政府信息公开工作存在的主要问题及改进情况",
        "存在的主要问题及整改措施",
        "存在的问题及改进情况",
        "主要问题和改进措施",
        "存在问题及改进措施",
    ),
    "other": ("其他需要报告的事项", "需要报告的其他事项", "其他需要说明的事项", "其他事项"),
}
# One of these must stand in the heading, whatever the similarity: the wordings share most of their characters.
_KEYWORDS: dict[str, tuple[str, ...]] = {
    "overview": ("总体", "概述", "基本"),
    "proactive": ("主动公开",),
    "requests": ("申请",),
    "disputes": ("复议", "诉讼"),
    "problems": ("问题", "整改", "改进"),
    "other": ("其他", "其它"),
}
SECTION_KEYS: tuple[str, ...] = tuple(_WORDINGS)
_PLAIN_WORDINGS = tuple(
    (key, unicodedata.normalize("NFKC", wording)) for key, wordings in _WORDINGS.items() for wording in wordings
)
_ANY_KEYWORD = re.compile("|".join(word for words in _KEYWORDS.values() for word in words))

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_NUMERAL_ANYWHERE = re.compile(_NUMERAL)
# One number or more: 一、 / 一. / 一、一、 / 三三、 Not （一）, which numbers the parts of a section, nor 表二：.
_NUMBER = re.compile(rf"(?<![(第表图件一二三四五六七八九十])(?:{_NUMERAL}[、.,:])+")
_PART_NUMBER = re.compile(rf"\(?(?:{_NUMERAL}|[0-9]{{1,2}})\)|[0-9]{{1,2}}[.、:]")
_NUMBER_AT_START = re.compile(rf"(?:第?{_NUMERAL}(?:部分|章)?[、.,:]?)+")
# Words between the number and the wording.
_FILLER = re.compile(r"(?:[0-9]{4}年度?|本年度?|全年|本(?:机关|单位|部门|局|市|县|区)|全[市县区省]|关于)")
# Rows of the tables are numbered like sections and speak of the same things.
_TABLE_LABEL = re.compile(r"本年新收|上年结转|本年度?办理|结转下年")
# How the wordings end; a heading glued to its text ends with one of these.
_LAST_CHARS = frozenset(wording[-1] for wordings in _WORDINGS.values() for wording in wordings)
# What follows a heading that is only mentioned in a list, as in the sentence that announces the parts of the report.
_LISTED = re.compile(rf"[,;、]|等|[和及与]{_NUMERAL}[、.]")
_CONTENTS_DOTS = re.compile(r"[.·…\s]*[.·…\s]\s*[0-9]{1,3}$")
# What stands between a heading and a text in the same line.
_GAP = re.compile(r"\s*[:：。]\s*(?=[^\s*])|\s+(?=[^\s*:：。])")
_DECORATION = re.compile(r"^[\s*#>]+|[\s*]+$")


@dataclass(frozen=True, slots=True)
class _Heading:
    key: str
    start: int
    stop: int


def lines_to_sections(lines: Sequence[TextLine], *, join_wrapped: bool = True) -> dict[str, str]:
    """Section key -> its text, one paragraph a line, in the order in which the sections begin.

    Keys: ``overview``, ``proactive``, ``requests``, ``disputes``, ``problems``, ``other``; ``preamble`` for the text
    before the first heading. A missing key = no such heading was found; an empty text = the heading was found and
    nothing stands under it. Text under a heading that occurs twice is put together. Headings themselves are left out.

    Args:
        lines: Running text outside tables, in reading order.
        join_wrapped: True where lines end at the margin (PDF): they are joined to paragraphs. False where every line is
            a block of its own (HTML, DOCX).
    """
    collected: dict[str, list[TextLine]] = {PREAMBLE: []}
    breaks: dict[str, list[int]] = {}
    key = PREAMBLE
    for line in lines:
        rest = 0
        for heading in _headings(line.text):
            _append(collected[key], line, line.text[rest : heading.start])
            key = heading.key
            # Text of another place must not be joined to what an earlier occurrence of the heading ended with.
            breaks.setdefault(key, []).append(len(collected.setdefault(key, [])))
            rest = heading.stop
        _append(collected[key], line, line.text[rest:])
    layout = measure_layout(lines) if join_wrapped else None
    return {
        key: _to_text(part, breaks.get(key, []), layout) for key, part in collected.items() if part or key != PREAMBLE
    }


def _append(part: list[TextLine], line: TextLine, text: str) -> None:
    if text == line.text:
        part.append(line)
        return
    text = text.lstrip("：:").strip()
    if text:
        part.append(TextLine(text, line.page_no, line.bbox, line.score))


def _to_text(part: Sequence[TextLine], breaks: Sequence[int], layout: TextLayout | None) -> str:
    bounds = [0, *breaks[1:], len(part)]
    pieces = (join_lines(part[a:b], layout) for a, b in pairwise(bounds))
    return "\n".join(p for p in pieces if p)


def _headings(text: str) -> list[_Heading]:
    """Section headings in a line, with their character ranges: one that fills the line, or numbered ones inside it."""
    whole = _whole_line_heading(text)
    if whole is not None:
        return [_without_answer(whole, text)]
    if not _NUMERAL_ANYWHERE.search(text):
        return []
    compact, origin = _compact(text)
    found: list[_Heading] = []
    list_stop: int | None = None
    for number in _NUMBER.finditer(compact):
        after = compact[number.end() : number.end() + MAX_HEADING_CHARS]
        match = _match_wording(after, at_line_start=number.start() == 0)
        if match is None:
            continue
        key, length = match
        stop = number.end() + length
        glued = stop < len(compact) and origin[stop] == origin[stop - 1] + 1
        # The last item of a list has no comma after it, but stands right behind the one before.
        in_list = list_stop is not None and number.start() - list_stop <= MAX_LIST_GAP
        if in_list or (glued and _LISTED.match(compact, stop)):
            list_stop = stop
            continue
        found.append(_Heading(key, origin[number.start()], origin[stop]))
    return _without_overlaps(found)


def _whole_line_heading(text: str) -> _Heading | None:
    """A heading alone in its line, numbered or not, as printed in a table of contents too."""
    if len(text) > MAX_HEADING_CHARS:
        return None
    compact, _ = _compact(_CONTENTS_DOTS.sub("", _DECORATION.sub("", text)))
    if _PART_NUMBER.match(compact):
        return None
    number = _NUMBER_AT_START.match(compact)
    title = compact[number.end() :] if number else compact
    title = title.rstrip(":.。")
    if _TABLE_LABEL.match(title) or not _ANY_KEYWORD.search(title):
        return None
    filler = _FILLER.match(title)
    if filler:
        title = title[filler.end() :]
    threshold = HEADING_SCORE if number else BARE_HEADING_SCORE
    best = max(
        ((fuzz.ratio(title, wording), key) for key, wording in _PLAIN_WORDINGS if _has_keyword(key, title)),
        default=None,
    )
    return _Heading(best[1], 0, len(text)) if best is not None and best[0] >= threshold else None


def _without_answer(heading: _Heading, text: str) -> _Heading:
    """The heading without a short text behind it in the same line, as in ``六、其他需要报告的事项：无``."""
    compact, origin = _compact(text)
    for wording in (wording for key, wording in _PLAIN_WORDINGS if key == heading.key and wording in compact):
        end = origin[compact.index(wording) + len(wording) - 1] + 1
        rest = text[end:]
        gap = _GAP.match(rest)
        if gap and not _CONTENTS_DOTS.fullmatch(rest):
            return _Heading(heading.key, heading.start, end + gap.end())
    return heading


def _match_wording(text: str, *, at_line_start: bool) -> tuple[str, int] | None:
    """The section whose wording the text begins with, and how many of its characters belong to the heading."""
    if _TABLE_LABEL.match(text) or not _ANY_KEYWORD.search(text):
        return None
    filler = _FILLER.match(text)
    skipped = filler.end() if filler else 0
    text = text[skipped:]
    threshold = HEADING_SCORE if at_line_start else BARE_HEADING_SCORE
    best: tuple[float, int, str] | None = None
    for key, plain in _PLAIN_WORDINGS:
        for length in range(max(len(plain) - LENGTH_SLACK, 2), min(len(plain) + LENGTH_SLACK, len(text)) + 1):
            title = text[:length]
            if title[-1:] not in _LAST_CHARS or not _has_keyword(key, title):
                continue
            score = fuzz.ratio(title, plain, score_cutoff=threshold)
            if score and (best is None or (score, length) > best[:2]):
                best = (score, length, key)
    return None if best is None else (best[2], skipped + best[1])


def _has_keyword(key: str, title: str) -> bool:
    return any(word in title for word in _KEYWORDS[key])


def _compact(text: str) -> tuple[str, list[int]]:
    """The text without white space and width variants; for each of its characters, and the end, the original offset."""
    kept: list[str] = []
    origin: list[int] = []
    for offset, char in enumerate(text):
        for plain in unicodedata.normalize("NFKC", char):
            if not plain.isspace() and plain != "*":
                kept.append(plain)
                origin.append(offset)
    origin.append(len(text))
    return "".join(kept), origin


def _without_overlaps(found: Sequence[_Heading]) -> list[_Heading]:
    kept: list[_Heading] = []
    for heading in found:
        if not kept or heading.start >= kept[-1].stop:
            kept.append(heading)
    return kept
