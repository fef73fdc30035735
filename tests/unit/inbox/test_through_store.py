"""A batch over the store: what is on record is taken from there only where it was read under the present settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest

from models.errors import ExitCode, StoreError
from models.report import Report
from pipeline.config import DecideSettings, Settings
from pipeline.inbox.through_store import read_through_store
from pipeline.review.decide_item import Decision, decide
from pipeline.store.documents import documents, read_under
from pipeline.store.open_store import open_store, settings_digest
from pipeline.store.tables import ReportRow, RunRow
from tests.unit.inbox import office as offices
from tests.unit.inbox.office import FakeReaders, Office

STRICTER = {"decide": DecideSettings(accept_error_rate=0.00001)}


def batch(office: Office, settings: Settings, *names: str) -> tuple[list[str], list[tuple[Report, ExitCode]]]:
    """(names of the files that were read, results) of a batch over files of the inbox, which nobody watches."""
    readers = FakeReaders()
    with mock.patch("pipeline.inbox.through_store.Readers", return_value=readers), open_store(settings) as store:
        found = [(r, code) for _, r, code in read_through_store(store, [office.inbox / n for n in names], settings)]
    return [Path(name).name for name in readers.read], found


def test_the_same_settings_read_nothing_again(office: Office) -> None:
    office.drop("ok-1.pdf", "damaged-1.pdf", "review-1.pdf")
    names = ("ok-1.pdf", "damaged-1.pdf", "review-1.pdf")
    first, results = batch(office, office.settings, *names)

    second, again = batch(office, office.settings, *names)

    assert (sorted(first), second) == (sorted(names), [])
    assert again == results
    assert [code for _, code in results] == [ExitCode.OK, ExitCode.INPUT, ExitCode.REVIEW]


def test_other_settings_read_everything_again_and_keep_the_earlier_results(office: Office) -> None:
    office.drop("ok-1.pdf", "damaged-1.pdf")
    names = ("ok-1.pdf", "damaged-1.pdf")
    other = office.settings.model_copy(update=STRICTER)
    batch(office, office.settings, *names)

    again, results = batch(office, other, *names)
    third, _ = batch(office, other, *names)

    assert (sorted(again), third) == (sorted(names), [])
    assert [code for _, code in results] == [ExitCode.OK, ExitCode.INPUT]
    with office.store() as store:
        assert [read_under(store, d.id) for d in documents(store)] == [settings_digest(other)] * 2
        with store.read() as session:
            assert session.query(ReportRow).count() == 4
            digests = {run.settings_digest for run in session.query(RunRow)}
    assert digests == {settings_digest(office.settings), settings_digest(other)}


def test_settings_without_effect_read_nothing_again(office: Office) -> None:
    office.drop("ok-1.pdf")
    batch(office, office.settings, "ok-1.pdf")
    more_jobs = office.settings.model_copy(update={"batch": office.settings.batch.model_copy(update={"jobs": 2})})

    assert batch(office, more_jobs, "ok-1.pdf")[0] == []


def test_what_a_person_decided_outlives_other_settings(office: Office) -> None:
    office.drop("review-1.pdf")
    batch(office, office.settings, "review-1.pdf")
    with office.store() as store:
        decide(store, 1, Decision("acknowledge", "report:form_unknown", why="known"), who="zhang", version=None)

    again, [(report, code)] = batch(office, office.settings.model_copy(update=STRICTER), "review-1.pdf")

    assert again == ["review-1.pdf"]
    assert (code, [a.author for a in report.acknowledged]) == (ExitCode.OK, ["zhang"])


def test_a_document_of_the_service_is_placed_anew(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.drop("damaged-1.pdf")
    data = (office.inbox / "damaged-1.pdf").read_bytes()
    office.run_once()
    monkeypatch.delitem(offices.ERRORS, "damaged")
    (office.inbox / "damaged-1.pdf").write_bytes(data)
    batch(office, office.settings.model_copy(update=STRICTER), "damaged-1.pdf")
    (office.inbox / "damaged-1.pdf").unlink()

    office.run_once()

    assert office.files(results=True) == {"done/damaged-1.pdf", "done/damaged-1.pdf.json"}


def test_a_process_that_reads_under_other_settings_all_the_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.drop("ok-1.pdf")
    batch(office, office.settings, "ok-1.pdf")
    under: Callable[..., str] = lambda *_: "another one's"  # noqa: E731
    monkeypatch.setattr("pipeline.inbox.through_store.read_under", under)

    with pytest.raises(StoreError, match="another process reads document 1 under other settings"):
        batch(office, office.settings, "ok-1.pdf")
