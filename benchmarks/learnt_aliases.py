"""Row labels learnt from reviewers, some of them careless: no number may be accepted wrong because of one."""

from __future__ import annotations

import html
import json
import random
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.inputs import Inputs
from benchmarks.result import Result, Target
from benchmarks.scoring import Score, score_report
from models.errors import ReviewError
from models.form import Form, load_form
from models.form import row_key as row_id
from models.learnt_labels import check_learnt_label, forms_with
from models.report import Report
from models.text import row_key
from pipeline.config import Settings
from pipeline.stages import read_report
from samples.generate import render_one

_STYLE = "html-clean"
_FORM = "gk2021"
_REPORTS, _QUICK_REPORTS = 40, 4
# Of the labels of a report those printed oddly; of the labels learnt those that a careless reviewer gives another row.
_ODD_SHARE, _CARELESS_SHARE = 0.3, 0.3
_OFFICES = 5  # each prints the same odd labels every time
_SHORTEST = 4  # characters of a label that is printed oddly
_KEPT_SHARE = 0.6  # of its characters, that an odd label keeps
_SEED = 17
_LABEL = re.compile(r'(<td class="label"[^>]*>)([^<]+)(</td>)')

Learnt = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class OddReport:
    """A report with odd labels. ``odd``: label as printed -> row (``table.row``) that it stands for."""

    path: Path
    truth: Mapping[str, Any]
    odd: Mapping[str, str]


def measure(inputs: Inputs) -> Result:
    """Numbers accepted wrong without learnt labels, with right ones, and with those of a careless reviewer.

    Raises:
        NianbaoError: a report cannot be drawn or read.
    """
    count = _QUICK_REPORTS if inputs.quick else _REPORTS
    form = load_form(_FORM)
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        reports = [odd_report(form, Path(folder), n) for n in range(count)]
        seen, unseen = reports[: count // 2], reports[count // 2 :]
        labels = _labels_in_doubt(form, seen)
        right, _ = learn(form, labels, careless_share=0.0)
        careless, wrong = learn(form, labels, careless_share=_CARELESS_SHARE)
        scores = {
            "nothing learnt": _score(unseen, {}),
            f"{_count(right)} labels learnt, all right": _score(unseen, right),
            f"{_count(careless)} labels learnt, {wrong} of them wrong": _score(unseen, careless),
        }
    before, *after = (s.silent for s in scores.values())
    needed, *with_right = (s.review for s in scores.values())
    return Result(
        name="learnt_aliases",
        title=f"{len(unseen)} reports with odd labels, labels learnt from {len(seen)} others of the same offices",
        columns=("what", "numbers", "exact", "accepted wrong", "to a person"),
        rows=tuple((what, str(s.fields), str(s.exact), str(s.silent), str(s.review)) for what, s in scores.items()),
        targets=(
            Target("no number more is accepted wrong", f"{before} before, {max(after)} after", max(after) <= before),
            Target("right labels send fewer to a person", f"{needed} -> {with_right[0]}", with_right[0] < needed),
        ),
        notes=(
            f"{_ODD_SHARE:.0%} of the labels printed oddly: {_KEPT_SHARE:.0%} of their characters, and some of others",
            f"the careless reviewer gives {_CARELESS_SHARE:.0%} of the labels a row beside the right one",
        ),
        data={what: {"silent": s.silent, "wrong": [w.field for w in s.wrong]} for what, s in scores.items()},
    )


def odd_report(form: Form, folder: Path, number: int) -> OddReport:
    """A drawn report of one of the offices, with odd labels in it.

    Raises:
        OutputError: it could not be drawn.
    """
    sample = render_one(_STYLE, number, folder)
    rows = _unique_rows(form)
    odd: dict[str, str] = {}

    def printed(match: re.Match[str]) -> str:
        text = html.unescape(match[2])
        row = rows.get(row_key(text))
        chance = random.Random(f"{_SEED} {number % _OFFICES} {row}")
        if row is None or len(row_key(text)) < _SHORTEST or chance.random() > _ODD_SHARE:
            return match[0]
        made = _odd_label(row_key(text), "".join(rows), chance)
        odd[made] = row
        return f"{match[1]}{html.escape(made)}{match[3]}"

    sample.path.write_text(_LABEL.sub(printed, sample.path.read_text(encoding="utf-8")), encoding="utf-8")
    truth = json.loads(sample.truth_path.read_text(encoding="utf-8"))
    return OddReport(sample.path, truth, odd)


def learn(form: Form, labels: Mapping[str, str], *, careless_share: float) -> tuple[Learnt, int]:
    """(what is learnt, number of wrong labels in it): each label offered to its row, or to the one beside it.

    What the program refuses is not learnt.
    """
    chance = random.Random(_SEED)
    keys = [row_id(t, r) for t in form.tables for b in t.blocks for r in b.rows if r.variant is None]
    learnt: Learnt = {}
    wrong = 0
    for label, row in labels.items():
        is_wrong = chance.random() < careless_share
        place = keys.index(row) + (1 if keys.index(row) + 1 < len(keys) else -1)
        given = keys[place] if is_wrong else row
        try:
            check_learnt_label(forms_with(learnt)[form.id], given, label)
        except ReviewError:
            continue
        learnt.setdefault(f"{form.id}/{given}", []).append(label)
        wrong += is_wrong
    return learnt, wrong


def _labels_in_doubt(form: Form, reports: Sequence[OddReport]) -> dict[str, str]:
    """Odd label -> row, of the rows in which a person is asked about a number, as the reader leaves them."""
    read = [(report, read_report(report.path, Settings())) for report in reports]
    return {label: row for report, found in read for label, row in report.odd.items() if not _is_sure(form, found, row)}


def _is_sure(form: Form, read: Report, row: str) -> bool:
    return all(i in read.fields and read.fields[i].decision == "accept" for i in form.rows[row])


def _score(reports: Sequence[OddReport], learnt: Learnt) -> Score:
    mapping = Settings().mapping.model_copy(update={"row_aliases": {k: tuple(v) for k, v in learnt.items()}})
    settings = Settings(mapping=mapping)
    return sum((score_report(r.truth, read_report(r.path, settings)) for r in reports), Score())


def _unique_rows(form: Form) -> dict[str, str]:
    """Comparable label -> row, of labels that stand for one row only."""
    rows = [(row_key(r.label[-1]), row_id(t, r)) for t in form.tables for b in t.blocks for r in b.rows if r.label]
    labels = [label for label, _ in rows]
    return {label: row for label, row in rows if labels.count(label) == 1}


def _odd_label(label: str, others: str, chance: random.Random) -> str:
    kept = [c for c in label if chance.random() < _KEPT_SHARE]
    while len(kept) < _SHORTEST:
        kept.append(chance.choice(label))
    for _ in range(2):
        kept.insert(chance.randrange(len(kept) + 1), chance.choice(others))
    return "".join(kept)


def _count(learnt: Learnt) -> int:
    return sum(map(len, learnt.values()))
