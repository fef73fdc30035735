"""From the step probabilities of a recogniser to numbers: best texts with their probabilities.

Source: Graves et al. 2006, connectionist temporal classification; prefix search as in Hannun et al. 2014.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from models.reading import Candidate
from pipeline.ocr.engine import BLANK, NUMBER_ALPHABET, OTHER

# A character that is none of a number.
OTHER_CHARACTER = "\ufffd"
_SYMBOLS = OTHER_CHARACTER + NUMBER_ALPHABET
# Symbols less probable than this at a step are left out.
_LEAST = 1e-5
_BEAM = 8


def number_candidates(steps: NDArray[np.float32], *, best: int = 4) -> tuple[Candidate, ...]:
    """The most probable texts of a line that should be a number, with probabilities; the empty text among them.

    A text with ``OTHER_CHARACTER`` in it holds a character that no number has.

    Args:
        steps: float32 (T, 2 + len(NUMBER_ALPHABET)) as in ``LineReading``.
        best: How many at most.
    """
    beam: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for row in steps.astype(np.float64):
        blank = float(row[BLANK])
        symbols = [(i - OTHER, float(row[i])) for i in range(OTHER, len(row)) if row[i] > _LEAST]
        grown: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for prefix, (ends_blank, ends_symbol) in beam.items():
            total = ends_blank + ends_symbol
            kept = grown[prefix]
            kept[0] += total * blank
            for index, probability in symbols:
                symbol = _SYMBOLS[index]
                if prefix and prefix[-1] == symbol:
                    kept[1] += ends_symbol * probability
                    grown[prefix + symbol][1] += ends_blank * probability
                else:
                    grown[prefix + symbol][1] += total * probability
        ranked = sorted(grown.items(), key=lambda item: -(item[1][0] + item[1][1]))[:_BEAM]
        beam = {prefix: (p[0], p[1]) for prefix, p in ranked}
    return tuple(Candidate(text, a + b) for text, (a, b) in list(beam.items())[:best])
