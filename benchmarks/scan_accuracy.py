"""Numbers read right on damaged scans, by damage and resolution, against PaddleOCR, img2table and camelot on them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.inputs import Inputs, evenly
from benchmarks.result import Result, Target
from benchmarks.scans.damage import KINDS
from benchmarks.scans.mapping import MappingScore
from benchmarks.scans.plan import SINGLE, plan
from benchmarks.scans.rivals import CAMELOT, IMG2TABLE, PADDLE
from benchmarks.scans.run_case import CaseResult, missing_rivals, run_cases
from benchmarks.scoring import Score
from benchmarks.spread import spread
from pipeline.config import load_settings

_QUICK_COUNT = 3  # scans, each of a single page
_NAMED = 12  # reports named in the notes; the JSON names all
_RIVALS = (PADDLE, IMG2TABLE, CAMELOT)
# Groups of resolutions in dots an inch, with their names.
_RESOLUTIONS: tuple[tuple[str, Callable[[int], bool]], ...] = (
    ("300", lambda dpi: dpi >= 300),
    ("200", lambda dpi: 200 <= dpi < 300),
    ("150", lambda dpi: 150 <= dpi < 200),
    ("110-130", lambda dpi: dpi < 150),
)
_OFFICE = frozenset({"clean", "office"})
_LEAST_FINE, _LEAST_150, _LEAST_HARD = 0.9995, 0.998, 0.99  # share of numbers that are exact
_MOST_SILENT = 0.0005  # share of numbers that are wrong unseen
_MOST_OF_PADDLE = 1.0  # our time in that of PaddleOCR
_HARD = ("copy", "stamp", "photo")
_MEANINGS = (
    "exact: share of the printed numbers, before any rule mends one; decided: after; review: share sent to a person",
    "silent: share of the printed numbers that are wrong without a person being asked",
    "rows, columns: official rows and columns whose numbers were all read, and all where they stand on the page",
    "other readers are told where each number stands and asked what they read there; blank cells count where empty",
    "PaddleOCR: whole pages, default settings, PP-OCRv6 small weights",
    "img2table: pages straightened by the true geometry, with the texts of PaddleOCR",
    "seconds a page on the clock, each reader in a process of its own, models loaded before; ratio: median over scans",
)


@dataclass(frozen=True, slots=True)
class Level:
    """Scans of one kind of damage and one group of resolutions, added up."""

    damage: str
    resolution: str
    results: tuple[CaseResult, ...]

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.damage} {self.resolution}".strip()

    @property
    def score(self) -> Score:
        """All reports together."""
        return sum((r.score for r in self.results), Score())

    @property
    def mapping(self) -> MappingScore:
        """All reports together."""
        return sum((r.mapping for r in self.results), MappingScore())

    @property
    def exact(self) -> float:
        """Share of the numbers that are right before any rule mends one."""
        return sum(r.read_exact for r in self.results) / max(self.score.fields, 1)

    @property
    def decided(self) -> float:
        """Share of the numbers that are right in the end."""
        return self.score.exact / max(self.score.fields, 1)

    @property
    def silent(self) -> float:
        """Share of the numbers that are wrong, although no person is asked."""
        return self.score.silent / max(self.score.fields, 1)

    @property
    def seconds_a_page(self) -> float:
        """Our own."""
        return sum(r.seconds for r in self.results) / max(sum(r.pages for r in self.results), 1)

    def rival_exact(self, name: str) -> float | None:
        """Share of the numbers that another reader has right; None where it did not run."""
        ran = [r for r in self.results if name in r.rivals]
        return sum(r.rivals[name].right for r in ran) / max(sum(r.cells for r in ran), 1) if ran else None

    def rival_seconds_a_page(self, name: str) -> float | None:
        """Of another reader; None where it did not run."""
        ran = [r for r in self.results if name in r.rivals]
        return sum(r.rivals[name].seconds for r in ran) / max(sum(r.pages for r in ran), 1) if ran else None

    def ratios(self, clock: str = "seconds") -> list[float]:
        """Our time in that of PaddleOCR, of each scan that both could read."""
        timed = [(getattr(r, clock), getattr(r.rivals[PADDLE], clock)) for r in self.results if PADDLE in r.rivals]
        return [own / other for own, other in timed if own > 0 and other > 0]


def measure(inputs: Inputs) -> Result:
    """The shares by damage and resolution.

    Raises:
        NianbaoError: scans cannot be drawn.
    """
    specs = plan("report")
    if inputs.quick:
        specs = tuple(spec for spec in specs if spec.container in SINGLE)[:_QUICK_COUNT]
    elif inputs.scans is not None:
        specs = evenly(specs, inputs.scans)
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        results = list(run_cases(specs, Path(folder), load_settings()))
    levels = group(results)
    everything = Level("all", "", tuple(results))
    return Result(
        name="scan_accuracy",
        title="numbers on damaged scans, against other readers told where the numbers stand",
        columns=(
            "damage",
            "dpi",
            "reports",
            "pages",
            "fields",
            "exact",
            "decided",
            "silent",
            "review",
            "rows",
            "columns",
            "s / page",
            "MiB",
            *_RIVALS,
            "PaddleOCR s / page",
            "ours / PaddleOCR",
        ),
        rows=tuple(_row(level) for level in (*levels, everything)),
        targets=_targets(levels, everything),
        notes=(
            "a few scans of a single page only"
            if inputs.quick
            else f"{len(results)} scans of the reported set; no font, report or damage of it is in the set for tuning",
            *_MEANINGS,
            *(f"left out: {rival}" for rival in missing_rivals()),
            *_unplaced(results),
            *_remarks(results),
            *_rival_errors(results),
        ),
        data={"scans": [result.to_json_dict() for result in results]},
    )


def group(results: Iterable[CaseResult]) -> tuple[Level, ...]:
    """The levels that have scans, by damage and then from fine to coarse."""
    found = list(results)
    levels = (
        Level(damage, name, tuple(r for r in found if r.spec.damage == damage and holds(r.spec.dpi)))
        for damage in KINDS
        for name, holds in _RESOLUTIONS
    )
    return tuple(level for level in levels if level.results)


def _row(level: Level) -> tuple[str, ...]:
    score, mapping, ratios = level.score, level.mapping, level.ratios()
    return (
        level.damage,
        level.resolution,
        str(len(level.results)),
        str(sum(r.pages for r in level.results)),
        str(score.fields),
        f"{level.exact:.4f}",
        f"{level.decided:.4f}",
        f"{level.silent:.4f}",
        f"{score.review / max(score.fields, 1):.4f}",
        f"{mapping.rows_right / max(mapping.rows, 1):.4f}",
        f"{mapping.columns_right / max(mapping.columns, 1):.4f}",
        f"{level.seconds_a_page:.2f}",
        f"{max((r.peak_mib for r in level.results), default=0.0):.0f}",
        *(_share(level.rival_exact(name)) for name in _RIVALS),
        _share(level.rival_seconds_a_page(PADDLE), digits=2),
        f"{spread(ratios).median:.2f}" if ratios else "-",
    )


def _share(figure: float | None, *, digits: int = 4) -> str:
    return "-" if figure is None else f"{figure:.{digits}f}"


def _targets(levels: Sequence[Level], everything: Level) -> tuple[Target, ...]:
    targets: list[Target] = []
    for name, resolutions, least in (
        ("200 to 300 dpi", {"200", "300"}, _LEAST_FINE),
        ("150 dpi", {"150"}, _LEAST_150),
    ):
        level = _merge([v for v in levels if v.damage in _OFFICE and v.resolution in resolutions])
        if level.results:
            rows, columns = level.mapping.rows, level.mapping.columns
            rows_right, columns_right = level.mapping.rows_right, level.mapping.columns_right
            targets += [
                Target(f"clean and office, {name}: exact at least {least}", _counted(level), level.exact >= least),
                Target(
                    f"clean and office, {name}: every row and column found",
                    f"{rows_right} of {rows} rows, {columns_right} of {columns} columns",
                    (rows_right, columns_right) == (rows, columns),
                ),
            ]
    for level in (v for v in levels if v.damage in _HARD and v.resolution == "200"):
        targets += [
            Target(f"{level.name} dpi: exact at least {_LEAST_HARD}", _counted(level), level.exact >= _LEAST_HARD),
            Target(
                f"{level.name} dpi: silent at most {_MOST_SILENT}",
                f"{level.score.silent} of {level.score.fields}",
                level.silent <= _MOST_SILENT,
            ),
        ]
    targets += [t for name in _RIVALS for t in _against(name, levels)]
    ratios = everything.ratios()
    if ratios:
        middle, processor = spread(ratios), spread(everything.ratios("processor"))
        measured = f"{middle} on the clock, {processor} of the processor"
        targets.append(
            Target(
                f"at most {_MOST_OF_PADDLE:g} times as slow as PaddleOCR", measured, middle.median <= _MOST_OF_PADDLE
            )
        )
    return tuple(targets)


def _merge(levels: Sequence[Level]) -> Level:
    return Level("", "", tuple(r for level in levels for r in level.results))


def _counted(level: Level) -> str:
    return f"{level.exact:.5f} ({sum(r.read_exact for r in level.results)} of {level.score.fields})"


def _against(name: str, levels: Sequence[Level]) -> list[Target]:
    """The target that we are better than another reader at every level, or both without an error; none without it."""
    pairs = [(level, level.rival_exact(name)) for level in levels]
    met = [level.name for level, theirs in pairs if theirs is not None and _beats(level.exact, theirs)]
    lost = [level.name for level, theirs in pairs if theirs is not None and not _beats(level.exact, theirs)]
    if not met and not lost:
        return []
    measured = f"{len(met)} of {len(met) + len(lost)} levels" + (f"; not {', '.join(lost)}" if lost else "")
    return [Target(f"more numbers right than {name} at every level", measured, not lost)]


def _beats(ours: float, theirs: float) -> bool:
    return ours > theirs or ours == 1.0


def _unplaced(results: Sequence[CaseResult]) -> list[str]:
    missing = sum(r.score.fields - r.cells for r in results)
    return [f"{missing} numbers have no known place: others are not asked for them"] if missing else []


def _remarks(results: Sequence[CaseResult]) -> list[str]:
    """Remarks on the scans that are read worst, silent errors first."""
    odd = [r for r in results if r.score.exact < r.score.fields or r.failures]
    odd.sort(key=lambda r: (-r.score.silent, r.score.exact - r.score.fields))
    remarks = [
        f"{r.spec.file_name}: exact {r.score.exact}/{r.score.fields}, silent {r.score.silent}, "
        f"rows {r.mapping.rows_right}/{r.mapping.rows}, columns {r.mapping.columns_right}/{r.mapping.columns}, "
        f"status {r.status}"
        for r in odd[:_NAMED]
    ]
    rest = len(odd) - len(remarks)
    return remarks + ([f"and {rest} more; see the JSON file"] if rest else [])


def _rival_errors(results: Sequence[CaseResult]) -> list[str]:
    failed = [(name, r, score.error) for r in results for name, score in r.rivals.items() if score.error]
    return [f"{name} failed on {r.spec.file_name}: {error}" for name, r, error in failed]
