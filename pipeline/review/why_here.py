"""Why an item is here, in one sentence of Chinese and one of English."""

from __future__ import annotations

from collections.abc import Sequence

from models.finding import Finding, Message
from models.reasons import reason_words
from models.report import FieldValue
from pipeline.verdicts.open_items import ItemKind

# Reasons beyond these are told with the evidence.
_MOST_REASONS = 3


def why_here(
    kind: ItemKind,
    name: Message | None,
    value: FieldValue | None,
    reasons: Sequence[str],
    finding: Finding | None,
) -> Message:
    """The sentence; ``name`` is what the item is about."""
    if finding is not None:
        return finding.message
    if not reasons and value is not None and value.decision == "accept":
        return Message(zh="此处没有疑问。", en="Nobody doubts this.")
    words = [reason_words(code) for code in reasons[:_MOST_REASONS]]
    zh = "，".join(w for w, _ in words) or "需要人工确认"
    en = ", and ".join(w for _, w in words) or "a person must confirm it"
    if kind == "number" and value is not None:
        head_zh, head_en = _read_as(value)
        return Message(zh=f"{head_zh}：{zh}。", en=f"{head_en}: {en}.")
    if kind in {"row", "column"} and name is not None:
        return Message(zh=f"{name.zh}：{zh}。", en=f"{name.en}: {en}.")
    if kind == "unmapped":
        return Message(
            zh=f"这一行未对应到表中任何一行：{zh}。", en=f"This printed row is no row of the form so far: {en}."
        )
    return Message(zh=f"{zh}。", en=f"{en[:1].upper()}{en[1:]}.")


def _read_as(value: FieldValue) -> tuple[str, str]:
    if value.kind == "absent":
        return "未找到此格", "No such cell was found"
    if value.kind == "blank" or not (value.printed or value.value):
        return "读作空白", "Read as blank"
    text = value.printed or value.value or ""
    return f"读作“{text}”", f"Read as “{text}”"
