"""Files made to bring a reader down: each ends in time and within memory, with a reason or a report.

All but a few run in processes of their own, as in a batch; what they may take is set lower than by default.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import ExitCode
from models.report import Report
from pipeline.batch import read_all
from pipeline.config import LimitSettings, OcrSettings, Settings
from tests.fault.hostile.docxs import DOCXS
from tests.fault.hostile.pages import PAGES, TEXTS
from tests.fault.hostile.pdfs import PDFS
from tests.fault.hostile.pictures import PICTURES

GIB = 1 << 30
SECONDS = 120.0
# What is said of them. Of all others a report is made, or the time or the memory that they may take ends them.
REFUSED = {
    "pdf:flate_bomb": "too_large",
    "pdf:nested_filters": "too_large",
    "pdf:many_contents": "too_large",
    "pdf:font_file_bomb": "too_large",
    "pdf:object_stream": "too_large",
    "pdf:forms_of_forms": "too_large",
    "pdf:form_that_draws_itself": "damaged",
    "pdf:map_of_all_numbers": "damaged",
    "pdf:many_pages": "too_large",
    "pdf:xref_loop": "damaged",
    "pdf:deep_page_tree": "damaged",
    "docx:zip_bomb": "too_large",
    "docx:zip_bomb_that_lies": "damaged",
    "docx:many_bombs": "too_large",
    "docx:overlapping_members": "too_large",
    "docx:many_members": "too_large",
    "docx:external_entity": "damaged",
    "docx:external_subset": "damaged",
    "docx:quadratic_entity": "damaged",
    "docx:deep_nesting": "damaged",
    "docx:many_cells": "too_large",
    "html:deep_blocks": "damaged",
    "html:deep_tables": "damaged",
    "html:many_attributes": "damaged",
    "html:many_entities": "too_large",
    "html:nested_parts": "damaged",
    "html:nested_messages": "damaged",
    "txt:many_empty_lines": "too_large",
    "picture:png_of_a_huge_size": "too_large",
    "picture:png_bomb": "too_large",
    "picture:tiff_of_many_frames": "too_large",
    "picture:jpeg_of_the_largest_size": "too_large",
    "picture:postscript_called_a_picture": "unsupported_type",
    "picture:drawing": "unsupported_type",
}
# Small, and read to the end: nothing is taken for an attack that is merely odd.
READ = (
    "pdf:page_tree_loop",
    "pdf:absurd_media_box",
    "pdf:user_unit",
    "pdf:count_that_lies",
    "pdf:characters_far_away",
    "pdf:widths_of_all_numbers",
    "pdf:encoding_as_path",
    "pdf:actions",
    "docx:names_that_lead_out",
    "docx:entity_bomb_in_relationships",
    "docx:external_relationships",
    "docx:deep_alternatives",
    "docx:many_text_boxes",
    "docx:picture_bombs",
    "docx:huge_spans",
    "html:deep_within_bounds",
    "html:external",
    "html:xhtml_of_elsewhere",
    "html:spans_of_many_digits",
    "txt:numbers_too_long_for_python",
)
ALL: dict[str, Callable[[], bytes]] = {
    **{
        f"{kind}:{name}": make
        for kind, files in (("pdf", PDFS), ("docx", DOCXS), ("html", PAGES))
        for name, make in files.items()
    },
    **{f"txt:{name}": make for name, make in TEXTS.items()},
    **{f"picture:{name}": make for name, make in PICTURES.items()},
}


def read(name: str, tmp_path: Path) -> tuple[Report, ExitCode]:
    path = tmp_path / name.replace(":", "-")
    path.write_bytes(ALL[name]())
    limits = LimitSettings(max_seconds_per_file=SECONDS, max_memory_bytes=2 * GIB)
    settings = Settings(limits=limits, ocr=OcrSettings(enabled=False))
    [(_, report, code)] = read_all([path], settings)
    return report, code


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUSED)
def test_an_attack_is_refused_with_its_cause_and_remedy(name: str, tmp_path: Path) -> None:
    report, code = read(name, tmp_path)

    [failure] = report.failures
    assert (report.status, failure.code, code) == ("failed", REFUSED[name], ExitCode.INPUT)
    assert failure.message
    assert failure.remedy


@pytest.mark.slow
@pytest.mark.parametrize("name", READ)
def test_what_is_merely_odd_is_read(name: str, tmp_path: Path) -> None:
    report, code = read(name, tmp_path)

    assert report.status != "failed"
    assert code == ExitCode.REVIEW
    assert not Path("/tmp/nianbao-evil").exists()


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ALL)
def test_every_one_ends_in_a_final_state(name: str, tmp_path: Path) -> None:
    report, _ = read(name, tmp_path)

    assert [f.code for f in report.failures if f.code == "internal"] == []
    assert all(f.message and f.remedy for f in report.failures)
