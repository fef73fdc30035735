from __future__ import annotations

import random
import unicodedata

from models.form import load_form
from samples.labels import BALANCE_NOTE, print_labels, vary_labels
from samples.style import LabelStyle


def printed(labels: LabelStyle, form: str = "gk2021") -> dict[str, str]:
    return print_labels(load_form(form), labels, random.Random(1))


def changed(labels: LabelStyle) -> dict[str, str]:
    return {official: text for official, text in printed(labels).items() if text != official}


def test_the_default_is_the_official_wording() -> None:
    for form in ("gk2021", "gk2019"):
        assert all(official == text for official, text in printed(LabelStyle(), form).items())


def test_half_width_signs() -> None:
    assert all(not set("（）：，") & set(text) for text in printed(LabelStyle(half_width=True)).values())


def test_dropped_characters() -> None:
    dropped = changed(LabelStyle(dropped=5))
    assert len(dropped) == 5
    assert all(len(text) == len(official) - 1 for official, text in dropped.items())


def test_radicals_look_like_the_characters_they_replace() -> None:
    swapped = changed(LabelStyle(radicals=True))
    assert swapped
    assert all(unicodedata.normalize("NFKC", text) != text for text in swapped.values())
    assert all(
        unicodedata.normalize("NFKC", text) == unicodedata.normalize("NFKC", official)
        for official, text in swapped.items()
    )


def test_captions() -> None:
    labels = {
        style: printed(LabelStyle(caption=style))["第二十条第（一）项"] for style in ("bare", "spaced", "missing")
    }
    assert labels == {"bare": "第二十条（一）项", "spaced": "第二十条 第（一）项", "missing": ""}


def test_spread_labels_keep_their_characters() -> None:
    for spread in ("space", "line", "wide"):
        texts = changed(LabelStyle(spread=spread))
        assert "自然人" in texts
        assert all("".join(text.split()) == official for official, text in texts.items())


def test_the_balance_note_may_be_missing() -> None:
    assert printed(LabelStyle(balance_note=False))[BALANCE_NOTE] == ""


def test_chance_leaves_alone_what_the_style_sets() -> None:
    style = LabelStyle(after_number="、", caption="missing")
    for seed in range(20):
        varied = vary_labels(style, random.Random(seed))
        assert (varied.after_number, varied.caption) == ("、", "missing")
