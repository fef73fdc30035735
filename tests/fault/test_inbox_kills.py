"""The service and what it starts killed while it works; `benchmarks.inbox_kills` does it 500 times."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import inbox_kills
from benchmarks.inbox_kills import kill_run
from benchmarks.inbox_office import Office, Verdict, different_copies, read_undisturbed

KILLS, FILES = 15, 10
SEEK_SECONDS = 3.0
SEED = 7


@pytest.fixture(scope="module")
def files(repo_root: Path) -> dict[str, bytes]:
    reports = repo_root / "samples" / "reports"
    return different_copies([reports / "broken-sums.html", reports / "word-export.html"], FILES)


@pytest.mark.slow
def test_after_kills_each_document_has_its_one_result(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where no reader shows up that soon, all is read already, and the service is hit.
    monkeypatch.setattr(inbox_kills, "_SEEK_SECONDS", SEEK_SECONDS)
    run = kill_run(tmp_path, files, KILLS, SEED)

    assert sum(run.hit.values()) == KILLS
    assert run.verdict == Verdict()


@pytest.mark.slow
def test_the_judge_sees_what_is_wrong(files: dict[str, bytes], tmp_path: Path) -> None:
    three = dict(list(files.items())[:3])
    expected = read_undisturbed(three, tmp_path / "undisturbed", 1)
    office = Office(tmp_path / "office", {"inbox": {"settle_seconds": 0.1}})
    for name, data in three.items():
        office.drop(name, data)
    office.start()
    try:
        office.wait_until_placed(3, 300)
        assert office.stop(60) == 0
    finally:
        office.kill()
    assert office.judge(three, expected) == Verdict()

    placed = sorted(office.placed())
    placed[0].unlink()
    (placed[1].parent / f"twice-{placed[1].name}").write_bytes(placed[1].read_bytes())
    result = placed[2].with_name(placed[2].name + ".json")
    result.write_text(result.read_text(encoding="utf-8").replace('"year": 20', '"year": 19'), encoding="utf-8")
    (office.inbox / "left.pdf").write_bytes(b"left")

    verdict = office.judge(three, expected)

    assert verdict.lost == (placed[0].name,)
    assert verdict.doubled == (placed[1].name,)
    assert verdict.different == (str(result),)
    assert verdict.unfinished == (str(office.inbox / "left.pdf"),)
