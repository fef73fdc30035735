"""Numbers and sums read right, over drawn reports of every style, and published ones where there are some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from benchmarks.inputs import PUBLISHED, Case, Inputs
from benchmarks.result import Result, Target
from benchmarks.scoring import Score, score_report
from models.report import ReportStatus
from pipeline.batch import read_all
from pipeline.config import load_settings

_SEEDS: tuple[int, ...] = (0, 1)
_QUICK_SEEDS: tuple[int, ...] = (0,)
_JOBS = 2
_NAMED = 12  # reports named in the notes; the JSON names all
_MEANINGS = (
    "exact: share of the printed numbers; silent: wrong, and no person is asked; review: share sent to a person; "
    "needless: right, sent to a person, and not due"
)
_GROUPS = {"exact": "drawn, to be exact", "review": "drawn, a person is due", PUBLISHED: "published"}


@dataclass(frozen=True, slots=True)
class Scored:
    """A report, its score and the status it was given."""

    case: Case
    score: Score
    status: ReportStatus


def measure(inputs: Inputs) -> Result:
    """The scores by group of reports.

    Raises:
        NianbaoError: inputs cannot be drawn.
    """
    seeds = _QUICK_SEEDS if inputs.quick else _SEEDS
    cases = [case for seed in seeds for case in inputs.drawn(seed)] + list(inputs.published())
    scored = score_cases(cases)
    groups = {group: [s for s in scored if s.case.group == group] for group in _GROUPS}
    totals = {group: sum((s.score for s in members), Score()) for group, members in groups.items() if members}
    return Result(
        name="accuracy",
        title="numbers and broken sums against the truth files",
        columns=(
            "reports",
            "files",
            "fields",
            "exact",
            "silent",
            "review",
            "needless",
            "broken sums",
            "found",
            "false errors",
        ),
        rows=tuple(_row(group, len(groups[group]), total) for group, total in totals.items()),
        targets=_targets(totals),
        notes=(
            f"every style of the generator x seeds {', '.join(map(str, seeds))}"
            if not inputs.quick
            else "first styles of the generator only",
            _MEANINGS,
            *_remarks(scored),
        ),
        data={"reports": [_to_json(s) for s in scored]},
    )


def score_cases(cases: Sequence[Case]) -> list[Scored]:
    """The scores of the reports, read in worker processes as a batch reads them, in the same order."""
    settings = load_settings(overrides={"batch.jobs": _JOBS})
    read = read_all([case.path for case in cases], settings)
    return [
        Scored(case, score_report(case.truth, report), report.status)
        for case, (_, report, _) in zip(cases, read, strict=True)
    ]


def _row(group: str, count: int, total: Score) -> tuple[str, ...]:
    fields = max(total.fields, 1)
    return (
        _GROUPS[group],
        str(count),
        str(total.fields),
        f"{total.exact / fields:.5f}",
        str(total.silent),
        f"{total.review / fields:.4f}",
        str(total.needless),
        str(total.broken),
        str(total.found),
        str(total.false_errors),
    )


def _targets(totals: dict[str, Score]) -> tuple[Target, ...]:
    targets = []
    exact = totals.get("exact")
    if exact is not None:
        share = f"{exact.exact} of {exact.fields}"
        targets += [
            Target("drawn, to be exact: every number right", share, exact.exact == exact.fields),
            Target(
                "drawn, to be exact: all broken sums found", f"{exact.found} of {exact.broken}", not exact.missed_rules
            ),
        ]
    everything = sum(totals.values(), Score())
    return (
        *targets,
        Target("all: no wrong number passes unseen", str(everything.silent), everything.silent == 0),
        Target("all: no sum that holds is called an error", str(everything.false_errors), everything.false_errors == 0),
    )


def _remarks(scored: Sequence[Scored]) -> list[str]:
    """Remarks on the reports that are not as they should be, the worst first."""
    odd = [
        s for s in scored if s.score.silent or s.score.false_rules or (s.case.group == "exact" and not s.score.perfect)
    ]
    odd.sort(key=lambda s: (-s.score.silent, -s.score.false_errors, s.score.exact - s.score.fields, -s.score.needless))
    remarks = [
        f"{s.case.path.name} ({s.case.path.parent.name}): exact {s.score.exact}/{s.score.fields}, "
        f"silent {s.score.silent}, needless {s.score.needless}, missed sums {len(s.score.missed_rules)}, "
        f"false errors {s.score.false_errors}"
        for s in odd[:_NAMED]
    ]
    rest = Counter(s.case.group for s in odd[_NAMED:])
    return remarks + [f"and {count} more of group {group}; see the JSON file" for group, count in rest.items()]


def _to_json(scored: Scored) -> dict[str, object]:
    return {
        "file": f"{scored.case.path.parent.name}/{scored.case.path.name}",
        "group": scored.case.group,
        "status": scored.status,
        **asdict(scored.score),
    }
