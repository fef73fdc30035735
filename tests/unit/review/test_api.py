"""The review by HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.verdict import unmapped_key
from pipeline.config import LimitSettings
from pipeline.review.people import add_person, all_people, ensure_admin, new_token
from pipeline.store.documents import load_report
from pipeline.store.open_store import Store
from tests.unit.review.made import GRANTED, NEW, in_store, read_report, sure, weak
from tests.unit.review.test_aliases import LEFT, PRINTED, ROW

pytest.importorskip("fastapi", reason="the extra `review` is not installed")
pytest.importorskip("argon2", reason="the extra `review` is not installed")

from fastapi.testclient import TestClient

from pipeline.review.api import api_app

HOSTILE = '<img src=x onerror="alert(1)">.pdf'


@pytest.fixture
def token(store: Store) -> str:
    made = ensure_admin(store)
    assert made is not None
    return new_token(store, made.person, "test")


@pytest.fixture
def client(store: Store, token: str) -> Iterator[TestClient]:
    app = api_app(store, LimitSettings(max_file_bytes=1000))
    with TestClient(app, headers={"Authorization": f"Bearer {token}"}) as made:
        yield made


def error(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "remedy"}
    return answer.status_code, body["error"]["code"]


def test_nothing_is_told_without_a_token(store: Store, client: TestClient) -> None:
    in_store(store, read_report(weak(NEW, "7", "1")))
    for header in ("", "Bearer", "Bearer wrong", "Basic YWRtaW46eA=="):
        for path in ("/documents", "/queue", "/audit", "/documents/1/report", "/documents/1/pages/1"):
            answer = client.get(path, headers={"Authorization": header})
            assert error(answer) == (401, "login")
            assert answer.headers["www-authenticate"] == "Bearer"
    assert error(client.post("/documents/1/undo", headers={"Authorization": "Bearer x"})) == (401, "login")


def test_the_description_names_every_answer(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    assert "/documents/{document_id}/decisions" in description["paths"]
    assert error(client.get("/docs"))[0] == 404


def test_an_item_is_read_decided_and_taken_back(store: Store, client: TestClient) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1")), "2024")
    (queued,) = client.get("/queue", params={"tag": "2024"}).json()["items"]
    assert queued["item"] == f"field:{NEW}"
    item = client.get(f"/documents/{number}/item", params={"item": queued["item"]}).json()
    assert [c["text"] for c in item["candidates"]] == ["7", "1"]
    decision = {"action": "alternative", "text": "7", "item": item["item"], "version": item["version"]}

    decided = client.post(f"/documents/{number}/decisions", json=decision)
    again = client.post(f"/documents/{number}/decisions", json=decision)

    assert decided.status_code == 200
    assert (decided.json()["state"], decided.json()["items_left"]) == ("done", 0)
    assert error(again) == (409, "stale_item")
    assert client.get(f"/documents/{number}").json()["state"] == "done"
    assert client.get(f"/documents/{number}/fields", params={"decision": "review"}).json() == {"fields": {}}
    (verdict,) = client.get(f"/documents/{number}/verdicts").json()["verdicts"]
    assert (verdict["who"], verdict["action"], verdict["undone_by"]) == ("admin", "alternative", None)

    undone = client.post(f"/documents/{number}/undo").json()
    assert (undone["verdict_id"], undone["state"]) == (verdict["id"], "review")
    assert error(client.post(f"/documents/{number}/undo")) == (404, "unknown_item")
    log = client.get("/audit", params={"document_id": number, "action": "decided"}).json()
    assert (log["total"], log["entries"][0]["who"]) == (1, "admin")


def test_bad_decisions_are_refused_in_words(store: Store, client: TestClient) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1")))
    path = f"/documents/{number}/decisions"
    assert error(client.post(path, json={"action": "typed", "item": f"field:{NEW}", "text": "seven"})) == (
        422,
        "review",
    )
    assert error(client.post(path, json={"action": "accept", "item": "field:none"})) == (404, "unknown_item")
    assert error(client.post(path, json={"action": "explode", "item": f"field:{NEW}"})) == (422, "usage")
    assert error(client.post(path, json={"action": "accept"})) == (422, "usage")
    assert error(client.post(path, content=b"\xff")) == (422, "usage")
    assert error(client.post("/documents/99/decisions", json={"action": "accept", "item": "x"}))[0] == 404
    assert error(client.get(f"/documents/{2**63}")) == (422, "usage")
    assert error(client.put(path, json={})) == (405, "http")


def test_lists_are_paged(store: Store, client: TestClient) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        in_store(store, read_report(weak(NEW, "7", "1"), weak(GRANTED, "5", "6"), name=name))
    page = client.get("/documents", params={"limit": 2, "offset": 2, "state": "review"}).json()
    assert (page["total"], [d["name"] for d in page["documents"]]) == (3, ["c.pdf"])
    queue = client.get("/queue", params={"limit": 4}).json()
    assert (queue["total"], len(queue["items"])) == (6, 4)
    assert error(client.get("/documents", params={"limit": 0})) == (422, "usage")
    assert client.get("/documents", params={"state": "done"}).json()["total"] == 0
    assert client.get("/audit", params={"limit": 1}).json()["total"] > 3


def test_findings_and_exports_show_the_report_in_force(store: Store, client: TestClient) -> None:
    number = in_store(store, read_report(sure("requests.carried_out.total", "3")))
    decision = {"action": "as_printed", "item": "field:requests.carried_out.total"}
    assert client.post(f"/documents/{number}/decisions", json=decision).json()["state"] == "done"

    found = client.get(f"/documents/{number}/findings").json()["findings"]
    assert [f["finding"]["confirmed"]["author"] for f in found] == ["admin", "admin"]
    export = client.get(f"/documents/{number}/export", params={"format": "json"})
    stored = load_report(store, number)
    assert stored is not None
    assert export.json() == client.get(f"/documents/{number}/report").json() == stored.report.to_json_dict()
    assert export.headers["content-disposition"] == f'attachment; filename="report-{number}.json"'
    assert client.get(f"/documents/{number}/export", params={"format": "xlsx"}).content[:2] == b"PK"
    assert "requests.carried_out.total" in client.get(f"/documents/{number}/export", params={"format": "csv"}).text
    assert error(client.get(f"/documents/{number}/export", params={"format": "exe"})) == (422, "usage")


def test_an_upload_is_put_on_record_once_and_within_limits(store: Store, client: TestClient) -> None:
    params = {"name": f"../../{HOSTILE}", "tag": ["2024"]}
    first = client.post("/documents", params=params, content=b"x" * 1000)
    again = client.post("/documents", params={"name": "b.pdf"}, content=b"x" * 1000)

    assert first.status_code == 201
    document = first.json()["document"]
    assert (document["name"], document["state"], document["tags"]) == (HOSTILE, "received", ["2024"])
    assert (again.json()["is_new"], again.json()["document"]["id"]) == (False, document["id"])
    assert store.originals.checked_path(document["sha256"]).read_bytes() == b"x" * 1000
    assert error(client.post("/documents", params={"name": "c"}, content=b"x" * 1001)) == (413, "too_large")
    assert error(client.post("/documents", params={"name": "d"}, content=b"")) == (422, "input")
    assert len([p for p in Path(store.originals.folder).rglob("*") if p.is_file()]) == 1


def test_somebody_elses_decision_is_theirs(store: Store, client: TestClient) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1")))
    client.post(f"/documents/{number}/decisions", json={"action": "accept", "item": f"field:{NEW}"})
    made = add_person(store, login="li", name="", role="reviewer", by=all_people(store)[0])
    theirs = {"Authorization": f"Bearer {new_token(store, made.person, 'x')}"}
    (verdict,) = client.get(f"/documents/{number}/verdicts").json()["verdicts"]

    refused = client.post(f"/documents/{number}/undo", params={"verdict_id": verdict["id"]}, headers=theirs)

    assert error(refused) == (403, "not_allowed")


def test_a_column_is_moved(store: Store, client: TestClient) -> None:
    number = in_store(store, read_report())
    decision = {"action": "remap_column", "item": "column:requests.other", "to_column": "requests.natural_person"}
    before = client.get(f"/documents/{number}/fields").json()["fields"]
    item = client.get(f"/documents/{number}/item", params={"item": decision["item"]}).json()
    assert decision["to_column"] in [c["column"] for c in item["column"]["candidates"]]

    assert client.post(f"/documents/{number}/decisions", json=decision).status_code == 200

    after = client.get(f"/documents/{number}/fields").json()["fields"]
    assert after["requests.new.other"]["value"] == before[NEW]["value"]
    assert error(client.post(f"/documents/{number}/decisions", json={**decision, "to_column": "no.such"}))[0] == 404


def test_a_moved_row_offers_its_label_which_is_learnt_and_withdrawn(store: Store, client: TestClient) -> None:
    number = in_store(store, read_report(unmapped=[LEFT]))
    item = unmapped_key(LEFT)
    decision = {"action": "remap_row", "item": item, "to_row": ROW}
    offered = client.post(f"/documents/{number}/decisions", json=decision).json()["offered"]
    assert offered == {"row": ROW, "label": PRINTED}

    learnt = client.post("/aliases", json={"document_id": number, **offered})

    assert (learnt.status_code, learnt.json()["added_by"]) == (201, "admin")
    assert client.get("/aliases").json()["aliases"] == [learnt.json()]
    wrong = {"document_id": number, "row": "requests.denied.security_and_stability", "label": PRINTED}
    assert error(client.post("/aliases", json=wrong)) == (422, "review")
    made = add_person(store, login="li", name="", role="reviewer", by=all_people(store)[0])
    theirs = {"Authorization": f"Bearer {new_token(store, made.person, 'x')}"}
    path = f"/aliases/{learnt.json()['id']}"
    assert error(client.delete(path, headers=theirs)) == (403, "not_allowed")
    assert client.delete(path).json()["withdrawn_by"] == "admin"
    assert error(client.delete(path)) == (404, "unknown_item")
    assert client.get("/aliases").json() == {"aliases": []}
    assert len(client.get("/aliases", params={"withdrawn": True}).json()["aliases"]) == 1


def test_figures_are_those_of_the_dashboards(store: Store, client: TestClient) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1")))
    client.post(f"/documents/{number}/decisions", json={"action": "accept", "item": f"field:{NEW}"})

    found = client.get("/figures").json()
    doubts = client.get("/figures/doubts", params={"form": "gk2021"}).json()["fields"]
    agencies = client.get("/figures/agencies", params={"agency": "某区教育局"}).json()["reports"]

    assert (found["states"]["done"], [d["decisions"] for d in found["days"]]) == (1, [1])
    assert found["accepted"] == found["fields"]
    assert [d["field"] for d in doubts if d["doubted"]] == [NEW]
    assert [(a["document_id"], a["year"], a["values"]["requests.new.total"]) for a in agencies] == [(number, 2023, "7")]
    assert client.get("/figures/agencies", params={"agency": "none"}).json() == {"reports": []}
    assert error(client.get("/figures/doubts", params={"form": "none"})) == (422, "usage")
