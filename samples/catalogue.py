"""The named styles: every way a report may look that the readers are measured on."""

from __future__ import annotations

from samples.catalogue_office import OFFICE_STYLES
from samples.catalogue_pdf import PDF_STYLES
from samples.catalogue_web import WEB_STYLES
from samples.style import Style

_ALL: tuple[tuple[Style, ...], ...] = (PDF_STYLES, OFFICE_STYLES, WEB_STYLES)


def _interleave(groups: tuple[tuple[Style, ...], ...]) -> tuple[Style, ...]:
    """Styles of all groups spread evenly, so that the first few already cover every producer."""
    ranked = [
        ((index + 0.5) / len(group), place, style)
        for place, group in enumerate(groups)
        for index, style in enumerate(group)
    ]
    return tuple(style for _, _, style in sorted(ranked, key=lambda entry: entry[:2]))


CATALOGUE: dict[str, Style] = {style.name: style for style in _interleave(_ALL)}
