"""Files in ``review`` whose report a person settles: they move to ``done``, and back where that is undone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.inbox import place, placing
from pipeline.review.decide_item import Decision, decide, undo
from pipeline.store.documents import document
from pipeline.store.drops import drops_of, open_drops
from tests.unit.inbox.office import Office
from tests.unit.inbox.test_stops import run_until

SETTLED = Decision("acknowledge", "report:form_unknown", why="it has a form of its own")
IN_REVIEW = {
    "review/2023/review-1.pdf",
    "review/2023/review-1.pdf.json",
    "review/2023/review-1.pdf.reason.txt",
}
IN_DONE = {"done/2023/review-1.pdf", "done/2023/review-1.pdf.json"}


def settle(office: Office) -> None:
    with office.store() as store:
        assert decide(store, 1, SETTLED, who="zhang", version=None).state == "done"


def take_back(office: Office) -> None:
    with office.store() as store:
        assert undo(store, who="zhang").state == "review"


@pytest.fixture
def reviewed(office: Office) -> Office:
    office.drop("2023/review-1.pdf")
    office.run_once()
    assert office.files(results=True) == IN_REVIEW
    return office


def test_what_is_settled_moves_with_its_results(reviewed: Office) -> None:
    settle(reviewed)

    reviewed.run_once()

    assert reviewed.files(results=True) == IN_DONE
    found = json.loads((reviewed.root / "done/2023/review-1.pdf.json").read_text(encoding="utf-8"))
    assert [(a["author"], a["what"]) for a in found["acknowledged"]] == [("zhang", "report:form_unknown")]
    assert reviewed.read == ["2023/review-1.pdf"], "nothing is read again"


def test_what_is_undone_moves_back(reviewed: Office) -> None:
    settle(reviewed)
    reviewed.run_once()
    take_back(reviewed)

    reviewed.run_once()

    assert reviewed.files(results=True) == IN_REVIEW


def test_settled_and_undone_before_the_service_looks(reviewed: Office) -> None:
    settle(reviewed)
    take_back(reviewed)

    reviewed.run_once()

    assert reviewed.files(results=True) == IN_REVIEW


def test_all_files_of_the_content_move(reviewed: Office) -> None:
    data = (reviewed.root / "review/2023/review-1.pdf").read_bytes()
    for number in range(3):
        (reviewed.inbox / f"copy-{number}.pdf").write_bytes(data)
    reviewed.run_once()
    settle(reviewed)

    reviewed.run_once()

    assert reviewed.files() == {"done/2023/review-1.pdf", *(f"done/copy-{n}.pdf" for n in range(3))}


def test_more_files_than_are_placed_at_a_stretch(reviewed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (reviewed.root / "review/2023/review-1.pdf").read_bytes()
    names = [f"copy-{number}.pdf" for number in range(5)]
    for name in names:
        (reviewed.inbox / name).write_bytes(data)
    reviewed.run_once()
    monkeypatch.setattr(placing, "_AT_ONCE", 2)
    settle(reviewed)

    reviewed.run_once()

    assert reviewed.files() == {"done/2023/review-1.pdf", *(f"done/{name}" for name in names)}


def test_a_file_that_somebody_changed_stays(reviewed: Office) -> None:
    (reviewed.root / "review/2023/review-1.pdf").write_text("corrected by hand", encoding="utf-8")
    settle(reviewed)

    reviewed.run_once()

    assert reviewed.files(results=True) == IN_REVIEW
    with reviewed.store() as store:
        assert [drop.state for drop in drops_of(store, 1)] == ["placed"], "nobody looks at it for ever"


def test_a_file_that_somebody_took_away_is_no_trouble(reviewed: Office) -> None:
    (reviewed.root / "review/2023/review-1.pdf").unlink()
    settle(reviewed)

    reviewed.run_once()

    assert reviewed.files() == set()


def test_settled_while_the_file_is_on_its_way(reviewed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    move_file = place.move_file
    settled: list[bool] = []

    def settle_in_between(*arguments: object) -> object:
        if not settled:
            settled.append(True)
            settle(reviewed)
        return move_file(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(placing, "move_file", settle_in_between)
    (reviewed.inbox / "copy.pdf").write_bytes((reviewed.root / "review/2023/review-1.pdf").read_bytes())

    reviewed.run_once()
    reviewed.run_once()

    assert settled
    assert reviewed.files(results=True) == {*IN_DONE, "done/copy.pdf", "done/copy.pdf.json"}


def test_a_folder_that_cannot_be_written_keeps_it_where_it_was(reviewed: Office) -> None:
    (reviewed.root / "done").write_text("in the way", encoding="utf-8")
    settle(reviewed)

    reviewed.run_once()

    assert "review/2023/review-1.pdf" in reviewed.files()
    (reviewed.root / "done").unlink()
    reviewed.run_once()
    assert reviewed.files(results=True) == IN_DONE


def test_a_stop_before_any_step_of_the_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    last, stopped = 0, True
    while stopped:
        office = Office(tmp_path / str(last))
        office.drop("2023/review-1.pdf")
        office.run_once()
        settle(office)
        stopped = run_until(office, last, monkeypatch)
        assert len(office.files()) == 1, f"stopped before step {last}"

        office.run_once()

        assert office.files(results=True) == IN_DONE, f"stopped before step {last}"
        with office.store() as store:
            found = document(store, 1)
            assert found is not None
            assert found.state == "done"
            assert open_drops(store, str(office.inbox.resolve())) == []
        last += 1
    assert last > 10, "the steps are no longer counted"
