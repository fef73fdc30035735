from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from models.errors import MissingDependencyError, StageError
from models.ocr_weights import OcrModel, WeightFile, WeightManifest, weight_manifest
from pipeline.ocr import weights
from pipeline.ocr.weights import find_weights

MODEL, CONFIG = b"weights", b"characters"


def entry(path: str, content: bytes) -> WeightFile:
    return WeightFile(path=path, sha256=hashlib.sha256(content).hexdigest())


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installed package with the weights of one model; importing it fails."""
    folder = tmp_path / "fake_weights" / "models"
    (folder / "rec").mkdir(parents=True)
    (folder / "rec" / "rec.onnx").write_bytes(MODEL)
    (folder / "rec" / "inference.yml").write_bytes(CONFIG)
    (tmp_path / "fake_weights" / "__init__.py").write_text("raise RuntimeError", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    model = OcrModel(name="a_model", weights=entry("rec/rec.onnx", MODEL), config=entry("rec/inference.yml", CONFIG))
    manifest = WeightManifest(package="fake_weights", folder="models", models={"small_rec": model})
    monkeypatch.setattr(weights, "weight_manifest", lambda: manifest)
    return folder


def test_weights_are_found_without_importing_their_package(package: Path) -> None:
    found = find_weights("small_rec")

    assert (found.name, found.model, found.config) == (
        "a_model",
        package / "rec" / "rec.onnx",
        package / "rec" / "inference.yml",
    )
    assert "fake_weights" not in sys.modules


@pytest.mark.parametrize("name", ["rec.onnx", "inference.yml"])
def test_other_weights_than_those_of_the_manifest_are_refused(package: Path, name: str) -> None:
    (package / "rec" / name).write_bytes(b"other")

    with pytest.raises(StageError, match=f"rec/{name} are not the ones") as caught:
        find_weights("small_rec")
    assert "constraints.txt" in caught.value.remedy


def test_a_file_that_is_missing_is_named(package: Path) -> None:
    (package / "rec" / "rec.onnx").unlink()

    with pytest.raises(StageError, match=r"rec/rec\.onnx cannot be read \(No such file"):
        find_weights("small_rec")


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = WeightManifest(package="no_such_package_at_all", folder="models", models=weight_manifest().models)
    monkeypatch.setattr(weights, "weight_manifest", lambda: manifest)

    with pytest.raises(MissingDependencyError, match="no_such_package_at_all") as caught:
        find_weights("small_rec")
    assert "[ocr]" in caught.value.remedy


def test_the_manifest_names_all_models_with_checksums() -> None:
    manifest = weight_manifest()

    assert set(manifest.models) == {"small_det", "small_rec", "tiny_rec"}
    files = [f for m in manifest.models.values() for f in (m.weights, m.config)]
    assert len({f.path for f in files}) == len({f.sha256 for f in files}) == 6
    assert all(len(f.sha256) == 64 for f in files)
