"""Ten reviewers at 1,000 reports in review, over HTTP: how long decisions take, and whether each one is kept."""

from __future__ import annotations

import asyncio
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from benchmarks.inputs import Inputs
from benchmarks.result import Result, Target
from benchmarks.review_reports import fill_store, settings_in
from models.errors import StageError
from pipeline.config import Settings
from pipeline.review.people import add_person, ensure_admin, new_token
from pipeline.stages import read_report
from pipeline.store.audit import audit_log
from pipeline.store.open_store import Store, open_store
from samples.generate import COMMITTED_FOLDER

_REPORTS, _QUICK_REPORTS = 1000, 20
_REVIEWERS = 10
_DECISIONS, _QUICK_DECISIONS = 60, 4  # of each reviewer
_DOUBTS = 20  # numbers in doubt in each report
# Reports of the project that the others are copies of.
_SOURCES = ("row-cut-by-page.pdf", "web-printout.pdf", "office-export.pdf", "form-2019.pdf")
_PAUSES = (0.0, 1.0)  # seconds between what comes back and the next decision: none at all, and a very quick person
_QUEUE_EVERY = 10  # decisions between two looks at the queue
_QUEUE_LENGTH = 50
_MOST_MS = 300.0  # milliseconds of a decision, 95 of 100
_MILLISECONDS = 1000
_PATIENCE = 60.0  # seconds
_SEED = 6
_OTHER_SHARE = 0.2  # of the decisions take the second reading
_HTTP_STALE = 409


@dataclass(slots=True)
class Tally:
    """What the reviewers saw: milliseconds of each request, ids of verdicts that were answered, refusals."""

    decided: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    queue: list[float] = field(default_factory=list)
    verdicts: list[int] = field(default_factory=list)
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    address: str
    process: subprocess.Popen[str]


def measure(inputs: Inputs) -> Result:
    """Latencies of decisions, of opening an item, of the queue; decisions sent, on record and lost.

    Raises:
        NianbaoError: inputs cannot be drawn or read; the server does not start.
    """
    reports, decisions = (_QUICK_REPORTS, _QUICK_DECISIONS) if inputs.quick else (_REPORTS, _DECISIONS)
    read = [read_report(COMMITTED_FOLDER / name, Settings()) for name in _SOURCES]
    tallies: dict[float, Tally] = {}
    lost = 0
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as name, open_store(settings_in(Path(name))) as store:
        waiting = fill_store(store, read, reports, _DOUBTS)
        tokens = _tokens(store, _REVIEWERS)
        with serving(Path(name)) as served:
            before = psutil.Process(served.process.pid).cpu_times()
            started = before.user + before.system
            for n, pause in enumerate(_PAUSES):
                part = waiting[n :: len(_PAUSES)]
                tallies[pause] = asyncio.run(_review(served.address, tokens, part, decisions, pause))
            times = psutil.Process(served.process.pid).cpu_times()
        for tally in tallies.values():
            lost += len(_lost(store, tally))
    rows = [
        (f"{what}, {pause:g} s between", str(len(ms)), *(f"{figure:.0f}" for figure in percentiles(ms)))
        for pause, tally in tallies.items()
        for what, ms in (("decision", tally.decided), ("opening an item", tally.opened), ("queue", tally.queue))
    ]
    cpu = (times.user + times.system - started) * _MILLISECONDS / sum(len(t.decided) for t in tallies.values())
    sent = sum(len(t.verdicts) for t in tallies.values())
    worst = percentiles(tallies[_PAUSES[-1]].decided)[1]
    return Result(
        name="review_load",
        title=f"{_REVIEWERS} reviewers, {reports} reports in review, {_DOUBTS} doubtful numbers each",
        columns=("what", "count", "p50 ms", "p95 ms", "p99 ms"),
        rows=tuple(rows),
        targets=(
            Target(f"95 of 100 decisions within {_MOST_MS:.0f} ms", f"{worst:.0f} ms", worst <= _MOST_MS),
            Target("no decision lost", f"{sent} answered, {sent - lost} on record, {lost} lost", lost == 0),
        ),
        notes=(
            "two reviewers each work on the same report, one from its first item on, one from its last",
            f"POST to the answer, over HTTP, on the server's machine; target with {_PAUSES[-1]:g} s between decisions",
            f"CPU of the server for opening and deciding an item, queue included: {cpu:.0f} ms",
            f"refused because the other reviewer had settled the item: {sum(t.refused for t in tallies.values())}",
        ),
        data={
            f"{pause:g}": {"decided": t.decided, "opened": t.opened, "queue": t.queue, "refused": t.refused}
            for pause, t in tallies.items()
        },
    )


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """``nianbao review`` over the store in the folder, as a process of its own.

    Raises:
        StageError: it does not start.
    """
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    store = ["--store", f"sqlite:///{folder / 'nianbao.db'}", "--originals", str(folder / "originals")]
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("nianbao")), "review", "--port", str(port), *store],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    served = Served(f"http://127.0.0.1:{port}", process)
    try:
        _wait_until_served(served)
        yield served
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_served(served: Served) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and served.process.poll() is None:
        try:
            if httpx.get(f"{served.address}/login").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise StageError("nianbao review does not start", remedy="run it by hand to see why")


def _tokens(store: Store, count: int) -> list[str]:
    first = ensure_admin(store)
    if first is None:
        raise StageError("the store has people already")
    people = [
        add_person(store, login=f"reviewer{n}", name="", role="reviewer", by=first.person).person for n in range(count)
    ]
    return [new_token(store, person, "bench") for person in people]


async def _review(address: str, tokens: Sequence[str], waiting: Sequence[int], decisions: int, pause: float) -> Tally:
    """What all reviewers saw together, working at the same time."""
    tally = Tally()
    pairs = len(tokens) // 2
    async with asyncio.TaskGroup() as group:
        for n, token in enumerate(tokens):
            share = waiting[n // 2 :: pairs]
            group.create_task(_work(address, token, share, decisions, pause, tally, is_second=n % 2 == 1))
    return tally


async def _work(
    address: str, token: str, share: Sequence[int], decisions: int, pause: float, tally: Tally, *, is_second: bool
) -> None:
    chance = random.Random(f"{_SEED} {token}")
    headers = {"Authorization": f"Bearer {token}"}
    documents = iter(share)
    items: list[str] = []
    document_id = 0
    async with httpx.AsyncClient(base_url=f"{address}/api", headers=headers, timeout=_PATIENCE) as client:
        for n in range(decisions):
            await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)
            if n % _QUEUE_EVERY == 0:
                await _timed(client, "GET", "/queue", tally.queue, params={"limit": _QUEUE_LENGTH})
            while not items:
                document_id = next(documents)
                found = await client.get("/queue", params={"document_id": document_id})
                items = [i["item"] for i in found.raise_for_status().json()["items"]]
            item = items.pop(-1 if is_second else 0)
            opened = await _timed(client, "GET", f"/documents/{document_id}/item", tally.opened, params={"item": item})
            if opened.is_success:
                answer = await _decide(client, document_id, opened.json(), tally, chance)
                if answer.status_code == _HTTP_STALE:
                    tally.refused += 1
                else:
                    tally.verdicts.append(answer.raise_for_status().json()["verdict_id"])


async def _decide(
    client: httpx.AsyncClient, document_id: int, view: dict[str, object], tally: Tally, chance: random.Random
) -> httpx.Response:
    body: dict[str, object] = {"action": "accept", "item": view["item"], "version": view["version"]}
    candidates = view["candidates"]
    if view["kind"] in {"unmapped", "report"}:
        body |= {"action": "acknowledge", "why": "seen"}
    elif isinstance(candidates, list) and candidates[1:] and chance.random() < _OTHER_SHARE:
        body |= {"action": "alternative", "text": candidates[1]["text"]}
    return await _timed(client, "POST", f"/documents/{document_id}/decisions", tally.decided, json=body)


async def _timed(
    client: httpx.AsyncClient, method: str, path: str, times: list[float], **more: object
) -> httpx.Response:
    began = time.perf_counter()
    answer = await client.request(method, path, **more)  # type: ignore[arg-type]  # params or json
    times.append((time.perf_counter() - began) * _MILLISECONDS)
    return answer


def _lost(store: Store, tally: Tally) -> set[int]:
    """Verdicts that were answered and are in no entry of the audit log, or in more than one."""
    seen = [e.after["verdict"] for e in audit_log(store) if e.action.startswith("decided") and e.after is not None]
    return {v for v in tally.verdicts if seen.count(v) != 1}


def percentiles(ms: Sequence[float]) -> tuple[float, float, float]:
    """(p50, p95, p99), by linear interpolation."""
    if len(ms) == 1:
        return (ms[0],) * 3
    cuts = statistics.quantiles(ms, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]
