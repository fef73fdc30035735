"""Prose that was taken over from last year's report."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from models.finding import Finding, Message
from models.text import squeeze
from pipeline.check.sentences import to_sentences
from pipeline.check.wording import Language
from pipeline.check.year_report import YearReport

# Sections of prose; the others hold the tables, whose words are the same each year.
PROSE_SECTIONS: dict[str, Message] = {
    "overview": Message(zh="一、总体情况", en="Overview"),
    "problems": Message(zh="五、存在的主要问题及改进情况", en="Problems and improvements"),
    "other": Message(zh="六、其他需要报告的事项", en="Other matters"),
}
# Characters (Han characters and letters; no numbers, dates or headings) below which a section says too little to tell.
MIN_SECTION_CHARS = 120
# Similarity, 0..1, from which two sections are nearly the same text.
SAME_TEXT = 0.9
# Similarity, 0..1, from which a sentence counts as taken over.
SAME_SENTENCE = 0.9
# Share, 0..1, of the text of a section from which it counts as taken over although its sentences stand in other order.
SAME_SHARE = 0.9
# Characters compared of one section: no section is as long, and the time grows with the square.
MAX_CHARS = 30_000

_NUMBERS = re.compile(r"[0-9零〇一二三四五六七八九十百千万亿两%.,·]+")
_DATES = re.compile(r"[0-9]{2,4}年(?:度|[0-9]{1,2}月(?:[0-9]{1,2}日)?)?|[0-9]{1,2}月(?:[0-9]{1,2}日)?")
_HEADING = re.compile(r"^\(?[一二三四五六七八九十]{1,3}\)?[、.,:)]?[^,。;:!?]{2,20}[。:]?$")
_NOT_WORD = re.compile(r"[^A-Za-z\u3400-\u9fff]+")
# Sentences that the rules prescribe: every report has them, every year.
_PRESCRIBED = re.compile(
    r"信息处理费|需要报告的(?:其他)?事项|需要说明的(?:其他)?事项|统计期限|编制本(?:年度)?报告|如有疑问|联系电话|邮政?编码?:"
)


def same_text_findings(subject: YearReport, prior: YearReport) -> list[Finding]:
    """One warning that lists the sections whose prose is nearly that of the year before; none where there are none."""
    same: list[tuple[str, float, float]] = []
    whole = copied = 0
    for key in PROSE_SECTIONS:
        now = comparable_sentences(subject.sections.get(key, ""))
        length = sum(map(len, now))
        whole += length
        if length < MIN_SECTION_CHARS:
            continue
        then = comparable_sentences(prior.sections.get(key, ""))
        similarity = fuzz.ratio("".join(now), "".join(then)) / 100.0
        share = taken_over(now, then)
        if similarity >= SAME_TEXT or share >= SAME_SHARE:
            same.append((key, similarity, share))
            copied += length
    return [_finding(same, copied / whole, subject, prior)] if same else []


def comparable_sentences(text: str) -> list[str]:
    """The words of each sentence without numbers, dates, headings and what the rules prescribe; empty ones left out."""
    kept: list[str] = []
    length = 0
    for sentence in to_sentences(text):
        flat = squeeze(sentence)
        if _HEADING.match(flat) or _PRESCRIBED.search(flat):
            continue
        words = _NOT_WORD.sub("", _NUMBERS.sub("", _DATES.sub("", flat)))
        length += len(words)
        if length > MAX_CHARS:
            break
        if words:
            kept.append(words)
    return kept


def taken_over(now: Sequence[str], then: Sequence[str]) -> float:
    """Share 0..1 of the characters of ``now`` in sentences that stand in ``then`` as well, or nearly so."""
    length = sum(map(len, now))
    if not length or not then:
        return 0.0
    found = (
        len(sentence)
        for sentence in now
        if process.extractOne(sentence, then, scorer=Indel.normalized_similarity, score_cutoff=SAME_SENTENCE)
    )
    return sum(found) / length


def _finding(same: Sequence[tuple[str, float, float]], share: float, subject: YearReport, prior: YearReport) -> Finding:
    def listed(language: Language) -> str:
        if language == "zh":
            return "；".join(
                f"“{PROSE_SECTIONS[k].zh}”相似度 {r:.0%}，{c:.0%} 的文字逐句相同或几乎相同" for k, r, c in same
            )
        return "; ".join(
            f"'{PROSE_SECTIONS[k].en}' is {r:.0%} alike, {c:.0%} of it sentence by sentence" for k, r, c in same
        )

    return Finding(
        rule="years.same_text",
        severity="warning",
        outcome="fail",
        message=Message(
            zh=(
                f"{subject.year} 年报告的文字与 {prior.year} 年（{prior.file_name}）几乎相同（不计数字、日期和标题）："
                f"{listed('zh')}；合计占正文的 {share:.0%}。"
            ),
            en=(
                f"The prose of {subject.year} is nearly that of {prior.year} ({prior.file_name}), numbers, dates and "
                f"headings left out: {listed('en')}; together {share:.0%} of the prose."
            ),
        ),
    )
