from __future__ import annotations

from pathlib import Path

import pdfplumber
import pytest

from pipeline.extract.drawn_objects import drawn_objects

SAMPLES = sorted((Path(__file__).parents[3] / "samples" / "reports").glob("*.pdf"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name)
def test_each_object_is_that_of_pdfplumber(path: Path) -> None:
    with pdfplumber.open(path, unicode_norm=None) as pdf:
        for page in pdf.pages:
            ours = drawn_objects(page)
            theirs = (page.chars, page.lines, page.rects, page.curves, page.images)
            mine = (ours.chars, ours.lines, ours.rects, ours.curves, ours.images)
            assert [
                [{k: t[k] for k in m} for m, t in zip(a, b, strict=True)] for a, b in zip(mine, theirs, strict=True)
            ] == list(mine)
