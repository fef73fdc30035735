"""Glued text of a test's own: the tables of a form, every label and number with nothing between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from models.form import Form, FormBlock, load_form
from models.page import TextLine

Numbers = Mapping[str, Sequence[str]]
ZEROS = ("0",) * 7


def lines_of(*texts: str) -> list[TextLine]:
    """The texts as lines of one page."""
    return [TextLine(text, 1, None) for text in texts]


def header_of(block: FormBlock) -> str:
    """The header of a block as the rows of an HTML table give it."""
    if block.id == "requests":
        return "申请人情况自然人法人或其他组织总计商业企业科研机构社会公益组织法律服务机构其他"
    if block.id == "disputes":
        results = "结果维持结果纠正其他结果尚未审结总计"
        return f"行政复议行政诉讼{results}未经复议直接起诉复议后起诉{results}{results}"
    return block.title + "信息内容" + "".join(c.label[-1] for c in block.columns)


def glued(
    rows: Numbers,
    *,
    form: Form | None = None,
    skip: Sequence[str] = (),
    between: str = "",
    relabel: Callable[[str, str], str] = lambda _key, label: label,
) -> str:
    """The text of a form.

    Args:
        rows: ``table.row`` -> its cells; rows not named hold zeros.
        form: The form; that of 2021 where None.
        skip: Rows that are not printed.
        between: What stands between the cells of a row.
        relabel: From row key and official label to the label as printed.
    """
    parts: list[str] = []
    for table in (form or load_form("gk2021")).tables:
        parts.append(table.heading)
        for block in table.blocks:
            parts.append(header_of(block))
            above: tuple[str, ...] = ()
            for row in block.rows:
                key = f"{table.id}.{row.id}".rstrip(".")
                if key in skip or (row.variant is not None and key not in rows):
                    continue
                parents = row.label[:-1] if table.id == "requests" else ()
                new = [p for i, p in enumerate(parents) if above[: i + 1] != parents[: i + 1]]
                above = parents
                label = relabel(key, row.label[-1]) if row.label else ""
                cells = rows.get(key, ("0",) * len(block.columns))
                parts += [*new, label, between.join(cells)]
    return "".join([*parts, "五、存在的主要问题及改进情况"])
