"""The two forms, and their rows and columns by id."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.form import Form, FormBlock, FormColumn, FormRow, load_form
from pipeline.match.label_scores import RowKeys, row_keys
from pipeline.match.rows import parents_of

RowOf = Callable[[str], RowKeys]
ColumnOf = Callable[[str, str], FormColumn]


@pytest.fixture(scope="session")
def gk2021() -> Form:
    return load_form("gk2021")


@pytest.fixture(scope="session")
def gk2019() -> Form:
    return load_form("gk2019")


@pytest.fixture(scope="session")
def requests_block(gk2021: Form) -> FormBlock:
    return gk2021.block_of["requests"]


@pytest.fixture(scope="session")
def row_of(gk2021: Form) -> RowOf:
    """The comparable form of a row of the 2021 form by its id."""
    rows: dict[str, FormRow] = {r.id: r for t in gk2021.tables for b in t.blocks for r in b.rows}
    parents = parents_of(gk2021)
    return lambda row_id: row_keys(rows[row_id], parents)


@pytest.fixture(scope="session")
def column_of(gk2021: Form) -> ColumnOf:
    """A column of the 2021 form by block id and column id."""
    return lambda block_id, column_id: next(c for c in gk2021.block_of[block_id].columns if c.id == column_id)
