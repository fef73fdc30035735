from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from models import data_files
from models.data_files import data_digest


def tree(folder: Path, **contents: str) -> Path:
    (folder / "forms").mkdir(parents=True)
    for name, content in contents.items():
        (folder / "forms" / f"{name}.yaml").write_text(content, encoding="utf-8")
    (folder / "code.py").write_text("x = 1", encoding="utf-8")
    return folder


def digest_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(resources, "files", lambda _package: folder)
    data_digest.cache_clear()
    try:
        return data_digest()
    finally:
        data_digest.cache_clear()


def test_any_change_of_a_data_file_changes_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trees = [
        tree(tmp_path / "base", a="1", b="2"),
        tree(tmp_path / "other content", a="1", b="3"),
        tree(tmp_path / "other name", a="1", c="2"),
        tree(tmp_path / "one more", a="1", b="2", c=""),
        tree(tmp_path / "shifted", a="12", b=""),
    ]

    assert len({digest_of(folder, monkeypatch) for folder in trees}) == len(trees)
    assert digest_of(tree(tmp_path / "same", b="2", a="1"), monkeypatch) == digest_of(trees[0], monkeypatch)


def test_code_is_no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tree(tmp_path / "base", a="1")
    before = digest_of(folder, monkeypatch)
    (folder / "code.py").write_text("x = 2", encoding="utf-8")

    assert digest_of(folder, monkeypatch) == before


def test_forms_rules_and_calibration_are_there() -> None:
    names = {name for name, _ in data_files._files(resources.files("models"), "")}

    assert {"forms/gk2021.yaml", "rules/gk2021.yaml", "calibration.yaml"} <= names
