"""Who reported: the agency as it is told apart in the panel, with its division."""

from __future__ import annotations

from models.text import squeeze
from pipeline.regions.find_region import Region, find_region


def agency_id(agency: str | None, year: int | None) -> str | None:
    """The agency as it is told apart: ``370202:财政局``, or its name where its division is open; None without a name.

    Names that differ only in the places named before (``山东省青岛市市南区财政局``) have one id.
    """
    if not agency or not squeeze(agency):
        return None
    return region_id(find_region(agency, year), agency)


def region_id(region: Region, agency: str) -> str:
    """The id of an agency whose division has been looked for."""
    return squeeze(agency) if region.division is None else f"{region.division.code}:{region.rest}"
