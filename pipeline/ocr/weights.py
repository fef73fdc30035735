"""Where the OCR weights are: inside an installed package, never fetched, checked before they are loaded."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from models.errors import MissingDependencyError, StageError
from models.ocr_weights import ModelKey, WeightFile, WeightManifest, weight_manifest

INSTALL = 'install the ocr extra: pip install -c constraints.txt -e ".[ocr]"'


@dataclass(frozen=True, slots=True)
class Weights:
    """A model on disk: its name in PaddleOCR, its ONNX file, its inference.yml."""

    name: str
    model: Path
    config: Path


def find_weights(key: ModelKey) -> Weights:
    """The checked files of a model.

    Raises:
        MissingDependencyError: the package that contains them is not installed.
        StageError: a file is missing or is not the one that the manifest names.
    """
    manifest = weight_manifest()
    root = _package_folder(manifest) / manifest.folder
    model = manifest.models[key]
    return Weights(model.name, _checked(root, model.weights), _checked(root, model.config))


def _package_folder(manifest: WeightManifest) -> Path:
    # Found without importing it: the package itself loads far more than its files.
    spec = importlib.util.find_spec(manifest.package)
    if spec is None or not spec.submodule_search_locations:
        raise MissingDependencyError(
            f"the package {manifest.package}, which contains the OCR weights, is not installed", remedy=INSTALL
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _checked(root: Path, file: WeightFile) -> Path:
    path = root / file.path
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as exc:
        raise StageError(f"the OCR weights {file.path} cannot be read ({exc.strerror})", remedy=INSTALL) from exc
    if digest != file.sha256:
        raise StageError(
            f"the OCR weights {file.path} are not the ones this version was measured with",
            remedy="install the ocr extra again, with the versions of constraints.txt",
        )
    return path
