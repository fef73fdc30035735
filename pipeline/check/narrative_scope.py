"""Words around a number -> what it covers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.claim_words import claim_words
from models.report import ClaimScope
from pipeline.check.narrative_labels import TOTAL, Reading

# Characters that may stand before the name of an agency in its sentence.
_BEFORE_NAME = re.compile(r"^(?:年度?|全年|其中|由|[0-9]+)+")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose report it is: ``agency`` and ``year``, None where unknown."""

    agency: str | None
    year: int | None


def scope_of(reading: Reading, label: str, before: str, way: str, speaker: Speaker) -> ClaimScope:
    """What a number covers.

    Args:
        reading: What it counts.
        label: The words that say so.
        before: The sentence up to the number, and the label after it where that belongs to it.
        way: The clause before the label where it names no number, with the label: how requests came in.
        speaker: The agency and the year of the report.
    """
    words = claim_words()
    for scope in words.scopes:
        if scope.subjects and reading.subject not in scope.subjects:
            continue
        if scope.only and (reading.columns != TOTAL or reading.items[0] not in scope.only):
            continue
        text = label if scope.where == "label" else before
        match = scope.words.search(text)
        if match and not (
            scope.unless and scope.unless.search(text[: match.start()] if scope.where == "before" else text)
        ):
            return scope.id
    if not _is_this_year(reading, before, speaker):
        return "other_period"
    if reading.subject == "requests" and _is_one_channel(label, way):
        return "channel"
    return _who(before, speaker)


def _is_this_year(reading: Reading, before: str, speaker: Speaker) -> bool:
    words = claim_words()
    standing = set(words.standing).intersection(reading.items)
    text = words.whole_year.sub("", before)
    found = [
        *((match, True) for match in words.this_year.finditer(text)),
        *((match, bool(standing)) for match in words.other_year.finditer(text)),
        *((match, int(match.group(1)) == speaker.year) for match in words.year.finditer(text)),
    ]
    marks = [(match.end(), len(match.group()), this) for match, this in found]
    if marks:
        return max(marks)[2]
    return bool(standing) or not words.cumulative.search(text)


def _is_one_channel(label: str, way: str) -> bool:
    """True where one way of asking is named, in the label or in the clause before it, which may list several."""
    counts = [sum(bool(c.search(text)) for c in claim_words().channels) for text in (label, way)]
    return counts[0] == 1 or (counts[0] == 0 and counts[1] == 1)


def _who(before: str, speaker: Speaker) -> ClaimScope:
    """By the last of those who are named before the number."""
    words, agency = claim_words(), speaker.agency
    government = agency is not None and bool(words.government_agency.search(agency))
    marks: list[tuple[int, ClaimScope]] = [(0, "clear")]
    marks += [(m.end(), _office(m.group(), agency)) for m in words.office.finditer(before)]
    marks += [(m.end(), "office" if government else "clear") for m in words.self_words.finditer(before)]
    wide: ClaimScope = "clear" if government or agency is None else "wider"
    marks += [(m.end(), wide) for m in words.wider.finditer(before)]
    for match in words.named_agency.finditer(before):
        name = _BEFORE_NAME.sub("", match.group(1))
        if name and not words.not_named_agency.search(name):
            marks.append((match.end(1), "clear" if agency and _is_same(name, agency) else "subordinate"))
    return max(marks, key=lambda mark: mark[0])[1]


def _office(name: str, agency: str | None) -> ClaimScope:
    """``clear`` for the office in its own report, unless only a part of it is meant."""
    words = claim_words()
    own = agency is not None and words.office_agency.search(agency) and not words.office_part.search(name)
    return "clear" if own else "office"


def _is_same(name: str, agency: str) -> bool:
    """True where the name is a short form of the agency's: its characters in order, the place before it aside."""
    return any(_is_within(text, agency) for text in (name, name[1:]))


def _is_within(text: str, agency: str) -> bool:
    rest = iter(agency)
    return all(char in rest for char in text)
