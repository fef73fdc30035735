"""What is told of a value that was not taken as first read: before, after, and why, in Chinese and English."""

from __future__ import annotations

from models.finding import Message
from models.report import Repair
from pipeline.decide.decide_scan import ScanValue

_BLANK = ("空白", "blank")


def to_repair(field_id: str, value: ScanValue) -> Repair:
    """The record of a repair."""
    before, after = value.repaired_from or "", value.printed
    zh = f"最初读作“{before or _BLANK[0]}”，改为“{after or _BLANK[0]}”：其他识读结果支持后者"
    en = f"first read as '{before or _BLANK[1]}', taken as '{after or _BLANK[1]}': other readings support it"
    if value.rules:
        zh += "，且使等式成立：" + "；".join(r.label.zh for r in value.rules)
        en += ", and these sums then hold: " + "; ".join(r.label.en for r in value.rules)
    return Repair(
        field=field_id,
        before=before,
        after=after,
        rules=[r.id for r in value.rules],
        accepted=value.accepted,
        message=Message(zh=f"{zh}。", en=f"{en}."),
    )
