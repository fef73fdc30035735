"""Which report of the year before a report is compared with, and what to say where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.finding import Finding, Message
from pipeline.check.wording import Language, name_list
from pipeline.check.year_report import YearReport, same_agency


@dataclass(frozen=True, slots=True)
class Prior:
    """The report of the year before, None where there is none to compare with, and remarks on the choice."""

    report: YearReport | None
    remarks: tuple[Finding, ...] = ()


class YearPool:
    """Reports of any years and agencies, to choose from.

    Args:
        named: Reports that a person named to compare with, who must hear of it when none of them fits.
        beside: Reports that merely lie beside one another; those of other agencies are no news.
    """

    def __init__(self, *, named: Sequence[YearReport] = (), beside: Sequence[YearReport] = ()) -> None:
        self.named = tuple(named)
        self._by_name: dict[str, list[YearReport]] = {}
        # End of a name -> the names that end so: a district is looked up among those with their city before them.
        self._by_end: dict[str, list[str]] = {}
        for report in (*named, *beside):
            if report.agency is not None:
                self._by_name.setdefault(report.agency, []).append(report)
        for name in self._by_name:
            for start in range(1, len(name)):
                self._by_end.setdefault(name[start:], []).append(name)

    def of_agency(self, name: str) -> list[YearReport]:
        """The reports of an agency; where a shorter name fits several agencies, only those under the very same name."""
        alike = {name, *self._like(name)}
        # A short name is that of this agency only if it is nobody else's.
        near = alike | {other for one in alike for other in self._like(one)}
        if any(not same_agency(one, other) for one in near for other in near):
            alike = {name}
        return [r for one in sorted(alike) for r in self._by_name.get(one, ())]

    def _like(self, name: str) -> set[str]:
        ends = (name[start:] for start in range(1, len(name)))
        candidates = [*self._by_end.get(name, ()), *(end for end in ends if end in self._by_name)]
        return {other for other in candidates if same_agency(name, other)}


def find_prior(subject: YearReport, pool: YearPool) -> Prior:
    """The report of the year before of the same agency, the newest where there are several.

    Args:
        subject: The report to be checked.
        pool: Where to look; the subject may be in it.
    """
    named = pool.named
    if subject.year is None or subject.agency is None:
        return Prior(None, (_unknown(subject),) if named else ())
    own = [r for r in pool.of_agency(subject.agency) if r.sha256 != subject.sha256]
    if not own:
        return Prior(None, (_none_fits(subject, named),) if named else ())
    remarks: list[Finding] = []
    twins = _distinct([r for r in own if r.year == subject.year])
    if twins:
        remarks.append(_twins(subject, twins))
    candidates = _distinct([r for r in own if r.year == subject.year - 1])
    if not candidates:
        if named or any(r.year is not None and r.year < subject.year for r in own):
            remarks.append(_missing_year(subject, own))
        return Prior(None, tuple(remarks))
    chosen, remark = _newest(candidates)
    return Prior(chosen, (*remarks, *([] if remark is None else [remark])))


def info(rule: str, zh: str, en: str) -> Finding:
    """A remark on what could not be compared; it says nothing about the report."""
    return Finding(
        rule=rule,
        severity="info",
        outcome="not_evaluable",
        message=Message(zh=zh, en=en),
        origin="undetermined",
    )


def _distinct(reports: Sequence[YearReport]) -> list[YearReport]:
    """The reports without copies of one file, in their order."""
    return list({r.sha256: r for r in reversed(reports)}.values())[::-1]


def _newest(candidates: Sequence[YearReport]) -> tuple[YearReport | None, Finding | None]:
    """The version of one year that counts, and what to say about the others; None where nothing tells which it is."""
    if len(candidates) == 1:
        return candidates[0], None
    newest = max(r.published or "" for r in candidates)
    last = [r for r in candidates if (r.published or "") == newest]
    year, names = candidates[0].year, [r.file_name for r in candidates]
    if len(last) > 1 and any(_numbers(r) != _numbers(last[0]) for r in last[1:]):
        return None, info(
            "years.doubled",
            f"{year} 年的报告有几份（{name_list(names, 'zh')}），数字不同，又无法由发布日期判断先后，未作比对。",
            f"There are several reports of {year} ({name_list(names, 'en')}) with other numbers, and no date of "
            "publication tells which is the newest: nothing was compared.",
        )
    chosen = last[0]
    why_zh = f"发布日期最新（{newest}）" if newest and len(last) == 1 else "各份数字相同"
    why_en = f"published last, on {newest}" if newest and len(last) == 1 else "their numbers are the same"
    return chosen, info(
        "years.doubled",
        f"{year} 年的报告有几份（{name_list(names, 'zh')}），采用 {chosen.file_name}：{why_zh}。",
        f"There are several reports of {year} ({name_list(names, 'en')}); {chosen.file_name} is used: {why_en}.",
    )


def _numbers(report: YearReport) -> dict[str, str | None]:
    return {i: v.value for i, v in report.fields.items() if v.value is not None}


def _unknown(subject: YearReport) -> Finding:
    zh, en = ("年度", "year") if subject.year is None else ("机关", "agency")
    return info(
        "years.not_compared",
        f"无法判断本报告的{zh}，未与其他年度比对。",
        f"The {en} of this report is not known, so it was not compared with other years.",
    )


def _none_fits(subject: YearReport, named: Sequence[YearReport]) -> Finding:
    others = [r for r in named if r.sha256 != subject.sha256]
    if not others:
        return info(
            "years.not_compared",
            "给出的报告与本报告是同一文件，没有可比对的上年报告。",
            "What it was to be compared with is this very file: there is no report of the year before.",
        )

    def listed(language: Language) -> str:
        unknown = "机关不明" if language == "zh" else "agency unknown"
        mark = "{}（{}）" if language == "zh" else "{} ({})"
        return name_list([mark.format(r.file_name, r.agency or unknown) for r in others], language)

    return info(
        "years.other_agency",
        f"给出的报告不属于本机关（{subject.agency}），未作比对：{listed('zh')}。",
        f"The reports to compare with are not of this agency ({subject.agency}): {listed('en')}. Nothing was compared.",
    )


def _twins(subject: YearReport, twins: Sequence[YearReport]) -> Finding:
    names = [r.file_name for r in twins]
    return info(
        "years.doubled",
        f"{subject.year} 年还有另一份报告：{name_list(names, 'zh')}。",
        f"There is another report of {subject.year}: {name_list(names, 'en')}; `nianbao diff` shows what differs.",
    )


def _missing_year(subject: YearReport, own: Sequence[YearReport]) -> Finding:
    years = sorted({r.year for r in own if r.year is not None})
    unknown = sum(r.year is None for r in own)
    zh, en = [f"{y} 年" for y in years], [str(y) for y in years]
    if unknown:
        zh.append(f"年度不明 {unknown} 份")
        en.append(f"{unknown} of an unknown year")
    year = (subject.year or 0) - 1
    return info(
        "years.missing_year",
        f"没有本机关 {year} 年的报告（有：{'、'.join(zh)}），未作跨年比对。",
        f"There is no report of this agency for {year} (there are: {', '.join(en)}), so years were not compared.",
    )
