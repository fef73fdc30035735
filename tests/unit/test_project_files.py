"""Files that say the same thing in two places."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version


@pytest.fixture(scope="module")
def pinned(repo_root: Path) -> dict[str, str]:
    lines = (repo_root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wrong = [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line)]
    assert wrong == [], "constraints.txt holds lines of name==version alone"
    names = [canonicalize_name(line.split("==")[0]) for line in lines]
    assert len(set(names)) == len(names)
    return dict(zip(names, (line.split("==")[1] for line in lines), strict=True))


def requirements(repo_root: Path) -> list[Requirement]:
    project = tomllib.loads((repo_root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in (*project["dependencies"], *extras)]


def test_constraints_pin_what_pyproject_allows(repo_root: Path, pinned: dict[str, str]) -> None:
    for requirement in requirements(repo_root):
        version = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(Version(version)), f"{requirement} against {version}"


def test_both_builds_of_opencv_are_of_one_version(pinned: dict[str, str]) -> None:
    assert pinned["opencv-python-headless"] == pinned["opencv-contrib-python"]


def test_base_and_ocr_extra_ask_for_the_same_opencv(repo_root: Path) -> None:
    wanted = [r for r in requirements(repo_root) if canonicalize_name(r.name).startswith("opencv")]

    assert len(wanted) == 3
    assert len({str(r.specifier) for r in wanted}) == 1


def test_tests_and_demo_run_with_the_extras(repo_root: Path) -> None:
    setup = (repo_root / ".ci" / "set-up-venv").read_text(encoding="utf-8")

    assert re.findall(r"--editable '\.\[(.+)\]'", setup) == ["dev,ocr,review"]


def test_tests_use_the_driver_of_the_postgres_extra(repo_root: Path) -> None:
    extras = tomllib.loads((repo_root / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]

    assert set(extras["postgres"]) <= set(extras["dev"])


def test_licences_list_what_is_pinned(repo_root: Path, pinned: dict[str, str]) -> None:
    text = (repo_root / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", text, flags=re.MULTILINE))
    del rows["package"]

    assert {canonicalize_name(name) for name in rows} == set(pinned)
    assert [name for name, licence in rows.items() if re.search(r"\bA?GPL", licence)] == []
