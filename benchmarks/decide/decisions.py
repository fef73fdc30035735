"""Which decisions on scanned numbers rest on their margin alone, so that their confidence can be held against them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from benchmarks.scoring import same_value
from models.report import OCR_STAGE, FieldValue
from pipeline.decide.decide_scan import READING_DOUBTS

# Doubts about what is printed in a cell, all of which the margin weighs. All others are about which cell it is or how
# its number is written; they send it to a person whatever the margin. A repair has to meet more than a margin, too.
MARGIN_DOUBTS = READING_DOUBTS | {"rule_conflict", "ambiguous"}


def rests_on_margin(reasons: Collection[str], confidence: float) -> bool:
    """True where nothing but the margin is against the value. A cell that could not be read claims nothing at all."""
    return confidence > 0 and MARGIN_DOUBTS.issuperset(reasons)


def to_decisions(printed: Mapping[str, str | None], fields: Mapping[str, FieldValue]) -> tuple[tuple[float, bool], ...]:
    """(confidence, right) of the numbers of a scan whose decision rests on the margin; ``printed`` is the truth."""
    return tuple(
        (value.confidence, same_value(value.value, printed[i]))
        for i, value in fields.items()
        if printed.get(i) is not None
        and any(e.stage == OCR_STAGE for e in value.evidence)
        and rests_on_margin(value.reasons, value.confidence)
    )
