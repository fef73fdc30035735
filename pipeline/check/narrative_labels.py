"""Label of a number -> what it counts: the subject, the item, the columns of applicants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from models.claim_words import ClaimItem, claim_words
from pipeline.check.prose_quantities import QuantityKind

TOTAL = ("total",)
# Items of this rank are results of handling: who asked is then no column of theirs, unless nothing else is named.
_RESULT_RANK = 2
# Words that leave open whether a part or the whole is meant: 因不掌握等原因无法提供.
_AND_OTHERS = "等"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a label says. ``items`` are alternatives, the first the likelier; empty where it names only applicants."""

    subject: str
    items: tuple[str, ...]
    columns: tuple[str, ...] = TOTAL
    joined: bool = False

    @property
    def is_ambiguous(self) -> bool:
        """True where the words can be read in more than one way."""
        return len(self.items) > 1 and not self.joined

    @property
    def is_whole(self) -> bool:
        """True where the words name a whole by one of its parts: 因不掌握等原因无法提供."""
        of = claim_words().subjects[self.subject].items
        return any(of[name].part_of == self.items[0] for name in self.items[1:])

    def found(self) -> Iterator[ClaimItem]:
        """The items themselves."""
        of = claim_words().subjects[self.subject].items
        return (of[name] for name in self.items)


@lru_cache(maxsize=1)
def _any_subject() -> re.Pattern[str]:
    """What all subjects together are named by: most labels name none, and are done with in one search."""
    words = claim_words()
    return re.compile("|".join((*(s.words.pattern for s in words.subjects.values()), words.other.pattern)))


def subject_of(label: str, before: str | None) -> str | None:
    """The subject that the label names last, or ``before`` where it names none; None for things no table counts."""
    words = claim_words()
    if not _any_subject().search(label):
        return before
    last, subject = (0, 0), before
    for name, entry in (*words.subjects.items(), (None, None)):
        pattern = words.other if entry is None else entry.words
        for match in pattern.finditer(label):
            here = (match.end(), match.end() - match.start())
            if here > last:
                last, subject = here, name
    return subject


def read_label(label: str, kind: QuantityKind, subject: str | None, around: str) -> Reading | None:
    """What a label counts; None where it counts nothing known.

    Args:
        label: The words about the number.
        kind: What kind of number it is.
        subject: What the text before was about.
        around: The clause up to the end of the label, in which words may make it something else.
    """
    named = subject_of(label, None) is not None
    subject = subject_of(label, subject)
    if subject is None:
        return None
    items = [
        name
        for name, item in claim_words().subjects[subject].items.items()
        if item.unit == kind
        and (named or not item.named)
        and item.words.search(label)
        and not (item.unless and item.unless.search(around))
    ]
    columns = _columns(label) if subject == "requests" else TOTAL
    if not items:
        return Reading(subject, (), columns) if columns != TOTAL else None
    of = claim_words().subjects[subject].items
    rank = max(of[i].rank for i in items)
    best = [i for i in items if of[i].rank == rank]
    if rank >= _RESULT_RANK:
        columns = TOTAL
    wholes = {of[i].part_of for i in best}
    parts = [i for i in best if of[i].part_of in best]
    if parts:
        # 因不掌握无法提供 is the part alone; with 等 it may be the whole, and is read so.
        rest = [i for i in best if i in wholes]
        return Reading(subject, (*rest, *parts) if _AND_OTHERS in label else (*parts, *rest), columns)
    return Reading(subject, tuple(best), columns, joined=rank == _RESULT_RANK)


def _columns(label: str) -> tuple[str, ...]:
    words = claim_words()
    columns = [name for name, pattern in words.applicants.items() if pattern.search(label)]
    if words.organisations.search(label):
        if columns:
            return TOTAL if "natural_person" in columns else tuple(columns)
        return words.organisation_columns
    return tuple(columns) or TOTAL
