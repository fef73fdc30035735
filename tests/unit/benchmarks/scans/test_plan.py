from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from benchmarks.scans.damage import KINDS
from benchmarks.scans.plan import CaseSpec, SetName, plan
from models.errors import UsageError
from samples.catalogue import CATALOGUE
from samples.fonts import FONTS

SETS: tuple[SetName, ...] = get_args(SetName)


def level_of(case: CaseSpec) -> tuple[str, str]:
    """The level of the targets that a case belongs to."""
    damage = "clean or office" if case.damage in {"clean", "office"} else case.damage
    return damage, "200-300" if case.dpi >= 200 and damage == "clean or office" else str(case.dpi)


def test_the_sets_have_no_font_and_no_seed_in_common() -> None:
    tune, report = plan("tune"), plan("report")
    assert not {c.font for c in tune} & {c.font for c in report}
    assert not {c.seed for c in tune} & {c.seed for c in report}
    assert len({FONTS[c.font].file_name for c in (*tune, *report)}) == len({c.font for c in (*tune, *report)})


def test_confidences_are_calibrated_on_other_fonts_and_seeds_than_they_are_reported_on() -> None:
    calibrate, decide = plan("calibrate"), plan("decide")
    assert not {c.font for c in calibrate} & {c.font for c in decide}
    seeds = [c.seed for s in SETS for c in plan(s)]
    assert len(set(seeds)) == len(seeds)


@pytest.mark.parametrize("every", [1, 2, 3])
def test_some_reports_for_deciding_have_planted_errors_however_few_are_chosen(every: int) -> None:
    planted = [c.planted for c in plan("decide")[::every]]
    assert 0.25 < sum(planted) / len(planted) < 0.75
    assert any(c.planted for c in plan("calibrate"))
    assert not any(c.planted for c in (*plan("tune"), *plan("report")))


def test_latin_digits_are_in_the_reported_set_alone() -> None:
    assert not any(c.latin_digits for c in (*plan("tune"), *plan("calibrate")))
    assert any(c.latin_digits for c in plan("report"))


def test_names_and_seeds_are_unique() -> None:
    cases = [*plan("tune"), *plan("report")]
    assert len({c.name for c in cases}) == len({c.seed for c in cases}) == len(cases)


@pytest.mark.parametrize("set_name", SETS)
def test_a_set_has_all_kinds_and_resolutions_and_many_styles(set_name: SetName) -> None:
    cases = plan(set_name)
    assert len(cases) >= 48
    assert {c.damage for c in cases} == set(KINDS)
    coarsest = {110} if set_name in {"tune", "report"} else set()
    assert {c.dpi for c in cases} == {130, 150, 200, 300} | coarsest
    assert len({c.style for c in cases}) >= 14
    assert {c.container for c in cases} == {"pdf", "tif", "png", "jpg"}


def test_each_level_that_has_a_target_has_four_reports() -> None:
    counts = Counter(level_of(case) for case in plan("report"))
    levels = [
        ("clean or office", "200-300"),
        ("clean or office", "150"),
        *((d, "200") for d in ("copy", "stamp", "photo")),
    ]
    assert {level: counts[level] for level in levels if counts[level] < 4} == {}


def test_grey_rulings_are_not_turned_into_black_and_white() -> None:
    assert not [c for s in SETS for c in plan(s) if c.damage in {"copy", "fax"} and c.style == "pdf-grey-rulings"]


def test_the_style_of_a_report_has_the_font_of_its_case() -> None:
    case = next(c for c in plan("report") if c.latin_digits)
    style = case.report_style()
    assert (style.name, style.pages.font, style.pages.latin_digits) == (case.style, case.font, True)
    assert style.tables == CATALOGUE[case.style].tables


def test_a_name_tells_style_damage_resolution_and_seed() -> None:
    case = CaseSpec("tune", "pdf-plain", "uming", False, "office", 200, 3, "pdf")
    assert case.file_name == "pdf-plain-office-200-s3.pdf"


def test_a_case_is_the_same_whichever_others_are_asked_for() -> None:
    everything = plan("tune")
    chosen = plan("tune", damages=["copy", "fax"], resolutions=[200])
    assert chosen
    assert set(chosen) < set(everything)
    assert {(c.damage, c.dpi) for c in chosen} == {("copy", 200), ("fax", 200)}


def test_a_count_is_spread_over_the_set() -> None:
    assert len(plan("report", count=5)) == 5
    assert len({c.damage for c in plan("report", count=5)}) >= 3
    assert plan("report", count=10_000) == plan("report")


@pytest.mark.parametrize(("damages", "resolutions", "count"), [(["scorched"], [], None), ([], [72], None), ([], [], 0)])
def test_what_there_is_not_cannot_be_asked_for(damages: list[str], resolutions: list[int], count: int | None) -> None:
    with pytest.raises(UsageError):
        plan("tune", damages=damages, resolutions=resolutions, count=count)
