"""Waiver files: what one in ``review`` does, and that one in the inbox does nothing."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from pathlib import Path

import pytest

from models.errors import ExitCode
from models.finding import Finding, Message
from models.report import Report
from models.waiver import Waiver, new_waiver
from pipeline.inbox.folders import inbox_folders
from pipeline.inbox.review_waivers import MAX_BYTES, ReviewWaivers
from pipeline.inbox.trouble import Troubles
from pipeline.read_apart.child import Job
from pipeline.read_apart.readers import Done
from pipeline.store.documents import documents, load_report
from pipeline.store.verdicts import review_state
from pipeline.store.waivers import waivers_of
from pipeline.waiver_files import write_waivers
from tests.unit.inbox import office as offices
from tests.unit.inbox.office import Office
from tests.unit.inbox.test_stops import run_until

RULE = "sum.new"
IN_REVIEW = {"review/2023/findings.pdf", "review/2023/findings.pdf.json", "review/2023/findings.pdf.reason.txt"}
IN_DONE = {"done/2023/findings.pdf", "done/2023/findings.pdf.json"}


def with_errors(report: Report, *rules: str) -> Report:
    found = [
        Finding(rule=rule, severity="error", left="1", right="2", message=Message(zh="不等", en="differs"))
        for rule in rules
    ]
    return report.model_copy(
        update={"findings": found, "status": "needs_review", "status_reasons": ["errors_found"], "form": "gk2021"}
    )


@pytest.fixture
def office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """One with a report that is in review for an error that can be waived."""
    read = offices._read

    def read_with_errors(key: int, job: Job) -> Done:
        done = read(key, job)
        return Done(key, with_errors(done.report, RULE), ExitCode.REVIEW, "answered")

    monkeypatch.setattr(offices, "_read", read_with_errors)
    office.drop("2023/findings.pdf")
    office.run_once()
    assert office.files(results=True) == IN_REVIEW
    return office


def waiver(office: Office, reason: str = "counted otherwise", until: dt.date | None = None) -> Waiver:
    with office.store() as store:
        report = review_state(store, 1).as_read
    finding = next(f for f in report.findings if f.rule == RULE)
    return new_waiver(report, finding, reason=reason, author="张三", date=dt.date(2024, 3, 1), until=until)


def in_force(office: Office) -> list[str]:
    with office.store() as store:
        found = load_report(store, 1)
        assert found is not None
        return [w.reason for w in waivers_of(store, found.report).values()]


def put(office: Office, *waivers: Waiver, name: str = "2023/findings.waivers.yaml") -> Path:
    place = office.root / "review" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    write_waivers(place, waivers)
    return place


def test_a_report_whose_findings_are_waived_moves_with_the_waivers(office: Office) -> None:
    put(office, waiver(office))

    outcome = office.run_once()

    assert office.files(results=True) == {*IN_DONE, "done/2023/findings.waivers.yaml"}
    found = json.loads((office.root / "done/2023/findings.pdf.json").read_text(encoding="utf-8"))
    assert found["findings"][0]["waiver"]["author"] == "张三"
    assert found["status"] == "ok"
    assert outcome.code is ExitCode.OK
    assert office.read == ["2023/findings.pdf"], "nothing is read again"


def test_json_beside_the_document_counts_too(office: Office) -> None:
    put(office, waiver(office), name="2023/findings.pdf.waivers.json")

    office.run_once()

    assert office.files() == {"done/2023/findings.pdf"}  # the waivers end in .json
    assert in_force(office) == ["counted otherwise"]


def test_one_for_the_same_finding_takes_the_place_of_the_earlier_one(office: Office) -> None:
    put(office, waiver(office, "first"))
    office.run_once()
    put(office, waiver(office, "second"))
    office.run_once()

    assert in_force(office) == ["second"]

    put(office, waiver(office, "taken back", until=dt.date(2024, 3, 2)))
    office.run_once()

    assert in_force(office) == ["taken back"]
    assert office.files(results=True) >= IN_REVIEW, "it is over, so the finding is open again"


def test_the_same_file_twice_is_one_waiver(office: Office) -> None:
    put(office, waiver(office))
    office.run_once()
    put(office, waiver(office))

    office.run_once()

    assert in_force(office) == ["counted otherwise"]
    assert office.files(results=True) == {
        *IN_DONE,
        "done/2023/findings.waivers.yaml",
        "done/2023/findings.waivers-2.yaml",
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"version: 1\nwaivers: [", "not valid YAML"),
        (b"version: 1\nwaivers: []\n", "there is no waiver in the file"),
        (b"version: 1\nwaivers:\n- rule: x\n", "line 3"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"#" * (MAX_BYTES + 1), f"larger than {MAX_BYTES} bytes"),
    ],
)
def test_what_is_no_waiver_file_stays_and_says_why(office: Office, content: bytes, said: str) -> None:
    place = put(office)
    place.write_bytes(content)

    office.run_once()

    reason = place.with_name(place.name + ".reason.txt")
    assert said in reason.read_text(encoding="utf-8-sig")
    assert "改正豁免文件" in reason.read_text(encoding="utf-8-sig")
    assert place.read_bytes() == content
    assert office.files() == {"review/2023/findings.pdf", "review/2023/findings.waivers.yaml"}

    # Corrected, it counts, and the reason is gone.
    put(office, waiver(office))
    office.run_once()
    assert office.files(results=True) == {*IN_DONE, "done/2023/findings.waivers.yaml"}


def test_a_waiver_of_no_report_is_refused_whole(office: Office) -> None:
    good = waiver(office)
    other = good.model_copy(update={"report": good.report.model_copy(update={"year": 1999})})
    place = put(office, good, other)

    office.run_once()

    assert "某局 1999 gk2021" in place.with_name(place.name + ".reason.txt").read_text(encoding="utf-8-sig")
    assert in_force(office) == []


def test_a_refused_file_is_told_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    put(office).write_bytes(b"[")
    told: list[str] = []
    monkeypatch.setattr("pipeline.inbox.review_waivers.tell", lambda event, *_, **__: told.append(event))
    with office.store() as store:
        looking = ReviewWaivers(inbox_folders(office.inbox, office.settings), store, Troubles(time.monotonic), "w", 0)
        assert [looking.look(), looking.look()] == [0, 0]

    assert told == ["waivers refused"]


def test_files_that_are_not_finished_wait(office: Office) -> None:
    place = put(office, waiver(office))
    with office.store() as store:
        folders = inbox_folders(office.inbox, office.settings)
        patient = ReviewWaivers(folders, store, Troubles(time.monotonic), "w", settle_seconds=60)
        assert patient.look() == 0
        long_ago = time.time() - 3600
        os.utime(place, (long_ago, long_ago))
        with place.open("ab"):
            assert patient.look() == 0
        assert patient.look() == 1


def test_links_are_not_followed(office: Office, tmp_path: Path) -> None:
    place = put(office, waiver(office))
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")

    office.run_once()

    assert in_force(office) == []
    assert place.is_symlink()


@pytest.mark.parametrize("name", ["2023/findings.waivers.yaml", "a.WAIVERS.YML", "b.waivers.json"])
def test_in_the_inbox_it_does_nothing_and_is_no_report(office: Office, name: str) -> None:
    source = put(office, waiver(office))
    place = office.inbox / name
    place.parent.mkdir(exist_ok=True)
    source.rename(place)

    outcome = office.run_once()

    assert office.read == ["2023/findings.pdf"]
    assert in_force(office) == []
    reason = (office.root / "failed" / f"{name}.reason.txt").read_text(encoding="utf-8-sig")
    assert "this is a waiver file, and no report" in reason
    assert "review 文件夹" in reason
    assert (office.root / "failed" / name).is_file()
    assert not list(office.inbox.rglob("*aivers*"))
    assert outcome.code is ExitCode.INPUT
    with office.store() as store:
        assert len(documents(store)) == 1


def test_a_stop_before_any_step(tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    given = waiver(office)
    last, stopped = 0, True
    while stopped:
        other = Office(tmp_path / str(last))
        other.drop("2023/findings.pdf")
        other.run_once()
        put(other, given)
        stopped = run_until(other, last, monkeypatch)

        other.run_once()

        assert other.files(results=True) == {*IN_DONE, "done/2023/findings.waivers.yaml"}, f"before step {last}"
        assert in_force(other) == ["counted otherwise"], f"before step {last}"
        last += 1 if last < 5 else 2
    assert last > 15, "the steps are no longer counted"
