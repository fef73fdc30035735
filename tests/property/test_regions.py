"""Every division is found under its full name, whatever office stands behind it; nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.regions.divisions import Division, load_divisions
from pipeline.regions.find_region import find_region

DIVISIONS = load_divisions()
CURRENT = [d for d in DIVISIONS.rows if d.last_seen == DIVISIONS.newest]
OFFICES = ["人民政府", "财政局", "市场监督管理局", "城市管理局", "住房和城乡建设局", "乡村振兴局", "区域合作办公室"]
YEAR = 2024


def full_name(division: Division) -> str:
    """The names of the province, the city if there is one, and the division."""
    above = DIVISIONS.newest_of[division.parent] if division.parent else None
    return division.name if above is None else full_name(above) + division.name


@pytest.mark.parametrize("office", ["", "人民政府", "市场监督管理局"])
def test_every_full_name_resolves_to_its_own_code(office: str) -> None:
    wrong = [
        (d.code, d.name)
        for d in CURRENT
        if (found := find_region(full_name(d) + office, YEAR).division) is None or found.code != d.code
    ]

    assert wrong == []


@given(st.sampled_from(CURRENT), st.sampled_from(OFFICES))
def test_the_office_is_what_is_left(division: Division, office: str) -> None:
    region = find_region(full_name(division) + office, YEAR)

    assert (region.rest, region.match) == (office, "exact")


@given(st.sampled_from(DIVISIONS.rows), st.sampled_from(OFFICES), st.integers(2009, 2026) | st.none())
def test_a_bare_name_means_a_division_of_that_name_or_stays_open(
    division: Division, office: str, year: int | None
) -> None:
    region = find_region(division.name + office, year)

    if region.division is None:
        assert region.reason is not None
    else:
        assert (region.division.name + region.rest) == division.name + office


@given(st.sampled_from(CURRENT), st.sampled_from(OFFICES))
def test_a_name_that_several_divisions_bear_is_never_decided(division: Division, office: str) -> None:
    alike = {d.code for d in CURRENT if d.name == division.name}
    found = find_region(division.name + office, YEAR).division

    assert found is None or len(alike) == 1


@given(st.text(st.characters(categories=["Lo", "P", "Z", "C"]), max_size=30), st.integers(0, 3000) | st.none())
def test_any_text_has_an_answer(text: str, year: int | None) -> None:
    region = find_region(text, year)

    assert (region.division is None) == (region.reason is not None)
