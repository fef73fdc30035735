"""What happens to a form between the office and the reader: slips in labels, and rows and columns that differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from tests.unit.match.printed_form import FIRST_FOREIGN_NUMBER, Block, Label, Row, Sheet, print_form

# Characters taken for each other by people, fonts and recognition models; both directions.
_ALIKE = (
    "己已 末未 曰日 0O 人入 士土 千干 一二 二三 三四 五六 七六 八人 四西 不木 公分 开并 申甲 理埋 予子 其具 他地 "
    "自白 总怠 计汁 果杲 结绪 维唯 持特 纠纤 正止 第弟 复夏 诉拆 讼颂 新薪 收牧 件伴 数效 行仃 政攻 规视 章意 "
    "制刷 发友 废度 现观 度废 本木 年午 上土 下卞 转砖 1l 12 2Z 35 38 68 56 17 47 属厉 于干 家冢 法去 禁楚 危厄 "
    "及反 全金 稳隐 护沪 方万 内肉 部都 事争 务夯 过达 程裎 案桉 卷巷 查杳 询洵 项顶 机杌 关天 掌拿 握渥 有冇 "
    "现规 成戍 信倍 息恩 需霄 要耍 另别 作昨 补扑 明朋 确碓 访仿 举誉 报服 投没 重童 大太 反友 商啇 业亚 科料 "
    '研妍 社杜 会合 益盆 织识 律津 服报 许评 可叮 处外 罚罸 强弦 费贵 购构 万方 元无 （( ）) 、. ：: “"'
)
CONFUSED: dict[str, str] = {}
for _pair in _ALIKE.split():
    CONFUSED.setdefault(_pair[0], _pair[1])
    CONFUSED.setdefault(_pair[1], _pair[0])

# Rows that offices add, with a parent where it has one.
FOREIGN_ROWS: tuple[tuple[str, ...], ...] = (
    ("其他主动公开文件",),
    ("政府信息公开发布总数量",),
    ("其中：网上申请",),
    ("（三）不予公开", "9.其他情形"),
    ("（三）不予公开", "小计"),
    ("（五）不予处理", "6.其他"),
    ("（五）不予处理",),
    ("3.转为信访处理",),
    ("（八）其他",),
    ("累计",),
    ("备注",),
)
FOREIGN_COLUMNS = ("备注", "累计", "上年数", "境外组织", "小计")


@dataclass(frozen=True, slots=True)
class Slip:
    """One character of one label gone wrong. ``label`` and ``at`` count modulo what there is."""

    label: int
    at: int
    how: str  # dropped, doubled, confused, spaced, foreign


SLIPS = ("dropped", "doubled", "confused", "spaced", "foreign")


def slip(text: str, at: int, how: str) -> str:
    """The text with the character at ``at`` (modulo its length) gone wrong; the last character is never dropped."""
    if not text:
        return text
    at %= len(text)
    char = text[at]
    if how == "dropped":
        return text[:at] + text[at + 1 :] if len(text) > 1 else text
    put = {
        "doubled": char * 2,
        "confused": CONFUSED.get(char, char),
        "spaced": f"{char} ",
        "foreign": "囗",
    }[how]
    return text[:at] + put + text[at + 1 :]


def damage(labels: Sequence[Label], slips: Sequence[Slip]) -> None:
    """The slips are made, one after the other."""
    for one in slips:
        label = labels[one.label % len(labels)]
        label.text = slip(label.text, one.at, one.how)


@dataclass(frozen=True, slots=True)
class Change:
    """A difference in what is printed; ``where`` and ``which`` count modulo what there is."""

    kind: str
    where: int
    which: int


def change(sheet: Sheet, one: Change) -> None:
    """The change is made, where the sheet has what it needs."""
    CHANGES[one.kind](sheet, one.where, one.which)


def _place(sheet: Sheet, where: int) -> tuple[Block, int] | None:
    places = [(b, n) for b in sheet.blocks for n in range(len(b.rows))]
    return places[where % len(places)] if places else None


def _foreign_numbers(seed: int, count: int) -> list[str]:
    return [str(FIRST_FOREIGN_NUMBER + 20 * (seed % 200) + n) for n in range(count)]


def _drop_row(sheet: Sheet, where: int, which: int) -> None:
    if (place := _place(sheet, where)) is not None:
        sheet.drop_row(place[0].rows[place[1]])


def _add_row(sheet: Sheet, where: int, which: int) -> None:
    if (place := _place(sheet, where)) is None:
        return
    block, n = place
    near = block.rows[n]
    texts = FOREIGN_ROWS[which % len(FOREIGN_ROWS)]
    # Under the parents of the row that it follows.
    labels = [*near.labels[: max(0, len(near.labels) - len(texts))], *(Label(t) for t in texts)]
    block.rows.insert(n + 1, Row(labels, _foreign_numbers(where + which, len(near.values))))


def _swap_rows(sheet: Sheet, where: int, which: int) -> None:
    if (place := _place(sheet, where)) is not None:
        rows, n = place[0].rows, place[1]
        m = which % len(rows)
        rows[n], rows[m] = rows[m], rows[n]


def _repeat_row(sheet: Sheet, where: int, which: int) -> None:
    if (place := _place(sheet, where)) is not None:
        rows, n = place[0].rows, place[1]
        again = Row([Label(x.text) for x in rows[n].labels], _foreign_numbers(where, len(rows[n].values)))
        rows.insert(n + 1, again)


def _blank_row(sheet: Sheet, where: int, which: int) -> None:
    if (place := _place(sheet, where)) is not None:
        row = place[0].rows[place[1]]
        gone = set(row.values)
        sheet.truth = {i: "" if v in gone else v for i, v in sheet.truth.items()}
        row.values = [""] * len(row.values)


def _break_page(sheet: Sheet, where: int, which: int) -> None:
    if (place := _place(sheet, where)) is not None:
        place[0].rows[place[1]].begins_page = True


def _cut_row(sheet: Sheet, where: int, which: int) -> None:
    """The row is cut by a page break, its label in two, its numbers on one of the pages."""
    if (place := _place(sheet, where)) is None or not (row := place[0].rows[place[1]]).labels:
        return
    leaf = row.labels[-1]
    at = which % (len(leaf.text) + 1)
    head, tail = leaf.text[:at], leaf.text[at:]
    blank = [""] * len(row.values)
    upper, lower = (row.values, blank) if which // 64 % 2 else (blank, row.values)
    cut = Row([*row.labels[:-1], Label(tail)], list(lower), begins_page=True)
    row.labels, row.values = [*row.labels[:-1], Label(head)], list(upper)
    place[0].rows.insert(place[1] + 1, cut)


def _drop_parents(sheet: Sheet, where: int, which: int) -> None:
    if (place := _place(sheet, where)) is not None:
        for row in place[0].rows:
            row.labels = row.labels[-1:]


def _glue_parent(sheet: Sheet, where: int, which: int) -> None:
    if (place := _place(sheet, where)) is not None and len(labels := place[0].rows[place[1]].labels) > 1:
        labels[-2:] = [Label(labels[-2].text + labels[-1].text)]


def _drop_column(sheet: Sheet, where: int, which: int) -> None:
    block = sheet.blocks[where % len(sheet.blocks)] if sheet.blocks else None
    if block is not None and len(block.columns) > 1:
        c = which % len(block.columns)
        gone = {row.values[c] for row in block.rows} - {""}
        block.drop_column(c)
        sheet.truth = {i: v for i, v in sheet.truth.items() if v not in gone}


def _add_column(sheet: Sheet, where: int, which: int) -> None:
    if sheet.blocks:
        block = sheet.blocks[where % len(sheet.blocks)]
        label = FOREIGN_COLUMNS[which % len(FOREIGN_COLUMNS)]
        block.add_column(which % (len(block.columns) + 1), label, _foreign_numbers(where + which, len(block.rows)))


def _swap_columns(sheet: Sheet, where: int, which: int) -> None:
    """Two columns under the same parents change places, with their numbers."""
    if sheet.blocks:
        block = sheet.blocks[where % len(sheet.blocks)]
        parents = [[id(label) for label in c.labels[:-1]] for c in block.columns]
        n = which % len(parents)
        group = [m for m, own in enumerate(parents) if own == parents[n]]
        block.swap_columns(n, group[where % len(group)])


def _drop_header(sheet: Sheet, where: int, which: int) -> None:
    if sheet.blocks:
        for column in sheet.blocks[where % len(sheet.blocks)].columns:
            column.labels = []


def _drop_column_parents(sheet: Sheet, where: int, which: int) -> None:
    if sheet.blocks:
        for column in sheet.blocks[where % len(sheet.blocks)].columns:
            column.labels = column.labels[-1:]


def _drop_title(sheet: Sheet, where: int, which: int) -> None:
    if sheet.blocks:
        sheet.blocks[where % len(sheet.blocks)].title = None


def _drop_block(sheet: Sheet, where: int, which: int) -> None:
    if len(sheet.blocks) > 1:
        block = sheet.blocks.pop(where % len(sheet.blocks))
        for row in block.rows:
            sheet.forget(row)


def _repeat_block(sheet: Sheet, where: int, which: int) -> None:
    """The block once more with other numbers, as in a comparison with the year before."""
    if sheet.blocks:
        again = print_form(sheet.form_id, first_number=FIRST_FOREIGN_NUMBER)
        sheet.blocks.append(again.blocks[where % len(again.blocks)])


def _other_form_block(sheet: Sheet, where: int, which: int) -> None:
    """A block of table one as the other form has it: a hybrid."""
    other = print_form("gk2019" if sheet.form_id == "gk2021" else "gk2021", first_number=FIRST_FOREIGN_NUMBER)
    by_title = {b.title.text: b for b in other.blocks if b.title is not None}
    places = [n for n, b in enumerate(sheet.blocks) if b.title is not None and b.title.text in by_title]
    if not places:
        return
    n = places[where % len(places)]
    new = by_title[cast(Label, sheet.blocks[n].title).text]
    for row in sheet.blocks[n].rows:
        sheet.forget(row)
    sheet.blocks[n] = new
    # Ids that both forms have mean the same number; the others are those of the form that the block belongs to.
    printed = {v for row in new.rows for v in row.values}
    sheet.truth |= {i: v for i, v in other.truth.items() if v in printed}


CHANGES: dict[str, Callable[[Sheet, int, int], None]] = {
    "drop_row": _drop_row,
    "add_row": _add_row,
    "swap_rows": _swap_rows,
    "repeat_row": _repeat_row,
    "blank_row": _blank_row,
    "break_page": _break_page,
    "cut_row": _cut_row,
    "drop_parents": _drop_parents,
    "glue_parent": _glue_parent,
    "drop_column": _drop_column,
    "add_column": _add_column,
    "swap_columns": _swap_columns,
    "drop_header": _drop_header,
    "drop_column_parents": _drop_column_parents,
    "drop_title": _drop_title,
    "drop_block": _drop_block,
    "repeat_block": _repeat_block,
    "other_form_block": _other_form_block,
}
