"""Calibrates the confidence of scanned numbers: ``python -m benchmarks.calibrate read``, then ``... fit``.

``read`` draws the scans of the set for calibration, decides them and adds a line for each number to a JSON lines file;
scans that are in the file already are left out, so it can be stopped and taken up again. Delete the file where deciding
has changed. ``fit`` makes of it the curve from margins to confidences, ``models/calibration.yaml``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.decide.decisions import rests_on_margin
from benchmarks.decide.isotonic import Block, pool, to_points
from benchmarks.scans.cases import draw_cases
from benchmarks.scans.plan import CaseSpec, plan
from benchmarks.scans.worker import Worker
from benchmarks.scoring import same_value
from models.errors import NianbaoError, OutputError, UsageError
from models.form import load_forms
from pipeline.config import Settings, load_settings
from pipeline.decide.confidence import calibration_of
from pipeline.decide.decide_fields import decide_fields
from pipeline.reread_cells import CellReader
from pipeline.stages import match_file

_DECISIONS = Path("out") / "bench" / "calibration.jsonl"
_CURVE = Path("models") / "calibration.yaml"
_HEAD = """\
# Margin of a decision on a scanned number (nats) -> share of such decisions that are right. Written by
# `python -m benchmarks.calibrate`; measured on generated scans that are kept apart from those of the accuracy table.
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decided number: the scan, the field, the margin in nats, whether it is what is printed, reasons, kind.

    ``unread``: no reading found a number in the cell, so there is no margin.
    """

    file: str
    field: str
    margin: float
    right: bool
    reasons: tuple[str, ...]
    kind: str
    unread: bool = False

    @property
    def counts(self) -> bool:
        """True where nothing but the margin is against the value."""
        return rests_on_margin(self.reasons, 0.0 if self.unread else 1.0)


def read_scans(specs: Sequence[CaseSpec], target: Path, settings: Settings) -> None:
    """Adds the decisions on each scan to the file, scan by scan.

    Raises:
        NianbaoError: a scan cannot be drawn, or the file cannot be read or written.
    """
    done = {d.file for d in load_decisions(target)} if target.is_file() else set()
    fresh = [spec for spec in specs if spec.file_name not in done]
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nianbao-calibrate-") as folder, Worker() as worker:
        for case in draw_cases(fresh, Path(folder)):
            name = case.spec.file_name
            try:
                found = worker.call(decide_file, case.path, case.truth["fields"], settings).value
            except NianbaoError as exc:
                print(f"{name}: left out: {exc}", file=sys.stderr)
                continue
            finally:
                case.path.unlink()
            _append(target, found)
            wrong = sum(d.counts and not d.right for d in found)
            print(f"{name}: {sum(d.counts for d in found)} decisions of {len(found)}, {wrong} wrong", flush=True)


def decide_file(path: Path, printed: dict[str, str | None], settings: Settings) -> list[Decision]:
    """The decisions on one scan; ``printed`` is the truth.

    Raises:
        InputError: the file cannot be read.
    """
    matched = match_file(path, settings)
    if matched is None:
        return []
    reader = CellReader(settings.ocr)
    decided = decide_fields(load_forms()[matched.form_id], matched, settings.decide, reader)
    return [
        Decision(
            file=path.name,
            field=i,
            margin=value.margin,
            right=same_value(value.value, printed[i]),
            reasons=tuple(sorted(value.reasons)),
            kind=value.kind,
            unread=value.confidence == 0,
        )
        for i, value in decided.scanned.items()
        if printed.get(i) is not None
    ]


def load_decisions(source: Path) -> list[Decision]:
    """The decisions of a JSON lines file.

    Raises:
        UsageError: there is no such file, or a line is no decision.
    """
    try:
        rows: list[dict[str, Any]] = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
        return [Decision(**{**row, "reasons": tuple(row["reasons"])}) for row in rows]
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise UsageError(
            f"the decisions cannot be read: {exc}",
            source=str(source),
            remedy="delete the file and run `python -m benchmarks.calibrate read`",
        ) from exc


def fit(decisions: Iterable[Decision]) -> tuple[Block, ...]:
    """The blocks of the decisions that count.

    Raises:
        UsageError: none counts.
    """
    blocks = pool((d.margin, d.right) for d in decisions if d.counts)
    if not blocks:
        raise UsageError("no decisions to calibrate on", remedy="run `python -m benchmarks.calibrate read` first")
    return blocks


def curve_text(blocks: Sequence[Block]) -> str:
    """The YAML file of the curve.

    Raises:
        ValueError: the points do not rise.
    """
    # Rounded down: no point may claim more than its block allows.
    points = [(margin, int(confidence * 1e6) / 1e6) for margin, confidence in to_points(blocks)]
    calibration_of(points)
    lines = [f"  - [{margin:.2f}, {confidence:.6f}]" for margin, confidence in points]
    return _HEAD + "points:\n" + "\n".join(lines) + "\n"


def _append(target: Path, decisions: Sequence[Decision]) -> None:
    lines = "".join(json.dumps(asdict(d), ensure_ascii=False) + "\n" for d in decisions)
    try:
        with target.open("a", encoding="utf-8") as file:
            file.write(lines)
    except OSError as exc:
        raise OutputError(f"the decisions cannot be written: {exc.strerror}", source=str(target)) from exc


def _write_curve(target: Path, blocks: Sequence[Block]) -> None:
    try:
        target.write_text(curve_text(blocks), encoding="utf-8")
    except OSError as exc:
        raise OutputError(f"the curve cannot be written: {exc.strerror}", source=str(target)) from exc


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status of the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibrate", description="Calibrate confidences.")
    steps = parser.add_subparsers(dest="step", required=True)
    read = steps.add_parser("read", help="decide the scans for calibration; takes some minutes")
    read.add_argument("--count", type=int, metavar="N", help="only N of the scans, evenly chosen")
    fitting = steps.add_parser("fit", help="make the curve of what was read")
    fitting.add_argument("--out", type=Path, default=_CURVE, metavar="FILE", help=f"the curve ({_CURVE})")
    for step in (read, fitting):
        step.add_argument("--decisions", type=Path, default=_DECISIONS, metavar="FILE", help=f"({_DECISIONS})")
    options = parser.parse_args(arguments)
    try:
        if options.step == "read":
            read_scans(plan("calibrate", count=options.count), options.decisions, load_settings())
        else:
            decisions = load_decisions(options.decisions)
            blocks = fit(decisions)
            _write_curve(options.out, blocks)
            _print_blocks(decisions, blocks, options.out)
    except NianbaoError as exc:
        print(exc, file=sys.stderr)
        return int(exc.exit_code)
    return 0


def _print_blocks(decisions: Sequence[Decision], blocks: Sequence[Block], target: Path) -> None:
    counted = [d for d in decisions if d.counts]
    files = len({d.file for d in decisions})
    print(f"{files} scans, {len(decisions)} numbers, {len(counted)} decisions without doubts about their place")
    print("margin            decisions  wrong  confidence")
    for b in blocks:
        print(f"{b.low:6.2f} to {b.high:6.2f}  {b.count:9d}  {b.errors:5d}  {b.confidence:.6f}")
    print(target)


if __name__ == "__main__":
    sys.exit(main())
