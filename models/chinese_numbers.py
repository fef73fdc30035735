"""Chinese numerals -> integers.

Written here because the one library for it (cn2an) takes whole strings only, answers in floats where a
decimal is involved, and brings a second package along for what are forty lines.
"""

from __future__ import annotations

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = (("亿", 10**8), ("万", 10**4))

# Two digits side by side are no number but a range: 三五件 are three to five.
_RANGE_LENGTH = 2

NUMERAL_CHARS = "".join((*_DIGITS, *_PLACES, *(char for char, _ in _MYRIADS)))


def parse_chinese_number(text: str) -> int | None:
    """The number that a numeral states: 一百二十三 123, 十二 12, 二〇二三 2023; None where it states none.

    None too where a place is left out at the end (一百二 may be 120 or a slip) or a place is out of order.
    """
    if not text:
        return None
    if len(text) > _RANGE_LENGTH and all(char in _DIGITS and char != "两" for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    return _with_myriads(text, len(_MYRIADS))


def _with_myriads(text: str, allowed: int) -> int | None:
    """``allowed``: how many of the two myriad signs, from the smaller end, may still occur."""
    for sign, factor in _MYRIADS[len(_MYRIADS) - allowed :]:
        head, found, tail = text.rpartition(sign) if sign == "亿" else text.partition(sign)
        allowed -= 1
        if not found:
            continue
        many = _with_myriads(head, allowed) if head else None
        rest = _rest(tail, factor, allowed)
        return None if many is None or many == 0 or rest is None else many * factor + rest
    return _below_myriad(text)


def _rest(tail: str, factor: int, allowed: int) -> int | None:
    """What stands behind a myriad sign; it must be smaller than the sign, and say 零 where its first place is empty."""
    if not tail:
        return 0
    zero = tail[0] in "零〇"
    value = _with_myriads(tail[1:] if zero else tail, allowed)
    if value is None or value == 0 or value >= factor:
        return None
    return value if zero or value * 10 >= factor else None


def _below_myriad(text: str) -> int | None:
    if len(text) == 1 and text in _DIGITS:
        return _DIGITS[text]
    if text.startswith("十"):
        text = "一" + text
    total, last_place, position = 0, 10_000, 0
    while position < len(text):
        zero = text[position] in "零〇"
        position += zero
        pair = text[position : position + 2]
        digit = _DIGITS.get(pair[:1], 0)
        place = _PLACES.get(pair[1:], 1)
        skipped = place * 10 < last_place
        # 零 stands exactly where a place is passed over.
        if not digit or place >= last_place or (total > 0 and zero != skipped) or (not total and zero):
            return None
        if place == 1 and len(pair) > 1:
            return None
        total, last_place = total + digit * place, place
        position += len(pair)
    return total or None
