"""The words that the forms are made of: enough to tell a header cell from a row label before anything is matched."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from models.form import load_forms
from models.text import row_key, squeeze, without_brackets

# Header cells that stand above the row labels; they belong to no value column.
LABEL_COLUMN_HEADERS: tuple[str, ...] = (
    "信息内容",
    "申请人情况",
    "本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和",
    "项目",
    "内容",
)
# Indicators of the tables that agencies used before the national form of 2019.
LEGACY_WORDS: tuple[str, ...] = (
    "指标名称",
    "统计指标",
    "计量单位",
    "历年累计",
    "主动公开文件数",
    "主动公开政府信息数",
    "全文电子化的主动公开信息数",
    "受理依申请公开信息总数",
    "受理申请总数",
    "对申请的答复总数",
    "同意公开答复数",
    "同意部分公开答复数",
    "不予公开答复数",
    "当面申请数",
    "网上申请数",
    "信函、传真申请数",
    "政府网站公开数",
    "政府公报公开数",
    "行政复议数",
    "行政诉讼数",
    "回应公众关注热点或重大舆情数",
)
# A word shorter than this says nothing by itself (其他, 总计 stand in headers and in rows).
_TELLING_LENGTH = 4
# Form words that the prose of many reports uses too: they tell nothing about a table.
_PROSE_WORDS = frozenset(
    {"行政复议", "行政诉讼", "行政许可", "行政处罚", "行政强制", "行政规范性文件", "规范性文件", "法人或其他组织"}
    | {
        "予以公开",
        "部分公开",
        "不予公开",
        "无法提供",
        "不予处理",
        "其他处理",
        "重复申请",
        "行政事业性收费",
        "政府集中采购",
    }
)


@dataclass(frozen=True)
class Vocabulary:
    """Normalised words (see ``models.text.row_key``) of all known forms."""

    column_words: tuple[str, ...]
    column_leaves: tuple[str, ...]
    row_words: tuple[str, ...]
    row_leaves: tuple[str, ...]
    row_parents: tuple[str, ...]
    titles: tuple[str, ...]
    headings: tuple[str, ...]
    telling_words: frozenset[str]

    def column_score(self, text: str) -> float:
        """Similarity 0..1 to the nearest header word (parents and headers of the label columns included)."""
        return _best(row_key(text), self.column_words)

    def column_leaf_score(self, text: str) -> float:
        """Similarity 0..1 to the nearest leaf header of a value column."""
        return _best(row_key(text), self.column_leaves)

    def row_score(self, text: str) -> float:
        """Similarity 0..1 to the nearest row label (parents included)."""
        key = row_key(text)
        return max(_best(key, self.row_words), _best(row_key(without_brackets(text)), self.row_words))

    def row_leaf_score(self, text: str) -> float:
        """Similarity 0..1 to the nearest label of a row itself, parents left out."""
        key = row_key(text)
        return max(_best(key, self.row_leaves), _best(row_key(without_brackets(text)), self.row_leaves))

    def row_parent_score(self, text: str) -> float:
        """Similarity 0..1 to the nearest label that stands above several rows."""
        return _best(row_key(text), self.row_parents)

    def title_score(self, text: str) -> float:
        """Similarity 0..1 to the nearest block title such as ``第二十条第（一）项``."""
        return _best(squeeze(text), self.titles)

    def heading_score(self, text: str) -> float:
        """Similarity 0..1 to the nearest section heading above a table."""
        return _best(row_key(text), self.headings)

    def telling_hits(self, text: str) -> int:
        """Number of distinct telling form words in a text; white space in it does not matter."""
        flat = squeeze(text)
        return sum(1 for word in self.telling_words if word in flat)

    def legacy_hits(self, text: str) -> int:
        """Number of distinct pre-2019 indicators in a text."""
        flat = squeeze(text)
        return sum(1 for word in LEGACY_WORDS if squeeze(word) in flat)


@lru_cache(maxsize=4096)
def _best(key: str, words: tuple[str, ...]) -> float:
    if not key:
        return 0.0
    found = process.extractOne(key, words, scorer=fuzz.ratio)
    return 0.0 if found is None else float(found[1]) / 100.0


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary of all known forms."""
    columns: dict[str, None] = dict.fromkeys(row_key(w) for w in LABEL_COLUMN_HEADERS)
    leaves: dict[str, None] = {}
    rows: dict[str, None] = {}
    row_leaves: dict[str, None] = {}
    parents: dict[str, None] = {}
    titles: dict[str, None] = {}
    headings: dict[str, None] = {}
    for form in load_forms().values():
        for table in form.tables:
            headings[row_key(table.heading)] = None
            for block in table.blocks:
                if block.title:
                    titles[squeeze(block.title)] = None
                for column in block.columns:
                    columns.update(dict.fromkeys(row_key(t) for t in (*column.label, *column.aliases)))
                    leaves.update(dict.fromkeys(row_key(t) for t in (column.label[-1], *column.aliases)))
                for row in block.rows:
                    labels = [t for t in row.label if squeeze(t) not in titles] + list(row.aliases)
                    rows.update(dict.fromkeys(row_key(t) for t in labels))
                    rows.update(dict.fromkeys(row_key(without_brackets(t)) for t in labels))
                    parents.update(dict.fromkeys(row_key(t) for t in row.label[:-1]))
                    own = [t for t in (*row.label[-1:], *row.aliases) if squeeze(t) not in titles]
                    row_leaves.update(dict.fromkeys(k for t in own for k in (row_key(t), row_key(without_brackets(t)))))
    telling = frozenset(w for w in (*columns, *rows) if len(w) >= _TELLING_LENGTH) - _PROSE_WORDS
    return Vocabulary(
        column_words=tuple(columns),
        column_leaves=tuple(leaves),
        row_words=tuple(rows),
        row_leaves=tuple(row_leaves),
        row_parents=tuple(parents),
        titles=tuple(titles),
        headings=tuple(headings),
        telling_words=telling,
    )
