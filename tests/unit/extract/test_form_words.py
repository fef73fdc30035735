from __future__ import annotations

import pytest

from models.form import load_form, load_forms
from pipeline.extract.form_words import has_form_words, is_form_complete, is_garbled

PROSE = "本机关认真贯彻落实《中华人民共和国政府信息公开条例》，围绕中心工作，主动公开政府信息，按时答复群众提出的申请。"


def labels(form_id: str, *tables: str) -> str:
    return "\n".join(
        text
        for table in load_form(form_id).tables
        if table.id in tables
        for block in table.blocks
        for text in (*(t for c in block.columns for t in c.label), *(t for r in block.rows for t in r.label))
    )


@pytest.mark.parametrize(
    "text", [PROSE, labels("gk2021", "requests"), "2023年 12 0 0 3 总计", "", "www.example.gov.cn"]
)
def test_chinese_and_numbers_are_not_garbled(text: str) -> None:
    assert not is_garbled(text)


@pytest.mark.parametrize(
    "text",
    [
        # The same characters some thousand code points further on: glyph numbers taken for characters.
        "".join(chr(0x4E00 + (ord(c) * 7919) % 20000) for c in PROSE),
        "ÖÐ»ªÈËÃñ¹²ºÍ¹úÕþ¸®ÐÅÏ¢¹«¿ªÌõÀý±¾»ú¹ØÈÏÕæ¹á³¹ÂäÊµÎ§ÈÆÖÐÐÄ¹¤×÷Ö÷¶¯¹«¿ª",
        "7KLV SDJH ZDV VDYHG ZLWKRXW WKH WDEOH RI LWV FKDUDFWHUV DQG VKRZV QRQH",
        "".join(chr(0xE000 + i) for i in range(60)),
    ],
    ids=["other characters", "other encoding", "shifted", "private use"],
)
def test_what_no_chinese_reader_could_read_is_garbled(text: str) -> None:
    assert is_garbled(text)


def test_a_few_letters_tell_nothing() -> None:
    assert not is_garbled("ÖÐ»ªÈËÃñ¹²ºÍ")


@pytest.mark.parametrize("form_id", sorted(load_forms()))
def test_a_form_is_complete_with_all_its_tables(form_id: str) -> None:
    tables = [t.id for t in load_form(form_id).tables]
    assert is_form_complete(PROSE + labels(form_id, *tables))
    for missing in tables:
        assert not is_form_complete(PROSE + labels(form_id, *(t for t in tables if t != missing)))
    assert not is_form_complete(PROSE)


def test_form_words_are_counted() -> None:
    assert has_form_words(labels("gk2021", "disputes"), least=3)
    assert not has_form_words(PROSE, least=3)
