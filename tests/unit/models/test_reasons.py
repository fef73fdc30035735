"""Every reason code that a stage can give has words in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from models import errors
from models.reasons import REASONS, reason_text, reasons_text
from pipeline.decide.decide_scan import READING_DOUBTS
from pipeline.decide.known_places import COLUMN_DOUBTS, ROW_DOUBTS

# Calls and names by which stages give reason codes.
_GIVING_METHODS = {"add"}
_GIVING_NAMES = {"reasons", "flags"}


def _codes(tree: ast.AST) -> set[str]:
    """Literal codes added to a set of reasons or flags, by ``x.add("code")`` or ``x | {"code"}``."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _GIVING_METHODS:
            target = node.func.value
            name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
            if name in _GIVING_NAMES:
                found |= {a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.BitOr):
            right = node.right if isinstance(node, ast.BinOp) else node.value
            if isinstance(right, ast.Set):
                found |= {e.value for e in right.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)}
    return found


def test_every_code_of_the_stages_has_words(repo_root: Path) -> None:
    stages = [p for part in ("tables", "match", "decide") for p in (repo_root / "pipeline" / part).glob("*.py")]
    stages += [repo_root / "pipeline" / "confirm.py"]
    given = {code for path in stages for code in _codes(ast.parse(path.read_text(encoding="utf-8")))}
    assert len(given) > 10, "the search itself finds nothing"
    assert given - set(REASONS) == set()


def test_every_doubt_about_a_scanned_number_has_words() -> None:
    # Literals of ``decide_scan`` that the search above does not see.
    judged = {"low_score", "rule_conflict", "repaired", "ambiguous", "implied_by_sums", "blank_among_zeros"}
    doubts = {*judged, *READING_DOUBTS, *ROW_DOUBTS, *COLUMN_DOUBTS}
    assert doubts - set(REASONS) == set()


@pytest.mark.parametrize(
    "error", [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.InputError)]
)
def test_every_reason_for_not_reading_a_file_has_words(error: type[errors.InputError]) -> None:
    assert error.code in REASONS


def test_words_are_chinese_and_english() -> None:
    for code, (zh, en) in REASONS.items():
        assert any("\u4e00" <= c <= "\u9fff" for c in zh), code
        assert en.isascii(), code


def test_an_unknown_code_stands_for_itself() -> None:
    assert reason_text("no_such_code") == "no_such_code"
    assert reasons_text(["superscript", "no_such_code"]) == "带有上标 there is a superscript; no_such_code"
