"""The prose of drawn reports says what their tables say, unless a contradiction is wanted."""

from __future__ import annotations

import random

import pytest

from models.form import load_form
from models.report import FieldValue
from models.rule_labels import labels_for
from pipeline.check.narrative import check_prose
from pipeline.check.narrative_scope import Speaker
from samples.agencies import draw_agency
from samples.figures import draw_numbers
from samples.prose import Prose, write_prose
from samples.style import FormId, Scale, Style

SCALES: tuple[Scale, ...] = ("empty", "tiny", "office", "district", "city", "province")


def sections(prose: Prose) -> dict[str, str]:
    return {
        "preamble": prose.preamble,
        "overview": "\n".join((*prose.overview, *prose.filler)),
        "requests": "\n".join(prose.requests),
        "problems": "\n".join(prose.problems),
        "other": "\n".join(prose.other),
    }


@pytest.mark.parametrize("conflict", [False, True])
@pytest.mark.parametrize(("form_id", "year"), [("gk2021", 2023), ("gk2019", 2020)])
@pytest.mark.parametrize("scale", SCALES)
def test_only_wanted_contradictions_are_found(scale: Scale, form_id: FormId, year: int, conflict: bool) -> None:
    form = load_form(form_id)
    for seed in range(8):
        rng = random.Random(f"{scale}:{seed}")
        numbers = draw_numbers(form, Style("prose", "html", form=form_id), scale, rng)
        agency = draw_agency(year, scale, rng)
        prose = write_prose(form.issued_by, agency, year, numbers, rng, conflict=conflict)
        fields = {
            i: FieldValue(value=str(n), printed=str(n), kind="number", decision="accept", confidence=1.0)
            for i, n in numbers.items()
        }
        _, findings = check_prose(form, labels_for(form), sections(prose), fields, Speaker(agency.name, year))
        told = [(f.severity, f.left, f.right) for f in findings]
        assert told == [("error", c["prose"], c["table"]) for c in prose.conflicts], prose.overview
        assert len(told) == conflict
