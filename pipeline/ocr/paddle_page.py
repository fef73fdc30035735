"""PaddleOCR on a page or a part of one: text detection and recognition, run by onnxruntime, without the network."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import MissingDependencyError, StageError
from models.geometry import BBox
from pipeline.ocr.engine import PlacedLine
from pipeline.ocr.weights import INSTALL, Weights

# The detector looks at a picture whose longer side is at most this; recognition takes the full resolution. Pixels.
_DETECTION_SIDE = 1184
# Lines recognised at a time: a line that waits for no other is not widened to the widest, and stays in the cache.
_BATCH = 1


@dataclass(frozen=True)
class PaddlePage:
    """PaddleOCR with the small PP-OCRv6 models."""

    name: str
    pipeline: Any

    def read_page(self, gray: NDArray[np.uint8]) -> list[PlacedLine]:
        """The lines from top to bottom; see ``PageEngine``."""
        picture = np.repeat(gray[:, :, None], 3, axis=2)
        try:
            (found,) = self.pipeline.predict(
                picture, text_det_limit_side_len=_DETECTION_SIDE, text_det_limit_type="max", text_rec_score_thresh=0.0
            )
            lines = [
                PlacedLine(str(text), float(score), BBox(*(float(v) for v in box)))
                for text, score, box in zip(found["rec_texts"], found["rec_scores"], found["rec_boxes"], strict=True)
            ]
        except Exception as exc:
            raise StageError(
                f"PaddleOCR failed ({type(exc).__name__})",
                remedy="see nianbao doctor; install the ocr extra again if it reports other versions",
            ) from exc
        return sorted((line for line in lines if line.text.strip()), key=lambda line: (line.box.top, line.box.x0))


def load_page(detection: Weights, recognition: Weights, *, threads: int) -> PaddlePage:
    """PaddleOCR with the given weights.

    Raises:
        MissingDependencyError: paddleocr is not installed.
        StageError: it cannot be started.
    """
    # Both are read when the package is imported: no look for model hubs, no download.
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    try:
        from paddleocr import PaddleOCR
    except ImportError as exc:
        raise MissingDependencyError("paddleocr is not installed, so scans cannot be read", remedy=INSTALL) from exc
    for name in ("paddlex", "ppocr", "paddleocr"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # Models are read when the pipeline is made: a process that is killed later leaves no folder behind.
    with tempfile.TemporaryDirectory(prefix="nianbao-ocr-", ignore_cleanup_errors=True) as folder:
        places = _linked(Path(folder), (detection, recognition))
        try:
            pipeline = PaddleOCR(
                text_detection_model_name=detection.name,
                text_detection_model_dir=str(places[0]),
                text_recognition_model_name=recognition.name,
                text_recognition_model_dir=str(places[1]),
                text_recognition_batch_size=_BATCH,
                use_doc_orientation_classify=False,
                use_doc_unwarping=False,
                use_textline_orientation=False,
                engine="onnxruntime",
                # ``cpu_threads`` is for another engine; without this a model has a thread for each processor.
                # Arenas and patterns keep memory for each shape ever met, and no two strips of pages are alike.
                engine_config={
                    "intra_op_num_threads": threads,
                    "inter_op_num_threads": 1,
                    "enable_cpu_mem_arena": False,
                    "enable_mem_pattern": False,
                },
            )
        except Exception as exc:
            raise StageError(
                f"PaddleOCR cannot be started ({type(exc).__name__})", remedy="install the ocr extra again"
            ) from exc
    return PaddlePage("paddleocr", pipeline)


def _linked(folder: Path, models: Sequence[Weights]) -> list[Path]:
    """Folders as PaddleOCR wants them: inference.onnx beside inference.yml."""
    places = []
    for weights in models:
        place = folder / weights.name
        place.mkdir()
        (place / "inference.onnx").symlink_to(weights.model)
        (place / "inference.yml").symlink_to(weights.config)
        places.append(place)
    return places
