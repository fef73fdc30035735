from __future__ import annotations

import pytest

from models.errors import UsageError
from pipeline.inbox.read_again import read_again
from pipeline.store.audit import audit_log
from pipeline.store.documents import documents
from tests.unit.inbox import office as offices
from tests.unit.inbox.office import Office


def test_a_file_moves_to_where_its_new_result_belongs(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.drop("2023/damaged.pdf", "ok.pdf")
    office.run_once()
    monkeypatch.delitem(offices.ERRORS, "damaged")
    with office.store() as store:
        read_again(store, 1, who="me", why="the reader is mended", password="geheim")
        assert "geheim" not in repr(audit_log(store))
    # Until then it stays where it is.
    assert "failed/2023/damaged.pdf" in office.files()

    office.run_once()

    assert office.files(results=True) == {
        "done/ok.pdf",
        "done/ok.pdf.json",
        "done/2023/damaged.pdf",
        "done/2023/damaged.pdf.json",
    }
    assert office.read == ["2023/damaged.pdf", "ok.pdf", "2023/damaged.pdf"]


def test_with_the_same_result_it_stays_and_its_reason_is_written_anew(office: Office) -> None:
    office.drop("damaged.pdf")
    office.run_once()
    reason = office.root / "failed" / "damaged.pdf.reason.txt"
    reason.write_text("torn", encoding="utf-8")
    before = office.files(results=True)
    with office.store() as store:
        read_again(store, 1, who="me")

    office.run_once()

    assert office.files(results=True) == before
    assert "文件损坏" in reason.read_text(encoding="utf-8-sig")


def test_all_files_of_the_content_move(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.drop("damaged.pdf")
    (office.inbox / "other.pdf").write_bytes((office.inbox / "damaged.pdf").read_bytes())
    office.run_once()
    monkeypatch.delitem(offices.ERRORS, "damaged")
    with office.store() as store:
        read_again(store, 1, who="me")

    office.run_once()

    assert office.files() == {"done/damaged.pdf", "done/other.pdf"}


def test_a_file_changed_by_hand_is_not_moved(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.drop("damaged.pdf")
    office.run_once()
    (office.root / "failed" / "damaged.pdf").write_text("mended by hand", encoding="utf-8")
    monkeypatch.delitem(offices.ERRORS, "damaged")
    with office.store() as store:
        read_again(store, 1, who="me")

    office.run_once()

    assert office.files() == {"failed/damaged.pdf"}
    with office.store() as store:
        assert [d.state for d in documents(store)] == ["done"]


def test_an_unknown_document(office: Office) -> None:
    with office.store() as store, pytest.raises(UsageError, match="there is no document 7"):
        read_again(store, 7, who="me")
