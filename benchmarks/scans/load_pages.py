"""The pages of a scan as images, for readers that take images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageSequence

from benchmarks.scans.geometry import Bytes
from benchmarks.scans.paper import POINTS_PER_INCH


def load_pages(path: Path, dpi: float) -> list[Bytes]:
    """The pages as uint8 (H, W, 3) RGB in the resolution of the scan."""
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as pdf:
            return [
                np.ascontiguousarray(page.render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True).to_numpy()[:, :, :3])
                for page in pdf
            ]
    with Image.open(path) as opened:
        return [np.asarray(frame.convert("RGB"), dtype=np.uint8) for frame in ImageSequence.Iterator(opened)]
