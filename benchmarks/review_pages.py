"""Opening an item of a scan of twenty pages: what the server does for it, pictures of page and cell included."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.result import Result, Target
from benchmarks.review_load import percentiles
from benchmarks.review_reports import put_in_review, settings_in, with_doubts
from benchmarks.scans.bind import Container, bind
from benchmarks.scans.cases import render_pages
from benchmarks.scans.damage import office
from models.report import PageRecord, Report
from pipeline.config import Settings
from pipeline.review.item_view import item_view
from pipeline.review.page_picture import crop_picture, page_picture
from pipeline.review.queue_of_items import items_of_document
from pipeline.stages import read_report
from pipeline.store.open_store import Store, open_store
from pipeline.store.records import Content
from pipeline.verdicts.lay_over import with_open_status
from samples.generate import COMMITTED_FOLDER

_SOURCE = COMMITTED_FOLDER / "row-cut-by-page.pdf"
_PAGES, _QUICK_PAGES = 20, 3
_DPI = 300.0
_DOUBTS = 40
# As the pages of the review ask for them. Pixels a point.
_PAGE_PX_PER_PT, _CROP_PX_PER_PT = 2.2, 6.0
_CONTAINERS: dict[Container, str] = {"pdf": "application/pdf", "tif": "image"}
_MOST_MS = 300.0
_MILLISECONDS = 1000
_SEED = 20


def measure(inputs: Inputs) -> Result:
    """Milliseconds of opening items, each page for the first time, then again.

    Raises:
        NianbaoError: the scan cannot be drawn or stored.
    """
    count = _QUICK_PAGES if inputs.quick else _PAGES
    report = read_report(_SOURCE, Settings())
    rendered = render_pages(_SOURCE, _DPI)
    rng = np.random.default_rng(_SEED)
    scans = [office(page, _DPI, rng) for page in rendered]
    rows: list[tuple[str, ...]] = []
    worst = 0.0
    data: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder, open_store(settings_in(Path(folder))) as store:
        for container, media_type in _CONTAINERS.items():
            file = bind([scans[n % len(scans)] for n in range(count)], _DPI, container)
            document_id = _put(store, file, media_type, _over_pages(report, count), f"scan.{container}")
            for what, (clock, cpu) in _open_all(store, document_id).items():
                rows.append((f"{container}, {what}", str(len(clock)), *_figures(clock), *_figures(cpu)))
                data[f"{container} {what}"] = {"clock": clock, "cpu": cpu}
                worst = max(worst, percentiles(clock)[1])
    return Result(
        name="review_pages",
        title=f"opening an item of a scan of {count} pages, {_DPI:.0f} dots an inch",
        columns=("what", "items", "p50 ms", "p95 ms", "CPU p50 ms", "CPU p95 ms"),
        rows=tuple(rows),
        targets=(Target(f"95 of 100 items opened within {_MOST_MS:.0f} ms", f"{worst:.0f} ms", worst <= _MOST_MS),),
        notes=(
            "the item, its page and its crop, one after the other, in one thread, without HTTP",
            "new page: nothing of it was drawn before; seen page: another cell of it",
            "the browser asks for the pages and crops of the next three items ahead",
        ),
        data=data,
    )


def _over_pages(report: Report, count: int) -> Report:
    """The report with doubts on some numbers, which are dealt out over so many pages."""
    fields = dict(with_doubts(report, _DOUBTS, seed=_SEED).fields)
    for number, i in enumerate(i for i, v in fields.items() if v.decision == "review"):
        places = [e.model_copy(update={"page_no": number % count + 1}) for e in fields[i].evidence]
        fields[i] = fields[i].model_copy(update={"evidence": places})
    pages = [PageRecord(page_no=n + 1, route="ocr", status="extracted") for n in range(count)]
    return with_open_status(report.model_copy(update={"fields": fields, "pages": pages, "status": "needs_review"}))


def _put(store: Store, file: bytes, media_type: str, report: Report, name: str) -> int:
    kept = store.originals.add(io.BytesIO(file))
    source = report.source.model_copy(update={"media_type": media_type})
    content = Content(kept.sha256, kept.byte_size, name, media_type)
    return put_in_review(store, report.model_copy(update={"source": source}), content)


def _open_all(store: Store, document_id: int) -> dict[str, tuple[list[float], list[float]]]:
    """What -> (milliseconds on the clock, milliseconds of CPU) of each item."""
    found: dict[str, tuple[list[float], list[float]]] = {"new page": ([], []), "seen page": ([], [])}
    seen: set[int] = set()
    for item in items_of_document(store, document_id, "bench"):
        clock, cpu = found["seen page" if item.page_no in seen else "new page"]
        seen.add(item.page_no or 0)
        _timed(partial(_open, store, document_id, item.item), clock, cpu)
    return found


def _open(store: Store, document_id: int, key: str) -> None:
    place = item_view(store, document_id, key).place
    if place is not None and place.bbox is not None:
        page_picture(store, document_id, place.page_no, px_per_pt=_PAGE_PX_PER_PT)
        crop_picture(store, document_id, place.page_no, place.bbox, px_per_pt=_CROP_PX_PER_PT)


def _timed(work: Callable[[], None], clock: list[float], cpu: list[float]) -> None:
    began, worked = time.perf_counter(), time.process_time()
    work()
    clock.append((time.perf_counter() - began) * _MILLISECONDS)
    cpu.append((time.process_time() - worked) * _MILLISECONDS)


def _figures(ms: Sequence[float]) -> tuple[str, str]:
    p50, p95, _ = percentiles(ms)
    return f"{p50:.0f}", f"{p95:.0f}"
