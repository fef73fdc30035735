"""A notice for an agency: what is wrong in its report, with pictures of the places."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NoticeValue:
    """One number that a finding is about: its name in Chinese, what is printed, the page; ``png`` is a crop of it."""

    name: str
    printed: str
    page_no: int | None
    png: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NoticeFinding:
    """One finding in Chinese. ``explanations``: each says what would make the sums hold."""

    severity: str
    message: str
    values: tuple[NoticeValue, ...]
    explanations: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice. ``date`` is as people write it."""

    agency: str
    title: str
    year: str
    source: str
    date: str
    findings: tuple[NoticeFinding, ...]
