"""Which OCR weights scans are read with: names, places inside their package, checksums."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from models.yaml_text import parse_yaml

ModelKey = Literal["small_det", "small_rec", "tiny_rec"]
_FILE = Path(__file__).parent / "ocr" / "weights.yaml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WeightFile(_Part):
    """A file below the folder of the manifest, and the sha256 (hex) of its content."""

    path: str
    sha256: str


class OcrModel(_Part):
    """A model: its name in PaddleOCR, its weights (ONNX) and its settings (inference.yml)."""

    name: str
    weights: WeightFile
    config: WeightFile


class WeightManifest(_Part):
    """All models, and the package that contains them."""

    package: str
    folder: str
    models: dict[ModelKey, OcrModel]


@cache
def weight_manifest() -> WeightManifest:
    """The manifest of the project."""
    return WeightManifest.model_validate(parse_yaml(_FILE.read_text(encoding="utf-8")))
