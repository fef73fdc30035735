"""Traditional and Japanese shapes of the characters of the forms: OCR of poor print, and some typists, take them.

Source: Unicode Unihan database, kSimplifiedVariant and kTraditionalVariant; the Japanese shapes as in OpenCC.
"""

from __future__ import annotations

_OTHER_SHAPES = (
    "個傢內処効動務區単厤収單國埰執報増寀審対對屬巻廃廢強後復捲採數於暦曆會査條業構権機權歴歷決沒況減無獲"
    "現當発發確祕穏穩穫範糾納組経結經継続維総總織繳繼續纍罰舉萬處號補製複規計訟訪許訴詢認請議護費購踰転轉"
    "辦這過門開関關項額類齣"
)
_SHAPES_OF_THE_FORMS = (
    "个家内处效动务区单历收单国采执报增采审对对属卷废废强后复卷采数于历历会查条业构权机权历历决没况减无获"
    "现当发发确秘稳稳获范纠纳组经结经继续维总总织缴继续累罚举万处号补制复规计讼访许诉询认请议护费购逾转转"
    "办这过门开关关项额类出"
)
# For str.translate.
TO_FORM_SHAPES: dict[int, int] = dict(zip(map(ord, _OTHER_SHAPES), map(ord, _SHAPES_OF_THE_FORMS), strict=True))
