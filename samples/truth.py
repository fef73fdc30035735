"""The truth file of a report: what is printed in every cell, known because it was drawn, never because it was read."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from samples.document import Document

TRUTH_SUFFIX = ".truth.json"


def to_truth(document: Document) -> dict[str, Any]:
    """The truth as JSON types.

    ``fields``: id -> printed characters, "" for a blank cell, null where the report has no such cell.
    ``review_fields``: cells that a person should be asked about; every other cell must be read exactly.
    ``expect``: ``review`` where it is right that a person is asked about the report.
    """
    style = document.style
    return {
        "agency": document.agency.name,
        "year": document.year,
        "form": "legacy" if style.legacy else style.form,
        "title": document.agency.title,
        "published": document.agency.published,
        "document_number": document.document_number,
        "expect": style.expect,
        "review_fields": list(document.review),
        "fields": document.truth,
        "violations": [asdict(violation) for violation in document.violations],
        "prose_conflicts": list(document.prose.conflicts),
        "seed": document.seed,
        "style": asdict(style),
    }


def truth_path_of(path: Path) -> Path:
    """Where the truth of a report stands: beside it, ``name.truth.json``."""
    return path.with_suffix(TRUTH_SUFFIX)


def write_truth(document: Document, path: Path) -> Path:
    """Writes the truth beside the report at ``path``; returns where."""
    target = truth_path_of(path)
    target.write_text(json.dumps(to_truth(document), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return target
