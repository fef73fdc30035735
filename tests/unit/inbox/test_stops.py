"""The service stopped before each of its steps that last: what a second run makes of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from pipeline.inbox import place, placing, service
from pipeline.store import open_store as store_module
from pipeline.store.documents import documents
from pipeline.store.tables import RunRow
from tests.unit.inbox.office import Office

DROPPED = ("ok-1.pdf", "2023/review-1.pdf", "damaged-1.pdf")
PLACED = {"done/ok-1.pdf", "review/2023/review-1.pdf", "failed/damaged-1.pdf"}
# Each file needs more than this many steps; fewer would mean that the steps are no longer counted.
FEWEST_STEPS = 30


class _Killed(BaseException):
    """The process ends here."""


class _Steps:
    """Counts steps, and ends the process before the n-th."""

    def __init__(self, last: int) -> None:
        self.last, self.made = last, 0

    def step(self) -> None:
        if self.made >= self.last:
            # Nor does anything else happen that is tried on the way out.
            raise _Killed
        self.made += 1

    def before(self, call: Callable[..., object]) -> Callable[..., object]:
        def counted(*args: object, **kwargs: object) -> object:
            self.step()
            return call(*args, **kwargs)

        return counted


def run_until(office: Office, last: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """True where the run was stopped before its step ``last``; False where it came to its end before."""
    steps = _Steps(last)
    with monkeypatch.context() as patched:
        write = store_module.Store.write

        @contextlib.contextmanager
        def counted_write(self: store_module.Store) -> Iterator[Session]:
            steps.step()  # before the transaction
            with write(self) as session:
                yield session
                steps.step()  # before the commit

        patched.setattr(store_module.Store, "write", counted_write)
        patched.setattr(placing, "move_file", steps.before(place.move_file))
        patched.setattr(Path, "replace", steps.before(Path.replace))
        patched.setattr(os, "fsync", steps.before(os.fsync))
        patched.setattr(service._Service, "_stop", lambda self: None)
        try:
            office.run_once()
        except _Killed:
            return True
        return False


@pytest.mark.slow
def test_a_stop_before_any_step_loses_and_doubles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    last = 0
    stopped = True
    while stopped:
        office = Office(tmp_path / str(last), is_new=True)
        office.drop(*DROPPED)
        stopped = run_until(office, last, monkeypatch)
        # Until then nothing is lost: each content is in one of the folders.
        assert len({Path(path).name for path in office.files()} & {Path(p).name for p in DROPPED}) == len(DROPPED)

        office.run_once()

        assert office.files() == PLACED, f"stopped before step {last}"
        with office.store() as store:
            known = documents(store)
            with store.read() as session:
                finished = [run.document_id for run in session.query(RunRow).filter(RunRow.outcome == "finished")]
        assert sorted(d.name for d in known) == sorted(DROPPED)
        assert sorted(finished) == sorted(d.id for d in known), f"stopped before step {last}"
        # Past the opening of the store, each third step is enough for one run of the tests.
        last += 1 if last < 10 else 3
    assert last > FEWEST_STEPS
