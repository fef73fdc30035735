"""Names for many cells at once: whole blocks, columns and rows before single cells."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from models.finding import Message
from models.form import FormField
from models.rule_labels import Labels


def cell_places(chosen: Collection[str], present: Sequence[FormField], labels: Labels) -> list[Message]:
    """Names that together cover the chosen cells; ``present`` are all cells of the table that the report prints.

    A column or row is named as a whole where every present cell of it is chosen, and it has more than one.
    """
    left = set(chosen)
    names: list[Message] = []
    for block_id in dict.fromkeys(f.block.id for f in present):
        cells = [f for f in present if f.block.id == block_id]
        groups = [(cells, _whole_block(labels.blocks[block_id]))]
        for key in dict.fromkeys((f.table.id, f.column.id) for f in cells):
            name = labels.columns[".".join(key)]
            groups.append(([f for f in cells if f.column.id == key[1]], _whole_column(name)))
        for row_id in dict.fromkeys(f.row.id for f in cells):
            in_row = [f for f in cells if f.row.id == row_id]
            groups.append((in_row, _whole_row(labels.rows[in_row[0].id.removesuffix(f".{in_row[0].column.id}")])))
        for group, name in groups:
            ids = {f.id for f in group}
            if len(ids) > 1 and ids <= set(chosen) and ids & left:
                names.append(name)
                left -= ids
    return names + [labels.fields[f.id] for f in present if f.id in left]


def _whole_block(name: Message) -> Message:
    return Message(zh=f"“{name.zh}”全部", en=f"all of '{name.en}'")


def _whole_column(name: Message) -> Message:
    return Message(zh=f"“{name.zh}”整列", en=f"column '{name.en}'")


def _whole_row(name: Message) -> Message:
    return Message(zh=f"“{name.zh}”整行", en=f"row '{name.en}'")
